"""Cohorts, groups, contributions, specialisation and candidates, with answers known by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.queries.given import Given


def quarterly(given: Given, quarter: str, enterprise: str, revenue: float | None, **more) -> None:
    given.add(
        "enterprise_quarterly", quarter=quarter, enterprise_id=enterprise,
        revenue_10k_cny=revenue, **more,
    )  # fmt: skip


def test_the_location_quotient_of_the_handbook(given: Given):
    """1714 of 79006 in the unit, 879213 of 15593224 in the city: 0.3847623."""
    labelled = (
        ("U1", "text", 1714),
        ("U1", "image", 79006 - 1714),
        ("U2", "text", 879213 - 1714),
        ("U2", "image", 15593224 - 79006 - (879213 - 1714)),
    )
    for unit, modality, items in labelled:
        given.add("labeling_daily", date="2026-03-02", unit_id=unit, modality=modality, items=items)

    rows = given.run("location_quotient", modality="text")

    assert rows[0]["location_quotient"] == pytest.approx(0.3847623, abs=5e-8)
    assert (rows[0]["unit_items"], rows[0]["city_items"]) == (79006, 15593224)
    assert {row["location_quotient"] for row in rows[2:]} == {None}


def test_theil_names_its_variant(given: Given):
    for number, amount in enumerate((10, 10, 10, 20, 50)):
        quarterly(given, "2026Q1", f"E{number}", None, labeling_revenue_10k_cny=amount)

    (row,) = given.run("concentration", measure="labeling_revenue")

    assert row["theil_l"] == pytest.approx(0.2326302, abs=5e-8)
    assert row["theil_t"] == pytest.approx(0.2502, abs=5e-5)


def test_equal_nine_have_no_theil_and_an_hhi_of_a_ninth(given: Given):
    for number in range(9):
        quarterly(given, "2026Q1", f"E{number}", None, labeling_revenue_10k_cny=7)

    (row,) = given.run("concentration", measure="labeling_revenue")

    assert row["hhi"] == pytest.approx(1 / 9)
    assert row["equivalent_number"] == pytest.approx(9)
    assert (row["theil_t"], row["theil_l"]) == (0, 0)


@pytest.fixture
def cohort(given: Given) -> Given:
    """2025: one stayed, one left after seven months; 2026: one that joined a month ago."""
    dates = (("E1", "2025-01-15", None), ("E2", "2025-03-01", "2025-10-01"),
             ("E3", "2026-09-20", None))  # fmt: skip
    for enterprise, joined, left in dates:
        given.add("enterprises", enterprise_id=enterprise, joined_on=joined, left_on=left)
    return given.add("labeling_daily", date="2026-10-30")


def test_survival_counts_only_those_that_can_be_watched(cohort: Given):
    rows = {(r["cohort"], r["months"]): r for r in cohort.run("enterprise_survival")}

    assert rows["2025", 6]["survival_share"] == 1.0
    assert (rows["2025", 12]["observed"], rows["2025", 12]["survived"]) == (2, 1)
    assert (rows["2025", 24]["observed"], rows["2025", 24]["survival_share"]) == (0, None)
    assert (rows["2026", 6]["joined"], rows["2026", 6]["survival_share"]) == (1, None)


def test_leaving_on_the_very_day_is_not_survival(given: Given):
    given.add("enterprises", joined_on="2026-01-31", left_on="2026-07-31", enterprise_id="E1")
    given.add("labeling_daily", date="2026-10-30")

    (row, *_) = given.run("enterprise_survival")

    assert (row["months"], row["observed"], row["survived"]) == (6, 1, 0)


@pytest.fixture
def growth(given: Given) -> Given:
    """U1 reported both years: E1 grew, E2 left, E3 is new; U2 only this year."""
    given.add("enterprises", enterprise_id="E1", origin="attracted")
    given.add("enterprises", enterprise_id="E3", origin="grown")
    quarterly(given, "2025Q3", "E1", 100, employees=9)
    quarterly(given, "2025Q3", "E2", 50, employees=20)
    quarterly(given, "2026Q3", "E1", 180, employees=12)
    quarterly(given, "2026Q3", "E3", 30, employees=300)
    quarterly(given, "2026Q3", "E4", 999, employees=None, unit_id="U2")
    return given


def test_contributions_add_up_to_the_growth(growth: Given):
    rows = growth.run("growth_contribution", quarter="2026Q3")
    totals = growth.run("enterprise_totals", quarter="2026Q3")[0]

    assert [(r["enterprise_id"], r["movement"], r["change_10k_cny"]) for r in rows] == [
        ("E1", "continuing", 80), ("E3", "entered", 30), ("E2", "left", -50),
    ]  # fmt: skip
    assert sum(r["contribution"] for r in rows) == pytest.approx(60 / 150)
    assert totals["yoy_revenue"] / totals["yoy_revenue_before"] - 1 == pytest.approx(60 / 150)


def test_a_return_without_revenue_is_no_change(given: Given):
    quarterly(given, "2025Q3", "E1", 100)
    quarterly(given, "2026Q3", "E1", None)

    (row,) = given.run("growth_contribution", quarter="2026Q3")

    assert (row["movement"], row["change_10k_cny"], row["contribution"]) == ("unknown", None, None)


def test_nothing_a_year_before_gives_no_contribution(given: Given):
    quarterly(given, "2025Q3", "E1", 0)
    quarterly(given, "2026Q3", "E1", 10)

    (row,) = given.run("growth_contribution", quarter="2026Q3")

    assert (row["change_10k_cny"], row["contribution"]) == (10, None)


def test_groups_add_up_to_the_city_and_bands_begin_on_their_bound(growth: Given):
    rows = growth.run("enterprise_structure", quarter="2026Q3")
    sizes = {row["member"]: row for row in rows if row["dimension"] == "size"}
    origins = {row["member"]: row for row in rows if row["dimension"] == "origin"}

    assert {name: row["enterprises"] for name, row in sizes.items()} == {
        "small": 1, "large": 1, "unknown": 1,
    }  # fmt: skip
    assert (sizes["small"]["employees_from"], sizes["small"]["employees_to"]) == (10, 99)
    assert sum(row["revenue_10k_cny"] for row in sizes.values()) == 1209
    assert origins["attracted"]["yoy_revenue_before"] == 100
    # E2 is on no registry and gone: its year before is in the group's base all the same.
    assert origins["unregistered"]["yoy_revenue_before"] == 50
    assert origins["unregistered"]["enterprises"] == 1


FULL = {"employees": 10, "annotators": 10, "certified_annotators": 3, "rd_expense_10k_cny": 6}


def test_a_candidate_reaches_every_threshold_exactly(given: Given):
    quarterly(given, "2025Q3", "E1", 100)
    quarterly(given, "2026Q3", "E1", 120, **FULL)

    (row,) = given.run("benchmark_candidates")

    assert (row["standing"], row["criteria_met"]) == ("candidate", 5)


def test_what_is_not_told_is_undecided_and_one_miss_decides(given: Given):
    quarterly(given, "2026Q3", "E1", 120, **FULL)
    quarterly(given, "2026Q3", "E2", 99, **FULL)

    first, second = given.run("benchmark_candidates")

    assert (first["enterprise_id"], first["standing"], first["meets_growth"]) == (
        "E1", "undecided", None,
    )  # fmt: skip
    assert (second["standing"], second["meets_revenue"]) == ("no", False)


def test_a_reader_may_ask_for_other_criteria(given: Given):
    quarterly(given, "2025Q3", "E1", 100)
    quarterly(given, "2026Q3", "E1", 120, **FULL)

    (row,) = given.run("benchmark_candidates", min_growth=0.21)

    assert (row["standing"], row["meets_growth"]) == ("no", False)


def test_the_cohort_follows_the_month(cohort: Given):
    rows = cohort.run("enterprise_survival", to_month=date(2026, 1, 1))

    assert {row["cohort"] for row in rows} == {"2025"}
