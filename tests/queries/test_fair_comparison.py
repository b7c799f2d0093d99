"""Units compared fairly, months that stand out, output of a working day: answers by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from benchmarks import control_charts
from tests.queries.given import Given

ACTIVE = {"hours_basis": "active_time", "task_type": "ner"}


def worked(given: Given, unit: str, items: int, hours: float | None, **more: Any) -> None:
    """A project's day, all of it reviewed and accepted unless told otherwise."""
    row = {"date": "2026-03-02", "unit_id": unit, "items": items, "hours": hours, **ACTIVE}
    row |= {"reviewed": items, "accepted": items, **more}
    given.add("labeling_daily", **row)


def of(rows: list[dict[str, Any]], unit: str) -> dict[str, Any]:
    return next(row for row in rows if row["unit_id"] == unit)


def test_earned_hours_are_accepted_items_at_the_citys_median(given: Given):
    worked(given, "U3", 100, 10, accepted=90)
    worked(given, "U4", 100, 20)
    worked(given, "U5", 100, 30)

    rows = given.run("productivity_by_unit")

    # The median pace is 0.2 hours: U3 earned 18 in 10, U5 20 in 30.
    assert of(rows, "U3")["earned_hours"] == pytest.approx(18)
    assert of(rows, "U3")["index"] == pytest.approx(1.8)
    assert of(rows, "U4")["index"] == pytest.approx(1.0)
    assert of(rows, "U5")["index"] == pytest.approx(2 / 3)
    assert all(of(rows, unit)["comparable"] for unit in ("U3", "U4", "U5"))


def test_hours_are_those_of_the_reviewed_work(given: Given):
    # Half of the work is reviewed: its hours count, not those of all.
    worked(given, "U3", 100, 10, reviewed=50, accepted=50)
    worked(given, "U4", 100, 10)

    rows = given.run("productivity_by_unit")

    assert of(rows, "U3")["hours"] == pytest.approx(5)
    assert of(rows, "U3")["index"] == of(rows, "U4")["index"] == pytest.approx(1)


def test_work_without_hours_or_review_is_left_out_on_both_sides_and_said(given: Given):
    worked(given, "U3", 100, 10)
    worked(given, "U3", 60, None, hours_basis=None, project_id="P2")
    worked(given, "U3", 40, 9, reviewed=0, accepted=0, project_id="P3", modality="audio")
    worked(given, "U4", 100, 10)

    row = of(given.run("productivity_by_unit"), "U3")

    assert (row["items"], row["hours"]) == (100, pytest.approx(10))
    assert row["unmeasured_share"] == pytest.approx(0.5)
    assert row["no_peer_share"] == 0


def test_work_that_nobody_else_does_is_no_comparison(given: Given):
    worked(given, "U3", 100, 10)
    worked(given, "U3", 100, 90, modality="video", project_id="P2")
    worked(given, "U4", 100, 10)

    row = of(given.run("productivity_by_unit"), "U3")

    assert row["index"] == pytest.approx(1)
    assert row["no_peer_share"] == pytest.approx(0.5)


def test_hours_bases_and_kinds_are_kept_apart(given: Given):
    worked(given, "U3", 100, 10)
    worked(given, "U4", 100, 20, hours_basis="open_time")
    worked(given, "U1", 100, 10)

    rows = given.run("productivity_by_unit")

    assert not any(row["comparable"] for row in rows)
    assert of(rows, "U4")["index"] is None
    assert of(rows, "U9")["index"] is None
    assert of(rows, "U9")["unmeasured_share"] is None


def test_one_look_is_not_enough_for_an_interval_or_a_place(given: Given):
    worked(given, "U3", 1000, 10)
    worked(given, "U4", 1000, 30)

    row = of(given.run("productivity_by_unit"), "U3")

    assert row["index_low"] is row["index_high"] is None
    assert (row["rank_from"], row["rank_to"]) == (1, 2)


