"""The command line: `python -m oneninex`."""

from __future__ import annotations

import importlib
import itertools
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from oneninex.cli import progress_bar, render
from oneninex.cli.context import app
from oneninex.core import settings
from oneninex.core.audit_log import Actor
from oneninex.core.i18n import text
from oneninex.domain.plan import PlanError
from oneninex.services import audited_import
from oneninex.store import (
    CheckFailed,
    NotForAudience,
    StoreError,
    UnknownQuery,
    WrongParameter,
    database,
    history,
    maintenance,
    query,
    sql_catalog,
)

WRONG_USAGE = 64
STORE_FAULT = 3
_WRONG_USAGE_KEYS = {
    "store.no_such_snapshot", "store.snapshot_removed", "store.unknown_audience",
    "briefing.no_such_month",
    "briefing.no_font", "briefing.notify_address",
}  # fmt: skip
# typer carries its own click and names only this subclass of its usage errors.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]


@app.command()
def demo(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="Folder to write the synthetic returns to.")],
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
    months: Annotated[int, typer.Option(min=1, max=120, help="Number of months.")] = 22,
    scale: Annotated[int, typer.Option(min=1, max=1000, help="Multiplies the rows.")] = 1,
) -> None:
    """Write synthetic returns of the plan's units, with faulty ones under OUT/faulty."""
    from oneninex import demo as demo_returns

    try:
        parameters = demo_returns.folder_of(context.obj.plan)
    except demo_returns.NoParameters as lack:
        context.obj.complain(lack.key, **lack.values)
        raise typer.Exit(WRONG_USAGE) from lack
    show, phase = progress_bar.waiting(context.obj.lang, quiet=False)
    phase("writing")
    with render.written(out):
        files = demo_returns.write(out, seed, months, scale, parameters, show)
    context.obj.say("cli.demo_written", files=len(files), folder=out)


