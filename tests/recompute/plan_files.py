"""The plan as its files have it: units, sectors, links, indicators, targets, calendar."""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.recompute.exact import Row, number

_NUMBERS = {"lon", "lat", "value", "baseline"}
_DAYS = {"start", "due", "baseline_on", "as_of"}


@dataclass(frozen=True)
class PlanFiles:
    """Rows in the order of the files, which is the order in which they are shown."""

    units: list[Row]
    sectors: list[Row]
    links: list[Row]
    indicators: list[Row]
    targets: list[Row]
    benchmarks: list[Row]
    events: list[tuple[str | None, date]]  # unit and month of what is no holiday
    criteria: dict[str, Any]  # of the candidates for the benchmark enterprises
    sizes: tuple[int, int, int]
    start: date
    end: date
    green: int
    yellow: int
    provisional_months: int
    calendar: dict[str, tuple[str, int]]  # kind: frequency and day of the month after

    @property
    def unit_ids(self) -> list[str]:
        return [unit["unit_id"] for unit in self.units]


def load(folder: Path) -> PlanFiles:
    """Read the plan."""
    plan = tomllib.loads((folder / "plan.toml").read_text("utf-8"))
    indicators = tomllib.loads((folder / "indicators.toml").read_text("utf-8"))["indicator"]
    calendar = plan["returns"]["calendar"].items()
    return PlanFiles(
        units=_rows(folder / "units.csv"),
        sectors=_rows(folder / "sectors.csv"),
        links=_rows(folder / "links.csv"),
        indicators=[_named(indicator) for indicator in indicators],
        targets=_rows(folder / "targets.csv"),
        benchmarks=_rows(folder / "benchmarks.csv"),
        events=[
            (row["unit_id"] or None, date.fromisoformat(f"{row['month']}-01"))
            for row in _events(folder / "events.csv")
            if row["kind"] != "holiday"
        ],
        criteria={
            key.split("_")[1]: number(value) for key, value in plan["benchmark_enterprises"].items()
        },
        sizes=tuple(plan["size_bands"]["employees"]),
        start=plan["start"],
        end=plan["end"],
        green=plan["lights"]["green"],
        yellow=plan["lights"]["yellow"],
        provisional_months=plan["returns"]["provisional_months"],
        calendar={kind: (e["frequency"], e["due_day"]) for kind, e in calendar if "due_day" in e},
    )


def _named(indicator: Row) -> Row:
    names = {"id": "indicator_id", "zh": "name_zh", "en": "name_en"}
    return {names.get(key, key): value for key, value in indicator.items()}


def _events(path: Path) -> list[Row]:
    """What happened in the city; a plan need not have the file."""
    return _rows(path) if path.exists() else []


def _rows(path: Path) -> list[Row]:
    text = io.StringIO(path.read_text("utf-8-sig"), newline="")
    return [{key: _value(key, cell) for key, cell in row.items()} for row in csv.DictReader(text)]


def _value(name: str, cell: str) -> Any:
    if cell == "":
        return None
    if name in _DAYS:
        return date.fromisoformat(cell)
    if name == "in_plan":
        return cell == "true"
    return number(cell) if name in _NUMBERS else cell
