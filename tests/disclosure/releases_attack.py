"""An attacker with a linear program against everything that was ever released.

Unknown are the amounts of each enterprise, quarter and version; the attacker knows who reported
where, which amounts changed, and that a zero is zero. Labeling is a part of revenue, revenue per
employee lies between 1 and 500. Enterprises that no equation parts are taken together, which
changes no bound; the one that is wanted stays alone.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np
from scipy.optimize import linprog

from oneninex.domain import disclosure_control as control
from oneninex.domain.disclosure_control import Rule
from oneninex.domain.releases import (
    CITY,
    QUARTERLY,
    Ledger,
    Returns,
    Sender,
    Stamp,
    totals,
)
from tests.disclosure.histories import MEASURES, History, World, end, questioned

RULE = Rule(4, 2, 0.85)
TOLERANCE = 0.10
CUT_OFF = 45
# One version of one enterprise in one quarter.
Version = tuple[str, tuple[float, ...]]


@dataclass(frozen=True)
class Shown:
    """A figure that readers got: its period, what it is made of, and its values."""

    period: date
    part: str
    senders: Mapping[str, Sender]


def play(history: History, rule: Rule = RULE) -> tuple[Ledger, list[Shown]]:
    """Run the decision over all publications of a history; everything that readers got."""
    ledger = Ledger()
    shown: dict[tuple, Shown] = {}
    for number, (day, world) in enumerate(history.publications, start=1):
        control.decide(returns(history, day, world), ledger, rule, Stamp(number, day))
        ledger.added.clear()
        for one in look(ledger):
            made_of = tuple(sorted((n, tuple(s.amounts.items())) for n, s in one.senders.items()))
            shown.setdefault((one.period, one.part, made_of), one)
    return ledger, list(shown.values())


def returns(history: History, day: date, world: World) -> list[Returns]:
    """What is in by a day."""
    found = []
    for quarter in sorted({at for at, _ in world}):
        one = Returns(QUARTERLY, quarter)
        for (at, firm), (unit, amounts) in world.items():
            if at == quarter:
                one.units.setdefault(unit, {})[firm] = amounts
        one.due = {unit: set(firms) for unit, firms in history.due[quarter].items()}
        one.questioned = frozenset(questioned(world, quarter))
        one.over = day >= end(quarter)
        one.closed = (day - end(quarter)).days >= CUT_OFF
        found.append(one)
    return found


def look(ledger: Ledger) -> Iterator[Shown]:
    """Every figure that a reader of the newest snapshot gets: parts, rest and city."""
    for cell, parts in ledger.releases.items():
        pattern = ledger.patterns[cell]
        for part, versions in parts.items():
            if part in pattern.parts:
                yield Shown(cell[1], part, versions[-1].senders)
        city = ledger.city(cell)
        if city is not None:
            together: dict[str, Sender] = {}
            for part in pattern.parts:
                together |= parts[part][-1].senders
            # The city is the sum of its parts, each contributor in one of them.
            for measure, value in city.items():
                assert abs(value - totals(together).get(measure, 0.0)) < 1e-6 * (1 + value)
            yield Shown(cell[1], CITY, together)


def leaks(
    history: History, shown: Iterable[Shown], *, pairs: int, seed: int = 0, size: int = 2
) -> Iterator[str]:
    """Withheld amounts that follow within 10% for some colluding units.

    Knowing two units' figures includes knowing those of one or none.
    """
    dice = random.Random(seed)
    by_period: dict[date, list[Shown]] = {}
    for one in shown:
        by_period.setdefault(one.period, []).append(one)
    for period, figures in sorted(by_period.items()):
        worlds = [world for _, world in history.publications]
        equations = _Equations(period, figures, worlds, history.touched)
        groups = list(combinations(sorted(equations.units), size))
        hidden = [g for g in groups if not equations.shown.intersection(g)]
        chosen = dice.sample(hidden or groups, min(pairs, len(hidden or groups)))
        for insiders in chosen:
            yield from equations.leaks(frozenset(insiders))


class _Equations:
    """One quarter: the unknowns, what was shown of them, and what is wanted."""

    def __init__(
        self,
        period: date,
        figures: list[Shown],
        worlds: list[World],
        touched: Collection[str],
    ) -> None:
        self.period = period
        self.unit_of: dict[Version, set[str]] = {}
        for world in worlds:
            for (at, firm), (unit, amounts) in world.items():
                if at == period:
                    self.unit_of.setdefault(_version(firm, amounts), set()).add(unit)
        self.made_of = [
            {_version(name, sender.amounts) for name, sender in one.senders.items()}
            for one in figures
        ]
        self.units = {unit for units in self.unit_of.values() for unit in units}
        self.shown = {one.part for one in figures} & self.units
        self.last = {
            firm: _version(firm, amounts)
            for world in worlds
            for (at, firm), (_, amounts) in world.items()
            if at == period
        }
        self.touched = touched

    def leaks(self, insiders: frozenset[str]) -> Iterator[str]:
        """Wanted amounts that these units can tell within 10%."""
        known = {v for v, units in self.unit_of.items() if units & insiders or not any(v[1])}
        unknown = [version for version in self.unit_of if version not in known]
        rows = [frozenset(m) - known for m in self.made_of]
        rows = list(dict.fromkeys(row for row in rows if row))
        signature = {v: tuple(v in row for row in rows) for v in unknown}
        for name, wanted in self._wanted(unknown):
            groups: dict[tuple, list[Version]] = {}
            for version in unknown:
                key = (version in wanted, *signature[version])
                groups.setdefault(key, []).append(version)
            columns = list(groups.values())
            matrix = np.array([[float(c[0] in row) for c in columns] for row in rows])
            target = np.array([float(c[0] in wanted) for c in columns])
            if not len(rows) or not (target @ matrix.T).any():
                continue
            yield from self._narrow(name, insiders, columns, matrix, target)

    def _wanted(self, unknown: list[Version]) -> Iterator[tuple[str, frozenset[Version]]]:
        """Totals of units that were never shown, the largest in each unit, all that changed."""
        there = set(unknown)
        by_unit: dict[str, list[Version]] = {}
        for version in self.last.values():
            if version in there:
                for unit in self.unit_of[version]:
                    by_unit.setdefault(unit, []).append(version)
        for unit, versions in sorted(by_unit.items()):
            if unit not in self.shown:
                yield f"total of {unit}", frozenset(versions)
            largest = max(versions, key=lambda version: version[1][0])
            yield f"largest of {unit}", frozenset([largest])
        for version in unknown:
            if version[0] in self.touched:
                yield f"version of {version[0]}", frozenset([version])

    def _narrow(
        self,
        name: str,
        insiders: frozenset[str],
        columns: list[list[Version]],
        matrix: np.ndarray,
        target: np.ndarray,
    ) -> Iterator[str]:
        size = len(columns)
        truth = np.array(
            [[sum(v[1][m] for v in column) for column in columns] for m in range(len(MEASURES))]
        )
        if _can_grow(truth, matrix, target):
            return
        scale = max(truth.max(), 1.0)
        equal = np.kron(np.eye(len(MEASURES)), matrix)
        right = (truth @ matrix.T).ravel() / scale
        one, none = np.eye(size), np.zeros((size, size))
        below = np.vstack(
            [
                np.hstack([-one, one, none]),  # labeling is a part of revenue
                np.hstack([-one, none, one]),  # at least 1 per employee
                np.hstack([one, none, -500 * one]),
            ]
        )
        for place, measure in enumerate(MEASURES):
            value = float(target @ truth[place])
            if value <= 0:
                continue
            goal = np.zeros(size * len(MEASURES))
            goal[place * size : (place + 1) * size] = target
            bounds = []
            for sign, limit in ((-1, 1 + TOLERANCE), (1, 1 - TOLERANCE)):
                found = linprog(
                    sign * goal,
                    A_ub=below,
                    b_ub=np.zeros(len(below)),
                    A_eq=equal,
                    b_eq=right,
                    bounds=(0, None),
                    method="highs",
                )
                bound = sign * found.fun * scale if found.status == 0 else None
                if found.status == 2:
                    raise AssertionError("the attacker misunderstood")
                if bound is None or (bound > limit * value if sign < 0 else bound < limit * value):
                    break
                bounds.append(bound)
            if len(bounds) == 2:
                who = "+".join(sorted(insiders)) or "the public"
                yield (
                    f"{self.period} {measure} of {name} is {value:.2f}: "
                    f"{who} know {bounds[1]:.2f} to {bounds[0]:.2f}"
                )


def _can_grow(truth: np.ndarray, matrix: np.ndarray, target: np.ndarray) -> bool:
    """Whether what is wanted could be larger by more than the tolerance, found without a program.

    What it would gain is taken from others that every equation treats alike.
    """
    for place in np.flatnonzero(target):
        alike = (matrix == matrix[:, [place]]).all(axis=0) & (target == 0)
        left = truth[:, alike].sum(axis=1) - 1.01 * TOLERANCE * truth[:, place]
        revenue, labeling, employees = left
        if not (0 <= labeling <= revenue and 0 <= employees <= revenue <= 500 * employees):
            return False
    return True


def _version(firm: str, amounts: Mapping[str, float]) -> Version:
    return firm, tuple(amounts.get(measure, 0.0) for measure in MEASURES)
