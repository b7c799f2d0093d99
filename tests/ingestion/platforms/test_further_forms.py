"""Other forms that a server gives, tables by a mapping, and formats that tell nothing."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from oneninex import ingestion
from oneninex.domain.plan import Plan, PlanError, mappings
from oneninex.ingestion.batch import Batch, Options
from oneninex.services.import_service import expand, import_files
from oneninex.store import Store
from tests.ingestion.platforms.samples import DOCCANO, PRODIGY

OPTIONS = Options(
    unit_id="U1", enterprise_id="91320800DEM000101L", project_id="P-1", modality="text"
)
Row = dict[str, Any]


class Read:
    """Reads a file of the given content and remembers its tables."""

    def __init__(self, folder: Path, con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
        self.folder, self.con, self.plan = folder, con, plan
        self.options = OPTIONS
        self.batch: Batch | None = None

    def __call__(self, content: Any, name: str = "export.json", **options: Any) -> list[Row]:
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        given = replace(self.options, **options)
        self.batch = ingestion.read(path, self.con, given, self.plan)
        return self.rows("labeling_daily") if self.batch.tables else []

    def rows(self, kind: str) -> list[Row]:
        name = self.batch.tables[kind]
        return self.con.sql(f"from {name} order by all").to_arrow_table().to_pylist()

    def said(self) -> list[str]:
        return [f["message_en"] for f in self.batch.findings.to_pylist()]


@pytest.fixture
def read(tmp_path: Path, plan: Plan) -> Iterator[Read]:
    with duckdb.connect() as con:
        yield Read(tmp_path, con, plan)


# LabelU


def sample(number: int, state: str = "DONE", *people: int, drawn: int = 1) -> Row:
    result = {"rectTool": {"toolName": "rectTool", "result": [{"id": n} for n in range(drawn)]}}
    return {
        "id": number,
        "state": state,
        "annotated_count": drawn,
        "data": {"result": json.dumps({"width": 10, **result})},
        "created_at": "2026-09-07T09:00:00.1",
        "updated_at": f"2026-09-08T10:{number:02}:00.123456",
        "updaters": [{"id": one, "username": f"p{one}@example.com"} for one in people],
    }


def samples(*rows: Row, total: int | None = None) -> Row:
    return {"meta_data": {"total": total or len(rows), "page": 0, "size": 20}, "data": list(rows)}


def test_a_labelu_list_counts_what_is_done(read: Read) -> None:
    (row,) = read(samples(sample(1, "DONE", 1, drawn=2), sample(2, "DONE", 1, 2), sample(3, "NEW"),
                          sample(4, "SKIPPED", 1)))  # fmt: skip
    assert (row["date"], row["items"], row["objects"]) == (date(2026, 9, 8), 2, 3)
    assert row["annotators"] is None, "the list does not tell which of two people did it"
    assert (read.batch.counts["not_begun"], read.batch.counts["skipped"]) == (1, 1)
    assert any("no time zone" in words for words in read.said())
    assert "example.com" not in str(read.rows("work_items"))


def test_one_page_of_a_labelu_list_is_named(read: Read) -> None:
    read(samples(sample(1, "DONE", 1), total=40))
    assert any("has 40 entries, the file only 1" in words for words in read.said())


# CVAT's events

EVENTS = ("scope,obj_name,obj_id,obj_val,source,timestamp,count,duration,project_id,task_id,job_id,"
          "user_id,user_name,user_email,org_id,org_slug,payload")  # fmt: skip


def event(at: str, milliseconds: int, user: int = 1, scope: str = "send:working_time",
          payload: str = "") -> str:  # fmt: skip
    told = payload.replace('"', '""')
    return f'{scope},,,,server,{at},1,{milliseconds},1,2,3,{user},anna,anna@example.com,,,"{told}"'


def test_cvats_events_tell_hours_and_no_items(read: Read) -> None:
    rows = [
        event("2026-09-08 02:00:00.000000", 90_000),
        event("2026-09-08T02:10:00+00:00", 0, payload='{"working_time": 30000, "username": "x"}'),
        event("2026-09-08 03:00:00", 60_000, user=2),
        event("2026-09-08 03:00:00", 5, scope="draw:object"),
        event("2026-09-08 02:00:00.000000", 90_000),  # the same event once more
    ]
    (row,) = read("\n".join([EVENTS, *rows]), "events.csv")
    assert (row["items"], row["hours_basis"]) == (0, "active_time")
    assert row["hours"] == pytest.approx(180 / 3600)
    assert "anna" not in str(read.rows("work_items"))
    assert read.batch.counts["other_events"] == 1


def test_an_event_that_cannot_be_is_named(read: Read) -> None:
    read("\n".join([EVENTS, event("yesterday", 1), event("2026-09-08 02:00:00", 999_999_999)]),
         "events.csv")  # fmt: skip
    assert read.batch.rows_quarantined == 2


# doccano in its other forms


def as_csv(rows: list[Row]) -> str:
    lines = [f"{row['id']},{row['text']},{'#'.join(row['label'])}," for row in rows]
    return "\n".join(["id,text,label,Comments", *lines, ""])


@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
def test_doccano_is_the_same_in_every_form(read: Read, form: str) -> None:
    rows = [
        {"id": 1, "text": "a", "label": ["x"], "Comments": []},
        {"id": 2, "text": "b", "label": ["x", "y"], "Comments": []},
        {"id": 3, "text": "c", "label": [], "Comments": []},
    ]
    content = {
        "jsonl": "\n".join(map(json.dumps, rows)),
        "json": json.dumps(rows),
        "csv": as_csv(rows),
    }[form]
    read(content, f"anna.{form}", member=f"anna.{form}")
    assert read.batch.platform == "doccano"
    works = read.rows("work_items")
    assert sorted(work["objects"] for work in works) == [1, 2]
    assert len({work["annotator"] for work in works} - {None}) == 1


@pytest.mark.parametrize(("eva", "counted"), [((2, 3), 5), ((1, 2, 3), 4)])
def test_an_archive_shows_whether_its_texts_are_confirmed(
    store: Store, plan: Plan, tmp_path: Path, eva: tuple[int, ...], counted: int
) -> None:
    """Members who list different texts confirmed them; who list the same, list every text."""

    def texts(*numbers: int) -> str:
        rows = [
            {"id": n, "text": "t", "label": [] if n == 2 else ["x"], "Comments": []}
            for n in numbers
        ]
        return "\n".join(map(json.dumps, rows))

    path = tmp_path / "project.zip"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("anna.jsonl", texts(1, 2, 3))
        package.writestr("eva.jsonl", texts(*eva))
        package.writestr("unknown.jsonl", texts(2))
    result = import_files(store, plan, expand([path], OPTIONS, plan))
    assert sum(batch.counts["submitted"] or 0 for _, batch in result.files) == counted


# Label Studio's target storage and lists of tasks


def annotation(number: int, **other: Any) -> Row:
    return {
        "id": number,
        "completed_by": {"id": 1, "email": "a@example.com"},
        "result": [{"id": "r", "type": "choices", "from_name": "q", "value": {"choices": ["a"]}}],
        "was_cancelled": False,
        "created_at": f"2026-09-08T02:{number:02}:00Z",
        "updated_at": f"2026-09-08T02:{number:02}:00Z",
        "lead_time": 20.0,
        **other,
    }


def test_target_storage_holds_an_annotation_with_its_task(read: Read) -> None:
    one = annotation(1, task={"id": 7, "data": {"id": "x", "text": "secret"}})
    (row,) = read(json.dumps(one, indent=1), "1")
    assert (row["items"], row["objects"], row["hours"]) == (1, 1, pytest.approx(20 / 3600))
    two = annotation(2, task={"id": 8, "data": {}})
    (row,) = read("\n".join(map(json.dumps, (one, two))), "all.jsonl")
    assert row["items"] == 2


@pytest.mark.parametrize("key", ["tasks", "results"])
def test_a_list_of_tasks_of_the_api_is_read(read: Read, key: str) -> None:
    tasks = [
        {"id": 1, "annotations": [annotation(1)], "drafts": [], "data": {}},
        {"id": 2, "annotations": [], "drafts": [], "data": {}},
    ]
    (row,) = read({"total": 2, key: tasks}, "tasks.json")
    assert row["items"] == 1
    assert read.batch.counts["not_begun"] == 1


def test_tasks_that_nobody_has_begun_lose_nothing(read: Read) -> None:
    begun = {"id": 1, "annotation_id": 9, "annotator": 1, "created_at": "2026-09-08T02:00:00Z",
             "lead_time": 5.0}  # fmt: skip
    bare = dict.fromkeys(begun, None) | {"id": 2}
    (row,) = read([begun, bare])
    assert (row["items"], read.batch.status) == (1, "accepted")
    assert read.batch.counts["not_begun"] == 1


def test_a_csv_that_a_spreadsheet_saved_again_is_refused_with_the_reason(read: Read) -> None:
    read("annotation_id,annotator,created_at,lead_time,id\n1,1,2026/9/8 10:03,5,1\n", "e.csv")
    assert read.batch.status == "refused"
    assert "spreadsheet program" in read.said()[0]


# What the sender states


def test_the_stated_month_counts_work_without_a_time(read: Read) -> None:
    rows = [{**DOCCANO, "id": n} for n in (1, 2)]
    assert read("\n".join(map(json.dumps, rows)), "a.jsonl") == []
    assert any("count in no month" in words for words in read.said())
    (row,) = read("\n".join(map(json.dumps, rows)), "a.jsonl", month=date(2026, 8, 1))
    assert (row["date"], row["items"]) == (date(2026, 8, 1), 2)
    assert {work["date_basis"] for work in read.rows("work_items")} == {"stated"}


def test_one_person_per_file_names_people_by_their_files(read: Read) -> None:
    people_of = ("_session_id", "_annotator_id")
    bare = {key: value for key, value in PRODIGY.items() if key not in people_of}
    people = set()
    for name in ("anna.jsonl", "eva.jsonl"):
        read(json.dumps(bare), name)
        assert read.rows("work_items")[0]["annotator"] is None
        read(json.dumps(bare), name, one_person_per_file=True)
        (work,) = read.rows("work_items")
        people.add((work["annotator"], work["work_id"]))
        assert "anna" not in str(work)
    assert len(people) == 2


# Formats that tell neither person nor time

COCO = {"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [], "categories": []}
VOC = '<?xml version="1.0"?><annotation><folder>x</folder><filename>a.jpg</filename></annotation>'
UNTIMED: dict[str, tuple[str, str]] = {
    "COCO": ("instances.json", json.dumps(COCO)),
    "Pascal VOC": ("a.xml", VOC),
    "YOLO": ("a.txt", "0 0.5 0.5 0.1 0.1\n1 0.2 0.2 0.1 0.1\n"),
    "labelme": ("a.json", json.dumps({"shapes": [], "imagePath": "a.jpg", "imageHeight": 3})),
    "LabelU": ("b.json", json.dumps([{"id": 1, "result": "{}", "fileName": "a.png"}])),
}


@pytest.mark.parametrize("name", UNTIMED)
def test_a_format_that_cannot_tell_says_what_to_export_instead(read: Read, name: str) -> None:
    file, content = UNTIMED[name]
    read(content, file)
    assert read.batch.status == "refused"
    (said,) = read.said()
    assert said.startswith(f"This is {name}:")
    assert "Export instead" in said
    assert read.batch.findings["code"].to_pylist() == ["missing_capability"]


@pytest.mark.parametrize("name", UNTIMED)
def test_an_archive_of_such_files_is_one_refusal(
    store: Store, plan: Plan, tmp_path: Path, name: str
) -> None:
    file, content = UNTIMED[name]
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as package:
        for number in range(5):
            package.writestr(f"labels/{number}-{file}", content)
        package.writestr("images/a.jpg", b"\xff\xd8")
        if name == "YOLO":
            package.writestr("classes.txt", "cat\n")
    result = import_files(store, plan, expand([path], OPTIONS, plan))
    ((_, batch),) = result.files
    assert batch.findings["message_en"][0].as_py().startswith(f"This is {name}:")


# Event tables of other platforms

MAPPING = """
name_zh = "某平台作业明细"
name_en = "Tasks of a platform"
zone = "Asia/Shanghai"
duration_unit = "minutes"
[columns]
item = "数据编号"
person = "标注员"
state = "状态"
submitted_at = "提交时间"
duration = "用时(分)"
verdict = "质检结果"
objects = "框数"
[words]
submitted = ["已提交"]
skipped = ["已跳过"]
not_begun = ["未领取"]
accepted = ["合格"]
rejected = ["不合格"]
"""
TABLE = [
    ["数据编号", "标注员", "状态", "提交时间", "用时(分)", "质检结果", "框数"],
    ["d1", "张三", "已提交", "2026/9/8 10:00:00", "12.5", "合格", "3"],
    ["d2", "张三", "已提交", "2026/9/8 23:50", "20", "不合格", "2"],
    ["d3", "李四", "已跳过", "2026年9月8日 09:05", "", "", ""],
    ["d4", "李四", "未领取", "", "", "", ""],
    ["d5", "李四", "怪", "2026/9/8 9:05", "", "", ""],
    ["d1", "张三", "已提交", "2026/9/8 10:30:00", "1", "合格", "3"],
]


def _workbook(path: Path) -> bytes:
    book = openpyxl.Workbook()
    for row in TABLE:
        book.active.append(row)
    book.active["D2"] = datetime(2026, 9, 8, 10, 0, 0)  # noqa: DTZ001 - as a workbook has it
    book.active["E2"] = 12.5
    book.save(path)
    return path.read_bytes()


FORMS: dict[str, Callable[[Path], bytes]] = {
    "utf-8.csv": lambda path: "\n".join(map(",".join, TABLE)).encode(),
    "gbk.csv": lambda path: "\n".join(map(",".join, TABLE)).encode("gb18030"),
    "tabs.tsv": lambda path: "\n".join(map("\t".join, TABLE)).encode("utf-8-sig"),
    "book.xlsx": lambda path: _workbook(path / "made.xlsx"),
}


@pytest.fixture
def mapped(read: Read, plan: Plan, tmp_path: Path) -> Read:
    folder = tmp_path / "mappings"
    folder.mkdir()
    (folder / "platform.toml").write_text(MAPPING, "utf-8")
    read.plan = replace(plan, mappings=mappings.load(tmp_path))
    return read


@pytest.mark.parametrize("form", FORMS)
def test_a_table_is_read_by_its_mapping(mapped: Read, tmp_path: Path, form: str) -> None:
    (row,) = mapped(FORMS[form](tmp_path), form)
    assert (row["date"], row["items"], row["objects"]) == (date(2026, 9, 8), 2, 5)
    assert (row["reviewed"], row["accepted"]) == (2, 1)
    assert row["hours"] == pytest.approx(21 / 60), "of d1 the last submission counts"
    assert row["hours_basis"] == "reported"
    counts = mapped.batch.counts
    assert (counts["skipped"], counts["not_begun"], counts["repeated"]) == (1, 1, 1)
    assert mapped.batch.rows_quarantined == 1, "a state without a word is named, never guessed"
    assert "张三" not in str(mapped.rows("work_items"))


def test_a_table_without_a_mapping_is_no_export(read: Read) -> None:
    read("\n".join(map(",".join, TABLE)), "table.csv")
    assert read.batch.status == "refused"


@pytest.mark.parametrize(
    ("old", "new"),
    [("Asia/Shanghai", "Mars/Olympus"), ('"minutes"', '"fortnights"'), ("item =", "thing ="),
     ('submitted = ["已提交"]', "")],
)  # fmt: skip
def test_a_mapping_with_a_fault_is_a_plan_error(tmp_path: Path, old: str, new: str) -> None:
    folder = tmp_path / "mappings"
    folder.mkdir()
    (folder / "x.toml").write_text(MAPPING.replace(old, new), "utf-8")
    with pytest.raises(PlanError):
        mappings.load(tmp_path)
