"""A file of a publication that is written while the rest of it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

import duckdb

from oneninex.store.manifest import FactFile


class Beside:
    """Works with a connection in a thread of its own; until `done` nobody else may use it.

    A cursor of the connection may be used meanwhile: it does not see its temporary tables.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(1)
        self._work: Future[list[FactFile]] | None = None

    def begin(self, work: Callable[[], list[FactFile]]) -> None:
        """Begin with it, on a core less than all."""
        self._work = self._thread.submit(self._with_a_core_left, work)

    def done(self) -> list[FactFile]:
        """What was written, once it is; nothing where nothing was begun."""
        return self._work.result() if self._work else []

    @contextmanager
    def left_alone(self) -> Iterator[None]:
        """A block at whose end, good or bad, nothing works any more."""
        self._work = None
        try:
            yield
        finally:
            if self._work:
                wait([self._work])

    def _with_a_core_left(self, work: Callable[[], list[FactFile]]) -> list[FactFile]:
        found = self._connection.execute("select current_setting('threads')").fetchone()
        threads = int(found[0]) if found else 1
        self._connection.execute(f"set threads = {max(threads - 1, 1)}")
        try:
            return work()
        finally:
            self._connection.execute(f"set threads = {threads}")
