"""What do I show upstairs? The month's briefing to read, and its documents to take along."""

import streamlit as st

from oneninex import ui

ui.header("briefing")
with st.container(horizontal=True, key="filters"):
    month = ui.month()

st.markdown(ui.t("briefing.page_lead"))
ui.briefing_box(month)
with st.container(border=True, key="briefing_text"):
    ui.briefing_text(month)
