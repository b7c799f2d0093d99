"""What each audience may read of a snapshot: decided when it is published, kept in its file.

The schema `audience` holds, for each table that queries may read, what somebody other than the
planner sees of it; the schema `own` adds what a unit sees of its own returns. Whoever asks gets
rows of these only, so that every figure of every query is made of figures that may be seen.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa

from oneninex.domain.audience import Audience
from oneninex.domain.disclosure_control import Cell, Decision, Part, Rule, decide, told_by_steps
from oneninex.store import sql_catalog

_FOLDER = "audience"
_OWN = "audience/own"
_TEXT = pa.string()
_UNITS = pa.schema([("unit_id", _TEXT), ("reason", _TEXT)])
_CITY = pa.schema([("family", _TEXT), ("month", pa.date32()), ("reason", _TEXT)])
_RELEASED = pa.schema(
    [
        ("family", _TEXT),
        ("month", pa.date32()),
        ("scope", _TEXT),
        ("contributors", pa.list_(_TEXT)),
    ]
)


@lru_cache(maxsize=1)
def access() -> dict[str, str]:
    """Table to access (open, masked, own, closed) of queries/audience/tables.csv."""
    path = sql_catalog.QUERIES / _FOLDER / "tables.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["table"]: row["access"] for row in csv.DictReader(file)}


def write(connection: duckdb.DuckDBPyConnection, earlier: Path | None = None) -> Decision:
    """Decide what is hidden and make the tables of every audience.

    `earlier` is the database of the snapshot before, for what its audiences have seen already.
    """
    released = _released(connection, earlier)
    rule = Rule(*_one(connection, "min_contributors, dominance_contributors, dominance_share"))
    decision = decide(_parts(connection, "contributions"), rule, released)
    months = [month for (month,) in connection.execute("select month from months").fetchall()]
    told_by_steps(decision, _parts(connection, "trades"), months, rule, released)
    _keep(connection, decision, released)
    for name in sql_catalog.names("disclosure"):
        if name.startswith("hidden_"):
            text = sql_catalog.text(name, "disclosure")
            connection.execute(f'create table "{name}" as {text}')
    _views(connection)
    return decision


def _one(connection: duckdb.DuckDBPyConnection, columns: str) -> tuple:
    return connection.execute(f"select {columns} from plan_info").fetchall()[0]


def _parts(connection: duckdb.DuckDBPyConnection, name: str) -> list[Part]:
    rows = connection.execute(sql_catalog.text(name, "disclosure")).to_arrow_table().to_pylist()
    return [Part(**row) for row in rows]


def _released(
    connection: duckdb.DuckDBPyConnection, earlier: Path | None
) -> dict[Cell, set[frozenset[str]]]:
    """Of whom the figures were made that earlier snapshots showed."""
    found: dict[Cell, set[frozenset[str]]] = defaultdict(set)
    if earlier is None or not earlier.is_file():
        return found
    path = str(earlier).replace("'", "''")
    try:
        connection.execute(f"attach '{path}' as earlier (read_only)")
    except duckdb.Error:  # damaged: it is being made anew, and what it had shown is not known
        return found
    try:
        names = connection.execute(
            "select 1 from duckdb_tables() "
            "where database_name = 'earlier' and table_name = 'released_figures'"
        ).fetchall()
        rows = connection.execute("from earlier.main.released_figures").fetchall() if names else []
    finally:
        connection.execute("detach earlier")
    for family, month, scope, contributors in rows:
        found[family, month, scope].add(frozenset(contributors))
    return found


def _keep(
    connection: duckdb.DuckDBPyConnection,
    decision: Decision,
    released: dict[Cell, set[frozenset[str]]],
) -> None:
    for cell, contributors in decision.shown.items():
        released.setdefault(cell, set()).add(contributors)
    tables = {
        "hidden_units": (_UNITS, sorted(decision.units.items())),
        "hidden_city": (_CITY, sorted((*cell, why) for cell, why in decision.city.items())),
        "released_figures": (
            _RELEASED,
            sorted((*cell, sorted(of)) for cell, sets in released.items() for of in sets),
        ),
    }
    for name, (schema, rows) in tables.items():
        table = pa.Table.from_pylist(
            [dict(zip(schema.names, r, strict=True)) for r in rows], schema
        )
        connection.register("decided", table)
        connection.execute(f'create table "{name}" as from decided')
    connection.unregister("decided")


def _views(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create schema audience")
    connection.execute("create schema own")
    for table, how in access().items():
        if how == "open":
            connection.execute(f'create view audience."{table}" as select * from main."{table}"')
        elif how in ("masked", "own"):
            folder, schema = (_OWN, "own") if how == "own" else (_FOLDER, "audience")
            text = sql_catalog.text(table, folder)
            connection.execute(f'create view {schema}."{table}" as {text}')


def enter(cursor: duckdb.DuckDBPyConnection, audience: Audience) -> None:
    """Make a cursor read as this audience does."""
    if audience.sees_everything:
        return
    unit = f"'{audience.unit_id}'" if audience.unit_id else "null::varchar"
    cursor.execute(f"set variable own_unit = {unit}")
    cursor.execute(f"set variable working = {str(audience.sees_working).lower()}")
    cursor.execute(f"set search_path = '{'audience,own' if audience.unit_id else 'audience'}'")


def forbidden(cursor: duckdb.DuckDBPyConnection, name: str, audience: Audience) -> list[str]:
    """Tables that a query reads and this audience may not; a table of no class is one."""
    if audience.sees_everything:
        return []
    allowed = {"open", "masked"} | ({"own"} if audience.unit_id else set())
    read = cursor.get_table_names(sql_catalog.without_parameters(name))
    return sorted(table for table in read if access().get(table) not in allowed)


def is_prepared(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether a snapshot was published with its audiences' tables: older ones were not."""
    cursor.execute("select 1 from duckdb_schemas() where schema_name = 'audience'")
    return cursor.fetchone() is not None
