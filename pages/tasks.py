"""What is being followed up, by whom, until when?"""

from oneninex import ui

answer = ui.header("tasks")
if ui.is_auditor():
    ui.case_headers()
else:
    answer.markdown(ui.task_summary())
    ui.task_register()
