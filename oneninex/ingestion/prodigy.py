"""Prodigy's annotations (JSONL), reviews included.

A session is often no person: without a named session it is the time at which the server was
started, in a review it may be a data set. There is no duration, only the moment of saving. An
answer to compare is the choice among options, or accept against reject where one label was asked
for; spans are drawn. A review repeats each person's answer in `versions`: it is one decision, not
so much new work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from oneninex.ingestion.batch import Options
from oneninex.ingestion.platform.model import Capability, Export, Problem, State, Work
from oneninex.ingestion.records import answers, bounds, jsonlines, shape, tally, values

__all__ = ["PLATFORM", "open_export", "recognises"]

PLATFORM = "prodigy"

_STATES = {"accept": State.SUBMITTED, "reject": State.SUBMITTED, "ignore": State.SKIPPED}
_START_TIME = re.compile(r"(?:.*-)?\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d", re.DOTALL)
_SHOWN_ONLY = ("choice", "classification", "text", "html", "text_input", "compare", "diff")


def recognises(head: bytes, path: Path) -> bool:
    """Whether the first line has Prodigy's two hashes."""
    if not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return False
    found = shape.names(head, path)
    return found.get("_input_hash") == found.get("_task_hash") == "number"


def open_export(path: Path, options: Options) -> Export:
    """The rows of a file; raises Refused where it is no text."""
    del options
    counts: dict[str, int] = {}
    return Export(
        platform=PLATFORM,
        form="jsonl",
        capabilities=_capabilities(path),
        hours_basis=None,
        records=tally.counted(_records(path, counts), counts),
        counts=counts,
        encoding=bounds.encoding_of(path),
    )


def person(row: dict[str, Any]) -> str | None:
    """Who answered, where the row names a person: not a start time, not a data set.

    A named session is written DATASET-NAME; a bare word in both fields is the data set, which the
    review puts where nobody is named.
    """
    annotator = values.name("_annotator_id", row.get("_annotator_id"))
    session = values.name("_session_id", row.get("_session_id"))
    reviewed = row.get("sessions")
    if isinstance(reviewed, list) and annotator in reviewed:
        return None
    for given, other in ((annotator, session), (session, session)):
        if given and not _START_TIME.fullmatch(given) and ("-" in given or given != other):
            return given
    return None


def _capabilities(path: Path) -> frozenset[Capability]:
    found = {Capability.SKIP}
    wanted = {Capability.TIME, Capability.ANNOTATOR, Capability.OVERLAP, Capability.OBJECTS}
    for _, row in jsonlines.objects(path):
        if not isinstance(row, dict):
            continue
        found |= {Capability.TIME} if row.get("_timestamp") is not None else set()
        found |= {Capability.OBJECTS} if _objects(row) is not None else set()
        try:
            found |= {Capability.ANNOTATOR, Capability.OVERLAP} if person(row) else set()
        except values.Unfit:
            continue
        if wanted <= found:
            break
    return frozenset(found)


def _records(path: Path, counts: dict[str, int]) -> Iterator[Work | Problem]:
    counts.update({"accepted_answers": 0, "rejected_answers": 0, "without_time": 0, "reviews": 0})
    for number, row in jsonlines.objects(path):
        if isinstance(row, Problem):
            yield row
            continue
        try:
            work = _work(number, row)
        except values.Unfit as unfit:
            yield unfit.problem(number)
            continue
        counts["accepted_answers"] += row["answer"] == "accept"
        counts["rejected_answers"] += row["answer"] == "reject"
        counts["without_time"] += work.submitted_at is None
        counts["reviews"] += isinstance(row.get("versions"), list)
        yield work


def _work(number: int, row: dict[str, Any]) -> Work:
    answer = row.get("answer")
    if not isinstance(answer, str) or answer not in _STATES:
        raise values.Unfit("answer", answer, "required" if answer is None else "type")
    item = values.required_name("_input_hash", row.get("_input_hash"))
    at = _saved(row)
    return Work(
        row=number,
        item=item,
        work_id=_identity(row, at),
        state=_STATES[answer],
        who=person(row),
        submitted_at=at,
        updated_at=at,
        objects=_objects(row) if answer == "accept" else None,
        answers=_answers(row, answer) if answer != "ignore" else {},
    )


def _saved(row: dict[str, Any]) -> datetime | None:
    stamp = row.get("_timestamp")
    return None if stamp is None else values.epoch("_timestamp", stamp)


def _identity(row: dict[str, Any], at: datetime | None) -> str:
    """One row for good: the same task may be answered again, by the same person."""
    task = values.required_name("_task_hash", row.get("_task_hash"))
    session = values.name("_session_id", row.get("_session_id")) or ""
    told = str(row["_timestamp"]) if at else values.digest(repr(sorted(row.items())))
    return f"{task} {session} {told}"


def _objects(row: dict[str, Any]) -> int | None:
    """Spans or relations that were drawn; where spans are only shown, None."""
    view = row.get("view_id") if row.get("_view_id") == "review" else row.get("_view_id")
    if view in _SHOWN_ONLY or isinstance(row.get("options"), list):
        return None
    drawn = row.get("relations") if view == "relations" else row.get("spans")
    return answers.distinct(drawn) if isinstance(drawn, list) else None


def _answers(row: dict[str, Any], answer: str) -> dict[str, str]:
    chosen, label = row.get("accept"), row.get("label")
    if isinstance(row.get("options"), list) and isinstance(chosen, list):
        ticked = answers.several(str(one) for one in chosen if isinstance(one, str | int))
        return {"choice": ticked} if answer == "accept" else {}
    if isinstance(label, str) and not row.get("spans"):
        return {f"label {label}": answer}
    return {}
