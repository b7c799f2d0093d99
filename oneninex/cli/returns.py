"""Commands about returns: the form to fill in, and who has sent what."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from oneninex import template
from oneninex.cli import render
from oneninex.cli.context import Context, app
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.domain import contracts
from oneninex.store import StoreError, query

_MONTH = re.compile(r"\d{4}-\d{2}")


@app.command("template")
def template_(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="Return kind.")],
    unit: Annotated[str, typer.Option(help="Unit that fills it in, such as U1.")],
    out: Annotated[Path, typer.Option(help="Excel file to write.")],
) -> None:
    """Write an Excel form with lists, notes and the unit's own enterprises."""
    sent = contracts.sent_kinds()
    if kind not in sent:
        raise typer.BadParameter(" | ".join(sent), param_hint="KIND")
    enterprises = template.own_enterprises(context.obj.store.current(), unit)
    plan = context.obj.plan
    try:
        content = template.form(kind, unit, plan, enterprises)
    except template.UnknownUnit as unknown:
        known = " | ".join(plan.units.column("unit_id").to_pylist())
        raise typer.BadParameter(known, param_hint="--unit") from unknown
    try:
        out.write_bytes(content)
    except OSError as refusal:
        raise typer.BadParameter(f"{out}: {refusal.strerror}", param_hint="--out") from refusal
    context.obj.say("cli.template_written", file=out, enterprises=len(enterprises))


@app.command()
def returns(
    context: typer.Context,
    month: Annotated[str | None, typer.Option(help="YYYY-MM; leave out for all.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """List who has reported: due, received, version, days late, state."""
    current = context.obj.store.current()
    if current is None:
        raise StoreError("store.empty", path=str(context.obj.store.root))
    at = _month(month)
    rows = query("returns_ledger", snapshot=current, from_month=at, to_month=at).to_pylist()
    if as_json:
        render.rows(rows, "json", None, context.obj.lang)
        return
    units = query("units", snapshot=current).to_pylist()
    names = {row["unit_id"]: row[f"name_{context.obj.lang}"] for row in units}
    render.rows([_in_words(row, names, context.obj) for row in rows], "table", None,
                context.obj.lang)  # fmt: skip


def _month(given: str | None) -> date | None:
    if given is None:
        return None
    try:
        if _MONTH.fullmatch(given):
            return date.fromisoformat(f"{given}-01")
    except ValueError:
        pass
    raise typer.BadParameter("YYYY-MM", param_hint="--month")


def _in_words(row: dict[str, Any], names: dict[str, str], context: Context) -> dict[str, Any]:
    lang = context.lang
    words = {
        "month": formats.month(row["month"], lang),
        "unit": names.get(row["unit_id"], row["unit_id"]),
        "kind": contracts.load(row["kind"]).name_in(lang),
        "due_on": formats.day(row["due_on"], lang),
        "received_at": formats.day(row["received_at"], lang),
        "version": row["version"],
        "days_late": row["days_late"],
        "status": text(f"returns.status.{row['status']}", lang),
    }
    return {text(f"cli.returns.{name}", lang): word for name, word in words.items()}
