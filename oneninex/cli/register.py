"""The command `register`: the store's files as tables that other engines read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from oneninex import register as tables
from oneninex.cli import progress_bar, render
from oneninex.cli.context import app
from oneninex.domain import contracts
from oneninex.store import StoreError


@app.command()
def register(
    context: typer.Context,
    format: Annotated[str, typer.Option(help="delta or iceberg.")],
    out: Annotated[Path, typer.Option(help="Folder to write the tables to, one for each kind.")],
    kind: Annotated[list[str] | None, typer.Option(help="Return kind; leave out for all.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Snapshot number or YYYY-MM-DD.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Register the Parquet files of a snapshot as Delta or Iceberg tables; nothing is copied."""
    if format not in tables.FORMATS:
        raise typer.BadParameter(" | ".join(tables.FORMATS), param_hint="--format")
    if any(name not in contracts.sent_kinds() for name in kind or []):
        raise typer.BadParameter(" | ".join(contracts.sent_kinds()), param_hint="--kind")
    store = context.obj.store
    snapshot = store.resolve(as_of, context.obj.plan.config.timezone)
    if lost := [f.path for f in snapshot.manifest.files if not (store.root / f.path).exists()]:
        raise StoreError("store.files_damaged", files=", ".join(lost))
    progress, _ = progress_bar.waiting(context.obj.lang, quiet=as_json)
    try:
        with render.written(out):
            made = tables.register(
                store, snapshot, out, format, kind or contracts.sent_kinds(), progress=progress
            )
    except tables.EngineError as fault:
        context.obj.complain(fault.key, **fault.values)
        raise typer.Exit(64) from fault
    rows = [
        {"kind": table.kind, "table": str(table.table), "files": table.files, "rows": table.rows,
         "snapshot": snapshot.id}
        for table in made
    ]  # fmt: skip
    render.rows(rows, "json" if as_json else "table", None, context.obj.lang)
