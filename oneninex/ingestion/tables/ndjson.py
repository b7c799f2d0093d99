"""NDJSON: one JSON object on a line."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import orjson

from oneninex.ingestion.batch import Options
from oneninex.ingestion.findings import refuse
from oneninex.ingestion.source import Text
from oneninex.ingestion.tables import header
from oneninex.ingestion.tables.raw import RawTable, Row, columns_of, store_rows

MAX_KEYS = 1000
MAX_LINE = 8 << 20  # characters; a longer line is no row


def read(text: Text, con: duckdb.DuckDBPyConnection, options: Options) -> RawTable:
    """The objects as rows of text, `row` being the line; raises Refused."""
    keys = _keys(text.path)
    found = header.choose(header.candidates([keys], options), options)
    columns = columns_of(keys, found.fields)
    table = store_rows(con, columns, _rows(text.path, keys))
    # keys stand in every line: there is no header row to point at
    return RawTable(table, found.kind, columns, text.encoding, header_row=1)


def _lines(path: Path) -> Iterator[tuple[int, str, dict[str, Any] | None]]:
    """Number, text and object of each line that is not blank (None where it is no object)."""
    with path.open(encoding="utf-8-sig", newline=None) as file:
        for number in itertools.count(1):
            line = file.readline(MAX_LINE)
            if not line:
                return
            ended = line.endswith("\n")
            while not ended and (more := file.readline(MAX_LINE)):
                ended, line = more.endswith("\n"), line[:1]
            if line.strip():
                try:
                    value = orjson.loads(line)
                except orjson.JSONDecodeError:
                    value = None
                yield number, line.rstrip("\n"), value if isinstance(value, dict) else None


def _keys(path: Path) -> list[str]:
    """Every key in order of appearance; raises Refused for what is no NDJSON."""
    keys: dict[str, None] = {}
    objects = others = 0
    for _, _, value in _lines(path):
        if value is None:
            others += 1
        else:
            objects += 1
            keys.update(dict.fromkeys(value))
        if len(keys) > MAX_KEYS or (others > 20 and not objects):
            break
    if not keys or len(keys) > MAX_KEYS:
        raise refuse("unknown_format", "unknown_format.json")
    return list(keys)


def _rows(path: Path, keys: list[str]) -> Iterator[Row]:
    for number, line, value in _lines(path):
        if value is None:
            yield Row(number, [line], "json")
            continue
        try:
            cells = [_text(value.get(key)) for key in keys]
        except orjson.JSONEncodeError:  # a cell that is nested too deeply
            yield Row(number, [line], "json")
        else:
            yield Row(number, cells)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value).decode()
