"""An attacker with a linear program: everything an audience can see, as equations.

Unknown are each enterprise's amounts in each quarter, each unit's people in each month and each
dataset's trade value. What a query shows becomes an equation in them; then each unknown is made
as small and as large as the equations allow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from tests.disclosure.returns import MEASURES, QUARTERS, Secrets
from tests.queries.given import UNITS, Given

Unknown = tuple[str, ...]
_WORKFORCE = {"workers": "full_time", "certified_annotators": "certified_1"}


class Attack:
    """The equations of one audience."""

    def __init__(self, given: Given, secrets: Secrets, audience: str) -> None:
        self.secrets = secrets
        self.audience = audience
        self.truth: dict[Unknown, float] = {}
        for (quarter, unit, firm), amounts in secrets.quarterly.items():
            for measure in MEASURES:
                self.truth[quarter, unit, firm, measure] = amounts[measure]
        for (month, unit), counts in secrets.workforce.items():
            for indicator, name in _WORKFORCE.items():
                self.truth[month, unit, indicator] = counts[name]
        for trade in secrets.trades:
            key = ("trade", trade["unit_id"], trade["traded_on"][:7], trade["dataset_id"])
            self.truth[key] = trade["trade_value_10k_cny"]
        self.places = {unknown: place for place, unknown in enumerate(self.truth)}
        self.rows: list[np.ndarray] = []
        self.values: list[float] = []
        self._known: set[bytes] = set()
        self._less = self._parts_of_revenue()
        self._look(lambda name, **parameters: given.seen(name, audience, **parameters))

    def sum_of(self, wanted: Callable[[Unknown], bool]) -> np.ndarray:
        """The vector that adds up the unknowns of a kind."""
        return np.array([float(wanted(unknown)) for unknown in self.truth])

    def learn(self, vector: np.ndarray, value: Any) -> None:
        """An equation, if there is a value; a wrong one would blame the test."""
        if value is None or not vector.any():
            return
        true = float(vector @ np.array(list(self.truth.values())))
        assert abs(true - value) <= 1e-6 * max(1, abs(true)), "the attacker misunderstood"
        if vector.tobytes() not in self._known:
            self._known.add(vector.tobytes())
            self.rows.append(vector)
            self.values.append(float(value))

    def interval(self, vector: np.ndarray) -> tuple[float, float]:
        """The smallest and the largest value that agrees with everything seen."""
        known = csr_array(np.array(self.rows)) if self.rows else None
        scale = max(self.values, default=1.0) or 1.0
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * vector,
                A_ub=self._less,
                b_ub=np.zeros(self._less.shape[0]),
                A_eq=known,
                b_eq=np.array(self.values) / scale if self.rows else None,
                bounds=(0, None),
            )
            unbounded = found.status in (3, 4)
            ends.append(sign * found.fun * scale if not unbounded else np.inf)
        return ends[0], ends[1]

    def _parts_of_revenue(self) -> csr_array:
        """Labeling revenue is a part of revenue, for each enterprise and quarter."""
        rows = []
        for unknown, place in self.places.items():
            if unknown[-1] == "labeling_revenue_10k_cny":
                row = np.zeros(len(self.places))
                row[place] = 1
                row[self.places[(*unknown[:-1], "revenue_10k_cny")]] = -1
                rows.append(row)
        return csr_array(np.array(rows))

    def _look(self, ask: Callable[..., list[dict[str, Any]]]) -> None:
        for unit in (None, *UNITS):
            self._totals(ask("enterprise_totals", unit_id=unit), unit)
            for row in ask("latest_indicators", scope=unit or "city"):
                self._indicator(row["indicator_id"], unit, row["month"], row["value"])
                self._indicator(
                    row["indicator_id"], unit, row["previous_month"], row["previous_value"]
                )
        for row in ask("enterprise_growth") + ask("enterprise_list"):
            for measure in MEASURES:
                key = (row["quarter"], row["unit_id"], row["enterprise_id"], measure)
                self.learn(self.sum_of(lambda u, key=key: u == key), row[measure])
        for row in ask("indicator_series"):
            unit = None if row["scope"] == "city" else row["scope"]
            self._indicator(row["indicator_id"], unit, row["month"], row["value"])
        for row in ask("unit_summary"):
            self._indicator("workers", row["unit_id"], row["month"], row["workers"])
        self._compared(ask)
        self._beside(ask("side_by_side"))
        self._changed(ask)
        self._targets(ask("targets_progress"))
        for row in ask("concentration"):
            if row["measure"] in ("labeling_revenue", "employees"):
                assert row["hhi"] is row["top5_share"] is None

    def _totals(self, rows: list[dict[str, Any]], unit: str | None) -> None:
        reporting = {row["quarter"]: self._reporting(row["quarter"]) for row in rows}
        for row in rows:
            quarter = row["quarter"]
            before = f"{int(quarter[:4]) - 1}{quarter[4:]}"
            both = reporting[quarter] & reporting.get(before, set())
            for measure in MEASURES:
                self.learn(self._quarter(quarter, measure, unit), row[measure])
            for measure in ("revenue", "employees"):
                name = "revenue_10k_cny" if measure == "revenue" else measure
                within = both & {unit} if unit else both
                self.learn(self._quarter(quarter, name, within), row[f"yoy_{measure}"])
                self.learn(self._quarter(before, name, within), row[f"yoy_{measure}_before"])

    def _reporting(self, quarter: str) -> set[str]:
        return {unit for at, unit, _ in self.secrets.quarterly if at == quarter}

    def _quarter(self, quarter: str, measure: str, units: Any) -> np.ndarray:
        within = {units} if isinstance(units, str) else units
        return self.sum_of(
            lambda u: (u[0], u[-1]) == (quarter, measure) and (within is None or u[1] in within)
        )

    def _vector(self, indicator: str, units: Any, month: Any) -> np.ndarray | None:
        within = {units} if isinstance(units, str) else units
        quarter = f"{month.year}Q{(month.month + 2) // 3}"
        if indicator == "labeling_revenue":
            return self._quarter(quarter, "labeling_revenue_10k_cny", units)
        if indicator in _WORKFORCE:
            at = (month.isoformat(), indicator)
            return self.sum_of(lambda u: (u[0], u[-1]) == at and (within is None or u[1] in within))
        if indicator == "dataset_trade_value":
            at = month.isoformat()[:7]
            return self.sum_of(
                lambda u: u[0] == "trade" and u[2] <= at and (within is None or u[1] in within)
            )
        return None

    def _indicator(self, indicator: str, unit: Any, month: Any, value: Any) -> None:
        if month is None or value is None:
            return
        vector = self._vector(indicator, unit, month)
        if vector is not None:
            self.learn(vector, value)
        if indicator == "labeling_revenue_growth":
            now = self._vector("labeling_revenue", unit, month)
            before = self._vector("labeling_revenue", unit, month.replace(year=month.year - 1))
            assert now is not None
            assert before is not None
            self.learn_equal(now, (1 + value) * before)

    def learn_equal(self, left: np.ndarray, right: np.ndarray) -> None:
        """Two sums of which only the ratio was shown."""
        if (left - right).tobytes() not in self._known:
            self._known.add((left - right).tobytes())
            self.rows.append(left - right)
            self.values.append(0.0)

    def _compared(self, ask: Callable[..., list[dict[str, Any]]]) -> None:
        for row in ask("comparable_indicators"):
            if row["indicator_id"] not in (*_WORKFORCE, "labeling_revenue"):
                continue
            for against in ("period", "year"):
                month, base = row["month"], self._base(row, against)
                both = self._sent(row["indicator_id"], month) & self._sent(
                    row["indicator_id"], base
                )
                for at, value in ((month, f"now_{against}"), (base, f"before_{against}")):
                    if row[value] is not None:
                        vector = self._vector(row["indicator_id"], both, at)
                        assert vector is not None
                        self.learn(vector, row[value])

    def _beside(self, rows: list[dict[str, Any]]) -> None:
        """The city in two months: both values, and the change over the units of both."""
        for row in rows:
            name, month, base = row["indicator_id"], row["month"], row["base_month"]
            self._indicator(name, None, month, row["value"])
            self._indicator(name, None, base, row["value_before"])
            if name in _WORKFORCE and row["change"] is not None:
                both = self._sent(name, month) & self._sent(name, base)
                now, before = (self._vector(name, both, at) for at in (month, base))
                assert now is not None
                assert before is not None
                self.learn(now - before, row["change"])

    def _changed(self, ask: Callable[..., list[dict[str, Any]]]) -> None:
        """Workers of the units that reported both months, and of each of them."""
        for row in ask("what_changed", indicator_id="workers"):
            for at, name in ((row["month"], "value"), (row["base_month"], "value_before")):
                self._indicator("workers", row["unit_id"], at, row[name])
            both = self._sent("workers", row["month"]) & self._sent("workers", row["base_month"])
            for at, name in ((row["month"], ""), (row["base_month"], "_before")):
                vector = self._vector("workers", both, at)
                assert vector is not None
                self.learn(vector, row[f"city_value{name}"])

    def _base(self, row: dict[str, Any], against: str) -> Any:
        month = row["month"]
        if against == "year":
            return month.replace(year=month.year - 1)
        back = 3 if row["indicator_id"] == "labeling_revenue" else 1
        return (
            month.replace(month=month.month - back)
            if month.month > back
            else month.replace(year=month.year - 1, month=month.month - back + 12)
        )

    def _sent(self, indicator: str, month: Any) -> set[str]:
        if indicator == "labeling_revenue":
            return self._reporting(f"{month.year}Q{(month.month + 2) // 3}")
        return {unit for at, unit in self.secrets.workforce if at == month.isoformat()}

    def _targets(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            unit = None if row["scope"] == "city" else row["scope"]
            if row["indicator_id"] == "labeling_revenue" and row["value"] is not None:
                sums = (self._quarter(q, "labeling_revenue_10k_cny", unit) for q in QUARTERS)
                self.learn(sum(sums, np.zeros(len(self.places))), row["value"])
            else:
                self._indicator(row["indicator_id"], unit, row["value_month"], row["value"])
