"""An OpenDocument spreadsheet, looked at before a reader repeats what it says to repeat."""

from __future__ import annotations

import re
import zipfile

from oneninex.ingestion.findings import refuse
from oneninex.ingestion.source import Source
from oneninex.ingestion.tables import package
from oneninex.ingestion.tables.number_format import Look
from oneninex.ingestion.tables.sheetxml import Area, Stream

_MOST_LOOKS = 1_000_000
_CONTENT = "content.xml"


def inspect(source: Source) -> package.Inside:
    """Refuse a document that is damaged, locked or grows beyond all bounds; raises Refused."""
    try:
        with zipfile.ZipFile(source.path) as opened:
            package.check_sizes(opened, source.size)
            content = Content()
            content.read(opened, opened.getinfo(_CONTENT))
    except (KeyError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, SyntaxError):
        raise refuse("not_a_table", "not_a_table.damaged_workbook") from None
    content.close_sheet()
    if content.cells > package.MAX_CELLS or content.text > package.MAX_TEXT:
        limit = f"{package.MAX_CELLS:,}"
        raise refuse("too_large", "too_large.cells", cells=f"{content.cells:,}", limit=limit)
    if not content.cells:
        raise refuse("unknown_format", "unknown_format.empty_ods")
    return package.Inside({}, False, content.layouts)


class Content(Stream):
    """How far the sheets of a document reach once all is repeated, and what their cells show."""

    def __init__(self) -> None:
        super().__init__()
        self.layouts: dict[str, package.Layout] = {}
        self.cells = self.text = 0
        self._sheet: str | None = None
        self._row = self._rows = self._column = self._right = self._bottom = 0
        self._repeat = 1
        self._counted = 0
        self._begin()
        self._parser.CharacterDataHandler = self._characters

    def _begin(self) -> None:
        self._looks: dict[tuple[int, int], Look] = {}
        self._hidden: set[int] = set()
        self._merged: list[Area] = []
        self._row = self._rows = self._right = self._bottom = 0

    def close_sheet(self) -> None:
        """Take note of the sheet that has been read."""
        if self._sheet is not None:
            self.cells += self._bottom * self._right
            self.layouts[self._sheet] = package.Layout(
                self._looks, frozenset(self._hidden), (), tuple(self._merged)
            )
        self._sheet = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._local(name)
        if local == "table" and name.startswith("table"):
            self.close_sheet()
            self._begin()
            self._sheet = _get(attributes, "name")
        elif local == "table-row":
            self._row += self._rows
            self._rows = _count(attributes, "number-rows-repeated")
            self._column = 0
            if _get(attributes, "visibility") in ("collapse", "filter"):
                self._hidden.update(range(self._row, self._row + min(self._rows, 1_000)))
        elif local in ("table-cell", "covered-table-cell"):
            self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        self._repeat = _count(attributes, "number-columns-repeated")
        kind = _get(attributes, "value-type")
        place = self._row, self._column
        self._column += self._repeat
        self._counted = self._rows * self._repeat
        if kind:
            self._right = max(self._right, self._column)
            self._bottom = max(self._bottom, self._row + self._rows)
        look = _look(kind, _get(attributes, "currency"))
        if look and self._counted * 1 + len(self._looks) < _MOST_LOOKS:
            for row in range(place[0], place[0] + self._rows):
                for column in range(place[1], self._column):
                    self._looks[row, column] = look
        down = _count(attributes, "number-rows-spanned")
        across = _count(attributes, "number-columns-spanned")
        if (down > 1 or across > 1) and len(self._merged) < 10_000:
            self._merged.append((*place, place[0] + down - 1, place[1] + across - 1))

    def _characters(self, text: str) -> None:
        self.text += len(text) * max(self._counted, 1)


def _look(kind: str, currency: str) -> Look | None:
    if kind == "percentage":
        return Look(percent=True)
    if kind == "currency":
        return Look(words=(currency if currency and currency != "CNY" else "元",))
    return None


def _get(attributes: dict[str, str], name: str) -> str:
    return next((v for k, v in attributes.items() if k.rpartition(":")[2] == name), "")


def _count(attributes: dict[str, str], name: str) -> int:
    written = _get(attributes, name)
    return int(written) if re.fullmatch(r"[0-9]{1,7}", written) and int(written) else 1
