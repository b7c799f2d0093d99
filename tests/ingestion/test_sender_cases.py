"""Every collected case of what senders meant, with its right value."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from oneninex.core.settings import ROOT
from oneninex.ingestion import archive
from oneninex.ingestion.batch import Options
from oneninex.services import import_request
from tests.ingestion.helpers import Reader, plan

FOLDERS = (os.environ.get("ONENINEX_SHARED"), ROOT.parent / "shared", ROOT.parents[1] / "shared")

# case: rows accepted in all files, then (row, field, code or rule) of each finding
RIGHT: dict[str, tuple[int, list[tuple[Any, ...]]]] = {
    "03-merged-unit-down": (3, []),
    "03b-merged-in-csv-blank-down": (
        1,
        [(row, f, "required") for row in (3, 4) for f in ("date", "unit_id", "enterprise_id")],
    ),
    "04-two-row-header": (1, []),
    "05-hidden-rows-filter": (3, [(3, None, "not_a_table")]),
    "05c-strikethrough": (1, [(3, None, "struck")]),
    "06-hidden-column": (1, [(1, "items", "not_a_table"), (1, None, "unknown_column")]),
    "07-subtotal-by-excel-zh": (2, [(4, None, "total_row"), (5, None, "total_row")]),
    "08-subtotal-filled-row": (3, [(5, None, "total_row")]),
    "08c-total-by-enterprise-name": (2, [(1, None, "unknown_column"), (4, None, "equals_sum")]),
    "09-summary-sheet": (2, [(2, None, "equals_sum")]),
    "10-error-in-text-cell": (1, [(3, "project_id", "type")]),
    "11-uncalculated-formula-text": (1, [(3, "project_id", "type")]),
    "12-placeholder-project": (
        0,
        [(r, "project_id", "type" if r == 5 else "required") for r in range(2, 12)],
    ),
    "13-ditto-marks": (1, [(3, "project_id", "required"), (4, "project_id", "required")]),
    "14-date-in-text-column": (1, [(3, "project_id", "type")]),
    "15-number-in-text-column": (2, []),
    "16-items-title-in-wan": (0, [(None, "items", "range")]),
    "16c-dataset-size-title-tb": (0, [(None, "size_gb", "range")]),
    "17-yuan-in-sheet-name-or-title": (0, [(None, "revenue_10k_cny", "range")] * 4),
    "18-percent-cell": (1, [(3, "accepted", "type"), (3, "accepted_first_pass", "type")]),
    "18c-scaled-format": (1, [(3, "items", "range")]),
    "19-duration-hours": (2, []),
    "20-number-in-date-format": (1, [(3, "items", "type")]),
    "23-office-lock-files": (2, []),
    "25-ods": (0, [(None, None, "unknown_format")]),
    "28-spreadsheetml-2003": (0, [(None, None, "unknown_format")]),
    "29-big5-csv": (0, [(None, None, "encoding")]),
    "30-mojibake-names": (0, [(row, "name_zh", "encoding") for row in range(2, 7)]),
    "31-excel-protected-text": (2, []),
    "32-apostrophe-and-tab-protected": (1, [(3, "date", "identical")]),
    "32b-what-became-of-32": (3, []),
    "34-ctrl-z": (3, []),
    "37-invisible-in-header": (5, []),
    "38-invisible-in-cell": (2, [(4, "date", "identical")]),
    "39-pipe-or-wide-comma": (4, []),
    "40-parquet-tz": (2, []),
    "41-parquet-nan": (2, []),
    "43-transposed": (0, [(None, None, "unknown_format")]),
    "46-backslash-names": (2, []),
}


@pytest.fixture(scope="module")
def cases() -> Path:
    found = [Path(folder) / "cases" for folder in FOLDERS if folder]
    place = next((folder for folder in found if folder.is_dir()), None)
    if place is None:
        word = "the shared cases are not here: shared/cases beside the checkout"
        if os.environ.get("CI"):
            pytest.fail(word)
        pytest.skip(word)
    return place


@pytest.mark.parametrize("name", RIGHT)
def test_what_the_sender_meant(read: Reader, cases: Path, name: str):
    accepted, expected = RIGHT[name]
    listed = import_request.expand([cases / name / "in"], Options(), plan())
    batches = [read(file.path) for file in listed]
    told = [
        (row["row"], row["field"], row["rule"] or row["code"])
        for batch in batches
        for row in batch.findings.to_pylist()
    ]
    assert sum(batch.rows_accepted for batch in batches) == accepted
    assert told == expected


def test_durations_and_zeros_have_their_values(read: Reader, cases: Path):
    hours = read(cases / "19-duration-hours" / "in" / "日报.xlsx")
    assert [row["hours"] for row in read.rows(hours)] == [36.5, 8.5]
    codes = read(cases / "15-number-in-text-column" / "in" / "日报.xlsx")
    assert [row["project_id"] for row in read.rows(codes)] == ["007", "007"]
    days = read(cases / "40-parquet-tz" / "in" / "a.parquet")
    assert {str(row["date"]) for row in read.rows(days)} == {"2026-09-08"}


def test_names_in_an_archive_of_macos(cases: Path, tmp_path: Path):
    (member,) = archive.unpack(cases / "21-mac-zip-utf8-names" / "in" / "mac.zip", tmp_path, 10**7)
    assert member.name == "九月日报.csv"
