"""Small stores for the statements: what each trait of returns looks like, from a seed."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from oneninex.cli import main
from oneninex.store import Store
from tests.recompute.covered import working

ENTERPRISE = "91320800DEM000019Q"
UNITS = tuple(f"U{number}" for number in range(1, 10))
MODALITIES = ("text", "image", "audio")
COLUMNS = (
    "date", "unit_id", "enterprise_id", "project_id", "modality", "items", "reviewed", "accepted",
    "accepted_first_pass", "rejected", "annotators",
)  # fmt: skip
# What a unit submits and how much of it is accepted on a working day; None: no row.
Pace = Callable[[str, date], "tuple[int, int] | None"]


@dataclass(frozen=True)
class Row:
    """Work of a unit on one day."""

    day: date
    unit: str
    modality: str
    items: int
    accepted: int


@dataclass
class Sent:
    """A store with the rows in force and the month that is asked about."""

    trait: str
    month: date
    rows: list[Row] = field(default_factory=list)
    store: Store | None = None


def month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def traits(seed: int) -> dict[str, tuple[date, date, date, Pace]]:
    """Return first day, last day, month asked about and pace of every trait.

    Sizes, units and days come from the seed.
    """
    dice = random.Random(seed)
    size = {unit: dice.randint(40, 900) for unit in UNITS}
    trend = dice.choice([0.94, 0.98, 1.0, 1.03, 1.08])
    rate = dice.choice([0.8, 0.9, 0.97])
    lost, other = dice.sample(UNITS, 2)
    cut = dice.randint(6, 18)

    def usual(unit: str, day: date) -> tuple[int, int]:
        months = (day.year - 2025) * 12 + day.month
        wobble = random.Random(f"{seed}{unit}{months}").uniform(0.9, 1.1)
        items = round(size[unit] * trend**months * wobble)
        return items, round(items * rate)

    def but(change: Pace) -> Pace:
        return lambda unit, day: change(unit, day) if day >= at else usual(unit, day)

    at = month("2026-10")
    autumn, october = month("2026-08"), date(2026, 10, 31)
    a_year = month("2025-09")
    return {
        "plain": (a_year, october, at, usual),
        "missing": (
            autumn, october, at, but(lambda u, d: None if u in (lost, "U1") else usual(u, d))
        ),
        "partial": (
            autumn, october, at,
            but(lambda u, d: None if u == lost and d.day > cut else usual(u, d)),
        ),
        "running": (month("2026-09"), date(2026, 11, cut), month("2026-11"), usual),
        "tied": (month("2026-09"), october, at, lambda u, d: (120, 100)),
        "two_tied": (
            month("2026-09"), october, at,
            lambda u, d: (300, 290) if u in (lost, other) else (90, 80),
        ),
        "zero": (autumn, october, at, but(lambda u, d: (40, 0))),
        "zero_base": (
            month("2026-09"), october, at, lambda u, d: (40, 30) if d >= at else (40, 0)
        ),
        "both_ways": (
            month("2026-09"), october, at,
            lambda u, d: (900, 800) if (u == lost) == (d < at) else (300, 280),
        ),
        "first_month": (at, october, at, usual),
        "one_unit": (autumn, october, at, lambda u, d: usual(u, d) if u == lost else None),
        "festival": (month("2024-12"), date(2026, 2, 28), month("2026-02"), usual),
        "january": (month("2024-12"), date(2026, 1, 31), month("2026-01"), usual),
    }  # fmt: skip


# Traits that come by a second file: the same returns with other figures, or received too late.
REVISED, LATE = "revised", "late"


def make(folder: Path, trait: str, seed: int) -> Sent:
    """Import the returns of a trait into a new store."""
    first, last, at, pace = traits(seed)["plain" if trait in (REVISED, LATE) else trait]
    first = max(first, date(2026, 8, 1)) if trait in (REVISED, LATE) else first
    rows = list(_rows(first, last, pace))
    folder.mkdir(parents=True, exist_ok=True)
    files = [("returns.csv", rows)]
    if trait == REVISED:
        halved = [
            Row(r.day, r.unit, r.modality, r.items, r.accepted // 2) if r.unit == "U2" else r
            for r in rows
        ]
        files.append(("again.csv", [r for r in halved if r.unit == "U2" and r.day >= at]))
        rows = [r if not (r.unit == "U2" and r.day >= at) else h
                for r, h in zip(rows, halved, strict=True)]  # fmt: skip
    if trait == LATE:
        files = [("returns.csv", [r for r in rows if r.unit != "U3" or r.day < at]),
                 ("late.csv", [r for r in rows if r.unit == "U3" and r.day >= at])]  # fmt: skip
    for name, wanted in files:
        _write(folder / name, wanted)
        assert main(["--store", str(folder / "store"), "import", str(folder / name)]) == 0
    return Sent(trait, at, rows, Store(folder / "store"))


def _rows(first: date, last: date, pace: Pace) -> Iterator[Row]:
    for day in working(first, last):
        for number, unit in enumerate(UNITS):
            if found := pace(unit, day):
                yield Row(day, unit, MODALITIES[number % 3], *found)


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for r in rows:
            first_pass = r.accepted * 9 // 10
            writer.writerow([r.day, r.unit, ENTERPRISE, f"P-{r.unit}", r.modality, r.items, r.items,
                             r.accepted, first_pass, r.items - r.accepted, 1])  # fmt: skip


def end_of(at: date) -> date:
    """Return the last day of a month."""
    return date(at.year + at.month // 12, at.month % 12 + 1, 1) - timedelta(days=1)
