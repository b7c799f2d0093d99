"""Where a long build runs: DuckDB in this process, or a Spark cluster. The SQL is the same.

Statements are written once, in DuckDB's words, within what both engines do alike: casts to
DOUBLE before a division, no QUALIFY, an order over every key (docs/decisions/0020).
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from oneninex.engine.errors import EngineError
from oneninex.engine.files import Files

__all__ = ["ENGINES", "Engine", "EngineError", "Files", "start"]

ENGINES = ("duckdb", "spark")


class Engine(Protocol):
    """Two things to ask of an engine, and two that a thread which waits may ask."""

    def define(self, name: str, source: str | Files | pa.Table, *, kept: bool = False) -> None:
        """Call a statement, files or a small table by a name that later statements read.

        With `kept` the rows are worked out once and stand ready for several readers.
        """
        ...

    def fetch(self, statement: str) -> pa.Table:
        """The rows of a statement."""
        ...

    def query_progress(self) -> float:
        """Percent of what runs now, negative if nothing does."""
        ...

    def interrupt(self) -> None:
        """Stop what runs."""
        ...


def start(
    name: str, *, master: str | None, timezone: str, scratch: Path
) -> AbstractContextManager[Engine]:
    """Start an engine; `scratch` is a folder for what does not fit in memory.

    Raises EngineError where it cannot be started. The Spark engine needs the package pyspark, a
    Java and a master, and files that every worker sees under the same path.
    """
    if name == "duckdb":
        from oneninex.engine.in_process import DuckDB

        return DuckDB(timezone, scratch)
    from oneninex.engine.spark import spark

    return spark(master, timezone)
