"""Label Studio's JSON: what counts, what is missing, what is never kept."""

import copy
import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oneninex import ingestion
from oneninex.core.settings import ROOT
from oneninex.domain import contracts
from oneninex.domain.plan import Plan
from oneninex.ingestion import label_studio
from oneninex.ingestion.batch import Batch, Options
from oneninex.ingestion.findings import Refused
from oneninex.ingestion.label_studio import answers
from oneninex.ingestion.platform import pipeline
from oneninex.ingestion.platform.stream import Elements

FIXTURES = ROOT / "tests" / "fixtures" / "label_studio"
ENTERPRISE = "91320800DEM000101L"
OPTIONS = Options(unit_id="U1", enterprise_id=ENTERPRISE, project_id="P-1", modality="text")
SHANGHAI = ZoneInfo("Asia/Shanghai")
Row = dict[str, Any]
Reader = Callable[..., "Read"]


class Read:
    """A batch with its tables as plain rows."""

    def __init__(self, batch: Batch, con: duckdb.DuckDBPyConnection) -> None:
        self.batch = batch
        self.tables = {
            kind: con.sql(f"select * from {name}").to_arrow_table()
            for kind, name in batch.tables.items()
        }
        self.daily: list[Row] = self._rows("labeling_daily")
        self.aside: list[Row] = self._rows("work_set_aside")
        self.findings: list[Row] = batch.findings.to_pylist()
        raw = batch.raw
        assert isinstance(raw, bytes)
        text = gzip.decompress(raw).decode() if raw else ""
        self.kept: list[Row] = [json.loads(line) for line in text.splitlines()]

    def _rows(self, kind: str) -> list[Row]:
        return self.tables[kind].to_pylist() if kind in self.tables else []

    def codes(self) -> list[tuple[str, str | None]]:
        return [(f["code"], f["field"]) for f in self.findings]

    def everything(self) -> str:
        """All that leaves the reader, as one text."""
        parts = [self.daily, self.aside, self.findings, self.kept, self.batch.counts]
        return json.dumps(parts, ensure_ascii=False, default=str)


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONENINEX_KEY", "a key for tests")


@pytest.fixture
def read(plan: Plan) -> Iterator[Reader]:
    with duckdb.connect() as con:

        def _read(path: Path, options: Options = OPTIONS) -> Read:
            return Read(pipeline.read(label_studio, path, con, options, plan), con)

        yield _read


@pytest.fixture
def read_json(read: Reader, tmp_path: Path) -> Callable[[Any], Read]:
    def _read(export: Any) -> Read:
        path = tmp_path / "export.json"
        path.write_text(json.dumps(export), encoding="utf-8")
        return read(path)

    return _read


def _annotation(**other: Any) -> Row:
    whole = {
        "id": 1,
        "completed_by": 2,
        "result": [],
        "was_cancelled": False,
        "created_at": "2026-03-05T02:00:00Z",
        "lead_time": 10.0,
        "reviews": [],
    }
    return {**whole, **other}


# What counts


def test_community_export(read: Reader) -> None:
    found = read(FIXTURES / "community.json")
    first, second = found.daily
    assert first["date"] == date(2026, 3, 5)
    assert (first["items"], first["annotators"], first["source_row"]) == (2, 1, 1)
    assert first["objects"] == 2, "two rows of one region are one, a relation is none"
    assert first["hours"] == pytest.approx(90 / 3600)
    assert first["hours_basis"] == "open_time"
    assert first["prelabeled_items"] == 1
    assert (second["date"], second["items"]) == (date(2026, 3, 6), 1), "16:00 UTC is tomorrow"
    assert second["hours"] == 1.0, "a forgotten tab is cut to the cap"
    assert second["prelabeled_items"] == 1
    assert {row["project_id"] for row in found.daily} == {"P-1"}
    assert [(r["reason"], r["items"], r["date"]) for r in found.aside] == [
        ("skipped", 1, date(2026, 3, 5))
    ]
    counts = found.batch.counts
    assert (counts["tasks"], counts["annotations"]) == (5, 4)
    assert (counts["submitted"], counts["skipped"], counts["annotators"]) == (3, 1, 2)
    assert counts["hours_capped_seconds"] == 86400
    assert found.batch.rows_read == found.batch.rows_accepted == 4
    assert found.batch.status == "accepted"


