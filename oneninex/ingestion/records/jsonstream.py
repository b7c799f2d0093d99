"""One large JSON document, read member by member."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ijson

from oneninex.ingestion.findings import refuse
from oneninex.ingestion.records import bounds

MAX_EVENTS = 4_000_000  # names, values, brackets of one member

Event = tuple[str, Any]


def members(path: Path, listed: str | None = None) -> Iterator[tuple[str | None, Any]]:
    """The members of a list as (None, member), or an object: whole, or as (key, value).

    With `listed`, an object is given key by key, and the list under that key member by member.
    Raises Refused for what is no JSON, too deep or endless.
    """
    with bounds.Bounded(path) as file:
        events = _events(file)
        kind, value = next(events, ("end", None))
        if kind == "start_array":
            yield from ((None, member) for member in _list(events))
        elif kind == "start_map" and listed is None:
            yield None, _value(events, kind, value)
        elif kind == "start_map":
            yield from _object(events, listed)
        for _ in events:  # what follows the document is an error
            pass


def _events(file: bounds.Bounded) -> Iterator[Event]:
    source = ijson.basic_parse(file, use_float=True)
    while True:
        try:
            event = next(source)
        except StopIteration:
            return
        except UnicodeDecodeError:
            raise bounds.not_utf8() from None
        # ValueError: a number of thousands of digits
        except (ijson.JSONError, ValueError, OverflowError):
            raise refuse("not_a_table", "platforms.not_json") from None
        file.unseen = 0
        yield event


def _list(events: Iterator[Event]) -> Iterator[Any]:
    for kind, value in events:
        if kind == "end_array":
            return
        yield _value(events, kind, value)


def _object(events: Iterator[Event], listed: str | None) -> Iterator[tuple[str | None, Any]]:
    for kind, key in events:
        if kind == "end_map":
            return
        kind, value = next(events)
        if key == listed and kind == "start_array":
            yield from ((key, member) for member in _list(events))
        else:
            yield key, _value(events, kind, value)


def _value(events: Iterator[Event], kind: str, value: Any) -> Any:
    """The value that begins with this event."""
    if not kind.startswith("start"):
        return value
    whole: Any = {} if kind == "start_map" else []
    open_ones, keys = [whole], [""]
    for number, (kind, value) in enumerate(events):
        if number > MAX_EVENTS:
            raise bounds.record_too_large()
        if kind == "map_key":
            keys[-1] = value
        elif kind.startswith("end"):
            open_ones.pop()
            keys.pop()
            if not open_ones:
                break
        else:
            _add(kind, value, open_ones, keys)
    return whole


def _add(kind: str, value: Any, open_ones: list[Any], keys: list[str]) -> None:
    opens = kind.startswith("start")
    member = ({} if kind == "start_map" else []) if opens else value
    within = open_ones[-1]
    if isinstance(within, dict):
        within[keys[-1]] = member
    else:
        within.append(member)
    if opens:
        if len(open_ones) >= bounds.MAX_DEPTH:
            raise bounds.too_deep()
        open_ones.append(member)
        keys.append("")
