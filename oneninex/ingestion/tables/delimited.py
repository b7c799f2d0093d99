"""CSV and its relatives: DuckDB where the file is plain, line by line where it is not."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TextIO

import duckdb

from oneninex.ingestion.batch import Options
from oneninex.ingestion.findings import refuse
from oneninex.ingestion.source import Text, has_blank_line
from oneninex.ingestion.tables import header
from oneninex.ingestion.tables.cells import literal
from oneninex.ingestion.tables.raw import (
    MAX_CELL,
    Column,
    RawTable,
    Row,
    Unsure,
    columns_of,
    store_rows,
)

DELIMITERS = (",", "\t", ";", "|", "，", "；")
MAX_RESTARTS = 1000
# What Python's reader takes for one cell; above it, a quote was never closed.
_FIELD = 32 << 20
MAX_LINE = 32 << 20  # characters
MAX_DELIMITERS = 1_000_000  # on one line


def read(text: Text, con: duckdb.DuckDBPyConnection, options: Options) -> RawTable:
    """The rows below the header as text; raises Refused."""
    found, delimiter, line = header_of(text, options)
    columns = columns_of(found.headers, found.fields)

    def exact() -> RawTable:
        rows = _rows(text.path, delimiter, found.index + 1, len(columns))
        table = store_rows(con, columns, rows)
        return RawTable(table, found.kind, columns, text.encoding, header_row=found.index + 1)

    # a line break inside a header cell would make DuckDB's count of lines differ from ours
    if (
        text.plain
        and delimiter.isascii()
        and line == found.index + 1
        and all(column.named for column in columns)
    ):
        return replace(_scan(text, columns, delimiter, found), exact=exact)
    return exact()


def header_of(text: Text, options: Options) -> tuple[header.Match, str, int]:
    """The header, the delimiter and the line on which the header ends."""
    best: tuple[list[header.Match], str, list[int]] | None = None
    for delimiter in DELIMITERS:
        rows, lines = _first_rows(text.path, delimiter)
        found = header.candidates(rows, options)
        if found and (best is None or found[0].score > best[0][0].score):
            best = found, delimiter, lines
    if best is None:
        raise refuse("not_a_table", "not_a_table.empty")
    chosen = header.choose(best[0], options)
    return _trimmed(chosen), best[1], best[2][chosen.index]


def _trimmed(found: header.Match) -> header.Match:
    """The match without the nameless columns at its right end (Excel leaves such commas)."""
    width = len(found.headers)
    while width and not found.headers[width - 1].strip():
        width -= 1
    return replace(found, headers=found.headers[:width], fields=found.fields[:width])


def _first_rows(path: Path, delimiter: str) -> tuple[list[list[str]], list[int]]:
    rows: list[list[str]] = []
    lines: list[int] = []
    csv.field_size_limit(_FIELD)
    with _open(path) as file:
        reader = csv.reader(_bounded(file, delimiter), delimiter=delimiter)
        try:
            for row in reader:
                rows.append(row)
                lines.append(reader.line_num)
                if len(rows) == header.ROWS_SEARCHED:
                    break
        except csv.Error:  # what came before the odd place may still hold the header
            pass
    return rows, lines


def _bounded(file: TextIO, delimiter: str) -> Iterator[str]:
    """The lines of a file; raises Refused for one that would become too many cells."""
    while line := file.readline(MAX_LINE):
        if len(line) == MAX_LINE or line.count(delimiter) > MAX_DELIMITERS:
            raise refuse("too_large", "too_large.line")
        yield line


def _open(path: Path) -> TextIO:
    return path.open(encoding="utf-8-sig", newline=None)


def _scan(text: Text, columns: list[Column], delimiter: str, found: header.Match) -> RawTable:
    """The file as DuckDB reads it."""
    types = ", ".join(f"'{column.sql}': 'VARCHAR'" for column in columns)
    skipped = found.index + 1
    lines = text.lines + (not text.ends_in_newline) - skipped
    return RawTable(
        f"read_csv({literal(str(text.path))}, auto_detect = false, header = false, "
        f"skip = {skipped}, delim = '{delimiter}', quote = '\"', escape = '\"', "
        f"columns = {{{types}}}, null_padding = false, strict_mode = true)",
        found.kind,
        columns,
        text.encoding,
        header_row=skipped,
        stored=False,
        offset=skipped + 1,
        # where nothing is quoted, a row is a line
        expected=lines,
        quoted=text.quoted,
        bytes=text.path.stat().st_size,
        lines=partial(_rows_at, text.path, delimiter, len(columns)),
        blanks=partial(has_blank_line, text.path),
    )


def _rows_at(path: Path, delimiter: str, width: int, numbers: list[int]) -> Iterator[Row]:
    """The rows that stand on these lines (ascending) of a file in which a row is a line.

    DuckDB takes a row with an empty cell too many, as a delimiter at its end makes one.
    """
    with path.open("rb") as file:
        last = 0
        for number in numbers:
            line = next(islice(file, number - last - 1, None), b"")
            last = number
            cells = _cells(line, delimiter)
            if len(cells) < width or any(cell.strip() for cell in cells[width:]):
                raise Unsure
            yield Row(number, [cell or None for cell in cells[:width]])


def _cells(line: bytes, delimiter: str) -> list[str]:
    text = line.decode("utf-8").rstrip("\r\n")
    if '"' not in text:
        return text.split(delimiter)
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as fault:
        raise Unsure from fault


class _Lines:
    """Lines of a file that can be given back, for the place where a quote was never closed."""

    def __init__(self, file: Iterator[str]) -> None:
        self._file = file
        self._returned: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._file)
        self.taken.append(line)
        return line

    def give_back(self, lines: list[str]) -> None:
        self._returned.extendleft(reversed(lines))


def _rows(path: Path, delimiter: str, skip: int, width: int) -> Iterator[Row]:
    """Rows after the first `skip`; a row that is no proper record carries its fault."""
    with closing(_open(path)) as file:
        for number, cells, fault in _records(file, delimiter):
            if number <= skip or (not fault and not any(cell.strip() for cell in cells)):
                continue
            # empty cells beyond the header are Excel's; a shorter row has lost or merged cells
            if not fault and (len(cells) < width or any(c.strip() for c in cells[width:])):
                fault = "cells"
            if not fault and any(len(cell) > MAX_CELL for cell in cells):
                fault = "cell_too_long"
            yield Row(number, cells if fault else cells[:width], fault)


def _records(file: TextIO, delimiter: str) -> Iterator[tuple[int, list[str], str | None]]:
    """Every record with its number; after a broken one reading goes on at its second line."""
    csv.field_size_limit(_FIELD)
    lines = _Lines(_bounded(file, delimiter))
    number = restarts = 0
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.taken.clear()
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            restarts += 1
            if restarts > MAX_RESTARTS:
                raise refuse("not_a_table", "not_a_table.quotes_everywhere", row=number) from None
            first, *rest = lines.taken
            lines.give_back(rest)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            yield number, [first.rstrip("\n")], "quote"
        else:
            yield number, record, None
