"""What intake says of the demo: nothing of the ordinary returns, the mistake of the faulty ones."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from oneninex import ingestion
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Options
from oneninex.services import import_service

# Reading all months and units would only repeat these: Excel, GB18030 and UTF-8, an export.
NEWEST = re.compile(
    r"(labeling_daily|workforce_monthly)_U[1257]_2026-09|enterprise_quarterly_U[57]_(2025|2026)Q3"
    r"|(enterprises|datasets)_U[1357]|indicator_values|label_studio"
)
MISTAKES = {
    "accepted_over_reviewed": "rule",
    "ambiguous_dates": "type",
    "bad_check_digit": "rule",
    "built_before_planned": "rule",
    "duplicate_rows": "duplicate_key",
    "empty_file": "not_a_table",
    "empty_required_cells": "required",
    "formula_errors": "type",
    "header_only": "not_a_table",
    "hours_over_24_a_person": "rule",
    "hours_without_basis": "rule",
    "html_named_xls": "not_a_table",
    "label_studio_cut_off": "unknown_format",
    "label_studio_without_unit": "required",
    "labeling_revenue_over_revenue": "rule",
    "left_before_joining": "rule",
    "missing_column": "missing_column",
    "month_only_dates": "type",
    "more_seats_used_than_there_are": "rule",
    "negative_items": "range",
    "not_a_workbook": "not_a_table",
    "nul_bytes": "not_a_table",
    "other_json": "unknown_format",
    "ragged_rows": "not_a_table",
    "rejected_is_not_the_rest": "rule",
    "text_in_number": "type",
    "total_row": "rule",
    "unknown_column": "unknown_column",
    "unknown_modality": "unknown_code",
    "unknown_unit": "unknown_code",
    "wrong_encoding_bytes": "encoding",
    "yuan_instead_of_10k": "range",
}


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONENINEX_KEY", "a key for tests")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def test_ordinary_returns_import_without_a_finding(
    returns: Path, plan: Plan, con: duckdb.DuckDBPyConnection
) -> None:
    folders = [returns, returns / "revised"]
    files = [
        file
        for file in import_service.expand(folders, Options(), plan)
        if file.path.parent != returns or NEWEST.match(file.path.name)
    ]
    assert len(files) > 20
    for file in files:
        batch = ingestion.read(file.path, con, file.options, plan)
        # an export says what its format cannot tell; that is no fault of it
        told = ["missing_capability"] if batch.platform else []
        assert batch.findings.column("code").to_pylist() == told, file.path.name
        assert batch.status == "accepted"
        assert batch.rows_accepted > 0


@pytest.mark.parametrize(("name", "code"), MISTAKES.items())
def test_a_faulty_file_is_found_to_be_what_its_name_says(
    returns: Path, plan: Plan, con: duckdb.DuckDBPyConnection, name: str, code: str
) -> None:
    (path,) = (returns / "faulty").glob(f"{name}.*")
    batch = ingestion.read(path, con, Options(), plan)
    assert code in batch.findings["code"].to_pylist()
