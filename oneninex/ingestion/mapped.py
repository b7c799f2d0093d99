"""Event tables of closed platforms, read by a mapping of the plan (domain/plan/mappings.py).

One row is one unit of work. CSV and TSV in UTF-8 or GB18030, and workbooks (the first sheet).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from python_calamine import CalamineError, CalamineWorkbook

from oneninex.domain.plan.mappings import Mapping
from oneninex.ingestion.batch import Options
from oneninex.ingestion.findings import refuse
from oneninex.ingestion.platform.model import (
    Capability,
    Export,
    HoursBasis,
    Problem,
    State,
    Verdict,
    Work,
)
from oneninex.ingestion.records import bounds, tally, values

PLATFORM = "mapped"

_HEAD = 64 << 10
_MAX_CELLS = 5_000_000  # of a workbook
_UNITS = {"milliseconds": 0.001, "seconds": 1.0, "minutes": 60.0, "hours": 3600.0}
_STATES = {
    "submitted": State.SUBMITTED,
    "skipped": State.SKIPPED,
    "draft": State.DRAFT,
    "expired": State.EXPIRED,
    "not_begun": None,
}
_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M",
            "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M")  # fmt: skip


def reader(head: bytes, path: Path, mappings: tuple[Mapping, ...]) -> MappedReader | None:
    """Return the reader of the first mapping whose columns a table has; None otherwise."""
    if not mappings:
        return None
    names = set(header(head, path))
    for mapping in mappings:
        if mapping.columns.named() <= names:
            return MappedReader(mapping)
    return None


def header(head: bytes, path: Path) -> list[str]:
    """Return the column names of a table; empty for what is none."""
    if head.startswith(b"PK"):
        try:
            return [str(cell).strip() for cell in next(_sheet(path), [])]
        except (CalamineError, OSError, ValueError):
            return []
    line = head.removeprefix(b"\xef\xbb\xbf").splitlines()[:1]
    if not line or b"\0" in line[0]:
        return []
    text = _decoded(line[0])
    try:
        found = next(csv.reader([text], delimiter=_delimiter(text)), [])
    except csv.Error:
        return []
    return [name.strip() for name in found]


@dataclass(frozen=True)
class MappedReader:
    """Reader of one platform's table."""

    mapping: Mapping
    PLATFORM: str = PLATFORM

    def recognises(self, head: bytes, path: Path) -> bool:
        """Check whether the table has all columns of the mapping."""
        return self.mapping.columns.named() <= set(header(head, path))

    def open_export(self, path: Path, options: Options) -> Export:
        """Return the rows of a table as units of work; raises Refused."""
        del options
        columns, counts = self.mapping.columns, {"tasks": 0, "not_begun": 0}
        told = {
            Capability.ANNOTATOR: columns.person,
            Capability.TIME: columns.submitted_at or columns.started_at,
            Capability.DURATION: columns.duration,
            Capability.REVIEW: columns.verdict,
            Capability.OBJECTS: columns.objects,
            Capability.SKIP: columns.state and self.mapping.words.skipped,
            Capability.OVERLAP: columns.person,
        }
        return Export(
            platform=PLATFORM,
            form="table",
            capabilities=frozenset(one for one, column in told.items() if column),
            hours_basis=HoursBasis(self.mapping.hours_basis) if columns.duration else None,
            records=tally.counted(self._records(path, counts), counts),
            counts=counts,
            encoding=_encoding(path),
            items_known=columns.work_id is None,
        )

    def _records(self, path: Path, counts: dict[str, int]) -> Iterator[Work | Problem]:
        rows = _table(path)
        names = [str(name).strip() for name in next(rows, (0, []))[1]]
        places = {name: place for place, name in enumerate(names)}
        for number, cells in rows:
            row = {name: cells[place] for name, place in places.items() if place < len(cells)}
            try:
                work = self._work(number, row)
            except values.Unfit as unfit:
                yield unfit.problem(number)
                continue
            if work is None:
                counts["not_begun"] += 1
            else:
                yield work

    def _work(self, number: int, row: dict[str, Any]) -> Work | None:
        columns = self.mapping.columns
        item = values.required_name(columns.item, _text(row.get(columns.item)))
        state = self._state(row)
        if state is None:
            return None
        submitted = self._moment(row, columns.submitted_at)
        own = _text(row.get(columns.work_id)) if columns.work_id else None
        person = _text(row.get(columns.person)) if columns.person else None
        known = own or f"{item} {person or ''} {submitted or number}"
        return Work(
            row=number,
            item=item,
            work_id=known,
            state=state,
            who=f"name:{person}" if person else None,
            started_at=self._moment(row, columns.started_at),
            submitted_at=submitted,
            updated_at=self._moment(row, columns.updated_at) or submitted,
            seconds=self._seconds(row),
            verdicts=self._verdicts(row),
            objects=self._objects(row),
        )

    def _state(self, row: dict[str, Any]) -> State | None:
        column = self.mapping.columns.state
        if column is None:
            return State.SUBMITTED
        word = _text(row.get(column)) or ""
        for name, state in _STATES.items():
            if word in getattr(self.mapping.words, name):
                return state
        raise values.Unfit(column, word, "type" if word else "required")

    def _moment(self, row: dict[str, Any], column: str | None) -> datetime | None:
        value = row.get(column) if column else None
        if value is None or value == "":
            return None
        zone = ZoneInfo(self.mapping.zone)
        if isinstance(value, datetime):
            return values.in_range(str(column), value, value.replace(tzinfo=zone).astimezone(UTC))
        text = str(value).strip()
        for form in (*self.mapping.time_formats, *_FORMATS):
            try:
                at = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the mapping's
            except ValueError:
                continue
            at = at if at.tzinfo else at.replace(tzinfo=zone)
            return values.in_range(str(column), text, at.astimezone(UTC))
        return values.moment(str(column), text, zone)

    def _seconds(self, row: dict[str, Any]) -> float | None:
        column = self.mapping.columns.duration
        text = _text(row.get(column)) if column else None
        found = values.seconds_of_text(str(column), text) if text else None
        return None if found is None else found * _UNITS[self.mapping.duration_unit]

    def _verdicts(self, row: dict[str, Any]) -> tuple[Verdict, ...] | None:
        column = self.mapping.columns.verdict
        if column is None:
            return None
        word = _text(row.get(column))
        if not word:
            return ()
        if word in self.mapping.words.accepted:
            return (Verdict(None, True),)
        if word in self.mapping.words.rejected:
            return (Verdict(None, False),)
        raise values.Unfit(column, word)

    def _objects(self, row: dict[str, Any]) -> int | None:
        column = self.mapping.columns.objects
        text = _text(row.get(column)) if column else None
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > 12:
            raise values.Unfit(str(column), text)
        return int(text)


