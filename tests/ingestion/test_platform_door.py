"""The door for platform exports: hours, imports, repeated ids, what is missing, what is kept."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Batch, Options
from oneninex.ingestion.platform import pipeline
from oneninex.ingestion.platform.model import (
    Capability,
    Export,
    HoursBasis,
    Problem,
    State,
    Verdict,
    Work,
)

OPTIONS = Options(
    unit_id="U1", enterprise_id="91320800DEM000101L", project_id="P-1", modality="text"
)
START = datetime(2026, 3, 5, 2, tzinfo=UTC)  # ten in the morning in Shanghai
EVERYTHING = frozenset(Capability)
Row = dict[str, Any]


def work(number: int = 1, minutes: float = 0.0, **other: Any) -> Work:
    """One of Li's works, submitted so many minutes after START."""
    at = START + timedelta(minutes=minutes)
    known = {"who": "Li", "submitted_at": at, "seconds": 60.0, "objects": 2, "prelabeled": False}
    return Work(number, f"item {number}", f"work {number}", **{**known, **other})


class Door:
    """Reads records as if a file held them."""

    def __init__(self, path: Path, con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
        self.path, self.con, self.plan = path, con, plan
        self.batch: Batch | None = None

    def __call__(
        self, *records: Work | Problem, options: Options = OPTIONS, **export: Any
    ) -> Batch:
        given = {
            "platform": "labelbox",
            "form": "ndjson",
            "capabilities": EVERYTHING,
            "hours_basis": HoursBasis.OPEN_TIME,
            **export,
        }
        reader = SimpleNamespace(
            PLATFORM=given["platform"],
            recognises=lambda head, path: True,
            open_export=lambda path, options: Export(records=iter(records), **given),
        )
        self.batch = pipeline.read(cast(Any, reader), self.path, self.con, options, self.plan)
        return self.batch

    def rows(self, kind: str = "labeling_daily") -> list[Row]:
        name = self.batch.tables[kind]
        return self.con.sql(f"from {name} order by all").to_arrow_table().to_pylist()

    def codes(self) -> list[tuple[str, str | None]]:
        return [(f["code"], f["field"]) for f in self.batch.findings.to_pylist()]


@pytest.fixture
def read(tmp_path: Path, plan: Plan) -> Iterator[Door]:
    path = tmp_path / "export.json"
    path.write_text("content")
    with duckdb.connect() as con:
        yield Door(path, con, plan)


# Hours


def test_overlapping_intervals_of_a_person_are_united_and_cut_at_midnight(read: Door):
    """Li holds two items at once and a third past midnight; Wang works beside him."""

    def held(number: int, since: float, till: float, who: str = "Li") -> Work:
        return work(
            number, till * 60, started_at=START + timedelta(hours=since), who=who, seconds=None
        )

    read(
        held(1, 0, 2),
        held(2, 1, 3),
        held(3, 13, 15),  # from 23:00 to 01:00 in Shanghai
        held(4, 1, 2, "Wang"),
        hours_basis=HoursBasis.CLOCK_UNION,
    )
    first, second = read.rows()
    assert (first["date"], first["items"], first["hours"]) == (date(2026, 3, 5), 3, 3 + 1 + 1)
    assert (second["date"], second["items"], second["hours"]) == (date(2026, 3, 6), 1, 1.0)
    assert first["hours_basis"] == "clock_union"
    assert (first["annotators"], second["annotators"]) == (2, 1)
    assert read.batch.counts["hours_seconds"] == 6 * 3600
    assert read.batch.counts["hours_overlap_seconds"] == 3600


def test_the_beginning_of_work_before_midnight_is_a_day_without_items(read: Door):
    started = START + timedelta(hours=13)
    read(work(1, 15 * 60, started_at=started), hours_basis=HoursBasis.CLOCK_UNION)
    first, second = read.rows()
    assert (first["items"], first["hours"], first["annotators"]) == (0, 1.0, 1)
    assert (second["items"], second["hours"]) == (1, 1.0)


def test_the_duration_of_a_page_counts_once(read: Door):
    read(*(work(n, page="page", seconds=300.0) for n in range(1, 6)))
    (row,) = read.rows()
    assert (row["items"], row["hours"]) == (5, pytest.approx(300 / 3600))


def test_only_label_studios_clock_is_capped(read: Door):
    read(work(seconds=7200.0))
    assert read.rows()[0]["hours"] == 2.0
    read(work(seconds=7200.0), platform="label_studio")
    assert read.rows()[0]["hours"] == 1.0
    assert read.batch.counts["hours_capped_seconds"] == 3600


def test_gaps_between_submissions_are_a_second_estimate(read: Door):
    """An hour's pause ends the session; what comes first in a session has no gap before it."""
    read(*(work(n, minutes) for n, minutes in enumerate((0, 10, 25, 85, 90))))
    assert read.batch.counts["hours_by_gaps_seconds"] == (10 + 15 + 5) * 60


# Imported times


def test_many_submissions_at_one_instant_are_an_import(read: Door):
    read(*(work(n) for n in range(10)), work(10, 60 * 24))
    (row,) = read.rows()
    assert (row["items"], row["hours"]) == (1, pytest.approx(1 / 60)), "the day is the import's"
    assert (read.batch.counts["imported"], read.batch.counts["undated"]) == (10, 10)
    (said,) = [f for f in read.batch.findings.to_pylist() if f["rule"] == "imported_times"]
    assert said["message_en"].startswith("10 of 11")
    assert "2026-" in said["message_en"]
    assert ("missing_capability", "date") in read.codes(), "counted in no month is said"


def test_what_the_export_shows_to_be_imported_has_no_day(read: Door):
    read(work(1, imported=True), work(2, 30))
    assert [row["items"] for row in read.rows()] == [1]
    assert read.batch.counts["imported"] == 1


@pytest.mark.parametrize("tabs", [1, 2])
def test_a_forgotten_tab_is_no_import(read: Door, tabs: int):
    """One or two of five durations are hours long; the others fit the time that passed."""
    lengths = [12_133.0] * tabs + [40.0] * (5 - tabs)
    read(*(work(n, n, seconds=length) for n, length in enumerate(lengths)))
    assert read.batch.counts["imported"] == 0
    assert read.rows()[0]["hours"] == pytest.approx(sum(lengths) / 3600)


def test_only_the_works_of_a_run_are_left_out_of_their_day(read: Door):
    run = [work(n, n / 10, seconds=300.0) for n in range(5)]
    read(*run, work(5, 60, seconds=120.0, who="another"))
    (row,) = read.rows()
    assert (row["items"], row["hours"]) == (6, pytest.approx(120 / 3600))
    (said,) = [f for f in read.batch.findings.to_pylist() if f["rule"] == "copied_times"]
    assert said["message_en"].startswith("5 of 6")
    assert "0.4 hours" in said["message_en"]


def test_nine_at_one_instant_or_ten_of_different_people_are_none(read: Door):
    read(*(work(n, seconds=0.0) for n in range(9)))
    assert read.batch.counts["imported"] == 0
    read(*(work(n, seconds=0.0, who=f"person {n}") for n in range(10)))
    assert read.batch.counts["imported"] == 0


def test_a_run_in_a_fraction_of_its_durations_is_an_import(read: Door):
    def run(**other: Any) -> Row:
        read(*(work(n, n / 10, seconds=300.0, **other) for n in range(5)))
        return read.rows()[0]

    assert run()["hours"] is None
    assert run(updated_at=START + timedelta(days=1))["hours"] is not None, "edited since"
    read(*(work(n, n * 2, seconds=300.0) for n in range(5)))
    assert read.rows()[0]["hours"] is not None, "two tabs at once are no import"


def test_what_the_reader_knows_to_be_copied_has_no_hours(read: Door):
    read(work(1, copied=True), work(2, 30))
    assert read.rows()[0]["hours"] == pytest.approx(1 / 60), "the other's hours stay"
    assert read.batch.counts["imported"] == 1


# What counts


def test_each_state_is_counted_as_what_it_is(read: Door):
    read(
        work(1, verdicts=(Verdict(START, False), Verdict(START, True)), gold=False),
        work(2, verdicts=(Verdict(None, False),), gold=True, gold_correct=True),
        work(3, verdicts=(), gold=True, gold_correct=False),
        work(4, state=State.SKIPPED),
        work(5, state=State.EXPIRED, submitted_at=None, started_at=START),
        work(6, state=State.DRAFT, submitted_at=None, started_at=START),
    )
    (row,) = read.rows()
    assert (row["items"], row["reviewed"], row["accepted"], row["rejected"]) == (3, 2, 1, 1)
    assert row["accepted_first_pass"] == 0
    assert (row["gold_items"], row["gold_correct"]) == (2, 1)
    aside = {r["reason"]: r["items"] for r in read.rows("work_set_aside")}
    assert aside == {"skipped": 1, "expired": 1, "draft": 1}
    counts = read.batch.counts
    told = ("submitted", "skipped", "expired", "drafts", "rejected", "gold")
    assert [counts[name] for name in told] == [3, 1, 1, 1, 1, 2]
    assert (read.batch.rows_read, read.batch.rows_accepted) == (5, 5), "a draft is no row"


def test_of_two_versions_the_newest_counts_and_the_other_is_said(read: Door):
    later = START + timedelta(days=1)
    read(work(1, updated_at=START), work(1, updated_at=later, objects=9), work(2, 5))
    (row,) = read.rows()
    assert (row["items"], row["objects"]) == (2, 11)
    assert ("duplicate_key", "id") in read.codes()
    assert (read.batch.status, read.batch.rows_quarantined) == ("partly", 1)


def test_half_a_sum_is_not_a_whole(read: Door):
    read(work(1, objects=None, prelabeled=None), work(2, 5), work(3, 60 * 24))
    first, second = read.rows()
    assert (first["objects"], first["prelabeled_items"]) == (None, None)
    assert (second["objects"], second["prelabeled_items"]) == (2, 0)


def test_a_job_counts_its_items_and_a_report_only_control_items(read: Door):
    job = work(1, count=20, verdicts=(Verdict(None, True),), seconds=None)
    report = work(2, count=0, gold=True, gold_items=30, gold_right=28, seconds=None, objects=None)
    read(job, report, platform="cvat", hours_basis=None)
    (row,) = read.rows()
    assert (row["items"], row["accepted"], row["objects"]) == (20, 20, 2)
    assert (row["gold_items"], row["gold_correct"]) == (30, 28)
    assert (row["hours"], row["hours_basis"]) == (None, None)


def test_work_without_a_day_is_kept_and_in_no_days_items(read: Door):
    read(work(1, submitted_at=None), work(2))
    assert [row["items"] for row in read.rows()] == [1]
    assert (read.batch.status, read.batch.counts["undated"]) == ("accepted", 1)
    assert len(read.rows("work_items")) == 2
    assert ("missing_capability", "time") in read.codes()


@pytest.mark.parametrize("year", [1999, 2101])
def test_a_time_that_cannot_be_is_left_out(read: Door, year: int):
    read(work(1, submitted_at=datetime(year, 1, 1, 12, tzinfo=UTC)), work(2))
    assert [row["items"] for row in read.rows()] == [1]
    assert ("range", None) in read.codes()


# What is missing


def test_each_thing_that_cannot_be_told_is_said_once_and_is_not_zero(read: Door):
    bare = Work(1, "item", "work")
    read(bare, capabilities=frozenset(), hours_basis=None)
    codes = [(code, field) for code, field in read.codes() if field != "date"]
    assert [code for code, _ in codes] == ["missing_capability"] * len(Capability)
    assert {field for _, field in codes} == {c.value for c in Capability}
    counts = read.batch.counts
    never = ("skipped", "reviewed", "accepted", "rejected", "gold", "annotators", "hours_seconds")
    assert [counts[name] for name in never] == [None] * len(never)
    assert read.batch.capabilities == ()


def test_what_a_format_could_tell_and_no_record_does_is_missing(read: Door):
    read(work(objects=None))
    assert "objects" not in (read.batch.capabilities or ("objects",))
    assert ("missing_capability", "objects") in read.codes()


def test_where_one_record_has_a_review_another_has_none_yet(read: Door):
    records = (work(1, verdicts=(Verdict(START, True),)), work(2, 5))
    read(*records)
    assert read.rows()[0]["reviewed"] is None
    read(*records, whole_file=frozenset({Capability.REVIEW}))
    assert read.rows()[0]["reviewed"] == 1


# What is kept, and of whom


def test_people_and_ids_are_hashed_before_anything_is_kept(read: Door):
    secret = work(who="li.lei@example.com", answers={"mood": "a confession"})
    read(secret, counts={"tasks": 1})
    kept = gzip.decompress(cast(bytes, read.batch.raw)).decode()
    everything = kept + json.dumps(read.rows("work_items"), default=str) + str(read.batch)
    answers = read.con.sql(f"from {read.batch.answers}").fetchall()
    for word in ("li.lei", "confession", "mood", "item 1", "work 1"):
        assert word not in everything + str(answers)
    lines = [json.loads(line) for line in kept.splitlines()]
    assert [line["kind"] for line in lines] == ["export", "work"]
    assert lines[1]["annotator"] == read.rows("work_items")[0]["annotator"]


@pytest.mark.parametrize(("platform", "shown"), [("doccano", False), ("mturk", True)])
def test_a_file_that_is_named_for_a_person_gets_another_name(
    read: Door, tmp_path: Path, platform: str, shown: bool
):
    read.path = tmp_path / "lilei.jsonl"
    read.path.write_text("content")
    read(work(), platform=platform)
    assert ("lilei" in read.batch.name) is shown
    read(work(), platform=platform, options=Options())
    assert (read.batch.status, "lilei" in read.batch.name) == ("refused", shown)
    assert read.batch.raw == b""


def test_reading_tells_how_far_it_is(read: Door, plan: Plan):
    told: list[float] = []
    options = Options(**{**OPTIONS.supplied, "progress": told.append})
    read(*(work(n, n) for n in range(1200)), options=options, position=lambda: 3)
    assert len(told) >= 2
    assert all(0 <= share <= 1 for share in told)


def test_very_many_problems_are_counted_not_listed(read: Door, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pipeline, "_PROBLEMS_KEPT", 3)
    wrong = (Problem("type", "export.duplicate", n, loses=1) for n in range(1, 8))
    read(*wrong, work(9))
    assert read.batch.rows_quarantined == 7
    more = [f for f in read.batch.findings.to_pylist() if f["rule"] == "more"]
    assert more[0]["message_en"].startswith("4 further")
