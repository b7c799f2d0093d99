"""LabelU's list of samples, as its API gives it: {meta_data, data: [sample]}.

A sample tells its state, who changed it and when; its exports tell none of this. Its times carry
no zone: the date and time that the server wrote are taken as those of the plan's zone, which is
said. A sample that several people changed names nobody: the list does not tell who did what.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from oneninex.ingestion.batch import Options
from oneninex.ingestion.platform.model import Capability, Export, Problem, State, Work
from oneninex.ingestion.records import bounds, jsonstream, shape, tally, values

__all__ = ["PLATFORM", "open_export", "recognises"]

PLATFORM = "labelu"

_SAMPLE = {"id", "state", "annotated_count", "updaters", "updated_at"}
_STATES = {"DONE": State.SUBMITTED, "SKIPPED": State.SKIPPED, "NEW": None}
_CAPABILITIES = frozenset(
    {Capability.ANNOTATOR, Capability.TIME, Capability.SKIP, Capability.OBJECTS}
)


def recognises(head: bytes, path: Path) -> bool:
    """Check for the list of samples of LabelU's API."""
    if not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return False
    found = shape.names(head, path)
    members = {name.removeprefix("data.item.") for name in found if name.startswith("data.item.")}
    return found.get("data") == "array" and members >= _SAMPLE


def open_export(path: Path, options: Options) -> Export:
    """Return the samples of a list; raises Refused where it is no JSON."""
    counts: dict[str, int] = {}
    return Export(
        platform=PLATFORM,
        form="samples",
        capabilities=_CAPABILITIES,
        hours_basis=None,
        records=tally.counted(_records(path, options, counts), counts, tasks=False),
        counts=counts,
        encoding=bounds.encoding_of(path),
        items_known=True,
    )


def _records(path: Path, options: Options, counts: dict[str, int]) -> Iterator[Work | Problem]:
    counts.update({"tasks": 0, "not_begun": 0})
    total: Any = None
    zoneless = False
    row = 0
    for key, value in jsonstream.members(path, "data"):
        if key == "meta_data":
            total = values.mapping("meta_data", value).get("total")
        elif key == "data":
            row += 1
            try:
                work = _work(row, values.mapping("data", value), options)
            except values.Unfit as unfit:
                yield unfit.problem(row)
                continue
            counts["tasks"] += 1
            counts["not_begun"] += work is None
            if work is not None:
                zoneless = True
                yield work
    if isinstance(total, int) and total > row:
        numbers = {"count": row, "total": total}
        yield Problem("missing_capability", "platforms.one_page", field="data", values=numbers)
    if zoneless:
        zone = {"zone": str(options.zone or "UTC")}
        yield Problem("missing_capability", "platforms.zoneless", field="updated_at", values=zone)


def _work(row: int, raw: dict[str, Any], options: Options) -> Work | None:
    """Return a sample that was done or skipped; None for one that nobody has begun."""
    state = raw.get("state")
    if state not in _STATES:
        raise values.Unfit("state", state, "required" if state is None else "type")
    number = values.required_name("id", raw.get("id"))
    if (known := _STATES[state]) is None:
        return None
    at = values.moment("updated_at", raw.get("updated_at"), options.zone)
    people = values.sequence("updaters", raw.get("updaters"))
    return Work(
        row=row,
        item=number,
        work_id=number,
        state=known,
        who=_person(people[0]) if len(people) == 1 else None,
        submitted_at=at,
        updated_at=at,
        objects=_objects(raw.get("data")) if known is State.SUBMITTED else None,
    )


def _person(value: Any) -> str | None:
    named = values.name("updaters.id", values.mapping("updaters", value).get("id"))
    return None if named is None else f"id:{named}"


def _objects(data: Any) -> int | None:
    """Count what the tools drew; the result is JSON within JSON."""
    text = data.get("result") if isinstance(data, dict) else None
    if not isinstance(text, str):
        return None
    try:
        result = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(result, dict):
        return None
    tools = [tool for tool in result.values() if isinstance(tool, dict)]
    drawn = [tool["result"] for tool in tools if isinstance(tool.get("result"), list)]
    return sum(map(len, drawn))
