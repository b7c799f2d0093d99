"""CSV and TSV as platforms write them: quoted cells with line breaks, rows of uneven length."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from oneninex.ingestion.findings import refuse
from oneninex.ingestion.records import bounds

MAX_LINE = 4 << 20
_MAX_LINES = 100_000  # within one record


class Cells(Mapping[str, str]):
    """A row by column name; a column that the row leaves out is empty."""

    def __init__(self, places: dict[str, int], cells: list[str]) -> None:
        self._places, self._cells = places, cells

    def __getitem__(self, name: str) -> str:
        place = self._places.get(name)
        return "" if place is None or place >= len(self._cells) else self._cells[place].strip()

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    @property
    def filled(self) -> int:
        """How many cells the row has."""
        return len(self._cells)


def header(head: bytes, first: str) -> tuple[list[str], str]:
    """The names in the first line and what parts them; empty where a name is not `first`.

    `first` is a name that the header must hold: what stands after it is the delimiter.
    """
    line = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].split(b"\r", 1)[0]
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return [], ""
    if first not in text:
        return [], ""
    delimiter = max(",\t;", key=text.count)
    try:
        return next(csv.reader([text], delimiter=delimiter)), delimiter
    except (csv.Error, StopIteration):
        return [], ""


def rows(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The line on which each record begins (the header's is 1) and its cells; blank ones left out.

    Raises Refused where the file is no text in UTF-8 or its quotes never end.
    """
    with path.open("rb") as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", errors="strict", newline="")
        csv.field_size_limit(bounds.MAX_RECORD)
        reader = csv.reader(_lines(text), delimiter=delimiter)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error:
                raise refuse("not_a_table", "platforms.quotes", row=line) from None
            if cells is None:
                return
            if reader.line_num - line > _MAX_LINES:
                raise refuse("not_a_table", "platforms.quotes", row=line)
            if any(cell and not cell.isspace() for cell in cells):
                yield line, cells


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while True:
        try:
            line = text.readline(MAX_LINE)
        except UnicodeDecodeError:
            raise bounds.not_utf8() from None
        if not line:
            return
        if "\0" in line:
            raise refuse("not_a_table", "platforms.binary")
        if len(line) >= MAX_LINE:
            raise bounds.record_too_large()
        yield line
