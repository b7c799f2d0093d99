"""The command `retain`: remove old snapshots by the rule of the plan."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from oneninex.cli.context import app
from oneninex.core import settings
from oneninex.core.audit_log import Actor
from oneninex.services import audited_import
from oneninex.store import retention


@app.command()
def retain(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say only what would go.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Remove snapshots that the plan's [retention] does not keep; files as sent stay."""
    store, plan = context.obj.store, context.obj.plan
    if plan.config.retention is None:
        context.obj.complain("cli.retain_no_rule")
        raise typer.Exit(64)
    folder = settings.audit_folder(store.root)
    done = retention.retain(store, plan, folder, dry_run=dry_run)
    if not dry_run and (done.removed or done.files):
        audited_import.note(store, "retain", Actor(), removed=done.removed, files=len(done.files))
    if as_json:
        typer.echo(json.dumps(done.document(), ensure_ascii=False))
        return
    listed = ", ".join(map(str, done.removed)) or "—"
    key = "cli.retain_would" if dry_run else "cli.retain_done"
    context.obj.say(
        key, snapshots=listed, count=len(done.removed), files=len(done.files),
        megabytes=f"{done.bytes / 1e6:,.1f}", kept=len(done.kept), audit=len(done.audit_files),
    )  # fmt: skip
