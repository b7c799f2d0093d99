"""Statements with preconditions: clauses that every surface takes from here.

Each function takes rows of a query and returns words, or an empty text where its precondition
does not hold. The numbers in the words come from the columns that the docstring names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from oneninex.core import formats
from oneninex.core.i18n import text

Row = Mapping[str, Any]
Item = TypeVar("Item")
LEVEL = 0.01  # a change of less than one per cent is said to be level
MAIN = 0.5  # causes are named until they make up this part of the change
MOST_CAUSES = 2
FLOWS = ("items_accepted", "items_annotated", "annotated_volume")


@dataclass(frozen=True)
class Number:
    """A number in a clause: as written, how it is made, and the columns of the row it is from."""

    written: str
    made: str
    row: Row
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Clause:
    """Words with the numbers in them; empty where their precondition does not hold."""

    text: str
    numbers: tuple[Number, ...] = ()


def flow_changes(
    explained: Sequence[Row],
    joined: Sequence[Row],
    indicator: str,
    month: date,
    lang: str,
    *,
    running: bool = False,
) -> list[Clause]:
    """Return 同比 and 环比 of a flow in a month, each with its main cause.

    `explained`: change_explained of the month, both comparisons; `joined`: january_february. In
    January and February of a year whose Spring Festival moved both months are compared together;
    a `running` month is compared with nothing.
    """
    if running:
        return [Clause(text("statements.running", lang))]
    for row in joined:
        if row["indicator_id"] == indicator and row["month"] == month:
            return _joined(row, lang)
    return [
        flow_change([row for row in explained if _is_of(row, indicator, month, base)], base, lang)
        for base in ("previous_year", "previous_month")
    ]


def flow_change(rows: Sequence[Row], base: str, lang: str) -> Clause:
    """Return the change of a flow over like units with its main cause in the same clause.

    `rows`: the parts of one indicator, month and comparison (`base`) of change_explained. The
    change is value_compared against value_compared_before, the causes are part_compared.
    """
    when = "year" if base == "previous_year" else "month"
    if not rows or rows[0]["value_compared"] is None or rows[0]["value_compared_before"] is None:
        hidden = bool(rows) and rows[0]["suppressed"]
        return Clause(text(f"briefing.{'withheld' if hidden else 'no'}_{when}", lang))
    row = rows[0]
    change = relative_change(row, "value_compared", "value_compared_before", when, lang)
    causes = main_causes(rows, "part_compared")
    if not change.numbers or not causes or change.numbers[0].made == "zero":
        return change
    if causes[0]["part"] == "calendar" and len(causes) == 1:
        return calendar_change(change, row, lang)
    listed = formats.listing([cause_words(cause, "part_compared", lang) for cause in causes], lang)
    days = [_days(row, lang)] if any(cause["part"] == "calendar" for cause in causes) else []
    ordered = [*days, *change.numbers] if lang == "zh" else [*change.numbers, *days]
    said = text("statements.caused", lang, change=change.text, causes=listed)
    return Clause(said, tuple(ordered))


def relative_change(row: Row, now: str, before: str, when: str, lang: str) -> Clause:
    """Return 同比增长3.1% from two columns of a row; `when`: year, month or quarter."""
    value, base = row[now], row[before]
    if base <= 0:
        sign = "zero" if base == 0 else "negative"
        said = text(f"briefing.base_{sign}_{when}", lang)
        return Clause(said, (Number("0", "zero", row, (before,)),))
    written = formats.change(value, base, lang).lstrip("+" + formats.MINUS)
    if not any(sign in written for sign in "123456789"):
        return Clause(text(f"briefing.level_{when}", lang))
    way = "grew" if value > base else "fell"
    said = text(f"briefing.{way}_{when}", lang, value=written)
    return Clause(said, (Number(written, "growth", row, (now, before)),))


def main_causes(rows: Sequence[Row], column: str) -> list[Row]:
    """Return the largest parts of a change in its own direction until they are half of it.

    Empty where no part works in the direction of the change, or MOST_CAUSES are less than half.
    """
    change = sum(row[column] or 0 for row in rows)
    same = sorted(
        (row for row in rows if (row[column] or 0) * change > 0), key=lambda row: -abs(row[column])
    )
    for count in range(1, min(len(same), MOST_CAUSES) + 1):
        if abs(sum(row[column] for row in same[:count])) >= MAIN * abs(change):
            return same[:count]
    return []


def cause_words(row: Row, column: str, lang: str) -> str:
    """Return one part of a change in words, with its direction."""
    way = "up" if row[column] > 0 else "down"
    if row["part"] == "calendar":
        days = formats.number(abs(row["working_days"] - row["working_days_before"]), lang)
        return text(f"statements.cause_calendar_{way}", lang, days=days)
    return text(f"statements.cause_{row['part']}_{way}", lang)


def calendar_change(change: Clause, row: Row, lang: str) -> Clause:
    """Return a change with its working days before it and the pace of a working day after it.

    The numbers are working_days and per_day of the row, each with its value before.
    """
    before, days = working_days(row, lang), _days(row, lang)
    pace = formats.change(row["per_day"], row["per_day_before"], lang)
    pace = pace.lstrip("+" + formats.MINUS)
    step = row["per_day"] / row["per_day_before"] - 1
    if abs(step) < LEVEL:
        after, numbers = text("statements.per_day_level", lang), ()
    else:
        after = text(f"statements.per_day_{'up' if step > 0 else 'down'}", lang, rate=pace)
        numbers = (Number(pace, "growth", row, ("per_day", "per_day_before")),)
    return Clause(f"{before}{change.text}{after}", (days, *change.numbers, *numbers))


def working_days(row: Row, lang: str) -> str:
    """Return 因国庆节假期工作日减少4天， from working_days of a row with its value before."""
    holidays = _name(row, "holidays", lang)
    way = "fewer" if row["working_days"] < row["working_days_before"] else "more"
    key = f"statements.days_{way}" + ("_holiday" if holidays else "")
    return text(key, lang, days=_days(row, lang).written, holidays=holidays or "")


def calendar_alone(now: float, before: float, row: Row, lang: str) -> Clause:
    """Return the working days as the main cause of the change of a flow that has no parts.

    Empty unless they moved the same way and make up half of it; `row`: of change_explained.
    """
    days = row["working_days"] - row["working_days_before"]
    expected = before * days / row["working_days_before"]
    if (now - before) * expected <= 0 or abs(expected) < MAIN * abs(now - before):
        return Clause("")
    return Clause(working_days(row, lang), (_days(row, lang),))


def _days(row: Row, lang: str) -> Number:
    written = formats.number(abs(row["working_days"] - row["working_days_before"]), lang)
    return Number(written, "difference", row, ("working_days", "working_days_before"))


def _name(row: Row, stem: str, lang: str) -> str:
    """Return a name of a row, whether it has a column for each language or is localised."""
    return row[f"{stem}_{lang}"] if f"{stem}_{lang}" in row else row[stem]


def _is_of(row: Row, indicator: str, month: date, base: str) -> bool:
    return (row["indicator_id"], row["month"], row["comparison"]) == (indicator, month, base)


def _joined(row: Row, lang: str) -> list[Clause]:
    """January and February against last year's, and their pace against December's."""
    named = {"holiday": _name(row, "holiday", lang)}
    if row["month"].month == 1:
        return [Clause(text("statements.january", lang, **named))]
    if row["previous"] is None:
        return [Clause(text("statements.joined_none", lang, **named))]
    year = relative_change(row, "current", "previous", "year", lang)
    said = text("statements.joined", lang, change=year.text, **named)
    if row["per_day"] is None or not row["per_day_before"]:
        return [Clause(said, year.numbers)]
    step = row["per_day"] / row["per_day_before"] - 1
    if abs(step) < LEVEL:
        return [Clause(said, year.numbers), Clause(text("statements.december_level", lang))]
    rate = formats.change(row["per_day"], row["per_day_before"], lang).lstrip("+" + formats.MINUS)
    pace = text(f"statements.december_{'up' if step > 0 else 'down'}", lang, rate=rate)
    number = Number(rate, "growth", row, ("per_day", "per_day_before"))
    return [Clause(said, year.numbers), Clause(pace, (number,))]


def joined_words(clauses: Sequence[Clause], lang: str) -> str:
    """Return clauses in one sentence, empty ones left out."""
    return text("statements.joint", lang).join(each.text for each in clauses if each.text)


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


def period(month: Row, lang: str) -> str:
    """Return a month in words, or its days so far while it is running; `month`: of months."""
    if not month["running"] or month["last_day"] is None:
        return formats.month(month["month"], lang)
    return days_of_month({"first_day": month["month"], "last_day": month["last_day"]}, lang)


def days_so_far(month: Row, lang: str) -> str:
    """Return the days of a running month without its name, 1—10日; empty for any other."""
    if not month["running"] or month["last_day"] is None:
        return ""
    return text("statements.days_so_far", lang, last=month["last_day"].day)


def as_at(month: Row, lang: str) -> str:
    """Return the end of a month in words, or its newest day while it is running."""
    if not month["running"] or month["last_day"] is None:
        return text("statements.end_of", lang, month=formats.month(month["month"], lang))
    return formats.day(month["last_day"], lang)


def days_of_month(row: Row, lang: str) -> str:
    """Return 11月1—10日 for rows that hold a part of a month only (first_day, last_day)."""
    first, last = row["first_day"], row["last_day"]
    if lang == "zh":
        return f"{last.year}年{last.month}月{first.day}—{last.day}日"
    return f"{first.day}–{formats.day(last, lang)}"
