"""Arrival and probability, counted out path by path."""

from __future__ import annotations

from math import ceil

import numpy as np
import pytest
from scipy import stats

from oneninex.domain.analytics.arrival import Operator, arrival, met
from oneninex.domain.analytics.forecast import Series, forecast


@pytest.mark.parametrize(
    ("operator", "target", "value", "reached"),
    [("exceed", 35, 35, False), ("exceed", 35, 36, True), ("reach", 50, 49, False),
     ("reach", 50, 50, True), ("at_most", 5, 5, True), ("at_most", 5, 6, False),
     ("reach", 0.3, 0.1 + 0.2, True), ("exceed", 0.3, 0.1 + 0.2, False)],
)  # fmt: skip
def test_operators(operator: Operator, target: float, value: float, reached: bool):
    assert met(np.array([value]), target, operator).tolist() == [reached]


def test_months_are_those_by_which_so_many_paths_have_arrived():
    ten = np.array([[float(step >= wait) for step in range(1, 13)] for wait in range(1, 11)])

    found = arrival(ten, 1, "reach", due=7)

    assert (found.early, found.middle, found.late) == (1, 5, 9)
    assert found.probability == 0.7


def test_what_never_arrives_has_no_month():
    paths = np.array([[0.0, 1.0], [0.0, 0.0], [0.0, 0.0]])

    found = arrival(paths, 1, "reach", due=2)

    assert (found.early, found.middle, found.late) == (2, None, None)
    assert found.probability == pytest.approx(1 / 3)


def test_a_value_that_falls_again_has_to_hold_when_due():
    paths = np.array([[1.0, 1.0, 0.0]] * 4)

    found = arrival(paths, 1, "reach", due=3)

    assert (found.middle, found.probability) == (1, 0.0)


@pytest.mark.parametrize("operator", ["reach", "exceed", "at_most"])
def test_by_another_way(operator: Operator):
    paths = np.random.default_rng(1).integers(0, 9, (301, 8)).astype(float)

    found = arrival(paths, 5, operator, due=6)

    tests = {"reach": lambda v: v >= 5, "exceed": lambda v: v > 5, "at_most": lambda v: v <= 5}
    waits = sorted(
        next((step for step, value in enumerate(path, 1) if tests[operator](value)), 99)
        for path in paths.tolist()
    )
    expected = [waits[ceil(share * 301) - 1] for share in (0.1, 0.5, 0.9)]
    assert [found.early, found.middle, found.late] == [None if w == 99 else w for w in expected]
    assert found.probability == sum(tests[operator](path[5]) for path in paths.tolist()) / 301


def test_the_probability_of_rare_events_is_near_the_closed_form():
    """At a constant rate registrations follow a negative binomial; other shapes widen it."""
    steps = np.array([1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1], float)
    values = np.cumsum(np.r_[0, steps])
    found = forecast(Series(values, "cumulative"), 12)
    assert found is not None
    assert found.model == "counted"

    weight = 0.92 ** np.arange(15, -1, -1.0)
    exact = stats.nbinom(0.5 + weight @ steps, weight.sum() / (weight.sum() + 12))
    told = [
        arrival(found.paths, values[-1] + more, "reach", due=12).probability for more in (4, 7, 10)
    ]
    assert told == sorted(told, reverse=True)
    assert told == pytest.approx([exact.sf(more - 1) for more in (4, 7, 10)], abs=0.2)
