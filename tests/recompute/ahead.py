"""Forecasts: what they start from, worked out by hand, and what is read off their paths.

The simulation itself is asked for again with that start; tests/analytics judges it. Everything
around it, from the files to the path and from the path to month and probability, is done here
one path at a time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from statistics import median_low

from oneninex.domain.analytics.forecast import Forecast, Series, forecast
from tests.recompute.exact import Row, between, shift
from tests.recompute.goals import Goal, judged_by
from tests.recompute.returned import Returned
from tests.recompute.series import NO_PARTS, every_value

AFTER, FARTHEST = 12, 48
BLANK = dict.fromkeys(
    ("arrival_p10", "arrival_p50", "arrival_p90", "probability", "baseline_probability")
)


@dataclass(frozen=True)
class Ahead:
    """A target and the paths that its value may take from `start` on, `every` months a step."""

    goal: Goal
    judged: Row
    as_at: date
    start: date
    every: int
    last: float
    observed: int
    found: Forecast | None

    @property
    def due_step(self) -> int:
        return between(self.start, self.goal.target["due"]) // self.every

    @property
    def steps(self) -> int:
        return steps_of(self.due_step, self.every)

    @property
    def arrival(self) -> Row:
        """What targets_progress says of it."""
        state = self.state
        row = {
            **BLANK,
            "arrival_state": state,
            "observed_months": self.observed,
            "forecast_to": self.found and shift(self.start, self.steps * self.every),
            "forecast_model": self.found and self.found.model,
            "relative_error": _number(self.found.error) if self.found else None,
        }
        if state == "arrived":
            return row | self._arrived()
        if state != "forecast":
            return row
        first = self._months(self.found.paths)
        names = ("arrival_p10", "arrival_p50", "arrival_p90")
        return {
            **row,
            **{name: _rank(first, tenths) for name, tenths in zip(names, (1, 5, 9), strict=True)},
            "probability": self._met(self.found.paths),
            "baseline_probability": self._met(self.found.baseline),
        }

    @property
    def state(self) -> str:
        state = self.judged["state"]
        if state in ("not_stated", "no_value"):
            return state
        if state == "achieved":
            return "arrived"
        if between(self.as_at, self.goal.target["due"]) <= 0 or self.due_step <= 0:
            return "past_due"
        return "forecast" if self.found else "too_early"

    def _arrived(self) -> Row:
        since: Row = {f"arrival_p{tenths}0": _since(self) for tenths in (1, 5, 9)}
        if self.goal.indicator["kind"] in ("flow", "cumulative") or self.due_step <= 0:
            return since | {
                "probability": 1.0,
                "baseline_probability": 1.0 if self.found else None,
            }
        if self.found is None:
            return since
        return since | {
            "probability": self._met(self.found.paths),
            "baseline_probability": self._met(self.found.baseline),
        }

    def _met(self, paths) -> float:
        due = min(self.due_step, self.steps) - 1
        return sum(_reached(self.goal, path[due]) for path in paths.tolist()) / len(paths)

    def _months(self, paths) -> list[date | None]:
        """The month in which each path first meets the target; None beyond the forecast."""
        found = []
        for path in paths.tolist():
            step = next((i for i, v in enumerate(path, 1) if _reached(self.goal, v)), None)
            month = step and shift(self.start, step * self.every)
            found.append(month and max(month, shift(self.as_at, 1)))
        return found


def steps_of(due_step: int, every: int) -> int:
    return min(max(due_step, 0) + AFTER // every, FARTHEST // every)


def _reached(goal: Goal, value: float) -> bool:
    return goal.reached(Decimal(repr(round(value, 9))))


def _rank(months: list[date | None], tenths: int) -> date | None:
    ordered = sorted(months, key=lambda month: month or date.max)
    return ordered[math.ceil(len(ordered) * tenths / 10) - 1]


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _since(ahead: Ahead) -> date | None:
    """The value's month since which the target has been met without a break."""
    since, month = None, ahead.as_at
    while month >= ahead.goal.returned.months[0]:
        row = ahead.goal.judged(month)
        if row["state"] != "achieved":
            break
        since, month = row["value_month"], shift(month, -1)
    return since


@cache
def aheads(returned: Returned) -> dict[str, Ahead]:
    """Every target as at the newest complete month."""
    complete = [month for month in returned.months if not returned.running(month)]
    as_at = max(complete) if complete else max(returned.months)
    judged = judged_by(returned, as_at)
    return {goal.target["target_id"]: _ahead(goal, row, as_at) for goal, row in judged}


