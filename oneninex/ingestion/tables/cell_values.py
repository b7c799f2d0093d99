"""The text of a workbook's cell, and what its type or look says against it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from oneninex.domain.contracts import Field
from oneninex.ingestion.tables import number_format, text_values
from oneninex.ingestion.tables.number_format import Look

EPOCH = dt.date(1899, 12, 30)
_SERIALS = range(32_874, 73_051)  # 1990-01-01 to 2099-12-31; 20260305 and 2026 lie outside
_DIGITS = 1e15  # from here on Excel loses digits


@dataclass(frozen=True)
class Cell:
    """A cell's value, its look where that matters, the first day where it may count days.

    `lost` cells hold an error or a formula without a result.
    """

    value: object
    look: Look | None
    start: dt.date | None
    lost: bool


def meaning(field: Field, cell: Cell) -> tuple[str | None, str | None]:
    """The text of a cell in a field's column, and the sort of doubt about it, if any."""
    value, look = cell.value, cell.look
    if cell.lost:
        text = str(value)
        return text, "error" if text.startswith("#") else "formula"
    text = text_of(value, cell.start)
    if text is None:
        return None, None
    if look and look.struck:
        return text, "struck"
    if isinstance(value, dt.timedelta | dt.time):
        return _duration(field, value)
    if isinstance(value, dt.date | dt.datetime):
        return text, _date_fault(field)
    if isinstance(value, float | int) and not isinstance(value, bool):
        return _number_meant(field, float(value), text, look)
    return text, None


def _number_meant(
    field: Field, value: float, text: str, look: Look | None
) -> tuple[str, str | None]:
    if look and (sort := number_format.fault(field, look)):
        return number_format.shown(text, look), sort
    if not text_values.is_judged(field):
        return text, None
    if look and look.zeros and value.is_integer() and value >= 0:
        return text.zfill(look.zeros), None  # as the sender sees it
    if text_values.is_code(field):
        if abs(value) >= _DIGITS:
            return text, "digits"
        if not value.is_integer():
            return text, "decimal"
    return text, None


def _date_fault(field: Field) -> str | None:
    if field.duckdb_type == "DATE":
        return None
    if field.type in ("integer", "number"):
        return "date_format"
    if not text_values.is_judged(field):
        return None  # a quarter or a code of a list is refused by its own rule
    return "date_in_code" if text_values.is_code(field) else "date_in_text"


def _duration(field: Field, value: dt.timedelta | dt.time) -> tuple[str, str | None]:
    """Hours are read from a duration; in any other field a time is not what is due."""
    if isinstance(value, dt.time):
        value = dt.timedelta(
            hours=value.hour,
            minutes=value.minute,
            seconds=value.second,
            microseconds=value.microsecond,
        )
    seconds = Decimal(round(value.total_seconds()))
    if field.unit == "小时" and field.type == "number":
        return f"{(seconds / 3600):.6f}".rstrip("0").rstrip("."), None
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours}:{rest // 60:02d}", "duration"


def text_of(cell: object, start: dt.date | None) -> str | None:
    """A cell as a person would type it; a number in a date column counts the days from `start`."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float | int):
        return _number(float(cell), start)
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ")
    return str(cell) if cell not in (None, "") else None


def _number(value: float, start: dt.date | None) -> str:
    if start and value.is_integer():
        days = int(value) + (start - EPOCH).days
        if days in _SERIALS:
            return (EPOCH + dt.timedelta(days=days)).isoformat()
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    shown = repr(value)
    return format(Decimal(shown), "f") if "e" in shown and abs(value) < 1e15 else shown
