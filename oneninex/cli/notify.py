"""The command `notify`: what has come up since the last time, to the plan's recipients."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oneninex.cli import render
from oneninex.cli.context import Context, app
from oneninex.core import audit_log, settings
from oneninex.core.i18n import text
from oneninex.domain.plan import delivery as recipients
from oneninex.store import Snapshot, StoreError, query

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
    """Tell of a briefing ready, a red target, an overdue return, a task near or over its day.

    Each is told once: to one webhook, or without --url to the recipients of delivery.toml.
    """
    from oneninex.briefing import notifications

    if shape not in notifications.SHAPES:
        raise typer.BadParameter(" | ".join(notifications.SHAPES), param_hint="--shape")
    given = recipients.load(context.obj.plan_folder)
    if not url and not dry_run and not given.recipient:
        hint = f"--url | ONENINEX_WEBHOOK | {recipients.FILE} | --dry-run"
        raise typer.BadParameter(hint, param_hint="--url")
    store, lang = context.obj.store, context.obj.lang
    snapshot = store.current()
    if snapshot is None:
        raise StoreError("store.empty", path=str(store.root))
    if not url and given.recipient:
        _to_recipients(context.obj, given, snapshot, state, dry_run, as_json)
        return
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


def _to_recipients(
    context: Context,
    given: recipients.Delivery,
    snapshot: Snapshot,
    state: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Tell each recipient of delivery.toml; exit code 1 where one could not be told."""
    from oneninex.briefing import delivery

    plan, lang = context.plan, context.lang
    demo = query("snapshot_info", snapshot=snapshot).to_pylist()[0]["demo"]

    def send(recipient: recipients.Recipient, notice: Notice) -> None:
        if recipient.channel == "webhook":
            if not (url := os.environ.get(recipient.address, "")):
                raise StoreError("briefing.notify_failed", reason=recipient.address)
            _post(url, recipient.shape, recipient.lang, demo, notice)
            return
        assert given.smtp is not None
        mark = f"OneNineX {text('briefing.frame.demo', recipient.lang) if demo else ''}"
        message = delivery.mail(recipient, notice, given.smtp, snapshot, plan, mark)
        delivery.post_mail(message, given.smtp)

    path = state or context.store.root / "delivered.json"
    now = datetime.now(plan.config.zone)
    done = delivery.run(given, snapshot, plan, path, now, send, dry_run=dry_run)
    rows = [
        {"event": notice.event, "key": notice.key, "audience": recipient.audience,
         "channel": recipient.channel, "sent": not dry_run, "text": notice.text}
        for recipient, notice in done.sent
    ]  # fmt: skip
    render.rows(rows, "json" if as_json else "table", None, lang)
    if done.quiet and not as_json:
        context.say("briefing.notify_quiet")
    for _, reason in done.failed:
        context.complain("briefing.notify_failed", reason=reason)
    if done.failed:
        raise typer.Exit(1)


def _post(url: str, shape: str, lang: str, demo: bool, notice: Notice) -> None:
    from oneninex.briefing import notifications

    notifications.send(url, notifications.message(notice, shape, lang, demo))
