"""The commands `template` and `returns`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from oneninex import cli
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.store import Store
from oneninex.store.publication import Publication, Receipt
from tests.pages.conftest import ENTERPRISE, _batch

ENTRY = {"month", "unit_id", "kind", "due_on", "received_at", "version", "days_late", "status"}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    """Run a command: (exit code, standard output, standard error)."""

    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A store with labeling of U1 for February and March 2026, and its one enterprise."""
    folder = tmp_path / "store"
    labeling = [
        {
            "date": day, "unit_id": "U1", "enterprise_id": ENTERPRISE, "project_id": "P1",
            "modality": "text", "items": 1, "reviewed": 1, "accepted": 1,
            "accepted_first_pass": 1, "rejected": 0, "annotators": 1,
        }
        for day in (date(2026, 2, 2), date(2026, 3, 2))
    ]  # fmt: skip
    registry = [
        {
            "enterprise_id": ENTERPRISE, "name_zh": "演示企业", "unit_id": "U1",
            "founded_on": date(2020, 1, 1), "joined_on": date(2026, 1, 1), "origin": "grown",
            "links": "labeling",
        }
    ]  # fmt: skip
    with duckdb.connect() as connection:
        plan = Plan.load(ROOT / "data" / "plan")
        publication = Publication(Store(folder), plan, connection, imported_by="tester")
        for kind, rows in {"labeling_daily": labeling, "enterprises": registry}.items():
            receipt = Receipt(date(2026, 4, 2), "", {})
            publication.add(_batch(connection, kind, rows), receipt)
        publication.commit("")
    return folder


def test_the_ledger_as_json(run, filled: Path):
    code, printed, _ = run("--store", filled, "returns", "--month", "2026-03", "--json")
    rows = json.loads(printed)

    assert code == 0
    assert all(set(row) >= ENTRY for row in rows)
    assert {row["month"] for row in rows} == {"2026-03-01"}
    (own,) = [r for r in rows if (r["unit_id"], r["kind"]) == ("U1", "labeling_daily")]
    assert (own["due_on"], own["received_at"], own["version"]) == ("2026-04-05", "2026-04-02", 1)
    assert (own["status"], own["days_late"]) == ("on_time", 0)
    others = {r["status"] for r in rows if r["unit_id"] != "U1"}
    assert others == {"missing"}


def test_without_a_month_every_month_is_listed(run, filled: Path):
    _, every, _ = run("--store", filled, "returns", "--json")
    _, march, _ = run("--store", filled, "returns", "--month", "2026-03", "--json")

    assert len(json.loads(every)) > len(json.loads(march)) > 0


@pytest.mark.parametrize(("lang", "words"), [("zh", ["标注日报", "按时", "缺报"]),
                                             ("en", ["on time", "missing"])])  # fmt: skip
def test_the_ledger_in_words(run, filled: Path, lang: str, words: list[str]):
    code, printed, _ = run("--lang", lang, "--store", filled, "returns", "--month", "2026-03")

    assert code == 0
    for word in words:
        assert word in printed
    assert "labeling_daily" not in printed


@pytest.mark.parametrize("month", ["2026", "2026-13", "202603", "March"])
def test_a_month_that_is_none_is_wrong_usage(run, filled: Path, month: str):
    code, _, error = run("--store", filled, "returns", "--month", month)

    assert code == 64
    assert "Traceback" not in error


def test_an_empty_store_has_no_ledger(run, tmp_path: Path):
    assert run("--store", tmp_path / "none", "returns")[0] == 3


def test_the_form_lists_the_units_own_enterprises(run, filled: Path, tmp_path: Path):
    for unit, listed in {"U1": [ENTERPRISE], "U2": []}.items():
        out = tmp_path / f"{unit}.xlsx"
        code, printed, _ = run(
            "--store", filled, "template", "labeling_daily", "--unit", unit, "--out", out
        )
        assert (code, str(out) in printed.replace("\n", "")) == (0, True)
        sheets = load_workbook(out).sheetnames
        assert ("本单元企业" in sheets) == bool(listed)
        if listed:
            rows = load_workbook(out)["本单元企业"].iter_rows(min_row=2, values_only=True)
            assert [row[0] for row in rows] == listed


def test_the_form_needs_no_store(run, tmp_path: Path):
    out = tmp_path / "form.xlsx"

    assert (
        run("--store", tmp_path / "no", "template", "datasets", "--unit", "U1", "--out", out)[0]
        == 0
    )
    assert load_workbook(out).sheetnames[0] == "行业数据集"


@pytest.mark.parametrize(
    "arguments",
    [
        ["template", "nonsense", "--unit", "U1", "--out", "x.xlsx"],
        ["template", "work_set_aside", "--unit", "U1", "--out", "x.xlsx"],
        ["template", "datasets", "--unit", "U99", "--out", "x.xlsx"],
        ["template", "datasets", "--out", "x.xlsx"],
        ["template", "datasets", "--unit", "U1", "--out", "no/such/folder/x.xlsx"],
    ],
)
def test_wrong_usage_is_64_without_a_traceback(run, tmp_path: Path, arguments: list[str]):
    code, printed, error = run("--store", tmp_path / "s", *arguments)

    assert code == 64
    assert error.strip()
    assert "Traceback" not in error + printed
