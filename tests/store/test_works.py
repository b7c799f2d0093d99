"""Exports of one project add up, come again without doubling, and are counted anew."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Options
from oneninex.ingestion.label_studio import parse
from oneninex.services.import_service import ImportResult, expand, import_files
from oneninex.store import Store, query
from tests.ingestion.helpers import DAILY, write_csv

ENTERPRISE = "91320800DEM000101L"
OPTIONS = Options(unit_id="U1", enterprise_id=ENTERPRISE, project_id="P-1", modality="text")
Send = Callable[..., ImportResult]
Row = dict[str, Any]


def annotation(number: int, day: str = "2026-03-05", **other: Any) -> Row:
    """An annotation of Label Studio's, ten seconds long."""
    whole = {
        "id": number,
        "completed_by": 1,
        "result": [],
        "was_cancelled": False,
        "created_at": f"{day}T02:{number % 60:02}:00Z",
        "updated_at": f"{day}T02:{number % 60:02}:00Z",
        "lead_time": 10.0,
    }
    return {**whole, **other}


def choice(answer: str) -> list[Row]:
    return [{"id": "c", "type": "choices", "from_name": "q", "value": {"choices": [answer]}}]


@pytest.fixture
def send(store: Store, plan: Plan, tmp_path: Path) -> Send:
    """Import annotations as one export (or files as they are); each task has one annotation."""

    def run(
        annotations: list[Row] | Path, *more: Path, name: str = "a.json", **how: Any
    ) -> ImportResult:
        if isinstance(annotations, Path):
            paths = [annotations, *more]
        else:
            path = tmp_path / name
            tasks = [{"id": a.pop("task", a["id"]), "annotations": [a]} for a in annotations]
            path.write_text(json.dumps(tasks), "utf-8")
            paths = [path]
        return import_files(store, plan, expand(paths, OPTIONS, plan), **how)

    return run


def facts(store: Store, kind: str) -> list[Row]:
    files = store.current().manifest.of(kind)
    if not files:
        return []
    paths = [str(store.root / file.path) for file in files]
    return duckdb.sql(f"from read_parquet({paths}) order by all").to_arrow_table().to_pylist()


def items(store: Store) -> dict[date, int]:
    return {row["date"]: row["items"] for row in facts(store, "labeling_daily")}


MARCH = date(2026, 3, 5)


def test_two_batches_of_a_project_add_up(store: Store, send: Send):
    send([annotation(1), annotation(2)])
    send([annotation(3), annotation(4, "2026-03-06")], name="b.json")

    assert items(store) == {MARCH: 3, date(2026, 3, 6): 1}
    (first, *_) = facts(store, "labeling_daily")
    assert first["hours"] == pytest.approx(30 / 3600)
    assert {row["upload_id"] for row in facts(store, "work_items")} == {
        "000001-0000",
        "000002-0000",
    }


def test_what_comes_again_in_a_larger_file_counts_once(store: Store, send: Send):
    send([annotation(1), annotation(2)])
    send([annotation(1), annotation(2), annotation(3)], name="b.json")

    assert items(store) == {MARCH: 3}


def test_two_files_of_one_import_add_up_too(store: Store, send: Send, tmp_path: Path):
    for name, numbers in (("a.json", (1, 2)), ("b.json", (2, 3))):
        tasks = [{"id": n, "annotations": [annotation(n)]} for n in numbers]
        (tmp_path / name).write_text(json.dumps(tasks), "utf-8")
    send(tmp_path / "a.json", tmp_path / "b.json")

    assert items(store) == {MARCH: 3}


def test_an_older_version_does_not_replace_a_newer_one(store: Store, send: Send):
    newer = annotation(1, updated_at="2026-03-09T00:00:00Z", was_cancelled=True)
    send([newer, annotation(2)])
    send([annotation(1)], name="old.json")

    assert items(store) == {MARCH: 1}
    assert [row["reason"] for row in facts(store, "work_set_aside")] == ["skipped"]


def test_a_skip_that_was_taken_back_is_set_aside_no_more(store: Store, send: Send):
    send([annotation(1, was_cancelled=True)])
    send([annotation(1, updated_at="2026-03-09T00:00:00Z")], name="b.json")

    assert items(store) == {MARCH: 1}
    assert facts(store, "work_set_aside") == []


def job(number: int, day: str) -> Row:
    """A finished job of CVAT's with one frame."""
    return {
        "id": number,
        "task_id": 1,
        "project_id": 1,
        "assignee": {"id": 1},
        "stage": "acceptance",
        "state": "completed",
        "start_frame": 0,
        "stop_frame": 0,
        "updated_date": f"{day}T02:00:00Z",
    }


