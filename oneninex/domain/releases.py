"""What has been sent and what has been released of it: parts, patterns and the ledger of both."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

CITY, REST = "city", "rest"
QUARTERLY, MONTHLY, TRADE = "enterprise_quarterly", "workforce_monthly", "datasets"
FIRST, VERIFIED, STANDING, SEED = "first", "verified", "standing", "seed"
PRIMARY, MERGED = "primary", "merged"
WAITING, NEVER = "waiting", "never"

Amounts = Mapping[str, float]  # measure to amount
Cell = tuple[str, date]  # family and last month of the period


class Sender(NamedTuple):
    """One contributor of a figure: its unit and its amounts."""

    unit: str
    amounts: Amounts


Senders = Mapping[str, Sender]


@dataclass
class Returns:
    """What has been sent for one family and period.

    `inside`: contributors that one row of a unit stands for, where rows are whole units.
    `questioned`: contributors with an open question or an unconfirmed zero.
    """

    family: str
    period: date
    units: dict[str, dict[str, Amounts]] = field(default_factory=dict)
    due: dict[str, set[str]] = field(default_factory=dict)
    inside: Mapping[str, int] | None = None
    questioned: frozenset[str] = frozenset()
    over: bool = True
    closed: bool = True

    @property
    def cell(self) -> Cell:
        """Family and period."""
        return self.family, self.period

    def missing(self, unit: str) -> set[str]:
        """Contributors of a unit that are due and absent, or of which something is in question."""
        present = self.units.get(unit, {})
        return (self.due.get(unit, set()) - present.keys()) | (present.keys() & self.questioned)

    def is_complete(self) -> bool:
        """Whether nothing that is due is absent or in question."""
        return self.over and not any(self.missing(unit) for unit in {*self.due, *self.units})

    def senders(self, units: Iterable[str]) -> dict[str, Sender]:
        """Everyone who reported under these units."""
        return {
            name: Sender(unit, amounts)
            for unit in units
            for name, amounts in self.units.get(unit, {}).items()
        }


@dataclass(frozen=True)
class Pattern:
    """Which units of a period are hidden, each with the reason, and which are shown.

    `rest`: whether the hidden ones together may come out.
    """

    family: str
    period: date
    hidden: Mapping[str, str]
    shown: tuple[str, ...]
    rest: bool
    made_in: int

    def units_of(self, part: str) -> tuple[str, ...]:
        """The units that a part consists of."""
        return tuple(sorted(self.hidden)) if part == REST else (part,)

    @property
    def parts(self) -> list[str]:
        """The parts whose sum is the city."""
        return [*self.shown, *([REST] if self.hidden else [])]


@dataclass(frozen=True)
class Release:
    """One published version of a part, with what it is made of."""

    family: str
    period: date
    part: str
    number: int
    kind: str
    units: tuple[str, ...]
    due: int
    made_in: int
    made_on: date
    senders: Senders
    values: Amounts


@dataclass
class Ledger:
    """Every pattern and release so far; `added` is what the current decision appends."""

    patterns: dict[Cell, Pattern] = field(default_factory=dict)
    releases: dict[Cell, dict[str, list[Release]]] = field(default_factory=dict)
    rounds: set[int] = field(default_factory=set)
    added: list[Pattern | Release | int] = field(default_factory=list)

    def take(self, item: Pattern | Release | int) -> None:
        """Enter a pattern, a release or the year of a yearly verification."""
        if isinstance(item, Pattern):
            self.patterns[item.family, item.period] = item
        elif isinstance(item, Release):
            parts = self.releases.setdefault((item.family, item.period), {})
            parts.setdefault(item.part, []).append(item)
        else:
            self.rounds.add(item)

    def append(self, item: Pattern | Release | int) -> None:
        """Enter something new."""
        self.take(item)
        self.added.append(item)

    def of(self, cell: Cell) -> dict[str, list[Release]]:
        """The releases of a period by part."""
        return self.releases.get(cell, {})

    def members(self, cell: Cell) -> dict[str, str]:
        """The part under which each contributor of a period was first released."""
        found: dict[str, str] = {}
        versions = [one for parts in self.of(cell).values() for one in parts]
        for one in sorted(versions, key=lambda one: (one.made_in, one.number)):
            for name in one.senders:
                found.setdefault(name, one.part)
        return found

    def hidden(self, year: int) -> dict[str, str]:
        """Units hidden in a year so far; a failing one keeps its reason."""
        found: dict[str, str] = {}
        for (_, period), pattern in sorted(self.patterns.items(), key=lambda item: item[0][1]):
            for unit, reason in pattern.hidden.items() if period.year == year else ():
                if found.get(unit) != PRIMARY:
                    found[unit] = reason
        return found

    def city(self, cell: Cell) -> dict[str, float] | None:
        """The sum of the newest versions of all parts; None while one is not out."""
        if cell[0] == TRADE:
            versions = self.of(cell).get(CITY)
            return dict(versions[-1].values) if versions else None
        pattern, parts = self.patterns.get(cell), self.of(cell)
        if pattern is None or not pattern.parts or (pattern.hidden and not pattern.rest):
            return None
        if not all(part in parts for part in pattern.parts):
            return None
        newest = [parts[part][-1] for part in pattern.parts]
        return {
            measure: math.fsum(one.values.get(measure, 0.0) for one in newest)
            for measure in sorted({name for one in newest for name in one.values})
        }


@dataclass(frozen=True)
class Stamp:
    """In which snapshot, and on which day, a release is made."""

    snapshot: int
    day: date


def totals(senders: Senders) -> dict[str, float]:
    """The sum of each measure."""
    amounts: dict[str, list[float]] = defaultdict(list)
    for sender in senders.values():
        for measure, amount in sender.amounts.items():
            amounts[measure].append(amount)
    return {measure: math.fsum(found) for measure, found in sorted(amounts.items())}


class State(NamedTuple):
    """What a reader is told of a figure: its state, its newest version, and for what it waits."""

    family: str
    period: date
    scope: str
    state: str
    kind: str | None
    contributors: int | None
    due: int | None
    released_in: int | None
    released_on: date | None
    waits_for: tuple[str, ...]


def states(returns: Iterable[Returns], ledger: Ledger) -> Iterator[State]:
    """The state of every unit and of the city, for each period that somebody reported."""
    found = {one.cell: one for one in returns}
    cells = {*found, *(cell for cell in ledger.patterns if cell[0] != TRADE)}
    for cell in sorted(cells):
        sent = found.get(cell, Returns(*cell))
        pattern, parts = ledger.patterns.get(cell), ledger.of(cell)
        if pattern is None:
            for unit in sorted({*sent.units, *(u for u, due in sent.due.items() if due)}):
                yield _state(cell, unit, WAITING, None, sent.missing(unit))
            absent = {unit for unit in sent.due if sent.missing(unit)}
            yield _state(cell, CITY, WAITING, None, absent)
            continue
        for unit in pattern.shown:
            newest = parts[unit][-1] if unit in parts else None
            state = newest.kind if newest else WAITING
            yield _state(cell, unit, state, newest, sent.missing(unit) if not newest else ())
        for unit, why in pattern.hidden.items():
            yield _state(cell, unit, why, None, ())
        never = not pattern.rest and bool(pattern.hidden)
        if pattern.hidden:
            newest = parts[REST][-1] if REST in parts and pattern.rest else None
            absent = [] if newest else [unit for unit in pattern.hidden if unit not in sent.units]
            state = newest.kind if newest else NEVER if never else WAITING
            yield _state(cell, REST, state, newest, absent)
        if ledger.city(cell) is not None:
            newest = [parts[part][-1] for part in pattern.parts]
            kinds = {one.kind for one in newest}
            kind = next((k for k in (STANDING, FIRST, SEED) if k in kinds), VERIFIED)
            whole = max(newest, key=lambda one: one.made_in)
            yield State(
                *(*cell, CITY, kind, kind, sum(len(one.senders) for one in newest)),
                *(sum(one.due for one in newest), whole.made_in, whole.made_on, ()),
            )
        else:
            absent = {p for p in pattern.shown if p not in parts}
            if REST not in parts:
                absent |= {unit for unit in pattern.hidden if unit not in sent.units}
            yield _state(cell, CITY, NEVER if never else WAITING, None, absent)


def _state(
    cell: Cell, scope: str, state: str, newest: Release | None, waits_for: Iterable[str]
) -> State:
    waiting = tuple(sorted(waits_for))
    if newest is None:
        return State(*cell, scope, state, None, None, None, None, None, waiting)
    return State(
        *(*cell, scope, state, newest.kind, len(newest.senders), newest.due),
        *(newest.made_in, newest.made_on, waiting),
    )
