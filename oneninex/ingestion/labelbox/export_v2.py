"""Labelbox export v2: data rows with their labels in each project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from oneninex.ingestion.platform.model import (
    Capability,
    Export,
    HoursBasis,
    Problem,
    State,
    Verdict,
    Work,
)
from oneninex.ingestion.records import answers, bounds, jsonlines, jsonstream, tally, values

Row = tuple[int, "dict[str, Any] | Problem"]
# What was not ticked when exporting is absent from every label; these parts tell what.
_TOLD: dict[tuple[str, str], tuple[Capability, ...]] = {
    ("label_details", "created_by"): (Capability.ANNOTATOR, Capability.OVERLAP),
    ("label_details", "created_at"): (Capability.TIME,),
    ("label_details", "reviews"): (Capability.REVIEW,),
    ("performance_details", "seconds_to_create"): (Capability.DURATION,),
    ("performance_details", "skipped"): (Capability.SKIP,),
    ("project_details", "workflow_history"): (Capability.REVIEW,),
    ("annotations", "objects"): (Capability.OBJECTS,),
}
_EVERYTHING = len({one for several in _TOLD.values() for one in several})
_VERDICTS = {"Approve": True, "Reject": False}


def fits(found: dict[str, str]) -> bool:
    """Whether the first record is a data row."""
    return any(
        found.get(f"{at}data_row") == "object" and found.get(f"{at}projects") == "object"
        for at in ("", "item.")
    )


def open_file(path: Path) -> Export:
    """The labels of a file. The timer stops after five idle minutes: its seconds are active."""
    found = _capabilities(path)
    counts: dict[str, int] = {}
    return Export(
        platform="labelbox",
        form="ndjson",
        capabilities=found,
        hours_basis=HoursBasis.ACTIVE_TIME if Capability.DURATION in found else None,
        records=tally.counted(_records(path, counts), counts, tasks=False),
        counts=counts,
        encoding=bounds.encoding_of(path),
    )


def _rows(path: Path) -> Iterator[Row]:
    """Each data row with its line, or its number in a list."""
    with bounds.Bounded(path) as file:
        listed = file.read(1 << 12).lstrip().startswith(b"[")
    if not listed:
        yield from jsonlines.objects(path)
        return
    for number, (_, value) in enumerate(jsonstream.members(path), 1):
        lost = Problem("not_a_table", "platforms.not_an_object", number, loses=1)
        yield number, value if isinstance(value, dict) else lost


def _capabilities(path: Path) -> frozenset[Capability]:
    """What any label tells; the search ends once everything was found."""
    found: set[Capability] = set()
    for _, row in _rows(path):
        for project in _dict(_dict(row).get("projects")).values():
            labels = _dict(project).get("labels")
            for told in [project, *(labels if isinstance(labels, list) else [])]:
                found.update(*(c for names, c in _TOLD.items() if _tells(told, *names)))
        if len(found) == _EVERYTHING:
            break
    return frozenset(found)


def _tells(record: object, part: str, name: str) -> bool:
    """Whether it stands there. An empty list of reviews is there in every project's export."""
    value = _dict(_dict(record).get(part)).get(name)
    return value is not None and (name != "reviews" or value != [])


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _records(path: Path, counts: dict[str, int]) -> Iterator[Work | Problem]:
    counts.update({"tasks": 0, "labels_of_reference": 0})
    for number, row in _rows(path):
        if isinstance(row, Problem):
            yield row
            continue
        counts["tasks"] += 1
        try:
            data_row = values.mapping("data_row", row.get("data_row"))
            item = values.required_name("data_row.id", data_row.get("id"))
            projects = values.mapping("projects", row.get("projects"))
        except values.Unfit as unfit:
            yield unfit.problem(number)
            continue
        for project, part in projects.items():
            yield from _labels(number, item, str(project), part, counts)


def _labels(
    number: int, item: str, project: str, part: Any, counts: dict[str, int]
) -> Iterator[Work | Problem]:
    """The labels of a data row in one project; a verdict is on all of them."""
    try:
        part = values.mapping("projects", part)
        labels = values.sequence("labels", part.get("labels"))
        verdicts = _verdicts(part.get("project_details"))
    except values.Unfit as unfit:
        yield unfit.problem(number)
        return
    for raw in labels:
        try:
            raw = values.mapping("labels", raw)
            counts["labels_of_reference"] += raw.get("label_kind") == "Benchmark"
            yield _work(number, item, project, raw, verdicts)
        except values.Unfit as unfit:
            yield unfit.problem(number)


def _work(
    number: int,
    item: str,
    project: str,
    raw: dict[str, Any],
    verdicts: tuple[Verdict, ...] | None,
) -> Work:
    details = values.mapping("label_details", raw.get("label_details"))
    spent = values.mapping("performance_details", raw.get("performance_details"))
    drawn = values.mapping("annotations", raw.get("annotations"))
    own = _reviews(details.get("reviews"))
    skipped = values.flag("performance_details.skipped", spent.get("skipped"))
    created = details.get("created_at")
    return Work(
        row=number,
        item=item,
        work_id=values.required_name("labels.id", raw.get("id")),
        project=project,
        state=State.SKIPPED if skipped else State.SUBMITTED,
        who=values.name("label_details.created_by", details.get("created_by")),
        submitted_at=values.optional_moment("label_details.created_at", created),
        updated_at=values.optional_moment("label_details.updated_at", details.get("updated_at")),
        seconds=values.seconds(
            "performance_details.seconds_to_create", spent.get("seconds_to_create")
        ),
        verdicts=own if own else verdicts,
        objects=_objects(drawn),
        answers={} if skipped else _answers(drawn),
    )


def _objects(drawn: dict[str, Any]) -> int | None:
    """How many objects were drawn; in video and documents they lie elsewhere and are not told."""
    if "objects" not in drawn:
        return None
    return len(values.sequence("annotations.objects", drawn["objects"]))


def _verdicts(details: Any) -> tuple[Verdict, ...] | None:
    """Approvals and refusals, oldest first; moves between steps are none. None: not told."""
    history = values.mapping("project_details", details).get("workflow_history")
    if history is None:
        return None
    found = []
    for raw in reversed(values.sequence("workflow_history", history)):
        raw = values.mapping("workflow_history", raw)
        accepted = _VERDICTS.get(str(raw.get("action")))
        if accepted is not None:
            at = values.moment("workflow_history.created_at", raw.get("created_at"))
            found.append(Verdict(at, accepted))
    # newest first in the file; the sort keeps the order of what happened at once
    return values.oldest_first(found)


def _reviews(value: Any) -> tuple[Verdict, ...]:
    """Thumbs of projects without a workflow; those with one have an empty list."""
    found = []
    for raw in values.sequence("reviews", value):
        raw = values.mapping("reviews", raw)
        score = raw.get("score")
        if isinstance(score, bool) or not isinstance(score, int | float):
            continue
        if score:
            at = raw.get("reviewed_at") or raw.get("created_at")
            found.append(Verdict(values.moment("reviews.created_at", at), score > 0))
    return values.oldest_first(found)


def _answers(drawn: dict[str, Any]) -> dict[str, str]:
    found = {}
    for raw in values.sequence("annotations.classifications", drawn.get("classifications")):
        raw = values.mapping("annotations.classifications", raw)
        question = values.name("classifications.name", raw.get("name"))
        ticked = raw.get("checklist_answers")
        chosen = [raw["radio_answer"]] if raw.get("radio_answer") else ticked
        if question and isinstance(chosen, list):
            named = [str(answer["name"]) for answer in chosen if _dict(answer).get("name")]
            found[question] = answers.several(named)
    return found