def _ahead(goal: Goal, judged: Row, as_at: date) -> Ahead:
    kind = goal.indicator["kind"]
    every = 3 if goal.indicator["source"] == "enterprise_quarterly" else 1
    values = every_value(goal.returned)[goal.target["indicator_id"], goal.target["scope"]]
    rows = [row for row in values.values() if not goal.returned.running(row["month"])]
    known = [row for row in rows if row["value"] is not None]
    if not known:
        return Ahead(goal, judged, as_at, as_at, every, 0.0, 0, None)
    usual = median_low([row["units_reported"] or 0 for row in known])
    whole = {row["month"] for row in known if (row["units_reported"] or 0) >= usual}
    start = known[-1]["month"] if kind == "flow" else max(whole)
    path = [row for row in rows if known[0]["month"] <= row["month"] <= start]
    taken = [float(r["value"]) if r["month"] in whole else math.nan for r in path]
    last = float(path[-1]["value"] or 0)
    if kind == "flow":
        counted = [row for row in goal.rows() if row["value"] is not None and row in path]
        last = float(sum(Decimal(str(row["value"])) for row in counted))
    observed = sum(not math.isnan(value) for value in taken)
    left = between(start, goal.target["due"]) // every
    series = _series(tuple(taken), kind, 12 // every, last if kind == "flow" else 0.0)
    found = forecast(series, steps_of(left, every))
    return Ahead(goal, judged, as_at, start, every, last, observed, found)


def _series(values: tuple[float, ...], kind: str, season: int, so_far: float) -> Series:
    import numpy as np

    return Series(np.array(values), kind, season, so_far)


def arrivals(returned: Returned, to_month: date | None) -> dict[str, Row]:
    """The columns of targets_progress about arrival, by target."""
    found = {}
    for name, ahead in aheads(returned).items():
        earlier = to_month is not None and min(to_month, returned.months[-1]) < ahead.as_at
        row = ahead.arrival
        found[name] = {**dict.fromkeys(row), "arrival_state": "earlier_month"} if earlier else row
    return found


def target_forecast(returned: Returned) -> list[Row]:
    """The tenths of the paths counted out one month at a time, and the line that is needed."""
    found = []
    for name, ahead in sorted(aheads(returned).items()):
        if ahead.found is None:
            continue
        for step in range(ahead.steps + 1):
            month = shift(ahead.start, step * ahead.every)
            lines: Row = dict.fromkeys(("p10", "p50", "p90", "baseline"), ahead.last)
            if step:
                column = sorted(ahead.found.paths[:, step - 1].tolist())
                ranks = zip(("p10", "p50", "p90"), (1, 5, 9), strict=True)
                lines = {n: column[math.ceil(len(column) * t / 10) - 1] for n, t in ranks}
                plain = sorted(ahead.found.baseline[:, step - 1].tolist())
                lines["baseline"] = plain[math.ceil(len(plain) / 2) - 1]
            found.append(
                {
                    "target_id": name,
                    "month": month,
                    "day": shift(month, 1) - date.resolution,
                    **lines,
                    "needed": _needed(ahead, month),
                    "target": ahead.goal.target["value"],
                    "model": ahead.found.model,
                }
            )
    return found


def _needed(ahead: Ahead, month: date) -> float | None:
    due = ahead.goal.target["due"]
    if ahead.state != "forecast" or ahead.goal.is_rate or month > due:
        return None
    rise = float(ahead.goal.target["value"]) - ahead.last
    return ahead.last + rise * between(ahead.start, month) / between(ahead.start, due)


def target_contributions(returned: Returned, to_month: date | None = None) -> list[Row]:
    """Each unit's own series, added up or read off in the month of the city's value."""
    found = []
    for goal, judged in judged_by(returned, to_month):
        if goal.target["scope"] == "city":
            found += [_part(goal, judged, unit) for unit in sorted(returned.plan.unit_ids)]
    return found


def _part(goal: Goal, judged: Row, unit: str) -> Row:
    name, month = goal.target["indicator_id"], judged["value_month"]
    whole = judged["units_due"] is None
    additive = not (goal.is_rate or name in NO_PARTS or whole)
    row = {"target_id": goal.target["target_id"], "unit_id": unit, "additive": additive}
    empty = dict.fromkeys(("value", "share", "recent_per_month", "status"))
    if not additive:
        return row | empty
    own = every_value(goal.returned)[name, unit]
    value, recent = _own(goal, own, month)
    city = judged["value"]
    return {
        **row,
        "value": value,
        "share": None if value is None or not city else value / city,
        "recent_per_month": recent,
        "status": own.get(month, {}).get("status", "M"),
    }


def _own(goal: Goal, own: dict[date, Row], month: date) -> tuple[Decimal | None, Decimal | None]:
    """A unit's value and its mean change of three months."""
    known = {m: Decimal(str(r["value"])) for m, r in own.items() if r["value"] is not None}
    if not goal.is_flow:
        now, then = known.get(month), known.get(shift(month, -3))
        return now, None if now is None or then is None else (now - then) / 3
    first = goal.target["start"].replace(day=1)
    since = [value for m, value in known.items() if first <= m <= month]
    last = [value for m, value in known.items() if shift(month, -3) < m <= month]
    quarterly = goal.indicator["source"] == "enterprise_quarterly"
    enough = len(last) == (1 if quarterly else 3)
    return (sum(since, Decimal(0)) if since else None), (sum(last) / Decimal(3) if enough else None)