def test_what_the_export_cannot_tell_is_missing_and_said(read: Reader) -> None:
    found = read(FIXTURES / "community.json")
    never = ("reviewed", "accepted", "accepted_first_pass", "rejected", "gold_items")
    assert all(row[name] is None for row in found.daily for name in never)
    missing = {field for code, field in found.codes() if code == "missing_capability"}
    assert missing == {"review", "gold", "drafts"}
    assert all(f["row"] is None for f in found.findings)
    said = {f["field"]: f["message_zh"] for f in found.findings}
    assert "审核" in said["review"]
    assert found.batch.counts["reviewed"] is None
    assert "review" not in (found.batch.capabilities or ())
    assert found.batch.counts["drafts_undated"] == 1


def test_enterprise_export(read: Reader) -> None:
    found = read(FIXTURES / "enterprise.json")
    (row,) = found.daily
    assert (row["items"], row["annotators"]) == (5, 2), "a number and an object are one person"
    assert row["reviewed"] == 3
    assert row["accepted"] == 2, "the newest review counts, wherever it stands"
    assert row["accepted_first_pass"] == 1
    assert row["rejected"] == 1
    assert [(r["reason"], r["items"], r["date"]) for r in found.aside] == [
        ("draft", 1, date(2026, 4, 2))
    ], "the draft of a submitted annotation is not set aside once more"
    assert found.batch.counts["ground_truth"] == 1
    assert row["gold_items"] is row["gold_correct"] is None, "a reference answer is no control"
    assert found.codes() == [("rule", None), ("missing_capability", "gold")]
    assert found.findings[0]["rule"] == "empty_result"


def test_export_before_1_0(read: Reader) -> None:
    found = read(FIXTURES / "before_1_0.json")
    (row,) = found.daily
    assert row["date"] == date(2026, 1, 5)
    assert (row["items"], row["objects"], row["annotators"]) == (1, 1, None)
    assert ("missing_capability", "annotator") in found.codes()
    (undated,) = [f for f in found.findings if f["row"] is not None]
    assert (undated["row"], undated["field"]) == (2, "created_at")
    assert (found.batch.rows_read, found.batch.rows_quarantined) == (2, 1)
    assert found.batch.status == "partly"


def test_dump_of_projects(read: Reader) -> None:
    found = read(FIXTURES / "projects_dump.json")
    (row,) = found.daily
    assert (row["items"], row["annotators"]) == (2, 2), "equal ids in two projects are two"
    assert found.batch.rows_quarantined == 0


def test_each_wrong_value_is_a_finding_and_the_rest_counts(read: Reader) -> None:
    found = read(FIXTURES / "damaged.json")
    (row,) = found.daily
    assert (row["items"], row["objects"], row["hours"]) == (1, 2, pytest.approx(20 / 3600))
    wrong = Counter((f["code"], f["field"]) for f in found.findings if f["row"] is not None)
    assert wrong == {
        ("type", "task"): 1,
        ("type", "annotations"): 1,
        ("type", "annotation"): 1,
        ("type", "created_at"): 2,
        ("range", "created_at"): 2,
        ("type", "lead_time"): 1,
        ("range", "lead_time"): 1,
        ("type", "completed_by"): 1,
        ("type", "was_cancelled"): 1,
        ("type", "reviews.accepted"): 1,
        ("type", "result"): 1,
        ("duplicate_key", "id"): 1,
    }
    assert ("type", "drafts") in found.codes()
    assert (found.batch.rows_read, found.batch.rows_accepted) == (15, 1)
    assert not {"gestern", "lange", "Maria", "viele"} & set(found.everything().split('"'))


@pytest.mark.parametrize("item", [[], "text", 7, {"tasks": 7}])
def test_a_project_that_is_none_does_not_cost_the_others(
    read_json: Callable[[Any], Read], item: Any
) -> None:
    good = {"project": 5, "tasks": [{"id": 1, "annotations": [_annotation()]}]}
    found = read_json({"projects": [item, good]})
    assert found.daily[0]["items"] == 1
    assert (found.batch.status, found.batch.rows_quarantined) == ("partly", 1)
    assert [code for code, _ in found.codes() if code not in ("missing_capability", "rule")] == [
        "type"
    ]


def test_a_part_without_the_person_or_the_time_leaves_that_day_empty(
    read_json: Callable[[Any], Read],
) -> None:
    nobody = _annotation(id=2, completed_by=None, lead_time=None)
    other_day = _annotation(id=3, created_at="2026-03-06T02:00:00Z")
    tasks = [[_annotation(), nobody], [other_day]]
    found = read_json([{"id": n, "annotations": one} for n, one in enumerate(tasks)])
    first, second = found.daily
    assert (first["annotators"], first["hours"], first["hours_basis"]) == (None, None, None)
    assert (second["annotators"], second["hours_basis"]) == (1, "open_time")
    assert second["hours"] == pytest.approx(10 / 3600)
    said = {f["field"]: f["message_en"] for f in found.findings}
    assert said["annotator"].startswith("1 of 3")
    assert said["duration"].startswith("1 of 3")


