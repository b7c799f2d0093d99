"""Toloka's assignments of a pool (TSV): one row for each task of a page.

An assignment is a page of several tasks: who, state and times belong to the page, and its length
counts once. Times carry no zone; they are taken as UTC, as the API gives them. An answer to
compare is a column `OUTPUT:x` whose values over the file are a choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from oneninex.ingestion.batch import Options
from oneninex.ingestion.findings import refuse
from oneninex.ingestion.platform.model import (
    Capability,
    Export,
    HoursBasis,
    Problem,
    State,
    Verdict,
    Work,
)
from oneninex.ingestion.records import answers, bounds, delimited, tally, values
from oneninex.ingestion.records.delimited import Cells

__all__ = ["PLATFORM", "open_export", "recognises"]

PLATFORM = "toloka"

_ID, _WORKER, _STATUS = "ASSIGNMENT:assignment_id", "ASSIGNMENT:worker_id", "ASSIGNMENT:status"
_STARTED, _SUBMITTED = "ASSIGNMENT:started", "ASSIGNMENT:submitted"
_TASK = "ASSIGNMENT:task_id"
_NEEDED = (_ID, _WORKER, _STATUS, _STARTED)
_STATES = {
    "ACTIVE": State.DRAFT,
    "SUBMITTED": State.SUBMITTED,
    "APPROVED": State.SUBMITTED,
    "ACCEPTED": State.SUBMITTED,
    "REJECTED": State.SUBMITTED,
    "SKIPPED": State.SKIPPED,
    "EXPIRED": State.EXPIRED,
}
_ENDED = {"SKIPPED": "ASSIGNMENT:skipped", "EXPIRED": "ASSIGNMENT:expired"}


@dataclass(frozen=True)
class _Columns:
    """What the header has."""

    delimiter: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    golden: tuple[str, ...]
    submitted: bool


def recognises(head: bytes, path: Path) -> bool:
    """Whether the header has the assignment's columns and some input or output."""
    del path
    names, _ = delimited.header(head, _ID)
    parts = {name.split(":", 1)[0] for name in names}
    return set(_NEEDED) <= set(names) and bool(parts & {"INPUT", "OUTPUT"})


def open_export(path: Path, options: Options) -> Export:
    """The tasks of a pool; raises Refused where the file as a whole cannot be read."""
    del options
    columns = _columns(path)
    rows = (_answers(row, columns) for _, row in _rows(path, columns) if row is not None)
    chosen = answers.choices(rows)
    told = {
        Capability.ANNOTATOR,
        Capability.TIME,
        Capability.REVIEW,
        Capability.SKIP,
        Capability.OVERLAP,
    }
    told |= {Capability.DURATION} if columns.submitted else set()
    told |= {Capability.GOLD} if columns.golden else set()
    counts: dict[str, int] = {}
    return Export(
        platform=PLATFORM,
        form="tsv",
        capabilities=frozenset(told),
        hours_basis=HoursBasis.CLOCK_UNION if columns.submitted else None,
        records=tally.counted(_records(path, columns, chosen, counts), counts),
        counts=counts,
        encoding=bounds.encoding_of(path),
    )


def _columns(path: Path) -> _Columns:
    with path.open("rb") as file:
        names, delimiter = delimited.header(file.read(1 << 16), _ID)
    if not set(_NEEDED) <= set(names):
        raise refuse("missing_column", "platforms.missing_columns", columns=", ".join(_NEEDED))

    def named(part: str) -> tuple[str, ...]:
        return tuple(name for name in names if name.startswith(f"{part}:"))

    return _Columns(
        delimiter, named("INPUT"), named("OUTPUT"), named("GOLDEN"), _SUBMITTED in names
    )


def _rows(path: Path, columns: _Columns) -> Iterator[tuple[int, Cells | None]]:
    """Each row by column; None for one with too many or too few cells."""
    rows = delimited.rows(path, columns.delimiter)
    _, header = next(rows)
    places = {name.strip(): place for place, name in enumerate(header)}
    needed = max(places[name] for name in _NEEDED)
    for line, cells in rows:
        whole = needed < len(cells) <= len(header)
        yield line, Cells(places, cells) if whole else None


