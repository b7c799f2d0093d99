"""Workbooks written otherwise than Excel does, but as the format allows."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.ingestion.helpers import DAILY, codes, found, natural, write_xlsx

SHEET = "xl/worksheets/sheet1.xml"


def rewritten(path: Path, name: str, change: Callable[[str], str]) -> Path:
    """The workbook with one entry changed."""
    with zipfile.ZipFile(path) as package:
        entries = {entry: package.read(entry) for entry in package.namelist()}
    entries[name] = change(entries[name].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for entry, content in entries.items():
            package.writestr(entry, content)
    return path


def prefixed(xml: str) -> str:
    xml = re.sub(r"<(/?)([a-zA-Z]+)(?=[\s/>])", r"<\1x:\2", xml)
    return xml.replace("xmlns=", "xmlns:x=")


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": lambda xml: xml,
    "prefixed": prefixed,
    "single quotes": lambda xml: re.sub(r'r="([A-Z]+\d+)"', r"r='\1'", xml),
    "spaced": lambda xml: re.sub(r'<c r="([A-Z]+\d+)"', r'<c\n r = "\1" ', xml),
    "no places": lambda xml: re.sub(r'<c r="[A-Z]+\d+"', "<c", xml),
    "type first": lambda xml: re.sub(r'<c r="(\w+)" t="(\w+)"', r'<c t="\2" r="\1"', xml),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_a_reader_takes_for_empty_is_named_in_every_way_of_writing(tmp_path, read, way):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(DAILY))
    for value in ("=1+1", "#DIV/0!"):
        sheet.append(
            [natural(cell) for cell in ({**DAILY, "items": "x"} | {"items": value}).values()]
        )
    book.save(tmp_path / "a.xlsx")

    batch = read(rewritten(tmp_path / "a.xlsx", SHEET, WAYS[way]))

    assert [(r, f, v) for r, f, v, *_ in found(batch)] == [
        (2, "items", "=1+1"),
        (3, "items", "#DIV/0!"),
    ]


@pytest.mark.parametrize(
    "cell", ["<c r='XFD1048576'><v>1</v></c>", '<c t="n" r="XFD1048576"><v>1</v></c>']
)
@pytest.mark.parametrize("way", ["as it is", "prefixed"])
def test_a_far_cell_is_seen_in_every_way_of_writing(tmp_path, read, cell, way):
    def far(xml: str) -> str:
        row = f"<row r='1048576'>{cell}</row></sheetData>"
        return WAYS[way](xml.replace("</sheetData>", row))

    path = rewritten(write_xlsx(tmp_path / "a.xlsx", [DAILY]), SHEET, far)
    assert codes(read(path)) == ["too_large"]


def test_a_document_type_is_no_workbook(tmp_path, read):
    def with_type(xml: str) -> str:
        return '<!DOCTYPE worksheet [<!ENTITY a "1">]>' + re.sub(r"<\?xml.*?\?>", "", xml)

    path = rewritten(write_xlsx(tmp_path / "a.xlsx", [DAILY]), SHEET, with_type)
    assert codes(read(path)) == ["not_a_table"]


def test_an_old_mac_counts_its_days_from_1904(tmp_path, read):
    def old(xml: str) -> str:
        return re.sub(r"<workbookPr\s*/>", '<workbookPr date1904="1"/>', xml)

    days = (dt.date(2026, 3, 5) - dt.date(1904, 1, 1)).days
    path = write_xlsx(tmp_path / "a.xlsx", [{**DAILY, "date": str(days)}])
    batch = read(rewritten(path, "xl/workbook.xml", old))

    assert [row["date"] for row in read.rows(batch)] == [dt.date(2026, 3, 5)]