def test_no_day_holds_more_than_24_hours_of_a_person(read_json: Callable[[Any], Read]) -> None:
    many = [
        _annotation(
            id=n,
            lead_time=99999,
            created_at=f"2026-03-05T02:{n:02}:00Z",
            updated_at="2026-03-07T00:00:00Z",
        )
        for n in range(30)
    ]
    found = read_json([{"id": n, "annotations": [one]} for n, one in enumerate(many)])
    (row,) = found.daily
    assert row["hours"] == 24.0
    assert found.batch.counts["hours_capped_seconds"] == 30 * 99999 - 24 * 3600


def test_tables_have_the_contracts_columns(read: Reader) -> None:
    found = read(FIXTURES / "enterprise.json")
    for kind in ("labeling_daily", "work_set_aside", "work_items"):
        names = [field.name for field in contracts.load(kind).fields]
        columns = found.tables[kind].column_names
        assert columns[: len(names) + 1] == [*names, "source_row"]


# What is refused


@pytest.mark.parametrize("name", ["unit_id", "enterprise_id", "project_id", "modality"])
def test_each_option_is_required(read: Reader, name: str) -> None:
    found = read(FIXTURES / "enterprise.json", replace(OPTIONS, **{name: None}))
    assert found.batch.status == "refused"
    assert found.codes() == [("required", name)]
    assert found.batch.tables == {}


