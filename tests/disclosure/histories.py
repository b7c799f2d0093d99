"""Random cities and what arrived of them by each publication.

Late units and enterprises, zeros that stand for "not known yet", corrections (some tenfold),
entries, exits, moves, also of quarters that are over. Nothing here reads the product.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

MEASURES = ("revenue", "labeling_revenue", "employees")
QUARTERS = tuple(date(y, m, 1) for y in (2025, 2026) for m in (3, 6, 9, 12))[2:]
UNITS = tuple(f"U{n}" for n in range(1, 10))
NO_AMOUNTS = dict.fromkeys(MEASURES, 0.0)

Amounts = Mapping[str, float]
# Quarter and enterprise to unit and amounts.
World = dict[tuple[date, str], tuple[str, Amounts]]


@dataclass(frozen=True)
class Rates:
    """How often something happens."""

    unit_late: float = 0.12
    firm_late: float = 0.03
    zero: float = 0.015
    corrected: float = 0.045
    enters: float = 0.15
    leaves: float = 0.07
    moves: float = 0.03
    moved_back: float = 0.01


HARSH = Rates()
MILD = Rates(0.036, 0.009, 0.0045, 0.0135, 0.15, 0.07, 0.03, 0.003)


@dataclass
class History:
    """A city: what is true in the end, and for each publication its day and what was in by then."""

    due: dict[date, dict[str, set[str]]] = field(default_factory=dict)
    publications: list[tuple[date, World]] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)  # late, corrected or moved enterprises


def invent(seed: int, rates: Rates = HARSH, quarters: tuple[date, ...] = QUARTERS) -> History:
    """A city of 35 to 100 enterprises in nine uneven units."""
    dice = random.Random(seed)
    history = History()
    truth = _truth(dice, rates, quarters)
    arrivals = _arrivals(dice, rates, truth, quarters, history)
    for quarter in quarters:
        units: dict[str, set[str]] = {}
        for (at, firm), (unit, _) in truth.items():
            if at == quarter:
                units.setdefault(unit, set()).add(firm)
        history.due[quarter] = units
    for number, day in enumerate(publication_days(quarters)):
        world = {}
        for key, versions in arrivals.items():
            seen = [version for at, version in versions if at <= number]
            if seen:
                world[key] = seen[-1]
        history.publications.append((day, world))
    return history


def publication_days(quarters: tuple[date, ...] = QUARTERS) -> list[date]:
    """Twenty and fifty days after each quarter: before and after the cut-off."""
    return [end(q) + timedelta(days=days) for q in quarters for days in (20, 50)]


def end(quarter: date) -> date:
    """The day after a quarter."""
    return (quarter + timedelta(days=32)).replace(day=1)


def _truth(dice: random.Random, rates: Rates, quarters: tuple[date, ...]) -> World:
    weights = [dice.gammavariate(1.2, 1) + 0.05 for _ in UNITS]
    truth: World = {}
    for n in range(dice.randint(35, 100)):
        unit = dice.choices(UNITS, weights)[0]
        size = dice.lognormvariate(6, dice.choice((0.5, 1.2)))
        share, output = dice.uniform(0.2, 0.99), dice.uniform(3, 30)
        first = dice.randrange(len(quarters)) if dice.random() < rates.enters else 0
        last = dice.randrange(len(quarters)) if dice.random() < rates.leaves else len(quarters)
        move = dice.randrange(len(quarters)) if dice.random() < rates.moves else len(quarters)
        other = dice.choice(UNITS)
        for place, quarter in enumerate(quarters):
            if not first <= place <= last:
                continue
            revenue = round(size * dice.uniform(0.85, 1.25), 2)
            amounts = {
                "revenue": revenue,
                "labeling_revenue": round(revenue * share, 2),
                "employees": float(max(1, round(revenue / output))),
            }
            truth[quarter, f"E{n:03d}"] = (other if place >= move else unit, amounts)
    return truth


def _arrivals(
    dice: random.Random,
    rates: Rates,
    truth: World,
    quarters: tuple[date, ...],
    history: History,
) -> dict[tuple[date, str], list[tuple[int, tuple[str, Amounts]]]]:
    """For each quarter and enterprise, its versions and the publication each was in time for."""
    late_units = {
        (quarter, unit): dice.choice((1, 2, 3))
        for quarter in quarters
        for unit in UNITS
        if dice.random() < rates.unit_late
    }
    found: dict[tuple[date, str], list[tuple[int, tuple[str, Amounts]]]] = {}
    for (quarter, firm), (unit, amounts) in truth.items():
        at = 2 * quarters.index(quarter) + late_units.get((quarter, unit), 0)
        if dice.random() < rates.firm_late:
            at += dice.choice((1, 2, 3))
            history.touched.add(firm)
        versions = [(at, (unit, amounts))]
        fate = dice.random()
        if fate < rates.zero:
            versions = [(at, (unit, NO_AMOUNTS)), (at + dice.choice((1, 2)), (unit, amounts))]
        elif fate < rates.zero + rates.corrected:
            factor = dice.choice((0.1, 10.0, *(dice.uniform(0.6, 1.6) for _ in range(3))))
            wrong = {name: round(value * factor, 2) for name, value in amounts.items()}
            versions = [(at, (unit, wrong)), (at + dice.choice((1, 2, 4)), (unit, amounts))]
        elif fate < rates.zero + rates.corrected + rates.moved_back:
            moved = (dice.choice(UNITS), amounts)
            versions.append((at + dice.choice((1, 2)), moved))
        if len(versions) > 1:
            history.touched.add(firm)
        found[quarter, firm] = versions
    return found


def questioned(world: World, quarter: date) -> Iterator[str]:
    """Enterprises with a zero, or a measure doubled or halved since their last return."""
    for (at, firm), (_, amounts) in world.items():
        if at != quarter:
            continue
        earlier = [when for when, name in world if name == firm and when < quarter]
        before = world[max(earlier), firm][1] if earlier else amounts
        pairs = [(before[name], amounts[name]) for name in MEASURES]
        if any(new == 0 or max(pair) >= 2 * min(pair) for pair in pairs for new in pair[1:]):
            yield firm
