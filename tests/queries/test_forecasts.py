"""Arrival, forecast, contributions, notes and growth ratio as the queries tell them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import pytest

from oneninex.domain.plan.models import AGGREGATIONS
from tests.queries.given import Given
from tests.queries.random_returns import random_returns

TEN = [1, 2, 2, 3, 5, 5, 6, 8, 9, 10]
YEARS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, *TEN]  # 2025 and ten months of 2026
UNITS = ("U1", "U2", "U3")


def parks(given: Given, values: Sequence[float | None], kind: str = "cumulative", **target: Any):
    """A target T over months of demonstration_parks, from 2026 or 2025 on; None not sent."""
    first = 2026 if len(values) <= 12 else 2025
    for row in given.rows["plan_indicators"]:
        if row["indicator_id"] == "demonstration_parks":
            row |= {"kind": kind, "aggregation": AGGREGATIONS[kind][0]}
    for number, value in enumerate(values):
        if value is not None:
            given.add(
                "indicator_values",
                indicator_id="demonstration_parks",
                period=date(first + number // 12, number % 12 + 1, 1),
                value=value,
            )
    return given.add("targets", target_id="T", indicator_id="demonstration_parks", **target)


def workstations(given: Given, holes: Collection[tuple[str, int]] = (), **target: Any) -> Given:
    """Ten months of three units' workstations, 10 more a month each; holes are not reported."""
    for month in range(1, 11):
        for place, unit in enumerate(UNITS, 1):
            if (unit, month) not in holes:
                given.add(
                    "workforce_monthly",
                    month=date(2026, month, 1),
                    unit_id=unit,
                    workstations=100 * place + 10 * month,
                )
    return given.add("targets", target_id="T", indicator_id="workstations", **target)


def progress(given: Given, **parameters: Any) -> dict[str, Any]:
    (row,) = given.run("targets_progress", target_id="T", **parameters)
    return row


def test_arrival_is_forecast_with_an_interval_and_a_probability(given: Given):
    row = progress(parks(given, YEARS, value=14.0))

    assert row["arrival_state"] == "forecast"
    assert row["observed_months"] == 22
    assert date(2026, 11, 1) <= row["arrival_p10"] <= row["arrival_p50"] <= row["arrival_p90"]
    assert 0.8 < row["probability"] <= 0.95
    assert row["forecast_model"] == "counted"
    assert row["forecast_to"] == date(2028, 12, 1)


def test_a_higher_target_is_less_likely_and_later(given: Given):
    parks(given, YEARS, value=14.0)
    for number in (20, 30, 60):
        given.add(
            "targets", target_id=f"T{number}", indicator_id="demonstration_parks", value=number
        )

    rows = sorted(given.run("targets_progress"), key=lambda row: row["target"])

    likely = [row["probability"] for row in rows]
    assert likely == sorted(likely, reverse=True)
    assert likely[0] > likely[-1]
    months = [row["arrival_p50"] or date.max for row in rows]
    assert months == sorted(months)


def test_under_a_year_and_a_half_there_is_a_range_and_no_probability(given: Given):
    row = progress(parks(given, TEN, value=14.0))

    assert (row["arrival_state"], row["observed_months"]) == ("too_early", 10)
    assert {row[n] for n in ("probability", "arrival_p10", "arrival_p50")} == {None}
    assert len(given.run("target_forecast")) > 12
    (outlook,) = given.run("target_outlook")
    assert (outlook["outlook"], outlook["reason"]) == ("too_early", "too_early")


def test_under_eight_observed_months_it_is_too_early_to_say(given: Given):
    row = progress(parks(given, TEN[:7], value=14.0))

    assert (row["arrival_state"], row["observed_months"]) == ("too_early", 7)
    for name in ("probability", "arrival_p10", "arrival_p50", "arrival_p90", "forecast_model"):
        assert row[name] is None
    assert given.run("target_forecast") == []


