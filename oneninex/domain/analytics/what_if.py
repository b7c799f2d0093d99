"""What if one unit went faster, or had more people, from some month on: arithmetic, nothing kept.

The lines of a forecast (rows with month, p10, p50, p90, oldest first, the first being where it
starts from) are lifted by what the change adds month by month; chance is left as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = Mapping[str, Any]
LINES = ("p10", "p50", "p90")


@dataclass(frozen=True)
class Change:
    """A pace (change of the value in a month) that becomes `times` as fast from `start` on.

    `added` people beside the `people` of today raise it in proportion; without `people` known
    they change nothing.
    """

    pace: float
    start: date
    times: float = 1.0
    people: float | None = None
    added: int = 0

    @property
    def extra(self) -> float:
        """What a month brings more than it would have."""
        more = 1 + self.added / self.people if self.people else 1.0
        return self.pace * (self.times * more - 1)


@dataclass(frozen=True)
class Outcome:
    """Months by which the target is met on the hopeful, middle and cautious line; at the due date.

    None where it is not met within the months of the forecast.
    """

    early: date | None
    middle: date | None
    late: date | None
    at_due: float | None


def moved(fan: Sequence[Row], change: Change) -> list[dict[str, Any]]:
    """The forecast with the change; before its start nothing differs."""
    return [
        {**row, **{name: row[name] + change.extra * _months(change.start, row) for name in LINES}}
        for row in fan
    ]


def outcome(fan: Sequence[Row], target: float, operator: str, due: date) -> Outcome:
    """When the lines meet the target, and the middle one's value in the month it is due."""
    hopeful, cautious = ("p10", "p90") if operator == "at_most" else ("p90", "p10")
    at_due = [row["p50"] for row in fan if row["month"] <= due]
    return Outcome(
        _first(fan, hopeful, target, operator),
        _first(fan, "p50", target, operator),
        _first(fan, cautious, target, operator),
        at_due[-1] if at_due else None,
    )


def usual_pace(fan: Sequence[Row], due: date) -> float:
    """What the middle line brings a month until the target is due."""
    until = [row for row in fan if row["month"] <= due]
    months = _between(until[0]["month"], until[-1]["month"]) if until else 0
    return (until[-1]["p50"] - until[0]["p50"]) / months if months else 0.0


def _first(fan: Sequence[Row], line: str, target: float, operator: str) -> date | None:
    for row in fan[1:]:
        if _met(row[line], target, operator):
            return row["month"]
    return None


def _met(value: float, target: float, operator: str) -> bool:
    # Sums of fractions miss a round number by less than anyone means.
    slack = 1e-9 * max(abs(target), 1.0)
    if operator == "exceed":
        return value > target + slack
    return value <= target + slack if operator == "at_most" else value >= target - slack


def _months(start: date, row: Row) -> int:
    """Months that the change has worked by the end of the row's month."""
    return max(_between(start, row["month"]) + 1, 0)


def _between(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month
