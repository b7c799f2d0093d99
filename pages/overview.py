"""Cockpit: conclusions, headline figures, targets, units, decisions on one screen."""

from oneninex import ui

ui.frame("overview")
month, against = ui.month(), ui.comparison()
figures = ("conclusions", "headlines", "targets", "units", "decisions", "bridge")
if row := ui.screen("overview", "cockpit", figures, to_month=month, against=against):
    ui.open_row(row)
