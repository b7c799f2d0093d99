"""Amazon Mechanical Turk's batch results (CSV): one row for each assignment.

The work time is the time from accepting to submitting, and a person holds several tasks at once:
only the union of these intervals is time at work. An answer to compare is a column `Answer.x`, or
a question inside the JSON of a crowd form, whose values over the file are a choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import orjson

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

PLATFORM = "mturk"

_NEEDED = ("HITId", "AssignmentId", "WorkerId", "AssignmentStatus", "AcceptTime", "SubmitTime")
_BATCH = re.compile(r"BatchId:(\d{1,18})")
_TOLD = (
    Capability.ANNOTATOR,
    Capability.TIME,
    Capability.DURATION,
    Capability.REVIEW,
    Capability.OVERLAP,
)
# No library knows these two; a zone's name is otherwise not unique.
_ZONES = {"PDT": -7, "PST": -8, "UTC": 0, "GMT": 0}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_LONG = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}) "
    r"(?P<time>\d\d:\d\d:\d\d) (?P<zone>[A-Z]{3}) (?P<year>\d{4})",
    re.ASCII,
)
_SHORT = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d) (?P<time>\d\d:\d\d:\d\d) (?P<zone>[A-Z]{3})",
    re.ASCII,
)


def recognises(head: bytes, path: Path) -> bool:
    """Whether the header has the names that every batch has."""
    del path
    names, _ = delimited.header(head, "AssignmentStatus")
    return set(_NEEDED) <= set(names)


def open_export(path: Path, options: Options) -> Export:
    """The assignments of a batch; raises Refused where the file as a whole cannot be read."""
    del options
    with path.open("rb") as file:
        names, delimiter = delimited.header(file.read(1 << 16), "AssignmentStatus")
    if not set(_NEEDED) <= set(names):
        raise refuse("missing_column", "platforms.missing_columns", columns=", ".join(_NEEDED))
    chosen = answers.choices(_answers(c) for _, c in _rows(path, delimiter) if c is not None)
    counts: dict[str, int] = {}
    return Export(
        platform=PLATFORM,
        form="csv",
        capabilities=frozenset(_TOLD),
        hours_basis=HoursBasis.CLOCK_UNION,
        records=tally.counted(_records(path, delimiter, chosen, counts), counts),
        counts=counts,
        encoding=bounds.encoding_of(path),
    )


def moment(field: str, text: str) -> datetime | None:
    """`Wed Apr 04 10:26:23 PDT 2018` or `2018-04-07 17:27:37 UTC`; None for an empty cell."""
    if not text:
        return None
    found = _LONG.fullmatch(text) or _SHORT.fullmatch(text)
    if found is None or found["zone"] not in _ZONES:
        raise values.Unfit(field, text)
    month = found["month"]
    if month.isalpha() and month not in _MONTHS:
        raise values.Unfit(field, text)
    number = _MONTHS.index(month) + 1 if month.isalpha() else int(month)
    hour, minute, second = map(int, found["time"].split(":"))
    zone = timezone(timedelta(hours=_ZONES[found["zone"]]))
    try:
        at = datetime(int(found["year"]), number, int(found["day"]), hour, minute, second, 0, zone)
        return values.in_range(field, text, at.astimezone(UTC))
    except (ValueError, OverflowError):
        raise values.Unfit(field, text, "range") from None


def _rows(path: Path, delimiter: str) -> Iterator[tuple[int, Cells | None]]:
    """Each row by column; None for one that has too many or too few cells to be placed."""
    rows = delimited.rows(path, delimiter)
    _, header = next(rows)
    places = {name.strip(): place for place, name in enumerate(header)}
    needed = max(places[name] for name in _NEEDED)
    for line, cells in rows:
        whole = needed < len(cells) <= len(header)
        yield line, Cells(places, cells) if whole else None


def _records(
    path: Path, delimiter: str, chosen: frozenset[str], counts: dict[str, int]
) -> Iterator[Work | Problem]:
    counts["tasks_without_assignment"] = 0
    for line, row in _rows(path, delimiter):
        if row is None:
            yield Problem("not_a_table", "platforms.cells", line, loses=1)
        elif not row["AssignmentId"] and not row["WorkerId"] and row["HITId"]:
            counts["tasks_without_assignment"] += 1
        else:
            try:
                yield _work(line, row, chosen)
            except values.Unfit as unfit:
                yield unfit.problem(line)


def _work(line: int, row: Cells, chosen: frozenset[str]) -> Work:
    started = moment("AcceptTime", row["AcceptTime"])
    submitted = moment("SubmitTime", row["SubmitTime"])
    if submitted is None:
        raise values.Unfit("SubmitTime", None, "required")
    if started and submitted < started:
        raise values.Unfit("SubmitTime", row["SubmitTime"], "range")
    verdicts = _verdicts(row)
    return Work(
        row=line,
        item=values.required_name("HITId", row["HITId"]),
        work_id=values.required_name("AssignmentId", row["AssignmentId"]),
        project=_batch(row),
        who=values.required_name("WorkerId", row["WorkerId"]),
        state=State.SUBMITTED,
        started_at=started,
        submitted_at=submitted,
        updated_at=max((v.at for v in verdicts if v.at), default=submitted),
        seconds=values.seconds_of_text("WorkTimeInSeconds", row["WorkTimeInSeconds"]),
        verdicts=verdicts,
        answers=answers.only(_answers(row), chosen),
    )


def _verdicts(row: Cells) -> tuple[Verdict, ...]:
    """What the requester decided; a rejection that was taken back has both times."""
    status = row["AssignmentStatus"]
    if status not in ("Submitted", "Approved", "Rejected"):
        raise values.Unfit("AssignmentStatus", status, "type" if status else "required")
    approved = moment("ApprovalTime", row["ApprovalTime"])
    rejected = moment("RejectionTime", row["RejectionTime"])
    if status == "Submitted":
        return ()
    last = Verdict(approved if status == "Approved" else rejected, status == "Approved")
    earlier = rejected if last.accepted else approved
    first = () if earlier is None else (Verdict(earlier, not last.accepted),)
    return (*first, last)


def _batch(row: Cells) -> str | None:
    found = _BATCH.search(row["RequesterAnnotation"])
    return found[1] if found else row["HITTypeId"] or None


def _answers(row: Cells) -> dict[str, str]:
    """Column, or question within a column, to answer; an empty one is none."""
    found: dict[str, str] = {}
    for name in row:
        answer = row[name] if name.startswith("Answer.") else ""
        form = _form(answer)
        if form is not None:
            found.update(_flat(name.removeprefix("Answer."), form))
        elif answer:
            found[name.removeprefix("Answer.")] = answer
    return found


def _form(answer: str) -> dict[str, Any] | None:
    """What a crowd form wrote: a list of one object."""
    if not answer.startswith(("[{", "{")):
        return None
    try:
        value = orjson.loads(answer)
    except orjson.JSONDecodeError:
        return None
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    return value if isinstance(value, dict) else None


def _flat(column: str, form: dict[str, Any]) -> dict[str, str]:
    """Each question of a form with what was ticked or written."""
    found = {}
    for question, value in form.items():
        if isinstance(value, dict):
            value = answers.several(name for name, ticked in value.items() if ticked is True)
        if isinstance(value, str | int | float):
            found[f"{column}.{question}"] = str(value)
    return found
