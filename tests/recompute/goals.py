"""Targets against time: what is done, what should be done by then, and the pace."""

from __future__ import annotations

import calendar
import math
from datetime import date
from decimal import Decimal
from functools import cache

from tests.recompute.covered import cover
from tests.recompute.exact import (
    Number,
    Row,
    between,
    first_day,
    minus,
    month_end,
    months_from,
    quotient,
    shift,
    six_places,
)
from tests.recompute.returned import Returned
from tests.recompute.series import every_value

STATES = {
    "far_behind": "red",
    "behind": "yellow",
    "incomplete": "none",
    "no_value": "none",
    "not_stated": "none",
    "on_schedule": "green",
    "achieved": "green",
    "not_begun": "none",
}
# What is judged with, and no column of targets_progress.
ASIDE = ("as_at", "months_left", "time")
RATES = ("growth", "ratio")
OFFICES, LANGS = ("lead_office", "supporting_offices"), ("zh", "en")
COUNTED = ("条", "家", "人", "个", "间")


class Goal:
    """A target with the indicator that it is about."""

    def __init__(self, returned: Returned, target: Row) -> None:
        about = {row["indicator_id"]: row for row in returned.plan.indicators}
        self.returned, self.target = returned, target
        self.indicator = about[target["indicator_id"]]
        self.is_flow = self.indicator["kind"] == "flow"
        self.is_rate = self.indicator["kind"] in RATES
        self.is_sum = self.indicator["kind"] in ("flow", "cumulative")
        self.limits = target["operator"] == "at_most"
        self.counts = not self.is_rate and self.indicator["unit_zh"] in COUNTED
        # What has a way to go from where it began is pro-rated; the rest stands as it is.
        above = (target["baseline"] or 0) > (target["value"] or 0)
        self.as_it_stands = self.is_rate or (self.limits and (self.is_sum or not above))
        begun = 0 if self.is_flow else target["baseline"] or 0
        self.baseline = None if self.as_it_stands else begun

    @property
    def wanted(self) -> Number:
        """The number to arrive at: more than 35 whole things are 36."""
        more = self.target["operator"] == "exceed" and self.counts
        value = self.target["value"]
        return value + 1 if value is not None and more else value

    def rows(self) -> list[Row]:
        """The indicator's months; a flow counts between start and due only."""
        values = every_value(self.returned)[self.target["indicator_id"], self.target["scope"]]
        first, last = first_day(self.target["start"]), self.target["due"]
        return [r for m, r in values.items() if not self.is_flow or first <= m <= last]

    def observed(self, as_at: date) -> list[Row]:
        """Months with a value up to then; `so_far` is what is held against the target."""
        found, so_far = [], Decimal(0)
        for row in self.rows():
            if row["value"] is not None and row["month"] <= as_at:
                value = Decimal(str(row["value"]))
                so_far = so_far + value if self.is_flow else value
                found.append({**row, "value": value, "so_far": so_far})
        return found

    def reached(self, value: Number) -> bool:
        wanted = self.target["value"]
        if value is None or wanted is None:
            return False
        tests = {"reach": value >= wanted, "exceed": value > wanted, "at_most": value <= wanted}
        return tests[self.target["operator"]]

    def time_share(self, month: date) -> Decimal:
        """Months passed at the end of `month` (by its days where it is running), of all."""
        passed = between(self.target["start"], month) + _passed(self.returned, month)
        whole = between(self.target["start"], self.target["due"]) + 1
        return min(max(passed / whole, Decimal(0)), Decimal(1))

    def done_share(self, value: Number) -> Decimal | None:
        if not self.as_it_stands:
            return quotient(minus(value, self.baseline), minus(self.wanted, self.baseline))
        if self.limits:
            return None if self.is_sum else quotient(self.target["value"], value)
        return quotient(value, self.target["value"])

    def gap(self, value: Number, time: Decimal) -> Decimal | None:
        """In percentage points; of a limit in per cent of it; better is positive."""
        wanted = self.target["value"]
        if value is None or wanted is None:
            return None
        if not self.as_it_stands:
            done = self.done_share(value)
            return None if done is None else six_places(100 * (done - time))
        if self.limits and self.is_sum:
            value = Decimal(value) / time
        over = Decimal(wanted - value if self.limits else value - wanted)
        return six_places(100 * (over if self.is_rate else over / wanted))

    def missing(self, as_at: date) -> int:
        """Returns that are missing of units that were in the indicator before."""
        kind, name = self.indicator["source"], self.indicator["indicator_id"]
        if kind not in self.returned.rows or kind not in self.returned.plan.calendar:
            return 0
        there = {(row["month"], row["unit_id"]) for row in self.returned.rows[kind]}
        if kind == "labeling_daily":
            there = {
                (month, unit)
                for month, unit in there
                if self.returned.running(month) or cover(self.returned, month, unit)["whole"]
            }
        every = 3 if kind == "enterprise_quarterly" else 1
        newest = max((m for m, _ in there if m <= as_at), default=None)
        if newest is None:
            return 0
        start = first_day(self.target["start"]) if self.is_flow else newest
        named = "labeling_revenue" if self.indicator["kind"] == "growth" else name
        found = 0
        for unit in self.returned.units:
            if self.target["scope"] not in ("city", unit):
                continue
            own = every_value(self.returned)[named, unit]
            first = min((m for m, row in own.items() if row["value"]), default=None)
            month = min(m for m, _ in there)
            while first is not None and month <= newest:
                due = month > first and month >= start
                found += due and ((month, unit) not in there or self._firm_late(month, unit))
                month = shift(month, every)
        return found

    def _firm_late(self, month: date, unit: str) -> bool:
        """Whether an enterprise of the unit sent the quarter before and not this one."""
        if self.indicator["source"] != "enterprise_quarterly":
            return False
        rows = self.returned.rows["enterprise_quarterly"]
        before = {
            r["enterprise_id"]
            for r in rows
            if (r["month"], r["unit_id"]) == (shift(month, -3), unit)
        }
        now = {r["enterprise_id"] for r in rows if r["month"] == month}
        gone = {
            r["enterprise_id"]
            for r in self.returned.rows["enterprises"]
            if r["left_on"] and r["left_on"] <= month_end(month)
        }
        return bool(before - now - gone)

    def recent(self, observed: list[Row]) -> Decimal | None:
        """The mean change of the last three complete months, if all of them are known."""
        complete = [r for r in observed if not self.returned.running(r["month"])]
        if self.is_rate or not complete:
            return None
        end = complete[-1]
        if self.is_flow:
            last = [r for r in complete if r["month"] > shift(end["month"], -3)]
            quarterly = self.indicator["source"] == "enterprise_quarterly"
            whole = len(last) == (1 if quarterly else 3)
            return sum(r["value"] for r in last) / Decimal(3) if whole else None
        start = next((r for r in complete if r["month"] == shift(end["month"], -3)), None)
        if start is None or (start["units_reported"] or 0) != (end["units_reported"] or 0):
            return None
        return (end["value"] - start["value"]) / 3

    def needed(self, value: Number, reached: bool, months_left: int) -> Number:
        if self.as_it_stands:
            return None
        if reached:
            return 0
        return quotient(minus(self.wanted, value), max(months_left, 0))

    def state(self, value: Number, gap: Decimal | None, as_at: date, months_left: int) -> str:
        wanted, plan = self.target["value"], self.returned.plan
        reached, lacks = self.reached(value), self.missing(as_at) > 0
        running_sum = self.limits and self.is_sum
        if wanted is None:
            return "not_stated"
        if as_at < first_day(self.target["start"]):
            return "not_begun"
        if value is None:
            return "no_value"
        if running_sum and not reached and months_left > 0:
            return "far_behind"
        if lacks and (self.is_rate or reached == self.limits):
            return "incomplete"
        if reached and not (running_sum and months_left > 0):
            return "achieved"
        assert gap is not None
        if gap < plan.yellow:
            return "far_behind"
        bound = 0 if running_sum else plan.green
        late = months_left <= 0 or (self.as_it_stands and not running_sum)
        return "on_schedule" if gap >= bound and not late else "behind"

    def growth_ratio(self, value: Number, month: date) -> float | None:
        """Growth a year so far over the growth a year that is asked for, by logarithms."""
        wanted, base = self.target["value"], self.target["baseline"]
        if self.indicator["kind"] not in ("stock", "cumulative", "capacity") or not base:
            return None
        years = (between(self.target["start"], self.target["due"]) + 1) / 12
        passed = float(between(self.target["start"], month) + _passed(self.returned, month)) / 12
        asked = math.exp(math.log(wanted / base) / years) - 1
        grown = math.exp(math.log(value / base) / passed) - 1
        return grown / asked if asked > 0.2 else None

    def judged(self, as_at: date) -> Row:
        """Where the target stands at the end of a month."""
        observed = self.observed(as_at)
        judged = observed
        if self.is_rate and self.indicator["source"] == "labeling_daily":
            judged = [row for row in observed if not self.returned.running(row["month"])]
        newest = judged[-1] if judged else {}
        value, month = newest.get("so_far"), newest.get("month")
        at_month = month or min(as_at, self.returned.months[-1])
        months_left = between(at_month, self.target["due"])
        done, time = self.done_share(value), self.time_share(at_month)
        gap = self.gap(value, time)
        reached = self.reached(value)
        state = self.state(value, gap, as_at, months_left)
        recent = self.recent(observed)
        needed = self.needed(value, reached, months_left)
        ahead = quotient(needed, recent)
        row = {
            "done_share": done,
            "gap_pp": gap,
            "needed_per_month": needed,
            "catch_up": ahead if ahead is not None and ahead >= 0 else None,
            "growth_ratio": self.growth_ratio(value, at_month),
        }
        if state in ("not_stated", "not_begun", "no_value", "incomplete"):
            row = dict.fromkeys(row)
        return {
            "value": value,
            "value_month": month,
            **{name: newest.get(name) for name in ("status", "units_reported", "units_due")},
            "baseline": self.baseline,
            "time_share": None if self.as_it_stands else time,
            "light": STATES[state],
            "state": state,
            "recent_per_month": recent,
            **row,
            "as_at": as_at,
            "months_left": months_left,
            "time": time,
        }


