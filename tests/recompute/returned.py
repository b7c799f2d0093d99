"""What was returned, put together by hand: rows in force, the months they span, the ledger."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from tests.recompute import covered
from tests.recompute.exact import Row, between, first_day, known, last_weekday, months_from, shift
from tests.recompute.plan_files import PlanFiles

# What a later return of the same kind replaces.
REPLACES = {
    "labeling_daily": ("unit_id", "enterprise_id", "project_id", "month"),
    "enterprises": ("enterprise_id",),
    "enterprise_quarterly": ("enterprise_id", "quarter"),
    "datasets": ("dataset_id",),
    "workforce_monthly": ("unit_id", "month"),
    "indicator_values": ("indicator_id", "scope", "period"),
    "work_set_aside": ("unit_id", "enterprise_id", "project_id", "month"),
    "agreement": ("unit_id", "enterprise_id", "project_id", "month"),
}


@dataclass(frozen=True)
class Upload:
    """One file: the day it came in, its good rows for each kind, and those that broke a rule.

    upload_id: number of the publication, and the file's place in it.
    """

    name: str
    sha256: str
    received_on: date
    reason: str
    rows: dict[str, list[Row]]
    broken: list[Row]
    upload_id: str = ""

    @property
    def publication(self) -> int:
        return int(self.upload_id.split("-")[0])


@dataclass(frozen=True)
class Sent:
    """What one upload carried for a unit and period of a kind; how much of it still stands."""

    kind: str
    unit_id: str
    period: date
    upload: int
    received_on: date
    rows: int
    in_force: int


class Returned:
    """All uploads in order of receipt, judged on the day `today`."""

    def __init__(self, uploads: list[Upload], plan: PlanFiles, today: date) -> None:
        self.plan, self.today, self.uploads = plan, today, uploads
        self.rows: dict[str, list[Row]] = {}
        self.sent: list[Sent] = []
        for kind in REPLACES:
            self._put_together(kind)

    def _put_together(self, kind: str) -> None:
        every = [
            (number, row)
            for number, upload in enumerate(self.uploads)
            for row in map(_dated, upload.rows.get(kind, []))
        ]
        newest = {_identity(kind, row): number for number, row in every}
        standing = [(n, row) for n, row in every if newest[_identity(kind, row)] == n]
        self.rows[kind] = [row for _, row in standing]
        if kind in self.plan.calendar:
            carried, left = Counter(map(_period, every)), Counter(map(_period, standing))
            self.sent += [
                Sent(
                    kind, unit, period, n, self.uploads[n].received_on, rows, left[n, unit, period]
                )
                for (n, unit, period), rows in carried.items()
            ]

    @cached_property
    def _work(self) -> dict[tuple[date, str], list[Row]]:
        groups = defaultdict(list)
        for row in self.rows["labeling_daily"]:
            groups[row["month"], row["unit_id"]].append(row)
        return groups

    def work(
        self, month: date, units: Iterable[str] | None = None, modality: str | None = None
    ) -> list[Row]:
        """Labeling of a month, of some units and of one modality where these are given."""
        return [
            row
            for unit in (self.plan.unit_ids if units is None else units)
            for row in self._work.get((month, unit), [])
            if modality in (None, row["modality"])
        ]

    @cached_property
    def worked_months(self) -> list[date]:
        """Months from the first to the last day of labeling."""
        days = [row["date"] for row in self.rows["labeling_daily"]]
        return months_from(min(days), max(days))

    @cached_property
    def months(self) -> list[date]:
        """Months from the first to the last of the monthly and quarterly returns."""
        kinds = ("labeling_daily", "workforce_monthly", "enterprise_quarterly")
        there = [row["month"] for kind in kinds for row in self.rows[kind]]
        return months_from(min(there), max(there))

    @cached_property
    def cut_off(self) -> date:
        """The newest day of labeling."""
        return max(row["date"] for row in self.rows["labeling_daily"])

    def running(self, month: date) -> bool:
        """Whether working days of the month are still to come in the data."""
        return month == first_day(self.cut_off) and self.cut_off < last_weekday(month)

    def provisional(self, month: date) -> bool:
        """Whether the month's figures may still change."""
        return self.running(month) or (
            between(month, self.months[-1]) < self.plan.provisional_months
        )

    def newest(self, to_month: date | None) -> date:
        """The month that a query is as at."""
        return to_month or self.months[-1]

    @cached_property
    def unit_months(self) -> list[Row]:
        """For each month of labeling and unit: reported or not, when, and which version."""
        return [
            self._unit_month(month, unit) for month in self.worked_months for unit in self.units
        ]

    def _unit_month(self, month: date, unit: str) -> Row:
        days = {row["date"] for row in self.work(month, [unit])}
        sent = self.sent_for("labeling_daily", unit, month)
        return {
            "month": month,
            "unit_id": unit,
            "reported": bool(days),
            "version": self.version(sent),
            "received_on": max((s.received_on for s in sent), default=None),
            **(cover := self.cover(month, unit)),
            "status": "M"
            if not days
            else "P"
            if self.provisional(month) or not cover["whole"]
            else "A",
        }

    def cover(self, month: date, unit: str) -> Row:
        """Days due and covered of a unit's month."""
        return covered.cover(self, month, unit)

    @property
    def units(self) -> list[str]:
        return self.plan.unit_ids

    def sent_for(self, kind: str, unit: str, period: date) -> list[Sent]:
        """What came for a unit and period."""
        return self._sent.get((kind, unit, period), [])

    @cached_property
    def _sent(self) -> dict[tuple[str, str, date], list[Sent]]:
        groups = defaultdict(list)
        for sent in self.sent:
            groups[sent.kind, sent.unit_id, sent.period].append(sent)
        return groups

    @staticmethod
    def version(sent: list[Sent]) -> int | None:
        """1, and one more for each file that a later one replaced, wholly or in part."""
        return 1 + sum(s.in_force < s.rows for s in sent) if sent else None

    @cached_property
    def ledger(self) -> list[Row]:
        """What is due or has come for each month, unit and kind with a due day."""
        first = max(self.months[0], first_day(self.plan.start))
        last = max(self.months[-1], first_day(self.today))
        lines = [
            self._line(month, unit, kind)
            for month in months_from(first, last)
            for unit in self.units
            for kind, (frequency, _) in sorted(self.plan.calendar.items())
            if frequency == "monthly" or month.month % 3 == 0
        ]
        return [line for line in lines if line["received_at"] or line["due_on"] <= self.today]

    def _line(self, month: date, unit: str, kind: str) -> Row:
        frequency, day = self.plan.calendar[kind]
        due = shift(month, 1) + timedelta(days=day - 1)
        sent = self.sent_for(kind, unit, month if frequency == "monthly" else shift(month, -2))
        days = [s.received_on for s in sent]
        first, version = min(days, default=None), self.version(sent)
        late = max(((first or self.today) - due).days, 0)
        revised = version is not None and version > 1
        return {
            "month": month,
            "unit_id": unit,
            "kind": kind,
            "due_on": due,
            "received_at": max(days, default=None),
            "first_received_on": first,
            "version": version,
            "days_late": late,
            "status": "missing"
            if not sent
            else "revised"
            if revised
            else "late"
            if late
            else "on_time",
        }

    @cached_property
    def enterprises(self) -> list[Row]:
        """The registry, then those that only other returns name, with their newest unit."""
        registered = [{**row, "registered": True} for row in self.rows["enterprises"]]
        ids = {row["enterprise_id"] for row in registered}
        seen: dict[str, tuple[date, str]] = {}
        for row in self.rows["labeling_daily"] + self.rows["enterprise_quarterly"]:
            at = (row["month"], row["unit_id"])
            seen[row["enterprise_id"]] = max(seen.get(row["enterprise_id"], at), at)
        blank = dict.fromkeys(registered[0]) | {"registered": False}
        others = [
            {**blank, "enterprise_id": name, "unit_id": unit}
            for name, (_, unit) in seen.items()
            if name not in ids
        ]
        return sorted(registered + others, key=lambda row: row["enterprise_id"])


def active(enterprise: Row, day: date) -> bool:
    """Whether a registered enterprise is there at the end of the day."""
    if not enterprise["registered"] or enterprise["joined_on"] > day:
        return False
    return enterprise["left_on"] is None or enterprise["left_on"] > day


def hours_basis(rows: list[Row]) -> str | None:
    """How hours were measured; mixed when differently."""
    bases = set(known(row["hours_basis"] for row in rows))
    return "mixed" if len(bases) > 1 else next(iter(bases), None)


def _dated(row: Row) -> Row:
    """The row with the month that it belongs to: of a quarter the last one."""
    if "date" in row:
        return {**row, "month": first_day(row["date"])}
    if "quarter" in row:
        year, quarter = map(int, row["quarter"].split("Q"))
        return {**row, "month": date(year, 3 * quarter, 1)}
    return row


def _identity(kind: str, row: Row) -> tuple:
    return tuple(row[name] for name in REPLACES[kind])


def _period(numbered: tuple[int, Row]) -> tuple[int, str, date]:
    """Upload, unit and first month of what a row is a return for."""
    number, row = numbered
    return number, row["unit_id"], shift(row["month"], -2) if "quarter" in row else row["month"]
