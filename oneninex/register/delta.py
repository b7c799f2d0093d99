"""A Delta table over files of the store: hard links, and a log that names them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pyarrow as pa

from oneninex.engine import EngineError
from oneninex.store.manifest import FactFile


def write(table: Path, schema: pa.Schema, root: Path, files: list[FactFile]) -> None:
    """Make `table`; Delta wants its files below it, so each gets a second name there.

    A second name takes no room, and a vacuum of the table removes the name, not the store's file.
    """
    try:
        from deltalake import Schema
        from deltalake.transaction import AddAction, create_table_with_add_actions
    except ImportError as missing:
        raise EngineError("engine.not_installed", package="deltalake") from missing
    actions = []
    for file in files:
        source, name = root / file.path, f"{file.partition}-{Path(file.path).name}"
        _link(source, table / name)
        actions.append(
            AddAction(
                path=name,
                size=file.bytes,
                partition_values={},
                modification_time=int(source.stat().st_mtime * 1000),
                data_change=True,
                stats=json.dumps({"numRecords": file.rows}),
            )
        )
    create_table_with_add_actions(str(table), Schema.from_arrow(schema), actions)


def _link(source: Path, name: Path) -> None:
    name.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, name)
    except OSError as refusal:
        reason = str(refusal.strerror)
        raise EngineError("engine.no_link", table=str(name.parent), reason=reason) from refusal