def _records(
    path: Path, columns: _Columns, chosen: frozenset[str], counts: dict[str, int]
) -> Iterator[Work | Problem]:
    counts.update({"pages": 0, "gold": 0, "gold_correct": 0})
    pages: set[int] = set()
    yield Problem("missing_capability", "platforms.toloka_utc", field=_STARTED)
    if not columns.submitted:
        yield Problem("missing_capability", "platforms.toloka_day_of_start", field=_SUBMITTED)
    for line, row in _rows(path, columns):
        if row is None:
            yield Problem("not_a_table", "platforms.cells", line, loses=1)
            continue
        try:
            work = _work(line, row, columns, chosen)
        except values.Unfit as unfit:
            yield unfit.problem(line)
            continue
        pages.add(hash(work.page))
        counts["pages"] = len(pages)
        counts["gold_correct"] += bool(work.gold_correct)
        yield work


def _work(line: int, row: Cells, columns: _Columns, chosen: frozenset[str]) -> Work:
    status = row[_STATUS]
    if status not in _STATES:
        raise values.Unfit(_STATUS, status, "type" if status else "required")
    state = _STATES[status]
    page = values.required_name(_ID, row[_ID])
    task = values.name(_TASK, row[_TASK]) or _contents(row, columns)
    started = values.moment(_STARTED, row[_STARTED] or None, UTC)
    submitted = values.optional_moment(_SUBMITTED, row[_SUBMITTED], UTC)
    if submitted and submitted < started:
        raise values.Unfit(_SUBMITTED, row[_SUBMITTED], "range")
    ended = _ENDED.get(status, "")
    gold, correct = _gold(row, columns, state)
    return Work(
        row=line,
        item=task,
        work_id=f"{page} {task}",
        project=page.split("--", 1)[0] if "--" in page else None,
        state=state,
        who=values.name(_WORKER, row[_WORKER]),
        started_at=started if submitted else None,  # without an end it is no interval
        submitted_at=submitted or values.optional_moment(ended, row[ended], UTC) or started,
        seconds=(submitted - started).total_seconds() if submitted else None,
        page=page,
        verdicts=_verdicts(row, status),
        gold=gold,
        gold_correct=correct,
        answers=answers.only(_answers(row, columns), chosen) if state is State.SUBMITTED else {},
    )


def _verdicts(row: Cells, status: str) -> tuple[Verdict, ...]:
    """The requester's decision. A pool that accepts by itself looks no different."""
    if status in ("APPROVED", "ACCEPTED"):
        return (Verdict(_at(row, "accepted"), True),)
    return (Verdict(_at(row, "rejected"), False),) if status == "REJECTED" else ()


def _at(row: Cells, name: str) -> datetime | None:
    return values.optional_moment(f"ASSIGNMENT:{name}", row[f"ASSIGNMENT:{name}"], UTC)


def _gold(row: Cells, columns: _Columns, state: State) -> tuple[bool | None, bool | None]:
    """Whether it is a control task, and answered as it should be; unanswered is not wrong."""
    if not columns.golden:
        return None, None
    expected = {name: value for name in columns.golden if (value := row[name])}
    if not expected or state is not State.SUBMITTED:
        return bool(expected), None
    answered = {name: row[name.replace("GOLDEN:", "OUTPUT:", 1)] for name in expected}
    return True, all(_same(answered[name], value) for name, value in expected.items())


def _same(one: str, other: str) -> bool:
    """Commas inside a cell may be escaped."""
    return one.replace("\\,", ",") == other.replace("\\,", ",")


def _contents(row: Cells, columns: _Columns) -> str:
    """A task by what was shown, where its number is not in the file."""
    return values.digest(*(row[name] for name in columns.inputs))


def _answers(row: Cells, columns: _Columns) -> dict[str, str]:
    found = {name.removeprefix("OUTPUT:"): row[name] for name in columns.outputs}
    return {name: answer for name, answer in found.items() if answer}
