"""Who is growing? Entries and exits, growth of each enterprise, high growth, concentration."""

import streamlit as st

from oneninex import ui
from oneninex.charts import enterprise_words as words
from oneninex.charts import enterprises

ui.header("enterprises")
with st.container(horizontal=True, vertical_alignment="bottom", key="enterprises_filters"):
    unit = ui.unit_filter()
    quarter = ui.quarter_filter()

lang, theme = ui.lang(), ui.theme()
titles = words.column_titles(lang)
summary = ui.query("enterprise_summary", quarter=quarter, unit_id=unit).to_pylist()[0]
totals = ui.query("enterprise_totals", unit_id=unit)
reported = ui.row_of(totals, "quarter", quarter)
month = summary["month"]
registry, returns = (ui.Coverage(*words.covered(row)) for row in (summary, reported))
registered = {"coverage": registry, "cutoff": summary["as_of"], "titles": titles}
quarterly = {"coverage": returns, "cutoff": reported["as_of"], "titles": titles}

cards = words.cards(summary, reported, lang)
for column, card in zip(st.columns(len(cards), gap="small"), cards, strict=True):
    with column.container(border=True, height="stretch", gap="xsmall"):
        st.metric(card.label, card.value)
        if card.change:
            st.markdown(card.change)
        st.caption(card.note)
told = {"registry": ui.coverage_text(registry), "returns": ui.coverage_text(returns)}
st.caption(ui.t("enterprises.coverage_line", **told))
st.caption(words.comparison_note(reported, lang))

growth = ui.localised(ui.query("enterprise_growth", quarter=quarter, unit_id=unit))
with st.container(border=True, key="growth"):
    st.subheader(ui.t("enterprises.growth_title"), anchor=False)
    st.markdown(words.describe_growth(growth, quarter, lang))
    if growth.num_rows:
        sort = ui.choice(
            "sort",
            ui.t("enterprises.sort"),
            {name: ui.t(f"enterprises.sort_{name}") for name in words.SORTS},
            style="segments",
        )
        ui.table(words.growth(growth, sort, lang), titles=titles, key="growth_table")
        ui.download(growth, query="enterprise_growth", key="growth_download", titles=titles)
    st.caption(ui.t("enterprises.rule"))

left, right = st.columns(2, gap="medium")
moves = ui.query("enterprise_movements", to_month=month, unit_id=unit)
with left:
    ui.figure(
        ui.t("enterprises.movements_title"),
        enterprises.movements(moves, lang, theme),
        enterprises.describe_movements(moves, lang),
        moves,
        query="enterprise_movements",
        **registered,
    )
with right:
    ui.figure(
        ui.t("enterprises.revenue_title"),
        enterprises.revenue(totals, quarter, lang, theme),
        enterprises.describe_revenue(totals, quarter, lang),
        totals.drop_columns(["as_of", "missing_units"]),
        query="enterprise_totals",
        **quarterly,
    )

city = ui.query("enterprise_summary", quarter=quarter).to_pylist()[0]
by_unit = ui.query("enterprises_by_unit", to_month=month)
units = enterprises.by_id(ui.localised(ui.query("units")))
ui.figure(
    ui.t("enterprises.by_unit_title"),
    enterprises.by_unit(by_unit, units, unit, lang, theme),
    enterprises.describe_by_unit(by_unit, lang),
    by_unit,
    query="enterprises_by_unit",
    note=ui.t("enterprises.by_unit_note"),
    **{**registered, "coverage": ui.Coverage(*words.covered(city))},
)

measure = ui.choice(
    "measure",
    ui.t("enterprises.measure"),
    {name: ui.t(f"enterprises.measure_{name}") for name in words.MEASURES},
    style="segments",
)
shares = ui.query("concentration", measure=measure)
everyone = ui.row_of(ui.query("enterprise_totals", quarter=quarter), "quarter", quarter)
ui.figure(
    ui.t("enterprises.concentration_title"),
    enterprises.concentration(shares, lang, theme),
    enterprises.describe_concentration(shares, quarter, lang),
    shares.drop_columns(["measure"]),
    query="concentration",
    note=ui.t("enterprises.concentration_note"),
    **{**quarterly, "coverage": ui.Coverage(*words.covered(everyone))},
)
