"""Task-level events add up to daily returns: DuckDB against a recount in Python, and its words."""

from __future__ import annotations

import csv
import json
import sys
from datetime import datetime
from pathlib import Path

import pytest
from frictionless import Schema
from hypothesis import given, settings
from hypothesis import strategies as st

from oneninex.cli import main
from oneninex.core.settings import ROOT
from oneninex.domain import contracts
from oneninex.domain.plan import Plan
from oneninex.rollup import Result, results, roll_up
from tests.engine import recount

PLAN = Plan.load(ROOT / "data" / "plan")
UNITS = set(PLAN.units.column("unit_id").to_pylist())
TODAY = datetime.now(PLAN.config.zone).date()
WRONG = {json.dumps(change): change for change in recount.WRONG}


def compared(result: Result, events: list[recount.Event]) -> None:
    expected = recount.recount(events, UNITS, TODAY)
    rows = result.daily.to_pylist()
    found = {tuple(row[name] for name in recount.KEY): row for row in rows}
    assert len(found) == len(rows)
    assert {
        key: {name: value for name, value in row.items() if name not in recount.KEY}
        for key, row in found.items()
    } == expected["rows"]
    totals = ("read", "repeated", "set_aside")
    assert [getattr(result, name) for name in totals] == [expected[name] for name in totals]
    assert result.read == result.counted + result.repeated + result.set_aside
    assert result.findings.num_rows == result.set_aside == sum(result.faults.values())


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 400))
def test_a_roll_up_is_what_a_recount_gives(
    tmp_path_factory: pytest.TempPathFactory, seed: int, count: int
) -> None:
    folder = tmp_path_factory.mktemp("rollup")
    events = recount.random_events(seed, count)
    half = len(events) // 2
    backwards = recount.COLUMNS[::-1]
    files = [
        recount.write_csv(events[:half], folder / "a.csv"),
        recount.write_csv(events[half:], folder / "b.csv", backwards),
    ]
    compared(roll_up(files, PLAN, folder / "out"), events)


def test_parquet_with_types_adds_up_as_text_does(tmp_path: Path) -> None:
    events = recount.random_events(7, 300)
    plain = [event for event in events if recount.recount([event], UNITS, TODAY)["rows"]]
    file = recount.write_parquet(plain, tmp_path / "events.parquet")
    compared(roll_up([file], PLAN, tmp_path / "out"), plain)


def test_what_a_roll_up_writes_is_imported_without_a_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recount.write_csv(recount.random_events(1, 500), tmp_path / "events.csv")
    out, store = tmp_path / "out", str(tmp_path / "store")
    assert main(["rollup", str(tmp_path), "--out", str(out), "--format", "csv", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [Path(path).name for path in document["files"]] == [
        "labeling_daily-2026-02.csv",
        "labeling_daily-2026-03.csv",
    ]
    assert main(["rollup", str(tmp_path / "events.csv"), "--out", str(out)]) == 1
    assert not list(out.glob("*.csv")), "files of the other form gave way"
    capsys.readouterr()
    assert main(["--store", store, "import", str(out), "--json"]) == 0
    imported = json.loads(capsys.readouterr().out)["files"]
    assert [file["findings_total"] for file in imported] == [0, 0]
    assert sum(file["rows_accepted"] for file in imported) == document["rows"]


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_wrong_event_is_set_aside_with_a_reason(change: recount.Event, tmp_path: Path) -> None:
    events = [event for event in recount.random_events(3, 40) if event["event"] == "submitted"]
    good = next(e for e in events if recount.recount([e], UNITS, TODAY)["rows"])
    file = recount.write_csv([good | change | {"event_id": "bad"}, good], tmp_path / "e.csv")
    result = roll_up([file], PLAN, tmp_path / "out")
    assert (result.counted, result.set_aside) == (1, 1)
    assert result.findings_file
    with result.findings_file.open(encoding="utf-8-sig") as opened:
        (finding,) = csv.DictReader(opened)
    assert finding["event_id"] == "bad"
    assert finding["field"] in {*change, "seconds"}
    assert finding["message_zh"] != finding["message_en"]
    assert "name" not in "".join(finding.values()), "nobody who labels is named"


REFUSED = {
    "engine.missing_column": b"event_id,item_id\n1,2\n",
    "engine.no_utf8": "event_id,事件\n".encode("gb18030"),
    "engine.no_table": b"",
    "engine.unreadable": (",".join(recount.COLUMNS) + "\n1,2\n").encode(),
}


@pytest.mark.parametrize("key", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_whole(
    key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "events.csv").write_bytes(REFUSED[key])
    assert main(["rollup", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.strip()
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--engine", "trino"], "duckdb | spark"),
        (["--engine", "spark"], "--master spark://"),
        (["--engine", "spark", "--master", "http://here"], "http://here"),
        (["--engine", "spark", "--master", "spark://127.0.0.1:1"], "127.0.0.1:1"),
        (["--master", "spark://127.0.0.1:1"], "--engine spark"),
        (["--format", "xlsx"], "parquet | csv"),
    ],
)
def test_wrong_usage_is_told_in_words(
    arguments: list[str], word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = recount.write_csv([], tmp_path / "events.csv")
    command = ["--lang", "en", "rollup", str(file), "--out", str(tmp_path / "out"), *arguments]
    assert main(command) == 64
    assert word in capsys.readouterr().err


def test_a_package_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyspark", "pyspark.errors", "pyspark.sql"):
        monkeypatch.setitem(sys.modules, name, None)
    file = recount.write_csv([], tmp_path / "events.csv")
    spark = ["--engine", "spark", "--master", "spark://127.0.0.1:1"]
    assert main(["rollup", str(file), "--out", str(tmp_path / "out"), *spark]) == 64
    assert "pyspark" in capsys.readouterr().err


def test_the_contract_of_events_is_a_table_schema() -> None:
    contract = contracts.events()
    file = contracts.FOLDER / "events" / "task_events.json"
    assert Schema.from_descriptor(str(file)).field_names == [f.name for f in contract.fields]
    assert tuple(field.name for field in contract.fields) == recount.COLUMNS
    told = (ROOT / "docs" / "growth.md").read_text(encoding="utf-8")
    assert all(f"| `{f.name}` | {f.title} |" in told for f in contract.fields)
    for code in ("required", "type", "range", "unknown_code", "check_digit", "duplicate_key"):
        assert results.message(code, "item_id", "x", "zh")