def test_work_that_moves_to_another_month_leaves_the_first(
    store: Store, send: Send, tmp_path: Path
):
    """CVAT's jobs have the day of their last change."""

    def jobs(name: str, *days: str) -> Path:
        path = tmp_path / name
        rows = [job(number, day) for number, day in enumerate(days, 1)]
        listed = {"count": len(rows), "next": None, "previous": None, "results": rows}
        path.write_text(json.dumps(listed), "utf-8")
        return path

    send(jobs("a.json", "2026-03-05", "2026-04-02"))
    send(jobs("b.json", "2026-05-07"))

    assert items(store) == {date(2026, 4, 2): 1, date(2026, 5, 7): 1}
    assert len(facts(store, "work_items")) == 2


def test_another_installation_with_equal_ids_adds_up(store: Store, send: Send):
    """Two servers count from 1; the creation time or the unique id tells them apart."""
    send([annotation(1, unique_id="a")])
    send([annotation(1, "2026-04-02", unique_id="b")], name="b.json")
    send([annotation(1, unique_id="c")], name="c.json")

    assert items(store) == {MARCH: 2, date(2026, 4, 2): 1}


@pytest.mark.parametrize("order", [("json", "csv"), ("csv", "json"), ("json", "csv", "json")])
def test_json_and_csv_of_a_project_are_the_same_work(
    store: Store, send: Send, tmp_path: Path, order: tuple[str, ...]
):
    """A column `id` of the task's data stands in the CSV where the task's id would."""
    csv = tmp_path / "e.csv"
    csv.write_text(
        "annotation_id,annotator,created_at,id,lead_time,updated_at\n"
        "1,1,2026-03-05T02:01:00Z,x0,10.0,2026-03-05T02:01:00Z\n"
    )
    for number, form in enumerate(order):
        if form == "csv":
            send(csv, reason="again")
        else:
            send([annotation(1, result=choice("a"), unique_id="u")], name=f"{number}.json")

    (row,) = facts(store, "labeling_daily")
    assert (row["items"], row["objects"]) == (1, 1), "what the CSV cannot tell is not lost"


