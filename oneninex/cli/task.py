"""The commands `task`: open, sign, answer, extend, accept, return and close tasks (督办)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from oneninex.cli import render
from oneninex.cli.context import Context, app
from oneninex.core import formats
from oneninex.core.audit_log import Actor
from oneninex.core.i18n import text
from oneninex.domain import tasks
from oneninex.services import tasks as service
from oneninex.store import query

LISTED = ("id", "subject", "ref", "owner", "opened_on", "due_on", "state", "overdue_days",
          "condition_met", "events")  # fmt: skip

task_app = typer.Typer(help="Tasks (督办): open, follow and close them.", no_args_is_help=True)
app.add_typer(task_app, name="task")

Id = Annotated[str, typer.Argument(help="The task, such as D2026-001.")]
By = Annotated[str, typer.Option("--audience", help="Who acts: planner or unit:ID.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="YYYY-MM-DD.")]
Month = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m"], help="Month of a return, YYYY-MM.")
]


@task_app.command("open")
def open_(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(help="What is to be done.")],
    owner: Annotated[str, typer.Option(help="Office or unit that answers (query offices).")],
    matter: Annotated[str, typer.Option(help="target, return, question or free.")] = "free",
    ref: Annotated[str, typer.Option(help="Target, or return kind, that it is about.")] = "",
    supporting: Annotated[
        list[str] | None, typer.Option("--supporting", help="Supporting office; may be repeated.")
    ] = None,
    due: Day = None,
    days: Annotated[
        int, typer.Option(min=1, max=500, help="Working days to the due day.")
    ] = tasks.DAYS_TO_DO,
    measure: Annotated[str, typer.Option(help="The measure that is asked for.")] = "",
    condition: Annotated[str, typer.Option(help="target, indicator or return.")] = "",
    condition_ref: Annotated[str, typer.Option(help="Which target, indicator or kind.")] = "",
    operator: Annotated[str, typer.Option(help="reach, exceed or at_most.")] = "reach",
    value: Annotated[float | None, typer.Option(help="Value that has to be reached.")] = None,
    unit: Annotated[str | None, typer.Option(help="Unit of the condition.")] = None,
    month: Month = None,
    audience: By = "planner",
    as_json: Json = False,
) -> None:
    """Open a task; what is not given of a target or return follows from it."""
    asked = {"kind": condition, "ref": condition_ref or ref, "operator": operator, "value": value,
             "unit_id": unit, "month": month.date() if month else None}  # fmt: skip
    made = service.open_task(
        context.obj.store,
        context.obj.plan,
        _actor(context.obj, audience),
        subject=subject,
        owner=owner,
        matter=matter,
        ref=ref,
        supporting=tuple(supporting or ()),
        due_on=due.date() if due else None,
        working_days=days,
        requirement=measure,
        condition=asked,
    )
    _show(context.obj, made, audience, as_json)


@task_app.command()
def sign(
    context: typer.Context, task_id: Id, audience: By = "planner", as_json: Json = False
) -> None:
    """Sign for a task (签收)."""
    _act(context.obj, task_id, "sign", audience, as_json)


@task_app.command()
def reply(
    context: typer.Context,
    task_id: Id,
    words: Annotated[str, typer.Option("--text", help="What was done.")],
    value: Annotated[float | None, typer.Option(help="The figure that was reached.")] = None,
    audience: By = "planner",
    as_json: Json = False,
) -> None:
    """Answer a task with words and, if there is one, a figure."""
    _act(context.obj, task_id, "reply", audience, as_json, text=words, value=value)


@task_app.command()
def extend(
    context: typer.Context,
    task_id: Id,
    until: Day = None,
    reason: Annotated[str, typer.Option(help="Why; also why an extension is refused.")] = "",
    grant: Annotated[bool, typer.Option("--grant", help="Grant what was asked.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse what was asked.")] = False,
    audience: By = "planner",
    as_json: Json = False,
) -> None:
    """Ask for a later day before the due day; or grant or refuse it."""
    if sum((until is not None, grant, refuse)) != 1:
        raise typer.BadParameter("--until | --grant | --refuse", param_hint="--until")
    event = "grant" if grant else "refuse" if refuse else "extend"
    day = until.date().isoformat() if until else None
    _act(context.obj, task_id, event, audience, as_json, until=day, reason=reason)


@task_app.command()
def accept(
    context: typer.Context, task_id: Id, audience: By = "planner", as_json: Json = False
) -> None:
    """Accept the answer and strike the task off (销号)."""
    _act(context.obj, task_id, "accept", audience, as_json)


@task_app.command("return")
def return_(
    context: typer.Context,
    task_id: Id,
    reason: Annotated[str, typer.Option(help="What is missing.")],
    audience: By = "planner",
    as_json: Json = False,
) -> None:
    """Send an answer back with a reason."""
    _act(context.obj, task_id, "return", audience, as_json, reason=reason)


@task_app.command()
def close(
    context: typer.Context,
    task_id: Id,
    reason: Annotated[str, typer.Option(help="Why it is closed without an accepted answer.")],
    audience: By = "planner",
    as_json: Json = False,
) -> None:
    """Close a task without an accepted answer, never against its condition."""
    _act(context.obj, task_id, "close", audience, as_json, reason=reason)


@task_app.command("list")
def list_(
    context: typer.Context,
    unit: Annotated[str | None, typer.Option(help="Only tasks of this unit.")] = None,
    state: Annotated[str | None, typer.Option(help="Only tasks in this state.")] = None,
    audience: By = "planner",
    as_of: Annotated[
        str | None, typer.Option(help="Snapshot, snapshot+position or YYYY-MM-DD.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the tasks that the audience may see."""
    if state is not None and state not in tasks.STATES:
        raise typer.BadParameter(" | ".join(tasks.STATES), param_hint="--state")
    _print(context.obj, audience, as_json, as_of, unit_id=unit, state=state)


