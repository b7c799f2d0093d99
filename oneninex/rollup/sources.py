"""Files of task-level events: which they are, what form they have, which column holds what."""

from __future__ import annotations

import codecs
import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from oneninex.domain import contracts
from oneninex.engine import EngineError, Files
from oneninex.ingestion.tables.header import normal

_CHUNK = 4 << 20
_PARQUET = b"PAR1"


@dataclass(frozen=True)
class _Column:
    """A column by its header, how SQL reads it, and its name in the relation if it is text."""

    header: str
    sql: str
    relation_name: str = ""


@dataclass(frozen=True)
class Source:
    """Files of one header: how an engine reads them and the SQL of each field of the contract."""

    files: Files
    fields: dict[str, str]


def find(paths: Iterable[Path]) -> list[Path]:
    """The files; of a folder the CSV and Parquet files directly in it."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        found += [
            file
            for file in inside
            if file == path or (file.is_file() and file.suffix.lower() in (".csv", ".parquet"))
        ]
    return found


def read(files: Iterable[Path]) -> tuple[list[Source], list[str]]:
    """Files grouped by their header, and the columns that nobody reads.

    Raises EngineError for a file that is neither CSV in UTF-8 nor Parquet, or lacks a column, and
    where there is no file at all.
    """
    groups: dict[tuple[_Column, ...], list[Path]] = defaultdict(list)
    for file in files:
        groups[_parquet_columns(file) if _is_parquet(file) else _csv_columns(file)].append(file)
    if not groups:
        raise EngineError("engine.no_events")
    sources, unread = [], set()
    for columns, paths in groups.items():
        places = _places(columns, paths[0])
        text = tuple(column.relation_name for column in columns if column.relation_name)
        fields = {name: column.sql for name, column in places.items()}
        sources.append(Source(Files(tuple(paths), text), fields))
        unread |= {column.header for column in columns if column not in places.values()}
    return sources, sorted(unread)


def select(source: Source, relation: str) -> str:
    """SQL of every field of the contract as text, missing columns as NULL."""
    columns = ", ".join(
        f'cast({source.fields.get(field.name, "null")} as varchar) as "{field.name}"'
        for field in contracts.events().fields
    )
    return f'select {columns} from "{relation}"'


def _is_parquet(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(4) == _PARQUET
    except OSError as refusal:
        reason = str(refusal.strerror)
        raise EngineError("engine.no_file", files=True, file=file.name, reason=reason) from refusal


def _parquet_columns(file: Path) -> tuple[_Column, ...]:
    try:
        schema = pq.read_schema(file)
    except (pa.ArrowInvalid, OSError) as fault:
        reason = f"{file.name}: {fault}"
        raise EngineError("engine.unreadable", files=True, reason=reason) from fault
    return tuple(_Column(field.name, _value(field)) for field in schema)


def _value(field: pa.Field) -> str:
    """SQL of a value; a moment with a zone becomes local time."""
    quoted = '"' + field.name.replace('"', '""') + '"'
    zoned = pa.types.is_timestamp(field.type) and field.type.tz is not None
    return f"cast({quoted} as timestamp)" if zoned else quoted


def _csv_columns(file: Path) -> tuple[_Column, ...]:
    """The header's cells; refuses what is not UTF-8 or holds a zero byte."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    head = ""
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as fault:
                raise EngineError("engine.no_utf8", files=True, file=file.name) from fault
            if "\0" in text:
                raise EngineError("engine.no_table", files=True, file=file.name)
            head = head or text
    line = head.removeprefix("\ufeff").splitlines()[:1]
    cells = next(csv.reader(line), []) if line else []
    if not any(cell.strip() for cell in cells):
        raise EngineError("engine.no_table", files=True, file=file.name)
    return tuple(_Column(cell.strip(), f'"c{n}"', f"c{n}") for n, cell in enumerate(cells))


def _places(columns: tuple[_Column, ...], file: Path) -> dict[str, _Column]:
    """Each field with the column that holds it: a name or title goes before an alias."""
    normalised = {normal(column.header): column for column in reversed(columns)}
    places = {}
    for field in contracts.events().fields:
        names = (field.name, field.title, field.title_en, *field.aliases)
        column = next((normalised[n] for name in names if (n := normal(name)) in normalised), None)
        if column is not None:
            places[field.name] = column
        elif field.required:
            values = {"file": file.name, "column": field.name}
            raise EngineError("engine.missing_column", files=True, **values)
    return places
