"""The sender's own workbook with its findings, made in the worker process that reads files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from oneninex.core.i18n import text
from oneninex.domain.plan import Plan
from oneninex.ingestion.annotated_workbook import MAX_ROWS, write_annotated
from oneninex.ingestion.batch import Batch
from oneninex.ingestion.findings import Refused
from oneninex.ingestion.sandbox import Limits, Sandbox


def annotated(path: Path, batch: Batch, plan: Plan, limits: Limits | None = None) -> bytes | None:
    """The file as a workbook with its findings; None where nothing was found.

    A file whose worker breaks a limit becomes a list of the findings alone.
    """
    if not batch.findings.num_rows:
        return None
    findings = batch.findings.slice(0, MAX_ROWS).to_pylist()
    with tempfile.TemporaryDirectory(prefix="oneninex-") as name:
        folder = Path(name)
        target = folder / "annotated.xlsx"
        with Sandbox(folder, plan, limits or Limits(*plan.config.intake.worker)) as sandbox:
            try:
                sandbox.annotate(path.absolute(), batch.kind, findings, target)
            except Refused:
                write_annotated(None, batch.kind, findings, target)
        return target.read_bytes()


def file_name(name: str) -> str:
    """The name under which an annotated file goes back."""
    return f"{Path(name).stem}-{text('returns.annotated_name', 'zh')}.xlsx"
