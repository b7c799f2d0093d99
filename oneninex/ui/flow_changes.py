"""The change of a flow with its cause, as statements say it on every surface."""

from __future__ import annotations

from datetime import date
from typing import Any

from oneninex.core import formats
from oneninex.figures import statements
from oneninex.figures.statements import Clause
from oneninex.ui.context import lang, query

_BASES = {1: "previous_month", 12: "previous_year"}
Rows = list[dict[str, Any]]


def explained(indicator_id: str, month: date, **scope: str | None) -> tuple[Rows, Rows]:
    """Return the rows of change_explained and january_february of a flow in a month.

    `scope`: unit_id and modality.
    """
    chosen = {"indicator_id": indicator_id, "month": month, **scope}
    return (
        query("change_explained", **chosen).to_pylist(),
        query("january_february", **chosen).to_pylist(),
    )


def flow_changes(indicator_id: str, month: date, **scope: str | None) -> list[Clause]:
    """Return 同比 and 环比 of a flow in a month, each with its main cause; none of what is no flow.

    `scope`: unit_id and modality.
    """
    if indicator_id not in statements.FLOWS:
        return []
    parts, joined = explained(indicator_id, month, **scope)
    running = is_running(month)
    if not parts and not joined and not running:
        return []
    return statements.flow_changes(parts, joined, indicator_id, month, lang(), running=running)


def is_running(month: date) -> bool:
    """Check whether no unit has the month whole yet."""
    return any(row["running"] for row in query("months").to_pylist() if row["month"] == month)


def period(month: date, unit_id: str | None = None) -> str:
    """Return a month in words, or its days where it is running or the unit sent only some."""
    (found,) = [row for row in query("months").to_pylist() if row["month"] == month] or [None]
    if unit_id and found and not found["running"]:
        rows = query(
            "period_coverage", unit_id=unit_id, from_month=month, to_month=month,
            kind="labeling_daily",
        ).to_pylist()  # fmt: skip
        if rows and rows[0]["status"] == "partial":
            return statements.days_of_month(rows[0], lang())
    return statements.period(found, lang()) if found else formats.month(month, lang())


def change_between(indicator_id: str, month: date, base: date, **scope: str | None) -> str:
    """Return the change of a flow from one month to another, empty unless they are 同比 or 环比."""
    months = (month.year - base.year) * 12 + month.month - base.month
    if months not in _BASES:
        return ""
    parts, joined = explained(indicator_id, month, **scope)
    if joined:
        said = statements.flow_changes(parts, joined, indicator_id, month, lang())
        return statements.joined_words(said, lang())
    rows = [row for row in parts if row["comparison"] == _BASES[months]]
    return statements.flow_change(rows, _BASES[months], lang()).text if rows else ""
