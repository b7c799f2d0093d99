"""Excel workbooks: every sheet whose header matches, values of formulas, dates as dates."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import python_calamine as calamine

from oneninex.domain import contracts
from oneninex.domain.contracts import Field
from oneninex.ingestion.batch import Options
from oneninex.ingestion.findings import Finding, messages, refuse
from oneninex.ingestion.source import Source
from oneninex.ingestion.tables import header, package, text_values, units_of_measure
from oneninex.ingestion.tables.cell_values import EPOCH, Cell, meaning, text_of
from oneninex.ingestion.tables.raw import Column, RawTable, Row, columns_of, mark, store_rows
from oneninex.ingestion.tables.sheetxml import Area
from oneninex.ingestion.tables.units_of_measure import SHEET, Stated

_AREA = 20_000  # cells of a merged area whose value is copied
_NAMED = 10  # hidden rows whose numbers are said
_FROM_1904 = dt.timedelta(days=1462)


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
    layout: package.Layout = field(default_factory=package.Layout)

    def rows(self) -> Iterator[list[object]]:
        left = self.left
        for number, row in enumerate(self.sheet.iter_rows()):
            if self.lost:
                yield [self.lost.get((number, left + i), cell) for i, cell in enumerate(row)]
            else:
                yield row

    @property
    def left(self) -> int:
        """The sheet's column of the first cell of each row."""
        return self.sheet.start[1]


def read(
    source: Source,
    con: duckdb.DuckDBPyConnection,
    options: Options,
    inside: package.Inside | None = None,
) -> RawTable:
    """The rows of the matching sheets as text; raises Refused.

    The reader goes by the ending of the file's name, so the caller gives it that of the format
    that was inspected. `inside` is what is known of a workbook of another format than XLSX.
    """
    sheets, hidden = _sheets(source, inside or package.inspect(source), options)
    kind = _kind(sheets, options)
    taken, notes = _taken(sheets, kind, options)
    columns, places = _columns(taken)
    several = len(sheets) > 1
    hidden_rows: dict[str, list[int]] = {sheet.name: [] for sheet, _ in taken}
    rows = itertools.chain.from_iterable(
        _rows(sheet, found, kind, places[sheet.name], len(columns), several, hidden_rows)
        for sheet, found in taken
    )
    table = store_rows(con, columns, rows)
    notes += [
        note
        for sheet, found in taken
        for note in _hidden_parts(sheet, found, hidden_rows[sheet.name], several)
    ]
    letters = {
        sheet.name if several else None: {
            columns[at].sql: column_letter(sheet.left + number)
            for number, at in enumerate(places[sheet.name])
        }
        for sheet, _ in taken
    }
    return RawTable(
        table,
        kind,
        columns,
        header_row=taken[0][1].index + 1,
        notes=hidden + notes,
        letters=letters,
    )


