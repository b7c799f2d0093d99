"""Units of work on their way into a relation; whoever did them is a keyed hash from here on."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from oneninex.domain import contracts
from oneninex.ingestion.batch import Options
from oneninex.ingestion.identity import pseudonym
from oneninex.ingestion.platform.model import Export, HoursBasis, State, Work

KIND = "work_items"
_AT_ONCE = 5_000
_YEARS = range(2000, 2101)
_serial = itertools.count(1)

_ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMP": pa.timestamp("us"),
}
_ANSWERS = pa.schema(
    [
        ("platform", pa.string()),
        ("work_id", pa.string()),
        ("serial", pa.int64()),
        ("label_set", pa.string()),
        ("answer", pa.string()),
    ]
)


def new_name(word: str) -> str:
    """A relation name that nothing else in this process has."""
    return f"platform_{word}_{next(_serial)}"


def schema() -> pa.Schema:
    """Return the columns of work_items, then those that only live while a file is read.

    source_row: the record's number; serial: the work's place in the file; former_id: the work_id
    of earlier releases; imported: the export itself shows an import.
    """
    fields = contracts.load(KIND).fields
    columns = [(item.name, _ARROW[item.duckdb_type]) for item in fields]
    more = [("source_row", pa.int64()), ("serial", pa.int64()), ("former_id", pa.string()),
            ("imported", pa.bool_())]  # fmt: skip
    return pa.schema([*columns, *more])


class Undatable(Exception):
    """A time that cannot be meant."""


@dataclass(frozen=True)
class Hasher:
    """Names things within an enterprise: numbers of people restart in each installation."""

    key: bytes
    platform: str
    enterprise: str
    project: str
    _people: dict[str, str] = field(default_factory=dict)

    def person(self, who: str | None) -> str | None:
        """The pseudonym of a person."""
        if who is None:
            return None
        if who not in self._people:
            parts = (self.platform, self.enterprise, "person", who)
            self._people[who] = pseudonym(self.key, *parts)
        return self._people[who]

    def id(self, *parts: str | None) -> str:
        """A textual id may hold anything, so every id is hashed."""
        named = ("" if part is None else part for part in parts)
        return pseudonym(self.key, self.platform, self.enterprise, "id", *named)

    def label_set(self, name: str) -> str:
        """A label set's name, short: it only tells one from another."""
        return pseudonym(self.key, self.enterprise, self.project, "label set", name)[:12]


@dataclass
class Works:
    """The relations that hold an export's works and, for agreement, their answers."""

    con: duckdb.DuckDBPyConnection
    export: Export
    options: Options
    hasher: Hasher
    zone: ZoneInfo
    table: str = ""
    answers: str = ""
    rows: list[dict[str, Any]] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)
    taken: int = 0

    def __post_init__(self) -> None:
        self.table, self.answers = new_name("works"), new_name("answers")
        self._create(self.table, schema())
        self._create(self.answers, _ANSWERS)

    def take(self, work: Work) -> dict[str, Any]:
        """Add a unit of work and give it as the row that it becomes; raises Undatable."""
        row = self._row(work) | {"serial": self.taken}
        self.taken += 1
        self.rows.append(row)
        if work.answers and work.state is State.SUBMITTED and row["annotator"] is not None:
            self.said += self._answers(work, row)
        if len(self.rows) >= _AT_ONCE:
            self.flush()
        return row

    def flush(self) -> None:
        """Write what was taken since."""
        self._insert(self.table, self.rows, schema())
        self._insert(self.answers, self.said, _ANSWERS)
        self.rows, self.said = [], []

    def drop(self) -> None:
        """Forget everything: the file is refused."""
        self.con.execute(f"drop table {self.table}; drop table {self.answers}")

    def _create(self, name: str, columns: pa.Schema) -> None:
        self.con.register("platform_shape", columns.empty_table())
        self.con.execute(f"create temp table {name} as select * from platform_shape")
        self.con.unregister("platform_shape")

    def _insert(self, name: str, rows: list[dict[str, Any]], columns: pa.Schema) -> None:
        if not rows:
            return
        self.con.register("platform_rows", pa.Table.from_pylist(rows, columns))
        self.con.execute(f"insert into {name} select * from platform_rows")
        self.con.unregister("platform_rows")

    def _row(self, work: Work) -> dict[str, Any]:
        started, submitted = _moment(work.started_at), _moment(work.submitted_at)
        verdicts, seconds = work.verdicts, _length(work.seconds)
        basis = self.export.hours_basis
        return {
            **self.options.supplied,
            "platform": self.export.platform,
            "work_id": self.hasher.id("work", work.project, work.work_id),
            "item": self.hasher.id("item", work.project, work.item),
            "annotator": self.hasher.person(work.who),
            "state": work.state.value,
            "items": work.count,
            "date": self._day(work, started, submitted),
            "started_at": started,
            "submitted_at": submitted,
            "updated_at": _moment(work.updated_at),
            "seconds": seconds,
            "hours_basis": basis.value if basis and _timed(work, seconds, basis) else None,
            "time_usable": not work.copied,
            "page": None if work.page is None else self.hasher.id("page", work.project, work.page),
            "verdicts": None if verdicts is None else len(verdicts),
            "accepted": work.accepted,
            "first_pass": all(v.accepted for v in verdicts) if verdicts else None,
            **dict(zip(("gold_items", "gold_correct"), _gold(work), strict=True)),
            "objects": work.objects,
            "prelabeled": work.prelabeled,
            "origin": None if work.origin is None else self.hasher.id("origin", work.origin),
            "date_basis": None,
            "source_row": work.row,
            "former_id": None
            if work.former_id is None
            else self.hasher.id("work", work.project, work.former_id),
            "imported": work.imported,
        }

    def _day(self, work: Work, started: datetime | None, submitted: datetime | None) -> date | None:
        """The local day of the submission; what was never submitted has the day of its start."""
        at = submitted or (started if work.state is not State.SUBMITTED else None)
        return None if at is None else at.replace(tzinfo=UTC).astimezone(self.zone).date()

    def _answers(self, work: Work, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        same = {name: row[name] for name in ("platform", "work_id", "serial")}
        for name, answer in work.answers.items():
            hashed = self.hasher.id("answer", name, answer)
            yield {**same, "label_set": self.hasher.label_set(name), "answer": hashed}


def _timed(work: Work, seconds: float | None, basis: HoursBasis) -> bool:
    """Whether its hours can be counted: a person's interval to be united, else a duration."""
    if basis is HoursBasis.CLOCK_UNION:
        if work.who is None or work.started_at is None or work.submitted_at is None:
            return False
        return work.started_at <= work.submitted_at
    return seconds is not None


def _gold(work: Work) -> tuple[int | None, int | None]:
    """Control items in it and how many of them are right."""
    if work.gold_items is not None:
        return work.gold_items, work.gold_right
    if not work.gold:
        return (None, None) if work.gold is None else (0, 0)
    right = work.gold_correct
    return work.count, None if right is None else work.count * right


def _moment(at: datetime | None) -> datetime | None:
    """A time as UTC without its zone, as it is stored."""
    if at is None:
        return None
    try:
        utc = at.astimezone(UTC)
    except (OverflowError, ValueError):
        raise Undatable from None
    if utc.year not in _YEARS:
        raise Undatable
    return utc.replace(tzinfo=None)


def _length(seconds: float | None) -> float | None:
    known = seconds is not None and math.isfinite(seconds) and seconds >= 0
    return float(seconds) if known and seconds is not None else None
