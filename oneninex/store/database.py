"""Read-only access to snapshots: one connection for each, one cursor for each query."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
from cachetools import LRUCache

from oneninex.core import metrics
from oneninex.domain.audience import Audience, UnknownAudience
from oneninex.store import audience_views, case_tables, parameter_domains, sql_catalog
from oneninex.store.errors import NotForAudience, StoreDamaged, StoreError, WrongParameter
from oneninex.store.snapshot import Snapshot

_LIMITS: dict[str, str | bool | int | float | list[str]] = {
    # Cubes are small: a second thread takes a third more of the processor, and as long.
    "threads": "1",
    "memory_limit": "1GB",
    "enable_external_access": "false",
    "lock_configuration": "true",
    "autoinstall_known_extensions": "false",
}
_RESULT_BYTES = 64 << 20
# What a table weighs beside its values: schema, chunks and their Python side, measured on the
# small tables that queries mostly give. Without it the bound would be one in name only.
_TABLE_BYTES, _COLUMN_BYTES = 1500, 1200

# Closing a connection kills the cursors that other threads still read from, so an old
# connection is only dropped and left to the garbage collector.
_connections: LRUCache[str, duckdb.DuckDBPyConnection] = LRUCache(maxsize=3)


def _size(table: pa.Table) -> int:
    return table.nbytes + _TABLE_BYTES + _COLUMN_BYTES * table.num_columns


_results: LRUCache[tuple, pa.Table] = LRUCache(maxsize=_RESULT_BYTES, getsizeof=_size)
_guard = threading.Lock()
# Whoever asks answers one query, these the others that were announced.
_helpers = ThreadPoolExecutor(max(1, (os.cpu_count() or 2) - 1), "query")
_coming: dict[tuple, Future[pa.Table]] = {}


def query(
    name: str, *, snapshot: Snapshot, audience: str = "planner", **parameters: Any
) -> pa.Table:
    """Run queries/`name`.sql on a snapshot and return its tidy table.

    A parameter left out means all. Raises UnknownQuery, WrongParameter, NotForAudience for
    a query that this audience may not ask, and StoreError for a word that is no audience.
    """
    asked = _Question.of(name, snapshot, audience, parameters)
    with _guard:
        cached = _results.get(asked.key)
        coming = _coming.get(asked.key)
    if cached is not None:
        metrics.queries.add("cache")
        return cached
    # One that nobody has begun with is answered here; it may wait behind other readers' queries.
    if coming is None or coming.cancel():
        return asked.answer()
    return coming.result()


def ahead(
    asked: Iterable[tuple[str, Mapping[str, Any]]], *, snapshot: Snapshot, audience: str
) -> None:
    """Begin with queries that will be asked soon, beside whoever goes on meanwhile."""
    for name, parameters in asked:
        question = _Question.of(name, snapshot, audience, parameters)
        with _guard:
            if question.key in _results or question.key in _coming:
                continue
            future = _coming[question.key] = _helpers.submit(question.answer)
        future.add_done_callback(question.settled)  # it may be done: not within the guard


class _Question(NamedTuple):
    """A query with all that its answer depends on."""

    name: str
    snapshot: Snapshot
    reader: Audience
    bound: dict[str, Any]
    cases: case_tables.View | None
    key: tuple

    @classmethod
    def of(
        cls, name: str, snapshot: Snapshot, audience: str, parameters: Mapping[str, Any]
    ) -> _Question:
        try:
            reader = Audience.parse(audience)
        except UnknownAudience as reason:
            raise StoreError("store.unknown_audience", audience=audience) from reason
        bound = _bind(name, parameters)
        statement = sql_catalog.text(name)
        cases = _cases(snapshot) if case_tables.named_in(statement) else None
        key = (snapshot.path, statement, tuple(sorted(bound.items())), str(reader), cases)
        return cls(name, snapshot, reader, bound, cases, key)

    def answer(self) -> pa.Table:
        with metrics.query_seconds.measured():
            found = _run(self)
        metrics.queries.add("store")
        with _guard:
            if found.nbytes < _RESULT_BYTES // 4:
                _results[self.key] = found
        return found

    def settled(self, future: Future[pa.Table]) -> None:
        """Forget that it is coming: from here on it is among the results, or to be asked."""
        with _guard:
            if _coming.get(self.key) is future:
                del _coming[self.key]


@dataclass(frozen=True)
class Usage:
    """What this process keeps: results and their bytes, and snapshots held open."""

    results: int
    bytes: int
    snapshots: int


def usage() -> Usage:
    """What is kept now."""
    with _guard:
        return Usage(len(_results), int(_results.currsize), len(_connections))


def probe(snapshot: Snapshot) -> None:
    """Read a row of a snapshot, past every cache; raises StoreError when that does not work."""
    if not snapshot.path.is_file():
        raise StoreDamaged("store.database_damaged", path=snapshot.path.name)
    with connection(snapshot).cursor() as cursor:
        try:
            cursor.execute("select count(*) from plan").fetchone()
        except duckdb.Error as reason:
            raise StoreDamaged("store.database_damaged", path=snapshot.path.name) from reason


@lru_cache(maxsize=512)
def is_sensitive(name: str, audience: str) -> bool:
    """Whether a query shows this audience what is withheld from others, or raw rows.

    A name that is no query counts as one that does.
    """
    try:
        reader = Audience.parse(audience)
    except UnknownAudience:
        return True
    if not (reader.sees_everything or reader.unit_id):
        return False
    if name not in sql_catalog.names():
        return True
    with duckdb.connect() as parser:
        read = parser.get_table_names(sql_catalog.without_parameters(name))
    return any(audience_views.access().get(table) != "open" for table in read)


def clear() -> None:
    """Forget every cached result and connection."""
    with _guard:
        _results.clear()
        _connections.clear()


def connection(snapshot: Snapshot) -> duckdb.DuckDBPyConnection:
    """The process-wide read-only connection of a snapshot; take a cursor() of it."""
    with _guard:
        return _open(snapshot)


def _open(snapshot: Snapshot) -> duckdb.DuckDBPyConnection:
    path = str(snapshot.path)
    if path not in _connections:
        try:
            _connections[path] = duckdb.connect(path, read_only=True, config=_LIMITS)
        except duckdb.Error as reason:
            raise StoreDamaged("store.database_damaged", path=snapshot.path.name) from reason
    return _connections[path]


def _bind(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    known = sql_catalog.parameters(name)
    if unknown := sorted(set(given) - known):
        raise WrongParameter(
            "store.wrong_parameter", name=name, parameter=unknown[0], known=", ".join(sorted(known))
        )
    return {key: given.get(key) for key in known}


def _cases(snapshot: Snapshot) -> case_tables.View:
    """Return the case log that goes with a snapshot, on a day of the plan's time zone."""
    return case_tables.View.of(snapshot, _timezone(snapshot))


