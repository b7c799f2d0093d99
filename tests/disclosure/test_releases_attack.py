"""The rule of releases against a linear program over all that was released, and its mutations.

Each mutation takes one piece of the rule away; the attack has to find what then follows. A few
cities run here, hundreds in `python -m benchmarks.disclosure`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from unittest import mock

import numpy as np
import pytest
from scipy.optimize import linprog

from oneninex.domain import disclosure_control as control
from oneninex.domain.disclosure_control import Rule
from oneninex.domain.releases import MONTHLY, QUARTERLY, REST, Ledger, Returns, Stamp
from tests.disclosure.histories import HARSH, MEASURES, MILD, Amounts, History, World, invent
from tests.disclosure.releases_attack import RULE, leaks, play

SEEDS = range(6)
Patch = Callable[[], AbstractContextManager]


@pytest.mark.parametrize("rates", [HARSH, MILD], ids=["harsh", "mild"])
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_follows_for_any_pair_of_units(seed: int, rates) -> None:
    history = invent(seed, rates)
    _, shown = play(history)
    assert len(shown) > 20
    assert not list(leaks(history, shown, pairs=6, seed=seed))


def caught(histories: Iterable[History], rule: Rule = RULE) -> bool:
    """Whether the attack finds something, or an enterprise is counted in two parts."""
    for seed, history in enumerate(histories):
        try:
            _, shown = play(history, rule)
        except AssertionError:
            return True
        if any(leaks(history, shown, pairs=36, seed=seed)):
            return True
    return False


def cities() -> Iterable[History]:
    return (invent(seed) for seed in range(12))


def test_one_unit_instead_of_two_is_caught() -> None:
    assert caught(cities(), replace(RULE, colluders=1))


def test_an_untested_revision_is_caught() -> None:
    with mock.patch.object(control, "_may_replace", return_value=True):
        assert caught(cities())


def test_membership_by_the_current_unit_is_caught() -> None:
    with mock.patch.object(Ledger, "members", return_value={}):
        assert caught(cities())


def test_a_test_against_the_last_release_alone_is_caught() -> None:
    """Four and one come late; the four turn out to be another unit's: the one is left."""
    assert not caught([three_versions()])
    test = control._may_replace
    with mock.patch.object(control, "_may_replace", lambda now, v, *a: test(now, v[-1:], *a)):
        assert caught([three_versions()])


def test_a_zero_that_counts_is_caught() -> None:
    """A placeholder of the one enterprise of U1 is corrected before the year is verified."""
    assert not caught([corrected_zero()])
    test = control._is_other
    with mock.patch.object(control, "_is_other", lambda old, new: old > 0 and test(old, new)):
        assert caught([corrected_zero()])


def city(quarter: date) -> World:
    """U1 has one enterprise, U2 to U9 have seven each."""
    world: World = {}
    for number in range(1, 10):
        for n in range(1 if number == 1 else 7):
            revenue = 100.0 + 11 * n + number
            world[quarter, f"U{number}-{n}"] = f"U{number}", amounts_of(revenue)
    return world


def amounts_of(revenue: float) -> Amounts:
    return dict(zip(MEASURES, (revenue, revenue / 2, round(revenue / 5)), strict=True))


def story(*publications: tuple[date, World]) -> History:
    history = History(publications=list(publications))
    for _, world in publications:
        for (quarter, firm), (unit, _) in world.items():
            history.due.setdefault(quarter, {}).setdefault(unit, set()).add(firm)
            history.touched.add(firm)
    return history


Q3, Q4, NEXT = date(2025, 9, 1), date(2025, 12, 1), date(2026, 12, 1)


def three_versions() -> History:
    first, whole = city(Q3), city(Q3)
    extra = {(Q3, f"L{n}"): ("U9", amounts_of(150.0 + n)) for n in range(5)}
    whole |= extra
    left = {key: value for key, value in whole.items() if key[1] not in ("L0", "L1", "L2", "L3")}
    return story(
        (date(2025, 11, 20), first),
        (date(2026, 2, 20), whole | city(Q4)),
        (date(2027, 2, 20), left | city(Q4) | city(NEXT)),
    )


def corrected_zero() -> History:
    early = city(Q3)
    early[Q3, "U1-0"] = "U1", dict.fromkeys(MEASURES, 0.0)
    return story((date(2025, 11, 20), early), (date(2026, 2, 20), city(Q3) | city(Q4)))


def test_a_rest_without_one_of_its_units_is_caught() -> None:
    """A hidden unit that misses a month would be estimated from the months before and after."""
    assert not missing_month_follows()
    with mock.patch.object(control._Decision, "_everybody", return_value=True):
        assert missing_month_follows()


def missing_month_follows() -> bool:
    """Whether the people of a unit that missed March follow within 10% for February.

    The attacker takes it that no unit changes by more than 1% a month.
    """
    months = [date(2026, n, 1) for n in (2, 3, 4)]
    units = [f"U{n}" for n in range(1, 10)]
    people = {unit: 100.0 + 40 * n for n, unit in enumerate(units)} | {"U1": 240.0}
    found = []
    for place, month in enumerate(months):
        sent: dict[str, dict[str, Amounts]] = {
            u: {u: {"workers": people[u] * 1.005**place}} for u in units
        }
        if place == 1:
            del sent["U1"]
        inside = {unit: 2 if unit <= "U5" else 6 for unit in units}
        found.append(Returns(MONTHLY, month, sent, {u: {u} for u in units}, inside))
    ledger = Ledger()
    control.decide(found, ledger, RULE, Stamp(1, date(2026, 6, 20)))
    rows, values = [], []
    for place, month in enumerate(months):
        for versions in ledger.of((MONTHLY, month)).values():
            row = np.zeros((len(months), len(units)))
            row[place, [units.index(name) for name in versions[-1].senders]] = 1
            rows.append(row.ravel())
            values.append(versions[-1].values["workers"])
    steady = []
    for place in range(len(months) - 1):
        for unit in range(len(units)):
            for sign in (1, -1):
                row = np.zeros((len(months), len(units)))
                row[place + 1, unit], row[place, unit] = sign, -sign - 0.01
                steady.append(row.ravel())
    goal = np.zeros((len(months), len(units)))
    goal[0, 0] = 1
    ends = [
        sign * linprog(sign * goal.ravel(), np.array(steady), np.zeros(len(steady)),
                       np.array(rows), np.array(values)).fun
        for sign in (1, -1)
    ]  # fmt: skip
    true = people["U1"]
    return ends[0] > 0.9 * true and ends[1] < 1.1 * true


def test_the_rest_is_one_part_and_its_units_are_none() -> None:
    _, shown = play(invent(1))
    ledger, _ = play(invent(1))
    for (family, _), pattern in ledger.patterns.items():
        assert family == QUARTERLY
        assert not pattern.hidden.keys() & set(pattern.shown)
    parts = {one.part for one in shown}
    assert REST in parts


def test_hidden_units_never_become_fewer_within_a_year() -> None:
    for seed in SEEDS:
        ledger, _ = play(invent(seed))
        hidden: dict[int, set[str]] = {}
        for (_, period), pattern in sorted(ledger.patterns.items(), key=lambda p: p[0][1]):
            there = {*pattern.hidden, *pattern.shown}
            assert hidden.get(period.year, set()) & there <= pattern.hidden.keys()
            hidden.setdefault(period.year, set()).update(pattern.hidden)
