# ruff: noqa: E501 - a pattern stays on one line
"""Periods that a question names, relative ones counted from the data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
           "十一": 11, "十二": 12}  # fmt: skip
_NUMBER = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")  # fmt: skip
_NAMED = "|".join([*_MONTHS, *(name[:3] for name in _MONTHS), "sept"])
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}
_YEAR = r"(?P<year>20\d\d|今年|去年|上年|前年|本年)"
_ENGLISH_YEAR = r"(?:\s*(?:of\s+)?(?P<year>20\d\d|this year|last year))?"

# Tried in this order at each place of a sentence; the first that fits is taken.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("to_date", r"今年以来|年初以来|年初至今|今年累计|本年累计|全年累计|累计|(?:so far )?this year(?: so far| to date)|year to date|ytd|so far this year|since january"),
        ("span", rf"(?:{_YEAR}年?)?\s*(?P<first>{_NUMBER})月?\s*(?:-|至|到|~)\s*(?P<last>{_NUMBER})月份?"),
        ("first_months", rf"(?:{_YEAR}年?)?前\s*(?P<last>{_NUMBER})个?月"),
        ("quarter", rf"(?:{_YEAR}年?)?\s*第?\s*(?P<quarter>[一二三四1-4])季度?"),
        ("quarter", rf"(?:{_YEAR}年?)?\s*q(?P<quarter>[1-4])(?![0-9a-z]){_ENGLISH_YEAR.replace('year>', 'after>')}"),
        ("quarter", rf"(?:the )?(?P<quarter>first|second|third|fourth|1st|2nd|3rd|4th) quarter{_ENGLISH_YEAR}"),
        ("last_quarter", r"上季度?|上个季度|最近一个季度|本季度?|last quarter|this quarter|the latest quarter"),
        ("half", rf"(?:{_YEAR}年?)?(?P<half>[上下])半年"),
        ("half", r"(?P<half>first|second) half(?: of (?P<year>20\d\d))?"),
        ("month", rf"{_YEAR}年?\s*(?P<month>{_NUMBER})月份?"),
        ("month", r"(?P<year>20\d\d)[-/.](?P<month>1[0-2]|0?[1-9])(?!\d)"),
        ("month", rf"(?P<month>{_NUMBER})月份?"),
        ("month", rf"(?:in )?(?P<month>{_NAMED})(?![a-z])(?:\.|,)?{_ENGLISH_YEAR}"),
        ("last_month", r"上个?月份?|上一个?月|last month|the previous month|previous month"),
        ("month_before", r"前个?月(?!\d)|上上个?月"),
        ("newest", r"本月份?|这个?月|当月|最近一?个?月?|最新|当前|目前|现在|如今|this month|the latest month|latest|current|currently|now|today|at the moment|right now"),
        ("year", r"(?P<year>20\d\d)年?(?!\d)|(?P<word>去年|上年|今年|本年|前年)(?:全年)?|(?P<english>last year|this year)"),
    )
)  # fmt: skip


@dataclass(frozen=True)
class Period:
    """Months from `first` to `last` (first days); `kind` month, span, quarter or year."""

    first: date
    last: date
    kind: str = "month"

    @property
    def is_month(self) -> bool:
        """Check whether it is one month."""
        return self.first == self.last


def find(text: str, at: int, newest: date, today: date) -> tuple[Period, int] | None:
    """Return the period that begins at a place of a sentence, and where it ends; None for none.

    `newest` is the newest month of the data. A relative month that has no data yet is the newest:
    on the first days of December, last month is October while November is not reported.
    """
    for name, pattern in _PATTERNS:
        found = pattern.match(text, at)
        if found and found.end() > at:
            period = _period(name, found.groupdict(), newest, today)
            if period is not None:
                return period, found.end()
    return None


def _period(name: str, told: dict[str, str | None], newest: date, today: date) -> Period | None:
    year = _year(told, newest)
    if name == "to_date":
        return Period(date(newest.year, 1, 1), newest, "span")
    if name in ("span", "first_months"):
        first, last = _number(told.get("first") or "1"), _number(told["last"] or "")
        chosen = year or newest.year
        return (
            Period(date(chosen, first, 1), date(chosen, last, 1), "span") if first < last else None
        )
    if name == "quarter":
        word = told["quarter"] or ""
        number = _ORDINALS.get(word) or (int(word) if word.isdigit() else _DIGITS[word])
        return _quarter(year or _latest_year(newest, number * 3 - 2), number)
    if name == "last_quarter":
        return _quarter(newest.year, (newest.month - 1) // 3 + 1, whole_by=newest)
    if name == "half":
        first = 1 if told["half"] in ("上", "first") else 7
        chosen = year or newest.year
        return Period(date(chosen, first, 1), date(chosen, first + 5, 1), "span")
    if name == "month":
        number = _number(told["month"] or "")
        month = date(year or _latest_year(newest, number), number, 1)
        return Period(month, month)
    if name == "year":
        chosen = year or newest.year
        last = newest if chosen == newest.year else date(chosen, 12, 1)
        return Period(date(chosen, 1, 1), last, "year")
    back = {"newest": 0, "last_month": 1, "month_before": 2}[name]
    month = min(_back(today.replace(day=1), back), newest)
    return Period(month, month)


def _year(told: dict[str, str | None], newest: date) -> int | None:
    word = told.get("year") or told.get("after") or told.get("word") or told.get("english")
    if word is None:
        return None
    if word.isdigit():
        return int(word)
    back = {"去年": 1, "上年": 1, "前年": 2, "last year": 1}.get(word, 0)
    return newest.year - back


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    if word in _DIGITS:
        return _DIGITS[word]
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(word[:3]))


def _latest_year(newest: date, month: int) -> int:
    """The year in which a month without one was last reached."""
    return newest.year if month <= newest.month else newest.year - 1


def _quarter(year: int, number: int, whole_by: date | None = None) -> Period:
    last = date(year, number * 3, 1)
    if whole_by is not None and last > whole_by:
        year, number = (year, number - 1) if number > 1 else (year - 1, 4)
    return Period(date(year, number * 3 - 2, 1), date(year, number * 3, 1), "quarter")


def _back(month: date, months: int) -> date:
    count = month.year * 12 + month.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)
