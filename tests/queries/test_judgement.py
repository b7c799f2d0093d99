"""How a target is judged: the table operator × kind × side of the baseline × due date, in full.

Each line of CASES is one cell with its answer worked out by hand. The plan runs for 24 months.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from oneninex.core import formats
from oneninex.domain.plan.models import Target
from tests.queries.given import Given
from tests.recompute.covered import working

JUNE, DECEMBER, DUE, AFTER = "2026-06", "2026-12", "2027-12", "2028-02"
# operator, kind, number, baseline, month of the value, value: state, gap in points, need a month.
CASES: list[tuple[str, str, float, float | None, str, float, str, float | None, float | None]] = [
    # A count or stock that has to grow: its share done against the share of time.
    ("reach", "stock", 40, None, DECEMBER, 40, "achieved", 50.0, 0),
    ("reach", "stock", 40, None, DECEMBER, 20, "on_schedule", 0.0, 20 / 12),
    ("reach", "stock", 40, None, DECEMBER, 12, "behind", -20.0, 28 / 12),
    ("reach", "stock", 40, None, DECEMBER, 4, "far_behind", -40.0, 3),
    ("reach", "stock", 40, 20, DECEMBER, 30, "on_schedule", 0.0, 10 / 12),
    ("reach", "capacity", 40, None, DECEMBER, 12, "behind", -20.0, 28 / 12),
    ("reach", "cumulative", 40, None, DECEMBER, 12, "behind", -20.0, 28 / 12),
    ("reach", "flow", 40, None, DECEMBER, 12, "behind", -20.0, 28 / 12),
    # What was there before the start is no part of a sum from the start on.
    ("reach", "flow", 40, 20, DECEMBER, 20, "on_schedule", 0.0, 20 / 12),
    # Once it is due nothing is on schedule any more: met or not.
    ("reach", "stock", 40, None, DUE, 39, "behind", -2.5, None),
    ("reach", "stock", 40, None, AFTER, 20, "far_behind", -50.0, None),
    ("reach", "cumulative", 40, None, AFTER, 40, "achieved", 0.0, 0),
    # More than 35 whole things are 36: at 35 one is missing and the bar is not full.
    ("exceed", "stock", 35, None, DECEMBER, 36, "achieved", 50.0, 0),
    ("exceed", "stock", 35, None, DECEMBER, 35, "on_schedule", 100 * 35 / 36 - 50, 1 / 12),
    ("exceed", "cumulative", 35, None, DUE, 35, "behind", 100 * 35 / 36 - 100, None),
    # Rates stand against the target itself, in percentage points, at any time.
    ("reach", "ratio", 0.9, None, JUNE, 0.9, "achieved", 0.0, None),
    ("reach", "ratio", 0.9, 0.5, JUNE, 0.823, "behind", -7.7, None),
    ("reach", "ratio", 0.9, None, JUNE, 0.59, "far_behind", -31.0, None),
    ("reach", "ratio", 0.9, None, AFTER, 0.85, "behind", -5.0, None),
    ("exceed", "growth", 0.2, None, JUNE, 0.2, "behind", 0.0, None),
    ("exceed", "growth", 0.2, None, JUNE, -0.187, "far_behind", -38.7, None),
    ("at_most", "ratio", 0.05, None, JUNE, 0.05, "achieved", 0.0, None),
    ("at_most", "ratio", 0.05, 0.2, JUNE, 0.08, "behind", -3.0, None),
    # A stock is held against its limit; only one that begins above it has a way to go.
    ("at_most", "stock", 1000, 700, JUNE, 1000, "achieved", 0.0, None),
    ("at_most", "stock", 1000, 700, JUNE, 1122, "behind", -12.2, None),
    ("at_most", "stock", 1000, None, JUNE, 1400, "far_behind", -40.0, None),
    ("at_most", "stock", 1000, 1200, DECEMBER, 1100, "on_schedule", 0.0, -100 / 12),
    ("at_most", "stock", 1000, 1200, DECEMBER, 1150, "behind", -25.0, -150 / 12),
    ("at_most", "stock", 1000, 1200, AFTER, 1050, "behind", -25.0, None),
    # A sum is judged by where it is heading, and is within its limit when it is due, not before.
    ("at_most", "flow", 2000, None, DECEMBER, 900, "on_schedule", 10.0, None),
    ("at_most", "flow", 2000, None, DECEMBER, 1000, "on_schedule", 0.0, None),
    ("at_most", "flow", 2000, None, DECEMBER, 1200, "behind", -20.0, None),
    ("at_most", "flow", 2000, None, DECEMBER, 1350, "far_behind", -35.0, None),
    ("at_most", "flow", 2000, None, JUNE, 2001, "far_behind", -300.2, None),
    ("at_most", "flow", 2000, None, DUE, 2000, "achieved", 0.0, None),
    ("at_most", "flow", 2000, None, DUE, 2001, "far_behind", -0.05, None),
    ("at_most", "cumulative", 2000, 400, DECEMBER, 1000, "on_schedule", 20.0, None),
    ("at_most", "cumulative", 2000, None, DUE, 1900, "achieved", 5.0, None),
    # Plans that contradict themselves are refused; nothing of them is ever judged.
    ("reach", "stock", 600, 1200, JUNE, 900, "not_begun", None, None),
    ("exceed", "ratio", 0.5, 0.6, JUNE, 0.7, "not_begun", None, None),
    ("at_most", "cumulative", 600, 700, JUNE, 700, "not_begun", None, None),
]
LIGHTS = {"achieved": "green", "on_schedule": "green", "behind": "yellow", "far_behind": "red"}


def judged(
    given: Given, month: str, sent: float, kind: str = "cumulative", **target: Any
) -> dict[str, Any]:
    """One target over one value that an office sent."""
    for row in given.rows["plan_indicators"]:
        if row["indicator_id"] == "demonstration_parks":
            row["kind"] = kind
            if kind in ("ratio", "growth"):
                row["unit_zh"] = row["unit_en"] = "%"
    given.add(
        "indicator_values",
        indicator_id="demonstration_parks",
        period=f"{month}-01",
        value=sent,
    )
    if target.get("baseline") is not None:
        target["baseline_on"] = "2025-12-31"
    given.add("targets", target_id="T", indicator_id="demonstration_parks", **target)
    (row,) = given.run("targets_progress")
    return row


@pytest.mark.parametrize(
    ("operator", "kind", "number", "baseline", "month", "value", "state", "gap", "needed"), CASES
)
def test_every_cell_of_the_table(
    given: Given,
    operator: str,
    kind: str,
    number: float,
    baseline: float | None,
    month: str,
    value: float,
    state: str,
    gap: float | None,
    needed: float | None,
):
    if kind == "flow" and month > DUE:
        pytest.skip("a flow ends with its target")
    row = judged(given, month, value, kind, operator=operator, value=number, baseline=baseline)

    assert row["state"] == state
    assert row["light"] == LIGHTS.get(state, "none")
    assert row["gap_pp"] == (None if gap is None else pytest.approx(gap, abs=1e-5))
    assert row["needed_per_month"] == (None if needed is None else pytest.approx(needed))


def test_the_cases_visit_every_rule(given: Given):
    rules = {(row["operator"], row["kind"]) for row in given.sql("from judgement")}
    sides = given.sql("select distinct side, until_due, after_due from judgement")

    assert rules == {(o, k) for o in ("reach", "exceed", "at_most") for k in KINDS}
    assert {row["until_due"] for row in sides} == {
        "schedule", "level", "limit", "heading", "refused",
    }  # fmt: skip


@pytest.mark.parametrize("operator", ["reach", "exceed", "at_most"])
@pytest.mark.parametrize("baseline", [5.0, 10.0, 15.0])
def test_the_plans_check_refuses_what_the_table_refuses(
    given: Given, operator: str, baseline: float
):
    sent: dict[str, Any] = {
        "target_id": "t",
        "indicator_id": "i",
        "scope": "city",
        "operator": operator,
    }
    sent |= {"value": 10.0, "baseline": baseline, "baseline_on": date(2025, 12, 31)}
    sent |= {"start": date(2026, 1, 1), "due": date(2027, 12, 31), "plan": "working"}
    target = Target(**sent, sentence_zh="句", sentence_en="words", source="source")
    meets = {"reach": baseline >= 10, "exceed": baseline > 10, "at_most": baseline <= 10}
    side = "there" if meets[operator] else "short"
    for row in given.sql("from judgement"):
        if (row["operator"], row["side"]) == (operator, side):
            assert target.contradicts(row["kind"]) == (row["until_due"] == "refused")


KINDS = ("stock", "capacity", "flow", "cumulative", "ratio", "growth")


def test_a_target_before_its_start_has_not_begun(given: Given):
    row = judged(given, "2026-10", 99, value=50.0, start="2027-01-01")

    assert (row["state"], row["light"], row["gap_pp"]) == ("not_begun", "none", None)


def test_what_is_countable_is_no_measure(given: Given):
    measures = {"%", *formats.MONEY, *formats.GIGABYTES}
    for row in given.run("indicators") and given.sql("from indicators"):
        counted = row["unit_zh"] not in measures and row["unit_en"] not in measures
        assert row["countable"] == (counted and row["kind"] not in ("ratio", "growth"))


def late(given: Given, absent: str = "U1", **target: Any) -> Given:
    """Ten months of three units; `absent` sends nothing for October."""
    for month in range(1, 11):
        for unit in ("U1", "U2", "U3"):
            if (unit, month) != (absent, 10):
                day = date(2026, month, 28)
                given.add(
                    "labeling_daily", date=day, unit_id=unit, volume_gb=1000.0, items=10,
                    reviewed=10, accepted=9, accepted_first_pass=9, rejected=1,
                )  # fmt: skip
                given.add(
                    "workforce_monthly", month=date(2026, month, 1), unit_id=unit, full_time=200,
                    workstations=100,
                )  # fmt: skip
    return given.add("targets", target_id="T", **target)


@pytest.mark.parametrize(
    ("target", "state"),
    [
        # The factory's own unit is late: nobody knows whether it runs.
        ({"indicator_id": "data_factory_in_operation", "value": 1.0}, "incomplete"),
        ({"indicator_id": "units_in_operation", "value": 3.0}, "incomplete"),
        ({"indicator_id": "first_pass_rate", "value": 0.5}, "incomplete"),
        ({"indicator_id": "annotated_volume", "value": 200.0}, "incomplete"),
        ({"indicator_id": "workers", "value": 500.0, "operator": "at_most"}, "incomplete"),
        # Enough, or too much, without the missing return.
        ({"indicator_id": "units_in_operation", "value": 2.0}, "achieved"),
        ({"indicator_id": "annotated_volume", "value": 29.0}, "achieved"),
        ({"indicator_id": "workers", "value": 390.0, "operator": "at_most"}, "behind"),
        ({"indicator_id": "annotated_volume", "value": 28.0, "operator": "at_most"}, "far_behind"),
        # Not about labeling returns at all.
        ({"indicator_id": "labeling_enterprises", "value": 5.0}, "no_value"),
        # A unit's own target is not judged by its value of September.
        ({"indicator_id": "workers", "value": 100.0, "scope": "U1"}, "incomplete"),
        ({"indicator_id": "workers", "value": 100.0, "scope": "U2"}, "achieved"),
    ],
)
def test_a_missing_return_never_turns_a_light(given: Given, target: dict[str, Any], state: str):
    late(given, **target)

    (row,) = given.run("targets_progress")

    assert row["state"] == state
    if state == "incomplete":
        assert (row["light"], row["gap_pp"], row["needed_per_month"]) == ("none", None, None)
        assert given.run("target_outlook")[0]["missing_returns"] == 1


def test_the_factory_runs_whoever_else_is_late(given: Given):
    late(given, absent="U3", indicator_id="data_factory_in_operation", value=1.0)

    (row,) = given.run("targets_progress")

    assert (row["value"], row["state"]) == (1, "achieved")


def test_a_gap_long_ago_still_lacks_in_a_sum(given: Given):
    for month in range(1, 11):
        for unit in ("U1", "U2"):
            if (unit, month) != ("U2", 4):
                day = date(2026, month, 28)
                given.add("labeling_daily", date=day, unit_id=unit, volume_gb=1000.0)
    given.add("targets", target_id="T", indicator_id="annotated_volume", value=200.0)

    (row,) = given.run("targets_progress")

    assert row["state"] == "incomplete"
    assert given.run("target_outlook")[0]["missing_returns"] == 1


def quarters(given: Given, revenues: dict[str, dict[str, float]]) -> Given:
    """Labeling revenue by unit and quarter; an enterprise a unit."""
    for unit, values in revenues.items():
        for quarter, revenue in values.items():
            given.add(
                "enterprise_quarterly",
                quarter=quarter,
                unit_id=unit,
                enterprise_id=f"E{unit}",
                labeling_revenue_10k_cny=revenue,
            )
    target = {"operator": "exceed", "value": 0.2, "indicator_id": "labeling_revenue_growth"}
    return given.add("targets", target_id="T", **target)


def test_growth_is_like_for_like_and_incomplete_with_units_late(given: Given):
    """Everybody grows by 22%; three units are late: not −18.7%."""
    revenues = {
        f"U{n}": {"2025Q3": 100.0, "2026Q2": 110.0, **({"2026Q3": 122.0} if n > 3 else {})}
        for n in range(1, 10)
    }

    (row,) = quarters(given, revenues).run("targets_progress")

    assert row["value"] == pytest.approx(0.22)
    assert (row["units_reported"], row["units_due"]) == (6, 9)
    assert (row["state"], row["light"]) == ("incomplete", "none")


def test_new_units_are_no_growth(given: Given):
    """Two units stand still, seven are new: 0% over the two, not 350%."""
    revenues: dict[str, dict[str, float]] = {
        f"U{n}": {"2025Q3": 100.0, "2026Q3": 100.0} for n in (1, 2)
    }
    revenues |= {f"U{n}": {"2026Q3": 100.0} for n in range(3, 10)}

    (row,) = quarters(given, revenues).run("targets_progress")

    assert (row["value"], row["units_reported"]) == (0.0, 2)
    assert (row["state"], row["gap_pp"]) == ("behind", -20.0)


def test_one_enterprise_late_leaves_the_revenue_incomplete(given: Given):
    for quarter in ("2026Q1", "2026Q2", "2026Q3"):
        for enterprise in ("E1", "E2"):
            if (enterprise, quarter) != ("E2", "2026Q3"):
                given.add(
                    "enterprise_quarterly", quarter=quarter, enterprise_id=enterprise,
                    labeling_revenue_10k_cny=10.0,
                )  # fmt: skip
    given.add("targets", target_id="T", indicator_id="labeling_revenue", value=200.0)

    (row,) = given.run("targets_progress")

    assert row["state"] == "incomplete"


def each_working_day(
    given: Given, last: Mapping[str, date], poor_from: date | None = None
) -> Given:
    """Three units with rows on every working day from August up to their last one."""
    for unit, end in last.items():
        for day in working(date(2026, 8, 1), end):
            passed = 1 if poor_from and day >= poor_from else 9
            given.add(
                "labeling_daily", date=day, unit_id=unit, volume_gb=1000.0, items=10, reviewed=10,
                accepted=9, accepted_first_pass=passed, rejected=1,
            )  # fmt: skip
    return given


@pytest.mark.parametrize(
    ("target", "state"),
    [
        # Ten days of U1 cannot be judged as its October, and enough of a sum stays enough.
        ({"indicator_id": "annotated_volume", "value": 2000.0}, "incomplete"),
        ({"indicator_id": "first_pass_rate", "value": 0.95}, "incomplete"),
        ({"indicator_id": "annotated_volume", "value": 20.0}, "achieved"),
    ],
)
def test_part_of_a_past_month_is_a_missing_return(given: Given, target: dict[str, Any], state: str):
    october = date(2026, 10, 31)
    each_working_day(given, {"U1": date(2026, 10, 10), "U2": october, "U3": october})
    given.add("targets", target_id="T", **target)

    assert given.run("targets_progress")[0]["state"] == state


def test_a_rate_is_judged_by_the_last_month_that_is_over():
    given = Given(created_at="2026-11-11T02:00:00")
    ends = {unit: date(2026, 11, 10) for unit in ("U1", "U2", "U3")}
    each_working_day(given, ends, poor_from=date(2026, 11, 1))
    given.add("targets", target_id="T", indicator_id="first_pass_rate", value=0.85)

    (row,) = given.run("targets_progress", to_month=date(2026, 11, 1))

    assert row["value_month"] == date(2026, 10, 1)
    assert (row["value"], row["state"]) == (0.9, "achieved")
