"""Toloka's pools: pages of tasks, control tasks, times without a zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from oneninex.ingestion import toloka
from oneninex.ingestion.platform.model import HoursBasis, State
from tests.ingestion.platforms.helpers import Read, read
from tests.ingestion.platforms.samples import TOLOKA, TOLOKA_HEADER, table


@pytest.fixture
def pool(tmp_path: Path):
    def _read(*rows: dict[str, str], without: tuple[str, ...] = (), blank: bool = False) -> Read:
        header = [name for name in TOLOKA_HEADER if name not in without]
        text = table(header, [{**TOLOKA, **row} for row in rows], "\t")
        if blank:
            text = text.replace("\n", "\n\n").replace("\n\n", "\n", 1)
        path = tmp_path / "pool.tsv"
        path.write_text(text, encoding="utf-8")
        return read(toloka, path)

    return _read


def task(number: int, page: str = "01", **other: str) -> dict[str, str]:
    return {
        "ASSIGNMENT:task_id": f"T{number}",
        "ASSIGNMENT:assignment_id": f"28cae73--{page}",
        **{f"ASSIGNMENT:{name}": value for name, value in other.items()},
    }


def test_a_page_of_several_tasks(pool) -> None:
    found = pool(task(1), task(2), task(3, "02"))
    assert [work.item for work in found.works] == ["T1", "T2", "T3"]
    assert [work.page for work in found.works] == ["28cae73--01", "28cae73--01", "28cae73--02"]
    assert {work.seconds for work in found.works} == {120.0}, "the page's, to be counted once"
    assert len({work.work_id for work in found.works}) == 3
    assert {work.project for work in found.works} == {"28cae73"}
    assert (found.counts["tasks"], found.counts["pages"], found.counts["submitted"]) == (3, 2, 3)
    assert found.export.hours_basis is HoursBasis.CLOCK_UNION


def test_times_without_a_zone_are_utc_and_this_is_said(pool) -> None:
    found = pool(task(1))
    assert found.works[0].started_at == datetime(2024, 2, 4, 19, 13, 23, 631000, UTC)
    assert found.days() == {date(2024, 2, 5): 1}
    assert found.notes == ["toloka_utc"]


def test_without_the_end_there_is_a_day_and_no_duration(pool) -> None:
    found = pool(task(1), without=("ASSIGNMENT:submitted", "ASSIGNMENT:accepted"))
    (work,) = found.works
    assert (work.started_at, work.seconds) == (None, None), "an interval without end is none"
    assert work.submitted_at == datetime(2024, 2, 4, 19, 13, 23, 631000, UTC)
    assert "duration" not in found.told
    assert found.export.hours_basis is None
    assert found.notes == ["toloka_utc", "toloka_day_of_start"]


@pytest.mark.parametrize(
    ("status", "state", "accepted"),
    [
        ("APPROVED", State.SUBMITTED, True),
        ("REJECTED", State.SUBMITTED, False),
        ("SUBMITTED", State.SUBMITTED, None),
        ("SKIPPED", State.SKIPPED, None),
        ("EXPIRED", State.EXPIRED, None),
        ("ACTIVE", State.DRAFT, None),
    ],
)
def test_what_became_of_a_page(pool, status: str, state: State, accepted: bool | None) -> None:
    (work,) = pool(task(1, status=status)).works
    assert (work.state, work.accepted) == (state, accepted)


def test_a_control_task_is_right_wrong_or_unanswered(pool) -> None:
    right = {"GOLDEN:class": "1"}
    found = pool(
        task(1) | right,
        task(2) | right | {"OUTPUT:class": "2"},
        task(3, status="EXPIRED", submitted="") | right | {"OUTPUT:class": ""},
        task(4),
    )
    assert [work.gold for work in found.works] == [True, True, True, False]
    assert [work.gold_correct for work in found.works] == [True, False, None, None]
    assert (found.counts["gold"], found.counts["gold_correct"]) == (2, 1)
    assert "gold" in found.told


def test_escaped_commas_are_the_same_answer(pool) -> None:
    row = task(1) | {"GOLDEN:class": '{"a":1\\,"b":2}', "OUTPUT:class": '{"a":1,"b":2}'}
    assert pool(row).works[0].gold_correct


def test_no_column_of_control_answers_is_no_capability(pool) -> None:
    found = pool(task(1), without=("GOLDEN:class",))
    assert "gold" not in found.told
    assert found.works[0].gold is None


def test_blank_lines_between_pages_and_line_breaks_in_cells(pool) -> None:
    found = pool(task(1) | {"INPUT:text": 'two\nlines "here"'}, task(2, "02"), blank=True)
    assert [work.item for work in found.works] == ["T1", "T2"]
    assert found.lost == []
    assert found.works[0].row == 2


def test_without_task_ids_a_task_is_told_by_what_was_shown(pool) -> None:
    shown = [{"INPUT:text": text} for text in ("one", "two", "one")]
    rows = [{**TOLOKA, **row, "ASSIGNMENT:worker_id": f"w{n}"} for n, row in enumerate(shown)]
    found = pool(*rows, without=("ASSIGNMENT:task_id",))
    assert len({work.item for work in found.works}) == 2
    assert not any("one" in work.item for work in found.works), "content is not passed on"


def test_a_row_that_cannot_be_used_is_said(pool) -> None:
    found = pool(
        task(1, started="soon"),
        task(2, started=""),
        task(3, submitted="2024-02-04T19:00:00"),
        task(4, status="GONE"),
        task(5),
    )
    assert found.lost == [
        (2, "type", "ASSIGNMENT:started"),
        (3, "required", "ASSIGNMENT:started"),
        (4, "range", "ASSIGNMENT:submitted"),
        (5, "type", "ASSIGNMENT:status"),
    ]
    assert len(found.works) == 1


def test_answers_are_the_outputs_that_are_a_choice(pool) -> None:
    rows = [task(n) | {"OUTPUT:class": str(n % 2)} for n in range(6)]
    found = pool(*rows, task(9, status="EXPIRED") | {"OUTPUT:class": "1"})
    assert [work.answers for work in found.works[:2]] == [{"class": "0"}, {"class": "1"}]
    assert found.works[-1].answers == {}, "unfinished work says nothing"
