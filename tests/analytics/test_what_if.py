"""What if: known answers, and what must hold for any change."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oneninex.domain.analytics.what_if import Change, moved, outcome, usual_pace

DUE = date(2027, 12, 31)


def month(number: int) -> date:
    return date(2026 + (number - 1) // 12, (number - 1) % 12 + 1, 1)


FAN = [
    {"month": month(10 + step), "p10": 12.0 + step, "p50": 12.0 + 2 * step, "p90": 12.0 + 3 * step}
    for step in range(27)
]


def test_twice_the_pace_adds_it_once_more_each_month():
    after = moved(FAN, Change(pace=2.0, start=month(11), times=2.0))

    assert [row["p50"] for row in after[:4]] == [12, 16, 20, 24]
    assert outcome(FAN, 50, "reach", DUE).middle == month(29)
    assert outcome(after, 50, "reach", DUE).middle == month(20)
    assert outcome(after, 50, "reach", DUE).at_due == 12 + 4 * 14


def test_a_later_start_arrives_later():
    dates = [
        outcome(moved(FAN, Change(2.0, month(start), 3.0)), 50, "reach", DUE).middle or date.max
        for start in (11, 13, 16)
    ]

    assert dates == sorted(dates)
    assert dates[0] < dates[-1]


def test_people_raise_the_pace_in_proportion():
    assert Change(3.0, month(11), people=100, added=50).extra == pytest.approx(1.5)
    assert Change(3.0, month(11), times=2, people=100, added=50).extra == pytest.approx(6)
    assert Change(3.0, month(11), people=None, added=50).extra == 0
    assert Change(3.0, month(11), people=0, added=50).extra == 0


def test_hopeful_and_cautious_lines_give_early_and_late():
    found = outcome(FAN, 30, "reach", DUE)

    assert (found.early, found.middle, found.late) == (month(16), month(19), month(28))
    assert outcome(FAN, 30, "exceed", DUE).middle == month(20)
    assert outcome(FAN, 1000, "reach", DUE).early is None


def test_an_upper_limit_turns_the_lines_round():
    falling = [{**row, **{n: 40 - row[n] for n in ("p10", "p50", "p90")}} for row in FAN]
    falling = [{**row, "p10": row["p90"], "p90": row["p10"]} for row in falling]

    found = outcome(falling, 10, "at_most", DUE)

    assert found.early < found.middle < found.late


def test_the_usual_pace_is_that_of_the_middle_line_until_due():
    assert usual_pace(FAN, DUE) == 2.0
    assert usual_pace(FAN[:1], DUE) == 0.0


@given(st.floats(0, 100), st.integers(11, 30), st.floats(0, 5), st.integers(0, 500))
def test_nothing_before_the_start_changes_and_more_is_never_later(
    pace: float, start: int, times: float, added: int
):
    change = Change(pace, month(start), times, 200.0, added)
    after = moved(FAN, change)

    assert [r for r in after if r["month"] < month(start)] == FAN[: start - 10]
    if change.extra >= 0:
        was, now = (outcome(f, 30, "reach", DUE).middle or date.max for f in (FAN, after))
        assert now <= was


@given(st.floats(0, 100), st.integers(11, 30))
def test_no_change_changes_nothing(pace: float, start: int):
    assert moved(FAN, Change(pace, month(start))) == FAN


def test_paces_of_units_add_up_whatever_their_order():
    both = moved(moved(FAN, Change(1.0, month(12), 2)), Change(0.5, month(14), 3))
    turned = moved(moved(FAN, Change(0.5, month(14), 3)), Change(1.0, month(12), 2))

    assert both == turned
