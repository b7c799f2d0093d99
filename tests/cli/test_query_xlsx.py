"""A query as a workbook: numbers are numbers, days are days, codes keep their digits."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa

from oneninex.cli import main, render
from tests.pages.conftest import ENTERPRISE
from tests.pages.conftest import small_store as small_store


def cells(content: bytes) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet
    return list(sheet.iter_rows(values_only=True))


def test_types_survive():
    table = pa.table(
        {
            "code": ["007", "913208000000000001", "=1+1", "http://a", None],
            "items": pa.array([1, None, -3, 2**40, 0], pa.int64()),
            "rate": [0.5, None, -0.25, 1.0, 0.0],
            "month": [date(2026, 10, 1), None, date(2026, 1, 1), None, None],
            "whole": [True, False, None, True, True],
        }
    )
    head, first, second, third, fourth, last = cells(render.to_xlsx(table))
    assert head == tuple(table.column_names)
    assert first == ("007", 1, 0.5, pd.Timestamp(2026, 10, 1), True)
    assert second == ("913208000000000001", None, None, None, False)
    assert third[:3] == ("=1+1", -3, -0.25)
    assert fourth[:2] == ("http://a", 2**40)
    assert last == (None, 0, 0.0, None, True)


def test_text_columns_have_the_format_of_text():
    sheet = openpyxl.load_workbook(
        io.BytesIO(render.to_xlsx(pa.table({"code": ["=1"], "n": [1]})))
    ).active
    assert sheet
    assert sheet.column_dimensions["A"].width > 10
    assert sheet["A2"].data_type == "s"
    assert sheet["B2"].data_type == "n"


def test_the_same_table_gives_the_same_cells_when_empty():
    assert cells(render.to_xlsx(pa.table({"code": pa.array([], pa.string())}))) == [("code",)]


def test_command(small_store: Path, tmp_path: Path):
    out = tmp_path / "list.xlsx"
    line = ["--store", str(small_store), "query", "enterprise_list", "--format", "xlsx"]
    assert main([*line, "--out", str(out)]) == 0
    head, row = cells(out.read_bytes())
    assert row[head.index("enterprise_id")] == ENTERPRISE
    assert main(line) == 64


def test_a_place_that_cannot_be_written_is_wrong_usage(small_store: Path, tmp_path: Path):
    line = ["--store", str(small_store), "query", "units", "--format", "xlsx"]
    assert main([*line, "--out", str(tmp_path / "nowhere" / "list.xlsx")]) == 64
