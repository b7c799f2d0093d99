"""Working days of China, days off and make-up weekends (调休) included.

The plan's holiday table (`data/plan/holidays.csv`) holds the State Council's yearly arrangement
and wins for the years that it names. Any other year comes from the package `holidays`, which
knows the statutory days where it has no arrangement; `announced` is false then.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import holidays
import pyarrow as pa

DAYS = pa.schema(
    [
        ("date", pa.date32()),
        ("works", pa.bool_()),
        ("announced", pa.bool_()),
        ("holiday_zh", pa.string()),
        ("holiday_en", pa.string()),
    ]
)


def days(first_year: int, last_year: int, arrangement: pa.Table | None = None) -> pa.Table:
    """Return one row for each day of the years, both included; columns as in DAYS.

    holiday_zh and holiday_en name the holiday of a day off or of a make-up day, else NULL.
    """
    table = _by_day(arrangement)
    announced_years = _announced_years(arrangement)
    rows = []
    for day in _dates(date(first_year, 1, 1), date(last_year, 12, 31)):
        if day.year in announced_years:
            works, zh, en = table.get(day, (day.isoweekday() <= 5, None, None))
            announced = announced_years[day.year]
        else:
            works, zh, en, announced = _works(day), None, None, _is_announced(day.year)
        rows.append(
            {
                "date": day,
                "works": works,
                "announced": announced,
                "holiday_zh": zh,
                "holiday_en": en,
            }
        )
    return pa.Table.from_pylist(rows, DAYS)


def _by_day(arrangement: pa.Table | None) -> dict[date, tuple[bool, str, str]]:
    found = {}
    for row in arrangement.to_pylist() if arrangement else []:
        for day in _dates(row["first"], row["last"]):
            found[day] = row["kind"] == "work", row["name_zh"], row["name_en"]
    return found


def _announced_years(arrangement: pa.Table | None) -> dict[int, bool]:
    """Each year of the table with whether its whole arrangement was announced."""
    years: dict[int, bool] = {}
    for row in arrangement.to_pylist() if arrangement else []:
        for year in {row["first"].year, row["last"].year}:
            years[year] = years.get(year, True) and row["announced"]
    return years


def _dates(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _works(day: date) -> bool:
    return _calendar(day.year).is_working_day(day)


def _is_announced(year: int) -> bool:
    """Return whether the package knows the year's arrangement: each one moves days to weekends."""
    return any(day.year == year for day in _calendar(year).weekend_workdays)


def shift(day: date, working_days: int, arrangement: pa.Table | None = None) -> date:
    """Return the day that many working days after `day`, or before it for a negative number."""
    step = timedelta(days=1 if working_days > 0 else -1)
    known = days(day.year - 2, day.year + 3, arrangement).to_pylist()
    works = {row["date"]: row["works"] for row in known}
    left = abs(working_days)
    while left:
        day += step
        left -= works.get(day, day.isoweekday() <= 5)
    return day


@cache
def _calendar(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=[year], language="en_US", expand=False)


@cache
def spring_festival(year: int) -> date:
    """Return the first day of the lunar year."""
    named = _calendar(year).items()
    return min(day for day, name in named if name.startswith("Chinese New Year ("))
