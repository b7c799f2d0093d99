"""A return as text in DuckDB, before anything in it is believed."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from oneninex.ingestion.findings import Finding, refuse

BATCH = 50_000
MAX_COLUMNS = 4_000
MAX_CELL = 1_000_000  # characters
_KEPT = 2_000  # characters of a cell, and cells of a row, that has a fault

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

    `marks` names the sort of each cell whose look or type casts doubt on it (see `mark`).
    `fault` is a key below findings.not_a_table; the cells are then kept as they stood.
    """

    number: int
    cells: Sequence[str | None]
    fault: str | None = None
    sheet: str | None = None
    marks: str | None = None


class Unsure(Exception):
    """DuckDB did not read a plain CSV as expected; it has to be read line by line."""


@dataclass
class RawTable:
    """The rows of a file as text, in the relation `source`.

    Its columns are those of `columns` and, in a `stored` table, besides: `id` (unique), `row` (the
    number that a person sees), `sheet`, `fault`, `broken` (the cells of a row with a fault, as
    JSON) and `marks`. `letters` names a workbook's column of each SQL column, by sheet (None: the
    only one). A plain CSV is not stored but scanned where it lies: id and row are both the place
    in the scan plus `offset`; `lines` finds a row again by its line (in a `quoted` file only if it
    has as many rows as are `expected`, one on each line), `exact` reads the file anew. `blanks`
    tells whether a line is blank, `bytes` is the size of what is scanned.
    """

    source: str
    kind: str
    columns: list[Column]
    encoding: str | None = None
    header_row: int = 1
    notes: list[Finding] = field(default_factory=list)
    stored: bool = True
    offset: int = 0
    expected: int | None = None
    quoted: bool = False
    bytes: int = 0
    lines: Callable[[list[int]], Iterator[Row]] | None = None
    blanks: Callable[[], bool] | None = None
    exact: Callable[[], RawTable] | None = None
    letters: dict[str | None, dict[str, str]] = field(default_factory=dict)

    def address(self, sheet: str | None, row: int, name: str | None = None) -> str | None:
        """The address of a row's cell in a workbook, by its field or the first; else None."""
        columns = self.letters.get(sheet)
        if not columns:
            return None
        sql = next((c.sql for c in self.columns if c.field == name and name), None)
        letter = columns.get(sql or "") or min(columns.values(), key=lambda x: (len(x), x))
        return f"{sheet_prefix(sheet)}{letter}{row}"

    def at(self, con: duckdb.DuckDBPyConnection, ids: str) -> str:
        """A stored table that holds the rows whose ids are in the table `ids` (or all rows)."""
        if self.stored:
            return self.source
        if self.lines is not None:
            wanted = [row[0] for row in con.execute(f"from {ids} order by 1").fetchall()]
            return store_rows(con, self.columns, self.lines(wanted), numbered=True)
        texts, name = new_name("texts"), new_name("raw")
        con.execute(f"create temp table {texts} as select * from {self.source}")
        number = f"rowid + {self.offset}"
        con.execute(
            f"create temp table {name} as select *, {number} as id, {number} as row, "
            f"null::varchar as sheet, null::varchar as fault, null::varchar as broken, "
            f"null::varchar as marks "
            f"from {texts} where {number} in (from {ids})"
        )
        con.execute(f"drop table {texts}")
        return name


def sheet_prefix(sheet: str | None) -> str:
    """What stands before the exclamation mark of an Excel address."""
    if sheet is None:
        return ""
    plain = sheet.isidentifier()
    quoted = sheet.replace("'", "''")
    return f"{sheet}!" if plain else f"'{quoted}'!"


def mark(place: int, sort: str) -> str:
    """What a row's marks say of the cell in column c`place`."""
    return f"|{place}:{sort}|"


def new_name(word: str) -> str:
    """A relation name that no other batch in this process has."""
    return f"intake_{word}_{next(_serial)}"


def columns_of(headers: Sequence[str], fields: Sequence[str | None]) -> list[Column]:
    """Columns named c0, c1, ...; an empty or repeated header gets its place to tell it apart.

    Raises Refused for more than MAX_COLUMNS.
    """
    if len(headers) > MAX_COLUMNS:
        raise refuse("too_large", "too_large.columns", limit=f"{MAX_COLUMNS:,}")
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
    con: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    rows: Iterable[Row],
    *,
    numbered: bool = False,
) -> str:
    """Write rows one batch at a time, so that memory does not grow with the file.

    Their id is their place, or where they are `numbered` their number.
    """
    name = new_name("raw")
    texts = ", ".join(f"{column.sql} varchar" for column in columns)
    con.execute(
        f"create temp table {name} ({texts}, id bigint, row bigint, sheet varchar, "
        "fault varchar, broken varchar, marks varchar)"
    )
    identity = 0
    remaining = iter(rows)
    while batch := list(itertools.islice(remaining, BATCH)):
        ids = [row.number for row in batch] if numbered else range(identity, identity + len(batch))
        identity += len(batch)
        con.register("intake_chunk", _arrow(columns, batch, ids))
        con.execute(f"insert into {name} select * from intake_chunk")
        con.unregister("intake_chunk")
    return name


def _arrow(columns: Sequence[Column], rows: list[Row], ids: Sequence[int]) -> pa.Table:
    width = len(columns)
    empty: list[None] = [None] * width
    cells = [empty if row.fault else row.cells for row in rows]
    by_column = list(zip(*cells, strict=True)) if width else []
    arrays: dict[str, pa.Array] = {
        column.sql: pa.array(values, pa.string())
        for column, values in zip(columns, by_column, strict=True)
    }
    arrays["id"] = pa.array(ids, pa.int64())
    arrays["row"] = pa.array([row.number for row in rows], pa.int64())
    arrays["sheet"] = pa.array([row.sheet for row in rows], pa.string())
    arrays["fault"] = pa.array([row.fault for row in rows], pa.string())
    arrays["broken"] = pa.array([_broken(row) for row in rows], pa.string())
    arrays["marks"] = pa.array([row.marks for row in rows], pa.string())
    return pa.table(arrays)


def _broken(row: Row) -> str | None:
    if not row.fault:
        return None
    cells = [c[:_KEPT] + "…" if c and len(c) > _KEPT else c for c in row.cells[:_KEPT]]
    return json.dumps(cells, ensure_ascii=False)
