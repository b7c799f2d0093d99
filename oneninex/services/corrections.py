"""Corrections of single cells: a new version of the file that was sent, with the reason kept.

The file that was sent stays as it is; the corrected one is imported like any other, and its
upload says which cells were changed, from what, to what and why.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.utils import column_index_from_string

from oneninex.core.audit_log import Actor
from oneninex.core.i18n import text
from oneninex.domain.audience import Audience
from oneninex.domain.plan import Plan
from oneninex.ingestion import source as sources
from oneninex.ingestion.batch import Options
from oneninex.ingestion.findings import Refused
from oneninex.ingestion.tables import delimited, package
from oneninex.services.annotated import MAX_BYTES, MAX_CELLS, cell_at
from oneninex.services.audited_import import import_recorded
from oneninex.services.import_service import ImportResult, Incoming
from oneninex.store import Store, StoreError, raw_files

_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


class NotCorrectable(StoreError):
    """The file is not kept, is of another form, or has no such cell."""


@dataclass(frozen=True)
class Correction:
    """A cell by its address (`M3`, `上旬!M3`) and the value that it is to have."""

    cell: str
    value: str


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
        path, changes = _applied(kept, Path(folder), upload, corrections)
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


def _applied(
    kept: Path, folder: Path, upload: dict[str, Any], corrections: Sequence[Correction]
) -> tuple[Path, list[tuple[str, str, str]]]:
    """The corrected copy of a file, and each cell with its value before and now."""
    stem = f"{Path(upload['file']).stem}-{text('store.correction_name', 'zh')}"
    try:
        source = sources.examine(kept, MAX_BYTES)
        if source.form == "zip":
            package.inspect(source, MAX_CELLS)
            return _in_workbook(kept, folder / f"{stem}.xlsx", corrections)
        if source.form == "text":
            return _in_text(source, folder, stem, upload["kind"], corrections)
    except (Refused, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        pass  # openpyxl fails in many ways on what other readers take
    raise NotCorrectable("store.not_correctable", file=upload["file"])


def _in_workbook(
    kept: Path, target: Path, corrections: Sequence[Correction]
) -> tuple[Path, list[tuple[str, str, str]]]:
    # the file's name has no ending, which openpyxl insists on
    with kept.open("rb") as file:
        book = openpyxl.load_workbook(file)
    changes = []
    for correction in corrections:
        cell = cell_at(book, correction.cell)
        if cell is None:
            raise ValueError(correction.cell)
        old = "" if cell.value is None else str(cell.value)
        _set(cell, correction.value.strip())
        changes.append((correction.cell, old[:100], correction.value.strip()))
    book.save(target)
    return target, changes


def _set(cell: Cell, value: str) -> None:
    """The value as a person would type it: a number, a day or a text, never a formula."""
    cell.number_format = "General"
    if re.fullmatch(r"-?(0|[1-9]\d{0,14})(\.\d+)?", value):
        cell.value = float(value) if "." in value else int(value)
    elif re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        cell.value = date.fromisoformat(value)
        cell.number_format = "yyyy-mm-dd"
    else:
        cell.value = value or None
        if value:
            cell.data_type, cell.number_format = "s", "@"


def _in_text(
    source: sources.Source,
    folder: Path,
    stem: str,
    kind: str | None,
    corrections: Sequence[Correction],
) -> tuple[Path, list[tuple[str, str, str]]]:
    decoded = sources.decode(source, folder)
    _, delimiter, _ = delimited.header_of(decoded, Options(kind=kind))
    with decoded.path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter))
    changes = []
    for correction in corrections:
        place = _PLACE.fullmatch(correction.cell)
        if place is None:
            raise ValueError(correction.cell)
        row, column = int(place[2]) - 1, column_index_from_string(place[1]) - 1
        old, rows[row][column] = rows[row][column], correction.value.strip()
        changes.append((correction.cell, old[:100], correction.value.strip()))
    target = folder / f"{stem}.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return target, changes
