"""JSON_MIN and CSV: one row for each annotation, its columns mixed with those of the task's data.

The converter that writes them leaves out skips, reviews, drafts and results as drawn. Where the
task's data has a column of the same name as the export's own, that whose value fits is the own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from oneninex.ingestion.findings import refuse
from oneninex.ingestion.label_studio import parse, values
from oneninex.ingestion.platform.model import Problem, Work
from oneninex.ingestion.platform.stream import ELEMENT_BYTES, Elements

OWN = ("id", "annotation_id", "annotator", "created_at", "updated_at", "lead_time")
NEEDED = {"annotation_id", "annotator", "created_at", "lead_time"}
_INTEGER = re.compile(r"-?[0-9]{1,18}")
# How a spreadsheet program writes a time back: seconds and zone are lost.
_RESAVED = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4} +\d{1,2}:\d\d(:\d\d)?( ?[AaPp][Mm])?")
_FITS = {
    "lead_time": re.compile(r"[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"),
    "created_at": re.compile(r"\d{4}-\d\d-\d\d[T ].*"),
    "updated_at": re.compile(r"\d{4}-\d\d-\d\d[T ].*"),
    "annotation_id": _INTEGER,
    "id": _INTEGER,
}

Record = Work | Problem


def of_json(elements: Elements, counts: dict[str, int]) -> Iterator[Record]:
    """The records of a JSON_MIN export."""
    yield from _counted(enumerate(elements, 1), counts)


def of_csv(path: Path, counts: dict[str, int]) -> Iterator[Record]:
    """The records of a CSV export (Label Studio parts its cells by commas or tabs)."""
    yield from _counted(_rows(path), counts)


def header(head: bytes) -> list[str] | None:
    """The header of such a CSV, or None."""
    line = head.removeprefix(b"\xef\xbb\xbf").splitlines()[:1]
    text = line[0].decode("utf-8", "replace") if line else ""
    try:
        names = next(csv.reader([text], delimiter=delimiter(text)), [])
    except csv.Error:
        return None
    return names if set(names) >= NEEDED else None


def delimiter(line: str) -> str:
    """What parts the cells of a line."""
    return "\t" if line.count("\t") > line.count(",") else ","


def _counted(rows: Iterator[tuple[int, Any]], counts: dict[str, int]) -> Iterator[Record]:
    tasks = set()
    resaved = False
    counts.update(tasks=0, not_begun=0)
    for place, row in rows:
        record = _record(place, row)
        if record is None:
            counts["tasks"] += 1
            counts["not_begun"] += 1
            continue
        created = row.get("created_at") if isinstance(row, dict) else None
        resaved = resaved or (isinstance(created, str) and bool(_RESAVED.fullmatch(created)))
        if isinstance(record, Work) and record.item not in tasks:
            tasks.add(record.item)
            counts["tasks"] += 1
        yield record
    if resaved and not tasks:
        raise refuse("unknown_format", "export.resaved")
    if not counts["tasks"]:
        raise refuse("unknown_format", "export.no_tasks")


def _record(place: int, row: Any) -> Record | None:
    if not isinstance(row, dict):
        return values.Unfit("task", row).problem(place, loses=1)
    if row.get("created_at") in (None, ""):
        if row.get("annotation_id") in (None, ""):
            return None  # a task that nobody has begun, in an export of all tasks
        return Problem("missing_capability", "export.undated", place, "created_at", loses=1)
    try:
        return _work(place, row)
    except values.Unfit as unfit:
        return unfit.problem(place, loses=1)


def _work(place: int, row: Mapping[str, Any]) -> Work:
    task = values.identifier("id", row.get("id"))
    own = values.identifier("annotation_id", row.get("annotation_id"))
    created = values.moment("created_at", row["created_at"])
    return Work(
        row=place,
        item=parse.name(task, f"annotation {place}"),
        work_id=parse.identity(task, own, created, place),
        former_id=parse.former_identity(task, own, place),
        who=values.person("annotator", row.get("annotator")),
        submitted_at=created,
        updated_at=values.optional_moment("updated_at", row.get("updated_at")),
        seconds=values.seconds("lead_time", row.get("lead_time")),
    )


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows as JSON would give them, with the number of the line on which each begins."""
    limit = csv.field_size_limit(ELEMENT_BYTES)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            names = next(csv.reader([first], delimiter=delimiter(first)))
            places = {own: [i for i, name in enumerate(names) if name == own] for own in OWN}
            reader = csv.reader(file, delimiter=delimiter(first))
            line = 2
            for cells in reader:
                if any(cells):
                    yield line, {own: _typed(own, _cell(own, places[own], cells)) for own in OWN}
                line = reader.line_num + 2
    except UnicodeDecodeError:
        raise refuse("encoding", "export.encoding") from None
    except csv.Error:
        raise refuse("not_a_table", "not_a_table.unreadable") from None
    finally:
        csv.field_size_limit(limit)


def _cell(own: str, places: list[int], cells: list[str]) -> str:
    found = [cells[place] for place in places if place < len(cells)]
    fits = _FITS.get(own)
    fitting = [cell for cell in found if fits is None or fits.fullmatch(cell)]
    return (fitting or found or [""])[-1]


def _typed(own: str, cell: str) -> Any:
    """A cell's text as the value that it stands for."""
    if cell == "":
        return None
    if own in ("id", "annotation_id", "annotator") and _INTEGER.fullmatch(cell):
        return int(cell)
    if own == "lead_time" and _FITS[own].fullmatch(cell):
        return float(cell)
    return cell
