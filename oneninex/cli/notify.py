"""The command `notify`: what has come up since the last time, to a webhook."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oneninex.cli import render
from oneninex.cli.context import app
from oneninex.core import audit_log, settings
from oneninex.store import StoreError, query

if TYPE_CHECKING:
    from oneninex.briefing.notifications import Notice


@app.command()
def notify(
    context: typer.Context,
    url: Annotated[
        str, typer.Option(envvar="ONENINEX_WEBHOOK", help="Address; better in ONENINEX_WEBHOOK.")
    ] = "",
    shape: Annotated[str, typer.Option(help="generic, wecom, dingtalk or feishu.")] = "generic",
    state: Annotated[Path | None, typer.Option(help="File of what has been told.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print only, send nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Tell a webhook once of a briefing ready, a target turned red, a return overdue."""
    from oneninex.briefing import notifications

    if shape not in notifications.SHAPES:
        raise typer.BadParameter(" | ".join(notifications.SHAPES), param_hint="--shape")
    if not url and not dry_run:
        raise typer.BadParameter("--url | ONENINEX_WEBHOOK | --dry-run", param_hint="--url")
    store, lang = context.obj.store, context.obj.lang
    snapshot = store.current()
    if snapshot is None:
        raise StoreError("store.empty", path=str(store.root))
    path = state or store.root / "notified.json"
    told = notifications.read(path)
    head = audit_log.head(settings.audit_folder(store.root))
    found = [
        replace(notice, details={**notice.details, "audit_head": head})
        for notice in notifications.due(snapshot, context.obj.plan, lang, told)
    ]
    demo = query("snapshot_info", snapshot=snapshot).to_pylist()[0]["demo"]
    sent, refusal = found, ""
    if not dry_run:
        sent, refusal = notifications.deliver(found, partial(_post, url, shape, lang, demo))
        notifications.write(path, notifications.remember(told, sent, snapshot, lang))
    rows = [
        {"event": each.event, "key": each.key, "sent": each in sent and not dry_run,
         "text": each.text}
        for each in found
    ]  # fmt: skip
    render.rows(rows, "json" if as_json else "table", None, lang)
    if refusal:
        context.obj.complain("briefing.notify_failed", reason=refusal)
        raise typer.Exit(1)


def _post(url: str, shape: str, lang: str, demo: bool, notice: Notice) -> None:
    from oneninex.briefing import notifications

    notifications.send(url, notifications.message(notice, shape, lang, demo))
