"""What a cell that cannot be read for certain looks like, so that its finding can say more."""

from __future__ import annotations

from oneninex.domain.contracts import Field
from oneninex.ingestion.tables.cells import folded, literal

_DAYS = (32_874, 73_050)  # Excel's numbers of 1990-01-01 and 2099-12-31


def hints(field: Field, column: str) -> list[tuple[str, str]]:
    """SQL that is true for a sort of cell without a value, and the message for it; first goes."""
    text = folded(column)
    if field.reads == "quarter":
        return [(_like(text, r"\d{4} *[-/.年 ]? *0?[1-4]"), "type.quarter_or_month")]
    if field.duckdb_type != "DATE":
        return []
    first, last = _DAYS
    number = f"try_cast({text} as double) between {first} and {last}"
    counted = _like(text, r"[0-9]{5}(\.[0-9]+)?")
    found = [(f"{counted} and {number}", "type.excel_day")]
    if field.type == "yearmonth":
        found.append((_like(text, r"\d{4} *\. *1"), "type.month_cut"))
    return found


def _like(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {literal(pattern)})"
