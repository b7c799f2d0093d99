"""What changed, with only those units compared that reported both times."""

from __future__ import annotations

import pytest

from tests.queries.given import UNITS, Given, month
from tests.queries.random_returns import random_returns


@pytest.fixture
def two_months(given: Given) -> Given:
    """U1 rises, U2 falls, U3 misses May, U4 misses April; nobody else reports."""
    for unit, april, may in (("U1", 10, 16), ("U2", 9, 4), ("U3", 100, None), ("U4", None, 70)):
        for day, accepted in (("2026-04-10", april), ("2026-05-10", may)):
            if accepted is not None:
                given.add("labeling_daily", date=day, unit_id=unit, reviewed=200, accepted=accepted)
    return given


def test_parts_add_up_to_the_change_of_the_comparable_units(two_months: Given):
    rows = two_months.run("like_for_like", to_month=month("2026-05"))

    known = {row["unit_id"]: row["change"] for row in rows if row["change"] is not None}
    assert known == {"U1": 6, "U2": -5}
    for row in rows:
        assert (row["city_accepted"], row["city_accepted_before"]) == (20, 19)
        assert (row["city_change"], row["units_compared"], row["units_due"]) == (1, 2, 9)


def test_a_unit_that_did_not_report_is_named_and_is_no_fall(two_months: Given):
    rows = {row["unit_id"]: row for row in two_months.run("like_for_like")}

    assert [rows[unit]["reason"] for unit in UNITS[:5]] == [
        "change",
        "change",
        "not_reported",
        "newly_reported",
        "neither",
    ]
    assert (rows["U3"]["change"], rows["U3"]["accepted"], rows["U3"]["status"]) == (None, None, "M")
    assert (rows["U4"]["change"], rows["U4"]["accepted"]) == (None, 70)


def test_last_year_is_the_same_month_of_the_year_before(given: Given):
    given.add("labeling_daily", date="2025-05-10", reviewed=9, accepted=8)
    given.add("labeling_daily", date="2026-04-10", reviewed=9, accepted=1)
    given.add("labeling_daily", date="2026-05-10", reviewed=9, accepted=9)

    by_base = {against: given.run("like_for_like", against=against) for against in ("year", None)}

    assert by_base["year"][0]["base_month"] == month("2025-05")
    assert by_base["year"][0]["city_change"] == 1
    assert by_base[None][0]["base_month"] == month("2026-04")
    assert by_base[None][0]["city_change"] == 8


def test_a_reporting_unit_without_accepted_work_counts_with_nothing(given: Given):
    given.add("labeling_daily", date="2026-04-10", reviewed=9, accepted=8)
    given.add("labeling_daily", date="2026-05-10", items=0, annotators=None)

    rows = given.run("like_for_like")

    assert (rows[0]["unit_id"], rows[0]["change"], rows[0]["reason"]) == ("U1", -8, "change")


def test_agrees_with_the_output_of_the_two_months():
    given = random_returns(5)
    output = given.run("output_by_unit_month", modality="image")
    accepted = {(row["month"], row["unit_id"]): row["accepted"] for row in output}
    rows = given.run("like_for_like", to_month=month("2026-05"), modality="image")

    assert {row["unit_id"] for row in rows} == set(UNITS)
    for row in rows:
        now = accepted.get((month("2026-05"), row["unit_id"]))
        before = accepted.get((month("2026-04"), row["unit_id"]))
        assert row["change"] == (None if now is None or before is None else now - before)
