"""How do units compare, fairly? Like with like, with intervals, and no place that is not sure."""

import streamlit as st

from oneninex import ui
from oneninex.figures.charts import changes, quality_limits, workdays

ui.frame("units")
with st.container(horizontal=True, vertical_alignment="bottom", key="units_filters"):
    unit = ui.unit_filter()
    modality = ui.modality_filter()
    first, last = ui.month_range(12)
    ui.chosen_filters()

figures = ("unit_speed", "unit_peers")
scope = {"from_month": first, "to_month": last, "modality": modality, "unit_id": unit}
if row := ui.screen("units", "units", figures, select=None, **scope):
    ui.open_row(row)

lang, theme, names = ui.lang(), ui.theme(), ui.names("units")
left, right = st.columns(2, gap="medium")
with left:
    measures = {name: ui.t(f"units.measure_{name}") for name in quality_limits.MEASURES}
    measure = ui.choice("measure", ui.t("units.measure"), measures, style="segments")
    months = ui.query("control_chart", to_month=last, modality=modality, measure=measure)
    watched = unit or quality_limits.most_signals(months, names)
    chart = quality_limits.of_unit(months, watched)
    ui.figure(
        ui.t("units.control_title", unit=names[watched], measure=measures[measure]),
        quality_limits.control(chart, names, lang, theme),
        quality_limits.describe_control(chart, names, measure, lang),
        quality_limits.columns(chart, quality_limits.CHART_COLUMNS),
        query="control_chart",
        titles=quality_limits.titles(quality_limits.CHART_COLUMNS, lang),
        note=ui.t("units.control_note"),
        coverage=ui.coverage(to_month=last, unit_id=watched),
        month=last,
    )
with right:
    combined = {name: ui.t(f"units.combine_{name}") for name in ("jan_feb", "months")}
    combine = ui.choice("combine", ui.t("units.combine"), combined, style="segments")
    days = ui.query(
        "output_by_working_day", to_month=last, unit_id=unit, modality=modality, combine=combine
    )
    ui.figure(
        ui.t("units.per_day_title"),
        workdays.per_day(days, lang, theme),
        workdays.describe_per_day(days, lang, ui.period(last) if ui.is_running(last) else ""),
        workdays.table(days),
        query="output_by_working_day",
        titles={name: ui.t(f"units.column_{name}") for name in workdays.COLUMNS[1:-1]},
        coverage=ui.coverage(to_month=last, unit_id=unit),
        month=last,
        note=ui.t("units.per_day_note"),
    )

with st.container(horizontal=True, vertical_alignment="bottom", key="units_changes"):
    headlines = {name: ui.t(f"units.indicator_{name}") for name in changes.HEADLINES}
    indicator = ui.choice("indicator", ui.t("units.indicator"), headlines)
    sides = {name: ui.t(f"overview.against_{name}_name") for name in ("period", "year")}
    against = ui.choice("against", ui.t("overview.against"), sides, style="segments")
parts = ui.query("what_changed", to_month=last, against=against, indicator_id=indicator)
explained, joined = ui.explained(indicator, last, modality=modality)
words = changes.words(lang)
ui.figure(
    ui.t("units.changed_title"),
    changes.parts(parts, names, unit, lang, theme),
    changes.sentence(parts, indicator, names, lang, explained=explained, joined=joined),
    changes.shown(parts, unit),
    query="what_changed",
    titles=words["titles"],
    codes={"reason": words["reasons"]},
    coverage=ui.coverage_of(parts),
    month=last,
    note=ui.t("units.changed_note"),
)

ui.compare_box()
