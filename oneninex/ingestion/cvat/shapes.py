"""CVAT for images and for video 1.1 (XML) of a task, a job or a project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element

from oneninex.ingestion.findings import refuse
from oneninex.ingestion.platform.model import Capability, Export, Problem, Work
from oneninex.ingestion.records import bounds, markup, tally, values

SHAPES = frozenset(
    ("box", "polygon", "polyline", "points", "cuboid", "ellipse", "mask", "skeleton", "tag")
)
_BEGUN = frozenset(("auto", "semi-auto", "file"))  # else drawn by hand
_ROOT = re.compile(
    rb"\A\s*(?:<\?xml[^>]*\?>|<!--.*?-->|<!DOCTYPE\s+annotations\b[^>]*?(?:\[.*?\]\s*)?>|\s)*"
    rb"<annotations>\s*(?:<version>1\.[01]</version>|<meta>)",
    re.DOTALL,
)
_SOURCE = re.compile(rb"<[a-z]+(?:\s[^<>]*?)?\ssource=[\"']")
_CHUNK = 1 << 20


@dataclass
class Meta:
    """What stands before the shapes: what was exported, and when each task last changed."""

    kind: str = ""  # task, job or project
    id: str | None = None
    updated: dict[str | None, datetime | None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def project(self) -> str | None:
        """The platform's own project, where it is told."""
        return self.id if self.kind == "project" else None

    def scope(self, task: str | None) -> str:
        """Where a frame or a track belongs: its number alone restarts in each task."""
        return f"task {task}" if task else f"{self.kind} {self.id or ''}"


def recognises(head: bytes) -> bool:
    """Whether the XML begins as CVAT's does; <annotation> is LabelMe's and VOC's."""
    return _ROOT.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def open_xml(path: Path) -> Export:
    """The images and tracks of a file."""
    meta = _meta(path)
    found = {Capability.OBJECTS}
    if any(meta.updated.values()):
        found.add(Capability.TIME)
    if _tells_source(path):
        found.add(Capability.ORIGIN)
    counts: dict[str, int] = {}
    return Export(
        platform="cvat",
        form="xml",
        capabilities=frozenset(found),
        hours_basis=None,
        records=tally.counted(_records(path, meta, counts), counts, tasks=False),
        counts=counts,
        encoding=bounds.encoding_of(path),
    )


def _meta(path: Path) -> Meta:
    """Read as far as the first image or track."""
    for kind, element, depth in markup.events(path, "meta"):
        if kind == "start" and depth == 1 and element.tag != "annotations":
            raise refuse("unknown_format", "platforms.not_cvat")
        if kind == "start" and depth == 2 and element.tag in ("image", "track"):
            break
        if kind == "end" and depth == 2 and element.tag == "meta":
            return _read_meta(element)
    return Meta()


def _read_meta(element: Element) -> Meta:
    for kind in ("project", "task", "job"):
        if (found := element.find(kind)) is not None:
            break
    else:
        return Meta()
    meta = Meta(kind, _text(found, "id"))
    parts = found.findall("tasks/task") if kind == "project" else [found]
    for part in parts:
        name = _text(part, "id") if kind == "project" else None
        meta.updated[name] = _updated(part, meta)
    return meta


def _updated(part: Element, meta: Meta) -> datetime | None:
    try:
        return values.optional_moment("updated", _text(part, "updated"))
    except values.Unfit as unfit:
        meta.problems.append(unfit.problem(None, loses=0))
        return None


def _text(element: Element, name: str) -> str | None:
    text = element.findtext(name)
    return text.strip()[:100] or None if text else None


def _tells_source(path: Path) -> bool:
    """Whether any shape says if it was drawn by hand; files before 2021 do not."""
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if _SOURCE.search(tail + chunk):
                return True
            tail = (tail + chunk)[-2000:]
    return False


@dataclass
class _Open:
    """An image or a track while its shapes go by."""

    row: int
    track: bool
    attributes: dict[str, str]
    objects: int = 0
    frames: set[str | None] = field(default_factory=set)  # of a track, set by a person
    sources: set[str] = field(default_factory=set)

    def add(self, element: Element) -> None:
        """Count a shape. In a track each frame set by a person counts once, its end not."""
        if "source" in element.attrib:
            self.sources.add(element.attrib["source"])
        set_by_hand = element.get("keyframe", "1") == "1" and element.get("outside", "0") != "1"
        frame = element.get("frame")
        if self.track and (not set_by_hand or (frame is not None and frame in self.frames)):
            return
        self.frames.add(frame)
        self.objects += 1


def _records(path: Path, meta: Meta, counts: dict[str, int]) -> Iterator[Work | Problem]:
    yield from meta.problems
    if any(meta.updated.values()):
        yield Problem("missing_capability", "platforms.cvat_day_of_change", field="updated")
    counts.update({"tasks": 0, "images_without_shapes": 0, "tracks": 0, "objects": 0})
    now: _Open | None = None
    row = 0
    for kind, element, depth in markup.events(path, "meta"):
        if kind == "start" and depth == 2 and element.tag in ("image", "track"):
            row += 1
            now = _Open(row, element.tag == "track", dict(element.attrib))
            now.sources.update({element.attrib["source"]} if "source" in element.attrib else ())
        elif now and kind == "start" and depth == 3 and element.tag in SHAPES:
            now.add(element)
        elif now and kind == "end" and depth == 2:
            yield from _finished(now, meta, counts)
            now = None


def _finished(done: _Open, meta: Meta, counts: dict[str, int]) -> Iterator[Work | Problem]:
    """The work on an image; one without a shape is not known to have been looked at."""
    counts["tasks"] += 1
    counts["tracks"] += done.track
    counts["objects"] += done.objects
    if not done.objects and not done.track:
        counts["images_without_shapes"] += 1
        return
    try:
        yield _work(done, meta)
    except values.Unfit as unfit:
        yield unfit.problem(done.row)


def _work(done: _Open, meta: Meta) -> Work:
    task = values.name("task_id", done.attributes.get("task_id"))
    number = values.name("id", done.attributes.get("id"))
    place = number or values.required_name("name", done.attributes.get("name"))
    # in a project's file the subsets of one task may each begin to count anew
    subset = done.attributes.get("subset", "") if meta.kind == "project" else ""
    kind = "track" if done.track else "image"
    item = " ".join(part for part in (meta.scope(task), subset, kind, place) if part)
    at = meta.updated.get(task, meta.updated.get(None))
    return Work(
        row=done.row,
        item=item,
        work_id=item,
        project=meta.project,
        submitted_at=at,
        updated_at=at,
        objects=done.objects,
        prelabeled=not _BEGUN.isdisjoint(done.sources) if done.sources else None,
    )
