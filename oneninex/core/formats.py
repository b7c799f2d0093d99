"""Numbers and dates as a reader of each language expects them; pure functions.

Rates arrive as fractions, months as first-of-month dates, None (or NaN) as missing. Rounding is
half up, as people do it, and the minus is the typographic one (U+2212), as plotly draws it.
Storage is decimal throughout: 1 TB = 1000 GB.
"""

import math
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list

from oneninex.core.i18n import text

# Parsed once: by its code, every date would look for its locale anew.
LOCALES = {"zh": Locale.parse("zh_CN"), "en": Locale.parse("en_GB")}
MINUS = "\u2212"
# Below this a count is short enough to print whole in both languages.
WHOLE = Decimal(10_000)
Steps = tuple[tuple[Decimal, str], ...]
STEPS: dict[str, Steps] = {
    "zh": ((Decimal(10) ** 4, "万"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 12, "万亿")),
    "en": ((Decimal(10) ** 3, " k"), (Decimal(10) ** 6, " M"), (Decimal(10) ** 9, " B")),
}
SIZES: Steps = ((Decimal(1), " GB"), (Decimal(10) ** 3, " TB"), (Decimal(10) ** 6, " PB"))
GIGABYTES = {"GB": 1, "TB": 1000, "PB": 1_000_000}
# Money comes in 万元; printing 万 before 万元 would read as "ten thousand ten thousands".
MONEY = {"万元": "元", "10k CNY": "CNY"}

Number = int | float | Decimal | None


def missing(lang: str) -> str:
    """The word for a value that was not reported."""
    return text("formats.missing", lang)


def number(value: Number, lang: str, digits: int | None = None, unit: str | None = None) -> str:
    """A compact number, 3 to 4 significant digits: 1.23亿, 45.6万 / 123.5 M, 456 k.

    `digits` fixes the decimals (for columns that line up); `unit` follows the number. The units
    万元 / 10k CNY are resolved into 元 / CNY, GB and TB climb to PB, and % takes a fraction.
    """
    amount = _decimal(value)
    if amount is None:
        return missing(lang)
    if unit == "%":
        return percent(value, lang, 1 if digits is None else digits)
    if unit in GIGABYTES:
        return _climb(amount * GIGABYTES[unit], SIZES, digits)
    if unit in MONEY:
        amount, unit = amount * 10_000, MONEY[unit]
    return _join(_compact(amount, lang, digits), unit)


def exact(value: Number, lang: str) -> str:
    """Every digit, thousands separated, at most six decimals: 1,234,567.8."""
    amount = _decimal(value)
    if amount is None:
        return missing(lang)
    return _plain(amount, 6, strip=True)


def percent(value: Number, lang: str, digits: int = 1) -> str:
    """A fraction as per cent: 0.1234 → 12.3%."""
    amount = _decimal(value)
    return missing(lang) if amount is None else _plain(amount * 100, digits) + "%"


def points(difference: Number, lang: str, digits: int = 1) -> str:
    """The difference of two rates, given as a fraction: 0.012 → +1.2 个百分点 / +1.2 pp."""
    amount = _decimal(difference)
    return gap(None if amount is None else amount * 100, lang, digits)


def gap(percentage_points: Number, lang: str, digits: int = 1) -> str:
    """A difference that is already in percentage points (the column gap_pp): −30.0 个百分点."""
    amount = _decimal(percentage_points)
    if amount is None:
        return missing(lang)
    return text("formats.points", lang, value=_signed(_plain(amount, digits)))


def change(
    now: Number,
    before: Number,
    lang: str,
    against: Literal["year", "period"] | None = None,
    digits: int = 1,
) -> str:
    """Relative change with its sign, or the words that say why there is none.

    A zero base gives 基数为0, a negative one 基数为负; `against` puts 同比 or 环比 in words.
    """
    current, base = _decimal(now), _decimal(before)
    if current is None or base is None:
        return missing(lang)
    if base == 0:
        return text("formats.base_zero", lang)
    if base < 0:
        return text("formats.base_negative", lang)
    rate = _signed(_plain((current - base) / base * 100, digits)) + "%"
    if against is None:
        return rate
    key = "formats.against_year" if against == "year" else "formats.against_period"
    return text(key, lang, value=rate)


