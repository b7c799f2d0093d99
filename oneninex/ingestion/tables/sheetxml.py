"""The XML of a workbook, read as a stream: its namespaces, quotes and order may be any."""

from __future__ import annotations

import re
import zipfile
from array import array
from collections.abc import Container
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from oneninex.ingestion.source import CHUNK

_DIGITS = "0123456789"

Lost = dict[tuple[int, int], str]
Area = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0
MAX_MERGED = 10_000  # areas of merged cells that are looked at
_SPAN = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")


class Stream:
    """Elements by their local name; a document type or an entity of its own is no workbook's."""

    def __init__(self) -> None:
        self._parser: Any = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _forbidden
        self._parser.EntityDeclHandler = _forbidden
        self._parser.StartElementHandler = self._start
        self._names: dict[str, str] = {}

    def read(self, package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        """Read the entry to its end; raises ParseError for what is no proper XML."""
        try:
            with package.open(entry) as file:
                while chunk := file.read(CHUNK):
                    self._parser.Parse(chunk, False)
                self._parser.Parse(b"", True)
        except expat.ExpatError as fault:
            raise ParseError(str(fault)) from fault

    def _start(self, name: str, attributes: dict[str, str]) -> None: ...

    def _local(self, name: str) -> str:
        """The name without its prefix."""
        if name not in self._names:
            self._names[name] = name.rpartition(":")[2]
        return self._names[name]


class Sheet(Stream):
    """How far the cells of a sheet reach, and which of them a reader would take for empty.

    `lost` are formulas that were never calculated and errors such as #N/A. `styled` names the
    style of each filled cell that has one of `styles`. Rows and columns count from 0. With the
    `lengths` of the shared texts, `shown` becomes the length of what the cells show of them. What
    stands in a cell is only looked at where that matters, for there may be millions.
    """

    def __init__(
        self, lengths: array[int] | None = None, styles: Container[str] = frozenset()
    ) -> None:
        super().__init__()
        self.lost: Lost = {}
        self.styled: dict[tuple[int, int], str] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[range] = []
        self.merged: list[Area] = []
        self._styles = styles
        self._style: str | None = None
        self.bottom = self.right = self.shown = 0
        self._lengths = lengths
        self._columns: dict[str, int] = {}
        self._row = self._column = 0
        self._sort: str | None = None
        self._texts: dict[str, str] = {}
        self._within = ""

    @property
    def cells(self) -> int:
        """The cells of the rectangle that the sheet's cells span."""
        return self.bottom * self.right

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._names.get(name) or self._local(name)
        if local == "c":
            self._place(attributes.get("r"))
            self._texts = {}
            self._sort = attributes.get("t")
            self._style = attributes.get("s")
            if self._sort == "e" or self._lengths is not None:
                self._listen(True)
        elif local == "v" or local == "f" or local == "is":
            self._texts[local] = ""
            self._within = local
            self.bottom = self._row if self._row > self.bottom else self.bottom
            self.right = self._column if self._column > self.right else self.right
            if self._style is not None and self._style in self._styles:
                self.styled[self._row - 1, self._column - 1] = self._style
            if local == "f" and self._parser.EndElementHandler is None:
                # a value that stood before the formula was passed over: it is there
                self._texts = dict.fromkeys(self._texts, "?") | {"f": ""}
                self._listen(True)
        elif local == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            if _is_hidden(attributes, "ht"):
                self.hidden_rows.add(self._row - 1)
        else:
            self._note_layout(local, attributes)

    def _note_layout(self, local: str, attributes: dict[str, str]) -> None:
        if local == "col" and _is_hidden(attributes, "width"):
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.hidden_columns.append(range(first - 1, last))
        found = _SPAN.fullmatch(attributes.get("ref", "")) if local == "mergeCell" else None
        if found and len(self.merged) < MAX_MERGED:
            left, top, right, bottom = found.groups()
            area = int(top), _number(left), int(bottom), _number(right)
            self.merged.append((area[0] - 1, area[1] - 1, area[2] - 1, area[3] - 1))

    def _listen(self, wanted: bool) -> None:
        self._parser.EndElementHandler = self._end if wanted else None
        self._parser.CharacterDataHandler = self._text if wanted else None

    def _text(self, text: str) -> None:
        if self._within:
            self._texts[self._within] += text

    def _end(self, name: str) -> None:
        local = self._local(name)
        if local == self._within:
            self._within = ""
        elif local == "c":
            self._listen(False)
            self._finish()

    def _place(self, written: str | None) -> None:
        """Where the cell stands; one that does not say so follows the one before."""
        if written is None:
            self._column += 1
            return
        letters = written.rstrip(_DIGITS)
        number = self._columns.get(letters)
        if number is None:
            number = self._columns[letters] = _number(letters)
        self._column, self._row = number, int(written[len(letters) :])

    def _finish(self) -> None:
        value = self._texts.get("v", "")
        if self._sort == "e" and value:
            self.lost[self._row - 1, self._column - 1] = value
        elif "f" in self._texts and not value and "is" not in self._texts:
            self.lost[self._row - 1, self._column - 1] = f"={self._texts['f']}"
        elif self._lengths is not None and self._sort == "s" and value.strip().isdecimal():
            place = int(value)
            self.shown += self._lengths[place] if place < len(self._lengths) else 0


class SharedTexts(Stream):
    """How long each of the texts is that cells share."""

    def __init__(self) -> None:
        super().__init__()
        self._parser.CharacterDataHandler = self._text
        self.lengths = array("q")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._local(name) == "si":
            self.lengths.append(0)

    def _text(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)


def _is_hidden(attributes: dict[str, str], size: str) -> bool:
    flat = attributes.get(size, "") in ("0", "0.0")
    return flat or attributes.get("hidden", "") in ("1", "true")


def _forbidden(*_: object) -> None:
    raise ParseError("a document type or an entity")


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ParseError("a cell's place")
        number = number * 26 + ord(letter) - 64
    return number
