"""Six headline figures: value, change with its cause, and the months behind it."""

from __future__ import annotations

from datetime import date
from typing import Any

from oneninex.figures import statements, words
from oneninex.figures.registry import Ask, Column, Figure, Row, Rows, Scope, Shown, Tables, View
from oneninex.figures.specs import Line, Point, state_of

HEADLINES = (
    "items_accepted", "acceptance_rate", "hq_datasets", "labeling_enterprises", "workers",
    "labeling_revenue",
)  # fmt: skip
_QUARTERLY = {"labeling_revenue"}
_OF_LABELING = {"items_accepted", "acceptance_rate"}


def _build(view: View, tables: Tables, scope: Scope) -> Shown:
    rows = {row["indicator_id"]: row for row in tables["comparable_indicators"]}
    days = next(
        (row for row in tables["output_by_working_day"] if row["month"] == scope["to_month"]), None
    )
    tiles = [
        _tile(
            rows[name],
            _series(tables["indicator_series"], name),
            days,
            tables,
            view,
            scope,
        )
        for name in HEADLINES
        if name in rows
    ]
    said = [f"{tile['label']} {tile['value']}{tile['unit']}" for tile in tiles]
    return Shown(view.t("figures.list_stop", items=view.t("figures.comma").join(said)), {
        "tiles": tiles,
    })  # fmt: skip


def _series(rows: Rows, name: str) -> list[Row]:
    return [row for row in rows if row["indicator_id"] == name]


def _tile(
    row: Row, series: Rows, days: Row | None, tables: Tables, view: View, scope: Scope
) -> dict[str, Any]:
    written = words.amount(row["value"], row["unit"], view.lang)
    if row["value"] is None:
        key = {"C": "suppressed", "W": "waiting"}.get(row["status"], "missing")
        written = view.t(f"ui.state_word.{key}")
    value, unit = words.apart(written)
    points = tuple(
        Point(each["value"], state_of(each["status"], each["value"]), _tip(each, row, view))
        for each in series
    )
    return {
        "id": row["indicator_id"],
        "label": row["name"],
        "value": value,
        "worded": row["value"] is None,
        "unit": unit,
        "period": _period(row, tables["months"], scope, view),
        "state": state_of(row["status"], row["value"]),
        "changes": _changes(row, days, tables["january_february"], view),
        "spark": Line(points),
        "tip": _tips(series, row, view),
    }


def _changes(row: Row, days: Row | None, joined: Rows, view: View) -> list[tuple[str, str]]:
    """Two lines: against the period before and against the year before, over like units.

    January and February between which a holiday moves are compared together.
    """
    if row["indicator_id"] == "items_accepted" and joined:
        both = joined[0]
        pairs = [
            ("figures.joined_december", both["per_day"], both["per_day_before"]),
            ("figures.joined_year", both["current"], both["previous"]),
        ]
        if both["month"].month == 1:
            return [(view.t("figures.joined_year"), view.t("figures.joined_later"))]
        return [(view.t(key), words.change(now, old, row, view)) for key, now, old in pairs]
    if row["indicator_id"] == "items_accepted" and days and days["mom_per_day"] is not None:
        pairs = [
            ("figures.per_day_period", days["mom_per_day"], days["mom_per_day_before"]),
            ("figures.per_day_year", days["yoy_per_day"], days["yoy_per_day_before"]),
        ]
        return [(view.t(key), words.change(now, old, row, view)) for key, now, old in pairs]
    return [
        (view.t(f"figures.against_{base}"), _against(row, base, view))
        for base in ("period", "year")
    ]


def _against(row: Row, base: str, view: View) -> str:
    if row[f"{base}_suppressed"]:
        return view.t("ui.state_word.suppressed")
    return words.change(row[f"now_{base}"], row[f"before_{base}"], row, view)


def _period(row: Row, months: Rows, scope: Scope, view: View) -> str:
    """The quarter or month of a value that is not the chosen month's, the days of a running one."""
    at: date | None = row["month"]
    if at is None:
        return ""
    if row["indicator_id"] in _QUARTERLY:
        return view.t(f"figures.quarter_{(at.month + 2) // 3}")
    running = words.month_of(months, at)
    if row["indicator_id"] in _OF_LABELING and running and running["running"]:
        return statements.days_so_far(running, view.lang)
    return "" if at == scope["to_month"] else view.month(at)


def _tip(each: Row, row: Row, view: View) -> str:
    return f"{view.month(each['month'])} {words.amount(each['value'], row['unit'], view.lang)}"


def _tips(series: Rows, row: Row, view: View) -> str:
    return view.t("figures.semicolon").join(_tip(each, row, view) for each in series[-6:])


FIGURE = Figure(
    "headlines",
    (
        Ask("comparable_indicators"),
        Ask("indicator_series", {"scope": "city"}),
        Ask("output_by_working_day"),
        Ask("months"),
        Ask("january_february", {"indicator_id": "items_accepted"}, {"month": "to_month"}),
    ),
    _build,
    "headlines.html",
    columns=(
        Column("name", "text"),
        Column("month", "month"),
        Column("value"),
        Column("now_period"),
        Column("before_period"),
        Column("now_year"),
        Column("before_year"),
    ),
)
