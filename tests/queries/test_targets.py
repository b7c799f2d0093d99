"""Targets by month and by state, and the plan's term."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from tests.queries.given import Given


def parks(given: Given, values: dict[str, float], **target: Any) -> Given:
    """A target over values of demonstration_parks by month."""
    for period, value in values.items():
        given.add(
            "indicator_values",
            indicator_id="demonstration_parks",
            period=f"{period}-01",
            value=value,
        )
    return given.add("targets", target_id="T", indicator_id="demonstration_parks", **target)


def by_month(given: Given, column: str, **parameters: Any) -> dict[str, Any]:
    rows = given.run("target_series", target_id="T", **parameters)
    return {f"{row['month']:%Y-%m}": row[column] for row in rows}


def test_the_line_runs_from_the_baseline_at_the_start_to_the_target_when_it_is_due(given: Given):
    parks(given, {"2026-10": 12}, value=50.0, baseline=2.0, baseline_on=date(2025, 12, 31))

    line = by_month(given, "scheduled")

    assert (line["2025-12"], line["2026-12"], line["2027-12"]) == (2.0, 26.0, 50.0)
    assert line["2026-10"] == pytest.approx(2 + 48 * 10 / 24)
    steps = {round(b - a, 9) for a, b in pairwise(line.values())}
    assert steps == {2.0}


def test_the_line_and_the_gap_agree(given: Given):
    parks(given, {"2026-10": 12}, value=50.0)
    (row,) = given.run("targets_progress")

    scheduled = by_month(given, "scheduled")["2026-10"]

    assert row["gap_pp"] == pytest.approx(
        100 * (row["value"] - scheduled) / row["target"], abs=1e-6
    )


def test_a_missing_month_is_missing_and_a_month_to_come_is_neither(given: Given):
    for day in ("2026-01-30", "2026-03-31"):
        given.add("labeling_daily", date=day, volume_gb=1000.0)
    given.add("targets", target_id="T", indicator_id="annotated_volume", value=100.0)

    assert by_month(given, "status") | {"2026-02": "M", "2026-04": None} == by_month(
        given, "status"
    )
    values = by_month(given, "value")
    assert (values["2026-01"], values["2026-02"], values["2026-03"]) == (1.0, None, 2.0)


def test_a_month_still_running_counts_by_its_days(given: Given):
    given.add("labeling_daily", date="2026-02-14", volume_gb=1000.0)
    given.add("targets", target_id="T", indicator_id="annotated_volume", value=24.0)

    assert by_month(given, "day")["2026-02"] == date(2026, 2, 14)
    assert by_month(given, "scheduled")["2026-02"] == pytest.approx(1.5)
    assert given.run("plan_term")[0]["months_passed"] == pytest.approx(1.5)


@pytest.mark.parametrize("target", [{"value": None}, {"value": 0.05, "operator": "at_most"}])
def test_no_line_without_a_number_or_where_it_is_compared_as_it_stands(
    given: Given, target: dict[str, Any]
):
    parks(given, {"2026-10": 12}, **target)

    assert set(by_month(given, "scheduled").values()) == {None}
    assert by_month(given, "value")["2026-10"] == 12


def test_what_came_after_the_month_asked_for_is_not_shown(given: Given):
    parks(given, {"2026-05": 3, "2026-10": 12}, value=50.0)

    values = by_month(given, "value", to_month=date(2026, 9, 1))

    assert (values["2026-05"], values["2026-10"]) == (3, None)


def test_each_target_is_counted_in_its_state_once(given: Given):
    parks(given, {"2026-12": 10}, value=50.0)
    given.add("targets", target_id="N", indicator_id="demonstration_parks", value=None)
    given.add("targets", target_id="W", indicator_id="workers", value=5.0)

    counts = {row["state"]: row["targets"] for row in given.run("target_states")}

    assert counts == {
        "far_behind": 0,
        "behind": 1,
        "incomplete": 0,
        "no_value": 1,
        "not_stated": 1,
        "on_schedule": 0,
        "achieved": 0,
    }


def test_ten_of_twenty_four_months_have_passed_at_the_end_of_october(given: Given):
    given.add("labeling_daily", date="2026-10-30")

    (row,) = given.run("plan_term")

    assert (row["months_passed"], row["months_total"]) == (10, 24)
    assert row["time_share"] == 10 / 24
    assert row["as_at"] == date(2026, 10, 31)


@pytest.mark.parametrize(("day", "passed"), [("2025-06-30", 0), ("2028-02-29", 24)])
def test_the_term_is_never_more_than_whole(given: Given, day: str, passed: int):
    given.add("labeling_daily", date=day)

    assert given.run("plan_term")[0]["months_passed"] == passed


def test_without_data_the_term_has_no_day(given: Given):
    (row,) = given.run("plan_term")

    assert (row["as_at"], row["months_passed"], row["months_total"]) == (None, None, 24)
