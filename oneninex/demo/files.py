"""A return as a unit sends it: encoding, header language, way of writing dates, title row."""

import io
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from oneninex.demo.parameters import Parameters, Unit

ENCODINGS = {"gb18030": "gb18030", "utf8_bom": "utf-8-sig", "utf8": "utf-8"}
DATES: dict[str, Callable[[date], str]] = {
    "iso": date.isoformat,
    "slash": lambda day: f"{day.year}/{day.month}/{day.day}",
    "zh": lambda day: f"{day.year}年{day.month}月{day.day}日",
}
XLSX_ROWS = 5_000  # more is a database export, not a form that a person fills in
_WIDTH = 14


def write(
    folder: Path, stem: str, rows: pa.Table, kind: str, unit: Unit, given: Parameters
) -> Path:
    """Write a return; a table too long for a form goes out as CSV. Returns the path."""
    shown = rows.drop_columns([c for c in rows.column_names if c in unit.omits])
    names = shown.column_names
    headers = [given.columns[kind][c] for c in names] if unit.headers == "zh" else names
    if unit.file == "xlsx" and rows.num_rows <= XLSX_ROWS:
        path = folder / f"{stem}.xlsx"
        title = given.demo.marks.title.format(unit=unit.unit_id, what=given.columns["titles"][kind])
        _xlsx(path, shown, headers, title, unit, given)
        return path
    path = folder / f"{stem}.csv"
    path.write_bytes(_csv(shown, headers, unit).encode(ENCODINGS.get(unit.file, "gb18030")))
    return path


def created(given: Parameters) -> datetime:
    """The time that workbooks carry instead of now: the same bytes whenever they are written."""
    return datetime.combine(given.demo.period.workbook_created, time())


def _csv(rows: pa.Table, headers: list[str], unit: Unit) -> str:
    written = pa.table(
        [_written(rows[name], unit) for name in rows.column_names], names=rows.column_names
    )
    target = io.BytesIO()
    options = pacsv.WriteOptions(include_header=False, quoting_style="needed")
    pacsv.write_csv(written, target, options)
    body = target.getvalue().decode().replace("\n", "\r\n")
    return ",".join(headers) + "\r\n" + body


def _written(column: pa.ChunkedArray, unit: Unit) -> pa.ChunkedArray:
    """A column as the unit writes it."""
    if pa.types.is_date(column.type):
        return _texts(column, DATES.get(unit.dates, date.isoformat))
    if unit.thousands and pa.types.is_integer(column.type):
        return _texts(column, lambda number: f"{number:,}")
    return column


def _texts(column: pa.ChunkedArray, write: Callable[[Any], str]) -> pa.ChunkedArray:
    shown = [None if value is None else write(value) for value in column.to_pylist()]
    return pa.chunked_array([shown], pa.string())


def _xlsx(
    path: Path, rows: pa.Table, headers: list[str], title: str, unit: Unit, given: Parameters
) -> None:
    """A form as offices make them: a merged title row, then the headers."""
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        book.set_properties({"created": created(given), "title": title})
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "align": "center"})
        sheet.merge_range(0, 0, 0, len(headers) - 1, title, bold)
        sheet.write_row(1, 0, headers, bold)
        sheet.set_column(0, len(headers) - 1, _WIDTH)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for index, name in enumerate(rows.column_names):
            _column(sheet, index, rows[name], unit, day)


def _column(sheet: Worksheet, index: int, column: pa.ChunkedArray, unit: Unit, day: Format) -> None:
    for row, value in enumerate(column.to_pylist(), start=2):
        if isinstance(value, date) and unit.dates == "cell":
            sheet.write_datetime(row, index, datetime.combine(value, time()), day)
        elif isinstance(value, date):
            sheet.write_string(row, index, DATES[unit.dates](value))
        elif isinstance(value, str):
            sheet.write_string(row, index, value)
        elif value is not None:
            sheet.write_number(row, index, value)
