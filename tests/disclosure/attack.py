"""An attacker with a linear program: everything an audience was ever shown, as equations.

Unknown are each version of an enterprise's amounts in a quarter, of a unit's people in a month
and of a dataset's trade value. What a query shows of any snapshot becomes an equation in them;
then each unknown is made as small and as large as the equations allow. A figure that is neither
an own one nor a sum of released parts fails the test at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from oneninex.domain.releases import CITY, MONTHLY, QUARTERLY, TRADE, Ledger, Sender
from tests.disclosure.returns import MEASURES, Secrets, publish
from tests.queries.given import UNITS, Given

# Family, period, name of the contributor, measure, amount: an amount is a version.
Unknown = tuple[str, date, str, str, float]
Sum = frozenset[Unknown]
_WORKFORCE = {"workers": "full_time", "certified_annotators": "certified_1"}
_SHORT = {"revenue_10k_cny": "revenue", "labeling_revenue_10k_cny": "labeling_revenue"}


@dataclass
class Published:
    """One snapshot: what it answers, what was in, and the ledger as it left it."""

    given: Given
    secrets: Secrets
    ledger: Ledger


def publish_all(history: Iterable[tuple[str, Secrets]]) -> list[Published]:
    """A snapshot for each day, all with one ledger."""
    ledger, found = Ledger(), []
    for number, (day, secrets) in enumerate(history, start=1):
        given = publish(secrets, day, ledger, number)
        assert given.connection
        found.append(Published(given, secrets, deepcopy(ledger)))
        ledger.added.clear()
    return found


class Attack:
    """The equations of one audience, and of units that it puts its figures together with."""

    def __init__(self, published: list[Published], audience: str, allies: Iterable[str] = ()):
        self.audience = audience
        self.own = audience.removeprefix("unit:")
        self.insiders = {self.own, *allies}
        self.unit_of: dict[Unknown, str] = {}
        for at in published:
            for unknown, unit in _live(at.secrets):
                self.unit_of.setdefault(unknown, unit)
        self.places = {unknown: place for place, unknown in enumerate(self.unit_of)}
        self.truth = np.array([unknown[-1] for unknown in self.places])
        self.rows: list[np.ndarray] = []
        self.values: list[float] = []
        self._known: set[bytes] = set()
        self._less = self._parts_of_revenue()
        for unknown, unit in self.unit_of.items():
            if unit in self.insiders or unknown[-1] == 0:
                self._learn([frozenset([unknown])], unknown[-1])
        for self.at in published:
            self._look(lambda name, **about: self.at.given.seen(name, audience, **about))

    def vector(self, of: Sum) -> np.ndarray:
        """Ones where an unknown is in a sum."""
        found = np.zeros(len(self.places))
        found[[self.places[unknown] for unknown in of]] = 1
        return found

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

    def _learn(self, of: Iterable[Sum | None], value: Any, *, minus: Sum | None = None) -> None:
        """An equation, if there is a value; one of the sums has to explain it."""
        if value is None:
            return
        for one in of:
            if one is None:
                continue
            vector = self.vector(one)
            if minus is not None:
                vector -= self.vector(minus)
            true = float(vector @ self.truth)
            if abs(true - value) <= 1e-6 * max(1, abs(value)):
                self._add(vector, float(value))
                return
        raise AssertionError(f"{self.audience} was shown {value}, which was not released")

    def _add(self, vector: np.ndarray, value: float) -> None:
        if vector.any() and vector.tobytes() not in self._known:
            self._known.add(vector.tobytes())
            self.rows.append(vector)
            self.values.append(value)

    def _parts_of_revenue(self) -> csr_array:
        """Labeling revenue is a part of revenue, for each version of an enterprise's return."""
        revenue: dict[tuple, list[Unknown]] = {}
        labeling: dict[tuple, list[Unknown]] = {}
        for unknown in self.places:
            kind = {"revenue": revenue, "labeling_revenue": labeling}.get(unknown[3])
            if kind is not None:
                kind.setdefault(unknown[:3], []).append(unknown)
        rows = [np.zeros(len(self.places))]
        for key, found in labeling.items():
            for part, whole in zip(found, revenue[key], strict=False):
                row = np.zeros(len(self.places))
                row[self.places[part]], row[self.places[whole]] = 1, -1
                rows.append(row)
        return csr_array(np.array(rows))

    def _sums(self, family: str, period: date, measure: str, units: Any) -> list[Sum | None]:
        """Of what a figure of a unit, some units or the city may be made."""
        cell = family, period
        if units is None:
            return [self._city(cell, measure)]
        if isinstance(units, str):
            return [self._unit(cell, measure, units)]
        parts = [self._unit(cell, measure, unit) for unit in sorted(units)]
        whole = None if None in parts else frozenset().union(*(p for p in parts if p is not None))
        return [whole, self._city(cell, measure)]

    def _city(self, cell: tuple[str, date], measure: str) -> Sum | None:
        ledger = self.at.ledger
        if ledger.city(cell) is None:
            return None
        parts = [CITY] if cell[0] == TRADE else ledger.patterns[cell].parts
        return frozenset().union(
            *(_made_of(cell, measure, ledger.of(cell)[part][-1].senders) for part in parts)
        )

    def _unit(self, cell: tuple[str, date], measure: str, unit: str) -> Sum | None:
        if unit == self.own:
            live = (u for u, where in _live(self.at.secrets) if where == unit)
            return frozenset(u for u in live if (u[0], u[1], u[3]) == (*cell, measure))
        pattern = self.at.ledger.patterns.get(cell)
        versions = self.at.ledger.of(cell).get(unit)
        if versions is None or pattern is None or unit not in pattern.shown:
            return None
        return _made_of(cell, measure, versions[-1].senders)

    def _look(self, ask: Callable[..., list[dict[str, Any]]]) -> None:
        for unit in (None, *UNITS):
            self._totals(ask("enterprise_totals", unit_id=unit), unit)
            for row in ask("latest_indicators", scope=unit or "city"):
                for month, value in (("month", "value"), ("previous_month", "previous_value")):
                    self._indicator(row["indicator_id"], unit, row[month], row[value])
        self._enterprises(ask("enterprise_growth") + ask("enterprise_list"))
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
        self._releases(ask("releases"))

    def _enterprises(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            assert row["unit_id"] == self.own or all(row[name] is None for name in MEASURES)

    def _releases(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            measure = row["measure"]
            if row["value"] is None or row["scope"] == "rest":
                continue
            unit = None if row["scope"] == "city" else row["scope"]
            cell = row["family"], row["month"]
            versions = self.at.ledger.of(cell).get(unit or "")
            out = _made_of(cell, measure, versions[-1].senders) if versions else None
            self._learn([out] if unit else [self._city(cell, measure)], row["value"])

    def _totals(self, rows: list[dict[str, Any]], unit: str | None) -> None:
        for row in rows:
            month = row["month"]
            before = month.replace(year=month.year - 1)
            both = self._reporting(month) & self._reporting(before)
            for name in MEASURES:
                sums = self._sums(QUARTERLY, month, _SHORT.get(name, name), unit)
                self._learn(sums, row[name])
            for measure in ("revenue", "employees"):
                within = both & {unit} if unit else both
                for at, name in ((month, ""), (before, "_before")):
                    sums = self._sums(QUARTERLY, at, measure, within)
                    self._learn(sums, row[f"yoy_{measure}{name}"])

    def _reporting(self, month: date) -> set[str]:
        return {unit for at, unit, _ in self.at.secrets.quarterly if _month(at) == month}

    def _of(self, indicator: str, units: Any, month: date) -> list[Sum | None] | None:
        if indicator == "labeling_revenue":
            return self._sums(QUARTERLY, month, indicator, units)
        if indicator in _WORKFORCE:
            return self._sums(MONTHLY, month, indicator, units)
        if indicator == "dataset_trade_value":
            if units != self.own:
                return self._sums(TRADE, month, "trade_value", units)
            live = (u for u, where in _live(self.at.secrets) if where == units)
            return [frozenset(u for u in live if u[0] == TRADE and u[1] <= month)]
        return None

    def _indicator(self, indicator: str, unit: Any, month: Any, value: Any) -> None:
        if month is None or value is None:
            return
        if indicator == "labeling_revenue_growth":
            self._growth(unit, month, value)
        elif (sums := self._of(indicator, unit, month)) is not None:
            self._learn(sums, value)

    def _growth(self, unit: Any, month: date, value: float) -> None:
        """Only the ratio of two sums is shown."""
        before = month.replace(year=month.year - 1)
        (now,), (then,) = (
            self._sums(QUARTERLY, at, "labeling_revenue", unit) for at in (month, before)
        )
        if now is None or then is None:
            raise AssertionError("growth of what was not released")
        vector = self.vector(now) - (1 + value) * self.vector(then)
        assert abs(vector @ self.truth) < 1e-6 * max(1.0, abs(self.vector(now) @ self.truth))
        self._add(vector, 0.0)

    def _compared(self, ask: Callable[..., list[dict[str, Any]]]) -> None:
        for row in ask("comparable_indicators"):
            name, month = row["indicator_id"], row["month"]
            if name not in (*_WORKFORCE, "labeling_revenue") or month is None:
                continue
            for against in ("period", "year"):
                base = _base(name, month, against)
                both = self._sent(name, month) & self._sent(name, base)
                for at, value in ((month, f"now_{against}"), (base, f"before_{against}")):
                    self._learn(self._of(name, both, at) or [], row[value])

    def _beside(self, rows: list[dict[str, Any]]) -> None:
        """The city in two months: both values, and the change over the units of both."""
        for row in rows:
            name, month, base = row["indicator_id"], row["month"], row["base_month"]
            if month is None or base is None:
                assert row["value"] is row["change"] is None
                continue
            self._indicator(name, None, month, row["value"])
            self._indicator(name, None, base, row["value_before"])
            if name in _WORKFORCE and row["change"] is not None:
                both = self._sent(name, month) & self._sent(name, base)
                now, before = (self._of(name, both, at) or [] for at in (month, base))
                pairs = [p for p in zip(now, before, strict=True) if None not in p]
                assert pairs, "a change of what was not released"
                self._learn([pairs[0][0]], row["change"], minus=pairs[0][1])

    def _changed(self, ask: Callable[..., list[dict[str, Any]]]) -> None:
        """Workers of the units that reported both months, and of each of them."""
        for row in ask("what_changed", indicator_id="workers"):
            for at, name in ((row["month"], "value"), (row["base_month"], "value_before")):
                self._indicator("workers", row["unit_id"], at, row[name])
            both = self._sent("workers", row["month"]) & self._sent("workers", row["base_month"])
            for at, name in ((row["month"], ""), (row["base_month"], "_before")):
                self._learn(self._of("workers", both, at) or [], row[f"city_value{name}"])

    def _sent(self, indicator: str, month: date) -> set[str]:
        if indicator == "labeling_revenue":
            return self._reporting(month)
        return {unit for at, unit in self.at.secrets.workforce if at == month.isoformat()}

    def _targets(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            unit = None if row["scope"] == "city" else row["scope"]
            name, month = row["indicator_id"], row["value_month"]
            if row["value"] is None:
                continue
            if name == "labeling_revenue":
                quarters = sorted({_month(at) for at, _, _ in self.at.secrets.quarterly})
                found = [self._of(name, unit, at) for at in quarters if at <= month]
                sums = [one for sums in found for one in sums or []]
                assert None not in sums, "a flow over what was not released"
                whole = frozenset().union(*(one for one in sums if one is not None))
                self._learn([whole], row["value"])
            else:
                self._indicator(name, unit, month, row["value"])


def wanted(attack: Attack) -> Iterator[tuple[str, np.ndarray]]:
    """The largest enterprise of each unit, period and measure, each hidden total and trade."""
    seen = {tuple(np.flatnonzero(row)) for row in attack.rows}
    cells: dict[tuple, list[Unknown]] = {}
    for unknown, unit in attack.unit_of.items():
        if unit not in attack.insiders and unknown[-1] > 0:
            cells.setdefault((*unknown[:2], unknown[3], unit), []).append(unknown)
    for (family, period, measure, unit), among in sorted(cells.items(), key=lambda c: str(c[0])):
        where = f"{measure} of {unit} in {period}"
        newest = list({unknown[2]: unknown for unknown in among}.values())
        total = attack.vector(frozenset(newest))
        if family != TRADE and tuple(np.flatnonzero(total)) not in seen:
            yield where, total
        if family != MONTHLY:
            largest = max(newest, key=lambda unknown: unknown[-1])
            yield f"{where}: {largest[2]}", attack.vector(frozenset([largest]))


def _live(secrets: Secrets) -> Iterator[tuple[Unknown, str]]:
    for (quarter, unit, firm), amounts in secrets.quarterly.items():
        for name in MEASURES:
            key = (QUARTERLY, _month(quarter), firm, _SHORT.get(name, name), amounts[name])
            yield key, unit
    for (month, unit), counts in secrets.workforce.items():
        for indicator, name in _WORKFORCE.items():
            at = date.fromisoformat(month)
            yield (MONTHLY, at, unit, indicator, counts[name]), unit
    for trade in secrets.trades:
        at = date.fromisoformat(trade["traded_on"])
        name, value = trade["dataset_id"], trade["trade_value_10k_cny"]
        yield (TRADE, at, name, "trade_value", round(value, 9)), trade["unit_id"]


def _made_of(cell: tuple[str, date], measure: str, senders: Mapping[str, Sender]) -> Sum:
    family, period = cell
    if family != TRADE:
        return frozenset(
            (family, period, name, measure, sender.amounts[measure])
            for name, sender in senders.items()
        )
    return frozenset(
        (family, _traded(name), name.split("/")[1], measure, sender.amounts[measure])
        for name, sender in senders.items()
    )


def _traded(name: str) -> date:
    """The month of a trade, which stands in the name that the tests give its dataset."""
    return date.fromisoformat(name.split("@")[1])


def _month(quarter: str) -> date:
    return date(int(quarter[:4]), 3 * int(quarter[-1]), 1)


def _base(indicator: str, month: date, against: str) -> date:
    if against == "year":
        return month.replace(year=month.year - 1)
    back = 3 if indicator == "labeling_revenue" else 1
    place = month.year * 12 + month.month - 1 - back
    return date(place // 12, place % 12 + 1, 1)