def test_works_of_an_earlier_release_are_found_under_their_new_identity(
    store: Store, send: Send, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as earlier:
        earlier.setattr(
            parse, "identity", lambda task, own, created, n: parse.former_identity(task, own, n)
        )
        send([annotation(1), annotation(2)])
    send([annotation(1), annotation(2), annotation(3)], name="b.json")

    assert items(store) == {MARCH: 3}


def test_other_projects_and_months_keep_their_rows(store: Store, send: Send, tmp_path: Path):
    send([annotation(1), annotation(2, "2026-04-02")])
    before = {f.partition: f.sha256 for f in store.current().manifest.of("labeling_daily")}
    send([annotation(3)], name="b.json")
    after = {f.partition: f.sha256 for f in store.current().manifest.of("labeling_daily")}

    assert before["2026-04"] == after["2026-04"]
    assert before["2026-03"] != after["2026-03"]


def test_the_same_file_again_changes_nothing_though_it_was_merged(store: Store, send: Send):
    send([annotation(1)])
    send([annotation(2)], name="b.json")
    again = send([annotation(1)])

    assert (again.snapshot, again.files[0][1].status) == (None, "unchanged")


def test_a_return_that_replaced_the_works_can_be_overruled_again(
    store: Store, send: Send, tmp_path: Path
):
    send([annotation(1)])
    row = {**DAILY, "enterprise_id": ENTERPRISE, "project_id": "P-1", "modality": "text"}
    send(write_csv(tmp_path / "correction.csv", [row]))
    assert items(store) == {MARCH: 120}
    unasked = send([annotation(1)])
    assert (unasked.files[0][1].status, items(store)) == ("unchanged", {MARCH: 120})
    again = send([annotation(1)], again=True)

    assert again.files[0][1].status == "accepted"
    assert items(store) == {MARCH: 1}


def test_earlier_snapshots_keep_what_they_said(store: Store, send: Send):
    send([annotation(1)])
    first = store.current()
    send([annotation(2)], name="b.json")

    def month(snapshot: Any) -> Any:
        rows = query("output_by_unit_month", snapshot=snapshot, unit_id="U1").to_pylist()
        return [row["items"] for row in rows]

    assert (month(first), month(store.current())) == ([1], [2])
    newest = store.current()
    assert newest is not None
    (revised,) = [
        r for r in query("revisions", snapshot=newest).to_pylist()
        if r["measure"] == "items"
    ]  # fmt: skip
    assert (revised["first_print"], revised["now"]) == (1, 2)


def test_a_look_tells_what_would_change_and_writes_nothing(store: Store, send: Send):
    send([annotation(1)])
    look = send([annotation(2), annotation(3)], name="b.json", dry_run=True)

    (change,) = [r for r in look.changes.to_pylist() if r["measure"] == "items"]
    assert (change["before"], change["after"]) == (1, 3)
    assert {row["kind"] for row in look.changes.to_pylist()} <= {
        "labeling_daily",
        "work_set_aside",
    }
    assert items(store) == {MARCH: 1}


# Agreement


def test_agreement_is_counted_over_the_files_of_an_import(store: Store, plan: Plan, tmp_path: Path):
    """Each person has a file of doccano's: only together do they tell."""
    archive = tmp_path / "members.zip"
    with zipfile.ZipFile(archive, "w") as package:
        for who, answers in {"li": "AABB", "wang": "AABA"}.items():
            lines = [
                json.dumps({"id": n, "text": "t", "label": [answer]}) + "\n"
                for n, answer in enumerate(answers)
            ]
            package.writestr(f"{who}.jsonl", "".join(lines))
    result = import_files(store, plan, expand([archive], OPTIONS, plan))

    assert [path.name for path, _ in result.files] == ["li.jsonl", "wang.jsonl"]
    (row,) = facts(store, "agreement")
    assert (row["items"], row["answers"], row["annotators"]) == (4, 8, 2)
    # 2 of 8 answers lie on the item that they differ on; 3 of 8 are B
    assert row["alpha"] == pytest.approx(1 - 7 * 2 / (2 * 5 * 3))
    assert row["month"] is None
    assert "li" not in json.dumps([batch.name for _, batch in result.files])


def test_one_person_counts_once_on_an_item_and_a_skip_not_at_all(store: Store, send: Send):
    later = "2026-03-08T00:00:00Z"
    send(
        [
            annotation(1, task=1, result=choice("A")),
            annotation(2, task=1, result=choice("B"), created_at=later, updated_at=later),
            annotation(3, task=1, completed_by=2, result=choice("B")),
            annotation(4, task=1, completed_by=3, result=choice("A"), was_cancelled=True),
            annotation(5, task=2, result=choice("A")),
            annotation(6, task=2, completed_by=2, result=choice("A")),
            annotation(7, task=3, result=choice("C")),
        ]
    )
    (row,) = facts(store, "agreement")
    assert (row["alpha"], row["items"], row["answers"], row["annotators"]) == (1.0, 2, 4, 2)


def test_agreement_of_a_batch_stays_and_that_of_a_replaced_one_goes(store: Store, send: Send):
    def pair(first: int, one: str, other: str) -> list[Row]:
        return [
            annotation(first, task=first, result=choice(one)),
            annotation(first + 1, task=first, completed_by=2, result=choice(other)),
        ]

    send(pair(1, "A", "B"))
    send(pair(3, "A", "A") + pair(5, "B", "B"), name="b.json")
    assert len(facts(store, "agreement")) == 2, "items of two files cannot be put together"
    send(pair(1, "A", "B") + pair(3, "A", "A") + pair(5, "B", "B"), name="all.json")
    (row,) = facts(store, "agreement")
    assert (row["items"], row["answers"]) == (3, 6)


# Archives


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"../out.jsonl": b"x"}, "unsafe"),
        ({"/etc/out.jsonl": b"x"}, "unsafe"),
        ({"C:\\out.jsonl": b"x"}, "unsafe"),
        ({"zeros.json": b"0" * 30_000_000}, "unsafe"),
        ({"picture.jpg": b"x"}, "unknown_format"),
    ],
    ids=["parent", "root", "drive", "bomb", "only pictures"],
)
def test_an_archive_that_is_not_to_be_trusted_is_refused_whole(
    store: Store, plan: Plan, tmp_path: Path, members: dict[str, bytes], code: str
):
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    result = import_files(store, plan, expand([archive], OPTIONS, plan))
    ((_, batch),) = result.files
    assert batch.findings["code"].to_pylist() == [code]
    assert (batch.status, batch.raw) == ("refused", b"")


def test_an_archive_within_an_archive_is_refused_and_not_kept(
    store: Store, plan: Plan, tmp_path: Path
):
    inner, outer = tmp_path / "inner.zip", tmp_path / "outer.zip"
    tasks = json.dumps([{"id": 1, "annotations": [annotation(1)]}])
    with zipfile.ZipFile(inner, "w") as package:
        package.writestr("a.json", tasks)
    with zipfile.ZipFile(outer, "w") as package:
        package.write(inner, "inner.zip")
        package.writestr("a.json", tasks)
        package.writestr("images/1.jpg", b"\xff\xd8\xff")
    result = import_files(store, plan, expand([outer], OPTIONS, plan))
    assert [(path.name, batch.status) for path, batch in result.files] == [
        ("inner.zip", "refused"),
        ("a.json", "accepted"),
    ]
    assert result.files[0][1].raw == b""
    assert items(store) == {MARCH: 1}
