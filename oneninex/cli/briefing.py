"""The command `briefing`: the documents for a leader's desk."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from oneninex.cli import progress_bar, render
from oneninex.cli.context import app
from oneninex.core.audit_log import Actor
from oneninex.core.i18n import LANGS
from oneninex.services import audited_import


@app.command("briefing")
def briefing_(
    context: typer.Context,
    month: Annotated[str, typer.Option(help="YYYY-MM.")],
    out: Annotated[Path, typer.Option(help="File; of several, the stem of their names.")],
    format: Annotated[str, typer.Option(help="docx,pdf,pptx,xlsx: one or more.")] = "docx",
    lang: Annotated[str | None, typer.Option(help="zh,en: one or both.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Snapshot number or YYYY-MM-DD.")] = None,
    audience: Annotated[str, typer.Option(help="Who reads it.")] = "planner",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Write the leadership briefing; the same inputs give the same bytes."""
    from oneninex import briefing  # Its libraries are loaded by whoever asks for a document.

    kinds = _chosen(format, briefing.FORMATS, "--format")
    langs = _chosen(lang or context.obj.lang, LANGS, "--lang")
    at = _month(month)
    plan = context.obj.plan
    snapshot = context.obj.store.resolve(as_of, plan.config.timezone)
    show, _ = progress_bar.waiting(context.obj.lang, quiet=as_json)
    made = briefing.documents(
        snapshot, at, langs=langs, formats=kinds, audience=audience, plan=plan, progress=show
    )
    files = {key: _path(out, key, briefing.FORMATS, len(made)) for key in made}
    try:
        for key, content in made.items():
            files[key].parent.mkdir(parents=True, exist_ok=True)
            files[key].write_bytes(content)
    except OSError as refusal:
        raise typer.BadParameter(f"{out}: {refusal.strerror}", param_hint="--out") from refusal
    documents = [f"{language} {format}" for language, format in made]
    audited_import.briefed(
        context.obj.store, Actor(audience), snapshot.id, f"{at:%Y-%m}", documents
    )
    rows = [
        {"file": str(files[key]), "lang": key[0], "format": key[1], "bytes": len(content),
         "snapshot": snapshot.id}
        for key, content in made.items()
    ]  # fmt: skip
    render.rows(rows, "json" if as_json else "table", None, context.obj.lang)


def _chosen(given: str, known: tuple[str, ...], option: str) -> list[str]:
    """The words of a comma-separated option, each known, in the order given."""
    words = list(dict.fromkeys(word.strip() for word in given.split(",") if word.strip()))
    if not words or any(word not in known for word in words):
        raise typer.BadParameter(" | ".join(known), param_hint=option)
    return words


def _month(given: str) -> date:
    try:
        year, _, number = given.partition("-")
        return date(int(year), int(number), 1)
    except ValueError as wrong:
        raise typer.BadParameter("YYYY-MM", param_hint="--month") from wrong


def _path(out: Path, key: tuple[str, str], formats: tuple[str, ...], documents: int) -> Path:
    """The file itself for one document; of several, the stem with language and format."""
    if documents == 1:
        return out
    stem = out.with_suffix("") if out.suffix.lstrip(".") in formats else out
    return stem.with_name(f"{stem.name}-{key[0]}.{key[1]}")
