"""Formats of annotations that name neither a person nor a time, so that no work can be counted.

COCO, Pascal VOC, YOLO, labelme, and the exports of LabelU. Each is one refusal that says what to
export instead, for an archive of any number of members too.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePosixPath

from oneninex.ingestion.findings import Refused, refuse
from oneninex.ingestion.records import shape

_TITLES = {
    "coco": "COCO",
    "voc": "Pascal VOC",
    "yolo": "YOLO",
    "labelme": "labelme",
    "labelu": "LabelU",
}
_HEAD = 64 << 10
_VOC = re.compile(
    rb"\A\s*(?:<\?xml[^>]*\?>\s*)?<annotation\b[^>]*>.{0,4000}?<(?:object|size|filename)>",
    re.DOTALL,
)
_YOLO = re.compile(rb"(?:\d+(?:[ \t]+-?\d+(?:\.\d+)?(?:[eE]-?\d+)?){4,}[ \t]*\r?\n?)+")
_LABELU_CSV = b"tool_name,label,"
_PICTURES = re.compile(r"\.(jpe?g|png|bmp|gif|webp|tiff?)$", re.IGNORECASE)


def of_file(head: bytes, path: Path) -> str | None:
    """Return the code of such a format, by a file's content; None for another file."""
    start = head.removeprefix(b"\xef\xbb\xbf")
    if _VOC.match(start):
        return "labelme" if b"<folder>" in start and b"<polygon>" in start else "voc"
    if start.startswith(_LABELU_CSV):
        return "labelu"
    if start.lstrip()[:1] in (b"{", b"["):
        return _of_json(shape.names(head, path))
    lines = start if len(start) < _HEAD else start[: start.rfind(b"\n") + 1]
    return "yolo" if lines and _YOLO.fullmatch(lines) else None


def _of_json(found: dict[str, str]) -> str | None:
    if found.get("images") == "array" and (
        found.get("annotations") == "array" or found.get("categories") == "array"
    ):
        return "labelu" if "images.item.fileName" in found else "coco"
    if found.get("shapes") == "array" and {"imagePath", "imageHeight"} & found.keys():
        return "labelme"
    if {"item.result", "item.fileName"} <= found.keys() and found["item.result"] == "string":
        return "labelu"
    return None


def of_archive(path: Path) -> str | None:
    """Return the code of the format that all annotations of an archive have; None otherwise."""
    try:
        with zipfile.ZipFile(path) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir()]
            names = [PurePosixPath(entry.filename.replace("\\", "/")) for entry in entries]
            if any(name.name == "classes.txt" for name in names) and any(
                "labels" in name.parts for name in names
            ):
                return "yolo"
            kinds = set()
            for entry, name in zip(entries, names, strict=True):
                if _PICTURES.search(name.name) or name.name.startswith(".") or entry.flag_bits & 1:
                    continue
                with package.open(entry) as file:
                    kinds.add(_of_member(file.read(_HEAD), name))
                if None in kinds or len(kinds) > 2:
                    return None
            return kinds.pop() if len(kinds) == 1 else None
    except Exception:  # each decompressor has errors of its own; reading the archive names them
        return None


def _of_member(head: bytes, name: PurePosixPath) -> str | None:
    found = of_file(head, Path(name.name)) if len(head) < _HEAD else None
    if found or len(head) < _HEAD:
        return found
    # a member that is longer than its head cannot be read further here: its first names decide
    start = head.lstrip()
    if start.startswith(b"{") and re.search(rb'"images"\s*:\s*\[', start):
        return "coco"
    return of_file(head[:1000], Path(name.name))


def refusal(code: str) -> Refused:
    """Return the refusal of a file of such a format."""
    return refuse("missing_capability", "export.untimed", format=_TITLES[code])
