"""How do we stand against other places? Published figures beside the city's own."""

import streamlit as st

from oneninex import ui
from oneninex.figures.charts import benchmark_table, benchmarks

answer = ui.header("benchmarks")
lang, theme = ui.lang(), ui.theme()
listed = ui.localised(ui.query("indicators"))
indicators = benchmarks.indicators(listed)

with st.container(horizontal=True, vertical_alignment="bottom", key="benchmark_filters"):
    month = ui.month()
    names = {name: row["name"] for name, row in indicators.items()}
    name = ui.choice("indicator", ui.t("benchmarks.indicator"), names)
    bases = {each: ui.t(f"benchmarks.basis_{each}") for each in benchmarks.BASES}
    basis = ui.choice("basis", ui.t("benchmarks.basis"), bases, style="segments")

everything = ui.localised(ui.query("benchmarks", to_month=month))
if not everything.num_rows:
    ui.state("not_stated", ui.t("benchmarks.none"))
    st.stop()
ui.cards(benchmarks.cards(everything, indicators, lang))
st.caption(ui.t("benchmarks.demo_note", city=ui.city()))

rows = benchmarks.of_indicator(everything, name)
indicator = indicators[name]
with st.container(border=True, key="figure_benchmarks"):
    st.subheader(ui.t("benchmarks.figure_title", name=indicator["name"], basis=bases[basis]),
                 anchor=False)  # fmt: skip
    takeaway = benchmarks.describe(rows, indicator, basis, ui.city(), lang)
    answer.markdown(takeaway)
    for words in benchmarks.warnings(rows, lang):
        st.warning(words, icon=":material/warning:")
    if benchmarks.ordered(rows, basis):
        ui.chart(benchmarks.bars(rows, indicator, basis, lang, theme), takeaway, "benchmarks")
    elif benchmarks.is_withheld(rows, basis):
        ui.state("suppressed")
    else:
        ui.state("missing", ui.t("benchmarks.no_ratio"))
    st.caption(ui.source_line(month=month))
    st.caption(ui.t("benchmarks.ratio_note"))

with st.container(border=True, key="definitions"):
    st.subheader(ui.t("benchmarks.definitions_title"), anchor=False)
    st.html(benchmark_table.definitions(rows, indicator, ui.return_kinds(), lang, theme))
    st.caption(ui.t("benchmarks.definitions_note"))

figures = ui.localised(ui.query("benchmark_figures"))
titles = {
    each: ui.t(f"benchmarks.column.{each}")
    for each in [*everything.column_names, "unit", "checked_on"]
}
with st.container(border=True, key="all_figures"):
    st.subheader(ui.t("benchmarks.all_title"), anchor=False)
    st.caption(ui.with_remark(ui.t("benchmarks.all_note"), "benchmarks"))
    ui.table(figures, titles=titles, key="figures_table")
    ui.download(figures, query="benchmark_figures", key="figures_download", titles=titles)
    ui.data_table(everything, query="benchmarks", key="benchmarks", titles=titles)
if context := ui.remark("context"):
    with st.container(border=True, key="context"):
        st.subheader(ui.t("benchmarks.context_title"), anchor=False)
        st.markdown(context)
