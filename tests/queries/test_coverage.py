"""What is missing stays missing, what is nothing is 0, and totals say who is in them."""

from __future__ import annotations

from datetime import date

import pytest

from oneninex.store import sql_catalog
from tests.queries.given import UNITS, Given, month
from tests.queries.random_returns import SILENT, random_returns
from tests.queries.recount import MONTHS, total

MEASURES = [
    "items",
    "objects",
    "hours",
    "reviewed",
    "accepted",
    "accepted_first_pass",
    "rejected",
    "gold_items",
    "gold_correct",
    "prelabeled_items",
    "volume_gb",
]


@pytest.fixture
def two_months(given: Given) -> Given:
    """U1 in March and May with text, U2 in May with images."""
    given.add("labeling_daily", date="2026-03-02", items=5, reviewed=4, accepted=3)
    given.add("labeling_daily", date="2026-05-04", items=7, reviewed=7, accepted=6)
    given.add("labeling_daily", date="2026-05-05", items=1, reviewed=1, accepted=1)
    given.add("labeling_daily", date="2026-05-04", unit_id="U2", modality="image", items=9)
    return given


def test_every_unit_and_month_has_a_row(two_months: Given):
    rows = two_months.run("output_by_unit_month")

    expected = [(month(f"2026-{n:02}"), unit) for n in (3, 4, 5) for unit in UNITS]
    assert [(row["month"], row["unit_id"]) for row in rows] == expected


def test_what_was_not_reported_is_missing(two_months: Given):
    (row,) = two_months.run(
        "output_by_unit_month", unit_id="U1", from_month=month("2026-04"), to_month=month("2026-04")
    )

    assert row["status"] == "M"
    assert {row[name] for name in [*MEASURES, "reported_days"]} == {None}


def test_a_modality_that_a_reporting_unit_does_not_do_is_zero(two_months: Given):
    (row,) = two_months.run(
        "output_by_unit_month", unit_id="U1", from_month=month("2026-05"), modality="image"
    )

    assert row["status"] == "P"
    assert {row[name] for name in [*MEASURES, "reported_days"]} == {0}


def test_what_a_reporting_unit_cannot_tell_is_missing(two_months: Given):
    (row,) = two_months.run("output_by_unit_month", unit_id="U1", from_month=month("2026-05"))

    assert (row["items"], row["reported_days"]) == (8, 2)
    assert (row["objects"], row["hours"], row["volume_gb"]) == (None, None, None)


def test_output_agrees_with_the_rows_that_were_sent():
    given = random_returns(21)
    sent = given.rows["fact_labeling_daily"]
    for row in given.run("output_by_unit_month"):
        mine = [
            r
            for r in sent
            if r["unit_id"] == row["unit_id"] and r["date"].replace(day=1) == row["month"]
        ]
        for name in MEASURES:
            expected = total(r[name] for r in mine)
            assert row[name] == (None if expected is None else pytest.approx(expected)), name
        assert row["reported_days"] == (len({r["date"] for r in mine}) or None)
        assert (row["status"] == "M") == (not mine)


def test_a_total_names_the_units_that_are_not_in_it(two_months: Given):
    may = two_months.run("city_by_month")[-1]

    assert (may["items"], may["units_reported"], may["units_due"]) == (17, 2, 9)
    assert may["missing_units"] == "U3|U4|U5|U6|U7|U8|U9"
    assert may["status"] == "P"


def test_a_month_without_any_return_has_no_total(two_months: Given):
    april = two_months.run("city_by_month")[1]

    assert (april["items"], april["units_reported"], april["status"]) == (None, 0, "M")


def test_rates_leave_out_work_whose_result_nobody_told(given: Given):
    given.add("labeling_daily", date="2026-03-02", items=10, gold_items=10, gold_correct=8)
    given.add("labeling_daily", date="2026-03-03", items=10, gold_items=90)

    (row,) = given.run("quality_by_unit_month", unit_id="U1")

    assert (row["gold_accuracy"], row["gold_items"]) == (0.8, 10)


def test_hours_measured_differently_are_marked_mixed(given: Given):
    given.add("labeling_daily", date="2026-03-02", hours=1.0, hours_basis="open_time")
    given.add("labeling_daily", date="2026-03-03", hours=2.0, hours_basis="active_time")
    given.add("labeling_daily", date="2026-03-03", unit_id="U2", hours=0.1, hours_basis="reported")

    first, second = given.run("output_by_unit_month")[:2]

    assert (first["hours"], first["hours_basis"]) == (3.0, "mixed")
    assert (second["hours"], second["hours_basis"]) == (0.1, "reported")


@pytest.mark.parametrize(
    ("last_day", "may"),
    [("2026-05-29", False), ("2026-05-31", False), ("2026-05-28", True), ("2026-05-02", True)],
)
def test_a_month_runs_until_its_last_weekday(given: Given, last_day: str, may: bool):
    given.add("labeling_daily", date="2026-04-01")
    given.add("labeling_daily", date=last_day)

    rows = given.sql("select month, running, provisional from months order by month")

    assert [row["running"] for row in rows] == [False, may]
    assert [row["provisional"] for row in rows] == [False, True]


def test_the_months_do_not_reach_back_to_old_quarters_for_labeling(given: Given):
    given.add("enterprise_quarterly", quarter="2024Q4", employees=3)
    given.add("labeling_daily", date="2026-03-02")

    assert {row["month"] for row in given.run("output_by_unit_month")} == {month("2026-03")}


