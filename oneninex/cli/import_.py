"""`import`: from files and folders to a snapshot, and what a person is told of it."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from oneninex.cli import progress_bar, render
from oneninex.cli.context import Context, app
from oneninex.core.audit_log import Actor
from oneninex.core.i18n import text
from oneninex.domain import contracts
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Options
from oneninex.services import annotated, import_request
from oneninex.services.audited_import import import_recorded
from oneninex.services.import_service import ImportResult


@app.command("import")
def import_(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.")],
    kind: Annotated[str | None, typer.Option(help="Return kind, if not recognised.")] = None,
    unit: Annotated[str | None, typer.Option(help="Unit of a platform export.")] = None,
    enterprise: Annotated[str | None, typer.Option(help="Enterprise of the export.")] = None,
    project: Annotated[str | None, typer.Option(help="Project of the export.")] = None,
    modality: Annotated[str | None, typer.Option(help="Modality of the export.")] = None,
    month: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m"], help="Month of the work, for exports without times: YYYY-MM."
        ),
    ] = None,
    one_person_per_file: Annotated[
        bool,
        typer.Option("--one-person-per-file", help="Each export file holds one person's work."),
    ] = False,
    reason: Annotated[
        str,
        typer.Option(
            help="Why this return is sent (kept for good). With it, a file named alone that was "
            "imported before and replaced since counts again."
        ),
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check only.")] = False,
    annotate: Annotated[
        Path | None,
        typer.Option("--annotated", help="Folder for the senders' workbooks with red cells."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Recognise, check, store and publish returns as a new snapshot."""
    options = Options(
        kind,
        unit,
        enterprise,
        project,
        modality,
        month=month.date() if month else None,
        one_person_per_file=one_person_per_file,
    )
    _look_at_usage(context.obj, paths, options)
    lang = context.obj.lang
    notes = import_request.notes(paths, "zh"), import_request.notes(paths, "en")
    plan = context.obj.plan
    progress, phases = progress_bar.waiting(lang, quiet=as_json)
    result = import_recorded(
        context.obj.store,
        plan,
        import_request.expand(paths, options, plan, reason),
        actor=Actor(),
        reason=reason,
        imported_by=context.obj.who,
        dry_run=dry_run,
        again=bool(reason) and not any(path.is_dir() for path in paths),
        progress=progress,
        phases=phases,
    )
    if annotate is not None:
        _give_back(result, annotate, plan)
    if as_json:
        typer.echo(json.dumps(render.import_document(result, notes), ensure_ascii=False))
    else:
        render.import_report(result, notes[lang == "en"], lang)
    raise typer.Exit(result.exit_code)


def _give_back(result: ImportResult, folder: Path, plan: Plan) -> None:
    """Write the annotated workbook of each file with findings; no name overwrites another."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, batch in result.files:
        source = path if path.is_file() else batch.raw
        if not isinstance(source, Path) or not source.is_file() or batch.platform:
            continue
        content = annotated.annotated(source, batch, plan)
        if content is not None:
            target = folder / annotated.file_name(batch.name)
            number = 1
            while target.exists():
                number += 1
                target = folder / f"{Path(annotated.file_name(batch.name)).stem}-{number}.xlsx"
            target.write_bytes(content)


def _look_at_usage(context: Context, paths: list[Path], options: Options) -> None:
    """Refuse what names nothing: a path, a kind, a unit, a modality."""
    if missing := [path for path in paths if not os.path.lexists(path)]:
        raise typer.BadParameter(
            text("cli.no_such_path", context.lang, path=render.printable(str(missing[0])))
        )
    labels = contracts.load("labeling_daily").field("modality").labels
    known: dict[str, tuple[str | None, list[str]]] = {
        "--kind": (options.kind, contracts.sent_kinds()),
        "--unit": (options.unit_id, []),
        "--modality": (options.modality, list(labels)),
    }
    if options.unit_id is not None:
        known["--unit"] = options.unit_id, context.plan.units.column("unit_id").to_pylist()
    for option, (given, choices) in known.items():
        if given is not None and given not in choices:
            raise typer.BadParameter(" | ".join(choices), param_hint=option)
