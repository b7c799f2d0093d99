"""`ask`: a question in Chinese or English, answered from named queries."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from oneninex.cli.context import app


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="A question in Chinese or English.")],
    audience: Annotated[
        str, typer.Option(help="Who asks: planner, leadership, public or unit:ID.")
    ] = "planner",
    as_of: Annotated[str | None, typer.Option(help="Snapshot number or YYYY-MM-DD.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Answer a question from the named queries, or say what was not understood."""
    from oneninex import questions
    from oneninex.questions import words

    lang = context.obj.lang
    snapshot = context.obj.store.resolve(as_of, context.obj.plan.config.timezone)
    session = questions.Session(snapshot, audience)
    vocabulary = questions.Vocabulary.load(
        context.obj.plan.folder, session.rows("units"), session.rows("indicators")
    )
    found = questions.answer(question, session, vocabulary, lang)
    if as_json:
        typer.echo(json.dumps(words.document(found, lang), ensure_ascii=False, default=str))
    else:
        typer.echo("\n".join(words.lines(found, lang)))
    raise typer.Exit(0 if isinstance(found, questions.Answer) else 1)