@pytest.mark.parametrize(
    ("name", "value", "code", "rule"),
    [
        ("unit_id", "U10", "unknown_code", None),
        ("enterprise_id", "91320800DEM000101A", "rule", "enterprise_id_check_digit"),
        ("enterprise_id", "nonsense", "rule", "enterprise_id_check_digit"),
        ("enterprise_id", "9132 0800 DEM0 00101L", "rule", "enterprise_id_check_digit"),
        ("modality", "smell", "unknown_code", None),
        ("project_id", "P" * 101, "range", None),
        ("project_id", "P\udcff", "range", None),
        ("unit_id", "U\udcff", "unknown_code", None),
    ],
)
def test_wrong_options_are_refused(
    read: Reader, name: str, value: str, code: str, rule: str | None
) -> None:
    found = read(FIXTURES / "enterprise.json", replace(OPTIONS, **{name: value}))
    (finding,) = found.findings
    assert (finding["code"], finding["field"], finding["rule"]) == (code, name, rule)
    assert found.batch.status == "refused"
    assert "xiaoming" not in found.everything()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'[{"id": 1, "annotations": [{"id": 2, "created_at": "2026-0', "unknown_format"),
        (b'[{"id": 1, "annotations": [] , "data": "\xff"}]', "encoding"),
        (b'[{"annotations": [], "data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]", "unsafe"),
        (b'[{"annotations": [], "data": ' + b"9" * 5000 + b"}]", "unsafe"),
        (b"[]", "unknown_format"),
        (b"{}", "unknown_format"),
        (b"7", "unknown_format"),
        (b'[{"id": 1}]', "unknown_format"),
    ],
    ids=["cut off", "not UTF-8", "too deep", "long number", "empty", "object", "number", "other"],
)
def test_what_is_no_export_is_refused_and_not_kept(
    read: Reader, tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "export.json"
    path.write_bytes(content)
    found = read(path)
    assert [f["code"] for f in found.findings] == [code]
    assert (found.batch.status, found.batch.raw) == ("refused", b"")


def test_a_file_above_the_limit_is_not_read(read: Reader) -> None:
    options = replace(OPTIONS, max_bytes=100)
    found = read(FIXTURES / "enterprise.json", options)
    assert [f["code"] for f in found.findings] == ["too_large"]


def test_a_key_that_cannot_be_made_refuses_the_file(
    read: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ONENINEX_KEY")
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    found = read(FIXTURES / "enterprise.json")
    assert (found.batch.status, found.codes()) == ("refused", [("unsafe", None)])


# What is recognised


def test_every_fixture_is_recognised() -> None:
    seen = {p.name: label_studio.recognises(p.read_bytes()[:65536], p) for p in _fixtures()}
    assert [name for name, is_it in seen.items() if not is_it] == []


def test_annotations_after_a_long_first_text_are_recognised(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps([{"data": {"text": "x" * 200_000}, "annotations": []}]))
    assert label_studio.recognises(path.read_bytes()[:65536], path)


@pytest.mark.parametrize(
    "text",
    [
        '{"images": [], "annotations": [{"id": 1}], "categories": []}',
        '{"data_row": {"id": "x"}, "projects": {"c1": {"labels": []}}}',
        '[{"id": 1, "text": "x", "label": [[0, 1, "A"]]}]',
        "date,unit_id\n2026-01-01,U1\n",
    ],
    ids=["COCO", "Labelbox", "doccano", "CSV"],
)
def test_other_formats_are_not_taken(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other"
    path.write_text(text)
    assert not label_studio.recognises(text.encode(), path)


def test_the_dispatcher_hands_exports_over(plan: Plan) -> None:
    with duckdb.connect() as con:
        batch = ingestion.read(FIXTURES / "community.json", con, OPTIONS, plan)
        assert (batch.kind, batch.rows_accepted) == ("labeling_daily", 4)


# What is kept


def test_what_is_kept_is_the_same_bytes_and_enough_to_count_again(read: Reader) -> None:
    one, two = (read(FIXTURES / "enterprise.json") for _ in range(2))
    assert one.batch.raw == two.batch.raw
    assert isinstance(one.batch.raw, bytes)
    assert one.batch.raw[4:8] == b"\0\0\0\0", "no time of writing in the gzip header"
    kept = [line for line in one.kept if line.get("state") == "submitted"]
    assert len({line["annotator"] for line in kept}) == 2
    assert sum(bool(line["verdicts"]) for line in kept) == one.daily[0]["reviewed"]
    assert sum(line["seconds"] for line in kept) / 3600 == pytest.approx(one.daily[0]["hours"])
    assert sum(line["objects"] for line in kept) == one.daily[0]["objects"]


def test_pseudonyms_depend_on_key_and_enterprise(
    read: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def people(options: Options = OPTIONS) -> set[str]:
        kept = read(FIXTURES / "community.json", options).kept
        return {line["annotator"] for line in kept if line.get("state") == "submitted"}

    usual = people()
    other = replace(OPTIONS, enterprise_id="91320800DEM000202D")
    assert usual.isdisjoint(people(other))
    monkeypatch.setenv("ONENINEX_KEY", "another key")
    assert usual.isdisjoint(people())


def test_textual_ids_are_hashed(read_json: Callable[[Any], Read]) -> None:
    found = read_json([{"id": "Li Lei", "annotations": [_annotation(id="Han Meimei")]}])
    assert found.daily[0]["items"] == 1
    assert "Li Lei" not in found.everything()
    assert "Han Meimei" not in found.everything()


# Real exports


def _shared_exports() -> list[str]:
    folder = ROOT.parent / "shared" / "exports" / "label-studio"
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*.json")) or ["*"]


@pytest.mark.parametrize("name", _shared_exports())
def test_real_exports_agree_with_a_count_of_ones_own(shared: Path, read: Reader, name: str) -> None:
    path = shared / "exports" / "label-studio" / name
    found = read(path)
    expected = _count(json.loads(path.read_text("utf-8")))
    counts = found.batch.counts
    same = ("tasks", "annotations", "submitted", "skipped", "drafts", "accepted", "rejected")
    assert {key: counts[key] or 0 for key in same} == {key: expected[key] for key in same}
    assert {row["date"]: row["items"] for row in found.daily} == expected["by_day"]
    if any(row["reviewed"] is not None for row in found.daily):
        assert sum(row["accepted"] for row in found.daily) == expected["accepted"]
        assert sum(row["rejected"] for row in found.daily) == expected["rejected"]
    set_aside = sum(row["items"] for row in found.aside)
    assert set_aside == expected["skipped"] + expected["drafts"] + expected["repeated"]


@pytest.mark.parametrize("name", _shared_exports())
def test_nothing_that_a_person_is_or_wrote_comes_through(
    shared: Path, read: Reader, name: str
) -> None:
    path = shared / "exports" / "label-studio" / name
    secret = set(_secrets(json.loads(path.read_text("utf-8"))))
    shown = read(path).everything()
    assert [text for text in secret if text in shown] == []


def test_the_largest_real_export_reads_as_known(shared: Path, read: Reader) -> None:
    found = read(shared / "exports" / "label-studio" / "leoka_team_10.json")
    assert found.batch.rows_accepted == 463
    assert found.batch.counts["annotators"] == 4
    assert found.batch.counts["imported"] == 0, "one forgotten tab makes no import"
    assert all(row["hours"] is not None for row in found.daily)
    for row in found.daily:
        assert row["hours"] is None or 0 < row["hours"] <= 24 * row["annotators"]
        assert row["accepted_first_pass"] <= row["accepted"] <= row["reviewed"] <= row["items"]
        assert row["rejected"] == row["reviewed"] - row["accepted"]


def _count(root: Any) -> dict[str, Any]:
    """The same numbers by other means: no code of the product."""
    tasks = root if isinstance(root, list) else [t for p in root["projects"] for t in p["tasks"]]
    work = [a for t in tasks for a in t.get("annotations") or t.get("completions") or []]
    dated = [a for a in work if "created_at" in a]
    every = [a for a in dated if not a.get("was_cancelled")]
    newest: dict[Any, Any] = {}  # of what one person submitted for a task the last one counts
    for task in tasks:
        for a in task.get("annotations") or task.get("completions") or []:
            if a in every:
                who = json.dumps(a.get("completed_by")) if a.get("completed_by") else id(a)
                known = newest.get((id(task), who))
                if known is None or a["created_at"] >= known["created_at"]:
                    newest[id(task), who] = a
    done = list(newest.values())
    verdicts = [
        max(a["reviews"], key=lambda review: review["created_at"])["accepted"]
        for a in done
        if a.get("reviews")
    ]
    days = Counter(
        datetime.fromisoformat(a["created_at"].replace("Z", "+00:00")).astimezone(SHANGHAI).date()
        for a in done
    )
    drafts = [d for t in tasks for d in t.get("drafts") or [] if isinstance(d, dict)]
    return {
        "tasks": len(tasks),
        "annotations": len(work),
        "submitted": len(done),
        "skipped": len(dated) - len(every),
        "repeated": len(every) - len(done),
        "drafts": sum(d["annotation"] is None for d in drafts),
        "accepted": sum(verdicts),
        "rejected": len(verdicts) - sum(verdicts),
        "by_day": dict(days),
    }


def _secrets(value: Any, key: str = "") -> Iterator[str]:
    """Names, addresses and everything labelled; short words would be found by chance."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _secrets(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _secrets(inner, key)
    elif isinstance(value, str) and key not in HARMLESS:
        if "@" in value or len(value) > 7:
            yield value
        yield from (word for word in value.split() if "@" in word or "://" in word)


HARMLESS = {
    *("created_at", "updated_at", "draft_created_at", "origin", "type", "last_action"),
    *("to_name", "from_name", "action"),
}


# Untrusted input

ODD: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([10**400, -1, "2026-03-05T02:00:00Z", "9999-12-31T23:59:59-23:59", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in inner:
        if isinstance(item, dict | list):
            yield from _places(item, (*path, key))
        else:
            yield (*path, key)


def _fixtures() -> list[Path]:
    return sorted(FIXTURES.glob("*.json"))


VALID = {
    name: json.loads((FIXTURES / name).read_text("utf-8"))
    for name in ("community.json", "enterprise.json", "before_1_0.json", "projects_dump.json")
}


@settings(
    max_examples=75,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_change_of_a_valid_export_raises(
    data: st.DataObject, read: Reader, tmp_path: Path
) -> None:
    export = copy.deepcopy(VALID[data.draw(st.sampled_from(sorted(VALID)))])
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(list(_places(export))))
        place = export
        for key in way:
            place = place[key]
        if isinstance(place, dict) and data.draw(st.booleans()):
            del place[last]
        else:
            place[last] = data.draw(ODD)
    path = tmp_path / "export.json"
    path.write_text(json.dumps(export), encoding="utf-8")
    found = read(path)
    batch = found.batch
    assert batch.rows_read == batch.rows_accepted + batch.rows_quarantined
    assert sum(row["items"] for row in found.daily) == batch.counts.get("submitted", 0)
    assert batch.status == "accepted" or found.findings
    assert "example.com" not in found.everything()


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_bytes_raise_anything_but_the_verdict(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_bytes(content)
    with pytest.raises(Refused):
        list(label_studio.open_export(path, OPTIONS).records)
    with suppress(Refused):
        list(Elements(path))


@pytest.mark.parametrize("kind", [[], {}, None, 7, "choices"])
def test_a_result_of_any_type_costs_nothing_else(kind):
    row = {"type": kind, "from_name": "mood", "value": {"choices": ["good"]}}
    plain = {"type": "choices", "from_name": "topic", "value": {"choices": ["a", "b"]}}
    found = answers.of([row, plain])
    assert set(found) == ({"mood", "topic"} if kind == "choices" else {"topic"})
