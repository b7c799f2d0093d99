"""OneNineX: navigation, language and snapshot; the pages do the rest."""

from oneninex import ui

page = ui.start()
ui.topbar()
ui.run(page)
