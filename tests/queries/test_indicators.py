"""Indicators by month, city and unit, against a recount in plain Python."""

from __future__ import annotations

import pytest

from oneninex.store import sql_catalog
from tests.queries.given import PLAN, Given, month
from tests.queries.random_returns import random_returns
from tests.queries.recount import INDICATORS, MONTHS, recount

# Made of other tables: values sent as a whole, and the return ledger (test_returns.py).
SENT = {"demonstration_parks", "annotation_capacity"}
LEDGER = {"on_time_return_rate"}


@pytest.fixture(scope="module", params=[11, 12, 13])
def returns(request: pytest.FixtureRequest) -> Given:
    """Random returns."""
    return random_returns(request.param)


def test_every_indicator_of_the_plan_is_recounted():
    planned = set(PLAN["plan_indicators"]["indicator_id"].to_pylist())

    assert planned == set(INDICATORS) | SENT | LEDGER


def test_every_indicator_names_a_query_that_exists():
    assert set(PLAN["plan_indicators"]["query"].to_pylist()) <= set(sql_catalog.names())


@pytest.mark.parametrize("indicator", sorted(INDICATORS))
def test_recount_agrees(returns: Given, indicator: str):
    rows = returns.run("indicator_series", indicator_id=indicator)
    found = {(row["scope"], row["month"]): row["value"] for row in rows}

    compared = 0
    for scope in ("city", "U1", "U2", "U3", "U7", "U5"):
        for at in MONTHS:
            expected, value = recount(returns, indicator, scope, at), found.get((scope, at))
            assert (value is None) == (expected is None), (scope, at)
            if expected is not None:
                assert value == pytest.approx(expected, rel=1e-12), (scope, at)
                compared += 1
    assert compared > 0


def test_a_month_that_nobody_reported_is_missing_not_zero(given: Given):
    given.add("labeling_daily", date="2026-03-02", items=5)
    given.add("labeling_daily", date="2026-05-04", items=7)

    rows = given.run("indicator_series", indicator_id="items_annotated", scope="city")

    values = [(row["month"].month, row["value"], row["status"]) for row in rows]
    assert values == [(3, 5.0, "A"), (4, None, "M"), (5, 7.0, "P")]
    assert [row["units_reported"] for row in rows] == [1, 0, 1]


def test_a_sum_that_some_units_cannot_tell_says_how_many_could(given: Given):
    given.add("labeling_daily", date="2026-03-02", unit_id="U1", volume_gb=500.0)
    given.add("labeling_daily", date="2026-03-02", unit_id="U2")

    (row,) = given.run("indicator_series", indicator_id="annotated_volume", scope="city")

    assert (row["value"], row["units_reported"], row["units_due"]) == (0.5, 1, 9)


def test_the_data_factory_and_its_unit_are_one_place(given: Given):
    given.add("labeling_daily", date="2026-03-02", unit_id="U1", items=5)

    rows = given.run("indicator_series", scope="city")

    values = {row["indicator_id"]: row["value"] for row in rows}
    assert values["data_factory_in_operation"] == 1
    assert values["units_in_operation"] == 1
    assert values["items_annotated"] == 5


def test_quarterly_indicators_stand_in_the_last_month_of_the_quarter(given: Given):
    given.add("enterprise_quarterly", quarter="2026Q1", labeling_revenue_10k_cny=5.0)
    given.add("labeling_daily", date="2026-04-02")

    rows = given.run("indicator_series", indicator_id="labeling_revenue", scope="city")

    assert [(row["month"], row["value"]) for row in rows] == [(month("2026-03"), 5.0)]


@pytest.mark.parametrize(("base", "growth"), [(4.0, 0.25), (0.0, None), (None, None)])
def test_growth_needs_a_base(given: Given, base: float | None, growth: float | None):
    given.add("enterprise_quarterly", quarter="2025Q1", labeling_revenue_10k_cny=base)
    given.add("enterprise_quarterly", quarter="2026Q1", labeling_revenue_10k_cny=5.0)

    rows = given.run("latest_indicators")

    values = {row["indicator_id"]: row["value"] for row in rows}
    assert values["labeling_revenue_growth"] == growth


def test_an_enterprise_that_left_is_not_counted_from_that_month_on(given: Given):
    given.add("labeling_daily", date="2026-01-05")
    given.add("labeling_daily", date="2026-04-06")
    given.add("enterprises", enterprise_id="E1", joined_on="2026-02-28", left_on="2026-04-01")

    rows = given.run("indicator_series", indicator_id="labeling_enterprises", scope="city")

    assert [row["value"] for row in rows] == [0, 1, 1, 0]


def test_a_value_sent_as_a_whole_has_no_coverage_by_units(given: Given):
    given.add(
        "indicator_values", indicator_id="demonstration_parks", period="2026-03-01", value=1.0
    )

    (row,) = given.run("indicator_series", indicator_id="demonstration_parks")

    assert (row["value"], row["status"]) == (1.0, "A")
    assert (row["units_reported"], row["units_due"]) == (None, None)


def test_latest_says_what_came_before(given: Given):
    for day, items in [("2025-03-03", 4), ("2026-02-02", 5), ("2026-03-02", 6)]:
        given.add("labeling_daily", date=day, items=items)

    rows = given.run("latest_indicators")

    (row,) = [row for row in rows if row["indicator_id"] == "items_annotated"]
    assert (row["value"], row["previous_value"], row["year_before_value"]) == (6, 5, 4)
    assert row["month"] == month("2026-03")
