"""Clauses that every surface shares hold only where their preconditions do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from oneninex.figures import statements

JANUARY, FEBRUARY, OCTOBER = date(2026, 1, 1), date(2026, 2, 1), date(2026, 10, 1)


def rows(**changes: Any) -> list[dict[str, Any]]:
    """Rows of change_explained: a holiday and nothing else, unless told otherwise."""
    base = {
        "indicator_id": "items_accepted", "month": OCTOBER, "comparison": "previous_month",
        "value_compared": 180, "value_compared_before": 220, "suppressed": False,
        "working_days": 18, "working_days_before": 22, "per_day": 10.0, "per_day_before": 10.0,
        "holidays_zh": "国庆节", "holidays_en": "National Day",
    }  # fmt: skip
    parts = {"calendar": -40, "missing": 0, "volume": 0, "rate": 0, **changes.pop("parts", {})}
    return [
        {**base, "part": part, "part_compared": value, **changes} for part, value in parts.items()
    ]


def said(lang: str = "zh", base: str = "previous_month", **changes: Any) -> str:
    return statements.flow_change(rows(**changes), base, lang).text


def test_a_holiday_is_said_as_the_cause_with_the_pace():
    assert said() == "因国庆节假期工作日减少4天，环比下降18.2%；按工作日平均基本持平"
    assert said("en").startswith(
        "with 4 fewer working days (National Day), down 18.2% on the month"
    )


def test_a_pace_that_moved_is_said_with_its_rate():
    changed = {"value_compared": 170, "per_day": 170 / 18, "parts": {"volume": -10}}
    assert said(**changed).endswith("；按工作日平均下降5.6%")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # Work fell by more than the holiday explains.
        ({"value_compared": 90, "parts": {"volume": -90}}, "主要因业务量减少，环比下降59.1%"),
        # More work in spite of fewer days: the calendar works against the change.
        ({"value_compared": 230, "parts": {"volume": 50}}, "主要因业务量增加，环比增长4.5%"),
        (
            {"value_compared": 130, "parts": {"calendar": -40, "volume": -30, "rate": -20}},
            "主要因工作日减少4天和业务量减少，环比下降40.9%",
        ),
        ({"value_compared": 220, "parts": {"volume": 40}}, "环比持平"),
        ({"value_compared_before": 0}, "上月基数为0，不计算环比"),
        ({"value_compared_before": -5}, "上月基数为负，不计算环比"),
        ({"value_compared": None}, "上月无可比数"),
        ({"value_compared": None, "suppressed": True}, "环比保密"),
    ],
)
def test_the_cause_is_the_largest_part_in_the_direction_of_the_change(
    changes: dict[str, Any], expected: str
):
    assert said(**changes) == expected


def test_without_parts_in_its_direction_a_change_has_no_cause():
    changed = {"value_compared": 210, "parts": {"calendar": 0}}
    assert said(**changed) == "环比下降4.5%"


def festival(month: date, **changes: Any) -> dict[str, Any]:
    return {
        "indicator_id": "items_accepted", "month": month, "holiday_zh": "春节",
        "holiday_en": "Spring Festival", "current": 120.0, "previous": 100.0,
        "per_day": 9.0, "per_day_before": 10.0, **changes,
    }  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_january_and_february_are_compared_together_where_the_festival_moves(lang: str):
    february = [festival(FEBRUARY)]
    explained = rows(month=FEBRUARY)

    year, pace = statements.flow_changes(explained, february, "items_accepted", FEBRUARY, lang)

    assert "20.0%" in year.text
    assert "10.0%" in pace.text
    assert "18.2%" not in year.text + pace.text
    january = [festival(JANUARY, current=None, previous=None, per_day=None)]
    (waiting,) = statements.flow_changes(explained, january, "items_accepted", JANUARY, lang)
    assert not waiting.numbers
    plain = statements.flow_changes(explained, [], "items_accepted", FEBRUARY, lang)
    assert "18.2%" in plain[1].text


def test_the_working_days_are_the_cause_of_a_flow_without_parts():
    (row, *_) = rows()
    assert statements.calendar_alone(180, 220, row, "zh").text == "因国庆节假期工作日减少4天，"
    assert not statements.calendar_alone(90, 220, row, "zh").text
    assert not statements.calendar_alone(230, 220, row, "zh").text


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