def _text(value: Any) -> str | None:
    """A cell as text: a whole number of a workbook without its decimals."""
    if value is None or isinstance(value, date):
        return None if value is None else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None


def _table(path: Path) -> Iterator[tuple[int, list[Any]]]:
    """Line number and cells of each row; the header is line 1."""
    with path.open("rb") as file:
        workbook = file.read(2) == b"PK"
    if workbook:
        try:
            yield from enumerate(_sheet(path), 1)
        except (CalamineError, ValueError, OSError):
            raise refuse("not_a_table", "not_a_table.unreadable") from None
        return
    limit = csv.field_size_limit(bounds.MAX_RECORD)
    try:
        with path.open(encoding=_encoding(path), newline="") as file:
            first = file.readline()
            rest = csv.reader(_joined(first, file), delimiter=_delimiter(first))
            line = 1
            for cells in rest:
                if any(cells):
                    yield line, list(cells)
                line = rest.line_num + 1
    except UnicodeDecodeError:
        raise refuse("encoding", "export.encoding") from None
    except csv.Error:
        raise refuse("not_a_table", "not_a_table.unreadable") from None
    finally:
        csv.field_size_limit(limit)


def _joined(first: str, file: io.TextIOWrapper) -> Iterator[str]:
    yield first
    yield from file


def _sheet(path: Path) -> Iterator[list[Any]]:
    with CalamineWorkbook.from_path(str(path)) as book:
        sheet = book.get_sheet_by_index(0)
        if sheet.total_height * max(sheet.total_width, 1) > _MAX_CELLS:
            raise bounds.record_too_large()
        yield from (list(row) for row in sheet.iter_rows())


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    try:
        head[: head.rfind(b"\n") + 1 or len(head)].decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("gb18030", "replace")


def _delimiter(line: str) -> str:
    return max(",\t;", key=line.count)
