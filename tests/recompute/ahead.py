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
from tests.recompute.exact import Number, Row, between, first_day, quotient, shift
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
        if state in ("not_stated", "no_value", "not_begun", "incomplete"):
            return state
        if state == "achieved":
            return "arrived"
        if between(self.as_at, self.goal.target["due"]) <= 0 or self.due_step <= 0:
            return "past_due"
        return "forecast" if self.found and not self.found.doubt else "too_early"

    def _arrived(self) -> Row:
        since: Row = {f"arrival_p{tenths}0": _since(self) for tenths in (1, 5, 9)}
        if self.goal.indicator["kind"] in ("flow", "cumulative") or self.due_step <= 0:
            return since | {
                "probability": 1.0,
                "baseline_probability": 1.0 if self.found else None,
            }
        if self.found is None or self.found.doubt:
            return since
        return since | {
            "probability": self._met(self.found.paths),
            "baseline_probability": self._met(self.found.baseline),
        }

    def _met(self, paths) -> float:
        due = min(self.due_step, self.steps) - 1
        share = sum(_reached(self.goal, path[due]) for path in paths.tolist()) / len(paths)
        return min(max(share, 0.05), 0.95)

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
    begin = path[0]["month"]
    series = _series(tuple(taken), kind, 12 // every, last if kind == "flow" else 0.0, begin)
    found = forecast(series, steps_of(left, every))
    return Ahead(goal, judged, as_at, start, every, last, observed, found)


def _series(
    values: tuple[float, ...], kind: str, season: int, so_far: float, begin: date
) -> Series:
    import numpy as np

    return Series(np.array(values), kind, season, so_far, begin)


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


def forecast_record(returned: Returned) -> list[Row]:
    """What was forecast for the months ahead, and what came in those that the returns reach."""
    every = aheads(returned)
    found = []
    for row in target_forecast(returned):
        name, month = row["target_id"], row["month"]
        ahead = every[name]
        if month == ahead.start:
            continue
        came = _came(ahead.goal, month)
        found.append(
            {
                "target_id": name,
                "indicator_id": ahead.goal.target["indicator_id"],
                "made_on": ahead.start,
                "month": month,
                "horizon": between(ahead.start, month),
                **{tenth: row[tenth] for tenth in ("p10", "p50", "p90")},
                "actual": came,
                "inside": None if came is None else row["p10"] <= float(came) <= row["p90"],
            }
        )
    return found


def target_marks(returned: Returned, to_month: date | None = None) -> list[Row]:
    """Value, schedule and forecast of each target as parts of what has to be there."""
    ahead = arrivals(returned, to_month)
    ends = {(row["target_id"], row["month"]): row for row in target_forecast(returned)}
    found = []
    for goal, judged in judged_by(returned, to_month):
        name, wanted = goal.target["target_id"], goal.wanted
        line: Row = dict.fromkeys(("p10", "p50", "p90"))
        if ahead[name]["arrival_state"] == "forecast" and judged["state"] != "achieved":
            line = ends.get((name, first_day(goal.target["due"])), line)
        shares = {tenth: _over(line[tenth], wanted) for tenth in ("p10", "p50", "p90")}
        low, high = shares["p10"], shares["p90"]
        scheduled = None
        if goal.baseline is not None and wanted is not None:
            scheduled = goal.baseline + (wanted - goal.baseline) * judged["time"]
        found.append(
            {
                "target_id": name,
                "goal": wanted,
                "value_share": quotient(judged["value"], wanted),
                "schedule_share": quotient(scheduled, wanted),
                **{f"{tenth}_share": share for tenth, share in shares.items()},
                "wide": low is not None and high is not None and high - low > 0.5,
            }
        )
    return sorted(found, key=lambda row: row["target_id"])


def _over(value: float | None, wanted: Number) -> float | None:
    return None if value is None or not wanted else value / float(wanted)


def _came(goal: Goal, month: date) -> Number:
    if month > goal.returned.months[-1] or goal.returned.running(month):
        return None
    judged = goal.judged(month)
    whole = judged["value_month"] == month and judged["state"] != "incomplete"
    return judged["value"] if whole else None


def _needed(ahead: Ahead, month: date) -> float | None:
    due = ahead.goal.target["due"]
    if ahead.state != "forecast" or ahead.goal.is_rate or month > due:
        return None
    rise = float(ahead.goal.target["value"]) - ahead.last
    return ahead.last + rise * between(ahead.start, month) / between(ahead.start, due)


NEVER_FALLS = ("flow", "cumulative")
WORSE = ("none", "green", "yellow", "red")
# What a reader takes up first; a state without a light stands between the lights.
PLACES = {"not_stated": 8, "not_begun": 7, "suppressed": 6}


def outlook_of(ahead: Ahead, row: Row) -> str:
    """Likely from 80% on, unlikely below 20%, or why there is no probability."""
    state, share = row["arrival_state"], row["probability"]
    if state == "arrived" and (share == 1 or ahead.due_step <= 0):
        return "met"
    if share is None:
        return "too_early" if state == "arrived" else state
    return "likely" if share >= 0.8 else "uncertain" if share >= 0.2 else "unlikely"


def target_outlook(returned: Returned, to_month: date | None = None) -> list[Row]:
    """Progress and outlook of each target, the worse first."""
    ahead, every = arrivals(returned, to_month), aheads(returned)
    found = []
    for goal, judged in judged_by(returned, to_month):
        name = goal.target["target_id"]
        found.append(_outlook(goal, judged, every[name], ahead[name]))
    return sorted(found, key=_risk)


def _outlook(goal: Goal, judged: Row, ahead: Ahead, row: Row) -> Row:
    state, light = judged["state"], judged["light"]
    progress = {"achieved": "met", "no_value": "incomplete"}.get(state, state)
    outlook = str(progress)
    if progress not in ("incomplete", "not_begun", "not_stated"):
        outlook = str(row["arrival_state"])
        if outlook != "earlier_month":
            outlook = outlook_of(ahead, row)
    lights = {"likely": "green", "met": "green", "uncertain": "yellow", "unlikely": "red"}
    lamp = light if outlook == "past_due" else lights.get(outlook, "none")
    leads = WORSE.index(lamp) > WORSE.index(light)
    share = row["probability"] if outlook in ("likely", "uncertain", "unlikely") else None
    needed = judged["needed_per_month"]
    if needed is not None and goal.counts:
        needed = math.copysign(math.ceil(abs(needed)), needed) if needed else 0
    indicator, target = goal.indicator, goal.target
    return {
        **{n: target[n] for n in ("target_id", "indicator_id", "scope", "plan", "operator", "due")},
        **{n: indicator[n] for n in ("name_zh", "name_en", "unit_zh", "unit_en", "kind")},
        "countable": goal.counts,
        "progress": progress,
        "progress_light": light,
        "outlook": outlook,
        "outlook_light": lamp,
        "worse": lamp if leads else light,
        "leads": "outlook" if leads else "progress",
        "state": outlook if leads else progress,
        "probability": share,
        "probability_low": share and (0 if share <= 0.05 else share),
        "probability_high": share and (1 if share >= 0.95 else share),
        "reason": outlook if share is None else None,
        **{n: judged[n] for n in ("value", "value_month", "status", "gap_pp", "catch_up")},
        **{n: judged[n] for n in ("units_reported", "units_due", "recent_per_month")},
        "missing_returns": goal.missing(judged["as_at"]),
        "target": target["value"],
        "method": _method(goal, judged),
        "expected_now": _expected(goal, judged),
        "heading_for": _heading(goal, judged),
        "needed_per_month": needed,
        "owner_zh": target["lead_office"],
        "owner_en": target["lead_office"],
        "sort": goal.returned.plan.targets.index(target),
    }


def _risk(row: Row) -> tuple:
    place = PLACES.get(row["state"])
    if place is None and row["worse"] in ("red", "yellow"):
        place = 1 if row["worse"] == "red" else 2
    if place is None:
        place = {"incomplete": 3, "met": 5}.get(row["progress"], 4)
    share, gap = row["probability"], row["gap_pp"]
    return place, share is None, share or 0, gap is None, gap or 0, row.pop("sort")


def _method(goal: Goal, judged: Row) -> str:
    over = judged["months_left"] <= 0
    if goal.is_rate:
        return "level"
    if not goal.as_it_stands:
        return "final" if over else "schedule"
    if goal.is_sum:
        return "total" if over else "heading"
    return "limit"


def _expected(goal: Goal, judged: Row) -> Number:
    wanted, time = goal.wanted, judged["time"]
    if wanted is None or (goal.as_it_stands and not goal.is_sum):
        return wanted
    line = (goal.baseline or 0) + (wanted - (goal.baseline or 0)) * time
    if not goal.counts or goal.as_it_stands:
        return line
    return math.ceil(line) if wanted < (goal.baseline or 0) else math.floor(line)


def _heading(goal: Goal, judged: Row) -> Decimal | None:
    if not (goal.limits and goal.is_sum) or judged["gap_pp"] is None:
        return None
    return judged["value"] / judged["time"]


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
