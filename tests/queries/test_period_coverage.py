"""Days covered of days due, and what follows for comparisons, sums and the opening month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from tests.queries.given import Given

ARRANGEMENT = Plan.load(ROOT / "data" / "plan").holidays.to_pylist()
OFF = {
    row["first"] + timedelta(days=n)
    for row in ARRANGEMENT
    if row["kind"] == "off"
    for n in range((row["last"] - row["first"]).days + 1)
}
MADE_UP = {row["first"] for row in ARRANGEMENT if row["kind"] == "work"}


def works(day: date) -> bool:
    """Count by hand: weekdays that are not off, and weekend days worked for them."""
    return day in MADE_UP or (day.weekday() < 5 and day not in OFF)


def days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def daily(given: Given, unit: str, first: str, last: str, **values: Any) -> Given:
    """A row on each working day."""
    for day in filter(works, days(first, last)):
        given.add("labeling_daily", date=day, unit_id=unit, **{"items": 10, **values})
    return given


def covered(given: Given, month: str, unit: str = "U1") -> tuple[Any, ...]:
    (row,) = given.run(
        "period_coverage", from_month=month, to_month=month, unit_id=unit, kind="labeling_daily"
    )
    return row["days_covered"], row["days_due"], row["whole"], row["status"]


def test_weekends_and_holidays_without_rows_are_no_gap(given: Given):
    daily(given, "U1", "2026-09-01", "2026-10-31")

    assert covered(given, "2026-09-01") == (22, 22, True, "whole")
    assert covered(given, "2026-10-01") == (18, 18, True, "whole")


def test_a_month_to_the_tenth_is_running_and_not_whole(given: Given):
    for unit in ("U1", "U2"):
        daily(given, unit, "2026-10-01", "2026-11-10")

    # 2, 3, 4, 5, 6, 9 and 10 November of 21 working days.
    assert covered(given, "2026-11-01") == (7, 21, False, "running")
    assert covered(given, "2026-11-01", "U3") == (0, 21, False, "missing")
    (running,) = [row for row in given.run("months") if row["running"]]
    assert (running["month"], running["last_day"]) == (date(2026, 11, 1), date(2026, 11, 10))


@pytest.mark.parametrize("last", ["2026-10-10", "2026-10-20", "2026-10-29"])
def test_one_unit_with_a_part_of_the_newest_month_is_partial(given: Given, last: str):
    daily(given, "U1", "2026-08-01", last)
    daily(given, "U2", "2026-08-01", "2026-10-31")

    assert covered(given, "2026-10-01")[2:] == (False, "partial")
    assert covered(given, "2026-10-01", "U2")[2:] == (True, "whole")


def test_a_part_of_a_past_month_is_partial_too(given: Given):
    daily(given, "U1", "2026-08-01", "2026-09-08")
    daily(given, "U1", "2026-10-08", "2026-10-31")

    # Days 1 to 8 September are 6 of 22 working days; nobody worked on the rest.
    assert covered(given, "2026-09-01") == (6, 22, False, "partial")
    assert covered(given, "2026-10-01") == (18, 18, True, "whole")


def test_the_middle_of_a_month_can_be_missing(given: Given):
    daily(given, "U1", "2026-08-01", "2026-09-08")
    daily(given, "U1", "2026-09-21", "2026-10-31")

    # From 9 to 20 September: eight weekdays and the make-up Sunday.
    assert covered(given, "2026-09-01") == (22 - 9, 22, False, "partial")


def test_three_quiet_days_are_ordinary(given: Given):
    daily(given, "U1", "2026-08-01", "2026-09-08")
    daily(given, "U1", "2026-09-14", "2026-10-31")

    assert covered(given, "2026-09-01") == (22, 22, True, "whole")


def test_a_unit_that_dates_its_month_on_one_day_is_whole(given: Given):
    for month in (7, 8, 9, 10):
        given.add("labeling_daily", date=date(2026, month, 15), items=100)

    assert covered(given, "2026-10-01")[2:] == (True, "whole")


def test_a_unit_that_sends_weekly_rows_is_whole_until_it_stops(given: Given):
    for day in days("2026-07-01", "2026-10-16"):
        if day.weekday() == 4:
            given.add("labeling_daily", date=day, items=50)

    assert covered(given, "2026-09-01")[2:] == (True, "whole")
    assert covered(given, "2026-10-01")[2] is False


def test_days_after_the_snapshot_are_not_covered():
    given = Given(created_at="2026-10-20T02:00:00")
    for month in (7, 8, 9, 10):
        given.add("labeling_daily", date=date(2026, month, 15), items=100)

    # 21 to 30 October: eight working days had not come.
    assert covered(given, "2026-10-01") == (10, 18, False, "running")


def test_other_kinds_are_whole_once_they_have_come(given: Given):
    daily(given, "U1", "2026-09-01", "2026-09-30")
    given.add("workforce_monthly", month="2026-09-01", unit_id="U1", full_time=3)
    given.add("enterprise_quarterly", quarter="2026Q3", unit_id="U1", revenue_10k_cny=10)

    rows = {
        (row["kind"], row["unit_id"]): row for row in given.run("period_coverage")
        if row["unit_id"] in ("U1", "U2")
    }  # fmt: skip
    assert rows["workforce_monthly", "U1"]["whole"]
    assert rows["workforce_monthly", "U2"]["status"] == "missing"
    quarter = rows["enterprise_quarterly", "U1"]
    assert (quarter["first_day"], quarter["last_day"]) == (date(2026, 7, 1), date(2026, 9, 30))
    assert quarter["days_due"] == 23 + 21 + 22


@pytest.fixture
def to_the_tenth(given: Given) -> Given:
    """Two units with October whole and November to the tenth."""
    for unit in ("U1", "U2"):
        daily(given, unit, "2026-09-01", "2026-11-10", reviewed=10, accepted=9, rejected=1)
    return given


def test_everything_opens_with_the_last_whole_month(to_the_tenth: Given):
    october = date(2026, 10, 1)

    assert [row["month"] for row in to_the_tenth.run("months") if row["opening"]] == [october]
    for name in ("unit_summary", "like_for_like", "what_changed", "side_by_side"):
        assert {row["month"] for row in to_the_tenth.run(name)} == {october}, name
    for name in ("comparable_indicators", "latest_indicators"):
        months = {row["month"] for row in to_the_tenth.run(name)}
        assert date(2026, 11, 1) not in months, name
    assert to_the_tenth.run("year_to_date")[0]["month"] == october


def test_a_running_month_is_compared_with_nothing(to_the_tenth: Given):
    november = date(2026, 11, 1)
    (row,) = to_the_tenth.run("throughput_by_month", from_month=november)
    assert (row["mom_units"], row["mom_accepted"], row["status"]) == (0, None, "P")
    rows = to_the_tenth.run("comparable_indicators", to_month=november)
    accepted = next(row for row in rows if row["indicator_id"] == "items_accepted")
    assert (accepted["value"], accepted["before_period"]) == (2 * 7 * 9, None)
    reasons = {
        row["unit_id"]: row["reason"]
        for row in to_the_tenth.run("what_changed", to_month=november)
        if row["indicator_id"] == "items_accepted"
    }
    assert (reasons["U1"], reasons["U3"]) == ("not_whole", "neither")
    rows = to_the_tenth.run("like_for_like", to_month=november)
    assert {row["reason"] for row in rows} == {"not_whole", "neither"}
    assert all(row["change"] is None for row in rows)
    (month,) = to_the_tenth.run("city_by_month", from_month=november)
    assert (month["units_reported"], month["units_whole"]) == (2, 0)
    assert (month["partial_units"], month["last_day"]) == ("U1|U2", date(2026, 11, 10))
    (working,) = to_the_tenth.run("output_by_working_day", from_month=november)
    assert (working["per_day"], working["mom_units"]) == (2 * 9, 0)
    total = next(
        row for row in to_the_tenth.run("year_to_date", to_month=november)
        if row["indicator_id"] == "items_accepted"
    )  # fmt: skip
    assert (total["units_whole"], total["status"]) == (0, "P")


def test_one_partial_unit_leaves_the_comparison_to_the_others(given: Given):
    daily(given, "U1", "2026-08-01", "2026-10-10", reviewed=10, accepted=10)
    daily(given, "U2", "2026-08-01", "2026-10-31", reviewed=10, accepted=5)

    (row,) = given.run("throughput_by_month", from_month=date(2026, 10, 1))

    assert (row["mom_units"], row["mom_accepted"]) == (1, 18 * 5)
    assert [r["month"] for r in given.run("months") if r["opening"]] == [date(2026, 10, 1)]


def test_shares_of_a_change_need_one_direction(given: Given):
    for unit, before, after in (("U1", 100, 40), ("U2", 100, 110)):
        for month, items in (("2026-09", before), ("2026-10", after)):
            given.add(
                "labeling_daily", date=f"{month}-30", unit_id=unit, items=items, reviewed=items,
                accepted=items,
            )  # fmt: skip

    assert {row["share_of_change"] for row in given.run("like_for_like")} == {None}


def test_an_empty_store_has_no_opening_month(given: Given):
    assert given.run("period_coverage") == []
    assert given.run("months") == []
