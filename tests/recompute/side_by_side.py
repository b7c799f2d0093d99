"""Two places or months beside each other, from the values of each."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.recompute.exact import Row, quotient, shift
from tests.recompute.returned import Returned
from tests.recompute.series import CITY, GROWTH, NO_PARTS, every_value, series_of

NAMES = ("indicator_id", "name_zh", "name_en", "unit_zh", "unit_en", "kind", "better")


def side_by_side(
    returned: Returned,
    to_month: date | None = None,
    base_month: date | None = None,
    scope: str = CITY,
    base_scope: str | None = None,
) -> list[Row]:
    month = returned.newest(to_month)
    here = (scope, month)
    there = (base_scope or scope, base_month or shift(month, -1))
    return [
        {**{name: indicator[name] for name in NAMES}, **_pair(returned, indicator, here, there)}
        for indicator in returned.plan.indicators
    ]


def _pair(
    returned: Returned, indicator: Row, here: tuple[str, date], there: tuple[str, date]
) -> Row:
    name = indicator["indicator_id"]
    now = every_value(returned)[name, here[0]].get(here[1])
    before = every_value(returned)[name, there[0]].get(there[1])
    of_city = here[0] == there[0] == CITY
    values, units, reason = _alike(returned, indicator, now, before, of_city, (here[1], there[1]))
    change = relative = None
    if values[0] is not None and values[1] is not None:
        change = values[0] - values[1]
        if indicator["kind"] not in ("ratio", "growth"):
            share = quotient(values[0], values[1])
            relative = None if share is None else share - 1
            reason = None if values[1] else "base_zero"
    return {
        "scope": here[0],
        "month": here[1],
        **{key: now and now[key] for key in ("value", "status", "units_reported", "units_due")},
        "base_scope": there[0],
        "base_month": there[1],
        "value_before": before and before["value"],
        "before_status": before and before["status"],
        "before_units_reported": before and before["units_reported"],
        "before_units_due": before and before["units_due"],
        "units_compared": units,
        "change": change,
        "relative": relative,
        "reason": reason,
        "suppressed": False,
    }


def _alike(
    returned: Returned,
    indicator: Row,
    now: Row | None,
    before: Row | None,
    of_city: bool,
    months: tuple[date, date],
) -> tuple[tuple[Any, Any], int | None, str | None]:
    """Both values over the same units, how many those are, and why there are none."""
    if now is None or before is None:
        return (None, None), None, "no_value"
    if now["value"] is None or before["value"] is None:
        return (None, None), None, "missing"
    plain = now["value"], before["value"]
    if not of_city:
        return plain, None, None
    name = indicator["indicator_id"]
    if name in NO_PARTS or name == GROWTH or indicator["source"] == "indicator_values":
        whole = all(row["units_reported"] == row["units_due"] for row in (now, before))
        return (plain, None, None) if whole else ((None, None), None, "other_units")
    series = series_of(returned)
    both = tuple(
        unit
        for unit in series.in_value(name, months[0], returned.units)
        if unit in series.in_value(name, months[1], returned.units)
    )
    if not both:
        return (None, None), None, "other_units"
    return (
        (series.value(name, both, months[0]), series.value(name, both, months[1])),
        len(both),
        None,
    )
