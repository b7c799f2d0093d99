"""What the command line prints: tables for people, JSON and files for scripts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from oneninex.core import escape, formats
from oneninex.core.i18n import text
from oneninex.figures.charts.export_words import told
from oneninex.ingestion.source import no_room
from oneninex.services.import_service import ImportResult
from oneninex.store import StoreError

FORMATS = ("table", "json", "csv", "xlsx", "parquet")
BINARY = ("xlsx", "parquet")  # need --out
_FINDINGS_SHOWN = 100
_WIDTH = 16  # characters of a column in a workbook
_CREATED = datetime(2026, 1, 1, tzinfo=UTC)  # the same bytes for the same table


@contextmanager
def written(out: Path) -> Iterator[None]:
    """Turn a place that cannot be written to into a usage error, a full disk into a StoreError."""
    try:
        yield
    except OSError as refusal:
        if no_room(refusal):
            raise StoreError("store.no_room_for_output", path=printable(str(out))) from refusal
        words = f"{printable(str(out))}: {refusal.strerror or refusal}"
        raise typer.BadParameter(words, param_hint="--out") from refusal


def fits(format: str, out: Path | None, lang: str) -> None:
    """Refuse to write JSON under the name of a CSV file."""
    if format == "json" and out is not None and out.suffix.lower() == ".csv":
        raise typer.BadParameter(text("cli.json_is_no_csv", lang), param_hint="--out")


def printable(value: str) -> str:
    """A text that any terminal takes: no control characters, no half characters of file names."""
    return escape.terminal(value)


def table(result: pa.Table, format: str, out: Path | None, lang: str) -> None:
    """Print a query's table or write it to a file."""
    if format == "parquet" and out is not None:
        with written(out):
            pq.write_table(result, out)
        return
    if format == "xlsx" and out is not None:
        with written(out):
            out.write_bytes(to_xlsx(result))
        return
    rows(result.to_pylist(), format, out, lang, names=result.column_names)


def document(found: Any) -> None:
    """Print one JSON document."""
    _emit(json.dumps(found, ensure_ascii=False, default=_plain), None)


def rows(
    found: list[dict[str, Any]],
    format: str,
    out: Path | None,
    lang: str,
    names: list[str] | None = None,
) -> None:
    """Print rows as a table, as JSON (a list of objects) or as CSV, or write them to a file."""
    if format == "json":
        _emit(json.dumps(found, ensure_ascii=False, default=_plain), out)
    elif format == "csv" or out is not None:
        _emit(to_csv(found, names), out)
    else:
        _print_table(found, lang)


def to_csv(found: list[dict[str, Any]], names: list[str] | None = None) -> str:
    """Rows as CSV with text that a spreadsheet would run as a formula made harmless."""
    names = names or (list(found[0]) if found else [])
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(map(escape.cell, names))
    for row in found:
        writer.writerow([_cell(row[name]) for name in names])
    return target.getvalue()


def to_xlsx(result: pa.Table) -> bytes:
    """A query's table as a workbook: numbers and days as such, codes and other text as text."""
    import pandas as pd  # loads slowly

    frame = result.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    target = io.BytesIO()
    literal = ("formulas", "urls", "numbers")
    options = {"in_memory": True, **{f"strings_to_{kind}": False for kind in literal}}
    with pd.ExcelWriter(
        target,
        engine="xlsxwriter",
        date_format="yyyy-mm-dd",
        datetime_format="yyyy-mm-dd hh:mm:ss",
        engine_kwargs={"options": options},
    ) as writer:
        frame.to_excel(writer, sheet_name="query", index=False, freeze_panes=(1, 0))
        book, sheet = writer.book, writer.sheets["query"]
        book.set_properties({"created": _CREATED})
        text_format = book.add_format({"num_format": "@"})
        for place, field in enumerate(result.schema):
            is_text = pa.types.is_string(field.type)
            sheet.set_column(place, place, _WIDTH, text_format if is_text else None)
        sheet.autofilter(0, 0, max(result.num_rows, 1), max(result.num_columns - 1, 0))
    return target.getvalue()