@pytest.mark.parametrize(
    ("values", "target", "state"),
    [
        (TEN, {"value": None}, "not_stated"),
        ([], {"value": 5.0}, "no_value"),
        (TEN, {"value": 14.0, "due": "2026-09-30"}, "past_due"),
        (TEN, {"value": 9.0}, "arrived"),
    ],
)
def test_why_there_is_no_forecast_of_arrival(
    given: Given, values: list[float], target: dict[str, Any], state: str
):
    given.add("labeling_daily", date="2026-10-30")

    assert progress(parks(given, values, **target))["arrival_state"] == state


def test_a_target_that_is_met_says_since_when(given: Given):
    row = progress(parks(given, TEN, value=5.0))

    assert {row[f"arrival_p{n}"] for n in (10, 50, 90)} == {date(2026, 5, 1)}
    assert row["probability"] == 1.0


def test_a_rate_that_is_met_now_has_to_hold_when_due(given: Given):
    rates = [0.93, 0.94] * 6 + [0.90, 0.97, 0.88, 0.99, 0.9, 0.96, 0.89, 0.98, 0.9, 0.96]

    row = progress(parks(given, rates, kind="ratio", value=0.95))

    assert (row["arrival_state"], row["arrival_p50"]) == ("arrived", date(2026, 10, 1))
    assert 0.1 < row["probability"] < 0.9


def test_a_value_that_never_falls_is_not_forecast_to_fall(given: Given):
    parks(given, [5.0] * 10, value=14.0)

    rows = given.run("target_forecast")

    for name in ("p10", "p50", "p90", "baseline"):
        line = [row[name] for row in rows]
        assert line == sorted(line)
        assert line[0] == 5


def test_the_needed_line_leads_from_the_value_to_the_target_when_due(given: Given):
    parks(given, YEARS, value=38.0)

    needed = {row["month"]: row["needed"] for row in given.run("target_forecast")}

    assert needed[date(2026, 10, 1)] == 10
    assert needed[date(2026, 11, 1)] == 12
    assert needed[date(2027, 12, 1)] == 38
    assert needed[date(2028, 1, 1)] is None


def test_forecasts_belong_to_the_newest_month(given: Given):
    parks(given, TEN, value=14.0)

    earlier = progress(given, to_month=date(2026, 9, 1))

    assert (earlier["arrival_state"], earlier["probability"]) == ("earlier_month", None)


def test_a_month_still_running_is_not_forecast_from(given: Given):
    for month in range(1, 11):
        given.add("labeling_daily", date=date(2026, month, 28), volume_gb=1000.0)
    given.add("labeling_daily", date="2026-11-03", volume_gb=10.0)
    given.add("targets", target_id="T", indicator_id="annotated_volume", value=24.0)

    rows = given.run("target_forecast")

    assert (rows[0]["month"], rows[0]["p50"]) == (date(2026, 10, 1), 10.0)
    assert rows[14]["p50"] == pytest.approx(24.0, rel=0.05)


def test_a_unit_that_did_not_report_does_not_bend_the_forecast(given: Given):
    workstations(given, holes={("U3", 10)}, value=2000.0)

    rows = given.run("target_forecast")

    assert (rows[0]["month"], rows[0]["p50"]) == (date(2026, 9, 1), 600 + 3 * 90)
    assert rows[3]["p50"] == pytest.approx(870 + 90, rel=0.02)


def test_a_matter_for_decision_says_how_likely_the_target_is(given: Given):
    parks(given, YEARS, value=60.0)

    (matter,) = [row for row in given.run("needs_decision") if row["kind"] == "target"]

    assert matter["probability"] == progress(given)["probability"] is not None


def test_contributions_are_the_units_own_values(given: Given):
    workstations(given, value=2000.0)

    rows = {row["unit_id"]: row for row in given.run("target_contributions")}

    assert rows["U2"]["value"] == 300
    assert rows["U2"]["share"] == pytest.approx(300 / 900)
    assert rows["U2"]["recent_per_month"] == 10
    assert (rows["U9"]["value"], rows["U9"]["status"]) == (None, "M")


