"""CVAT's analytics events (CSV): the only place where CVAT tells hours.

The server writes a `send:working_time` event for what a person did in the last moments: gaps over
100 seconds do not count. Its duration, in milliseconds, stands in `duration` or in the payload.
Events tell no items: they are reports on the hours of work that a list of jobs or the XML counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

from oneninex.ingestion.platform.model import Capability, Export, HoursBasis, Problem, Work
from oneninex.ingestion.records import bounds, delimited, tally, values

SCOPE = "send:working_time"
_NEEDED = {"scope", "timestamp", "user_id", "job_id", "duration", "payload"}
_DAY = 86_400_000  # milliseconds
_CAPABILITIES = frozenset((Capability.ANNOTATOR, Capability.TIME, Capability.DURATION))


def recognises(head: bytes) -> bool:
    """Check for the header of an export of events."""
    names, _ = delimited.header(head, "timestamp")
    return set(names) >= _NEEDED


def open_events(path: Path, head: bytes) -> Export:
    """Return the working times of a file; raises Refused where it is no text."""
    names, delimiter = delimited.header(head, "timestamp")
    counts: dict[str, int] = {}
    return Export(
        platform="cvat",
        form="events",
        capabilities=_CAPABILITIES,
        hours_basis=HoursBasis.ACTIVE_TIME,
        records=tally.counted(_records(path, names, delimiter, counts), counts, tasks=False),
        counts=counts,
        encoding=bounds.encoding_of(path),
    )


def _records(
    path: Path, names: list[str], delimiter: str, counts: dict[str, int]
) -> Iterator[Work | Problem]:
    places = {name: place for place, name in enumerate(names)}
    counts.update({"tasks": 0, "events": 0, "other_events": 0})
    rows = delimited.rows(path, delimiter)
    next(rows, None)
    for line, cells in rows:
        row = delimited.Cells(places, cells)
        if row["scope"] != SCOPE:
            counts["other_events"] += 1
            continue
        try:
            work = _work(line, row)
        except values.Unfit as unfit:
            yield unfit.problem(line)
            continue
        if work is not None:
            counts["events"] += 1
            yield work


def _work(line: int, row: delimited.Cells) -> Work | None:
    """Return the time that one event reports; None for none."""
    at = values.moment("timestamp", row["timestamp"].removesuffix(" UTC"), UTC)
    person = _known(row["user_id"])
    length = _milliseconds(row)
    if length == 0:
        return None
    if length > _DAY:
        raise values.Unfit("duration", length, "range")
    job = _known(row["job_id"]) or _known(row["task_id"]) or _known(row["project_id"]) or ""
    identity = f"event {at.isoformat()} {person or ''} {job} {length}"
    return Work(
        row=line,
        item=identity,
        work_id=identity,
        count=0,
        who=None if person is None else f"id:{person}",
        submitted_at=at,
        updated_at=at,
        seconds=length / 1000,
    )


def _known(cell: str) -> str | None:
    return None if cell in ("", "None", "\\N", "null") else cell


def _milliseconds(row: delimited.Cells) -> int:
    cell = _known(row["duration"]) or "0"
    if not cell.isascii() or not cell.isdigit() or len(cell) > 12:
        raise values.Unfit("duration", cell)
    if int(cell):
        return int(cell)
    try:
        payload = json.loads(row["payload"] or "{}")
    except (ValueError, RecursionError):
        raise values.Unfit("payload", row["payload"]) from None
    told = payload.get("working_time", 0) if isinstance(payload, dict) else 0
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 <= told < 1e12:
        raise values.Unfit("payload", told)
    return int(told)
