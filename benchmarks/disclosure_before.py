"""The rule before the ledger of releases, as a baseline: units are hidden whole, chosen anew.

Each publication decides from its own tables and from whose figures earlier ones had shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

CITY = "city"
# (family of measures, last month of the period, city or a unit): one figure for each measure.
Cell = tuple[str, date, str]
# For each cell, the sets of contributors that its published figures were made of.
Released = Mapping[Cell, Collection[frozenset[str]]]


@dataclass(frozen=True)
class Rule:
    """The primary rule of plan.toml: enough contributors, and no few of them holding nearly all."""

    min_contributors: int
    dominance_contributors: int
    dominance_share: float

    @property
    def protection(self) -> float:
        """How much more than its value a hidden figure must be able to be, as a fraction of it."""
        return 1 - self.dominance_share

    def safe(self, amounts: Iterable[float]) -> bool:
        """Whether the sum of these contributions may be known."""
        largest = sorted((amount for amount in amounts if amount > 0), reverse=True)
        top = sum(largest[: self.dominance_contributors])
        return len(largest) >= self.min_contributors and top < self.dominance_share * sum(largest)

    def conceals(self, amounts: Iterable[float]) -> bool:
        """Whether the sum of these may be known without any one following too closely."""
        given = list(amounts)
        return len(given) > 1 and sum(given) >= (1 + self.protection) * max(given)


@dataclass(frozen=True)
class Part:
    """What one contributor adds to the figure of its unit and of the city.

    `inside`: how many contributors a part stands for whose own amounts are not known.
    """

    family: str
    month: date
    measure: str
    unit_id: str
    contributor: str
    amount: float
    inside: int = 1


@dataclass
class Decision:
    """Hidden units and city figures, each with the reason; what is shown and of whom it is made."""

    units: dict[str, str] = field(default_factory=dict)
    city: dict[tuple[str, date], str] = field(default_factory=dict)
    shown: dict[Cell, frozenset[str]] = field(default_factory=dict)


class _Table:
    """The parts of one family and month, by measure and unit."""

    def __init__(self, parts: list[Part]) -> None:
        self.measures: dict[str, dict[str, list[Part]]] = {}
        for part in parts:
            units = self.measures.setdefault(part.measure, defaultdict(list))
            units[part.unit_id].append(part)
        self.units = {part.unit_id for part in parts}

    def parts(self, unit: str) -> Iterator[list[Part]]:
        """The unit's parts, measure by measure."""
        return (units[unit] for units in self.measures.values() if unit in units)

    def contributors(self, scope: str) -> frozenset[str]:
        """Everyone in the figures of a unit or the city."""
        return frozenset(
            part.contributor
            for units in self.measures.values()
            for unit, parts in units.items()
            if scope in (CITY, unit)
            for part in parts
        )


def decide(parts: Iterable[Part], rule: Rule, released: Released | None = None) -> Decision:
    """Choose what to hide so that nothing hidden follows from what is shown, now or earlier."""
    grouped: dict[tuple[str, date], list[Part]] = defaultdict(list)
    for part in parts:
        grouped[part.family, part.month].append(part)
    tables = {cell: _Table(grouped[cell]) for cell in sorted(grouped)}
    decision = Decision()
    for (family, month), table in tables.items():
        for unit in sorted(table.units):
            if not all(_safe(found, rule) for found in table.parts(unit)):
                decision.units.setdefault(unit, "primary")
            elif not _told(table, (family, month, unit), rule, released or {}):
                decision.units.setdefault(unit, "release")
    _hide_more(tables, rule, decision)
    for (family, month), table in tables.items():
        if (family, month) not in decision.city:
            if _told(table, (family, month, CITY), rule, released or {}):
                decision.shown[family, month, CITY] = table.contributors(CITY)
            else:
                decision.city[family, month] = "release"
        for unit in table.units - decision.units.keys():
            decision.shown[family, month, unit] = table.contributors(unit)
    return decision


def _safe(parts: list[Part], rule: Rule) -> bool:
    if all(part.inside == 1 for part in parts):
        return rule.safe(_by_contributor(parts))
    return sum(part.inside for part in parts) >= rule.min_contributors


def _by_contributor(parts: list[Part]) -> list[float]:
    amounts: dict[str, float] = defaultdict(float)
    for part in parts:
        amounts[part.contributor] += part.amount
    return list(amounts.values())


def _concealed(table: _Table, hidden: set[str], rule: Rule) -> bool:
    """Whether city total less shown units tells nothing of a hidden one, whoever looks."""
    for units in table.measures.values():
        among = sorted(hidden & units.keys())
        for own in (None, *among):
            rest = [unit for unit in among if unit != own]
            if rest and not _conceals(units, rest, rule):
                return False
    return True


def _conceals(units: Mapping[str, list[Part]], rest: list[str], rule: Rule) -> bool:
    totals = [sum(part.amount for part in units[unit]) for unit in rest]
    together = [part for unit in rest for part in units[unit]]
    return rule.conceals(totals) and _safe(together, rule)


def _hide_more(tables: Mapping[tuple[str, date], _Table], rule: Rule, decision: Decision) -> None:
    """Secondary suppression: the smallest further unit, until no hidden one follows anywhere."""
    todo = {cell for cell, table in tables.items() if not _concealed(table, table.units, rule)}
    open_cells = [cell for cell in tables if cell not in todo]
    for cell in todo:
        if not _concealed(tables[cell], set(decision.units), rule):
            decision.city[cell] = "secondary"
        else:
            open_cells.append(cell)
    changed = True
    while changed:
        changed = False
        for cell in sorted(open_cells):
            table = tables[cell]
            if cell in decision.city or _concealed(table, set(decision.units), rule):
                continue
            changed = True
            shown = sorted(table.units - decision.units.keys(), key=lambda u: (_size(table, u), u))
            if shown and cell not in todo:
                decision.units[shown[0]] = "secondary"
            else:
                decision.city[cell] = "secondary"


def _size(table: _Table, unit: str) -> float:
    return sum(part.amount for part in next(table.parts(unit), []))


def _told(table: _Table, cell: Cell, rule: Rule, released: Released) -> bool:
    """Whether this figure beside an earlier one of other contributors would tell of the few new."""
    now = table.contributors(cell[2])
    return all(
        now == earlier or (earlier < now and _safe_addition(table, cell[2], now - earlier, rule))
        for earlier in released.get(cell, ())
    )


def _safe_addition(table: _Table, scope: str, new: frozenset[str], rule: Rule) -> bool:
    for units in table.measures.values():
        added = [
            [part for part in parts if part.contributor in new]
            for unit, parts in sorted(units.items())
            if scope in (CITY, unit)
        ]
        added = [parts for parts in added if parts]
        if not added:
            continue
        if scope == CITY and not rule.conceals(sum(p.amount for p in parts) for parts in added):
            return False
        if not _safe([part for parts in added for part in parts], rule):
            return False
    return True
