"""A snapshot's database: queries/build/*.sql run over one manifest, then queries/checks/*.sql."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from oneninex.core.progress import Within, nothing, part_of
from oneninex.domain import contracts
from oneninex.domain.analytics import workdays
from oneninex.domain.plan import Plan
from oneninex.domain.releases import Ledger
from oneninex.store import audience_views, facts, forecasts, revisions, sql_catalog
from oneninex.store.errors import CheckFailed, StoreError
from oneninex.store.manifest import FactFile, Manifest
from oneninex.store.snapshot import Store

CUBES = "build/cubes"
CUBE = "cube"  # the folder of their files
LABELING = "labeling_daily"
_CUBES_OF_LINES = ("returned_rows",)  # they count lines of files; the others add up measures
_LIMITS: dict[str, str | bool | int | float | list[str]] = {"memory_limit": "1GB"}
# Sixty tables of few rows: a second thread costs more than it does, small blocks hold them closer,
# and to try every compression on every column takes longer than to write it.
_SMALL_TABLES: dict[str, str | bool | int | float | list[str]] = {
    "threads": "1",
    "default_block_size": "16384",
    "force_compression": "dictionary",
}
ROWS_AT_ONCE = 3_000_000
_YEARS_BEFORE = 6  # with working days, before the plan begins


def cubes(store: Store, months: list[FactFile], within: Within = nothing) -> list[FactFile]:
    """Aggregate months of labeling into the cubes that pages read, some months at a time."""
    written = []
    groups = _groups(months)
    for number, group in enumerate(groups):
        within(number / len(groups))
        with duckdb.connect(config=_LIMITS) as connection:
            rows = f"select * from {facts.read_sql(store, group)}"
            if len(group) == 1:
                written += month_cubes(connection, store, rows, group[0].partition)
                continue
            for name in _cubes_over(connection, rows):
                written += _cube(connection, store, name)
    return written


def month_cubes(
    connection: duckdb.DuckDBPyConnection, store: Store, rows: str, partition: str
) -> list[FactFile]:
    """The cubes of one month of labeling from its rows (SQL), before they are in a file."""
    written = [
        facts.write(connection, sql_catalog.text(name, CUBES), store, f"{CUBE}/{name}", partition)
        for name in _cubes_over(connection, rows)
    ]
    return [file for file in written if file]


def _cubes_over(connection: duckdb.DuckDBPyConnection, rows: str) -> Iterator[str]:
    """The name of each cube, while fact_labeling_daily is what it reads: `rows`, or their sums.

    Cubes of measures need no projects: these are added up once for all of them, which costs about
    as much as one of them does.
    """
    view = f"create or replace temp view fact_{LABELING} as"
    connection.execute(f"{view} {rows}")
    yield from _CUBES_OF_LINES
    summed = sql_catalog.text(LABELING, f"{CUBES}/summed")
    connection.execute(f"create or replace temp table summed as {summed}")
    connection.execute(f"{view} from summed")
    yield from (name for name in sql_catalog.names(CUBES) if name not in _CUBES_OF_LINES)
    connection.execute(f"drop view fact_{LABELING}")
    connection.execute("drop table summed")


def _cube(connection: duckdb.DuckDBPyConnection, store: Store, name: str) -> list[FactFile]:
    select = sql_catalog.text(name, CUBES)
    dated = "month" if "month" in connection.sql(select).columns else "date"
    parted = f"select *, date_trunc('month', {dated})::date as file_period from ({select})"
    return facts.write_partitions(connection, parted, store, f"{CUBE}/{name}")


def _groups(months: list[FactFile]) -> list[list[FactFile]]:
    """The months in runs of so many rows that their cubes are made within bounded memory."""
    groups: list[list[FactFile]] = []
    rows = ROWS_AT_ONCE
    for month in sorted(months, key=lambda file: file.partition):
        if rows + month.rows > ROWS_AT_ONCE:
            groups.append([])
            rows = 0
        groups[-1].append(month)
        rows += month.rows
    return groups


def database(
    store: Store,
    manifest: Manifest,
    plan: Plan,
    path: Path,
    within: Within = nothing,
    ledger: Ledger | None = None,
) -> None:
    """Write the database of a snapshot to `path`; what it releases is appended to `ledger`.

    Raises CheckFailed when a check returns a row.
    """
    discard(path)
    with duckdb.connect(str(path), config=_LIMITS | _SMALL_TABLES) as connection:
        _inputs(connection, store, manifest, plan)
        parent = store.database_path(manifest.parent) if manifest.parent else None
        made = (
            forecasts.made_before(connection, parent) if parent and _alike(store, manifest) else {}
        )
        log = forecasts.log_before(connection, parent) if parent else []
        connection.execute("begin")  # one wait for the disk, not one for each table
        make_tables(connection, part_of(within, 0.1, 0.7), made, log)
        connection.execute("commit")
        audience_views.write(connection, ledger)
        within(0.8)
        failed = check(connection)
        if failed:
            raise CheckFailed("store.check_failed", check=failed[0][0], row=failed[0][1])
        connection.execute("checkpoint")


def _alike(store: Store, manifest: Manifest) -> bool:
    """Whether the parent was made by the same queries and methods, and is as it was made."""
    try:
        parent = store.get(manifest.parent) if manifest.parent else None
        return (
            parent is not None
            and parent.manifest.queries_sha256 == manifest.queries_sha256
            and store.database_intact(parent)
        )
    except (StoreError, OSError):
        return False


def make_tables(
    connection: duckdb.DuckDBPyConnection,
    within: Within = nothing,
    made: dict[str, forecasts.Made] | None = None,
    log: Sequence[forecasts.Row] = (),
) -> None:
    """Make every table of a snapshot: queries/build/*.sql in order, then the forecasts."""
    names = sql_catalog.names("build")
    for number, name in enumerate(names):
        within(number / len(names))
        statement = sql_catalog.text(name, "build")
        connection.execute(f'create table "{sql_catalog.table_of(name)}" as {statement}')
    for name, table in forecasts.tables(connection, made, log).items():
        connection.register("computed", table)
        connection.execute(f'create table "{name}" as from computed')
        connection.unregister("computed")


def discard(path: Path) -> None:
    """Remove an unfinished database with its log, which DuckDB would play into the next one."""
    for leftover in (path, path.with_name(f"{path.name}.wal")):
        leftover.unlink(missing_ok=True)


def check(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Run every check; each returned row as (name of the check, the row in words)."""
    failed = []
    for name in sql_catalog.names("checks"):
        for row in (
            connection.execute(sql_catalog.text(name, "checks")).to_arrow_table().to_pylist()
        ):
            failed.append((name, ", ".join(f"{key}={value}" for key, value in row.items())))
    return failed


def reads(kind: str) -> bool:
    """Whether a build file reads the facts of a kind, not only cubes of them."""
    read = " ".join(sql_catalog.text(name, "build") for name in sql_catalog.names("build"))
    return bool(re.search(rf"\bfact_{kind}\b", read))


def _inputs(
    connection: duckdb.DuckDBPyConnection, store: Store, manifest: Manifest, plan: Plan
) -> None:
    """Make the relations that the build files read, as temporary views.

    Facts that none reads are left alone: to open those of labeling takes longer the more there are.
    """
    for kind in contracts.kinds():
        if reads(kind):
            empty = f"select {facts.typed_columns(contracts.load(kind))} where false"
            _view(connection, store, f"fact_{kind}", manifest.of(kind), empty)
    for name in sql_catalog.names(CUBES):
        files = manifest.of(f"{CUBE}/{name}")
        if not files:
            connection.register(f"shape_{name}", _empty_cube(name))
        _view(connection, store, f"cube_{name}", files, f"select * from shape_{name}", alike=True)
    system = {
        "_uploads": facts.UPLOADS,
        "_returns": facts.RETURNS,
        "_findings": facts.findings_schema(),
        "_revisions": revisions.REVISIONS,
    }
    for name, schema in system.items():
        connection.register(f"shape{name}", schema.empty_table())
        _view(connection, store, f"fact{name}", manifest.of(name), f"select * from shape{name}")
    for name, table in plan_tables(plan).items():
        connection.register(name, table)
    connection.register("build_info", _build_info(manifest))


def _view(
    connection: duckdb.DuckDBPyConnection,
    store: Store,
    name: str,
    files: list[FactFile],
    empty: str,
    *,
    alike: bool = False,
) -> None:
    source = f"select * from {facts.read_sql(store, files, alike=alike)}" if files else empty
    connection.execute(f"create temp view {name} as {source}")


def _empty_cube(name: str) -> pa.Table:
    """A cube of no month."""
    labeling = f"select {facts.typed_columns(contracts.load(LABELING))} where false"
    with duckdb.connect() as typed:
        typed.execute(f"create view fact_{LABELING} as {labeling}")
        return typed.sql(
            f"select * from ({sql_catalog.text(name, CUBES)}) limit 0"
        ).to_arrow_table()


def plan_tables(plan: Plan) -> dict[str, pa.Table]:
    """The plan as relations: plan_units, plan_sectors, ..., plan_info, plan_calendar.

    plan_days holds each day of the years around the plan.
    """
    years = plan.config.start.year - _YEARS_BEFORE, plan.config.end.year + 1
    named = {f"plan_{name}": table for name, table in plan.tables().items()}
    return {**named, "plan_days": workdays.days(*years, plan.holidays)}


def _build_info(manifest: Manifest) -> pa.Table:
    created = datetime.fromisoformat(manifest.created_at).replace(tzinfo=None)
    return pa.table(
        {
            "snapshot": pa.array([manifest.snapshot], pa.int64()),
            "created_at": pa.array([created], pa.timestamp("us")),
            "reason": pa.array([manifest.reason], pa.string()),
            "imported_by": pa.array([manifest.imported_by], pa.string()),
        }
    )
