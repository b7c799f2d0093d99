"""The sentence under a table of accepted items: how the newest month changed, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from oneninex.core.i18n import text
from oneninex.figures import statements

# Queries whose rows show accepted items month by month or a month against an earlier one.
QUERIES = {
    "change_explained", "city_by_month", "like_for_like", "output_by_working_day",
    "throughput_by_month", "what_changed",
}  # fmt: skip
_MEASURE = "items_accepted"
_TAKEN = ("unit_id", "modality")
Rows = list[dict[str, Any]]


def statement(
    name: str, rows: Rows, parameters: Mapping[str, Any], ask: Callable[..., Rows], lang: str
) -> str:
    """Return the change of accepted items of the newest month in a table, with its main cause.

    `ask` runs a query. Empty for other queries, a table without rows, a filter by kind of unit
    and a table of another indicator.
    """
    others = parameters.get("kind") or parameters.get("indicator_id", _MEASURE) != _MEASURE
    if name not in QUERIES or not rows or others:
        return ""
    month = max(row.get("last_month") or row["month"] for row in rows if "month" in row)
    chosen = {key: parameters[key] for key in _TAKEN if parameters.get(key)}
    chosen |= {"month": month, "indicator_id": _MEASURE}
    found = next(row for row in ask("months") if row["month"] == month)
    changes = statements.flow_changes(
        ask("change_explained", **chosen), ask("january_february", **chosen), _MEASURE, month,
        lang, running=found["running"],
    )  # fmt: skip
    words = statements.joined_words(changes, lang)
    return text("cli.flow_statement", lang, period=statements.period(found, lang), changes=words)
