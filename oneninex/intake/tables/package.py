"""The ZIP package of a workbook, looked at before anything unpacks it."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

from oneninex.intake.findings import refuse
from oneninex.intake.source import CHUNK, Source

MAX_UNPACKED = 300_000_000
MAX_RATIO = 200
RATIO_COUNTS_FROM = 20_000_000
MAX_ENTRIES = 10_000
MAX_CELLS = 20_000_000
MAX_TEXT = 500_000_000

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*?(/?)>')
_BODY = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"([^>]*?[^/])?>(.*?)</c>', re.S)
_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]+)</v>|<is>")
_SHARED = re.compile(rb't="s"[^>]*>\s*<v>([0-9]{1,9})</v>')
_FORMULA = re.compile(rb"<f(?:\s[^>]*)?>([^<]*)</f>")

Lost = dict[tuple[int, int], str]


def inspect(source: Source) -> dict[str, Lost]:
    """Refuse a package that is damaged, locked or a bomb; raises Refused.

    Returns for each sheet the cells (row, column, both from 0) that a reader would take for empty
    although they are not: formulas that were never calculated, and errors such as #N/A.
    """
    try:
        with zipfile.ZipFile(source.path) as package:
            _sizes(package, source.size)
            return _contents(package)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        raise refuse("not_a_table", "not_a_table.damaged_workbook") from None
    except (ElementTree.ParseError, KeyError, RuntimeError):
        raise refuse("not_a_table", "not_a_table.damaged_workbook") from None


def _sizes(package: zipfile.ZipFile, packed: int) -> None:
    entries = package.infolist()
    total = sum(entry.file_size for entry in entries)
    if any(entry.flag_bits & 1 for entry in entries):
        raise refuse("unsafe", "unsafe.encrypted")
    if len(entries) > MAX_ENTRIES or (
        total > RATIO_COUNTS_FROM and total > MAX_RATIO * max(packed, 1)
    ):
        raise refuse("unsafe", "unsafe.bomb", total=f"{total / 1e6:,.0f}")
    if total > MAX_UNPACKED:
        limit = f"{MAX_UNPACKED / 1e6:,.0f}"
        raise refuse("too_large", "too_large.unpacked", total=f"{total / 1e6:,.0f}", limit=limit)
    if "xl/workbook.xml" not in package.namelist():
        raise refuse("unknown_format", "unknown_format.package")


def _contents(package: zipfile.ZipFile) -> dict[str, Lost]:
    """Unpack every entry once, which proves its size and checksum, and look at the sheets."""
    lost: dict[str, Lost] = {}
    longest = cells = 0
    for entry in package.infolist():
        if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
            sheet: Lost = {}
            cells += _sheet(package, entry, sheet)
            lost[entry.filename] = sheet
        else:
            run = _longest_run(package, entry)
            longest = max(longest, run) if "sharedStrings" in entry.filename else longest
    # a reader copies a shared text into each cell that shows it
    heavy = longest * cells > MAX_TEXT and _shown_text(package) > MAX_TEXT
    if cells > MAX_CELLS or heavy:
        raise refuse("too_large", "too_large.cells", cells=f"{cells:,}", limit=f"{MAX_CELLS:,}")
    lost = {name: sheet for name, sheet in lost.items() if sheet}
    return _by_name(package, lost) if lost else {}


def _blocks(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry in pieces that end between rows, so that no cell is cut."""
    rest = b""
    with package.open(entry) as file:
        while chunk := file.read(CHUNK):
            rest += chunk
            cut = rest.rfind(b"</row>") + 1
            if cut or len(rest) > 8 * CHUNK:
                yield rest[: cut or len(rest)]
                rest = rest[cut or len(rest) :]
    yield rest


def _sheet(package: zipfile.ZipFile, entry: zipfile.ZipInfo, lost: Lost) -> int:
    """The number of cells of the rectangle that the sheet's cells span; fills `lost`."""
    bottom = right = 0
    for block in _blocks(package, entry):
        for column, row, empty in _CELL.findall(block):
            if not empty:
                bottom, right = max(bottom, int(row)), max(right, _column(column))
        if b"<f" in block or b't="e"' in block:
            _note_lost(block, lost)
    return bottom * right


def _note_lost(block: bytes, lost: Lost) -> None:
    for column, row, attributes, body in _BODY.findall(block):
        value = _VALUE.search(body)
        if b't="e"' in attributes and value:
            lost[int(row) - 1, _column(column) - 1] = value.group(1).decode("utf-8", "replace")
        elif b"<f" in body and not value:
            formula = _FORMULA.search(body)
            written = formula.group(1).decode("utf-8", "replace") if formula else ""
            lost[int(row) - 1, _column(column) - 1] = f"={written}"


def _longest_run(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """The length of the longest text between two tags."""
    longest = carried = 0
    with package.open(entry) as file:
        while chunk := file.read(CHUNK):
            runs = [len(run) for run in chunk.split(b"<")]
            runs[0] += carried
            longest, carried = max(longest, *runs), runs[-1]
    return longest


def _shown_text(package: zipfile.ZipFile) -> int:
    """Bytes of text once each cell has its own copy of the shared text that it shows."""
    items = package.read("xl/sharedStrings.xml").split(b"<si>")[1:]
    total = 0
    for entry in package.infolist():
        if entry.filename.startswith("xl/worksheets/"):
            for block in _blocks(package, entry):
                places = map(int, _SHARED.findall(block))
                total += sum(len(items[place]) for place in places if place < len(items))
    return total


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _by_name(package: zipfile.ZipFile, lost: dict[str, Lost]) -> dict[str, Lost]:
    """The same by the sheet's name as a person sees it."""
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {
        relation.get("Id"): posixpath.normpath(
            posixpath.join("/xl", relation.get("Target", ""))
        ).lstrip("/")
        for relation in relations
    }
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))
    names = {
        targets.get(sheet.get(_REL)): sheet.get("name", "") for sheet in book.iter(f"{_MAIN}sheet")
    }
    return {names[path]: sheet for path, sheet in lost.items() if path in names}
