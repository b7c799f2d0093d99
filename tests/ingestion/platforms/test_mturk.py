"""Mechanical Turk's batches: zones by hand, overlapping work, rejected work kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from oneninex.ingestion import mturk
from oneninex.ingestion.findings import Refused
from oneninex.ingestion.platform.model import HoursBasis
from oneninex.ingestion.records.values import Unfit
from tests.ingestion.platforms.helpers import Read, read
from tests.ingestion.platforms.samples import MTURK, MTURK_HEADER, table


@pytest.fixture
def batch(tmp_path: Path):
    def _read(*rows: dict[str, str], text: str | None = None) -> Read:
        path = tmp_path / "batch.csv"
        written = table(MTURK_HEADER, [{**MTURK, **row} for row in rows], end=2)
        path.write_bytes((written if text is None else text).encode())
        return read(mturk, path)

    return _read


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("Wed Apr 04 10:26:23 PDT 2018", datetime(2018, 4, 4, 17, 26, 23, tzinfo=UTC)),
        ("Fri Jan 05 22:00:00 PST 2018", datetime(2018, 1, 6, 6, 0, 0, tzinfo=UTC)),
        ("2018-04-07 17:27:37 UTC", datetime(2018, 4, 7, 17, 27, 37, tzinfo=UTC)),
        ("", None),
    ],
)
def test_times_are_read_with_the_zone_they_name(written: str, utc: datetime | None) -> None:
    assert mturk.moment("SubmitTime", written) == utc


@pytest.mark.parametrize(
    "written",
    [
        "Wed Apr 04 10:26:23 CST 2018",
        "Wed Foo 04 10:26:23 PDT 2018",
        "2018-02-31 10:00:00 UTC",
        "x",
    ],
)
def test_a_zone_or_a_day_that_is_not_known_is_no_guess(written: str) -> None:
    with pytest.raises(Unfit):
        mturk.moment("SubmitTime", written)


def test_an_assignment_is_one_unit_of_work(batch) -> None:
    found = batch({})
    (work,) = found.works
    assert (work.item, work.work_id, work.who, work.project) == ("H1", "A1", "W1", "77")
    assert work.seconds == 383
    assert work.submitted_at - work.started_at == timedelta(seconds=383)
    assert work.verdicts == (), "nobody has decided yet"
    assert found.export.hours_basis is HoursBasis.CLOCK_UNION
    assert found.told == {"annotator", "time", "duration", "review", "overlap"}
    assert found.days() == {date(2018, 4, 5): 1}, "17:26 UTC is tomorrow in Shanghai"


def test_rejected_work_is_kept_with_its_verdict(batch) -> None:
    found = batch(
        {"AssignmentStatus": "Rejected", "RejectionTime": "2018-04-07 17:27:37 UTC"},
        {
            "AssignmentId": "A2",
            "AssignmentStatus": "Approved",
            "ApprovalTime": "Sat Apr 07 10:27:37 PDT 2018",
        },
    )
    rejected, approved = found.works
    assert (rejected.accepted, approved.accepted) == (False, True)
    assert rejected.verdicts[0].at == approved.verdicts[0].at
    assert rejected.seconds == 383
    assert (found.counts["submitted"], found.counts["rejected"]) == (2, 1)


def test_a_rejection_that_was_taken_back_has_both_verdicts(batch) -> None:
    (work,) = batch(
        {
            "AssignmentStatus": "Approved",
            "RejectionTime": "Fri Apr 06 10:00:00 PDT 2018",
            "ApprovalTime": "2018-04-07 17:27:37 UTC",
        }
    ).works
    assert [verdict.accepted for verdict in work.verdicts] == [False, True]


def test_cells_with_line_breaks_and_doubled_quotes(batch) -> None:
    found = batch(
        {"Title": 'two\nlines, "quoted"'},
        {"AssignmentId": "A2", "Answer.comment": '{"x":"a\r\nb"}'},
        {"AssignmentId": "A3"},
    )
    assert [work.row for work in found.works] == [2, 4, 6], "the line on which each begins"
    assert found.lost == []


def test_a_file_with_a_mark_and_windows_line_ends(batch) -> None:
    text = "\ufeff" + table(MTURK_HEADER, [MTURK], end=2).replace("\n", "\r\n")
    found = batch(text=text)
    assert len(found.works) == 1
    assert found.export.encoding == "utf-8-sig"


def test_a_row_that_cannot_be_used_is_said_and_the_others_count(batch) -> None:
    found = batch(
        {},
        {"AssignmentId": "A2", "SubmitTime": "yesterday, said anna@example.com"},
        {"AssignmentId": "A3", "SubmitTime": ""},
        {"AssignmentId": "A4", "SubmitTime": "Wed Apr 04 10:00:00 PDT 2018"},
        {"AssignmentId": "A5", "WorkTimeInSeconds": "long"},
        {"AssignmentId": "A6", "AssignmentStatus": "Lost"},
        {"AssignmentId": "A7", "WorkerId": ""},
    )
    assert [work.work_id for work in found.works] == ["A1"]
    assert found.lost == [
        (3, "type", "SubmitTime"),
        (4, "required", "SubmitTime"),
        (5, "range", "SubmitTime"),
        (6, "type", "WorkTimeInSeconds"),
        (7, "type", "AssignmentStatus"),
        (8, "required", "WorkerId"),
    ]
    assert found.counts["annotations"] == 7


def test_rows_that_do_not_fit_the_header(batch) -> None:
    whole = table(MTURK_HEADER, [MTURK], end=2)
    found = batch(text=whole + "H2,T1\n" + "x," * 40 + "\n")
    assert found.lost == [(3, "not_a_table", None), (4, "not_a_table", None)]


def test_a_task_that_nobody_took_is_no_work(batch) -> None:
    empty = dict.fromkeys(MTURK, "") | {"HITId": "H9"}
    found = batch({}, empty)
    assert (len(found.works), found.counts["tasks_without_assignment"]) == (1, 1)
    assert found.lost == []


def test_only_choices_are_answers_to_compare(batch) -> None:
    rows = [
        {
            "AssignmentId": f"A{n}",
            "Answer.animal": ("cat", "dog")[n % 2],
            "Answer.comment": f"a remark of its own, number {n}",
        }
        for n in range(8)
    ]
    found = batch(*rows)
    assert [work.answers for work in found.works[:2]] == [{"animal": "cat"}, {"animal": "dog"}]
    assert {key for work in found.works for key in work.answers} == {"animal"}


def test_the_json_of_a_crowd_form_is_taken_apart(batch) -> None:
    form = '[{"stance":{"against":false,"for":true},"parts":{"b":true,"a":true}}]'
    (work,) = batch({"Answer.animal": form}).works
    assert work.answers == {"animal.stance": "for", "animal.parts": "a | b"}


def test_columns_of_the_platform_must_be_there(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("HITId,WorkerId,AssignmentStatus\n1,2,Submitted\n")
    assert not mturk.recognises(path.read_bytes(), path)
    with pytest.raises(Refused):
        mturk.open_export(path, mturk.Options())