@lru_cache(maxsize=64)
def _timezone(snapshot: Snapshot) -> str:
    with connection(snapshot).cursor() as cursor:
        rows = cursor.execute("select timezone from main.plan").fetchall()
    return rows[0][0]


def _run(asked: _Question) -> pa.Table:
    snapshot, name, bound = asked.snapshot, asked.name, asked.bound
    with connection(snapshot).cursor() as cursor:
        try:
            _enter(cursor, name, asked.reader)
            parameter_domains.check(name, bound, cursor)
            if asked.cases:
                for table in case_tables.named_in(sql_catalog.text(name)):
                    cursor.register(table, case_tables.table(table, asked.cases, asked.reader))
            # sql() would make a table of its own first: long answers took twice as long.
            return cursor.execute(sql_catalog.text(name), bound or None).to_arrow_table()
        except duckdb.ConversionException as reason:
            raise WrongParameter("store.wrong_value", name=name, values=str(bound)) from reason
        except duckdb.IOException as reason:
            raise StoreDamaged("store.database_damaged", path=snapshot.path.name) from reason
        except (duckdb.CatalogException, duckdb.BinderException) as reason:
            if snapshot.is_of_this_version:
                raise
            raise StoreError("store.snapshot_older", snapshot=snapshot.id) from reason


def _enter(cursor: duckdb.DuckDBPyConnection, name: str, reader: Audience) -> None:
    """Let a cursor read as this audience; refuse what it may not read."""
    if reader.sees_everything:
        return
    if not audience_views.is_prepared(cursor):
        raise NotForAudience("store.snapshot_without_audiences", audience=str(reader))
    if audience_views.forbidden(cursor, name, reader):
        raise NotForAudience("store.not_for_audience", name=name, audience=str(reader))
    audience_views.enter(cursor, reader)
