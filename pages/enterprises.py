"""Who is growing? Growth, entries and survival, what the enterprises are made of, candidates."""

import streamlit as st

from oneninex import ui
from oneninex.figures.charts import answers, contribution, enterprises, structure
from oneninex.figures.charts import enterprise_words as words

SECTIONS = ("growth", "movements", "structure", "candidates")

answer = ui.header("enterprises")
with st.container(horizontal=True, vertical_alignment="bottom", key="enterprises_filters"):
    unit = ui.unit_filter()
    quarter = ui.quarter_filter()

lang = ui.lang()
titles = words.column_titles(lang)
summary = ui.query("enterprise_summary", quarter=quarter, unit_id=unit).to_pylist()[0]
totals = ui.query("enterprise_totals", unit_id=unit)
reported = ui.row_of(totals, "quarter", quarter)
month = summary["month"]
registry, returns = (ui.Coverage(*words.covered(row)) for row in (summary, reported))
registered = {"coverage": registry, "cutoff": summary["as_of"], "titles": titles}
quarterly = {"coverage": returns, "cutoff": reported["as_of"], "titles": titles}
of_quarter = {"quarter": quarter, "unit_id": unit}
growth = ui.localised(ui.query("enterprise_growth", **of_quarter))
grown = words.describe_growth(growth, quarter, lang)
answer.markdown(answers.joined(lang, enterprises.describe_revenue(totals, quarter, lang), grown))

cards = words.cards(summary, reported, lang)
ui.cards(cards)
told = {"registry": ui.coverage_text(registry), "returns": ui.coverage_text(returns)}
st.caption(ui.t("enterprises.coverage_line", **told))
st.caption(words.comparison_note(reported, lang))
names = {name: ui.t(f"enterprises.section_{name}") for name in SECTIONS}
section = ui.choice("section", ui.t("enterprises.section"), names, style="segments")

if section == "growth":
    with st.container(border=True, key="growth"):
        st.subheader(ui.t("enterprises.growth_title"), anchor=False)
        st.markdown(grown)
        if growth.num_rows:
            sorts = {name: ui.t(f"enterprises.sort_{name}") for name in words.SORTS}
            sort = ui.choice("sort", ui.t("enterprises.sort"), sorts, style="segments")
            found = ui.search(growth, ui.search_box())
            ui.table(words.growth(found, sort, lang), titles=titles, key="growth_table")
            ui.download(found, query="enterprise_growth", key="growth_download", titles=titles)
        st.caption(ui.t("enterprises.rule"))
    parts = ui.localised(ui.query("growth_contribution", **of_quarter))
    ui.panel("enterprises.contribution_title", contribution.contribution,
             contribution.describe_contribution, parts, query="growth_contribution",
             **quarterly)  # fmt: skip
    ui.panel("enterprises.revenue_title", enterprises.revenue, enterprises.describe_revenue, totals,
             quarter, query="enterprise_totals",
             table=totals.drop_columns(["as_of", "missing_units"]), **quarterly)  # fmt: skip

# Figures of the whole city: their coverage is the city's, whatever unit is chosen.
city = ui.query("enterprise_summary", quarter=quarter).to_pylist()[0]
everyone = ui.row_of(ui.query("enterprise_totals", quarter=quarter), "quarter", quarter)
of_registry = {**registered, "coverage": ui.Coverage(*words.covered(city))}
of_returns = {**quarterly, "coverage": ui.Coverage(*words.covered(everyone))}

if section == "movements":
    moves = ui.query("enterprise_movements", to_month=month, unit_id=unit)
    ui.panel("enterprises.movements_title", enterprises.movements, enterprises.describe_movements,
             moves, query="enterprise_movements", **registered)  # fmt: skip
    stayed = ui.query("enterprise_survival", to_month=month, unit_id=unit)
    ui.panel("enterprises.survival_title", contribution.survival, contribution.describe_survival,
             stayed, query="enterprise_survival", **registered)  # fmt: skip
    by_unit = ui.query("enterprises_by_unit", to_month=month)
    units = enterprises.by_id(ui.localised(ui.query("units")))
    ui.panel("enterprises.by_unit_title", enterprises.by_unit, enterprises.describe_by_unit,
             by_unit, units, unit, query="enterprises_by_unit", **of_registry)  # fmt: skip

if section == "structure":
    for dimension in ("origin", "size"):
        made_of = ui.query("enterprise_structure", dimension=dimension, **of_quarter)
        ui.panel(f"enterprises.{dimension}_title", structure.structure,
                 structure.describe_structure, made_of, query="enterprise_structure",
                 key=dimension, **quarterly)  # fmt: skip
    measures = {name: ui.t(f"enterprises.measure_{name}") for name in words.MEASURES}
    measure = ui.choice("measure", ui.t("enterprises.measure"), measures, style="segments")
    shares = ui.query("concentration", measure=measure)
    ui.panel("enterprises.concentration_title", enterprises.concentration,
             enterprises.describe_concentration, shares, quarter, query="concentration",
             table=shares.drop_columns(["measure"]), **of_returns)  # fmt: skip
    quotients = ui.query("location_quotient", quarter=quarter)
    ui.panel("enterprises.quotients_title", structure.quotients, structure.describe_quotients,
             quotients, ui.names("units"), ui.choices("modality"), query="location_quotient",
             cutoff=reported["as_of"],
             coverage=ui.Coverage(*words.labelled(quotients)), titles=titles)  # fmt: skip

if section == "candidates":
    ui.candidates_box(quarter, unit, titles, returns, reported["as_of"])
