"""Statements with preconditions: clauses that every surface takes from here.

Each function takes rows of a query and returns words, or an empty text where its precondition
does not hold. The numbers in the words come from the columns that the docstring names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from oneninex.core import formats
from oneninex.core.i18n import text

Row = Mapping[str, Any]
Item = TypeVar("Item")
LEVEL = 0.01  # a change of less than one per cent is said to be level
MAIN = 0.5  # the calendar is the main cause from this part of the change on


@dataclass(frozen=True)
class CalendarCause:
    """The working days behind a change: clauses before and after it, and their numbers."""

    before: str
    after: str
    days: str
    per_day: str


def calendar_cause(rows: Sequence[Row], lang: str) -> CalendarCause | None:
    """Return the working days as the main cause of a flow's change, from change_explained.

    None unless working days moved the same way as the change like for like, and by at least half
    of it. `days` comes from working_days and working_days_before, `per_day` from per_day and
    per_day_before.
    """
    row = next((each for each in rows if each["part"] == "calendar"), None)
    if row is None or not row["value"] or not row["per_day_before"] or not row["value_compared"]:
        return None
    change = row["value_compared"] - row["value_compared_before"]
    days = row["working_days"] - row["working_days_before"]
    expected = row["value_compared_before"] * days / row["working_days_before"]
    if change * expected <= 0 or abs(expected) < MAIN * abs(change):
        return None
    holidays = row[f"holidays_{lang}"]
    way = "fewer" if days < 0 else "more"
    key = f"statements.days_{way}" + ("_holiday" if holidays and days < 0 else "")
    written = formats.number(abs(days), lang)
    before = text(key, lang, days=written, holidays=holidays or "")
    step = row["per_day"] / row["per_day_before"] - 1
    per_day = formats.change(row["per_day"], row["per_day_before"], lang).lstrip(
        "+" + formats.MINUS
    )
    if abs(step) < LEVEL:
        return CalendarCause(before, text("statements.per_day_level", lang), written, "")
    way = "up" if step > 0 else "down"
    return CalendarCause(
        before, text(f"statements.per_day_{way}", lang, rate=per_day), written, per_day
    )


def largest(items: Sequence[Item], value: Callable[[Item], float | None]) -> list[Item]:
    """Return all items with the greatest value: one, or several where they are equal.

    A superlative needs the only one; none is returned where every value is zero or one item is
    all there is.
    """
    known = [(value(item), item) for item in items]
    known = [(number, item) for number, item in known if number is not None]
    if len(known) < 2 or not any(number for number, _ in known):
        return []
    most = max(number for number, _ in known)
    return [item for number, item in known if number == most]


def days_of_month(row: Row, lang: str) -> str:
    """Return 11月1—10日 for rows that hold a part of a month only (first_day, last_day)."""
    first, last = row["first_day"], row["last_day"]
    if lang == "zh":
        return f"{last.year}年{last.month}月{first.day}—{last.day}日"
    return f"{first.day}–{formats.day(last, lang)}"
