"""What do I show upstairs? The month's briefing to read, and its documents to take along."""

import streamlit as st

from oneninex import ui

answer = ui.header("briefing")
month = ui.month()

answer.markdown(ui.briefing_gist(month))
ui.briefing_box(month)
st.caption(ui.t("briefing.page_lead"))
with st.container(border=True, key="briefing_text"):
    ui.briefing_text(month)
