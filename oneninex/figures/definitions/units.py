"""Units in order of output, with the map that says where they are."""

from __future__ import annotations

from typing import Any

from oneninex.core import formats
from oneninex.figures import words
from oneninex.figures.maps import locator
from oneninex.figures.registry import Ask, Column, Figure, Row, Rows, Scope, Shown, Tables, View
from oneninex.figures.specs import Line, Point, state_of


def _build(view: View, tables: Tables, scope: Scope) -> Shown:
    ranking = comparable(tables["unit_ranking"], tables["january_february"])
    series: dict[str, list[Row]] = {}
    for row in tables["output_by_unit_month"]:
        series.setdefault(row["unit_id"], []).append(row)
    low = {row["unit_id"] for row in tables["quality_funnel"] if words.is_low(row)}
    digits = _digits(ranking)
    rows = [_row(row, series.get(row["unit_id"], []), low, digits, view) for row in ranking]
    months = len({row["month"] for row in tables["output_by_unit_month"]})
    places = {row["unit_id"]: row for row in tables["units"]}
    kinds = {"first": False, "named": False, "assumed": False, "missing": False}
    for row in ranking:
        place = places.get(row["unit_id"])
        if place:
            kinds[_kind(place, row)] = True
    return Shown(
        statement(ranking, view),
        {
            "rows": rows,
            "months": months,
            "map": locator.locator(ranking, places, view),
            "kinds": kinds,
        },
    )


def comparable(ranking: Rows, joined: Rows) -> Rows:
    """Return the units without their changes where a moving holiday distorts the month."""
    return [{**row, "per_day_change": None} for row in ranking] if joined else ranking


def _kind(place: Row, row: Row) -> str:
    if row["accepted"] is None:
        return "missing"
    if "data_factory" in (place["roles"] or ""):
        return "first"
    return "named" if place["named_in"] == "published_text" else "assumed"


def _digits(rows: Rows) -> int | None:
    """One number of decimals for the whole column."""
    return 1 if any((row["accepted"] or 0) >= formats.WHOLE for row in rows) else None


def _row(row: Row, series: Rows, low: set[str], digits: int | None, view: View) -> dict[str, Any]:
    points = tuple(
        Point(each["accepted"], state_of(each["status"], each["accepted"])) for each in series
    )
    late = ""
    if row["accepted"] is None:
        late = view.t("ui.state_word.suppressed" if row["status"] == "C" else "figures.missing")
        if row["days_late"]:
            late = view.t("figures.overdue", days=row["days_late"])
    return {
        "id": row["unit_id"],
        "number": view.number_of(row["unit_id"]),
        "name": view.unit(row["unit_id"]),
        "spark": Line(points, height=20, area=False),
        "value": formats.number(row["accepted"], view.lang, digits),
        "change": "—" if row["per_day_change"] is None else words.rate(row["per_day_change"], view),
        "rate": formats.percent(row["acceptance_rate"], view.lang),
        "low": row["unit_id"] in low,
        "late": late,
        "tip": tip(row, view),
    }


def tip(row: Row, view: View) -> str:
    """Name and value for a pointer."""
    if row["accepted"] is None:
        return view.t(
            "figures.unit_tip", unit=view.unit(row["unit_id"]), value=formats.missing(view.lang)
        )
    value = words.amount(row["accepted"], view.t("overview.items_unit"), view.lang)
    return view.t("figures.unit_tip", unit=view.unit(row["unit_id"]), value=value)


def statement(rows: Rows, view: View) -> str:
    """How many units rose and fell on each working day, and who did not report."""
    changes = [row["per_day_change"] for row in rows if row["per_day_change"] is not None]
    missing = [view.unit(row["unit_id"]) for row in rows if row["accepted"] is None]
    parts = []
    if changes:
        up, down = (sum(1 for c in changes if c * sign > 0) for sign in (1, -1))
        parts.append(view.t("figures.units_moves", up=up, down=down))
    if missing:
        names = formats.listing(missing[:3], view.lang)
        key = "figures.units_missing" if len(missing) <= 3 else "figures.units_missing_more"
        parts.append(view.t(key, names=names, count=len(missing)))
    if not parts:
        return ""
    said = view.t("figures.list_stop", items=view.t("figures.semicolon").join(parts))
    return words.sentence(said)


FIGURE = Figure(
    "units",
    (
        Ask("unit_ranking"),
        Ask("january_february", {"indicator_id": "items_accepted"}, {"month": "to_month"}),
        Ask("output_by_unit_month"),
        Ask("quality_funnel"),
        Ask("units"),
    ),
    _build,
    "units.html",
    scope=("to_month", "against"),
    columns=(
        Column("unit_id", "unit"), Column("accepted"), Column("share", "percent"),
        Column("per_day"), Column("per_day_change", "percent"),
        Column("acceptance_rate", "percent"), Column("missing_returns"), Column("days_late"),
        Column("status", "text"),
    ),
)  # fmt: skip
