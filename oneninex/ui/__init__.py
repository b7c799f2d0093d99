"""What pages and app.py see of Streamlit, the store and the catalogue."""

from oneninex.ui.briefing import briefing_box, briefing_text
from oneninex.ui.context import audience, guard, lang, query, snapshot, t, theme
from oneninex.ui.coverage import Coverage, coverage, coverage_note, coverage_of, coverage_text
from oneninex.ui.filters import (
    choice,
    modality_filter,
    month,
    month_range,
    quarter_filter,
    search_box,
    unit_filter,
)
from oneninex.ui.findings import (
    faulty_files,
    findings_of,
    findings_table,
    measure_names,
    quarantine_download,
    questions_table,
)
from oneninex.ui.frame import figure, header, metric_card, source_line, state, state_word
from oneninex.ui.names import (
    choices,
    code_name,
    code_to_name,
    column_title,
    localised,
    names,
    row_of,
    search,
    unit_name,
)
from oneninex.ui.reference import facts, plan_rules, return_description, return_fields, return_kinds
from oneninex.ui.shell import PAGES, PageInfo, run, start, topbar
from oneninex.ui.tables import boxed_table, csv_bytes, data_table, download, table
from oneninex.ui.targets import forecast_of, notes_box, target_titles
from oneninex.ui.template import template_box
from oneninex.ui.unit_map import map_legend, selected_unit, unit_map_chart
from oneninex.ui.upload import first_upload, safe_name, upload_box
from oneninex.ui.wall import is_wall, wall
from oneninex.ui.what_if import what_if_box

__all__ = [
    "PAGES",
    "Coverage",
    "PageInfo",
    "audience",
    "boxed_table",
    "briefing_box",
    "briefing_text",
    "choice",
    "choices",
    "code_name",
    "code_to_name",
    "column_title",
    "coverage",
    "coverage_note",
    "coverage_of",
    "coverage_text",
    "csv_bytes",
    "data_table",
    "download",
    "facts",
    "faulty_files",
    "figure",
    "findings_of",
    "findings_table",
    "first_upload",
    "forecast_of",
    "guard",
    "header",
    "is_wall",
    "lang",
    "localised",
    "map_legend",
    "measure_names",
    "metric_card",
    "modality_filter",
    "month",
    "month_range",
    "names",
    "notes_box",
    "plan_rules",
    "quarantine_download",
    "quarter_filter",
    "query",
    "questions_table",
    "return_description",
    "return_fields",
    "return_kinds",
    "row_of",
    "run",
    "safe_name",
    "search",
    "search_box",
    "selected_unit",
    "snapshot",
    "source_line",
    "start",
    "state",
    "state_word",
    "t",
    "table",
    "target_titles",
    "template_box",
    "theme",
    "topbar",
    "unit_filter",
    "unit_map_chart",
    "unit_name",
    "upload_box",
    "wall",
    "what_if_box",
]
