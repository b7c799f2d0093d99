"""The command `audit`: who imported, published, and took what not everybody may see."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from oneninex.cli import render
from oneninex.cli.context import Context, app
from oneninex.core import audit_log, settings
from oneninex.core.i18n import text

_ALWAYS = ("at", "event", "audience", "name", "snapshot")


@app.command("audit")
def audit_(
    context: typer.Context,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")
    ] = None,
    event: Annotated[str | None, typer.Option(help="Only this kind of event.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    head: Annotated[
        bool, typer.Option("--head", help="Print the fingerprint of the last entry alone.")
    ] = False,
    holds: Annotated[
        str | None, typer.Option(help="A fingerprint that was printed before: is it still there?")
    ] = None,
) -> None:
    """List who did what; exit code 1 when a line was changed, taken out or cut off."""
    folder = settings.audit_folder(context.obj.store.root)
    if head:
        typer.echo(audit_log.head(folder))
        return
    if holds is not None and not audit_log.holds(folder, holds.strip()):
        context.obj.complain("cli.audit_cut", head=render.printable(holds.strip()))
        raise typer.Exit(1)
    if event is not None and event not in audit_log.EVENTS:
        raise typer.BadParameter(" | ".join(audit_log.EVENTS), param_hint="--event")
    trail = audit_log.read(folder)
    zone = context.obj.plan.config.zone
    first = since.replace(tzinfo=zone) if since else None
    end = until.replace(tzinfo=zone) + timedelta(days=1) if until else None
    entries = [
        {**entry, "at": _local(entry["at"], zone)}
        for entry in trail.entries
        if (first is None or datetime.fromisoformat(entry["at"]) >= first)
        and (end is None or datetime.fromisoformat(entry["at"]) < end)
        and (event is None or entry["event"] == event)
    ]
    if as_json:
        render.rows(entries, "json", None, context.obj.lang)
    else:
        rows = [_in_words(entry, context.obj) for entry in entries]
        render.rows(rows, "table", None, context.obj.lang)
    if trail.broken:
        context.obj.complain("cli.audit_broken", lines=", ".join(trail.broken[:20]))
        raise typer.Exit(1)


def _local(moment: str, zone: ZoneInfo) -> str:
    """Return the same moment as the plan's time zone writes it."""
    return datetime.fromisoformat(moment).astimezone(zone).isoformat(timespec="milliseconds")


def _in_words(entry: dict[str, Any], context: Context) -> dict[str, Any]:
    lang = context.lang
    more = {name: value for name, value in entry.items() if name not in _ALWAYS and value != ""}
    words = {
        "at": f"{datetime.fromisoformat(entry['at']):%Y-%m-%d %H:%M:%S}",
        "event": text(f"cli.audit_event.{entry['event']}", lang),
        "audience": entry["audience"],
        "name": entry["name"],
        "snapshot": entry.get("snapshot"),
        "details": json.dumps(more, ensure_ascii=False) if more else "",
    }
    return {text(f"cli.audit_column.{name}", lang): word for name, word in words.items()}