def _passed(returned: Returned, month: date) -> Decimal:
    if not returned.running(month):
        return Decimal(1)
    return Decimal(returned.cut_off.day) / calendar.monthrange(month.year, month.month)[1]


@cache
def _judged(returned: Returned, as_at: date) -> list[tuple[Goal, Row]]:
    goals = [Goal(returned, target) for target in returned.plan.targets]
    return [(goal, goal.judged(as_at)) for goal in goals]


def judged_by(returned: Returned, to_month: date | None) -> list[tuple[Goal, Row]]:
    """Every target as at a month that the data have."""
    return _judged(returned, min(returned.newest(to_month), returned.months[-1]))


def targets_progress(returned: Returned, to_month: date | None = None) -> list[Row]:
    told = ("target_id", "indicator_id", "scope", "plan", "operator", "baseline_on", "start")
    told += ("due", "sentence_zh", "sentence_en", "source")
    names = ("name_zh", "name_en", "unit_zh", "unit_en", "kind", "better")
    # They start from what is judged here, so they are worked out in a module above this one.
    from tests.recompute.ahead import arrivals

    ahead = arrivals(returned, to_month)
    return [
        {
            **{name: goal.target[name] for name in told},
            **{name: goal.indicator[name] for name in names},
            "target": goal.target["value"],
            "stated": goal.target["value"] is not None,
            "baseline_stated": goal.target["baseline"] is not None,
            **{name: figure for name, figure in row.items() if name not in ASIDE},
            **ahead[goal.target["target_id"]],
            # The plan's own, as nobody was assigned: there is no case log here.
            "lead_office_id": None,
            "supporting_office_ids": None,
            **{f"{office}_{lang}": goal.target[office] for office in OFFICES for lang in LANGS},
        }
        for goal, row in judged_by(returned, to_month)
    ]