def interval(low: Number, high: Number, lang: str, digits: int = 1) -> str:
    """Two fractions as a span of per cent: 49.0%–94.3%."""
    if _decimal(low) is None or _decimal(high) is None:
        return missing(lang)
    return f"{percent(low, lang, digits)}–{percent(high, lang, digits)}"


def month(value: date | None, lang: str) -> str:
    """2026年10月 / Oct 2026."""
    return _date(value, lang, {"zh": "y年M月", "en": "MMM y"})


def short_month(value: date | None, lang: str) -> str:
    """10月 / Oct, where the year is known."""
    return _date(value, lang, {"zh": "M月", "en": "MMM"})


def day(value: date | None, lang: str) -> str:
    """2026年3月5日 / 5 Mar 2026."""
    return _date(value, lang, {"zh": "y年M月d日", "en": "d MMM y"})


def quarter(value: str | None, lang: str) -> str:
    """2026Q3 → 2026年三季度 / Q3 2026; raises ValueError for anything that is not a quarter."""
    if value is None:
        return missing(lang)
    year, _, ordinal = value.partition("Q")
    if not (year.isdecimal() and len(year) == 4 and ordinal in {"1", "2", "3", "4"}):
        raise ValueError(f"{value!r} is not a quarter like 2026Q3")
    return text(f"formats.quarter_{ordinal}", lang, year=year)


def listing(names: Iterable[str], lang: str) -> str:
    """Names in a row: 甲、乙和丙 / A, B and C; empty for none."""
    return format_list(list(names), locale=LOCALES[lang])


def _decimal(value: Number) -> Decimal | None:
    """The value as printed, so that 0.145 rounds as people round it; None where there is none."""
    if value is None or not math.isfinite(value):
        return None
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _compact(amount: Decimal, lang: str, digits: int | None) -> str:
    if _round(abs(amount), 0) < WHOLE:
        return _scaled(amount, Decimal(1), digits)
    return _climb(amount, STEPS[lang], digits)


def _climb(amount: Decimal, steps: Steps, digits: int | None) -> str:
    """The number on the first step that holds it once rounded: 99,999.5 is 10万, not 10.0万."""
    for (size, suffix), (following, _) in pairwise(steps):
        scaled = abs(amount) / size
        if _round(scaled, _places(scaled, digits)) < following / size:
            return _scaled(amount, size, digits) + suffix
    size, suffix = steps[-1]
    return _scaled(amount, size, digits) + suffix


def _scaled(amount: Decimal, size: Decimal, digits: int | None) -> str:
    scaled = amount / size
    return _plain(scaled, _places(abs(scaled), digits), strip=digits is None)


def _places(magnitude: Decimal, digits: int | None) -> int:
    """Decimals that leave 3 to 4 significant digits of a magnitude."""
    if digits is not None:
        return digits
    if magnitude >= 1000:
        return 0
    if magnitude >= 10:
        return 1
    if magnitude >= 1 or magnitude == 0:
        return 2
    return 2 - magnitude.adjusted()


def _round(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _plain(amount: Decimal, places: int, strip: bool = False) -> str:
    written = f"{_round(amount, places):,f}"
    if strip and "." in written:
        written = written.rstrip("0").rstrip(".")
    if not any(digit in written for digit in "123456789"):
        written = written.removeprefix("-")
    return written.replace("-", MINUS)


def _signed(written: str) -> str:
    nothing = not any(digit in written for digit in "123456789")
    return written if nothing or written.startswith(MINUS) else f"+{written}"


def _join(written: str, unit: str | None) -> str:
    if not unit:
        return written
    # Chinese measure words stand against the number, Latin units apart from it.
    return f"{written} {unit}" if unit[0].isascii() else f"{written}{unit}"


def _date(value: date | None, lang: str, patterns: dict[str, str]) -> str:
    if value is None or value != value:  # NaT, the missing date of pandas, differs from itself
        return missing(lang)
    return _written(value, patterns[lang], LOCALES[lang])


# A page writes the same few months into hundreds of hover texts.
@lru_cache(maxsize=4096)
def _written(value: date, pattern: str, locale: str) -> str:
    return format_date(value, pattern, locale=locale)
