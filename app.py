"""OneNineX: navigation, language and snapshot; the pages do the rest."""

from oneninex import ui

page = ui.start()
if ui.is_wall():
    ui.wall()
else:
    ui.topbar()
    ui.run(page)
