"""Foot line of every page: cut-off, coverage, status, snapshot and provenance, said once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import streamlit as st

from oneninex.core import formats
from oneninex.core.escape import html as escape
from oneninex.store import Snapshot
from oneninex.ui import context
from oneninex.ui.context import lang, query, snapshot, t
from oneninex.ui.coverage import coverage, coverage_text
from oneninex.ui.provenance import how_made

_ASKED = "foot_query"


def foot_line() -> None:
    """Draw the line below the page; nothing where no snapshot can be read."""
    if not isinstance(context.pinned(), Snapshot):
        return
    info = query("snapshot_info").to_pylist()[0]
    month = _month()
    parts = [*_vintage(info), *_month_parts(month)]
    notes = [t("common.demo_foot")] if info["demo"] else []
    notes.append(t("common.map_foot"))
    with st.container(horizontal=True, vertical_alignment="center", gap=None, key="foot"):
        left = "".join(f"<span>{escape(part)}</span>" for part in parts)
        right = "".join(f"<span>{escape(note)}</span>" for note in notes)
        st.html(f'<p class="foot">{left}<i></i>{right}</p>')
        label = t("common.provenance")
        if st.button(label, key="provenance", type="tertiary", icon=":material/info:"):
            _provenance(month)


def _month() -> date | None:
    """The month that the top bar shows, where the page has one."""
    code = st.session_state.get("month")
    months = query("months").column("month").to_pylist()
    return next((month for month in months if f"{month:%Y-%m}" == code), None)


def _vintage(info: Mapping[str, Any]) -> list[str]:
    cut_off = info["cut_off"]
    return [t("common.cut_off", day=formats.day(cut_off, lang()))] if cut_off else []


def _month_parts(month: date | None) -> list[str]:
    current = snapshot()
    age = (datetime.now(UTC) - current.created_at).days
    old = t("ui.age_today") if age < 1 else t("ui.age_days", days=age)
    parts = [t("common.snapshot_foot", snapshot=current.id, age=old)]
    if month is None:
        return parts
    status = query("months").to_pylist()
    provisional = any(row["provisional"] for row in status if row["month"] == month)
    name = formats.month(month, lang())
    covered = coverage_text(coverage(from_month=month, to_month=month))
    said = t("common.coverage_foot", month=name, coverage=covered)
    note = [t("common.provisional_foot", month=name)] if provisional else []
    return [said, *note, *parts]


def _provenance(month: date | None) -> None:
    """Open a dialog that shows, for each query behind the page, how its figures were made."""

    @st.dialog(t("common.provenance"), width="large")
    def opened() -> None:
        names = context.asked_names()
        chosen = st.selectbox(t("common.provenance_query"), names, key=_ASKED)
        if chosen:
            how_made(chosen, f"foot_{chosen}", context.asked(chosen), month)

    opened()
