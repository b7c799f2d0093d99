"""The command `rollup`: task-level events become daily returns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from oneninex import engine as engines
from oneninex.cli import progress_bar, render
from oneninex.cli.context import Context, app
from oneninex.core.i18n import text
from oneninex.rollup import EngineError, Result, results, roll_up

_FORMATS = ("parquet", "csv")
_REFUSED, _WRONG_USAGE = 2, 64


@app.command()
def rollup(
    context: typer.Context,
    events: Annotated[list[Path], typer.Argument(help="Files or folders of events.")],
    out: Annotated[Path, typer.Option(help="Folder to write the daily returns to.")],
    engine: Annotated[str, typer.Option(help="duckdb, or spark on a cluster.")] = "duckdb",
    master: Annotated[str | None, typer.Option(help="spark://HOST:PORT of the cluster.")] = None,
    format: Annotated[str, typer.Option(help="parquet or csv.")] = "parquet",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Add task-level events up to labeling_daily, a file for each month, ready to import."""
    _look_at_usage(context.obj, events, engine, master, format)
    progress, phases = progress_bar.waiting(context.obj.lang, quiet=as_json)
    try:
        with render.written(out):
            result = roll_up(
                events, context.obj.plan, out, engine=engine, master=master, format=format,
                progress=progress, phases=phases,
            )  # fmt: skip
    except EngineError as fault:
        context.obj.complain(fault.key, **{k: _shown(v) for k, v in fault.values.items()})
        raise typer.Exit(_REFUSED if fault.files else _WRONG_USAGE) from fault
    if as_json:
        typer.echo(json.dumps(_document(result, engine), ensure_ascii=False))
    else:
        _report(context.obj, result)
    raise typer.Exit(1 if result.set_aside else 0)


def _look_at_usage(
    context: Context, events: list[Path], engine: str, master: str | None, format: str
) -> None:
    if missing := [path for path in events if not path.exists()]:
        shown = render.printable(str(missing[0]))
        raise typer.BadParameter(text("cli.no_such_path", context.lang, path=shown))
    if engine not in engines.ENGINES:
        raise typer.BadParameter(" | ".join(engines.ENGINES), param_hint="--engine")
    if format not in _FORMATS:
        raise typer.BadParameter(" | ".join(_FORMATS), param_hint="--format")
    if master and engine != "spark":
        raise typer.BadParameter("--engine spark", param_hint="--master")


def _document(result: Result, engine: str) -> dict[str, Any]:
    return {
        "engine": engine,
        "read": result.read,
        "counted": result.counted,
        "repeated": result.repeated,
        "set_aside": result.set_aside,
        "faults": [
            {"code": code, "field": name, "events": events,
             **{f"message_{lang}": results.message(code, name, "…", lang) for lang in ("zh", "en")}}
            for (code, name), events in result.faults.items()
        ],
        "rows": result.daily.num_rows,
        "files": [str(path) for path in result.files],
        "findings_file": str(result.findings_file) if result.findings_file else None,
        "capped_hours": result.capped_hours,
        "untold_hours": result.untold_hours,
        "unread_columns": result.unread,
    }  # fmt: skip


def _report(context: Context, result: Result) -> None:
    context.say(
        "engine.added_up",
        read=result.read,
        counted=result.counted,
        repeated=result.repeated,
        set_aside=result.set_aside,
        rows=result.daily.num_rows,
        files=len(result.files),
    )
    for (code, name), events in result.faults.items():
        words = results.message(code, name, "…", context.lang)
        context.say("engine.fault_line", events=events, message=words)
    if result.findings_file:
        context.say("engine.findings_in", file=_shown(str(result.findings_file)))
    if result.capped_hours:
        context.say("engine.capped", hours=round(result.capped_hours, 1))
    if result.untold_hours:
        context.say("engine.untold", hours=round(result.untold_hours, 1))
    if result.unread:
        context.say("engine.unread_columns", columns=_shown(", ".join(result.unread)))


def _shown(value: object) -> object:
    return render.printable(value) if isinstance(value, str) else value
