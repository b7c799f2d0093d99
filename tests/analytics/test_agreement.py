"""Krippendorff's alpha against published examples and a slow computation from its definition."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oneninex.domain.analytics.agreement import Agreement, alpha

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), sections A, B and C: the rows
# are observers, a dot is a missing answer.
BINARY = ("0100000000", "1110010100")
NOMINAL = ("aabbdcccedda", "babbbccceddd")
MISSING = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def answers(rows: tuple[str, ...]) -> tuple[list[int], list[str]]:
    """Items and answers of a table of observers."""
    pairs = [(i, value) for row in rows for i, value in enumerate(row) if value != "."]
    return [item for item, _ in pairs], [value for _, value in pairs]


@pytest.mark.parametrize(
    ("rows", "published", "items", "count"),
    [
        (BINARY, 0.095, 10, 20),
        (NOMINAL, 0.692, 12, 24),
        (MISSING, 0.743, 11, 40),
    ],
    ids=["two observers, binary", "two observers, nominal", "four observers, missing answers"],
)
def test_published_examples(rows: tuple[str, ...], published: float, items: int, count: int):
    found = alpha(*answers(rows))
    assert found.alpha == pytest.approx(published, abs=0.0005)
    assert (found.items, found.answers) == (items, count)


def test_full_agreement_is_1_and_systematic_disagreement_is_below_0():
    assert alpha([1, 1, 2, 2], ["x", "x", "y", "y"]).alpha == 1.0
    below = alpha([1, 1, 2, 2], ["x", "y", "x", "y"]).alpha
    assert below is not None
    assert below < 0


def test_where_everybody_always_says_the_same_it_is_undefined():
    assert alpha([1, 1, 2, 2], ["x"] * 4) == Agreement(None, 2, 4)


def test_items_of_one_person_are_no_pairs():
    assert alpha([1, 2, 3], ["x", "y", "x"]) == Agreement(None, 0, 0)
    assert alpha([], []) == Agreement(None, 0, 0)


def by_definition(items: list[int], given_answers: list[str]) -> float | None:
    """From every ordered pair of answers on one item, in exact fractions."""
    units = defaultdict(list)
    for item, answer in zip(items, given_answers, strict=True):
        units[item].append(answer)
    coincidences: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for said in units.values():
        for a, b in itertools.permutations(said, 2):
            coincidences[a, b] += Fraction(1, len(said) - 1)
    each: dict[str, Fraction] = defaultdict(Fraction)
    for (a, _), weight in coincidences.items():
        each[a] += weight
    n = sum(each.values())
    observed = sum(w for (a, b), w in coincidences.items() if a != b)
    expected = sum(each[a] * each[b] for a, b in itertools.permutations(each, 2))
    return None if not expected else float(1 - (n - 1) * observed / expected)


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abc")), max_size=25))
def test_equals_its_definition(pairs: list[tuple[int, str]]):
    items, said = [p[0] for p in pairs], [p[1] for p in pairs]
    found, expected = alpha(items, said).alpha, by_definition(items, said)
    assert (found is None) == (expected is None)
    assert math.isclose(found or 0, expected or 0, abs_tol=1e-9)


def test_a_large_set_needs_no_table_of_items_by_answers():
    rng = np.random.default_rng(1)
    truth = np.repeat(np.arange(50_000), 2)
    assert alpha(np.repeat(np.arange(50_000), 2), truth).alpha == 1.0
    noise = rng.integers(0, 4, 100_000)
    assert alpha(np.repeat(np.arange(50_000), 2), noise).alpha == pytest.approx(0, abs=0.02)
