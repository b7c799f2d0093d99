"""unit_peers against an answer that can be worked out by hand, and against other code."""

from __future__ import annotations

from datetime import date
from statistics import median

import pytest

from tests.queries.given import Given


@pytest.fixture
def three(given: Given) -> Given:
    """January to March 2026: U5 90%, U6 80%, U7 nothing in March, U1 of another kind."""
    for month in (1, 2, 3):
        for unit, accepted in (("U5", 90), ("U6", 80), ("U7", 70), ("U1", 10)):
            if unit == "U7" and month == 3:
                continue
            given.add(
                "labeling_daily", date=date(2026, month, 10), unit_id=unit, items=200,
                reviewed=100, accepted=accepted * 1, accepted_first_pass=accepted // 2,
                rejected=100 - accepted,
            )  # fmt: skip
    return given


def test_peers_are_the_other_units_of_the_kind(three: Given):
    rows = [r for r in three.run("unit_peers", unit_id="U5") if r["measure"] == "acceptance_rate"]

    assert [row["own"] for row in rows] == [0.9] * 3
    assert [(row["peers_low"], row["peers_middle"], row["peers_high"]) for row in rows[:2]] == [
        (0.7, median([0.8, 0.7]), 0.8)
    ] * 2
    assert (rows[2]["peers"], rows[2]["peers_low"], rows[2]["peers_high"]) == (1, 0.8, 0.8)


def test_a_month_without_a_return_is_missing_and_no_zero(three: Given):
    rows = [r for r in three.run("unit_peers", unit_id="U7") if r["measure"] == "acceptance_rate"]

    assert [(row["own"], row["status"]) for row in rows][-1] == (None, "M")


def test_output_is_measured_against_the_units_own_beginning(three: Given):
    rows = [r for r in three.run("unit_peers", unit_id="U5") if r["measure"] == "per_day"]

    assert sum(row["own"] for row in rows) / 3 == pytest.approx(1.0)
