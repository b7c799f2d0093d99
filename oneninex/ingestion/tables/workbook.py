"""Excel workbooks: every sheet whose header matches, values of formulas, dates as dates."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
import python_calamine as calamine

from oneninex.domain import contracts
from oneninex.ingestion.batch import Options
from oneninex.ingestion.findings import Finding, refuse
from oneninex.ingestion.source import Source
from oneninex.ingestion.tables import header, package
from oneninex.ingestion.tables.raw import Column, RawTable, Row, columns_of, store_rows

_EPOCH = dt.date(1899, 12, 30)
_FROM_1904 = dt.timedelta(days=1462)
_SERIALS = range(32_874, 73_051)  # 1990-01-01 to 2099-12-31; 20260305 and 2026 lie outside


@dataclass(frozen=True)
class _Sheet:
    """A visible sheet; `lost` are cells (row, column from 0) that have no value to read.

    `start` is the day from which it counts days.
    """

    name: str
    sheet: Any
    lost: dict[tuple[int, int], str]
    start: dt.date
    found: list[header.Match]

    def rows(self) -> Iterator[list[object]]:
        left = self.sheet.start[1]
        for number, row in enumerate(self.sheet.iter_rows()):
            yield [self.lost.get((number, left + i), cell) for i, cell in enumerate(row)]


def read(source: Source, con: duckdb.DuckDBPyConnection, options: Options) -> RawTable:
    """The rows of the matching sheets as text; raises Refused.

    The reader goes by the ending of a file's name: the caller gives it the ending .xlsx, so that
    it reads the format that was inspected.
    """
    sheets, hidden = _sheets(source, package.inspect(source), options)
    kind = _kind(sheets, options)
    taken, notes = _taken(sheets, kind, options)
    columns, places = _columns(taken)
    several = len(sheets) > 1
    rows = itertools.chain.from_iterable(
        _rows(sheet, found, kind, places[sheet.name], len(columns), several)
        for sheet, found in taken
    )
    table = store_rows(con, columns, rows)
    return RawTable(table, kind, columns, header_row=taken[0][1].index + 1, notes=hidden + notes)


def _sheets(
    source: Source, inside: package.Inside, options: Options
) -> tuple[list[_Sheet], list[Finding]]:
    """The sheets that hold something, and a note for each hidden one that looks like a return."""
    try:
        book = calamine.load_workbook(str(source.path))
    except calamine.PasswordError:
        raise refuse("unsafe", "unsafe.encrypted") from None
    except (calamine.CalamineError, OSError, ValueError):
        raise refuse("not_a_table", "not_a_table.damaged_workbook") from None
    start = _EPOCH + _FROM_1904 if inside.from_1904 else _EPOCH
    sheets: list[_Sheet] = []
    hidden: list[_Sheet] = []
    for meta in book.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        lost = inside.lost.get(meta.name, {})
        sheet = _Sheet(meta.name, _open(book, meta.name), lost, start, [])
        if sheet.sheet.start is not None:
            head = itertools.islice(sheet.rows(), header.ROWS_SEARCHED)
            texts = [[_text(cell, None) or "" for cell in row] for row in head]
            sheet.found.extend(header.candidates(texts, options))
            seen = meta.visible == calamine.SheetVisibleEnum.Visible
            (sheets if seen else hidden).append(sheet)
    if not sheets:
        key = "not_a_table.all_hidden" if hidden else "not_a_table.empty"
        raise refuse("not_a_table", key)
    return sheets, [_hidden(sheet) for sheet in hidden if sheet.found[0].share == 1]


def _hidden(sheet: _Sheet) -> Finding:
    row = sheet.found[0].index + 1
    return Finding("not_a_table", "not_a_table.hidden_sheet", row=row, values={"sheet": sheet.name})


def _open(book: Any, name: str) -> Any:
    try:
        return book.get_sheet_by_name(name)
    except (calamine.CalamineError, OSError, ValueError):
        raise refuse("not_a_table", "not_a_table.damaged_workbook") from None


def _kind(sheets: list[_Sheet], options: Options) -> str:
    """The kind that the best sheet is of; raises Refused if the sheets are of several kinds."""
    best = max(sheets, key=lambda sheet: sheet.found[0].score)
    complete = {s.found[0].kind for s in sheets if s.found[0].share == 1}
    if len(complete) > 1 and not options.kind:
        names = [contracts.load(kind) for kind in sorted(complete)]
        kinds = "、".join(c.title for c in names), ", ".join(c.title_en for c in names)
        raise refuse("unknown_format", "unknown_format.ambiguous", kinds=kinds)
    return header.choose(best.found, options).kind


def _taken(
    sheets: list[_Sheet], kind: str, options: Options
) -> tuple[list[tuple[_Sheet, header.Match]], list[Finding]]:
    """The sheets to read, and a note for each that almost matches."""
    taken: list[tuple[_Sheet, header.Match]] = []
    notes: list[Finding] = []
    for sheet in sheets:
        found = next(match for match in sheet.found if match.kind == kind)
        if not found.missing:
            taken.append((sheet, header.choose([found], options)))
        elif found.share >= header.ENOUGH:
            field = contracts.load(kind).field(found.missing[0])
            values: dict[str, object] = {
                "sheet": sheet.name,
                "title": (field.title, field.title_en),
                "name": field.name,
            }
            notes.append(
                Finding(
                    "missing_column",
                    "sheet_not_read",
                    row=found.index + 1,
                    field=field.name,
                    values=values,
                )
            )
    return taken, notes


def _columns(
    taken: list[tuple[_Sheet, header.Match]],
) -> tuple[list[Column], dict[str, list[int]]]:
    """One list of columns for all sheets, and where each sheet's cells go in it."""
    keys: dict[str, int] = {}
    headers: list[str] = []
    fields: list[str | None] = []
    places: dict[str, list[int]] = {}
    for sheet, found in taken:
        places[sheet.name] = []
        for place, (written, name) in enumerate(zip(found.headers, found.fields, strict=True)):
            key = f"field {name}" if name else f"column {place} {written}"
            if key not in keys:
                keys[key] = len(keys)
                headers.append(written)
                fields.append(name)
            places[sheet.name].append(keys[key])
    return columns_of(headers, fields), places


def _rows(
    sheet: _Sheet,
    found: header.Match,
    kind: str,
    places: list[int],
    width: int,
    several: bool,
) -> Iterator[Row]:
    contract = contracts.load(kind)
    dated = [bool(f) and contract.field(f or "").duckdb_type == "DATE" for f in found.fields]
    starts = [sheet.start if is_date else None for is_date in dated]
    name = sheet.name if several else None
    for index, row in enumerate(sheet.rows()):
        if index > found.index:
            cells: list[str | None] = [None] * width
            for place, cell, start in zip(places, row, starts, strict=True):
                cells[place] = _text(cell, start)
            if any(cells):
                yield Row(index + 1, cells, sheet=name)


def _text(cell: object, start: dt.date | None) -> str | None:
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
        days = int(value) + (start - _EPOCH).days
        if days in _SERIALS:
            return (_EPOCH + dt.timedelta(days=days)).isoformat()
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    shown = repr(value)
    return format(Decimal(shown), "f") if "e" in shown and abs(value) < 1e15 else shown
