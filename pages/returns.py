"""Who has reported, what is wrong? The ledger, findings, revisions, the form and the upload."""

import streamlit as st

from oneninex import ui
from oneninex.figures.charts import returns
from oneninex.figures.charts import returns_words as words

if ui.first_upload("returns"):
    st.header(ui.t("returns.template_title"), anchor=False)
    ui.template_box()
    st.stop()

answer = ui.header("returns")
kind = None
lang, theme = ui.lang(), ui.theme()
units, titles = ui.names("units"), words.column_titles(lang)
kinds = words.kinds(ui.query("returns_by_month"), ui.return_kinds())
files = ui.faulty_files()

if not kinds:
    ui.state("no_rows")
else:
    kind = ui.choice("kind", ui.t("returns.kind"), kinds, style="segments")
    by_month = ui.query("returns_by_month", kind=kind)
    ledger = ui.query("returns_ledger", kind=kind)
    newest = words.newest(by_month)
    answer.markdown(words.headline(newest, ledger, kinds[kind], units, lang))
    ui.cards(words.cards(newest, files, lang))
    st.markdown(words.jump(lang))
    ui.task_link()
    ui.reminder_box()

    with st.container(border=True, key="figure_returns_ledger"):
        title = ui.t("returns.ledger_title", kind=kinds[kind])
        st.subheader(title, anchor=False)
        st.markdown(words.describe_ledger(by_month, lang))
        st.html(returns.grid(ledger, units, title, lang, theme))
        st.caption(ui.t("returns.ledger_note"))
        ui.data_table(ledger, query="returns_ledger", key="ledger", titles=titles)

ui.review_queue()

with st.container(border=True, key="figure_findings"):
    st.subheader(ui.t("returns.findings_title"), anchor="findings")
    if files.num_rows:
        chosen = ui.choice("file", ui.t("returns.choose_file"), words.files(files, lang))
        file = ui.row_of(files, "key", chosen)
        st.markdown(words.describe_findings(file, ui.return_kinds(), lang))
        found = ui.findings_of(chosen)
        ui.findings_table(found)
        ui.correction_form(file, found)
        st.caption(ui.t("returns.quarantine_note"))
        ui.quarantine_download(titles)
    else:
        ui.state("no_rows", ui.t("returns.findings_none"))

with st.container(border=True, key="figure_questions"):
    st.subheader(ui.t("returns.questions_title"), anchor="questions")
    questions = ui.query("questions")
    st.markdown(words.describe_questions(questions, units, lang))
    if questions.num_rows:
        ui.questions_table(questions)
        ui.download(questions, query="questions", key="questions", titles=titles)
    st.caption(ui.t("returns.questions_note"))

with st.container(border=True, key="figure_revisions"):
    st.subheader(ui.t("returns.revisions_title"), anchor=False)
    revisions = ui.query("revisions")
    measures = ui.measure_names(revisions)
    st.markdown(words.describe_revisions(revisions, units, measures, lang))
    if revisions.num_rows:
        shown = {"all": ui.t("common.all"), **measures}
        measure = ui.choice("measure", ui.t("returns.measure"), shown)
        listed = words.revision_table(revisions, measure, units, measures, lang)
        st.html(returns.revisions(listed, titles, lang, theme))
        ui.download(revisions, query="revisions", key="revisions", titles=titles)
    st.caption(ui.t("returns.revisions_note"))

st.header(ui.t("returns.upload_title"), anchor="upload")
ui.upload_box()
st.header(ui.t("returns.template_title"), anchor="template")
st.caption(ui.t("returns.template_note"))
ui.template_box(kind)
