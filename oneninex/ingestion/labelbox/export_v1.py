"""Labelbox v1: one object for each label, with capitalised names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
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
from oneninex.ingestion.records import answers, bounds, jsonstream, tally, values

_SKIP = "Skip"
_TOLD = {
    "Created By": (Capability.ANNOTATOR, Capability.OVERLAP),
    "Created At": (Capability.TIME,),
    "Seconds to Label": (Capability.DURATION,),
    "Reviews": (Capability.REVIEW,),
    "Skipped": (Capability.SKIP,),
    "Label": (Capability.OBJECTS,),
}
# Tue, 13 Mar 2018 01:23:45 GMT, or Tue Mar 13 2018 01:23:45 GMT+0000 (UTC)
_OLD_TIMES = (
    re.compile(r"(?:\w{3}, )?(?P<d>\d{1,2}) (?P<m>\w{3}) (?P<y>\d{4}) (?P<t>[\d:]{8}) (?:GMT|UTC)"),
    re.compile(
        r"\w{3} (?P<m>\w{3}) (?P<d>\d{1,2}) (?P<y>\d{4}) (?P<t>[\d:]{8}) GMT"
        r"(?P<z>[+-]\d{4})?(?: \([\w ]{1,40}\))?"
    ),
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def fits(found: dict[str, str]) -> bool:
    """Whether the first record is such a label."""
    return any(
        {f"{at}ID", f"{at}DataRow ID", f"{at}Labeled Data"} <= found.keys() for at in ("", "item.")
    )


def open_file(path: Path) -> Export:
    """The labels of a file. Its seconds run on and hold the review: as long as it was open."""
    told: set[Capability] = set()
    for _, raw in jsonstream.members(path):
        for name, capabilities in _TOLD.items():
            if isinstance(raw, dict) and _tells(name, raw.get(name)):
                told.update(capabilities)
        if len(told) == sum(map(len, _TOLD.values())):
            break
    counts: dict[str, int] = {}
    return Export(
        platform="labelbox",
        form="json",
        capabilities=frozenset(told),
        hours_basis=HoursBasis.OPEN_TIME if Capability.DURATION in told else None,
        records=tally.counted(_records(path), counts),
        counts=counts,
        encoding=bounds.encoding_of(path),
    )


def _tells(name: str, value: Any) -> bool:
    return isinstance(value, dict) if name == "Label" else value not in (None, "")


def _records(path: Path) -> Iterator[Work | Problem]:
    for number, (_, raw) in enumerate(jsonstream.members(path), 1):
        if not isinstance(raw, dict):
            yield Problem("not_a_table", "platforms.not_an_object", number, loses=1)
            continue
        try:
            yield _work(number, raw)
        except values.Unfit as unfit:
            yield unfit.problem(number)


def _work(number: int, raw: dict[str, Any]) -> Work:
    label = raw.get("Label")
    skipped = values.flag("Skipped", raw.get("Skipped")) or label == _SKIP
    return Work(
        row=number,
        item=values.required_name("DataRow ID", raw.get("DataRow ID")),
        work_id=values.required_name("ID", raw.get("ID")),
        project=values.name("Project Name", raw.get("Project Name")),
        state=State.SKIPPED if skipped else State.SUBMITTED,
        who=values.name("Created By", raw.get("Created By")),
        submitted_at=_moment("Created At", raw.get("Created At")),
        updated_at=_moment("Updated At", raw.get("Updated At")),
        seconds=values.seconds("Seconds to Label", raw.get("Seconds to Label")),
        verdicts=_verdicts(raw.get("Reviews")),
        objects=None if skipped else _objects(label),
        answers={} if skipped else _answers(label),
    )


def _moment(field: str, value: Any) -> datetime | None:
    """A time as of 2020, or as of 2018; None where there is none."""
    if isinstance(value, str):
        for shape in _OLD_TIMES:
            if found := shape.fullmatch(value):
                return _old(field, value, found.groupdict())
    return values.optional_moment(field, value)


def _old(field: str, value: str, parts: dict[str, str | None]) -> datetime:
    if parts["m"] not in _MONTHS:
        raise values.Unfit(field, value)
    zone = parts.get("z") or "+0000"
    day = f"{int(parts['d'] or 0):02}"
    month = f"{_MONTHS.index(parts['m']) + 1:02}"
    at = f"{parts['y']}-{month}-{day}T{parts['t']}{zone}"
    return values.moment(field, at).astimezone(UTC)


def _verdicts(reviews: Any) -> tuple[Verdict, ...] | None:
    """Thumbs up (1) and down (-1), oldest first; 0 is neither."""
    if reviews is None:
        return None
    found = []
    for raw in values.sequence("Reviews", reviews):
        score = values.mapping("Reviews", raw).get("score")
        if isinstance(score, bool) or not isinstance(score, int | float):
            raise values.Unfit("Reviews.score", score)
        if score:
            at = _moment("Reviews.createdAt", raw.get("createdAt"))
            found.append(Verdict(at, score > 0))
    return values.oldest_first(found)


def _objects(label: Any) -> int | None:
    """Objects of an image or text; a frame's of a video are one and the same, an address is none.

    Before 2019 a label was an object from class to list of shapes.
    """
    if not isinstance(label, dict):
        return None
    if "objects" in label:
        return len(values.sequence("Label.objects", label["objects"]))
    shapes = [len(drawn) for drawn in label.values() if isinstance(drawn, list)]
    return sum(shapes) if shapes and "classifications" not in label else None


def _answers(label: Any) -> dict[str, str]:
    listed = label.get("classifications") if isinstance(label, dict) else None
    found = {}
    for raw in listed if isinstance(listed, list) else []:
        chosen = raw.get("answers") or raw.get("answer") if isinstance(raw, dict) else None
        options = chosen if isinstance(chosen, list) else [chosen]
        named = [o["value"] for o in options if isinstance(o, dict) and "value" in o]
        named = [value for value in named if isinstance(value, str)]
        if named and isinstance(raw.get("value"), str):
            found[raw["value"]] = answers.several(named)
    return found
