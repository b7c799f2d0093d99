"""Arithmetic without binary fractions: sums are exact, quotients have 28 digits."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Row = dict[str, Any]
Number = int | Decimal | None
Z = Decimal("1.959963984540054")  # 97.5% of a normal distribution


def number(cell: Any) -> Number:
    """A cell as a number: whole ones as int, so that counts compare as counts."""
    if cell is None or cell == "":
        return None
    exact = Decimal(str(cell).replace(",", ""))
    return int(exact) if exact == exact.to_integral_value() else exact


def known(values: Iterable[Any]) -> list[Any]:
    """Those that are not missing."""
    return [value for value in values if value is not None]


def total(values: Iterable[Number]) -> Number:
    """The sum of what is known; missing, not 0, when nothing is."""
    there = known(values)
    return sum(there) if there else None


def quotient(numerator: Number, denominator: Number) -> Decimal | None:
    """A ratio; missing where either is, or where there is nothing to divide by."""
    if numerator is None or not denominator:
        return None
    return Decimal(numerator) / Decimal(denominator)


def part(rows: Iterable[Row], denominator: str, numerator: str) -> Number:
    """The sum of a denominator over rows that tell the numerator too."""
    return total(row[denominator] for row in rows if row[numerator] is not None)


def share(rows: list[Row], numerator: str, denominator: str) -> Decimal | None:
    """A rate over rows that tell both."""
    return quotient(total(row[numerator] for row in rows), part(rows, denominator, numerator))


def rework(rows: list[Row]) -> Decimal | None:
    """What was rejected at least once, of what was reviewed."""
    good = share(rows, "accepted_first_pass", "reviewed")
    return None if good is None else 1 - good


def minus(left: Number, right: Number) -> Number:
    """A difference of two known numbers."""
    return None if left is None or right is None else left - right


def wilson(successes: Number, trials: Number) -> tuple[Number, Number]:
    """The 95% score interval of a proportion, by its formula."""
    if successes is None or not trials:
        return None, None
    n, p, z2 = Decimal(trials), Decimal(successes) / Decimal(trials), Z * Z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    margin = Z * (p * (1 - p) / n + z2 / (4 * n * n)).sqrt() / (1 + z2 / n)
    return max(centre - margin, Decimal(0)), min(centre + margin, Decimal(1))


def six_places(value: Decimal) -> Decimal:
    """Rounded half up to six decimals."""
    return value.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def first_day(day: date) -> date:
    return day.replace(day=1)


def month_end(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def shift(month: date, by: int) -> date:
    """The first day of the month so many months later."""
    count = month.year * 12 + month.month - 1 + by
    return date(count // 12, count % 12 + 1, 1)


def between(first: date, last: date) -> int:
    """How many months apart two months are."""
    return (last.year - first.year) * 12 + last.month - first.month


def months_from(first: date, last: date) -> list[date]:
    """Every month from one to another, both included."""
    return [shift(first_day(first), n) for n in range(between(first, last) + 1)]


def last_weekday(month: date) -> date:
    """The last Monday to Friday of a month."""
    day = month_end(month)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def joined(ids: Iterable[str]) -> str | None:
    """Ids with `|` between; missing when there is none."""
    return "|".join(sorted(ids)) or None
