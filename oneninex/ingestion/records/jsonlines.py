"""JSON, one object on a line, read line by line."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from oneninex.ingestion.findings import refuse
from oneninex.ingestion.platform.model import Problem
from oneninex.ingestion.records import bounds


def objects(path: Path) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
    """Number and object of each line that is not blank; a Problem for what is no object.

    Raises Refused where the bytes are no text.
    """
    for number, line in _lines(path):
        if line is None:
            limit = {"limit": f"{bounds.MAX_RECORD >> 20}"}
            yield number, Problem("too_large", "platforms.line_too_long", number, **_lost(limit))
        elif text := line.strip():
            value = _parsed(text)
            if isinstance(value, dict):
                yield number, value
            else:
                yield number, Problem("not_a_table", "platforms.not_an_object", number, **_lost())


def documents(path: Path) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
    """Number and object of a file that is one JSON object, or one on each line.

    Raises Refused where it is neither.
    """
    size = path.stat().st_size
    if size <= bounds.MAX_RECORD:
        whole = _parsed(path.read_bytes().removeprefix(codecs.BOM_UTF8).strip())
        if isinstance(whole, dict):
            yield 1, whole
            return
    yield from objects(path)


def _lost(values: dict[str, str] | None = None) -> dict[str, Any]:
    return {"loses": 1, "values": values or {}}


def _lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """Number and bytes of each line; None for one that is too long to be held."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(bounds.MAX_RECORD):
            number += 1
            if number == 1:
                line = line.removeprefix(codecs.BOM_UTF8)
            if len(line) < bounds.MAX_RECORD or line.endswith(b"\n"):
                yield number, line
                continue
            while (rest := file.readline(bounds.MAX_RECORD)) and not rest.endswith(b"\n"):
                pass
            yield number, None


def _parsed(line: bytes) -> Any:
    """The value of a line; None for none. Half a surrogate pair or NaN is read as Python does."""
    if b"\0" in line:
        raise refuse("not_a_table", "platforms.binary")
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        pass
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise bounds.not_utf8() from None
    if "\\u" not in text and "NaN" not in text and "Infinity" not in text:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
