"""What the page of the targets shows of one target besides its figures."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import streamlit as st

from oneninex.figures.charts import target_arrival, target_notes, target_path, target_tables
from oneninex.figures.definitions.targets import state_group
from oneninex.ui.components import figure
from oneninex.ui.context import lang, query, t, theme
from oneninex.ui.filters import choice
from oneninex.ui.labels import localised
from oneninex.ui.status_styles import light_looks

_GROUPS = ("all", "behind", "on_schedule", "met", "open", "not_stated")
_COLUMNS = (
    "scheduled", "coverage", "state", "goal", "gap_pp", "arrival", "probability", "p10", "p50",
    "p90", "p10_changed", "p50_changed", "p90_changed", "baseline_forecast", "needed", "share",
    "recent_per_month",
)  # fmt: skip


def target_titles() -> dict[str, str]:
    """Headings of the columns that mean something of their own in tables of targets."""
    return {name: t(f"targets.column.{name}") for name in _COLUMNS}


def forecast_of(row: Mapping[str, Any]) -> pa.Table | None:
    """target_forecast of a row of targets_progress; None where there is no forecast."""
    if not target_arrival.is_ahead(row):
        return None
    return query("target_forecast", target_id=row["target_id"])


def notes_box(target_id: str, month: date) -> None:
    """The check-in notes on a target up to a month, newest first."""
    with st.container(border=True, key="notes"):
        st.subheader(t("targets.notes_title"), anchor=False)
        rows = query("target_notes", target_id=target_id, to_month=month)
        st.html(target_notes.notes(localised(rows), lang(), theme()))


def state_filter(outlook: pa.Table) -> str:
    """Which targets the register lists: all, or those in one state, each with its number."""
    number = Counter(state_group(row["progress"]) for row in outlook.to_pylist())
    number["all"] = outlook.num_rows
    shown = {
        name: t(f"figures.filter_{name}", count=number[name]) for name in _GROUPS if number[name]
    }
    return choice("state", t("figures.filter"), shown, style="segments")


def target_fan(row: Mapping[str, Any], month: date) -> None:
    """The months behind a target, its schedule, its forecast and what would be needed."""
    series = query("target_series", target_id=row["target_id"], to_month=month)
    fan = forecast_of(row)
    figure(
        t("figures.fan_title"),
        target_path.path(series, row, light_looks(), lang(), theme(), fan),
        target_path.describe_path(series, row, lang()),
        target_tables.series(series, row, lang(), fan),
        query="target_series",
        month=row["value_month"],
        titles=target_titles(),
    )
