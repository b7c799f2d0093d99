"""The sender's own workbook with what is wrong in it: red cells, comments and a list of findings.

Values, formulas and layout stay. A CSV comes back as a workbook made of its rows.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from oneninex.core import escape
from oneninex.core.i18n import LANGS, text
from oneninex.domain import contracts
from oneninex.ingestion import source as sources
from oneninex.ingestion.batch import Options
from oneninex.ingestion.findings import Refused
from oneninex.ingestion.tables import delimited, package

MAX_BYTES = 10_000_000  # of a file that is given back whole; of another there is the list alone
MAX_CELLS = 500_000
MAX_ROWS = 20_000
MAX_MARKED = 5_000  # findings that are marked in cells; the list has all up to MAX_ROWS
_RED = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
_HEAD = PatternFill("solid", start_color="FF0B5F78", end_color="FF0B5F78")
_ADDRESS = re.compile(r"(?:(?P<sheet>.+)!)?(?P<cell>[A-Z]{1,3}[0-9]{1,7})")
_AUTHOR = "OneNineX"
_WIDTHS = (16, 26, 28, 70, 70)


def write_annotated(
    path: Path | None, kind: str | None, findings: list[dict[str, Any]], target: Path
) -> None:
    """Write the file as a workbook with its findings, or the list alone without a path.

    A file that cannot be opened, or is too large to be given back, becomes a list alone.
    """
    book, addresses = _opened(path, kind, findings) if path else _empty(findings)
    for finding, address in islice(zip(findings, addresses, strict=True), MAX_MARKED):
        _mark(book, finding, address)
    _list(book, findings, addresses, kind)
    book.save(target)


def _opened(
    path: Path, kind: str | None, findings: list[dict[str, Any]]
) -> tuple[Workbook, list[str | None]]:
    """The workbook to mark, and the address of each finding in it."""
    try:
        source = sources.examine(path, MAX_BYTES)
        if source.form == "zip":
            package.inspect(source, MAX_CELLS)
            return openpyxl.load_workbook(path), [finding["cell"] for finding in findings]
        if source.form == "text":
            return _from_text(source, kind, findings)
    except (Refused, OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # openpyxl fails in many ways on what other readers take
    return _empty(findings)


def _empty(findings: list[dict[str, Any]]) -> tuple[Workbook, list[str | None]]:
    """A workbook without sheets, and no addresses."""
    book = Workbook()
    book.remove(book.worksheets[0])
    return book, [None] * len(findings)


def _from_text(
    source: sources.Source, kind: str | None, findings: list[dict[str, Any]]
) -> tuple[Workbook, list[str | None]]:
    """A workbook of the rows of a CSV, each cell as text, and where its fields stand."""
    with tempfile.TemporaryDirectory(prefix="oneninex-") as folder:
        decoded = sources.decode(source, Path(folder))
        found, delimiter, _ = delimited.header_of(decoded, Options(kind=kind))
        places = {name: number for number, name in enumerate(found.fields, 1) if name}
        book = Workbook()
        sheet = book.worksheets[0]
        with decoded.path.open(encoding="utf-8-sig", newline="") as file:
            rows = islice(csv.reader(file, delimiter=delimiter), MAX_ROWS)
            for number, row in enumerate(rows, 1):
                for place, value in enumerate(row[:16_384], 1):
                    _write(sheet, number, place, value)
    addresses = [
        f"{get_column_letter(places.get(finding['field'], 1))}{finding['row']}"
        if finding["row"] and finding["row"] <= MAX_ROWS
        else None
        for finding in findings
    ]
    return book, addresses


def _write(sheet: Worksheet, row: int, column: int, value: str) -> None:
    """A text into a cell; what begins like a formula stays a text."""
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):
        return
    cell.value = _legal(value)
    cell.data_type = "s"
    cell.number_format = "@"


def _legal(value: str) -> str:
    """A text without what a workbook may not hold and what turns the direction of writing."""
    return escape.terminal(value)[:32_000]


def _mark(book: Workbook, finding: Mapping[str, Any], address: str | None) -> None:
    cell = cell_at(book, address)
    if cell is None:
        return
    cell.fill = _RED
    words = "\n".join(str(finding[f"message_{lang}"]) for lang in LANGS)
    earlier = f"{cell.comment.text}\n\n" if cell.comment else ""
    comment = Comment(_legal(earlier + words), _AUTHOR)
    comment.width, comment.height = 420, 200
    cell.comment = comment


def cell_at(book: Workbook, address: str | None) -> Cell | None:
    """The cell of an address such as M3 or 上旬!M3; of a merged area its first."""
    found = _ADDRESS.fullmatch(address) if address else None
    if found is None:
        return None
    name = found["sheet"]
    if name and name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    sheet = book[name] if name else next(iter(visible), None)
    if not isinstance(sheet, Worksheet):
        return None
    cell = sheet[found["cell"]]
    if isinstance(cell, MergedCell):
        area = next((r for r in sheet.merged_cells.ranges if found["cell"] in r), None)
        cell = sheet.cell(area.min_row, area.min_col) if area else cell
    return cell if isinstance(cell, Cell) else None


def _list(
    book: Workbook, findings: Iterable[Mapping[str, Any]], addresses: list[str | None], kind: Any
) -> None:
    """The sheet that lists the findings, with a link to each cell."""
    contract = contracts.load(kind) if kind else None
    sheet = book.create_sheet(_free(book, text("returns.annotated_sheet", "zh")))
    heads = [
        " ".join(text(f"returns.annotated_{name}", lang) for lang in LANGS)
        for name in ("cell", "column", "value")
    ]
    for place, head in enumerate([*heads, "问题", "Finding"], 1):
        cell = sheet.cell(1, place, head)
        cell.fill, cell.font = _HEAD, Font(bold=True, color="FFFFFFFF")
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS[place - 1]
    for row, (finding, address) in enumerate(zip(findings, addresses, strict=True), 2):
        named = contract and finding["field"] and contract.has(finding["field"])
        title = contract.field(finding["field"]).title if contract and named else finding["field"]
        place = address or (str(finding["row"]) if finding["row"] else "")
        cells = (place, title, finding["value"], finding["message_zh"], finding["message_en"])
        for column, value in enumerate(cells, 1):
            _write(sheet, row, column, value or "")
            sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")
        if marked := cell_at(book, address):
            sheet.cell(row, 1).hyperlink = f"#'{marked.parent.title}'!{marked.coordinate}"
            sheet.cell(row, 1).font = Font(color="FF0B5F78", underline="single")
    sheet.freeze_panes = "A2"


def _free(book: Workbook, title: str) -> str:
    names = {name.casefold() for name in book.sheetnames}
    return next(
        name for n in range(1, 1000) if (name := title if n == 1 else f"{title}{n}") not in names
    )
