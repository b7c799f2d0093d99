"""Money and its change in the words of the page "Who is growing?"."""

from collections.abc import Mapping
from typing import Any

from oneninex.core import formats
from oneninex.core.i18n import text

Row = Mapping[str, Any]


def money(amount: float | None, lang: str, *, full: bool = False) -> str:
    """万元 in 亿元 or 万元; in English the currency stands in the heading, or with `full` here."""
    if amount is None or full:
        return formats.number(amount, lang, unit=text("enterprises.money_unit", lang))
    unit = text("enterprises.currency", lang) if lang == "zh" else None
    return formats.number(amount * 10_000, lang, unit=unit)


def yoy(row: Row, name: str, lang: str) -> str:
    """同比 of revenue or employees in words, or why there is none; `row`: enterprise_totals."""
    now, before = row[f"yoy_{name}"], row[f"yoy_{name}_before"]
    if before is None and row["yoy_units"]:
        return text("enterprises.yoy_withheld", lang)
    if before is None:
        return text("ui.no_year_before", lang)
    return formats.change(now, before, lang, "year")
