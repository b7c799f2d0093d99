"""The store's own Parquet files as Delta or Iceberg tables: metadata only, no row is copied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from oneninex.core.progress import Progress, nothing
from oneninex.domain import contracts
from oneninex.engine import EngineError
from oneninex.store import Snapshot, Store

__all__ = ["FORMATS", "EngineError", "Registered", "register"]

FORMATS = ("delta", "iceberg")
_TYPES = {
    "VARCHAR": pa.string(), "BIGINT": pa.int64(), "DOUBLE": pa.float64(), "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(), "TIMESTAMP": pa.timestamp("us"),
}  # fmt: skip


@dataclass(frozen=True)
class Registered:
    """A table of one kind of return: where it is, its files and rows."""

    kind: str
    table: Path
    files: int
    rows: int


def register(
    store: Store,
    snapshot: Snapshot,
    out: Path,
    format: str,
    kinds: Iterable[str],
    *,
    progress: Progress = nothing,
) -> list[Registered]:
    """Write a table for each kind with files in the snapshot as OUT/KIND.

    Raises EngineError without the package, and where OUT/KIND is there already.
    """
    if format == "delta":
        from oneninex.register.delta import write
    else:
        from oneninex.register.iceberg import write
    held = {kind: snapshot.manifest.of(kind) for kind in kinds}
    held = {kind: files for kind, files in held.items() if files}
    if taken := [kind for kind in held if (out / kind).exists()]:
        raise EngineError("engine.table_there", table=str(out / taken[0]))
    made = []
    for number, (kind, files) in enumerate(held.items()):
        progress(kind, number, len(held))
        write(out / kind, schema_of(kind), store.root, files)
        made.append(Registered(kind, out / kind, len(files), sum(file.rows for file in files)))
    progress("", len(held), len(held))
    return made


def schema_of(kind: str) -> pa.Schema:
    """The columns of a kind's facts."""
    fields = contracts.load(kind).fields
    columns = [(field.name, _TYPES[field.duckdb_type]) for field in fields]
    return pa.schema([*columns, ("upload_id", pa.string()), ("source_row", pa.int64())])
