"""Days of a unit's month that its rows cover, of the working days due."""

from __future__ import annotations

import itertools
import math
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from tests.recompute.exact import Row, first_day, month_end

if TYPE_CHECKING:
    from tests.recompute.returned import Returned

# Days off on weekdays and made-up weekends, typed in from the notices.
_OFF_DAYS = """2025-01-01 2025-01-28 2025-01-29 2025-01-30 2025-01-31 2025-02-03 2025-02-04
    2025-04-04
    2025-05-01 2025-05-02 2025-05-05 2025-06-02 2025-10-01 2025-10-02 2025-10-03 2025-10-06
    2025-10-07 2025-10-08 2026-01-01 2026-01-02 2026-02-16 2026-02-17 2026-02-18 2026-02-19
    2026-02-20 2026-02-23 2026-04-06 2026-05-01 2026-05-04 2026-05-05 2026-06-19 2026-09-25
    2026-10-01 2026-10-02 2026-10-05 2026-10-06 2026-10-07"""
# Without a notice: the days of the law, and the next working day for one on a weekend.
_OFF_DAYS += """ 2027-09-15 2027-10-01 2027-10-04 2027-10-05 2028-01-03 2028-01-25 2028-01-26
    2028-01-27 2028-01-28 2028-04-04 2028-05-01 2028-05-02"""
_MADE_UP_DAYS = """2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11 2026-01-04 2026-02-14
    2026-02-28 2026-05-09 2026-09-20 2026-10-10"""

OFF, MADE_UP = set(_OFF_DAYS.split()), set(_MADE_UP_DAYS.split())


def working(first: date, last: date) -> list[date]:
    """Working days from one day to another, both included."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [d for d in days if str(d) in MADE_UP or (d.weekday() < 5 and str(d) not in OFF)]


@cache
def dates_of(returned: Returned) -> dict[str, list[date]]:
    found: dict[str, set[date]] = {unit: set() for unit in returned.units}
    for row in returned.rows["labeling_daily"]:
        found[row["unit_id"]].add(row["date"])
    return {unit: sorted(days) for unit, days in found.items()}


@cache
def _habit(returned: Returned, unit: str) -> int | None:
    """The 90th percentile of working days left out between two days with rows."""
    dates = dates_of(returned)[unit]
    one = timedelta(days=1)
    left = sorted(len(working(a + one, b - one)) for a, b in itertools.pairwise(dates))
    return left[math.ceil(0.9 * len(left)) - 1] if left else None


@cache
def cover(returned: Returned, month: date, unit: str) -> Row:
    """Days of a unit's month: due, covered, first and last."""
    dates, habit = dates_of(returned)[unit], _habit(returned, unit)
    mine = [day for day in dates if first_day(day) == month]
    due = len(working(month, month_end(month)))
    gaps, one = 0, timedelta(days=1)
    for start, end, last in _stretches(mine, month, dates):
        silent = len(working(start + one, end - one))
        allowed = None if habit is None else habit if last else max(3, 2 * habit)
        gaps += silent if allowed is not None and silent > allowed else 0
    ahead = len(working(max(month, returned.today + one), month_end(month)))
    covered = due - max(gaps, ahead) if mine else 0
    return {
        "days_due": due,
        "days_covered": covered,
        "first_day": mine[0] if mine else None,
        "last_day": mine[-1] if mine else None,
        "whole": bool(mine) and covered == due,
    }


def _stretches(mine: list[date], month: date, dates: list[date]) -> list[tuple[date, date, bool]]:
    if not mine:
        return []
    one = timedelta(days=1)
    edges = [month - one, *mine, month_end(month) + one]
    return [
        (a, b, number == len(edges) - 2 and a == dates[-1])
        for number, (a, b) in enumerate(itertools.pairwise(edges))
    ]
