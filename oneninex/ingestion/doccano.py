"""doccano's annotations (JSONL): one text on a line, in a file for each member or for all.

The name of the member's file in the downloaded archive is the only trace of a person, and no
moment is told, except by versions up to 1.3. An answer to compare is the class or classes of a
text; spans are drawn. A text without a label is either empty of anything to find or not yet done:
the file does not tell which.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from oneninex.ingestion.batch import Options
from oneninex.ingestion.platform.model import Capability, Export, Problem, Work
from oneninex.ingestion.records import answers, bounds, jsonlines, shape, tally, values

__all__ = ["PLATFORM", "open_export", "recognises"]

PLATFORM = "doccano"

_LABELS = ("label", "labels", "annotations")
_NO_PERSON = {"all", "unknown", ""}  # what doccano calls a file of everybody's


def recognises(head: bytes, path: Path) -> bool:
    """Whether the first line is a numbered text with a list of labels, and no other tool's."""
    if not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return False
    found = shape.names(head, path)
    if found.get("id") != "number" or found.get("text", found.get("data")) != "string":
        return False
    if any(name.startswith(("_", "data_row", "results")) for name in found):
        return False
    spans = found.get("entities") == found.get("relations") == "array"
    return spans or any(found.get(name) == "array" for name in _LABELS)


def open_export(path: Path, options: Options, member: str | None = None) -> Export:
    """The texts of a file; `member` is its name inside the archive, which names the person."""
    who = _person(member or options.member)
    found = {Capability.OBJECTS}
    found |= {Capability.ANNOTATOR, Capability.OVERLAP} if who else set()
    found |= _told_by_old_versions(path)
    chosen = answers.choices(
        _answers(row) for _, row in jsonlines.objects(path) if isinstance(row, dict)
    )
    counts: dict[str, int] = {}
    return Export(
        platform=PLATFORM,
        form="jsonl",
        capabilities=frozenset(found),
        hours_basis=None,
        records=tally.counted(_records(path, who, chosen, counts), counts, tasks=False),
        counts=counts,
        encoding=bounds.encoding_of(path),
    )


def _person(member: str | None) -> str | None:
    stem = PurePosixPath(member or "").stem
    return None if stem.lower() in _NO_PERSON else stem


def _told_by_old_versions(path: Path) -> set[Capability]:
    """Whether the first text that has labels says who set them, and when."""
    for _, row in jsonlines.objects(path):
        listed = row.get("annotations") if isinstance(row, dict) else None
        if not isinstance(listed, list):
            return set()
        for raw in listed:
            if isinstance(raw, dict) and raw.get("user") is not None:
                found = {Capability.ANNOTATOR, Capability.OVERLAP}
                return found | ({Capability.TIME} if raw.get("created_at") else set())
    return set()


def _records(
    path: Path, who: str | None, chosen: frozenset[str], counts: dict[str, int]
) -> Iterator[Work | Problem]:
    counts.update({"tasks": 0, "without_label": 0})
    for number, row in jsonlines.objects(path):
        if isinstance(row, Problem):
            yield row
            continue
        counts["tasks"] += 1
        try:
            found = list(_works(number, row, who, chosen))
        except values.Unfit as unfit:
            yield unfit.problem(number)
            continue
        counts["without_label"] += not any(work.objects for work in found)
        yield from found
    if counts["without_label"]:
        numbers = {"count": counts["without_label"], "total": counts["tasks"]}
        yield Problem(
            "missing_capability", "platforms.doccano_empty", field="label", values=numbers
        )


def _works(
    number: int, row: dict[str, Any], who: str | None, chosen: frozenset[str]
) -> Iterator[Work]:
    """The text as one unit of work; up to 1.3, one for each person who labelled it."""
    item = values.required_name("id", row.get("id"))
    if isinstance(row.get("annotations"), list):
        yield from _old(number, item, row["annotations"])
        return
    yield Work(
        row=number,
        item=item,
        work_id=f"{who or ''} {item}",
        who=who,
        objects=sum(len(values.sequence(name, row.get(name))) for name in _names(row)),
        answers=answers.only(_answers(row), chosen),
    )


def _names(row: dict[str, Any]) -> list[str]:
    """Where the labels stand: one list, or entities (relations between them are none)."""
    return ["entities"] if "entities" in row else [name for name in _LABELS if name in row][:1]


def _old(number: int, item: str, listed: list[Any]) -> Iterator[Work]:
    people: dict[str | None, list[datetime]] = {}
    drawn: dict[str | None, int] = {}
    for raw in listed:
        raw = values.mapping("annotations", raw)
        who = values.name("annotations.user", raw.get("user"))
        who = None if who is None else f"id:{who}"
        changed = raw.get("updated_at") or raw.get("created_at")
        at = values.optional_moment("annotations.created_at", changed)
        people.setdefault(who, []).extend([] if at is None else [at])
        drawn[who] = drawn.get(who, 0) + 1
    for who, times in people.items():
        at = max(times, default=None)
        work_id = f"{who or ''} {item}"
        yield Work(
            number, item, work_id, who=who, submitted_at=at, updated_at=at, objects=drawn[who]
        )


def _answers(row: dict[str, Any]) -> dict[str, str]:
    """The classes of a text; a list of spans has none."""
    for name in ("label", "labels"):
        listed = row.get(name)
        if isinstance(listed, list) and listed and all(isinstance(one, str) for one in listed):
            return {name: answers.several(listed)}
    return {}
