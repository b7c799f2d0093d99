"""What each audience may read of a snapshot: decided when it is published, kept in its file.

The schema `audience` holds, for each table that queries may read, what somebody other than the
planner sees of it; the schema `own` adds what a unit sees of its own returns. Whoever asks gets
rows of these only, so that every figure of every query is made of figures that may be seen.
"""

from __future__ import annotations

import csv
from functools import lru_cache

import duckdb

from oneninex.domain.audience import AUDITOR, Audience
from oneninex.domain.releases import Ledger
from oneninex.store import case_tables, releases, sql_catalog

_FOLDER = "audience"
_OWN = "audience/own"


@lru_cache(maxsize=1)
def access() -> dict[str, str]:
    """Table to access (open, masked, own, closed) of queries/audience/tables.csv."""
    path = sql_catalog.QUERIES / _FOLDER / "tables.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["table"]: row["access"] for row in csv.DictReader(file)}


def write(connection: duckdb.DuckDBPyConnection, ledger: Ledger | None = None) -> Ledger:
    """Decide what is released now and make the tables of every audience.

    `ledger` holds what is out already; what is released now is appended to it.
    """
    ledger = Ledger() if ledger is None else ledger
    releases.tables(connection, ledger, releases.decide(connection, ledger))
    derived = releases.derive(connection)
    for name in sql_catalog.names("disclosure"):
        if name.startswith("hidden_"):
            text = sql_catalog.text(name, "disclosure")
            connection.execute(f'create table "{name}" as {text}')
    _views(connection, derived)
    return ledger


def _views(connection: duckdb.DuckDBPyConnection, derived: set[str]) -> None:
    connection.execute("create schema audience")
    connection.execute("create schema own")
    for table, how in access().items():
        if how == "open":
            schema = "released" if table in derived else "main"
            view = f'create view audience."{table}" as select * from {schema}."{table}"'
            connection.execute(view)
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
    if audience.kind == AUDITOR:  # the case log's headers and no figure
        allowed = set()
    read = cursor.get_table_names(sql_catalog.without_parameters(name)) - case_tables.NAMES
    return sorted(table for table in read if access().get(table) not in allowed)


def is_prepared(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether a snapshot was published from the ledger of releases: older ones were not."""
    cursor.execute("select 1 from duckdb_schemas() where schema_name = 'released'")
    return cursor.fetchone() is not None