def test_a_unit_far_outside_its_kind_is_a_signal(given: Given):
    for unit, good in {"U3": 950, "U4": 950, "U5": 951, "U6": 949, "U7": 800}.items():
        worked(given, unit, 1000, 10, accepted=good)

    rows = given.run("quality_funnel", measure="acceptance_rate")

    assert of(rows, "U3")["centre"] == pytest.approx(0.95)
    assert of(rows, "U7")["signal"] == "outside_998"
    assert of(rows, "U3")["signal"] == "within"
    assert of(rows, "U9")["low_95"] is None
    assert of(rows, "U9")["signal"] is None


def test_one_bad_unit_hides_no_other(given: Given):
    """One at 80%, another at 88%, the rest at 93% of 200,000 items each."""
    rates = {"U3": 0.93, "U4": 0.931, "U5": 0.929, "U6": 0.93, "U7": 0.93, "U8": 0.88, "U9": 0.8}
    for unit, rate in rates.items():
        worked(given, unit, 200_000, 2000, accepted=round(200_000 * rate))

    rows = given.run("quality_funnel", measure="acceptance_rate")

    assert (of(rows, "U8")["signal"], of(rows, "U9")["signal"]) == ("outside_998", "outside_998")
    assert of(rows, "U3")["signal"] == "within"


def test_two_or_three_units_of_a_kind_do_not_judge_each_other(given: Given):
    for unit, good in {"U1": 990, "U2": 800, "U3": 950, "U4": 900, "U5": 700}.items():
        worked(given, unit, 1000, 10, accepted=good)

    rows = given.run("quality_funnel", measure="acceptance_rate")

    assert {row["signal"] for row in rows} == {None}
    assert {row["centre"] for row in rows} == {None}


def test_the_funnel_of_chance_alone_has_the_textbook_limits(given: Given):
    for unit in ("U3", "U4", "U5", "U6"):
        worked(given, unit, 400, 10, accepted=360)

    row = of(given.run("quality_funnel", measure="acceptance_rate"), "U3")

    assert row["dispersion"] == 1
    assert row["low_95"] == pytest.approx(0.9 - 1.959964 * 0.015, abs=1e-6)
    assert row["high_998"] == pytest.approx(0.9 + 3.090232 * 0.015, abs=1e-6)


def test_where_all_is_right_nobody_is_outside(given: Given):
    for unit in ("U3", "U4", "U5", "U6"):
        worked(given, unit, 400, 10)

    row = of(given.run("quality_funnel", measure="acceptance_rate"), "U3")

    assert (row["dispersion"], row["low_95"], row["high_998"]) == (1, 1, 1)
    assert row["signal"] == "within"


