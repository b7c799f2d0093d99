"""A return as text in DuckDB, before anything in it is believed."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from oneninex.intake.findings import Finding

BATCH = 50_000

_serial = itertools.count(1)


@dataclass(frozen=True)
class Column:
    """A column: its SQL name, its header as written, the field that it holds or None."""

    sql: str
    header: str
    field: str | None
    named: bool = True


@dataclass(frozen=True)
class Row:
    """A row of the file: its number as a person sees it, its cells, or what is wrong with its form.

    `fault` is a key below findings.not_a_table; the cells are then kept as they stood.
    """

    number: int
    cells: Sequence[str | None]
    fault: str | None = None
    sheet: str | None = None


@dataclass
class RawTable:
    """The text table `name` in the connection.

    `select` gives the columns of `columns` and besides `id` (unique), `row` (the number that a
    person sees), `sheet`, `fault` and `broken` (the cells of a row with a fault, as JSON). A plain
    CSV stores none of these: its numbers are the table's rowid plus `offset`.
    """

    name: str
    kind: str
    columns: list[Column]
    encoding: str | None = None
    offset: int | None = None
    header_row: int = 1
    notes: list[Finding] = field(default_factory=list)

    def select(self) -> str:
        """SQL for the rows with every column named above."""
        if self.offset is None:
            return f"select * from {self.name}"
        number = f"rowid + {self.offset}"
        return (
            f"select *, {number} as id, {number} as row, null::varchar as sheet, "
            f"null::varchar as fault, null::varchar as broken from {self.name}"
        )


def new_name(word: str) -> str:
    """A relation name that no other batch in this process has."""
    return f"intake_{word}_{next(_serial)}"


def columns_of(headers: Sequence[str], fields: Sequence[str | None]) -> list[Column]:
    """Columns named c0, c1, ...; an empty or repeated header gets its place to tell it apart."""
    seen: set[str] = set()
    columns = []
    for place, (header, name) in enumerate(zip(headers, fields, strict=True)):
        shown = header.strip() or f"#{place + 1}"
        while shown in seen:
            shown = f"{shown} #{place + 1}"
        seen.add(shown)
        columns.append(Column(f"c{place}", shown, name, bool(header.strip())))
    return columns


def store_rows(
    con: duckdb.DuckDBPyConnection, columns: Sequence[Column], rows: Iterable[Row]
) -> str:
    """Write rows one batch at a time, so that memory does not grow with the file."""
    name = new_name("raw")
    texts = ", ".join(f"{column.sql} varchar" for column in columns)
    con.execute(
        f"create temp table {name} ({texts}, id bigint, row bigint, sheet varchar, "
        "fault varchar, broken varchar)"
    )
    identity = 0
    remaining = iter(rows)
    while batch := list(itertools.islice(remaining, BATCH)):
        chunk = _arrow(columns, batch, identity)
        identity += len(batch)
        con.register("intake_chunk", chunk)
        con.execute(f"insert into {name} select * from intake_chunk")
        con.unregister("intake_chunk")
    return name


def _arrow(columns: Sequence[Column], rows: list[Row], identity: int) -> pa.Table:
    width = len(columns)
    empty: list[None] = [None] * width
    cells = [empty if row.fault else row.cells for row in rows]
    by_column = list(zip(*cells, strict=True)) if width else []
    arrays: dict[str, pa.Array] = {
        column.sql: pa.array(values, pa.string())
        for column, values in zip(columns, by_column, strict=True)
    }
    arrays["id"] = pa.array(range(identity, identity + len(rows)), pa.int64())
    arrays["row"] = pa.array([row.number for row in rows], pa.int64())
    arrays["sheet"] = pa.array([row.sheet for row in rows], pa.string())
    arrays["fault"] = pa.array([row.fault for row in rows], pa.string())
    arrays["broken"] = pa.array([_broken(row) for row in rows], pa.string())
    return pa.table(arrays)


def _broken(row: Row) -> str | None:
    return json.dumps(list(row.cells), ensure_ascii=False) if row.fault else None