@task_app.command()
def letter(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="File to write: .docx (GB/T 9704) or .txt.")],
    task_id: Annotated[str, typer.Option("--task", help="督办单 of this task.")] = "",
    unit: Annotated[str, typer.Option(help="催报函 to this unit for its overdue returns.")] = "",
    audience: By = "planner",
    as_of: Annotated[
        str | None, typer.Option(help="Snapshot, snapshot+position or YYYY-MM-DD.")
    ] = None,
) -> None:
    """Write the 督办单 of a task, or the 催报函 to a unit; the same inputs give the same bytes."""
    from oneninex.briefing import letters  # its library is loaded by whoever asks for a letter

    if bool(task_id) == bool(unit):
        raise typer.BadParameter("--task | --unit", param_hint="--task")
    if out.suffix.lower() not in (".docx", ".txt"):
        raise typer.BadParameter(".docx | .txt", param_hint="--out")
    plan, lang = context.obj.plan, context.obj.lang
    snapshot = context.obj.store.resolve(as_of, plan.config.timezone)
    if task_id:
        made = letters.task_letter(snapshot, lang, task_id, audience=audience)
    else:
        made = letters.reminder(snapshot, plan, lang, unit, audience=audience)
    is_text = out.suffix.lower() == ".txt"
    content = made.as_text().encode() if is_text else letters.write(made)
    with render.written(out):
        out.write_bytes(content)
    render.say(str(out))


def _act(
    context: Context, task_id: str, event: str, audience: str, as_json: bool, **body: Any
) -> None:
    service.act(context.store, context.plan, _actor(context, audience), task_id, event, **body)
    _show(context, task_id, audience, as_json)


def _actor(context: Context, audience: str) -> Actor:
    return Actor(audience, context.who)


def _show(context: Context, task_id: str, audience: str, as_json: bool) -> None:
    _print(context, audience, as_json, None, task_id=task_id)


def _print(
    context: Context, audience: str, as_json: bool, as_of: str | None, **parameters: Any
) -> None:
    snapshot = context.store.resolve(as_of, context.plan.config.timezone)
    rows = query("tasks", snapshot=snapshot, audience=audience, **parameters).to_pylist()
    if as_json:
        render.rows(
            [{name: row[name] for name in LISTED} for row in rows], "json", None, context.lang
        )
        return
    render.rows([_in_words(row, context.lang) for row in rows], "table", None, context.lang)


def _in_words(row: dict[str, Any], lang: str) -> dict[str, Any]:
    met = {True: "met", False: "not_met", None: "none"}[row["condition_met"]]
    words = {
        "id": row["id"],
        "subject": row["subject"],
        "owner": row[f"owner_{lang}"] or row["owner"],
        "due_on": formats.day(row["due_on"], lang),
        "state": text(f"tasks.state.{row['state']}", lang),
        "overdue_days": row["overdue_days"],
        "condition": text(f"tasks.condition.{met}", lang),
    }
    return {text(f"tasks.column.{name}", lang): word for name, word in words.items()}