def months(given: Given, rates: list[int | None]) -> list[dict[str, Any]]:
    """The control chart of a unit that accepted so many of 1000 each month from 2025-01 on."""
    for number, rate in enumerate(rates):
        if rate is not None:
            day = date(2025 + number // 12, number % 12 + 1, 3)
            worked(given, "U3", 1000, 100, date=day, accepted=rate)
    return given.run("control_chart", unit_id="U3")


STEADY = [900, 905, 898, 902, 899, 903, 901, 897, 904, 900, 902, 898]


def test_one_month_far_off_is_a_signal_and_bends_no_line(given: Given):
    rows = months(given, [*STEADY[:6], 830, *STEADY[6:]])

    assert [row["signal"] for row in rows] == [None] * 6 + ["below"] + [None] * 6
    assert {row["basis"] for row in rows} == {"level"}
    # 4.2 errors of 1,000 trials are 4 points; the one month widens them a little.
    assert 0.83 < rows[0]["lower"] < 0.862
    assert {row["charts"] for row in rows} == {1}


def test_after_a_lasting_shift_the_line_is_another_one(given: Given):
    rows = months(given, [*STEADY, *(rate - 60 for rate in STEADY)])

    assert [row["month"] for row in rows if row["signal"]] == [date(2026, 1, 1)]
    assert rows[12]["signal"] == "shift_below"
    assert rows[0]["centre"] == pytest.approx(0.9007, abs=0.002)
    assert rows[20]["centre"] == pytest.approx(0.8407, abs=0.002)


def test_learning_is_no_signal(given: Given):
    rows = months(given, [round(850 + 80 * n / 22 + (-1) ** n * 3) for n in range(22)])

    assert {row["signal"] for row in rows} == {None}
    assert {row["basis"] for row in rows} == {"trend"}


def test_a_dip_of_the_whole_city_is_no_signal_of_a_unit(given: Given):
    for number in range(14):
        day = date(2025 + number // 12, number % 12 + 1, 3)
        dip = 60 if number in (1, 13) else 0
        for place, unit in enumerate(("U3", "U4", "U5", "U6", "U7")):
            good = 900 + 10 * place - dip + STEADY[(number + place) % 12] - 900
            worked(given, unit, 1000, 100, date=day, accepted=good)

    rows = given.run("control_chart")

    assert {row["signal"] for row in rows} == {None}
    assert {row["charts"] for row in rows} == {5}


def test_months_with_few_trials_have_wider_limits(given: Given):
    for number in range(10):
        day = date(2025, number + 1, 3)
        trials = 40 if number == 4 else 4000
        worked(given, "U3", trials, 100, date=day, accepted=round(trials * 0.9))

    rows = given.run("control_chart", unit_id="U3")

    assert rows[4]["lower"] < rows[3]["lower"] - 0.1


def test_a_missing_month_is_a_gap_and_too_few_months_are_no_signal(given: Given):
    rows = months(given, [900, None, 100, 900])

    assert (rows[1]["value"], rows[1]["centre"], rows[1]["status"]) == (None, None, "M")
    assert all(row["signal"] is None for row in rows)


@pytest.mark.parametrize("process", ["in control", "learning", "Spring Festival"])
def test_cities_in_control_are_left_alone_and_a_real_shift_is_found(process: str):
    """A small version of `python -m benchmarks.control_charts`."""
    assert control_charts.false_alarms(process, cities=20) <= control_charts.MOST_FALSE
    assert control_charts.shifts_found(process, cities=20) >= control_charts.LEAST_FOUND


def test_output_of_a_working_day(given: Given):
    for day, items in (("2025-10-09", 1800), ("2026-09-02", 2200), ("2026-10-09", 1800)):
        worked(given, "U3", items, 10, date=day)

    row = given.run("output_by_working_day")[-1]

    # Ten per cent less in October than in September, and yet as much on each working day.
    assert (row["working_days"], row["per_day"]) == (18, 100)
    assert row["mom_per_day"] == row["mom_per_day_before"] == 100
    assert row["yoy_per_day_before"] == 100


def test_january_and_february_can_be_read_together(given: Given):
    for day in ("2025-01-03", "2025-02-10", "2026-01-06", "2026-02-10", "2026-03-03"):
        worked(given, "U3", 380, 10, date=day)

    apart, joined = (given.run("output_by_working_day", combine=c) for c in (None, "jan_feb"))

    assert len(apart) == len(joined) + 2
    row = next(row for row in joined if row["month"] == date(2026, 1, 1))
    assert (row["last_month"], row["accepted"]) == (date(2026, 2, 1), 760)
    assert row["working_days"] == 21 + 16
    assert row["yoy_per_day_before"] == pytest.approx(760 / 38)


def test_a_unit_that_misses_half_of_the_period_is_in_no_comparison(given: Given):
    for day in ("2025-01-03", "2025-02-10", "2026-01-06", "2026-02-10"):
        worked(given, "U3", 380, 10, date=day)
    for day in ("2025-01-03", "2025-02-10", "2026-02-10"):
        worked(given, "U4", 999, 10, date=day)

    row = given.run("output_by_working_day", combine="jan_feb")[-1]

    assert (row["yoy_units"], row["units_reported"], row["units_due"]) == (1, 1, 9)
    assert row["accepted"] == 760


def test_half_a_festival_is_not_compared_with_a_whole_one(given: Given):
    for day in ("2025-01-03", "2025-02-10", "2025-12-03", "2026-01-06"):
        worked(given, "U3", 380, 10, date=day)

    row = given.run("output_by_working_day", combine="jan_feb")[-1]

    assert row["month"] == row["last_month"] == date(2026, 1, 1)
    assert row["yoy_per_day"] is None


def test_nothing_on_a_base_of_nothing(given: Given):
    worked(given, "U3", 100, 10, date="2026-03-02", accepted=0)
    worked(given, "U3", 100, 10, date="2026-04-02")

    row = given.run("output_by_working_day")[-1]

    assert row["mom_per_day_before"] == 0
