"""Totals of the page "How much, how good?": changes compare the same units, hours stay apart."""

from __future__ import annotations

import math
from datetime import date

import pytest

from tests.queries.given import Given, month
from tests.queries.random_returns import random_returns


def work(given: Given, day: str, unit: str, accepted: int, **values: object) -> None:
    row = {"items": 200, "reviewed": 100, "accepted": accepted, "rejected": 100 - accepted}
    given.add("labeling_daily", **{**row, "date": day, "unit_id": unit, **values})


@pytest.fixture
def two_years(given: Given) -> Given:
    """U1 in three months; U2 in the newest only; U3 in all but the newest."""
    for day, accepted in (("2025-10-09", 50), ("2026-09-09", 80), ("2026-10-09", 90)):
        work(given, day, "U1", accepted)
    work(given, "2026-10-09", "U2", 10)
    for day in ("2025-10-09", "2026-09-09"):
        work(given, day, "U3", 70)
    return given


def test_changes_leave_out_units_that_reported_one_of_the_months_only(two_years: Given):
    newest = two_years.run("throughput_by_month")[-1]

    assert (newest["accepted"], newest["units_reported"]) == (100, 2)
    assert (newest["mom_units"], newest["mom_accepted"], newest["mom_accepted_before"]) == (
        1, 90, 80,
    )  # fmt: skip
    assert (newest["yoy_units"], newest["yoy_accepted"], newest["yoy_accepted_before"]) == (
        1, 90, 50,
    )  # fmt: skip
    assert newest["mom_acceptance_rate"] == pytest.approx(0.1)
    assert newest["yoy_acceptance_rate"] == pytest.approx(0.4)


def test_the_first_month_of_a_range_still_knows_the_month_before(two_years: Given):
    (row,) = two_years.run(
        "throughput_by_month", from_month=month("2026-10"), to_month=month("2026-10"), unit_id="U1"
    )

    assert (row["units_due"], row["mom_accepted_before"], row["yoy_accepted_before"]) == (1, 80, 50)


def test_a_month_without_returns_is_missing_and_compares_with_nothing(two_years: Given):
    row = two_years.run("throughput_by_month", from_month=month("2026-10"), unit_id="U3")[-1]

    assert (row["accepted"], row["status"], row["units_reported"]) == (None, "M", 0)
    assert (row["mom_units"], row["mom_accepted_before"], row["gold_low"]) == (0, None, None)


def test_a_modality_that_a_reporting_unit_does_not_do_is_zero(two_years: Given):
    row = two_years.run("throughput_by_month", unit_id="U1", modality="image")[-1]

    assert (row["items"], row["accepted"], row["acceptance_rate"]) == (0, 0, None)


def test_rework_is_what_the_first_pass_rate_leaves(given: Given):
    work(given, "2026-10-09", "U1", 90, accepted_first_pass=75)

    row = given.run("throughput_by_month")[-1]

    assert (row["acceptance_rate"], row["first_pass_rate"], row["rework_rate"]) == (0.9, 0.75, 0.25)


def test_gold_interval_is_wilsons(given: Given):
    work(given, "2026-10-09", "U1", 90, gold_items=6, gold_correct=5)
    work(given, "2026-10-10", "U2", 90, gold_items=4, gold_correct=3)

    row = given.run("throughput_by_month")[-1]

    assert row["gold_accuracy"] == 0.8
    assert [round(row[end], 3) for end in ("gold_low", "gold_high")] == [0.490, 0.943]


def test_totals_agree_with_the_rows_of_each_unit():
    given = random_returns(5)
    by_unit = given.run("output_by_unit_month")
    for row in given.run("throughput_by_month"):
        mine = [r for r in by_unit if r["month"] == row["month"] and r["status"] != "M"]
        assert row["units_reported"] == len(mine)
        for measure in ("items", "reviewed", "accepted"):
            known = [r[measure] for r in mine if r[measure] is not None]
            assert row[measure] == (sum(known) if known else None)


def test_hours_measured_differently_are_never_added(given: Given):
    for unit, basis, hours in (("U1", "open_time", 3.5), ("U2", "reported", 2.0)):
        work(given, "2026-10-09", unit, 9, hours=hours, hours_basis=basis)
    work(given, "2026-10-12", "U3", 9, hours=0.25, hours_basis="open_time")
    work(given, "2026-10-12", "U4", 9)

    rows = given.run("hours_by_month")

    found = {r["hours_basis"]: (r["hours"], r["items"], r["units_reported"]) for r in rows}
    assert found == {"open_time": (3.75, 400, 2), "reported": (2.0, 200, 1)}


def test_hours_add_up_to_those_of_the_rows_that_were_sent():
    given = random_returns(6)
    sent = [r for r in given.rows["fact_labeling_daily"] if r["hours"] is not None]
    for row in given.run("hours_by_month"):
        mine = [
            r["hours"]
            for r in sent
            if r["hours_basis"] == row["hours_basis"] and r["date"].replace(day=1) == row["month"]
        ]
        assert row["hours"] == pytest.approx(math.fsum(mine))


def test_work_set_aside_is_counted_by_reason_and_not_in_the_output(given: Given):
    work(given, "2026-10-09", "U1", 9)
    aside = {"unit_id": "U1", "enterprise_id": "E1", "modality": "text"}
    for day, project, reason, items in (
        ("2026-10-01", "P1", "skipped", 3),
        ("2026-10-31", "P2", "skipped", 4),
        ("2026-10-02", "P1", "draft", 1),
        ("2026-11-01", "P1", "draft", 9),
    ):
        given.add(
            "work_set_aside", date=day, project_id=project, reason=reason, items=items, **aside
        )

    october = {"from_month": date(2026, 10, 1), "to_month": date(2026, 10, 1)}

    rows = given.run("work_set_aside_by_reason", **october)

    assert [(r["reason"], r["items"], r["projects"]) for r in rows] == [
        ("draft", 1, 1),
        ("skipped", 7, 2),
    ]
    assert given.run("throughput_by_month", **october)[-1]["items"] == 200


def test_agreement_stands_for_each_label_set_and_is_never_averaged(given: Given):
    work(given, "2026-10-09", "U1", 9)
    for first, label_set, source, alpha in (
        ("2026-10-01", "a", "x", 0.8),
        ("2026-10-01", "c", "x", -0.1),
        ("2026-10-01", "c", "y", None),
        ("2026-09-01", "c", "z", 0.5),
        (None, "a", "w", 0.3),
    ):
        given.add("agreement", month=first, label_set=label_set, source=source, alpha=alpha)
    october = {"from_month": date(2026, 10, 1), "to_month": date(2026, 10, 1)}

    rows = given.run("agreement_by_project_month", **october)

    # what tells no day is in every range: nobody could say that it is outside
    assert [(r["month"], r["label_set"], r["source"], r["alpha"]) for r in rows] == [
        (date(2026, 10, 1), 1, "x", 0.8),
        (date(2026, 10, 1), 2, "x", -0.1),
        (date(2026, 10, 1), 2, "y", None),
        (None, 1, "w", 0.3),
    ]
    assert {row["people"] for row in rows} == {2}
