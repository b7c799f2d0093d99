"""Clauses that every surface shares hold only where their preconditions do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from oneninex.figures import statements


def rows(**changes: Any) -> list[dict[str, Any]]:
    base = {
        "part": "calendar", "value": -40, "value_compared": 180, "value_compared_before": 220,
        "working_days": 18, "working_days_before": 22, "per_day": 10.0, "per_day_before": 10.0,
        "holidays_zh": "国庆节", "holidays_en": "National Day",
    }  # fmt: skip
    return [{**base, **changes}, {"part": "missing", "value": 0}]


def test_a_holiday_is_said_as_the_cause_with_the_pace():
    cause = statements.calendar_cause(rows(), "zh")
    assert cause is not None
    assert cause.before + "环比下降18.2%" + cause.after == (
        "因国庆节假期工作日减少4天，环比下降18.2%；按工作日平均基本持平"
    )
    english = statements.calendar_cause(rows(), "en")
    assert english is not None
    assert "4 fewer working days (National Day)" in english.before


@pytest.mark.parametrize(
    "changes",
    [
        {"value_compared": 90, "per_day": 5.0},  # the calendar is less than half of the fall
        {"value_compared": 230, "per_day": 12.8},  # it works against a rise
        {"value": 0, "working_days": 22},
        {"value": None},
        {"value_compared": None},
        {"value_compared_before": 0, "per_day_before": 0},
    ],
)
def test_no_cause_is_said_where_it_is_not_the_main_one(changes: dict[str, Any]):
    assert statements.calendar_cause(rows(**changes), "zh") is None


def test_a_pace_that_moved_is_said_with_its_rate():
    cause = statements.calendar_cause(rows(value_compared=170, per_day=170 / 18), "zh")
    assert cause is not None
    assert cause.after == "；按工作日平均下降5.6%"


@pytest.mark.parametrize(
    ("values", "expected"),
    [([3, 5, 1], [5]), ([5, 5, 1], [5, 5]), ([0, 0], []), ([7], []), ([], []), ([None, 4], [])],
)
def test_a_superlative_needs_rivals_and_says_ties(values: list, expected: list):
    assert statements.largest(values, lambda value: value) == expected


def test_a_part_of_a_month_is_written_with_its_days():
    row = {"first_day": date(2026, 11, 1), "last_day": date(2026, 11, 10)}
    assert statements.days_of_month(row, "zh") == "2026年11月1—10日"
    assert statements.days_of_month(row, "en").startswith("1–10 Nov")
