"""Labelbox: what was not ticked is missing, verdicts in order, the odd values of v1."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from oneninex.ingestion import labelbox
from oneninex.ingestion.platform.model import HoursBasis, State
from tests.ingestion.platforms.helpers import Read, document, lines, read
from tests.ingestion.platforms.samples import LABELBOX, LABELBOX_V1, changed

EVERYTHING = {"annotator", "time", "duration", "review", "skip", "objects", "overlap"}


@pytest.fixture
def rows(tmp_path: Path):
    def _read(*rows: Any) -> Read:
        return read(labelbox, lines(tmp_path / "x.ndjson", rows))

    return _read


@pytest.fixture
def v1(tmp_path: Path):
    def _read(value: Any) -> Read:
        return read(labelbox, document(tmp_path / "x.json", value))

    return _read


def label(row: dict[str, Any]) -> dict[str, Any]:
    return row["projects"]["project1"]["labels"][0]


def other(**parts: Any) -> dict[str, Any]:
    """The sample's row with other parts of its label."""
    row = copy.deepcopy(LABELBOX)
    label(row).update(parts)
    return row


def without(*names: str) -> dict[str, Any]:
    row = copy.deepcopy(LABELBOX)
    for name in names:
        label(row).pop(name, None)
        row["projects"]["project1"].pop(name, None)
    return row


def test_a_label_is_one_unit_of_work(rows) -> None:
    found = rows(LABELBOX)
    (work,) = found.works
    assert (work.item, work.work_id, work.project) == ("row1", "label1", "project1")
    assert (work.who, work.seconds, work.objects) == ("anna@example.com", 60, 2)
    assert work.submitted_at == datetime(2026, 3, 5, 2, tzinfo=UTC)
    assert work.updated_at == datetime(2026, 3, 6, 2, tzinfo=UTC)
    assert found.told == EVERYTHING
    assert found.export.hours_basis is HoursBasis.ACTIVE_TIME


def test_verdicts_are_turned_oldest_first(rows) -> None:
    (work,) = rows(LABELBOX).works
    assert [verdict.accepted for verdict in work.verdicts] == [False, True]
    assert work.verdicts[0].at < work.verdicts[1].at
    assert work.accepted


@pytest.mark.parametrize(
    ("left_out", "lacking"),
    [
        ("label_details", {"annotator", "time", "overlap"}),
        ("performance_details", {"duration", "skip"}),
        ("project_details", {"review"}),
        ("annotations", {"objects"}),
    ],
)
def test_what_was_not_ticked_is_missing_and_never_zero(
    rows, left_out: str, lacking: set[str]
) -> None:
    found = rows(without(left_out))
    assert found.told == EVERYTHING - lacking
    (work,) = found.works
    told = (work.who, work.submitted_at, work.seconds, work.verdicts, work.objects)
    assert None in told
    assert 0 not in told
    assert found.lost == []
    if left_out == "performance_details":
        assert found.export.hours_basis is None


def test_one_row_that_tells_is_enough(rows) -> None:
    assert rows(without("label_details"), LABELBOX).told == EVERYTHING


def test_nothing_reviewed_yet_is_told_apart_from_not_told(rows) -> None:
    row = copy.deepcopy(LABELBOX)
    row["projects"]["project1"]["project_details"] = {"workflow_history": []}
    assert rows(row).works[0].verdicts == ()
    row["projects"]["project1"]["project_details"] = {"workflow_status": "DONE"}
    found = rows(row)
    assert found.works[0].verdicts is None, "done is not reviewed"
    assert "review" not in found.told


def test_thumbs_where_there_is_no_workflow(rows) -> None:
    details = {
        **label(LABELBOX)["label_details"],
        "reviews": [
            {"score": 1, "reviewed_at": "2026-03-08T00:00:00.000+00:00"},
            {"score": -1, "reviewed_at": "2026-03-07T00:00:00.000+00:00"},
        ],
    }
    row = other(label_details=details)
    del row["projects"]["project1"]["project_details"]
    found = rows(row)
    assert [verdict.accepted for verdict in found.works[0].verdicts] == [False, True]
    assert "review" in found.told


def test_several_labels_of_a_row_and_several_projects(rows) -> None:
    row = copy.deepcopy(LABELBOX)
    second = {**copy.deepcopy(label(row)), "id": "label2"}
    row["projects"]["project1"]["labels"].append(second)
    row["projects"]["project2"] = {"labels": [{**second, "id": "label3"}]}
    row["projects"]["project3"] = {"labels": []}
    found = rows(row)
    assert [work.work_id for work in found.works] == ["label1", "label2", "label3"]
    assert {work.item for work in found.works} == {"row1"}
    assert [work.project for work in found.works] == ["project1", "project1", "project2"]
    assert found.works[2].verdicts is None, "another project's history is not this one's"
    assert found.counts["tasks"] == 1


def test_a_skip(rows) -> None:
    found = rows(other(performance_details={"seconds_to_create": 2, "skipped": True}))
    assert found.works[0].state is State.SKIPPED
    assert (found.counts["skipped"], found.counts["submitted"]) == (1, 0)
    assert found.works[0].answers == {}


