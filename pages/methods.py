"""What does this number mean? Definitions, methods, and what a return must hold."""

import streamlit as st

from oneninex import ui
from oneninex.figures.charts import releases

METHODS = (
    "schedule", "lights", "operators", "pace", "growth", "changes", "arrival", "rates",
    "productivity", "places", "limits", "parts", "workdays", "coverage", "marks", "suppression",
    "chain", "survival", "contribution", "highgrowth", "concentration", "candidates", "benchmarks",
)  # fmt: skip
SECTIONS = ("indicators", "methods", "units", "returns", "releases")

answer = ui.header("methods")
answer.markdown(
    ui.t(
        "methods.answer",
        indicators=ui.query("indicators").num_rows,
        methods=len(METHODS),
        kinds=len(ui.return_kinds()),
    )
)
section = ui.choice(
    "section",
    ui.t("methods.section"),
    {name: ui.t(f"methods.section_{name}") for name in SECTIONS},
    style="segments",
)

if section == "indicators":
    found = ui.search(ui.localised(ui.query("indicators")), ui.search_box())
    if not found.num_rows:
        ui.state("no_rows", ui.t("methods.nothing_found"))
        st.stop()
    listing, details = st.columns([2, 3], gap="medium")
    with listing:
        chosen = ui.choice(
            "indicator", ui.t("methods.choose"), ui.code_to_name(found), style="list"
        )
    with details:
        row = ui.row_of(found, "indicator_id", chosen)
        ui.facts(
            row,
            title="name",
            lead="definition",
            codes={"source": ui.return_kinds(), "indicator_id": {}},
        )

if section == "methods":
    titles = {name: ui.t(f"methods.{name}_title") for name in METHODS}
    opened = ui.choice("method", ui.t("methods.method"), titles)
    for name in METHODS:
        with st.expander(titles[name], expanded=name == opened):
            st.markdown(ui.t(f"methods.{name}_body", **ui.plan_rules()))
            if name == "arrival":
                st.markdown(ui.forecast_record())

if section == "units":
    if note := ui.remark("units"):
        st.markdown(note)
    columns = ["unit_id", "name_zh", "name_en", "kind", "named_in", "location_basis"]
    units = ui.localised(ui.query("units").select(columns))
    ui.table(units, codes={"unit_id": {}}, key="units_table")
    ui.download(units, query="units", key="units_download", codes={"unit_id": {}})

if section == "returns":
    kind = ui.choice("kind", ui.t("methods.return_kind"), ui.return_kinds())
    st.markdown(ui.return_description(kind))
    fields = ui.return_fields(kind)
    ui.table(fields, key="return_fields")
    ui.download(fields, query=f"fields-{kind}", key="fields_download")

if section == "releases":
    rows = ui.query("releases")
    if not rows.num_rows:
        ui.state("no_rows")
        st.stop()
    found = releases.listing(rows, ui.names("units"), ui.plan_rules(), ui.lang())
    ui.table(found, titles=releases.titles(ui.lang()), key="releases_table")
    ui.download(rows, query="releases", key="releases_download")