@app.command()
def quarantine(
    context: typer.Context,
    file: Annotated[str | None, typer.Option(help="SHA-256 of a file, or its start.")] = None,
    out: Annotated[Path | None, typer.Option(help="CSV file to write.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """List the rows that were not accepted, with the reason for each cell."""
    format = "json" if as_json else "csv" if out else "table"
    render.fits(format, out, context.obj.lang)
    rows = history.quarantined(context.obj.store, file)
    render.rows(rows, format, out, context.obj.lang, names=history.QUARANTINED)


@app.command()
def snapshots(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """List the published snapshots; times are those of the plan's time zone."""
    zone = context.obj.plan.config.zone
    rows = [
        {
            "id": snapshot.id,
            "created_at": snapshot.created_at.astimezone(zone).isoformat(),
            "reason": snapshot.reason,
            "files": len(snapshot.manifest.files),
            "rows": snapshot.manifest.rows_per_kind(),
        }
        for snapshot in context.obj.store.snapshots()
    ]
    render.rows(rows, "json" if as_json else "table", None, context.obj.lang)


@app.command("query")
def query_(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of a file in queries/.")],
    parameter: Annotated[
        list[str] | None, typer.Option("-p", "--parameter", help="key=value; leave out for all.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="Snapshot number or YYYY-MM-DD.")] = None,
    audience: Annotated[
        str, typer.Option(help="Who asks: planner, leadership, public or unit:ID.")
    ] = "planner",
    format: Annotated[str, typer.Option(help="table, json, csv, xlsx or parquet.")] = "table",
    out: Annotated[Path | None, typer.Option(help="File to write.")] = None,
) -> None:
    """Run a query on the current or an earlier snapshot."""
    if format not in render.FORMATS or (format in render.BINARY and out is None):
        raise typer.BadParameter(
            "table | json | csv | xlsx (--out) | parquet (--out)", param_hint="--format"
        )
    render.fits(format, out, context.obj.lang)
    sql_catalog.text(name)
    chosen = context.obj.store.resolve(as_of, context.obj.plan.config.timezone)
    parameters = _parameters(parameter or [])

    def ask(wanted: str, **given: Any) -> list[dict[str, Any]]:
        return query(wanted, snapshot=chosen, audience=audience, **given).to_pylist()

    try:
        table = query(name, snapshot=chosen, audience=audience, **parameters)
    except NotForAudience:
        audited_import.note(context.obj.store, "forbidden", Actor(audience), what=name)
        raise
    render.table(table, format, out, context.obj.lang)
    if format == "table" and out is None:
        from oneninex.cli import flow_statement

        rows = table.to_pylist()
        if words := flow_statement.statement(name, rows, parameters, ask, context.obj.lang):
            render.say(words)
    if out and database.is_sensitive(name, audience):
        audited_import.handed_out(context.obj.store, Actor(audience), name, chosen, format)


@app.command()
def check(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Run queries/checks on the current snapshot and compare every file with its fingerprint."""
    store = context.obj.store
    show, phase = progress_bar.waiting(context.obj.lang, quiet=as_json)
    phase("comparing")
    if damaged := maintenance.damage(store, show):
        raise StoreError("store.files_damaged", files=", ".join(damaged))
    failed = maintenance.failed_checks(store)
    rows = [{"check": name, "row": row} for name, row in failed]
    if as_json:
        render.rows(rows, "json", None, context.obj.lang)
    elif rows:
        render.rows(rows, "table", None, context.obj.lang)
    else:
        context.obj.say("cli.checks_passed", checks=len(sql_catalog.names("checks")))
    raise typer.Exit(1 if rows else 0)


@app.command()
def rebuild(context: typer.Context) -> None:
    """Publish the same facts anew when the plan or the build queries changed."""
    show, phase = progress_bar.waiting(context.obj.lang, quiet=False)
    phase("building")
    snapshot = maintenance.rebuild(
        context.obj.store, context.obj.plan, imported_by=context.obj.who, progress=show
    )
    if snapshot is None:
        context.obj.say("cli.nothing_to_rebuild")
    else:
        audited_import.published(context.obj.store, Actor(), snapshot.id, snapshot.reason)
        context.obj.say("cli.published", snapshot=snapshot.id)


def _parameters(pairs: list[str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise typer.BadParameter(pair, param_hint="-p key=value")
        given[key] = value or None
    return given


# Each registers its commands with `app`.
for _module in (
    "import_",
    "returns",
    "doctor",
    "briefing",
    "notify",
    "rollup",
    "register",
    "audit",
    "retention",
    "task",
    "review",
    "ask",
    "mcp",
):
    importlib.import_module(f"oneninex.cli.{_module}")


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; a user's mistake never gives a traceback."""
    command = typer.main.get_command(app)
    lang = _language(sys.argv[1:] if arguments is None else arguments)
    try:
        code = command.main(args=arguments, prog_name="python -m oneninex", standalone_mode=False)
        return int(code or 0)
    except typer.Exit as leave:
        return leave.exit_code
    except typer.Abort:
        return 130
    except UsageError as wrong:
        return _fail(_usage(wrong), WRONG_USAGE)
    except (UnknownQuery, WrongParameter) as wrong:
        return _fail(text(wrong.key, lang, **wrong.values), WRONG_USAGE)
    except CheckFailed as failed:
        return _fail(text(failed.key, lang, **failed.values), 1)
    except StoreError as fault:
        wrong_usage = (
            isinstance(fault, NotForAudience)
            or fault.key in _WRONG_USAGE_KEYS
            or fault.key.startswith(("tasks.refused.", "review.refused."))
        )
        code = WRONG_USAGE if wrong_usage else STORE_FAULT
        return _fail(text(fault.key, lang, **fault.values), code)
    except PlanError as fault:
        return _fail(fault.message(lang), WRONG_USAGE)


def _language(arguments: list[str]) -> str:
    for before, after in itertools.pairwise(arguments):
        if before == "--lang" and after in settings.LANGS:
            return after
    stated = os.environ.get("ONENINEX_LANG", "")
    return stated if stated in settings.LANGS else settings.LANGS[0]


def _usage(wrong: Exception) -> str:
    """The message of a usage error, with the command's usage line where there is one."""
    context = getattr(wrong, "ctx", None)
    message = getattr(wrong, "format_message", lambda: str(wrong))()
    return f"{context.get_usage()}\n{message}" if context else message


def _fail(message: str, code: int) -> int:
    typer.echo(render.printable(message), err=True)
    return code
