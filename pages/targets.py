"""Will we arrive in time? Each target against where it should be today."""

import streamlit as st

from oneninex import ui
from oneninex.core import formats
from oneninex.figures.charts import (
    target_path,
    target_register,
    target_tables,
    target_words,
    targets,
)
from oneninex.figures.charts.target_units import contributions, describe, table
from oneninex.ui.status_styles import light_looks

answer = ui.header("targets")
lang, theme, looks = ui.lang(), ui.theme(), light_looks()
with st.container(horizontal=True, key="filters"):
    month = ui.month()
    rows = target_words.by_urgency(ui.localised(ui.query("targets_progress", to_month=month)))
    if not rows.num_rows:
        ui.state("no_rows")
        st.stop()
    chosen = ui.choice("target", ui.t("targets.choose"), target_words.options(rows, lang))
term = ui.query("plan_term", to_month=month).to_pylist()[0]
states = ui.query("target_states", to_month=month)
titles, names = ui.target_titles(), ui.names("units")

answer.markdown(targets.describe_states(states, rows, looks, lang))
st.html(target_register.tiles(states, term, looks, lang, theme))
rules = ui.query("snapshot_info").to_pylist()[0]
green, yellow = (formats.exact(rules[name], lang) for name in ("light_green", "light_yellow"))
st.caption(ui.t("plan.light_rule", green=green, yellow=yellow))

row = ui.row_of(rows, "target_id", chosen)
at, fan = row["value_month"], ui.forecast_of(row)
everything, one = st.columns([1, 1], gap="medium")
with everything:
    ui.figure(
        ui.t("targets.progress_title"),
        targets.progress(rows, looks, lang, theme),
        targets.describe_progress(rows, lang),
        target_tables.register(targets.prorated(rows), looks, lang),
        query="targets_progress",
        coverage=ui.coverage(from_month=month, to_month=month),
        month=month,
        cutoff=term["as_at"],
        note=ui.t("targets.progress_note"),
        titles=titles,
    )
with one:
    series = ui.query("target_series", target_id=chosen, to_month=month)
    units = target_path.units_behind(
        ui.query("indicator_series", indicator_id=row["indicator_id"], from_month=at, to_month=at)
    )
    covered = ui.coverage_of(units) if row["units_due"] else None
    ui.figure(
        target_words.title(row, lang),
        target_path.path(series, row, looks, lang, theme, fan),
        target_path.describe_path(series, row, lang),
        target_tables.series(series, row, lang, fan),
        query="target_series",
        coverage=covered,
        month=at,
        cutoff=term["as_at"],
        note=target_path.note(row, lang),
        titles=titles,
    )

parts = ui.query("target_contributions", target_id=chosen, to_month=month)
shares, said = st.columns([1, 1], gap="medium")
with shares:
    ui.figure(
        ui.t("targets.parts_title"),
        contributions(parts, row, names, lang, theme),
        describe(parts, row, names, lang),
        table(parts),
        query="target_contributions",
        coverage=covered,
        month=at,
        cutoff=term["as_at"],
        titles=titles,
    )
with said:
    ui.notes_box(chosen, month)
ui.what_if_box(row, fan, parts, month)

st.header(ui.t("targets.register_title"), anchor=False)
st.caption(ui.t("targets.register_note"))
for plan in target_words.PLANS:
    group = target_words.of_plan(rows, plan)
    if group.num_rows:
        with st.container(border=True, key=f"plan_{plan}"):
            st.subheader(ui.t(f"targets.group.{plan}"), anchor=False)
            if note := ui.remark(plan):
                st.caption(note)
            st.html(target_register.register(group, looks, lang, theme))
listed = target_tables.register(rows, looks, lang)
ui.data_table(listed, query="targets_progress", key="register", titles=titles)
st.caption(ui.t("targets.rule_direct", yellow=yellow))
st.caption(ui.with_remark(ui.t("targets.rule_source"), "lights"))
st.page_link("pages/methods.py", label=ui.t("targets.methods"), icon=":material/menu_book:",
             query_params={"section": "methods"})  # fmt: skip
