"""Label Studio's exports, Community and Enterprise: JSON before and after 1.0, JSON_MIN, CSV.

Also what its server gives without an export: a list of tasks of its API (with all fields), and
target storage, which holds a JSON object for each annotation (one file each, or one a line).

Only annotations count. Skips and drafts are counted apart, predictions never.
"""

from __future__ import annotations

import re
from pathlib import Path

from oneninex.ingestion.batch import Options
from oneninex.ingestion.findings import Refused
from oneninex.ingestion.label_studio import flat
from oneninex.ingestion.label_studio.parse import TASK_KEYS, Tasks, annotations_with_task
from oneninex.ingestion.platform.model import Capability, Export, HoursBasis
from oneninex.ingestion.platform.stream import Elements
from oneninex.ingestion.records import jsonlines, shape

__all__ = ["open_export", "recognises"]

PLATFORM = "label_studio"

_BOM = b"\xef\xbb\xbf"
_CHUNK = 4 << 20
_EITHER = re.compile(rb'"(?:(annotations|completions)"\s*:\s*(?:\[|null)|annotation_id"\s*:)')
_PROJECTS = re.compile(rb'"projects"\s*:\s*\[')
_LISTED = re.compile(rb'"(tasks|results)"\s*:\s*\[')

_TARGET = {"id", "result", "task", "completed_by", "created_at", "was_cancelled"}
_FLAT = frozenset({Capability.ANNOTATOR, Capability.TIME, Capability.DURATION, Capability.OVERLAP})
_WHOLE_FILE = frozenset({Capability.REVIEW, Capability.ORIGIN})
_FULL = _FLAT | _WHOLE_FILE | {Capability.SKIP, Capability.OBJECTS}


def recognises(head: bytes, path: Path) -> bool:
    """Whether the file is such an export.

    The first task's own data may fill the head, so a list is searched to its end.
    """
    return _form(head, path) is not None


def open_export(path: Path, options: Options) -> Export:
    """Look at the file and stream its annotations and drafts; raises Refused."""
    with path.open("rb") as file:
        head = file.read(64 << 10)
    form, counts = _form(head, path), {}
    if form == "csv":
        records = flat.of_csv(path, counts)
        return Export(PLATFORM, form, _FLAT, HoursBasis.OPEN_TIME, records, counts,
                      encoding=_encoding(head), cap_durations=True)  # fmt: skip
    if form == "target":
        objects = (row for _, row in jsonlines.documents(path))
        return Export(PLATFORM, form, _FULL, HoursBasis.OPEN_TIME,
                      iter(Tasks(annotations_with_task(objects), False, counts)), counts,
                      encoding=_encoding(head), whole_file=_WHOLE_FILE, cap_durations=True,
                      items_known=True)  # fmt: skip
    dump = form == "dump"
    listed = _LISTED.search(head) if form == "tasks" else None
    elements = Elements(path, "projects" if dump else listed[1].decode() if listed else None)
    minimal = form == "json_min"
    return Export(
        PLATFORM,
        "json_min" if minimal else "json",
        _FLAT if minimal else _FULL,
        HoursBasis.OPEN_TIME,
        flat.of_json(elements, counts) if minimal else iter(Tasks(elements, dump, counts)),
        counts,
        encoding=_encoding(head),
        whole_file=frozenset() if minimal else _WHOLE_FILE,
        position=lambda: elements.position,
        cap_durations=True,
        items_known=True,
    )


def _form(head: bytes, path: Path) -> str | None:
    start = head.removeprefix(_BOM).lstrip()
    if start.startswith(b"{"):
        if _PROJECTS.search(head) and b'"tasks"' in head:
            return "dump"
        found = shape.names(head, path)
        if found.keys() >= _TARGET and found["result"] == "array" and found["task"] == "object":
            return "target"
        if any(found.get(f"{name}.item.annotations") == "array" for name in ("tasks", "results")):
            return "tasks"
        return None
    if start.startswith(b"["):
        return _first(path)
    return "csv" if flat.header(head) else None


def _first(path: Path) -> str | None:
    """Which comes first in a list: a task's annotations, or the id of an annotation in a row."""
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if found := _EITHER.search(tail + chunk):
                return "json" if found[1] else _of_row(path)
            tail = chunk[-64:]
    return None


def _of_row(path: Path) -> str | None:
    """Whether the first element is a row of JSON_MIN; a task's data may have such a column too."""
    try:
        first = next(iter(Elements(path)), None)
    except Refused:
        return None
    if not isinstance(first, dict):
        return None
    if not first.keys().isdisjoint(TASK_KEYS):
        return "json"
    return "json_min" if first.keys() >= {"annotation_id", "annotator"} else None


def _encoding(head: bytes) -> str:
    return "utf-8-sig" if head.startswith(_BOM) else "utf-8"
