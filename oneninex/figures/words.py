"""Values in the words of figures: number and unit apart, changes with their sign."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from oneninex.core import formats
from oneninex.figures.registry import View

Row = Mapping[str, Any]
_SPLIT = re.compile(r"^([−\d.,]+)\s*(.*)$")
MEASURES = {"%", *formats.MONEY, *formats.GIGABYTES}


def amount(value: float | None, unit: str, lang: str, digits: int | None = None) -> str:
    """A value with its unit; English names of counted things stay out."""
    if unit == "%":
        return formats.percent(value, lang)
    shown = unit if lang == "zh" or unit in MEASURES else None
    return formats.number(value, lang, digits, unit=shown)


def apart(written: str) -> tuple[str, str]:
    """The digits and what follows them: 262.5万条 is 262.5 and 万条."""
    found = _SPLIT.match(written)
    return (found[1], found[2]) if found else (written, "")


def change(now: float | None, before: float | None, row: Row, view: View) -> str:
    """The change of an indicator: points of a rate, number of a small count, else per cent."""
    if now is None or before is None:
        return view.t("figures.no_base")
    difference = now - before
    if row["unit"] == "%":
        return _level(formats.points(difference, view.lang), difference, 0.0005, view)
    counts = row["kind"] in ("stock", "cumulative") and row["unit"] not in MEASURES
    if counts and max(abs(now), abs(before)) < 1000:
        return counted(difference, row["unit"], view)
    if before <= 0:
        return formats.change(now, before, view.lang)
    return _level(formats.change(now, before, view.lang), difference / before, 0.0005, view)


def counted(difference: float, unit: str, view: View) -> str:
    """A difference of whole things: 增加4家, level for none."""
    if not difference:
        return view.t("figures.level")
    key = "figures.more" if difference > 0 else "figures.fewer"
    return view.t(key, amount=amount(abs(difference), unit, view.lang))


def is_low(row: Row) -> bool:
    """Whether a unit's acceptance rate lies below the 99.8% limit of its kind."""
    if row["measure"] != "acceptance_rate" or row["signal"] != "outside_998":
        return False
    return row["rate"] < row["low_998"]


def rate(share: float | None, view: View) -> str:
    """A relative change with its sign: +0.2%, level where it rounds to none."""
    if share is None:
        return view.t("figures.no_base")
    return formats.change(1 + share, 1, view.lang)


def month_of(months: Sequence[Row], month: date) -> Row | None:
    """Return the row of a month; `months`: rows of the query of that name."""
    return next((row for row in months if row["month"] == month), None)


def sentence(said: str) -> str:
    """Return words with a capital at their beginning."""
    return said[:1].upper() + said[1:]


def signed(values: Sequence[float], lang: str) -> list[str]:
    """Amounts with their sign, all on the step of the largest and with equal decimals."""
    steps = [(float(size), word) for size, word in formats.STEPS[lang]]
    most = max((abs(value) for value in values), default=0.0)
    size, word = max((step for step in steps if step[0] <= most), default=(1.0, ""))
    digits = 0 if not word else 1 if most >= 100 * size else 2
    return [
        formats.number(value / size, lang, digits).replace(formats.MINUS, "") + word
        if value >= 0
        else formats.MINUS + formats.number(-value / size, lang, digits) + word
        for value in values
    ]


def _level(written: str, share: float, least: float, view: View) -> str:
    return view.t("figures.level") if abs(share) < least else written
