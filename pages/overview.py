"""How are we doing? Five numbers, the map, what changed, what needs a decision, the trend."""

import streamlit as st

from oneninex import formats, maps, ui
from oneninex.charts import overview, overview_words

ui.header("overview")
with st.container(horizontal=True, vertical_alignment="bottom", key="overview_filters"):
    month = ui.month()
    against = ui.choice(
        "against",
        ui.t("overview.against"),
        {name: ui.t(f"overview.against_{name}_name") for name in ("period", "year")},
        style="segments",
    )

lang, theme, units = ui.lang(), ui.theme(), ui.names("units")
in_month = formats.month(month, lang)
targets = ui.localised(ui.query("targets_progress", to_month=month))

figures = ui.localised(ui.query("comparable_indicators", to_month=month))
cards = overview_words.cards(figures, targets, month, lang)
for column, card in zip(st.columns(5, gap="small"), cards, strict=False):
    with column.container(border=True, height="stretch", gap="xsmall"):
        changes = iter(card.changes)
        st.metric(
            card.label,
            card.value,
            delta=next(changes, None),
            delta_arrow=card.direction,
            delta_color="gray" if card.good is None else "green" if card.good else "red",
            delta_description=next(changes, None),
            help=card.definition,
        )
        for note in card.notes:
            st.caption(note)
        if card.due is not None and card.reported is not None:
            st.caption(ui.coverage_text(ui.Coverage(card.reported, card.due, card.missing)))

left, right = st.columns([3, 2], gap="medium")
with left.container(border=True, key="figure_map"):
    accepted = ui.query("indicator_by_unit", indicator_id="items_accepted", to_month=month)
    measure = ui.t("overview.measure")
    takeaway = maps.describe_units_map(
        accepted, measure=measure, lang=lang, unit=ui.t("overview.items_unit")
    )
    st.subheader(ui.t("overview.map_title", month=in_month), anchor=False)
    st.markdown(takeaway)
    deck = maps.units_map(
        accepted,
        measure=measure,
        lang=lang,
        theme=theme,
        height=440,
        **overview.LAND,
    )
    clicked = ui.unit_map_chart(deck, alt=takeaway, key="overview_map", height=440)
    if clicked:
        st.switch_page(
            "pages/unit_map.py", query_params={"unit": clicked, "month": f"{month:%Y-%m}"}
        )
    st.caption(ui.t("overview.map_hint"))
    st.caption(ui.source_line(ui.coverage_of(accepted), month))
    ui.data_table(accepted, query="indicator_by_unit", key="map")

with right.container(border=True, key="decisions"):
    st.subheader(ui.t("overview.decision_title"), anchor=False)
    found = overview_words.matters(
        ui.query("needs_decision", to_month=month), targets, units, ui.return_kinds(), lang
    )
    for matter in overview_words.shown(found):
        st.page_link(f"pages/{matter.page}.py", label=matter.words, query_params=matter.address)
    st.caption(overview_words.matters_note(found, lang))

changes = ui.query("like_for_like", to_month=month, against=against)
with right:
    ui.figure(
        ui.t("overview.changed_title"),
        overview.contributions(changes, units, lang, theme),
        overview.describe_contributions(changes, units, lang),
        changes,
        query="like_for_like",
        coverage=ui.coverage_of(changes),
        month=month,
    )

output = ui.query("city_by_month", to_month=month)
unit = ui.t("overview.items_unit")
ui.figure(
    ui.t("overview.trend_title"),
    overview.trend(output, "accepted", lang, theme, unit=unit),
    overview.describe_trend(output, "accepted", lang, unit=unit),
    output,
    query="city_by_month",
    coverage=ui.coverage(to_month=month),
    month=month,
    note=overview.trend_note(output, "accepted", lang),
)
