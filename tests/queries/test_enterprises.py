"""The page "Who is growing?": who is on the registry, and totals that compare the same units."""

from __future__ import annotations

from datetime import date

import pytest

from tests.queries.given import Given
from tests.queries.random_returns import random_returns


@pytest.fixture
def registry(given: Given) -> Given:
    """U1 with three enterprises, of which one left; U2 with one; one is seen in returns only."""
    dates = (
        ("E1", "U1", "2025-05-01", None, "attracted"),
        ("E2", "U1", "2026-02-10", None, "grown"),
        ("E3", "U1", "2024-01-01", "2026-09-30", "grown"),
        ("E4", "U2", "2026-10-31", None, "attracted"),
    )
    for enterprise, unit, joined, left, origin in dates:
        given.add(
            "enterprises", enterprise_id=enterprise, unit_id=unit, joined_on=joined, left_on=left,
            origin=origin,
        )  # fmt: skip
    given.add("labeling_daily", date="2026-10-30", enterprise_id="E9")
    quarters = (("2025Q3", "E1", 100), ("2026Q3", "E1", 150), ("2026Q3", "E2", 30))
    for quarter, enterprise, revenue in quarters:
        given.add(
            "enterprise_quarterly", quarter=quarter, enterprise_id=enterprise,
            revenue_10k_cny=revenue, labeling_revenue_10k_cny=revenue, employees=revenue // 10,
        )  # fmt: skip
    return given


def test_the_registry_as_at_the_newest_month(registry: Given):
    (row,) = registry.run("enterprise_summary")

    assert row["as_of"] == date(2026, 10, 31)
    assert (row["active"], row["attracted"], row["grown"]) == (3, 2, 1)
    assert (row["entries"], row["exits"], row["unregistered"]) == (2, 1, 1)
    assert (row["units_reported"], row["units_due"]) == (2, 9)
    assert row["missing_units"] == "U3|U4|U5|U6|U7|U8|U9"


def test_the_newest_quarter_means_today_and_an_older_one_its_own_end(registry: Given):
    newest = registry.run("enterprise_summary", quarter="2026Q3")
    (old,) = registry.run("enterprise_summary", quarter="2025Q3")

    assert newest == registry.run("enterprise_summary")
    assert old["as_of"] == date(2025, 9, 30)
    assert (old["active"], old["entries"], old["exits"]) == (2, 1, 0)


def test_a_unit_without_a_registry_is_missing_and_not_zero(registry: Given):
    (row,) = registry.run("enterprise_summary", unit_id="U3")

    assert (row["active"], row["entries"], row["units_reported"]) == (None, None, 0)


def test_revenue_is_compared_over_units_that_reported_both_quarters(registry: Given):
    registry.add(
        "enterprise_quarterly", quarter="2026Q3", enterprise_id="E4", unit_id="U2",
        revenue_10k_cny=1000, labeling_revenue_10k_cny=900, employees=70,
    )  # fmt: skip

    (row,) = registry.run("enterprise_totals", quarter="2026Q3")

    assert (row["enterprises"], row["revenue_10k_cny"], row["employees"]) == (3, 1180, 88)
    assert (row["yoy_units"], row["yoy_revenue"], row["yoy_revenue_before"]) == (1, 180, 100)
    assert (row["yoy_employees"], row["yoy_employees_before"]) == (18, 10)
    assert (row["units_reported"], row["units_due"]) == (2, 9)


def test_a_quarter_that_the_unit_did_not_report_is_missing(registry: Given):
    rows = registry.run("enterprise_totals", unit_id="U2")

    assert [row["quarter"] for row in rows] == ["2025Q3", "2026Q3"]
    assert {row["revenue_10k_cny"] for row in rows} == {None}
    assert {row["missing_units"] for row in rows} == {"U2"}


def test_totals_agree_with_the_rows_of_each_enterprise():
    given = random_returns(8)
    growth = given.run("enterprise_growth")
    for row in given.run("enterprise_totals"):
        mine = [r for r in growth if r["quarter"] == row["quarter"]]
        revenue = [r["revenue_10k_cny"] for r in mine if r["revenue_10k_cny"] is not None]
        assert row["enterprises"] == len(mine)
        assert row["revenue_10k_cny"] == (pytest.approx(sum(revenue)) if revenue else None)


def test_an_enterprises_recognition_stands_beside_its_growth(given: Given):
    given.add("enterprises", enterprise_id="E1", recognition="名单 2026-05")
    given.add("enterprise_quarterly", quarter="2026Q3", enterprise_id="E1", revenue_10k_cny=1)

    (row,) = given.run("enterprise_growth")

    assert row["recognition"] == "名单 2026-05"
