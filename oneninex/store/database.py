"""Read-only access to snapshots: one connection for each, one cursor for each query."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

import duckdb
import pyarrow as pa
from cachetools import LRUCache

from oneninex.access import Audience, UnknownAudience
from oneninex.store import audiences, sqlfiles
from oneninex.store.errors import NotForAudience, StoreDamaged, StoreError, WrongParameter
from oneninex.store.snapshot import Snapshot

_LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "threads": "2",
    "memory_limit": "1GB",
    "enable_external_access": "false",
    "lock_configuration": "true",
    "autoinstall_known_extensions": "false",
}
_RESULT_BYTES = 128 << 20

# Closing a connection kills the cursors that other threads still read from, so an old
# connection is only dropped and left to the garbage collector.
_connections: LRUCache[str, duckdb.DuckDBPyConnection] = LRUCache(maxsize=3)


def _size(table: pa.Table) -> int:
    return table.nbytes + 1


_results: LRUCache[tuple, pa.Table] = LRUCache(maxsize=_RESULT_BYTES, getsizeof=_size)
_guard = threading.Lock()


def query(
    name: str, *, snapshot: Snapshot, audience: str = "planner", **parameters: Any
) -> pa.Table:
    """Run queries/`name`.sql on a snapshot and return its tidy table.

    A parameter left out means all. Raises UnknownQuery, WrongParameter, NotForAudience for
    a query that this audience may not ask, and StoreError for a word that is no audience.
    """
    try:
        reader = Audience.parse(audience)
    except UnknownAudience as reason:
        raise StoreError("store.unknown_audience", audience=audience) from reason
    bound = _bind(name, parameters)
    key = (snapshot.path, sqlfiles.text(name), tuple(sorted(bound.items())), str(reader))
    with _guard:
        cached = _results.get(key)
    if cached is None:
        cached = _run(snapshot, name, bound, reader)
        with _guard:
            if cached.nbytes < _RESULT_BYTES // 4:
                _results[key] = cached
    return cached


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
    if name not in sqlfiles.names():
        return True
    with duckdb.connect() as parser:
        read = parser.get_table_names(sqlfiles.without_parameters(name))
    return any(audiences.access().get(table) != "open" for table in read)


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


def _bind(name: str, given: dict[str, Any]) -> dict[str, Any]:
    known = sqlfiles.parameters(name)
    if unknown := sorted(set(given) - known):
        raise WrongParameter(
            "store.wrong_parameter", name=name, parameter=unknown[0], known=", ".join(sorted(known))
        )
    return {key: given.get(key) for key in known}


def _run(snapshot: Snapshot, name: str, bound: dict[str, Any], reader: Audience) -> pa.Table:
    with connection(snapshot).cursor() as cursor:
        try:
            _enter(cursor, name, reader)
            return cursor.sql(sqlfiles.text(name), params=bound or None).to_arrow_table()
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
    if not audiences.is_prepared(cursor):
        raise NotForAudience("store.snapshot_without_audiences", audience=str(reader))
    if audiences.forbidden(cursor, name, reader):
        raise NotForAudience("store.not_for_audience", name=name, audience=str(reader))
    audiences.enter(cursor, reader)
