"""Is the chain whole, where are the datasets? In one view, with the gaps as the message."""

import streamlit as st

from oneninex import ui
from oneninex.figures.charts import answers, datasets

answer = ui.header("datasets")
with st.container(horizontal=True, vertical_alignment="bottom", key="datasets_filters"):
    month = ui.month()
    unit = ui.unit_filter()

lang = ui.lang()
names, titles = ui.names("units"), datasets.headings(lang)
here = {"to_month": month, "unit_id": unit}
summary = ui.query("dataset_summary", **here).to_pylist()[0]
factory = ui.query("data_factory", to_month=month)
registry = ui.Coverage(*datasets.covered(summary))
links = ui.Coverage(*datasets.covered(summary, "links"))
told = {"cutoff": summary["as_of"], "titles": titles}

ui.cards(datasets.cards(summary, factory, ui.slogan(), lang))
both = {"datasets": ui.coverage_text(registry), "links": ui.coverage_text(links)}
st.caption(ui.t("datasets.coverage_line", **both))

pipeline = datasets.with_names(ui.query("dataset_pipeline", **here), lang)
chain = ui.query("chain_coverage", **here)
where, whole = (
    datasets.describe_pipeline(pipeline, lang),
    datasets.describe_chain(chain, names, lang),
)
answer.markdown(answers.joined(lang, where, whole))
left, right = st.columns(2, gap="medium")
with left:
    ui.panel(
        "datasets.pipeline_title",
        datasets.pipeline,
        datasets.describe_pipeline,
        pipeline,
        query="dataset_pipeline",
        table=pipeline.drop_columns(["sector_zh", "sector_en", "sector_name"]),
        coverage=registry,
        **told,
    )
with right:
    ui.panel(
        "datasets.chain_title",
        datasets.chain,
        datasets.describe_chain,
        chain,
        names,
        query="chain_coverage",
        table=chain.drop_columns(["link"]),
        coverage=links,
        **told,
    )

if factory.num_rows:
    ui.panel(
        "datasets.factory_title",
        datasets.factory,
        datasets.describe_factory,
        factory,
        query="data_factory",
        note=ui.remark("data_factory"),
        **told,
    )

listed = ui.localised(ui.query("dataset_list", **here))
with st.container(border=True, key="dataset_list"):
    st.subheader(ui.t("datasets.list_title"), anchor=False)
    if listed.num_rows:
        found = ui.search(listed, ui.search_box())
        ui.table(datasets.listing(found, lang), titles=titles, key="dataset_table")
        ui.download(found, query="dataset_list", key="dataset_download", titles=titles)
    else:
        ui.state("missing", ui.t("datasets.pipeline_none"))
    st.caption(ui.source_line(registry, cutoff=summary["as_of"]))
    st.caption(ui.t("datasets.list_note"))
