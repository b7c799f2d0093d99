"""Headline figures against earlier ones, over the units that reported both times."""

from __future__ import annotations

from typing import Any

import pytest

from tests.queries.given import Given, month


def one(given: Given, indicator_id: str, **parameters: Any) -> dict[str, Any]:
    (row,) = given.run("comparable_indicators", indicator_id=indicator_id, **parameters)
    return row


@pytest.fixture
def output(given: Given) -> Given:
    """U1 in three months, U2 not in May, U3 in May only."""
    rows = (
        ("U1", "2025-05-10", 100, 80), ("U1", "2026-04-10", 100, 90),
        ("U1", "2026-05-10", 200, 190),
        ("U2", "2026-04-10", 50, 10), ("U3", "2026-05-10", 40, 4),
    )  # fmt: skip
    for unit, day, reviewed, accepted in rows:
        given.add(
            "labeling_daily", date=day, unit_id=unit, items=300, reviewed=reviewed,
            accepted=accepted,
        )  # fmt: skip
    return given


def test_the_value_holds_everybody_who_reported(output: Given):
    row = one(output, "items_accepted")

    assert (row["month"], row["value"]) == (month("2026-05"), 194)
    assert (row["units_reported"], row["units_due"]) == (2, 9)
    assert row["missing_units"] == "U2|U4|U5|U6|U7|U8|U9"


def test_a_flow_is_compared_over_the_units_of_both_times(output: Given):
    row = one(output, "items_accepted")

    assert (row["now_period"], row["before_period"], row["period_units"]) == (190, 90, 1)
    assert (row["now_year"], row["before_year"], row["year_units"]) == (190, 80, 1)


def test_a_rate_is_compared_over_the_units_of_both_times(output: Given):
    row = one(output, "acceptance_rate")

    assert row["value"] == 194 / 240
    assert (row["now_period"], row["before_period"]) == (190 / 200, 90 / 100)
    assert (row["now_year"], row["before_year"]) == (190 / 200, 80 / 100)


def test_without_an_earlier_return_there_is_nothing_to_compare(output: Given):
    row = one(output, "items_accepted", to_month=month("2025-05"))

    assert row["value"] == 80
    assert {row[name] for name in ("now_period", "before_period", "period_units")} == {None}
    assert {row[name] for name in ("now_year", "before_year", "year_units")} == {None}


def test_a_stock_is_compared_too_and_nobody_is_missing_from_a_full_one(given: Given):
    for number in range(1, 10):
        unit = f"U{number}"
        given.add("workforce_monthly", unit_id=unit, month="2026-04-01", full_time=10, part_time=0)
        given.add("workforce_monthly", unit_id=unit, month="2026-05-01", full_time=12, part_time=1)

    row = one(given, "workers")

    assert (row["value"], row["missing_units"]) == (117, None)
    assert (row["now_period"], row["before_period"], row["period_units"]) == (117, 90, 9)


def test_a_value_that_an_office_sent_as_a_whole_misses_no_unit(given: Given):
    given.add("indicator_values", indicator_id="demonstration_parks", period="2026-05-01", value=1)

    row = one(given, "demonstration_parks")

    assert (row["value"], row["units_due"], row["missing_units"]) == (1, None, None)
    assert row["before_period"] is None


def test_the_change_of_accepted_items_is_that_of_the_units(output: Given):
    row = one(output, "items_accepted")
    parts = output.run("like_for_like", to_month=row["month"])

    assert row["now_period"] - row["before_period"] == sum(part["change"] or 0 for part in parts)