def test_parts_of_the_change_add_up(given: Given):
    for unit, before, now in [("U1", 5, 9), ("U2", 8, None), ("U3", None, 4), ("U4", 6, 6)]:
        for day, accepted in [("2026-03-02", before), ("2026-04-01", now)]:
            if accepted is not None:
                given.add(
                    "labeling_daily", date=day, unit_id=unit, reviewed=accepted, accepted=accepted
                )

    rows = given.run("what_changed", indicator_id="items_accepted")

    assert [(r["unit_id"], r["change"], r["reason"]) for r in rows[:4]] == [
        ("U1", 4, "change"),
        ("U4", 0, "change"),
        ("U2", None, "not_reported"),
        ("U3", None, "newly_reported"),
    ]
    assert {r["city_change"] for r in rows} == {4}
    assert (rows[0]["city_value"], rows[0]["city_value_before"]) == (15, 11)


def test_the_chain_shows_empty_cells_of_units_with_a_registry_only(given: Given):
    given.add("labeling_daily", date="2026-03-02")
    given.add("enterprises", enterprise_id="E1", links="labeling|governance")
    given.add("enterprises", enterprise_id="E2", links="labeling", left_on="2026-03-01")

    cells = {(r["unit_id"], r["link"]): r["enterprises"] for r in given.run("chain_coverage")}

    assert (cells["U1", "labeling"], cells["U1", "governance"]) == (1, 1)
    assert cells["U1", "circulation"] == 0
    assert cells["U2", "labeling"] is None


def test_the_pipeline_counts_each_stage_at_month_end(given: Given):
    given.add("labeling_daily", date="2026-03-02")
    for number, built in enumerate(["2026-03-31", "2026-04-01", None]):
        given.add("datasets", dataset_id=f"D{number}", built_on=built, size_gb=2.5)

    rows = given.run("dataset_pipeline", sector="manufacturing")

    built = next(row for row in rows if row["stage"] == "built")
    assert (built["datasets"], built["size_gb"]) == (1, 2.5)
    assert [r["datasets"] for r in rows if r["stage"] != "built"] == [0] * 5


def test_an_enterprise_that_only_returns_name_is_unregistered(given: Given):
    given.add("labeling_daily", date="2026-03-02", enterprise_id="E1")
    given.add("labeling_daily", date="2026-03-02", enterprise_id="E2", unit_id="U2")
    given.add("labeling_daily", date="2026-04-01", enterprise_id="E2", unit_id="U3")
    given.add("enterprises", enterprise_id="E1")

    rows = given.run("enterprise_list")

    assert [(r["enterprise_id"], r["unit_id"], r["registered"], r["name_zh"]) for r in rows] == [
        ("E1", "U1", True, "企业"),
        ("E2", "U3", False, None),
    ]
    units = {row["unit_id"]: row for row in given.run("enterprises_by_unit")}
    assert (units["U1"]["active"], units["U3"]["active"]) == (1, None)
    assert units["U3"]["unregistered"] == 1


def test_entries_and_exits_by_origin(given: Given):
    given.add("labeling_daily", date="2026-03-02")
    given.add("enterprises", enterprise_id="E1", joined_on="2026-03-31", origin="attracted")
    given.add("enterprises", enterprise_id="E2", joined_on="2025-01-01", left_on="2026-03-09")

    rows = given.run("enterprise_movements")

    assert [(r["origin"], r["entries"], r["exits"], r["active"]) for r in rows] == [
        ("attracted", 1, 0, 1),
        ("grown", 0, 1, 0),
    ]


def test_demo_data_is_recognised(given: Given):
    given.add("labeling_daily", date="2026-03-02", enterprise_id="91320800DEM000019Q")

    (row,) = given.run("snapshot_info")

    assert row["demo"] is True
    assert row["cut_off"] == date(2026, 3, 2)


def test_real_data_is_not_taken_for_demo(given: Given):
    given.add("labeling_daily", date="2026-03-02", enterprise_id="91320800MA1DEM0X19")

    (row,) = given.run("snapshot_info")

    assert row["demo"] is False


def test_silent_units_are_silent_in_every_monthly_query():
    given = random_returns(22)
    for name in ("output_by_unit_month", "quality_by_unit_month"):
        silent = {
            (row["unit_id"], row["month"].month)
            for row in given.run(name)
            if row["status"] == "M" and row["reviewed"] is None
        }
        never = {(unit, at.month) for unit in ("U5", "U6", "U9") for at in MONTHS}
        assert silent >= SILENT | never, name
        assert sql_catalog.parameters(name) >= {"from_month", "to_month", "unit_id", "modality"}


@pytest.mark.parametrize("name", ["unit_summary", "enterprise_list"])
def test_any_day_of_a_month_means_that_month(two_months: Given, name: str):
    by_first_day = two_months.run(name, to_month=date(2026, 5, 1))

    assert two_months.run(name, to_month=date(2026, 5, 31)) == by_first_day
    assert by_first_day[0]["accepted"] is not None


def test_any_day_of_a_month_means_that_month_for_what_changed(two_months: Given):
    by_first_day = two_months.run("what_changed", to_month=date(2026, 5, 1))

    assert two_months.run("what_changed", to_month=date(2026, 5, 31)) == by_first_day
    assert any(row["value"] is not None for row in by_first_day)
