"""Targets: the register in order of risk, and one of them in detail."""

import streamlit as st

from oneninex import ui
from oneninex.core import formats

answer = ui.header("targets")
month = ui.month()
rows = ui.localised(ui.query("targets_progress", to_month=month))
if not rows.num_rows:
    ui.state("no_rows")
    st.stop()
outlook = ui.query("target_outlook", to_month=month)
target = ui.selected("target", outlook.column("target_id").to_pylist())
with answer.container(horizontal=True, key="filters"):
    state = ui.state_filter(outlook)
scope = {"to_month": month, "target": target, "state": state}
row = ui.row_of(rows, "target_id", target)
with st.container(key="targets_page"):
    register, detail = st.columns([764, 568], gap="small")
with register:
    ui.screen("targets", "register", ("target_register",), select="target", **scope)
    parts = ui.query("target_contributions", target_id=target, to_month=month)
    with st.container(key="below_register"):
        ui.what_if_box(row, ui.forecast_of(row), parts, month)
        ui.notes_box(target, month)
with detail:
    ui.screen("targets", "detail", ("target_detail",), **scope)
    with st.container(horizontal=True, key="target_actions"):
        ui.task_link("target", target)
        ui.offices_form(row)
    ui.target_fan(row, month)
    ui.screen("targets", "parts", ("target_parts",), **scope)

rules = ui.query("snapshot_info").to_pylist()[0]
green, yellow = (formats.exact(rules[name], ui.lang()) for name in ("light_green", "light_yellow"))
ui.notes(
    ui.t("plan.light_rule", green=green, yellow=yellow),
    ui.t("targets.rule_direct", yellow=yellow),
    ui.with_remark(ui.t("targets.rule_source"), "lights"),
)
