"""How are we doing? Five numbers, the map, what changed, what needs a decision, the trend."""

import streamlit as st

from oneninex import ui
from oneninex.core import formats
from oneninex.figures import maps
from oneninex.figures.charts import answers, changes, decisions, headlines, month_line, overview
from oneninex.ui.status_styles import light_looks

answer = ui.header("overview")
narrow, wide = st.columns([1, 3], vertical_alignment="bottom")
with narrow:
    month = ui.month()
bases = {name: ui.t(f"overview.against_{name}_name") for name in ("period", "year")}
with wide:
    against = ui.choice("against", ui.t("overview.against"), bases, style="segments")
ui.soon("overview", to_month=month, against=against)

lang, theme, looks, units = ui.lang(), ui.theme(), light_looks(), ui.names("units")
targets = ui.localised(ui.query("targets_progress", to_month=month))
figures = ui.localised(ui.query("comparable_indicators", to_month=month))
cards = headlines.cards(figures, targets, looks, month, lang)
ui.cards(cards)

left, right = st.columns([3, 2], gap="medium")
with left.container(border=True, key="figure_map"):
    accepted = ui.query("indicator_by_unit", indicator_id="items_accepted", to_month=month)
    measure, unit = ui.t("overview.measure"), ui.t("overview.items_unit")
    st.subheader(ui.t("overview.map_title", month=formats.month(month, lang)), anchor=False)
    alt = maps.describe_units_map(accepted, measure=measure, lang=lang, unit=unit)
    st.markdown(alt)
    drawn = maps.drawn(accepted, measure=measure, lang=lang, theme=theme, height=400, **ui.land())
    if chosen := ui.unit_picture(maps.svg(drawn), alt=alt, key="overview_map"):
        address = {"unit": chosen, "map_month": f"{month:%Y-%m}"}
        st.switch_page("pages/unit_map.py", query_params=address)
    st.caption(ui.t("overview.map_hint"))
    st.caption(ui.source_line(ui.coverage_of(accepted), month))
    ranking = overview.ranking(accepted, "items_accepted")
    named = {"items_accepted": measure}
    ui.data_table(ranking, query="indicator_by_unit", key="map", titles=named)

with right.container(border=True, key="decisions"):
    st.subheader(ui.t("overview.decision_title"), anchor=False)
    due = ui.query("needs_decision", to_month=month)
    found = decisions.matters(due, targets, units, ui.return_kinds(), looks, lang)
    answer.markdown(answers.overview(targets, found, looks, lang))
    for matter in decisions.shown(found):
        with st.container(gap=None):
            ui.link(matter.page, matter.words, matter.address)
            st.caption(matter.details)
    st.caption(decisions.matters_note(found, lang))

words = overview.change_words(lang)
compared = ui.query("like_for_like", to_month=month, against=against)
parts = ui.query("what_changed", to_month=month, against=against)
with left:
    ui.figure(
        ui.t("overview.changed_title"),
        overview.contributions(compared, units, lang, theme),
        overview.describe_contributions(compared, units, lang),
        overview.change_table(compared),
        query="like_for_like",
        titles=words["titles"],
        codes={"reason": words["reasons"]},
        coverage=ui.coverage_of(compared),
        month=month,
        note=headlines.missing_note(figures, units, lang),
    )
    with st.container(border=True, key="change_parts"):
        st.markdown(changes.headline(parts, units, lang))

output = ui.query("city_by_month", to_month=month)
with right:
    ui.figure(
        ui.t("overview.trend_title"),
        month_line.trend(output, "accepted", lang, theme, unit=unit, most=3),
        month_line.describe_trend(output, "accepted", lang, unit=unit),
        month_line.table(output, "accepted"),
        query="city_by_month",
        titles={"accepted": measure},
        coverage=ui.coverage(to_month=month),
        month=month,
        note=month_line.trend_note(output, "accepted", lang),
    )
