"""Months, quarters, kinds of days, and random numbers that depend on nothing but their name."""

import calendar
import zlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

import holidays
import numpy as np

DayKind = Literal["workday", "saturday", "sunday", "festival"]


@dataclass(frozen=True)
class Span:
    """So many months up to and including `last`."""

    last: date
    count: int

    @property
    def months(self) -> list[date]:
        """First days, oldest first."""
        return [shift(self.last, -n) for n in reversed(range(self.count))]

    @property
    def quarters(self) -> list[date]:
        """First months of the quarters that lie wholly within the span."""
        return [m for m in self.months if m.month % 3 == 1 and shift(m, 2) <= self.last]


def shift(month: date, by: int) -> date:
    """The first day of the month `by` months later."""
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)


def between(start: date, end: date) -> int:
    """Whole months from one first of month to another."""
    return (end.year - start.year) * 12 + end.month - start.month


def month_end(month: date) -> date:
    """The last day of the month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def quarter_name(month: date) -> str:
    """`2026Q3` for July 2026."""
    return f"{month.year}Q{(month.month - 1) // 3 + 1}"


def days_of(month: date) -> list[date]:
    """Every day of the month."""
    return [month + timedelta(days=n) for n in range(month_end(month).day)]


@cache
def day_kind(day: date, run: int) -> DayKind:
    """What the day is in China; `run` free days in a row make a festival of each of them."""
    if _works(day):
        return "workday"
    if _free_days_around(day) >= run:
        return "festival"
    # A free weekday outside a festival is a long weekend: like a Sunday.
    return "saturday" if day.weekday() == 5 else "sunday"


@cache
def near_spring_festival(day: date, within: int) -> bool:
    """Whether a Spring Festival begins or ended within so many days."""
    nearby = (day + timedelta(days=n) for n in range(-within - 7, within + 1))
    return any("Spring Festival" in _calendar(near.year).get(near, "") for near in nearby)


def generator(seed: int, *name: object) -> np.random.Generator:
    """Random numbers for one named thing: the same whatever else is written."""
    return np.random.default_rng([seed, zlib.crc32(" ".join(map(str, name)).encode())])


def _works(day: date) -> bool:
    return _calendar(day.year).is_working_day(day)


def _free_days_around(day: date) -> int:
    first = last = day
    while not _works(first - timedelta(days=1)):
        first -= timedelta(days=1)
    while not _works(last + timedelta(days=1)):
        last += timedelta(days=1)
    return (last - first).days + 1


@cache
def _calendar(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=[year], language="en_US", expand=False)
