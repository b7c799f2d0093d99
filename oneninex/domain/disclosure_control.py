"""Disclosure control over releases: figures are published in parts, once, and then frozen.

Each period is a partition: every shown unit is a part, all hidden units together are one part
(REST), and the city is the sum of the parts. A released part keeps its figure; once a year it is
verified, if the difference to every earlier release is itself safe. Nothing here reads a store.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import NamedTuple

from oneninex.domain.releases import (
    CITY,
    FIRST,
    MERGED,
    MONTHLY,
    PRIMARY,
    QUARTERLY,
    REST,
    STANDING,
    TRADE,
    VERIFIED,
    Cell,
    Ledger,
    Pattern,
    Release,
    Returns,
    Sender,
    Senders,
    Stamp,
    totals,
)  # fmt: skip

_LEAVING = 2  # units that may leave the hidden ones at a new year
_NARROW = 0.80  # share of the largest from which a unit passes the primary rule only narrowly
_YEARS_BACK = 2


class Tally(NamedTuple):
    """What the primary rule needs to know of a set of amounts."""

    count: int
    total: float
    largest: tuple[float, ...]


NOTHING = Tally(0, 0.0, ())


@dataclass(frozen=True)
class Rule:
    """The primary rule of plan.toml, and how many colluding units it has to withstand."""

    min_contributors: int
    dominance_contributors: int
    dominance_share: float
    colluders: int = 2

    @property
    def protection(self) -> float:
        """How much a hidden figure must be able to differ from its value, as a fraction of it."""
        return 1 - self.dominance_share

    def tally(self, amounts: Iterable[float]) -> Tally:
        """Count, total and largest of the amounts above zero: a zero is no contribution."""
        above = sorted((amount for amount in amounts if amount > 0), reverse=True)
        return Tally(len(above), math.fsum(above), tuple(above[: self.dominance_contributors]))

    def sum_of(self, tallies: Sequence[Tally]) -> Tally:
        """The tally of several disjoint sets together."""
        largest = sorted((each for one in tallies for each in one.largest), reverse=True)
        count = sum(one.count for one in tallies)
        total = sum(one.total for one in tallies)
        return Tally(count, total, tuple(largest[: self.dominance_contributors]))

    def is_safe(self, tally: Tally) -> bool:
        """Whether enough contribute and the largest do not hold nearly all."""
        enough = tally.count >= self.min_contributors
        return enough and sum(tally.largest) < self.dominance_share * tally.total

    def safe(self, amounts: Iterable[float]) -> bool:
        """Whether the sum of these contributions may be published."""
        return self.is_safe(self.tally(amounts))

    def is_narrow(self, tally: Tally) -> bool:
        """Whether the primary rule holds only just."""
        few = tally.count <= self.min_contributors
        return few or sum(tally.largest) >= _NARROW * tally.total

    def conceals(self, tallies: Sequence[Tally]) -> bool:
        """Whether the sum over these units may be published without any one following from it."""
        if not tallies:
            return False
        together = self.sum_of(tallies)
        largest = max(one.total for one in tallies)
        return together.total >= (1 + self.protection) * largest and self.is_safe(together)


def decide(returns: Iterable[Returns], ledger: Ledger, rule: Rule, stamp: Stamp) -> None:
    """Append to the ledger what may be released now."""
    found = {one.cell: one for one in returns}
    quarters = sorted(cell for cell in found if cell[0] == QUARTERLY)
    before: dict[str, Returns] = {}  # of each family, the period before
    for cell in sorted(found, key=lambda cell: (cell[1], cell[0])):
        decision = _Decision(found[cell], ledger, rule, stamp)
        earlier, before[cell[0]] = before.get(cell[0]), found[cell]
        if cell not in ledger.patterns:
            if not (found[cell].is_complete() or found[cell].closed):
                continue
            decision.fix(_latest(quarters, found, cell), earlier)
        decision.release()
    for cell in quarters:
        year = cell[1].year
        if cell[1].month == 12 and cell in ledger.patterns and year not in ledger.rounds:
            ledger.append(year)
            _verify(found, ledger, rule, stamp, year)


def _latest(quarters: list[Cell], found: Mapping[Cell, Returns], cell: Cell) -> Returns | None:
    """The quarterly returns that a month's people are judged by: of its quarter, or the last."""
    if cell[0] != MONTHLY:
        return None
    end = cell[1].replace(month=(cell[1].month + 2) // 3 * 3)
    earlier = [one for one in quarters if one[1] <= end]
    return found[earlier[-1]] if earlier else None


class _Decision:
    """The pattern and the first releases of one family and period."""

    def __init__(self, returns: Returns, ledger: Ledger, rule: Rule, stamp: Stamp) -> None:
        self.returns = returns
        self.ledger = ledger
        self.rule = rule
        self.stamp = stamp

    def fix(self, quarterly: Returns | None, earlier: Returns | None) -> None:
        """Decide which units are hidden in this period.

        A hidden unit that is absent counts as in the period before; when it has come, the hidden
        ones are tested again before they are released.
        """
        returns, year = self.returns, self.returns.period.year
        tallies = _tallies(returns.senders(returns.units), returns.inside, self.rule)
        failing = _failing(tallies, self.rule)
        if quarterly is not None:
            of_enterprises = _tallies(quarterly.senders(quarterly.units), None, self.rule)
            failing |= _failing(of_enterprises, self.rule) & {*returns.units, *returns.due}
        sticky = self.ledger.hidden(year)
        before = self.ledger.hidden(year - 1)
        units = {*returns.units, *(unit for unit, due in returns.due.items() if due)}
        absent = units - returns.units.keys()
        failing |= {unit for unit in absent if unit in sticky or not self._was_shown(unit)}
        failing |= {unit for unit in units if sticky.get(unit) == PRIMARY}
        if earlier is not None:
            known = earlier.senders(absent & earlier.units.keys())
            tallies |= _tallies(known, earlier.inside, self.rule)
        hidden = dict.fromkeys(sorted(failing), PRIMARY)
        kept = [unit for unit in sticky if unit in units]
        if not sticky:
            staying = sorted(
                before.keys() & (units - failing), key=lambda u: (_size(tallies, u), u)
            )
            kept += staying[: max(len(staying) - _LEAVING, 0)]
        for unit in sorted(kept):
            hidden.setdefault(unit, MERGED)
        helped = self._with_helpers(tallies, hidden, failing, units - absent)
        self._pattern(helped or hidden, units, rest=helped is not None)

    def _was_shown(self, unit: str) -> bool:
        """Whether the newest earlier pattern showed a unit."""
        earlier = [
            pattern
            for (_, period), pattern in self.ledger.patterns.items()
            if period < self.returns.period
        ]
        return bool(earlier) and unit in max(earlier, key=lambda p: p.period).shown

    def _with_helpers(
        self,
        tallies: Mapping[str, Mapping[str, Tally]],
        hidden: dict[str, str],
        failing: set[str],
        present: set[str],
    ) -> dict[str, str] | None:
        """The hidden units with enough others that no failing one follows; None if impossible."""
        rule = self.rule
        found = dict(hidden)
        helpers = sorted(
            present - found.keys(),
            key=lambda unit: (
                not any(rule.is_narrow(tally) for tally in tallies[unit].values()),
                _size(tallies, unit),
                unit,
            ),
        )
        added: list[str] = []
        while not holds(tallies, found, failing, rule):
            if not helpers:
                return None
            added.append(helpers.pop(0))
            found[added[-1]] = MERGED
        for unit in sorted(added[:-1], key=lambda unit: (-_size(tallies, unit), unit)):
            fewer = {name: why for name, why in found.items() if name != unit}
            if holds(tallies, fewer, failing, rule):
                found = fewer
        return found

    def _pattern(self, hidden: Mapping[str, str], units: set[str], *, rest: bool) -> None:
        ordered = dict(sorted(hidden.items()))
        shown = tuple(sorted(units - hidden.keys()))
        family, period = self.returns.cell
        self.ledger.append(Pattern(family, period, ordered, shown, rest, self.stamp.snapshot))

    def release(self) -> None:
        """Release the parts of the period that are in and not out yet."""
        self._late()
        returns, cell = self.returns, self.returns.cell
        pattern = self.ledger.patterns[cell]
        for part in pattern.shown:
            if part in self.ledger.of(cell) or part not in returns.units:
                continue
            senders = self._new(pattern.units_of(part))
            tallies = _tallies(senders, returns.inside, self.rule)
            if self._in_time([part]) and not _failing(tallies, self.rule) and senders:
                self._out(pattern, part, senders)
        self._rest(pattern)

    def _late(self) -> None:
        """Let a unit that came late and fails join the hidden ones that are not out yet."""
        returns, cell = self.returns, self.returns.cell
        pattern = self.ledger.patterns[cell]
        tallies = _tallies(returns.senders(returns.units), returns.inside, self.rule)
        waiting = set(pattern.shown) - self.ledger.of(cell).keys()
        failing = (_failing(tallies, self.rule) & waiting) if pattern.hidden else set()
        if failing and REST not in self.ledger.of(cell):
            hidden = {**pattern.hidden, **dict.fromkeys(failing, PRIMARY)}
            self._pattern(hidden, {*pattern.shown, *pattern.hidden}, rest=pattern.rest)

    def _rest(self, pattern: Pattern) -> None:
        returns, cell = self.returns, self.returns.cell
        if not (pattern.hidden and pattern.rest) or REST in self.ledger.of(cell):
            return
        if not self._everybody(pattern) or not self._in_time(pattern.hidden):
            return
        senders = self._new(pattern.units_of(REST))
        tallies = _tallies(senders, returns.inside, self.rule)
        if holds(tallies, pattern.hidden, self._protected(pattern, tallies), self.rule):
            self._out(pattern, REST, senders)

    def _everybody(self, pattern: Pattern) -> bool:
        """Whether every hidden unit has reported: the rest never comes out without one."""
        return all(unit in self.returns.units for unit in pattern.hidden)

    def _protected(self, pattern: Pattern, tallies: Mapping[str, Mapping[str, Tally]]) -> set[str]:
        primary = {unit for unit, why in pattern.hidden.items() if why == PRIMARY}
        return primary | _failing(tallies, self.rule)

    def _in_time(self, units: Iterable[str]) -> bool:
        """Whether these units are complete, or the cut-off has passed."""
        returns = self.returns
        return returns.closed or (returns.over and not any(map(returns.missing, units)))

    def _new(self, units: Iterable[str]) -> dict[str, Sender]:
        """The contributors of units that no part of this period has been released with."""
        members = self.ledger.members(self.returns.cell)
        found = self.returns.senders(units)
        return {name: sender for name, sender in found.items() if name not in members}

    def _out(self, pattern: Pattern, part: str, senders: Senders) -> None:
        family, period = self.returns.cell
        units = pattern.units_of(part)
        due = {name for unit in units for name in self.returns.due.get(unit, ())}
        self.ledger.append(
            Release(
                *(family, period, part, 1, FIRST, units, len(due | senders.keys())),
                *(self.stamp.snapshot, self.stamp.day, senders, totals(senders)),
            )
        )


def holds(
    tallies: Mapping[str, Mapping[str, Tally]],
    hidden: Iterable[str],
    failing: set[str],
    rule: Rule,
) -> bool:
    """Whether the sum over the hidden units protects the failing ones.

    It has to do so without any of them, and without any two that know their own figures.
    """
    among = sorted(hidden)
    measures = sorted({measure for unit in tallies.values() for measure in unit})
    for size in range(rule.colluders + 1):
        for left_out in combinations(among, size):
            rest = [unit for unit in among if unit not in left_out]
            if failing.isdisjoint(rest):
                continue
            for measure in measures:
                found = [tallies.get(unit, {}).get(measure, NOTHING) for unit in rest]
                if not rule.conceals(found):
                    return False
    return True


def _tallies(
    senders: Senders, inside: Mapping[str, int] | None, rule: Rule
) -> dict[str, dict[str, Tally]]:
    """Unit to measure to the tally of its amounts."""
    amounts: dict[str, dict[str, list[float]]] = {}
    measures = {measure for sender in senders.values() for measure in sender.amounts}
    for sender in senders.values():
        unit = amounts.setdefault(sender.unit, {measure: [] for measure in measures})
        for measure, amount in sender.amounts.items():
            unit[measure].append(amount)
    if inside is None:
        return {
            unit: {measure: rule.tally(found) for measure, found in by_measure.items()}
            for unit, by_measure in amounts.items()
        }
    return {
        unit: {
            measure: Tally(inside.get(unit, 0) if any(found) else 0, math.fsum(found), ())
            for measure, found in by_measure.items()
        }
        for unit, by_measure in amounts.items()
    }


def _failing(tallies: Mapping[str, Mapping[str, Tally]], rule: Rule) -> set[str]:
    return {
        unit
        for unit, measures in tallies.items()
        if not all(rule.is_safe(tally) for tally in measures.values())
    }


def _size(tallies: Mapping[str, Mapping[str, Tally]], unit: str) -> float:
    measures = tallies.get(unit, {})
    first = measures.get("revenue") or next(iter(measures.values()), NOTHING)
    return first.total


def difference(earlier: Senders, now: Senders) -> dict[str, Sender]:
    """Contributors that appear, vanish or change beyond a factor of two, at their larger amount."""
    found: dict[str, Sender] = {}
    for name in sorted({*earlier, *now}):
        old, new = earlier.get(name), now.get(name)
        sender = new or old
        assert sender is not None
        before, after = (one.amounts if one else {} for one in (old, new))
        pairs = {
            measure: (before.get(measure, 0.0), after.get(measure, 0.0))
            for measure in {*before, *after}
        }
        if any(_is_other(*pair) for pair in pairs.values()):
            larger = {measure: max(pair) for measure, pair in pairs.items()}
            found[name] = Sender(sender.unit, larger)
    return found


def _is_other(old: float, new: float) -> bool:
    low, high = sorted((old, new))
    return high > 0 and high > 2 * low


def is_safe_difference(changed: Senders, rule: Rule, *, over_units: bool) -> bool:
    """Whether what a new version adds to an earlier one may be known.

    Over several hidden units no unit's part may follow either, also where colluding ones take
    their own off. Within a shown unit the primary rule is enough.
    """
    tallies = _tallies(changed, None, rule)
    measures = {measure for unit in tallies.values() for measure in unit}
    if not over_units:
        return not _failing(tallies, rule)
    for size in range(rule.colluders + 1):
        for left_out in combinations(sorted(tallies), size):
            rest = [unit for unit in tallies if unit not in left_out]
            for measure in measures if rest else ():
                if not rule.conceals([tallies[unit][measure] for unit in rest]):
                    return False
    return True


def _verify(
    found: Mapping[Cell, Returns], ledger: Ledger, rule: Rule, stamp: Stamp, year: int
) -> None:
    """Once a year: release a part again where everything that changed is safe."""
    for cell in sorted(ledger.releases, key=lambda cell: (cell[1], cell[0])):
        family, period = cell
        last, first = date(year, 12, 1), date(year - _YEARS_BACK, 12, 1)
        if family == TRADE or not first <= period < last:
            continue
        for part, versions in sorted(ledger.of(cell).items()):
            now = _current(found.get(cell), ledger, cell, part)
            inside = found[cell].inside if cell in found else None
            kind = VERIFIED if _may_replace(now, versions, inside, part, rule) else STANDING
            newest = versions[-1]
            senders = now if kind == VERIFIED else newest.senders
            values = totals(senders) if kind == VERIFIED else newest.values
            ledger.append(
                Release(
                    *(family, period, part, newest.number + 1, kind, newest.units, newest.due),
                    *(stamp.snapshot, stamp.day, senders, values),
                )
            )


def _current(returns: Returns | None, ledger: Ledger, cell: Cell, part: str) -> dict[str, Sender]:
    """What a released part consists of today; later moves change nothing in it."""
    if returns is None:
        return {}
    members, pattern = ledger.members(cell), ledger.patterns.get(cell)
    units = set(ledger.of(cell)[part][-1].units)
    known = {*pattern.shown, *pattern.hidden} if pattern else set()
    first = {
        name: one for version in ledger.of(cell)[part] for name, one in version.senders.items()
    }
    found: dict[str, Sender] = {}
    for name, sender in returns.senders(returns.units).items():
        home = members.get(name)
        added = sender.unit in units or (part == REST and sender.unit not in known)
        if home == part:
            found[name] = Sender(first[name].unit, sender.amounts)
        elif home is None and added:
            found[name] = sender
    return found


def _may_replace(
    now: Senders,
    versions: Sequence[Release],
    inside: Mapping[str, int] | None,
    part: str,
    rule: Rule,
) -> bool:
    """Whether a new version tells nothing beside each of the earlier ones."""
    if inside is not None:  # nobody knows which enterprise of a unit a change is due to
        return all(dict(now) == dict(one.senders) for one in versions)
    for one in versions:
        changed = difference(one.senders, now)
        if changed and not is_safe_difference(changed, rule, over_units=part == REST):
            return False
    tallies = _tallies(now, None, rule)
    failing = _failing(tallies, rule)
    if part != REST:
        return bool(now) and not failing
    return holds(tallies, tallies, failing, rule)


def decide_steps(
    trades: Mapping[date, Senders], months: Iterable[date], ledger: Ledger, rule: Rule, stamp: Stamp
) -> None:
    """Release the city's running total of months that are over; those of units stay hidden.

    `trades`: what was traded in each month. What a month's figure adds to, or takes from, every
    figure that is out must be nothing or safe, also for any two units that know their own.
    """
    so_far: dict[str, Sender] = {}
    for month in sorted({*months, *trades}):
        so_far |= trades.get(month, {})
        if month not in months or ledger.of((TRADE, month)):
            continue
        released = [
            one for (family, _), parts in ledger.releases.items() if family == TRADE
            for one in parts[CITY]
        ]  # fmt: skip
        earlier = [one.senders for one in released] or [{}]
        changed = [_by_owner(difference(senders, so_far)) for senders in earlier]
        if all(is_safe_difference(each, rule, over_units=True) for each in changed if each):
            units = tuple(sorted({sender.unit for sender in so_far.values()}))
            ledger.append(
                Release(
                    *(TRADE, month, CITY, 1, FIRST, units, len(so_far)),
                    *(stamp.snapshot, stamp.day, dict(so_far), _trade_total(so_far)),
                )
            )


def _by_owner(changed: Senders) -> dict[str, Sender]:
    """Amounts of datasets added up by their enterprise, which the name of one begins with."""
    amounts: dict[str, float] = defaultdict(float)
    units: dict[str, str] = {}
    for name, sender in changed.items():
        owner = name.split("/")[0]
        units[owner] = sender.unit
        amounts[owner] += sender.amounts["trade_value"]
    return {
        owner: Sender(units[owner], {"trade_value": amount}) for owner, amount in amounts.items()
    }


def _trade_total(senders: Senders) -> dict[str, float]:
    return totals(senders) or {"trade_value": 0.0}
