"""Corrections of single cells: a new version of the file that was sent, with the reason kept.

The file that was sent stays as it is; the corrected one is imported like any other, and its
upload says which cells were changed, from what, to what and why.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from oneninex.core.audit_log import Actor
from oneninex.core.i18n import text
from oneninex.domain.audience import Audience
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Options
from oneninex.ingestion.cell_corrections import Correction
from oneninex.ingestion.findings import Refused
from oneninex.ingestion.sandbox import Limits, Sandbox
from oneninex.services.audited_import import import_recorded
from oneninex.services.import_service import ImportResult, Incoming
from oneninex.store import Store, StoreError, raw_files

__all__ = ["Correction", "NotCorrectable", "correct"]


class NotCorrectable(StoreError):
    """The file is not kept, is of another form, or has no such cell."""


def correct(
    store: Store,
    plan: Plan,
    upload: dict[str, Any],
    corrections: Sequence[Correction],
    reason: str,
    *,
    actor: Actor,
    imported_by: str,
    sender: Audience | None = None,
    dry_run: bool = False,
) -> ImportResult:
    """Import an upload's file again with corrected cells; raises NotCorrectable.

    `upload` names the sha256, the file and the kind of the upload.
    """
    kept = raw_files.path_of(store, upload["sha256"])
    if not kept.is_file() or not corrections:
        raise NotCorrectable("store.not_correctable", file=upload["file"])
    with tempfile.TemporaryDirectory(prefix="oneninex-") as folder:
        path, changes = _corrected(kept, Path(folder), plan, upload, corrections)
        listed = "；".join(f"{cell}：“{old}”→“{new}”" for cell, old, new in changes)
        words = text("store.correction_reason", "zh", changes=listed, reason=reason)
        options = Options(kind=upload["kind"], max_bytes=plan.config.intake.max_bytes)
        today = datetime.now(plan.config.zone).date()
        return import_recorded(
            store,
            plan,
            [Incoming(path, options, today, words)],
            actor=actor,
            reason=words,
            imported_by=imported_by,
            sender=sender,
            dry_run=dry_run,
        )


def _corrected(
    kept: Path, folder: Path, plan: Plan, upload: dict[str, Any], corrections: Sequence[Correction]
) -> tuple[Path, list[tuple[str, str, str]]]:
    """The corrected copy of a file, made in a worker, and each cell with its two values."""
    name = f"{Path(upload['file']).stem}-{text('store.correction_name', 'zh')}"
    try:
        with Sandbox(folder, plan, Limits(*plan.config.intake.worker)) as sandbox:
            return sandbox.correct(kept.absolute(), folder / name, upload["kind"], corrections)
    except Refused:
        raise NotCorrectable("store.not_correctable", file=upload["file"]) from None
