"""The answers that the interface states, and the edges around them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from tests.queries.given import UNITS, Given


def progress(given: Given, values: Mapping[str, float], **target: Any) -> dict[str, Any]:
    """targets_progress of one target over values of demonstration_parks by month."""
    kind = target.pop("kind", "cumulative")
    for row in given.rows["plan_indicators"]:
        row["kind"] = kind if row["indicator_id"] == "demonstration_parks" else row["kind"]
    for period, value in values.items():
        given.add(
            "indicator_values",
            indicator_id="demonstration_parks",
            period=f"{period}-01",
            value=value,
        )
    given.add("targets", target_id="T", indicator_id="demonstration_parks", **target)
    (row,) = given.run("targets_progress")
    return row


def test_half_time_and_a_fifth_done_is_thirty_points_behind(given: Given):
    row = progress(given, {"2026-12": 10}, value=50.0, baseline=0.0)

    assert (row["done_share"], row["time_share"], row["gap_pp"]) == (0.2, 0.5, -30.0)
    assert (row["light"], row["state"]) == ("yellow", "behind")


def test_ten_of_twenty_four_months_have_passed_at_the_end_of_october(given: Given):
    row = progress(given, {"2026-10": 10}, value=50.0)

    assert row["time_share"] == 10 / 24
    assert row["value_month"] == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("value", "light", "state"),
    [
        (50, "green", "achieved"),
        (25, "green", "on_schedule"),
        (20, "green", "on_schedule"),
        (19.999, "yellow", "behind"),
        (10, "yellow", "behind"),
        (9.999, "red", "far_behind"),
        (0, "red", "far_behind"),
    ],
)
def test_lights_change_exactly_on_the_thresholds(
    given: Given, value: float, light: str, state: str
):
    row = progress(given, {"2026-12": value}, value=50.0)

    assert (row["light"], row["state"]) == (light, state)


def test_lights_follow_the_thresholds_of_the_plan(given: Given):
    given.rows["plan_info"][0] |= {"light_green": 0, "light_yellow": -20}

    row = progress(given, {"2026-12": 14.9}, value=50.0)

    assert row["light"] == "red"


@pytest.mark.parametrize(
    ("operator", "target", "value", "reached"),
    [
        ("exceed", 35, 35, False),
        ("exceed", 35, 36, True),
        ("reach", 50, 49, False),
        ("reach", 50, 50, True),
        ("at_most", 5, 5, True),
        ("at_most", 5, 6, False),
    ],
)
def test_operators(given: Given, operator: str, target: float, value: float, reached: bool):
    row = progress(given, {"2026-10": value}, kind="stock", operator=operator, value=target)

    assert (row["state"] == "achieved") == reached


def test_a_baseline_is_taken_off_both_sides(given: Given):
    row = progress(
        given, {"2026-12": 22.5}, value=35.0, baseline=10.0, baseline_on=date(2025, 12, 31)
    )

    assert (row["done_share"], row["gap_pp"], row["baseline_stated"]) == (0.5, 0.0, True)


def test_a_number_that_the_plan_does_not_state_is_not_judged(given: Given):
    row = progress(given, {"2026-12": 10}, value=None)

    assert (row["stated"], row["light"], row["state"]) == (False, "none", "not_stated")
    assert (row["target"], row["done_share"], row["gap_pp"]) == (None, None, None)
    assert row["value"] == 10


def test_a_target_without_a_value_says_so(given: Given):
    given.add("labeling_daily", date="2026-10-30")

    row = progress(given, {}, value=2.0)

    assert (row["value"], row["light"], row["state"]) == (None, "none", "no_value")
    assert row["time_share"] == 10 / 24


@pytest.mark.parametrize(
    ("value", "gap", "light", "state"),
    [
        (0.25, 5.0, "green", "achieved"),
        (0.2, 0.0, "yellow", "behind"),
        (0.15, -5.0, "yellow", "behind"),
        (0.0, -20.0, "yellow", "behind"),
        (-0.11, -31.0, "red", "far_behind"),
    ],
)
def test_growth_is_compared_as_it_stands(
    given: Given, value: float, gap: float, light: str, state: str
):
    row = progress(given, {"2026-03": value}, kind="growth", operator="exceed", value=0.2)

    assert (row["time_share"], row["gap_pp"]) == (None, gap)
    assert (row["light"], row["state"]) == (light, state)
    assert (row["needed_per_month"], row["recent_per_month"]) == (None, None)


def test_an_upper_limit_without_baseline_holds_all_the_time(given: Given):
    row = progress(given, {"2026-03": 0.08}, kind="ratio", operator="at_most", value=0.05)

    assert (row["time_share"], row["gap_pp"], row["light"]) == (None, -3.0, "yellow")


def test_a_target_past_its_date_is_not_on_schedule(given: Given):
    row = progress(given, {"2026-06": 47}, value=50.0, due="2026-06-30")

    assert (row["time_share"], row["gap_pp"], row["light"]) == (1.0, -6.0, "yellow")
    assert row["needed_per_month"] is None


def test_pace_needed_against_pace_of_the_last_three_months(given: Given):
    values = {"2026-07": 10, "2026-08": 11, "2026-09": 12, "2026-10": 16}

    row = progress(given, values, value=50.0)

    assert row["needed_per_month"] == pytest.approx((50 - 16) / 14)
    assert row["recent_per_month"] == 2.0
    assert row["catch_up"] == pytest.approx((50 - 16) / 14 / 2)


def test_a_gap_in_the_last_three_months_gives_no_pace(given: Given):
    row = progress(given, {"2026-06": 10, "2026-10": 16}, value=50.0)

    assert (row["recent_per_month"], row["catch_up"]) == (None, None)


def test_standing_still_gives_no_catch_up_factor(given: Given):
    values = {f"2026-{month:02}": 10 for month in range(1, 11)}

    row = progress(given, values, value=50.0)

    assert (row["recent_per_month"], row["catch_up"]) == (0.0, None)


def test_a_flow_is_added_up_from_the_start(given: Given):
    values = {"2025-12": 99, "2026-01": 1, "2026-02": 2, "2026-03": 3}

    row = progress(given, values, kind="flow", value=24.0)

    assert (row["value"], row["done_share"], row["gap_pp"]) == (6, 0.25, 12.5)
    assert row["recent_per_month"] == 2.0


def test_a_running_month_counts_by_its_days(given: Given):
    given.add("labeling_daily", date="2026-03-05", items=5)
    given.add("labeling_daily", date="2026-04-15", items=5)
    given.add("targets", target_id="T", indicator_id="units_in_operation", value=9.0)

    (row,) = given.run("targets_progress")

    assert row["time_share"] == pytest.approx(3.5 / 24)


def test_earlier_months_are_judged_as_they_stood(given: Given):
    now = progress(given, {"2026-06": 5, "2026-12": 10}, value=50.0)

    (then,) = given.run("targets_progress", to_month=date(2026, 8, 1))

    assert (now["value"], now["value_month"]) == (10, date(2026, 12, 1))
    assert (then["value"], then["value_month"], then["time_share"]) == (5, date(2026, 6, 1), 0.25)


def test_gold_accuracy_has_a_wilson_interval(given: Given):
    given.add("labeling_daily", date="2026-03-02", gold_items=10, gold_correct=8)

    (row,) = given.run("quality_by_unit_month", unit_id="U1")

    assert row["gold_accuracy"] == 0.8
    assert (round(row["gold_low"], 3), round(row["gold_high"], 3)) == (0.490, 0.943)


@pytest.mark.parametrize(("correct", "low", "high"), [(0, 0.0, 0.278), (10, 0.722, 1.0)])
def test_the_wilson_interval_stays_within_bounds(
    given: Given, correct: int, low: float, high: float
):
    given.add("labeling_daily", date="2026-03-02", gold_items=10, gold_correct=correct)

    (row,) = given.run("city_by_month")

    assert (round(row["gold_low"], 3), round(row["gold_high"], 3)) == (low, high)


def test_rework_is_what_was_rejected_at_least_once(given: Given):
    given.add(
        "labeling_daily",
        date="2026-03-02",
        items=10,
        reviewed=10,
        accepted=9,
        accepted_first_pass=7,
    )

    (row,) = given.run("quality_by_unit_month", unit_id="U1")

    assert (row["acceptance_rate"], row["first_pass_rate"], row["rework_rate"]) == (0.9, 0.7, 0.3)


def test_nine_equal_units_are_as_concentrated_as_nine(given: Given):
    for unit in UNITS:
        given.add("labeling_daily", date="2026-03-02", unit_id=unit, items=7)

    (row,) = given.run("concentration", measure="items")

    assert round(row["hhi"], 4) == 0.1111
    assert row["equivalent_number"] == pytest.approx(9)
    assert row["top5_share"] == pytest.approx(5 / 9)


def enterprise(given: Given, **quarters: tuple[float | None, int | None]) -> dict[str, Any]:
    """enterprise_growth of one enterprise in its newest quarter."""
    for quarter, (revenue, employees) in quarters.items():
        given.add(
            "enterprise_quarterly",
            quarter=quarter.removeprefix("q"),
            revenue_10k_cny=revenue,
            employees=employees,
        )
    return given.run("enterprise_growth")[-1]


@pytest.mark.parametrize(
    ("base", "yoy", "base_state"),
    [(50.0, 0.5, "ok"), (0.0, None, "zero"), (-5.0, None, "negative"), (None, None, "missing")],
)
def test_growth_names_the_base_that_it_lacks(
    given: Given, base: float | None, yoy: float | None, base_state: str
):
    row = enterprise(given, q2025Q3=(base, 20), q2026Q3=(75.0, 20))

    assert (row["yoy"], row["base_state"]) == (yoy, base_state)


@pytest.mark.parametrize(
    ("quarters", "high_growth"),
    [
        ({"q2023Q3": (100.0, 10), "q2026Q3": (172.9, 10)}, "qualifies"),
        ({"q2023Q3": (100.0, 10), "q2026Q3": (172.8, 10)}, "too_early"),
        ({"q2023Q3": (100.0, 10), "q2026Q3": (90.0, 18)}, "qualifies"),
        ({"q2023Q3": (100.0, 9), "q2026Q3": (900.0, 90)}, "too_early"),
        ({"q2025Q3": (100.0, 10), "q2026Q3": (121.0, 10)}, "on_pace"),
        ({"q2025Q3": (100.0, 9), "q2026Q3": (121.0, 10)}, "no"),
        ({"q2025Q3": (100.0, 10), "q2026Q3": (120.0, 10)}, "no"),
        ({"q2026Q3": (121.0, 10)}, "too_early"),
    ],
)
def test_high_growth(given: Given, quarters: dict[str, Any], high_growth: str):
    assert enterprise(given, **quarters)["high_growth"] == high_growth


def test_a_unit_that_did_not_report_is_not_a_step_back(given: Given):
    for month in range(5, 11):
        for unit in ("U1", "U2"):
            if (unit, month) != ("U2", 10):
                given.add(
                    "workforce_monthly",
                    month=f"2026-{month:02}-01",
                    unit_id=unit,
                    workstations=10 * month,
                )
    given.add("targets", target_id="T", indicator_id="workstations", value=999.0)

    (september,) = given.run("targets_progress", to_month=date(2026, 9, 1))
    (october,) = given.run("targets_progress", to_month=date(2026, 10, 1))

    assert (september["value"], september["recent_per_month"]) == (180, 20.0)
    assert (october["value"], october["recent_per_month"]) == (100, None)
    assert (october["units_reported"], october["units_due"]) == (1, 9)