def target_states(
    returned: Returned, to_month: date | None = None, plan: str | None = None
) -> list[Row]:
    judged = [
        row["state"]
        for goal, row in judged_by(returned, to_month)
        if plan in (None, goal.target["plan"])
    ]
    return [
        {"state": state, "light": light, "targets": judged.count(state), "sort": sort}
        for sort, (state, light) in enumerate(STATES.items(), 1)
        if state != "not_begun" or state in judged
    ]


def target_series(returned: Returned, to_month: date | None = None) -> list[Row]:
    goals = [Goal(returned, target) for target in returned.plan.targets]
    return [
        row
        for goal in sorted(goals, key=lambda g: g.target["target_id"])
        for row in _months_of(goal, to_month)
    ]


def _months_of(goal: Goal, to_month: date | None) -> list[Row]:
    returned, target = goal.returned, goal.target
    seen = {r["month"]: r for r in goal.rows() if to_month is None or r["month"] <= to_month}
    values = {row["month"]: row["so_far"] for row in goal.observed(date.max)}
    term = months_from(shift(target["start"], -1), target["due"])
    found = []
    for month in sorted({*term, *seen}):
        row, running = seen.get(month), returned.running(month)
        missing = row is not None and row["value"] is None
        found.append(
            {
                "target_id": target["target_id"],
                "month": month,
                "day": returned.cut_off if running else month_end(month),
                "value": values.get(month) if row else None,
                "status": "M" if missing else row and row["status"],
                "units_reported": row and row["units_reported"],
                "units_due": row and row["units_due"],
                "scheduled": _scheduled(goal, month) if month in term else None,
                "target": target["value"],
                "operator": target["operator"],
            }
        )
    return found


def _scheduled(goal: Goal, month: date) -> Number:
    """The straight line from the baseline before the start to the target when it is due."""
    target, baseline = goal.target, goal.baseline
    rise = minus(goal.wanted, baseline)
    if rise is None or baseline is None:
        return None
    passed = between(target["start"], month) + _passed(goal.returned, month)
    return baseline + rise * passed / (between(target["start"], target["due"]) + 1)


def plan_term(returned: Returned, to_month: date | None = None) -> list[Row]:
    plan, month = returned.plan, min(returned.newest(to_month), returned.months[-1])
    whole = between(plan.start, plan.end) + 1
    passed = min(max(between(plan.start, month) + _passed(returned, month), 0), whole)
    return [
        {
            "as_at": returned.cut_off if returned.running(month) else month_end(month),
            "plan_start": plan.start,
            "plan_end": plan.end,
            "months_passed": passed,
            "months_total": whole,
            "time_share": quotient(passed, whole),
        }
    ]
