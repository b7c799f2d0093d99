"""What is due from a unit, what is asked of it, and how does it stand against its peers?"""

import streamlit as st

from oneninex import ui

if ui.first_upload("my_unit"):
    st.stop()

answer = ui.header("my_unit")
unit = ui.my_unit()
answer.markdown(ui.unit_summary(unit))
st.subheader(ui.t("my_unit.part_due"), anchor=False)
ui.unit_due(unit)
ui.upload_box()
st.subheader(ui.t("my_unit.part_tasks"), anchor=False)
ui.unit_tasks(unit)
st.subheader(ui.t("my_unit.part_questions"), anchor=False)
ui.unit_questions(unit)
st.subheader(ui.t("my_unit.part_figures"), anchor=False)
ui.unit_peers(unit)
