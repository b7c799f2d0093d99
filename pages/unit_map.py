"""Where? One measure on the units, month by month; a click on a unit shows its card."""

import streamlit as st

from oneninex import ui
from oneninex.core import formats
from oneninex.figures import maps
from oneninex.figures.charts import month_line, overview

FACTS = ("name", "kind", "roles", "named_in", "location_basis")
SOURCES = ("kind", "received_on", "name", "version", "rows", "rows_quarantined")

answer = ui.header("unit_map")
indicators = ui.localised(ui.query("indicators"))
names = ui.code_to_name(indicators.select(["indicator_id", "name"]))
options = {code: names[code] for code in overview.MEASURES if code in names}
with st.container(horizontal=True, key="unit_map_filters"):
    measure = ui.choice("measure", ui.t("unit_map.measure"), options)
    chosen = ui.unit_filter()
# A key of its own: a slider cannot take over what another page's list of months remembers.
month = ui.month("map_month", style="slider")

lang, theme, units = ui.lang(), ui.theme(), ui.names("units")
in_month, name = formats.month(month, lang), names[measure]
indicator = ui.row_of(indicators, "indicator_id", measure)
values = ui.query("indicator_by_unit", indicator_id=measure, to_month=month)
drawn = overview.computable(values)
kind = "rate" if indicator["kind"] == "ratio" else "amount"


def _facts_and_figures(unit: str) -> None:
    facts = ui.row_of(ui.localised(ui.query("units")), "unit_id", unit)
    roles = {role: ui.t(f"plan.role.{role}") for role in ("data_factory", "unit")}
    ui.facts({key: facts[key] for key in FACTS}, title="name", codes={"roles": roles})
    st.subheader(ui.t("unit_map.figures", month=in_month), anchor=False)
    st.caption(ui.source_line(month=month))
    latest = ui.localised(ui.query("latest_indicators", scope=unit, to_month=month))
    places = [*st.columns(2), *st.columns(2)]
    for place, row in zip(places, overview.figures(latest), strict=False):
        changes = ui.flow_changes(row["indicator_id"], month, unit_id=unit)
        with place:
            ui.metric_card(
                row["name"],
                row["value"],
                rate=row["kind"] == "ratio",
                year_before=ui.earlier(row, "year_before"),
                period_before=ui.earlier(row, "previous"),
                said=[change.text for change in changes],
                state=ui.absence(row),
            )


def _trend_and_sources(unit: str) -> None:
    series = ui.query("indicator_series", indicator_id=measure, scope=unit, to_month=month)
    words = {"lang": lang, "unit": indicator["unit"]}
    ui.figure(
        ui.t("unit_map.trend_title", measure=name),
        month_line.trend(series, "value", theme=theme, most=3, **words),
        month_line.describe_trend(series, "value", **words),
        month_line.table(series, "value", measure),
        query="indicator_series",
        titles={measure: name},
        month=month,
        note=month_line.trend_note(series, "value", lang),
    )
    st.subheader(ui.t("unit_map.sources"), anchor=False)
    files = ui.query_own("sources_of", unit, from_month=month, to_month=month)
    if files is None:
        ui.state("suppressed", ui.t("access.not_yours"))
    elif files.num_rows:
        titles = {column: ui.t(f"unit_map.source_{column}") for column in SOURCES}
        shown = {"titles": titles, "codes": {"kind": ui.return_kinds()}}
        ui.table(files.select(list(SOURCES)), key="sources", **shown)
    else:
        ui.state("missing", ui.t("unit_map.no_sources"))


left, right = st.columns([5, 4], gap="medium")
with left.container(border=True, key="figure_map"):
    takeaway = maps.describe_units_map(drawn, measure=name, lang=lang, unit=indicator["unit"])
    st.subheader(ui.t("unit_map.map_title", month=in_month, measure=name), anchor=False)
    answer.markdown(takeaway)
    look = {"unit": indicator["unit"] if kind == "rate" else None, "kind": kind}
    deck = maps.units_map(
        drawn, measure=name, lang=lang, theme=theme, selected=chosen, **look, **ui.land()
    )
    ui.unit_map_chart(deck, alt=takeaway, into="unit")
    st.caption(ui.source_line(ui.coverage_of(drawn), month))
with right:
    if chosen is None:
        st.info(ui.t("unit_map.choose"), icon=":material/touch_app:")
    else:
        _facts_and_figures(chosen)
        _trend_and_sources(chosen)
with right.container(border=True) if chosen is None else left.expander(ui.t("unit_map.legend")):
    ui.map_legend(drawn, kind)
    for note in overview.unit_notes(values, units, lang):
        st.caption(note)
with st.container(key="ranking_box"):
    st.subheader(ui.t("unit_map.ranking", unit=indicator["unit"]), anchor=False)
    ranking, titles = overview.ranking(drawn, measure), {measure: name}
    ui.table(ranking, titles=titles, key="ranking")
    st.caption(ui.t("unit_map.ranking_note"))
    ui.download(ranking, query="indicator_by_unit", key="download_ranking", titles=titles)