def test_medians_of_units_are_no_parts_of_the_whole(given: Given):
    workstations(given, value=2000.0)
    for row in given.rows["plan_indicators"]:
        row["aggregation"] = "median" if row["indicator_id"] == "workstations" else "sum"

    rows = given.run("target_contributions")

    assert {(row["additive"], row["value"]) for row in rows} == {(False, None)}


def test_a_unit_that_did_not_report_contributes_nothing_known_never_zero(given: Given):
    workstations(given, holes={("U3", 10)}, value=2000.0)

    (row,) = given.run("target_contributions", unit_id="U3")

    assert (row["value"], row["share"], row["recent_per_month"]) == (None, None, None)


@pytest.mark.parametrize("seed", [7, 8])
def test_contributions_add_up_to_the_whole(seed: int):
    given = random_returns(seed=seed)
    whole = {row["target_id"]: row["value"] for row in given.run("targets_progress")}
    parts: dict[str, list[dict[str, Any]]] = {}
    for row in given.run("target_contributions"):
        parts.setdefault(row["target_id"], []).append(row)

    checked = 0
    for target, rows in parts.items():
        if not rows[0]["additive"] or whole[target] is None:
            assert {row["value"] for row in rows} == {None}
            continue
        known = [row["value"] for row in rows if row["value"] is not None]
        assert sum(known) == pytest.approx(whole[target])
        shares = [row["share"] for row in rows if row["share"] is not None]
        assert whole[target] == 0 or sum(shares) == pytest.approx(1)
        checked += 1
    assert checked > 8


def test_the_order_of_returns_does_not_matter():
    one, other = random_returns(seed=9), random_returns(seed=9, shuffle=3)

    for name in ("targets_progress", "target_forecast", "target_contributions"):
        assert one.run(name) == other.run(name)


def test_growth_ratio_by_the_worked_answer(given: Given):
    """Base 10, target 35 in two years, 22.5 after one: 125% a year of the 87.1% asked for."""
    target = {"value": 35.0, "baseline": 10.0, "baseline_on": "2025-12-31"}

    row = progress(parks(given, [22.5] * 12, **target))

    assert row["growth_ratio"] == pytest.approx(1.4354, abs=1e-4)


@pytest.mark.parametrize(
    ("changes", "kind", "value"),
    [
        ({"baseline": 0.0}, "cumulative", 22.5),  # undefined, not 0.001
        ({"baseline": None, "baseline_on": None}, "cumulative", 22.5),
        ({"baseline": 30.0}, "cumulative", 32.0),  # no target of scale: 8% a year
        ({}, "ratio", 0.3),
        ({}, "flow", 22.5),
    ],
)
def test_growth_ratio_is_undefined_where_it_would_mislead(
    given: Given, changes: dict[str, Any], kind: str, value: float
):
    target = {"value": 35.0, "baseline": 10.0, "baseline_on": "2025-12-31", **changes}

    assert progress(parks(given, [value] * 12, kind=kind, **target))["growth_ratio"] is None


def test_a_fall_below_the_baseline_is_a_deterioration(given: Given):
    target = {"value": 35.0, "baseline": 10.0, "baseline_on": "2025-12-31"}

    assert progress(parks(given, [8.0] * 12, kind="stock", **target))["growth_ratio"] < 0


def note(given: Given, month: str, source: str) -> None:
    said = {"text_zh": "说明", "text_en": "note", "owner": "专班"}
    given.add("notes", month=month, target_id="T", source=source, **said)


def test_notes_are_those_up_to_the_month_newest_first(given: Given):
    for month in ("2026-08-01", "2026-10-01", "2026-09-01"):
        note(given, month, "会议纪要")

    rows = given.run("target_notes", target_id="T", to_month=date(2026, 9, 1))

    assert [row["month"].month for row in rows] == [9, 8]


@pytest.mark.parametrize(("dataset", "shown"), [("DEMO-1", 1), ("D1", 0)])
def test_examples_are_shown_with_demo_returns_only(given: Given, dataset: str, shown: int):
    given.add("datasets", dataset_id=dataset, built_on="2026-01-01")
    note(given, "2026-09-01", "演示（demo）")

    assert len(given.run("target_notes")) == shown