def import_document(
    result: ImportResult, notes: tuple[list[str], list[str]] = ([], [])
) -> dict[str, Any]:
    """What `import --json` prints; `notes` in Chinese and in English."""
    names = ("row", "cell", "field", "value", "code", "rule", "message_zh", "message_en")
    files = [
        {
            "path": printable(str(path)),
            "sha256": batch.sha256,
            "kind": batch.kind,
            "encoding": batch.encoding,
            "rows_read": batch.rows_read,
            "rows_accepted": batch.rows_accepted,
            "rows_quarantined": batch.rows_quarantined,
            "status": batch.status,
            "superseded": batch.superseded,
            "counts": dict(batch.counts),
            "platform": batch.platform,
            "capabilities": batch.capabilities,
            "findings_total": batch.findings.num_rows,
            "findings": batch.findings.slice(0, _FINDINGS_SHOWN).select(names).to_pylist(),
        }
        for path, batch in result.files
    ]
    return {
        "snapshot": result.snapshot,
        "held": result.held,
        "files": files,
        "replaced": [
            {**row, "period": row["period"] and row["period"].isoformat()}
            for row in result.replaced
        ],
        "notes": [{"zh": zh, "en": en} for zh, en in zip(*notes, strict=True)],
    }


def import_report(result: ImportResult, notes: list[str], lang: str) -> None:
    """Tell a person what became of each file, which cells are wrong and what is replaced."""
    for note in notes:
        say(note)
    for _, batch in result.files:
        key = f"cli.file_{'superseded' if batch.superseded else batch.status}"
        say(
            text(
                key,
                lang,
                file=batch.name,
                kind=text(f"plan.kind.{batch.kind}", lang) if batch.kind else "",
                read=batch.rows_read,
                accepted=batch.rows_accepted,
                quarantined=batch.rows_quarantined,
            )
        )
        if batch.platform:
            for line in told(batch.platform, batch.capabilities or (), batch.counts, lang):
                say("  " + line)
        for finding in batch.findings.slice(0, _FINDINGS_SHOWN).to_pylist():
            say("  " + _finding(finding, lang))
        if (hidden := batch.findings.num_rows - _FINDINGS_SHOWN) > 0:
            typer.echo("  " + text("cli.more_findings", lang, count=hidden))
    for row in result.replaced[:_FINDINGS_SHOWN]:
        say(_replaced(row, lang, published=result.snapshot is not None))
    if (hidden := len(result.replaced) - _FINDINGS_SHOWN) > 0:
        say(text("cli.more_replaced", lang, count=hidden))
    _outcome(result, lang)


def _outcome(result: ImportResult, lang: str) -> None:
    if result.held:
        say(text("review.held", lang, files=result.held))
    elif result.snapshot is None:
        say(text("cli.nothing_published", lang))
    else:
        say(text("cli.published", lang, snapshot=result.snapshot))


def say(line: str) -> None:
    """Print a line that may quote what a sender wrote."""
    typer.echo(printable(line))


def _replaced(row: dict[str, Any], lang: str, *, published: bool) -> str:
    """How many published rows of a unit and period a return replaces by how many."""
    fewer = row["new"] < row["replaced"]
    key = f"cli.{'replaced' if published else 'replaces'}{'_by_fewer' if fewer else ''}"
    place = [text(f"plan.kind.{row['kind']}", lang)]
    if row["unit_id"]:
        place.append(row["unit_id"])
    if row["period"]:
        place.append(formats.month(row["period"], lang))
    return text(key, lang, place=" · ".join(place), old=row["replaced"], new=row["new"])


def _finding(finding: dict[str, Any], lang: str) -> str:
    message = finding[f"message_{lang}"]
    if finding["row"] is None:
        return message
    row = f"{finding['row']} ({finding['cell']})" if finding["cell"] else finding["row"]
    return text("cli.finding_at_row", lang, row=row, message=message)


def _emit(content: str, out: Path | None) -> None:
    if out is None:
        typer.echo(content.rstrip("\r\n"))
    else:
        # A byte order mark, so that Excel reads Chinese CSV as UTF-8.
        lead = "\ufeff" if out.suffix.lower() == ".csv" else ""
        with written(out):
            out.write_text(lead + content, encoding="utf-8", newline="")


def _print_table(found: list[dict[str, Any]], lang: str) -> None:
    if not found:
        typer.echo(text("cli.no_rows", lang))
        return
    shown = Table(box=None, pad_edge=False)
    for name in found[0]:
        numeric = all(isinstance(row[name], int | float | None) for row in found)
        header = Text(name)  # a text that stands in brackets is no mark-up
        shown.add_column(header, justify="right" if numeric else "left", no_wrap=True)
    for row in found:
        shown.add_row(*(Text(printable(_word(value))) for value in map(row.__getitem__, found[0])))
    # Wide enough that no cell is broken: a person scrolls, a pipe gets whole rows.
    Console(width=2_000).print(shown)


def _word(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.1f}"
    return str(value)


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return escape.cell(value)


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
