"""The commands `review`: returns that wait, what is asked of senders, and what they answer."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from oneninex.cli import render
from oneninex.cli.context import Context, app
from oneninex.core import formats
from oneninex.core.audit_log import Actor
from oneninex.core.i18n import text
from oneninex.figures.charts import returns_words
from oneninex.services import reviews
from oneninex.store import NotForAudience, query

review_app = typer.Typer(help="Review of returns and answers to questions.", no_args_is_help=True)
app.add_typer(review_app, name="review")

By = Annotated[str, typer.Option("--audience", help="Who acts: planner or unit:ID.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


@review_app.command("list")
def list_(
    context: typer.Context,
    unit: Annotated[str | None, typer.Option(help="Only this unit.")] = None,
    audience: By = "planner",
    as_of: Annotated[
        str | None, typer.Option(help="Snapshot, snapshot+position or YYYY-MM-DD.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List returns under review, questions with their answers, and the senders' scores."""
    found = _found(context.obj, audience, as_of, unit)
    if as_json:
        render.document(found)
        return
    lang = context.obj.lang
    render.rows([_return(row, lang) for row in found["returns"]], "table", None, lang)
    for row in found["questions"]:
        answer = text(f"review.answer.{row['answer'] or 'none'}", lang)
        render.say(f"{row['question_id']}  {answer}  {row['explanation'] or ''}".rstrip())
    for row in found["scores"]:
        render.say(f"{row['unit_id']}  {_score(row, lang)}")


@review_app.command()
def accept(
    context: typer.Context,
    return_id: Annotated[str, typer.Argument(help="The return (review list).")],
    audience: By = "planner",
    as_json: Json = False,
) -> None:
    """Accept a return and publish it."""
    who = Actor(audience, context.obj.who)
    snapshot = reviews.accept(context.obj.store, context.obj.plan, who, return_id)
    _say(context.obj, as_json, {"id": return_id, "state": "accepted", "snapshot": snapshot.id},
         text("review.accepted", context.obj.lang, snapshot=snapshot.id))  # fmt: skip


@review_app.command("return")
def return_(
    context: typer.Context,
    return_id: Annotated[str, typer.Argument(help="The return (review list).")],
    reason: Annotated[str, typer.Option(help="What has to be corrected.")],
    audience: By = "planner",
    as_json: Json = False,
) -> None:
    """Send a return back to its sender."""
    who = Actor(audience, context.obj.who)
    reviews.send_back(context.obj.store, context.obj.plan, who, return_id, reason)
    _say(context.obj, as_json, {"id": return_id, "state": "returned", "reason": reason},
         text("review.state.returned", context.obj.lang))  # fmt: skip


@review_app.command()
def explain(
    context: typer.Context,
    question_id: Annotated[str, typer.Argument(help="The question (query questions).")],
    reason: Annotated[str, typer.Option(help="Why the figure stands, or what will be corrected.")],
    answer: Annotated[str, typer.Option(help="stands or correct.")] = "stands",
    audience: By = "planner",
    as_json: Json = False,
) -> None:
    """Answer a question about a figure: it stands and why, or a correction follows."""
    who = Actor(audience, context.obj.who)
    reviews.explain(context.obj.store, context.obj.plan, who, question_id, answer, reason)
    _say(context.obj, as_json, {"id": question_id, "answer": answer, "reason": reason},
         text(f"review.answer.{answer}", context.obj.lang))  # fmt: skip


def _found(
    context: Context, audience: str, as_of: str | None, unit: str | None
) -> dict[str, list[dict[str, Any]]]:
    snapshot = context.store.resolve(as_of, context.plan.config.timezone)
    found = {}
    names = {"returns": "return_reviews", "questions": "questions", "scores": "sender_scores"}
    for part, name in names.items():
        try:
            rows = query(name, snapshot=snapshot, audience=audience, unit_id=unit).to_pylist()
        except NotForAudience:  # leadership reads what is waiting, not what is asked
            rows = []
        found[part] = rows
    return found


def _return(row: dict[str, Any], lang: str) -> dict[str, Any]:
    words = {
        "id": row["id"] or "",
        "file": row["file"] or "",
        "kind": text(f"plan.kind.{row['kind']}", lang),
        "unit": row["unit_id"],
        "months": row["carried_months"],
        "rows": row["rows"],
        "received_on": formats.day(row["received_on"], lang),
        "state": text(f"review.state.{row['state']}", lang),
        "reason": row["reason"] or "",
    }
    return {text(f"review.column.{name}", lang): word for name, word in words.items()}


def _score(row: dict[str, Any], lang: str) -> str:
    dimension = text(f"review.dimension.{row['dimension']}", lang)
    return text("review.score", lang, dimension=dimension, score=returns_words.score(row, lang))


def _say(context: Context, as_json: bool, document: dict[str, Any], words: str) -> None:
    if as_json:
        render.document(document)
    else:
        render.say(words)