def test_answers_are_the_ticks_at_the_top(rows) -> None:
    assert rows(LABELBOX).works[0].answers == {"weather": "rain", "things": "a | b"}


def test_nothing_of_an_address_is_passed_on(rows, v1) -> None:
    for found in (rows(LABELBOX), v1([LABELBOX_V1])):
        assert "SECRET" not in repr(found.works)
        assert "http" not in repr(found.works)


def test_a_list_is_read_like_lines(v1) -> None:
    assert len(v1([LABELBOX, LABELBOX]).works) == 2


def test_what_cannot_be_used_is_said(rows) -> None:
    details = label(LABELBOX)["label_details"]
    found = rows(
        LABELBOX,
        other(id=None),
        other(label_details={**details, "created_at": "2026-03-05 noon"}),
        other(label_details={**details, "created_at": "2026-03-05T02:00:00"}),
        other(performance_details={"seconds_to_create": -1}),
        other(performance_details=[1]),
        {"data_row": {}, "projects": {}},
        {"data_row": {"id": "x"}, "projects": [1]},
        7,
    )
    assert [(row, code) for row, code, _ in found.lost] == [
        (2, "required"),
        (3, "type"),
        (4, "type"),
        (5, "range"),
        (6, "type"),
        (7, "required"),
        (8, "type"),
        (9, "not_a_table"),
    ]
    assert len(found.works) == 1


# v1


def test_v1_label(v1) -> None:
    found = v1([LABELBOX_V1])
    (work,) = found.works
    assert (work.item, work.work_id, work.who) == ("row1", "label1", "anna@example.com")
    assert (work.seconds, work.objects, work.accepted) == (100.5, 1, True)
    assert work.gold is None, "-1 and an empty text are no agreement"
    assert work.answers == {"weather": "rain"}
    assert found.told == EVERYTHING
    assert found.export.hours_basis is HoursBasis.OPEN_TIME
    assert found.days() == {date(2020, 1, 24): 1}


def test_v1_single_label_is_no_list(v1) -> None:
    assert len(v1(LABELBOX_V1).works) == 1


@pytest.mark.parametrize(
    "written",
    ["Tue, 13 Mar 2018 17:23:45 GMT", "Tue Mar 13 2018 17:23:45 GMT+0000 (UTC)"],
)
def test_v1_times_as_of_2018(v1, written: str) -> None:
    found = v1([changed(LABELBOX_V1, **{"Created At": written, "Updated At": None})])
    assert found.works[0].submitted_at == datetime(2018, 3, 13, 17, 23, 45, tzinfo=UTC)
    assert found.days() == {date(2018, 3, 14): 1}


@pytest.mark.parametrize(
    ("value", "objects", "state"),
    [
        ([{"frameNumber": 1, "objects": [{}]}], None, State.SUBMITTED),
        ("Skip", None, State.SKIPPED),
        ("https://example.com/labels?token=SECRET", None, State.SUBMITTED),
        ({"cat": [{}, {}], "dog": [{}]}, 3, State.SUBMITTED),
        ({}, None, State.SUBMITTED),
    ],
)
def test_v1_label_in_any_shape(v1, value: Any, objects: int | None, state: State) -> None:
    (work,) = v1([changed(LABELBOX_V1, Label=value)]).works
    assert (work.objects, work.state) == (objects, state)


def test_v1_reviews_in_order(v1) -> None:
    reviews = [
        {"score": -1, "createdAt": "2020-01-27T00:00:00.000Z"},
        {"score": 1, "createdAt": "2020-01-26T00:00:00.000Z"},
        {"score": 0, "createdAt": "2020-01-28T00:00:00.000Z"},
    ]
    (work,) = v1([changed(LABELBOX_V1, Reviews=reviews)]).works
    assert [verdict.accepted for verdict in work.verdicts] == [True, False]


def test_v1_what_cannot_be_used_is_said(v1) -> None:
    found = v1(
        [
            LABELBOX_V1,
            changed(LABELBOX_V1, **{"Created At": "Tue, 13 Foo 2018 17:23:45 GMT"}),
            changed(LABELBOX_V1, **{"Seconds to Label": "100"}),
            changed(LABELBOX_V1, Reviews=[{"score": "up"}]),
            "text",
        ]
    )
    assert [(row, code) for row, code, _ in found.lost] == [
        (2, "type"),
        (3, "type"),
        (4, "type"),
        (5, "not_a_table"),
    ]


def test_v1_whose_label_fills_the_head_is_recognised(tmp_path: Path) -> None:
    frames = [{"frameNumber": n, "objects": [{"x": n}]} for n in range(5000)]
    late = {"Label": frames, **{k: v for k, v in LABELBOX_V1.items() if k != "Label"}}
    path = tmp_path / "x.json"
    path.write_text(json.dumps([late]))
    assert labelbox.recognises(path.read_bytes()[: 64 << 10], path)