def column_letter(place: int) -> str:
    """The letters of a column, counted from 0: A, Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _hidden_parts(
    sheet: _Sheet, found: header.Match, rows: list[int], several: bool
) -> list[Finding]:
    """Notes on hidden rows and columns that were read."""
    name = messages("in_sheet", sheet=sheet.name) if several else ("", "")
    contract = contracts.load(found.kind)
    notes = []
    for place, (written, of) in enumerate(zip(found.headers, found.fields, strict=True)):
        if of and any(sheet.left + place in span for span in sheet.layout.hidden_columns):
            held = contract.field(of)
            values = {"sheet": name, "header": written[:60], "title": (held.title, held.title_en)}
            notes.append(
                Finding(
                    "not_a_table",
                    "not_a_table.hidden_column",
                    row=found.index + 1,
                    field=of,
                    values=values,
                )
            )
    if rows:
        numbers = "、".join(map(str, rows[:_NAMED])) + ("…" if len(rows) > _NAMED else "")
        in_english = numbers.replace("、", ", ")
        values = {"sheet": name, "rows": f"{len(rows):,}", "numbers": (numbers, in_english)}
        notes.append(Finding("not_a_table", "not_a_table.hidden_rows", row=rows[0], values=values))
    return notes


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
    start = EPOCH + _FROM_1904 if inside.from_1904 else EPOCH
    sheets: list[_Sheet] = []
    hidden: list[_Sheet] = []
    for meta in book.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        lost = inside.lost.get(meta.name, {})
        layout = inside.layouts.get(meta.name, package.Layout())
        sheet = _Sheet(meta.name, _open(book, meta.name), lost, start, [], layout)
        if sheet.sheet.start is not None:
            head = itertools.islice(sheet.rows(), header.ROWS_SEARCHED)
            texts = [[text_of(cell, None) or "" for cell in row] for row in head]
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
            chosen = header.choose([found], options)
            named = units_of_measure.stated_in(sheet.name, tail=True)
            header.check_units(chosen, [Stated(unit, SHEET) for unit in named])
            taken.append((sheet, chosen))
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
    hidden: dict[str, list[int]],
) -> Iterator[Row]:
    contract = contracts.load(kind)
    fields = [contract.field(f) if f else None for f in found.fields]
    starts = [sheet.start if f and f.duckdb_type == "DATE" else None for f in fields]
    name = sheet.name if several else None
    # of a number in a column of codes it matters how it was written
    kinds = [_TEXT if f and text_values.is_code(f) else _PLAIN for f in fields]
    looks, lost, left = sheet.layout.looks, sheet.lost, sheet.left
    merged = _Merged(sheet.layout.merged)
    for index, row in enumerate(sheet.rows()):
        if merged:
            row = merged.fill(index, left, row)
        if index <= found.index:
            continue
        cells: list[str | None] = [None] * width
        marks = []
        struck = filled = 0
        for number, (place, cell, start) in enumerate(zip(places, row, starts, strict=True)):
            where = (index, left + number)
            held = fields[number]
            look = looks.get(where) if looks else None
            covered = merged.sort(where, held) if merged else None
            plain = isinstance(cell, kinds[number]) and not (lost and where in lost)
            if held is None or (look is None and covered is None and plain):
                cells[place] = text_of(cell, start)
                filled += cells[place] is not None
                continue
            text, sort = meaning(held, Cell(cell, look, start, not plain and where in lost))
            cells[place] = text_of(cell, start) if text is None and sort is None else text
            filled += cells[place] is not None
            struck += bool(look and look.struck) and cells[place] is not None
            if sort := covered or sort:
                marks.append(mark(place, sort))
        if not any(cells):
            continue
        if index in sheet.layout.hidden_rows:
            hidden[sheet.name].append(index + 1)
        fault = "struck" if struck and 2 * struck > filled else None
        yield Row(index + 1, cells, fault, sheet=name, marks="".join(marks) or None)


_TEXT: tuple[type, ...] = (str, type(None))
_PLAIN = (*_TEXT, float, int)


class _Merged:
    """Merged cells of a sheet: a text or date holds for all its rows, a number for none."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._anchor = {}
        for top, left, bottom, right in areas:
            if (bottom - top + 1) * (right - left + 1) <= _AREA:
                places = itertools.product(range(top, bottom + 1), range(left, right + 1))
                self._anchor |= dict.fromkeys(places, (top, left, bottom))
        self._values: dict[tuple[int, int], object] = {}

    def __bool__(self) -> bool:
        return bool(self._anchor)

    def fill(self, index: int, left: int, row: list[object]) -> list[object]:
        """The row with the values of the cells above that are merged with its own."""
        filled = list(row)
        for number, cell in enumerate(row):
            if area := self._anchor.get((index, left + number)):
                if area[:2] == (index, left + number):
                    self._values[area[:2]] = cell
                elif area[1] == left + number:
                    filled[number] = self._values.get(area[:2], cell)
        return filled

    def sort(self, where: tuple[int, int], held: Field | None) -> str | None:
        """The mark of a merged cell whose value is not certain."""
        area = self._anchor.get(where)
        if area is None or held is None:
            return None
        number = held.type in ("integer", "number") and area[2] > area[0]
        return "merged" if number or area[1] != where[1] else None
