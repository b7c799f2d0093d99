"""doccano's annotations (JSONL, JSON, CSV): a text a record, a file for each member or for all.

The name of the member's file in the downloaded archive is the only trace of a person, and no
moment is told, except by versions up to 1.3. An answer to compare is the class or classes of a
text; spans are drawn. A text without a label was looked at only where the export holds confirmed
texts: its members then list different texts. Where all members list the same texts, or the file
comes alone, such a text is not known to have been begun and does not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from oneninex.ingestion.batch import Options
from oneninex.ingestion.platform.model import Capability, Export, Problem, Work
from oneninex.ingestion.records import (
    answers,
    bounds,
    delimited,
    jsonlines,
    jsonstream,
    shape,
    tally,
    values,
)

__all__ = ["PLATFORM", "open_export", "recognises"]

PLATFORM = "doccano"

_LABELS = ("label", "labels", "annotations")
_NO_PERSON = {"all", "unknown", ""}  # what doccano calls a file of everybody's


def recognises(head: bytes, path: Path) -> bool:
    """Check whether the first record is a numbered text with labels, and no other tool's."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start not in (b"{", b"["):
        return _is_csv(head)
    found = shape.names(head, path)
    if start == b"[":
        found = {name.removeprefix("item."): kind for name, kind in found.items()}
        if "Comments" not in found:  # without it, a list of numbered texts may be anybody's
            return False
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
    chosen = answers.choices(_answers(row) for _, row in _rows(path) if isinstance(row, dict))
    confirmed = who is not None and _only_confirmed(options.siblings)
    counts: dict[str, int] = {}
    return Export(
        platform=PLATFORM,
        form=_form(path),
        capabilities=frozenset(found),
        hours_basis=None,
        records=tally.counted(_records(path, who, chosen, confirmed, counts), counts, tasks=False),
        counts=counts,
        encoding=bounds.encoding_of(path),
    )


def _form(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(1 << 10).removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    with path.open("rb") as file:
        table = _is_csv(file.read(1 << 16))
    return "json" if start == b"[" else "csv" if table else "jsonl"


def _is_csv(head: bytes) -> bool:
    names, _ = delimited.header(head, "label")
    return set(names) >= {"id", "label", "Comments"} and bool({"text", "data"} & set(names))


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
    """Number and content of each record, whichever form the export has."""
    form = _form(path)
    if form == "jsonl":
        yield from jsonlines.objects(path)
    elif form == "json":
        for number, (_, value) in enumerate(jsonstream.members(path), 1):
            known = isinstance(value, dict)
            yield (
                number,
                value
                if known
                else Problem("not_a_table", "platforms.not_an_object", number, loses=1),
            )
    else:
        yield from _csv_rows(path)


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows of a CSV as JSON would give them: several classes are parted by #."""
    with path.open("rb") as file:
        names, delimiter = delimited.header(file.read(1 << 16), "label")
    places = {name: place for place, name in enumerate(names)}
    rows = delimited.rows(path, delimiter)
    next(rows, None)
    for line, cells in rows:
        row = delimited.Cells(places, cells)
        number = row["id"]
        yield (
            line,
            {
                "id": int(number)
                if number.isascii() and number.isdigit() and len(number) < 18
                else number,
                "label": [label for label in row["label"].split("#") if label],
            },
        )


def _only_confirmed(siblings: tuple[Path, ...]) -> bool:
    """Check whether an archive holds confirmed texts only: its members list different ones."""
    return len({texts for texts in _texts(siblings) if texts}) > 1


@lru_cache(maxsize=4)
def _texts(siblings: tuple[Path, ...]) -> tuple[frozenset[str], ...]:
    """The ids that each member of an archive lists; the file of nobody in particular left out."""
    return tuple(
        frozenset(str(row.get("id")) for _, row in _rows(path) if isinstance(row, dict))
        for path in siblings
        if _person(path.name) is not None
    )


def _person(member: str | None) -> str | None:
    stem = PurePosixPath(member or "").stem
    return None if stem.lower() in _NO_PERSON else stem


def _told_by_old_versions(path: Path) -> set[Capability]:
    """Whether the first text that has labels says who set them, and when."""
    for _, row in _rows(path):
        listed = row.get("annotations") if isinstance(row, dict) else None
        if not isinstance(listed, list):
            return set()
        for raw in listed:
            if isinstance(raw, dict) and raw.get("user") is not None:
                found = {Capability.ANNOTATOR, Capability.OVERLAP}
                return found | ({Capability.TIME} if raw.get("created_at") else set())
    return set()


def _records(
    path: Path,
    who: str | None,
    chosen: frozenset[str],
    confirmed: bool,
    counts: dict[str, int],
) -> Iterator[Work | Problem]:
    counts.update({"tasks": 0, "without_label": 0, "not_begun": 0})
    for number, row in _rows(path):
        if isinstance(row, Problem):
            yield row
            continue
        counts["tasks"] += 1
        try:
            found = list(_works(number, row, who, chosen))
        except values.Unfit as unfit:
            yield unfit.problem(number)
            continue
        if any(work.objects for work in found):
            yield from found
        elif confirmed:
            counts["without_label"] += 1
            yield from found
        else:
            counts["not_begun"] += 1
    for name in ("without_label", "not_begun"):
        if counts[name]:
            numbers = {"count": counts[name], "total": counts["tasks"]}
            key = f"platforms.doccano_{name}"
            yield Problem("missing_capability", key, field="label", values=numbers)


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
        objects=sum(answers.distinct(values.sequence(name, row.get(name))) for name in _names(row)),
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
