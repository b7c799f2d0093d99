"""Corrected copies of files: single cells of a workbook or a CSV get another value."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell
from openpyxl.utils import column_index_from_string

from oneninex.ingestion import source as sources
from oneninex.ingestion.annotated_workbook import MAX_BYTES, MAX_CELLS, cell_at
from oneninex.ingestion.batch import Options
from oneninex.ingestion.findings import refuse
from oneninex.ingestion.tables import delimited, package

_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True)
class Correction:
    """A cell by its address (`M3`, `上旬!M3`) and the value that it is to have."""

    cell: str
    value: str


def apply_corrections(
    kept: Path, target: Path, kind: str | None, corrections: Sequence[Correction]
) -> tuple[Path, list[tuple[str, str, str]]]:
    """Write the corrected copy of a file; return it and each cell with its value before and now.

    `target` has no suffix yet. Raises Refused.
    """
    try:
        source = sources.examine(kept, MAX_BYTES)
        if source.form == "zip":
            package.inspect(source, MAX_CELLS)
            return _in_workbook(kept, target.with_name(f"{target.name}.xlsx"), corrections)
        if source.form == "text":
            return _in_text(source, target.with_name(f"{target.name}.csv"), kind, corrections)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        pass  # openpyxl fails in many ways on what other readers take
    raise refuse("unsafe", "unsafe.worker_died")


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
    target: Path,
    kind: str | None,
    corrections: Sequence[Correction],
) -> tuple[Path, list[tuple[str, str, str]]]:
    decoded = sources.decode(source, target.parent)
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
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return target, changes
