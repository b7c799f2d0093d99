"""Any two months of the city or a unit, and any two units, with what keeps them apart."""

from __future__ import annotations

from typing import Any

import pytest

from tests.queries.given import UNITS, Given, month

MARCH, MAY = month("2026-03"), month("2026-05")


def one(given: Given, indicator_id: str, audience: str = "planner", **parameters: Any) -> Any:
    rows = given.seen("side_by_side", audience, **parameters)
    return next(row for row in rows if row["indicator_id"] == indicator_id)


@pytest.fixture
def output(given: Given) -> Given:
    """U1 in March and May, U2 in March only, U3 in May only."""
    for unit, day, reviewed, accepted in (
        ("U1", "2026-03-10", 100, 80), ("U1", "2026-05-10", 200, 190),
        ("U2", "2026-03-10", 50, 10), ("U3", "2026-05-10", 40, 4),
    ):  # fmt: skip
        given.add(
            "labeling_daily", date=day, unit_id=unit, items=300, reviewed=reviewed,
            accepted=accepted,
        )  # fmt: skip
    return given


def test_the_city_is_compared_over_the_units_of_both_months(output: Given):
    row = one(output, "items_accepted", to_month=MAY, base_month=MARCH)

    assert (row["value"], row["value_before"]) == (194, 90)
    assert (row["change"], row["relative"]) == (190 - 80, 190 / 80 - 1)
    assert (row["units_compared"], row["reason"]) == (1, None)


def test_the_order_of_the_months_is_free(output: Given):
    row = one(output, "items_accepted", to_month=MARCH, base_month=MAY)

    assert (row["value"], row["change"], row["relative"]) == (90, -110, 80 / 190 - 1)


def test_rates_differ_by_points_and_have_no_per_cent_of_change(output: Given):
    row = one(output, "acceptance_rate", to_month=MAY, base_month=MARCH)

    assert row["change"] == pytest.approx(0.95 - 0.8)
    assert (row["relative"], row["reason"]) == (None, None)


def test_two_units_in_one_month(output: Given):
    row = one(output, "items_accepted", scope="U1", base_scope="U3", to_month=MAY, base_month=MAY)

    assert (row["value"], row["value_before"], row["change"]) == (190, 4, 186)
    assert row["units_compared"] is None


def test_what_was_not_reported_is_no_zero(output: Given):
    row = one(output, "items_accepted", scope="U1", base_scope="U2", to_month=MAY, base_month=MAY)

    assert (row["value_before"], row["before_status"], row["reason"]) == (None, "M", "missing")
    assert (row["change"], row["relative"]) == (None, None)


def test_no_unit_of_both_months_cannot_be_told_apart(given: Given):
    given.add("labeling_daily", date="2026-03-10", unit_id="U1", reviewed=9, accepted=9)
    given.add("labeling_daily", date="2026-05-10", unit_id="U2", reviewed=9, accepted=9)

    row = one(given, "items_accepted", to_month=MAY, base_month=MARCH)

    assert (row["value"], row["value_before"], row["reason"]) == (9, 9, "other_units")
    assert row["change"] is None


def test_a_zero_base_has_a_change_and_no_per_cent(given: Given):
    given.add("labeling_daily", date="2026-03-10", reviewed=9, accepted=0)
    given.add("labeling_daily", date="2026-05-10", reviewed=9, accepted=5)

    row = one(given, "items_accepted", scope="U1", to_month=MAY, base_month=MARCH)

    assert (row["change"], row["relative"], row["reason"]) == (5, None, "base_zero")


def test_a_quarterly_figure_is_due_in_its_last_month_only(given: Given):
    for quarter in ("2025Q4", "2026Q1"):
        given.add(
            "enterprise_quarterly", quarter=quarter, unit_id="U1", enterprise_id="A",
            revenue_10k_cny=9, labeling_revenue_10k_cny=3, employees=5, annotators=2,
        )  # fmt: skip
    given.add("labeling_daily", date="2026-05-10", unit_id="U1")

    row = one(given, "labeling_revenue", scope="U1", to_month=MAY, base_month=MARCH)

    assert (row["value"], row["value_before"], row["reason"]) == (None, 3, "no_value")


def test_what_is_withheld_says_so(given: Given):
    """U1 has one worker to hide: neither its number nor the change of the city is told."""
    for unit in UNITS:
        for at in ("2026-03-01", "2026-05-01"):
            people = 1 if unit == "U1" else 50
            given.add("workforce_monthly", unit_id=unit, month=at, full_time=people, part_time=0)
    asked = {"scope": "U1", "base_scope": "U2", "to_month": MAY, "base_month": MAY}

    told, withheld = one(given, "workers", **asked), one(given, "workers", "leadership", **asked)

    assert (told["value"], told["change"]) == (1, -49)
    assert (withheld["value"], withheld["status"]) == (None, "C")
    assert (withheld["change"], withheld["reason"]) == (None, "suppressed")
    assert withheld["suppressed"]
