"""Prodigy: who is a person, what is a review, what has a time."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from oneninex.ingestion import prodigy
from oneninex.ingestion.platform.model import State
from tests.ingestion.platforms.helpers import Read, lines, read
from tests.ingestion.platforms.samples import PRODIGY, changed


@pytest.fixture
def rows(tmp_path: Path):
    def _read(*rows: Any) -> Read:
        return read(prodigy, lines(tmp_path / "x.jsonl", rows))

    return _read


def test_a_row_is_one_unit_of_work(rows) -> None:
    found = rows(PRODIGY)
    (work,) = found.works
    assert (work.item, work.who, work.objects) == ("11", "news-anna", 1)
    assert (work.seconds, found.export.hours_basis) == (None, None), "only moments are known"
    assert found.days() == {date(2026, 3, 5): 1}
    assert found.told == {"annotator", "time", "skip", "objects", "overlap"}


@pytest.mark.parametrize(
    ("annotator", "session", "who"),
    [
        ("news-anna", "news-anna", "news-anna"),
        ("2023-03-02_14-05-33", "2023-03-02_14-05-33", None),
        ("news-2023-03-02_14-05-33", "news-2023-03-02_14-05-33", None),
        ("original_annotations", "original_annotations", None),
        (None, "2023-03-02_14-05-33", None),
        (None, "news-anna", "news-anna"),
        (None, "news", None),
        ("anna", "2023-03-02_14-05-33", "anna"),
        (None, None, None),
        ("", "", None),
    ],
)
def test_a_session_is_not_always_a_person(
    rows, annotator: str | None, session: str | None, who: str | None
) -> None:
    found = rows(changed(PRODIGY, _annotator_id=annotator, _session_id=session))
    assert found.works[0].who == who
    assert ("annotator" in found.told) == (who is not None)


def test_a_data_set_under_review_is_not_the_reviewer(rows) -> None:
    row = changed(PRODIGY, sessions=["a-b", "c"], versions=[PRODIGY, PRODIGY])
    assert rows({**row, "_annotator_id": "a-b"}).works[0].who is None
    assert rows({**row, "_annotator_id": "ds-eva"}).works[0].who == "ds-eva"


def test_versions_of_a_review_are_no_new_work(rows) -> None:
    row = changed(PRODIGY, _view_id="review", view_id="ner_manual", versions=[PRODIGY] * 3)
    found = rows(row)
    assert (len(found.works), found.counts["reviews"], found.works[0].objects) == (1, 1, 1)


def test_rows_without_a_time_keep_none(rows) -> None:
    bare = {k: v for k, v in PRODIGY.items() if k != "_timestamp"}
    found = rows(bare, PRODIGY)
    assert [work.submitted_at is None for work in found.works] == [True, False]
    assert found.counts["without_time"] == 1
    assert "time" in found.told
    assert "time" not in rows(bare).told


def test_ignore_is_a_skip_and_reject_a_label(rows) -> None:
    found = rows(*(changed(PRODIGY, answer=one) for one in ("accept", "reject", "ignore")))
    assert [work.state for work in found.works] == [
        State.SUBMITTED,
        State.SUBMITTED,
        State.SKIPPED,
    ]
    assert all(work.verdicts is None for work in found.works), "reject judges no worker"
    assert (found.counts["rejected"], found.counts["rejected_answers"]) == (0, 1)


def test_the_same_task_answered_again_is_more_work(rows) -> None:
    found = rows(PRODIGY, changed(PRODIGY, _timestamp=1772676005))
    assert len({work.work_id for work in found.works}) == 2
    assert {work.item for work in found.works} == {"11"}
    bare = {k: v for k, v in PRODIGY.items() if k != "_timestamp"}
    one, other = rows(bare, changed(bare, answer="reject")).works
    assert one.work_id != other.work_id


def test_pre_labels_do_not_part_the_same_content(rows) -> None:
    found = rows(PRODIGY, changed(PRODIGY, _task_hash=99, _annotator_id="news-eva"))
    assert found.counts["tasks"] == 1


def test_answers_are_choices(rows) -> None:
    options = [{"id": "a"}, {"id": "b"}]
    choice = changed(PRODIGY, _view_id="choice", options=options, accept=["b", "a"])
    assert rows(choice).works[0].answers == {"choice": "a | b"}
    assert rows(choice).works[0].objects is None, "spans shown beside a choice were not drawn"
    assert rows({**choice, "answer": "ignore"}).works[0].answers == {}
    binary = {k: v for k, v in PRODIGY.items() if k != "spans"} | {"label": "SPORT"}
    assert rows(binary | {"answer": "reject"}).works[0].answers == {"label SPORT": "reject"}
    assert rows(PRODIGY).works[0].answers == {}, "spans are drawn, not chosen"


def test_relations_are_objects(rows) -> None:
    row = changed(PRODIGY, _view_id="relations", relations=[{}, {}], spans=[{}])
    assert rows(row).works[0].objects == 2


def test_a_row_that_cannot_be_used_is_said(rows, tmp_path: Path) -> None:
    found = rows(
        PRODIGY,
        changed(PRODIGY, answer=None),
        changed(PRODIGY, answer="maybe"),
        changed(PRODIGY, _timestamp="noon"),
        changed(PRODIGY, _timestamp=1e15),
        changed(PRODIGY, _input_hash=None),
        [1],
    )
    assert len(found.works) == 1
    assert found.lost == [
        (2, "required", "answer"),
        (3, "type", "answer"),
        (4, "type", "_timestamp"),
        (5, "range", "_timestamp"),
        (6, "required", "_input_hash"),
        (7, "not_a_table", None),
    ]
