"""CVAT: annotations (XML 1.1), pages of its REST API (jobs, tasks, quality reports), events (CSV).

The XML names no person and dates no shape, so it tells how much there is and little more. The
list of jobs names people and states, not time; only events tell hours. None has answers to
compare: shapes are drawn, not chosen.
"""

from __future__ import annotations

from pathlib import Path

from oneninex.ingestion.batch import Options
from oneninex.ingestion.cvat import events, rest, shapes
from oneninex.ingestion.platform.model import Export

__all__ = ["PLATFORM", "open_export", "recognises"]

PLATFORM = "cvat"


def recognises(head: bytes, path: Path) -> bool:
    """Check for XML of annotations with a version, a page of CVAT's API or its events."""
    return shapes.recognises(head) or events.recognises(head) or rest.body(head, path) is not None


def open_export(path: Path, options: Options) -> Export:
    """The export; raises Refused where the file as a whole tells nothing or is unsafe."""
    del options
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if events.recognises(head):
        return events.open_events(path, head)
    found = rest.body(head, path)
    return shapes.open_xml(path) if found is None else rest.open_page(path, found)
