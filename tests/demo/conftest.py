"""The demo returns, written once, and read again by code of the tests' own."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from oneninex import demo
from oneninex.core.settings import ROOT

Row = dict[str, Any]
ENCODINGS = ("utf-8-sig", "gb18030")


@pytest.fixture(scope="session")
def returns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo returns of 22 months."""
    folder = tmp_path_factory.mktemp("demo")
    demo.write(folder)
    return folder


@pytest.fixture(scope="session")
def rows(returns: Path) -> Callable[[str], list[Row]]:
    """All rows of a kind under their contract names; numbers as floats, days as dates."""
    kept: dict[str, list[Row]] = {}

    def of_kind(kind: str) -> list[Row]:
        if kind not in kept:
            files = sorted(f for f in returns.glob(f"{kind}_*") if f.suffix in (".csv", ".xlsx"))
            kept[kind] = [row for file in files for row in read(file, kind)]
        return kept[kind]

    return of_kind


def read(path: Path, kind: str) -> list[Row]:
    """The rows of a return with the file's name in `file`; fails on a header no contract knows."""
    known = headers(kind)
    lines = _workbook(path) if path.suffix == ".xlsx" else _text(path)
    names = [known[name] for name in lines[0]]
    return [
        {"file": path.name, **{n: _value(n, c) for n, c in zip(names, line, strict=True)}}
        for line in lines[1:]
    ]


def headers(kind: str) -> dict[str, str]:
    """Every header that the contract of a kind accepts, to the field's name."""
    contract = json.loads((ROOT / "data" / "contracts" / f"{kind}.json").read_text("utf-8"))
    return {
        header: field["name"]
        for field in contract["fields"]
        for header in (field["name"], field["title"], *field.get("aliases", []))
    }


def _workbook(path: Path) -> list[list[Any]]:
    lines = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert "演示数据" in str(lines[0][0])
    return lines[1:]


def _text(path: Path) -> list[list[Any]]:
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))
        except UnicodeDecodeError:
            continue
    raise AssertionError(f"{path} is in no encoding that units use")


def _value(name: str, cell: Any) -> Any:
    if cell in ("", None):
        return None
    if name.endswith("_on") or name == "date":
        return _day(cell)
    if isinstance(cell, str) and name not in TEXTS:
        return float(cell.replace(",", ""))
    return cell


TEXTS = {
    *("unit_id", "enterprise_id", "project_id", "dataset_id", "modality", "task_type"),
    *("hours_basis", "name_zh", "name_en", "origin", "links", "recognition", "quarter"),
    *("title_zh", "title_en", "sector", "evaluation_rule", "scenario", "month"),
    *("indicator_id", "scope", "period", "status", "source", "note"),
}


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    for mark in "年月/":
        cell = cell.replace(mark, "-")
    year, month, day = cell.rstrip("日").split("-")
    return date(int(year), int(month), int(day))
