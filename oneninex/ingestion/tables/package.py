"""The ZIP package of a workbook, looked at before anything unpacks it."""

from __future__ import annotations

import posixpath
import zipfile
from array import array
from dataclasses import dataclass, field

from defusedxml.ElementTree import fromstring

from oneninex.ingestion.findings import Refused, refuse
from oneninex.ingestion.source import CHUNK, Source
from oneninex.ingestion.tables.number_format import Look, read_looks
from oneninex.ingestion.tables.sheetxml import Area, Lost, SharedTexts, Sheet

MAX_UNPACKED = 300_000_000
MAX_RATIO = 200
RATIO_COUNTS_FROM = 20_000_000
MAX_ENTRIES = 10_000
MAX_CELLS = 20_000_000
MAX_TEXT = 500_000_000

_SHARED = "xl/sharedstrings.xml"


@dataclass(frozen=True)
class Layout:
    """How a sheet looks: formats of cells that matter, what is hidden, what is merged."""

    looks: dict[tuple[int, int], Look] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[range, ...] = ()
    merged: tuple[Area, ...] = ()


@dataclass(frozen=True)
class Inside:
    """What a reader of the workbook would not tell.

    `lost` names for each sheet the cells (row, column, both from 0) that it would take for empty
    although they are not: formulas that were never calculated, and errors such as #N/A. Days are
    counted from 1904 where the workbook came from an old Mac (`from_1904`).
    """

    lost: dict[str, Lost]
    from_1904: bool
    layouts: dict[str, Layout] = field(default_factory=dict)


def inspect(source: Source, most: int | None = None) -> Inside:
    """Refuse a package that is damaged, locked, a bomb or of more cells than `most`."""
    try:
        with zipfile.ZipFile(source.path) as package:
            check_sizes(package, source.size)
            if "xl/workbook.xml" not in package.namelist():
                raise refuse("unknown_format", "unknown_format.package")
            return _contents(package, most or MAX_CELLS)
    except (Refused, MemoryError):
        raise
    except Exception:  # ZIP, each of its packings and XML have errors of their own
        raise refuse("not_a_table", "not_a_table.damaged_workbook") from None


def check_sizes_of(source: Source) -> None:
    """Refuse a package that is locked or a bomb; raises Refused."""
    with zipfile.ZipFile(source.path) as package:
        check_sizes(package, source.size)


def check_sizes(package: zipfile.ZipFile, packed: int) -> None:
    """Refuse a package that is locked or a bomb; raises Refused."""
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
    # of two members with one name, two readers may take different ones
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise refuse("not_a_table", "not_a_table.damaged_workbook")


def _contents(package: zipfile.ZipFile, most: int) -> Inside:
    """Unpack every entry once, which proves its size and checksum, and look at the sheets."""
    names, from_1904 = _book(package)
    looks = read_looks(package)
    lost: dict[str, Lost] = {}
    layouts: dict[str, Layout] = {}
    lengths = array("q")
    cells = 0
    for entry in package.infolist():
        if _is_sheet(entry, names):
            sheet = Sheet(styles=looks)
            sheet.read(package, entry)
            cells += sheet.cells
            for name in names.get(entry.filename.lower(), ()):
                lost[name] = sheet.lost
                layouts[name] = _layout(sheet, looks)
        elif entry.filename.lower() == _SHARED:
            shared = SharedTexts()
            shared.read(package, entry)
            lengths = shared.lengths
        else:
            _unpack(package, entry)
    # a reader copies a shared text into each cell that shows it
    heavy = max(lengths, default=0) * cells > MAX_TEXT
    if cells > most or (heavy and _shown_text(package, names, lengths) > MAX_TEXT):
        raise refuse("too_large", "too_large.cells", cells=f"{cells:,}", limit=f"{most:,}")
    return Inside(lost, from_1904, layouts)


def _layout(sheet: Sheet, looks: dict[str, Look]) -> Layout:
    return Layout(
        {place: looks[style] for place, style in sheet.styled.items()},
        frozenset(sheet.hidden_rows),
        tuple(sheet.hidden_columns),
        tuple(sheet.merged),
    )


def _is_sheet(entry: zipfile.ZipInfo, names: dict[str, list[str]]) -> bool:
    name = entry.filename.lower()
    return name in names or (name.startswith("xl/worksheets/") and name.endswith(".xml"))


def _unpack(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    with package.open(entry) as file:
        while file.read(CHUNK):
            pass


def _shown_text(package: zipfile.ZipFile, names: dict[str, list[str]], lengths: array[int]) -> int:
    """The length of all text once each cell has its own copy of the shared text that it shows."""
    total = 0
    for entry in package.infolist():
        if _is_sheet(entry, names):
            sheet = Sheet(lengths)
            sheet.read(package, entry)
            total += sheet.shown
    return total


def _book(package: zipfile.ZipFile) -> tuple[dict[str, list[str]], bool]:
    """The names of the sheets in each entry (in lower case), and whether days count from 1904."""
    book = fromstring(package.read("xl/workbook.xml"), forbid_dtd=True)
    targets = _targets(package)
    names: dict[str, list[str]] = {}
    from_1904 = False
    for element in book.iter():
        local = element.tag.rpartition("}")[2]
        attributes = {key.rpartition("}")[2]: value for key, value in element.items()}
        if local == "sheet" and (target := targets.get(attributes.get("id", ""))):
            names.setdefault(target, []).append(attributes.get("name", ""))
        elif local == "workbookPr":
            from_1904 = attributes.get("date1904", "").lower() in ("1", "true", "on")
    return names, from_1904


def _targets(package: zipfile.ZipFile) -> dict[str, str]:
    """Each relation of the workbook and the worksheet (in lower case) that it leads to."""
    path = "xl/_rels/workbook.xml.rels"
    if path not in package.namelist():
        return {}
    return {
        relation.get("Id", ""): posixpath.normpath(
            posixpath.join("/xl", relation.get("Target", ""))
        )
        .lstrip("/")
        .lower()
        for relation in fromstring(package.read(path), forbid_dtd=True)
    }
