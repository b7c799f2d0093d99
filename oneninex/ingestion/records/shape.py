"""What a JSON file looks like: the names in its first record, and of what type they are."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ijson

_FURTHER = 4 << 20  # a first record may begin with a picture
_ENDS = {"", "item", "results.item"}
_MAX_NAMES = 2000


def names(head: bytes, path: Path) -> dict[str, str]:
    """Path to type of what stands in the first record, as far down as two levels.

    Paths are written `item.ID` in a list, `text` in an object, `results.item.id` in a page of an
    API's results; types are those of JSON (string, number, boolean, null, array, object). Empty
    for what is no JSON.
    """
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if start[:1] not in (b"{", b"["):
        return {}
    found, whole = _read(io.BytesIO(start))
    if whole or len(head) < (1 << 15):
        return found
    with path.open("rb") as file:
        if file.read(3) != codecs.BOM_UTF8:
            file.seek(0)
        return _read(_First(file, _FURTHER))[0]


class _First:
    """No more than the first bytes of a file."""

    def __init__(self, file: Any, left: int) -> None:
        self._file, self._left = file, left

    def read(self, size: int = -1) -> bytes:
        """The next piece, until the allowance is used up."""
        size = min(size if size >= 0 else 1 << 16, self._left)
        piece = self._file.read(size)
        self._left -= len(piece)
        return piece


def _read(source: Any) -> tuple[dict[str, str], bool]:
    """The names, and whether the record was seen to its end."""
    found: dict[str, str] = {}
    try:
        for prefix, event in _events(source):
            if event == "end_map" and prefix in _ENDS:
                return found, True
            kind = _kind(event)
            if kind and prefix.count(".") <= 3:
                found.setdefault(prefix, kind)
            if len(found) > _MAX_NAMES:
                return found, True
    except (ijson.JSONError, ValueError, OverflowError):
        pass
    return found, False


def _events(source: Any) -> Iterator[tuple[str, str]]:
    """Path and event; as ijson.parse, but the path does not grow with the depth."""
    path: list[str] = []
    deeper = 0
    for event, value in ijson.basic_parse(source, use_float=True):
        if deeper:
            deeper += event.startswith("start") - event.startswith("end")
            continue
        if event == "map_key":
            path[-1] = value
        elif event.startswith("end"):
            path.pop()
            yield ".".join(path), event
        else:
            yield ".".join(path), event
            if event.startswith("start"):
                if len(path) >= 5:
                    deeper = 1
                else:
                    path.append("item" if event == "start_array" else "")


def _kind(event: str) -> str | None:
    named = {"start_map": "object", "start_array": "array", "integer": "number", "double": "number"}
    return None if event.startswith(("end", "map_key")) else named.get(event, event)
