"""Label Studio's JSON_MIN and CSV: what the converter leaves, and columns that collide."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from oneninex import ingestion
from oneninex.domain.plan import Plan
from oneninex.ingestion import label_studio
from oneninex.ingestion.batch import Batch, Options

OPTIONS = Options(
    unit_id="U1", enterprise_id="91320800DEM000101L", project_id="P-1", modality="text"
)
ROWS: list[dict[str, Any]] = [
    {
        "id": 4,
        "annotation_id": 9,
        "annotator": "wang@example.com",
        "created_at": "2026-03-05T02:00:00.000001Z",
        "updated_at": "2026-03-05T02:00:00.000002Z",
        "lead_time": 10.5,
        "title": "两行\n的标题, 带逗号",
    },
    {
        "id": 4,
        "annotation_id": 10,
        "annotator": 7,
        "created_at": "2026-03-05T17:00:00Z",
        "updated_at": "2026-03-05T17:00:00Z",
        "lead_time": 20,
        "title": "x" * 200_000,
    },
]
Read = Callable[[str], tuple[Batch, list[dict[str, Any]]]]


@pytest.fixture
def read(plan: Plan, tmp_path: Path) -> Read:
    def _read(text: str) -> tuple[Batch, list[dict[str, Any]]]:
        path = tmp_path / "export"
        path.write_text(text, "utf-8")
        with duckdb.connect() as con:
            batch = ingestion.read(path, con, OPTIONS, plan)
            name = batch.tables.get("labeling_daily")
            rows = con.sql(f"from {name}").to_arrow_table().to_pylist() if name else []
        return batch, rows

    return _read


def as_csv(rows: list[dict[str, Any]], delimiter: str, extra: dict[str, Any] | None = None) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([*(extra or {}), *rows[0]])
    writer.writerows([[*(extra or {}).values(), *row.values()] for row in rows])
    return out.getvalue()


@pytest.mark.parametrize(
    "text",
    [json.dumps(ROWS), as_csv(ROWS, "\t"), as_csv(ROWS, ","), "\ufeff" + as_csv(ROWS, ",")],
    ids=["JSON_MIN", "tabs", "commas", "mark"],
)
def test_all_forms_tell_the_same(read: Read, text: str) -> None:
    batch, rows = read(text)
    first, second = rows
    assert (first["date"], first["items"], first["hours"]) == (
        date(2026, 3, 5), 1, pytest.approx(10.5 / 3600))  # fmt: skip
    assert (second["date"], second["hours"]) == (date(2026, 3, 6), pytest.approx(20 / 3600))
    assert (batch.counts["tasks"], batch.counts["annotators"]) == (1, 2)
    assert batch.capabilities == ("annotator", "duration", "overlap", "time")
    missing = {f["field"] for f in batch.findings.to_pylist()}
    assert missing == {"review", "gold", "skip", "objects", "origin"}
    never = ("skipped", "reviewed", "gold", "prelabeled")
    assert [batch.counts[name] for name in never] == [None] * 4
    assert first["objects"] is first["prelabeled_items"] is None


@pytest.mark.parametrize(
    "data",
    [
        {"id": "task-A", "lead_time": "long", "annotator": "", "created_at": "yesterday"},
        {"lead_time": "", "annotation_id": "none"},
    ],
)
def test_a_column_of_the_data_with_the_exports_name_is_passed_by(
    read: Read, data: dict[str, Any]
) -> None:
    """Two columns of one name stand side by side; the one whose value fits is the export's."""
    batch, rows = read(as_csv(ROWS, ",", data))
    assert [row["items"] for row in rows] == [1, 1]
    assert rows[0]["hours"] == pytest.approx(10.5 / 3600)
    assert batch.rows_quarantined == 0


def test_an_annotation_is_the_same_in_every_form(plan: Plan, tmp_path: Path) -> None:
    own = {"id": ROWS[0]["annotation_id"], "created_at": ROWS[0]["created_at"]}
    whole = [{"id": 4, "annotations": [own]}]
    ids = []
    for name, text in (
        ("a.json", json.dumps(whole)),
        ("b.json", json.dumps(ROWS[:1])),
        ("c.csv", as_csv(ROWS[:1], ",")),
    ):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        with duckdb.connect() as con:
            batch = ingestion.read(path, con, OPTIONS, plan)
            ids += con.sql(f"select work_id from {batch.tables['work_items']}").fetchall()
    assert len(set(ids)) == 1


def test_a_broken_row_is_named_and_the_others_count(read: Read) -> None:
    wrong = [{**ROWS[0], "lead_time": -1}, {**ROWS[0], "annotation_id": 11, "created_at": None}]
    batch, rows = read(json.dumps([*wrong, ROWS[1]]))
    assert [row["items"] for row in rows] == [1]
    found = [(f["row"], f["code"]) for f in batch.findings.to_pylist() if f["row"]]
    assert found == [(1, "range"), (2, "missing_capability")]


def test_a_tasks_own_column_does_not_make_it_json_min(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps([{"data": {"annotation_id": 3}, "id": 1, "annotations": []}]))
    export = label_studio.open_export(path, OPTIONS)
    assert export.form == "json"


@pytest.mark.parametrize("text", ["annotator,lead_time\n1,2\n", '[{"annotation_id": 3}]', "a\tb\n"])
def test_other_tables_are_not_taken(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other"
    path.write_text(text)
    assert not label_studio.recognises(text.encode(), path)
