"""Working days of China by month, days off and make-up weekends included.

Source: the package `holidays`, which carries the State Council's yearly arrangement. It is
published a few months before the year begins; for a year without one the package knows the
statutory days only, and `announced` is false.
"""

from datetime import date, timedelta
from functools import cache

import holidays
import pyarrow as pa

SCHEMA = pa.schema(
    [("month", pa.date32()), ("working_days", pa.int64()), ("announced", pa.bool_())]
)


def table(first_year: int, last_year: int) -> pa.Table:
    """One row for each month of the years, both included; columns as in SCHEMA."""
    rows = [
        _month(year, month) for year in range(first_year, last_year + 1) for month in range(1, 13)
    ]
    return pa.Table.from_pylist(rows, SCHEMA)


def announced(year: int) -> bool:
    """Whether the arrangement of the year is known: every one so far moved days to weekends."""
    return any(day.year == year for day in _calendar(year).weekend_workdays)


def works(day: date) -> bool:
    """Whether the day is a working day, as far as its year is known."""
    return _calendar(day.year).is_working_day(day)


def _month(year: int, month: int) -> dict[str, object]:
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    days = [first + timedelta(days=n) for n in range((following - first).days)]
    worked = sum(map(works, days))
    return {"month": first, "working_days": worked, "announced": announced(year)}


@cache
def _calendar(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=[year], language="en_US", expand=False)
