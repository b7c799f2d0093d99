"""The engine in this process: DuckDB, with a file for what does not fit in memory."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from oneninex.engine.errors import EngineError
from oneninex.engine.files import Files

MEMORY = "1500MB"


class DuckDB:
    """Statements on one connection to a scratch database."""

    def __init__(self, timezone: str, scratch: Path) -> None:
        config: dict[str, Any] = {
            "memory_limit": MEMORY,
            "temp_directory": str(scratch),
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",
        }
        self._connection = duckdb.connect(str(scratch / "rollup.duckdb"), config=config)
        self._connection.execute("set enable_progress_bar = true")
        self._connection.execute("set enable_progress_bar_print = false")
        self._connection.execute(f"set timezone = '{timezone}'")

    def __enter__(self) -> DuckDB:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def define(self, name: str, source: str | Files | pa.Table, *, kept: bool = False) -> None:
        """Call a statement, files or a small table by a name."""
        if isinstance(source, pa.Table):
            self._connection.register(name, source)
            return
        statement = f"select * from {_read(source)}" if isinstance(source, Files) else source
        what = "table" if kept else "view"
        self._run(f'create {what} "{name}" as {statement}')

    def fetch(self, statement: str) -> pa.Table:
        """The rows of a statement."""
        try:
            return self._connection.sql(statement).to_arrow_table()
        except duckdb.Error as fault:
            raise _told(fault) from fault

    def query_progress(self) -> float:
        """Percent of the running statement, negative if there is none."""
        return self._connection.query_progress()

    def interrupt(self) -> None:
        """Stop the running statement."""
        self._connection.interrupt()

    def _run(self, statement: str) -> None:
        try:
            self._connection.execute(statement)
        except duckdb.Error as fault:
            raise _told(fault) from fault


def _read(files: Files) -> str:
    paths = ", ".join(_literal(name) for name in files.names)
    if not files.are_text:
        return f"read_parquet([{paths}], union_by_name = true)"
    columns = ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in files.columns)
    return (
        f"read_csv([{paths}], auto_detect = false, header = true, delim = ',', quote = '\"', "
        f"escape = '\"', columns = {{{columns}}})"
    )


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _told(fault: duckdb.Error) -> Exception:
    """A fault of the files in words; any other as it is."""
    if isinstance(fault, duckdb.InterruptException):
        return fault
    first = str(fault).strip().splitlines()[0]
    if isinstance(fault, duckdb.InvalidInputException | duckdb.IOException):
        return EngineError("engine.unreadable", files=True, reason=first)
    if isinstance(fault, duckdb.OutOfMemoryException):
        return EngineError("engine.no_room", reason=first)
    return fault
