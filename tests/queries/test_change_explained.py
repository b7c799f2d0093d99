"""The parts of a change: by hand, and adding up under every filter of generated returns."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from tests.queries.given import Given
from tests.queries.random_returns import random_returns
from tests.queries.test_period_coverage import daily

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
FLOWS = ("items_accepted", "items_annotated")


def parts(given: Given, indicator: str = "items_accepted", **asked: Any) -> dict[str, float]:
    asked = {"month": OCTOBER, "comparison": "previous_month", **asked}
    rows = given.run("change_explained", indicator_id=indicator, **asked)
    assert sum(row["value"] for row in rows) == pytest.approx(rows[0]["change"], abs=1e-14)
    return {row["part"]: row["value"] for row in rows if row["value"]}


def work(given: Given, unit: str, day: str, items: int, accepted: int, **more: Any) -> None:
    given.add(
        "labeling_daily", date=day, unit_id=unit, items=items, reviewed=items, accepted=accepted,
        rejected=items - accepted, **more,
    )  # fmt: skip


def test_a_holiday_is_the_whole_cause(given: Given):
    daily(given, "U1", "2026-08-01", "2026-10-31", items=10, reviewed=10, accepted=10)

    # 22 working days in September, 18 in October, ten items on each.
    assert parts(given) == {"calendar": -40}
    (row, *_) = given.run("change_explained", month=OCTOBER, indicator_id="items_accepted")
    assert (row["working_days"], row["working_days_before"]) == (18, 22)
    assert (row["holidays_zh"], row["holidays_en"]) == ("国庆节", "National Day")
    assert (row["per_day"], row["per_day_before"], row["share"]) == (10, 10, 1)


def test_missing_days_are_missing_and_not_less_work(given: Given):
    daily(given, "U1", "2026-08-01", "2026-10-10", items=10, reviewed=10, accepted=10)
    daily(given, "U2", "2026-08-01", "2026-10-31", items=1, reviewed=1, accepted=1)

    # October 8, 9 and 10 were worked; 15 of 18 days did not come.
    assert parts(given, unit_id="U1") == {"calendar": -40, "missing": -150}
    assert parts(given) == {"calendar": -44, "missing": -150}


def test_a_missing_return_is_its_earlier_value(given: Given):
    for month in ("08", "09", "10"):
        if month != "10":
            work(given, "U1", f"2026-{month}-15", 300, 300)
        work(given, "U2", f"2026-{month}-15", 220, 220)

    assert parts(given) == {"calendar": -40, "missing": -300, "volume": 40}


def test_units_and_enterprises_that_begin_or_stop_are_entries(given: Given):
    for month in ("08", "09"):
        work(given, "U1", f"2026-{month}-15", 220, 220, enterprise_id="E1")
        work(given, "U1", f"2026-{month}-15", 110, 110, enterprise_id="E2")
    work(given, "U1", "2026-10-15", 180, 180, enterprise_id="E1")
    work(given, "U2", "2026-10-15", 50, 50, enterprise_id="E3")

    # E2 stopped: its 110 at October's days are 90; the calendar has the other 20.
    assert parts(given) == {"calendar": -60, "entries": 50 - 90}


def test_mix_and_rate_are_apart(given: Given):
    for month, text_items, accepted in (("08", 100, 80), ("09", 100, 80), ("10", 100, 90)):
        work(given, "U1", f"2026-{month}-14", text_items, accepted)
    found = parts(given)
    # 80 of 100 at 18 ÷ 22 of the days: 65.45 of 81.8 would be expected; the rate went up by 0.1.
    assert found["calendar"] == -15
    assert found["rate"] == round((100 + 100 * 18 / 22) / 2 * 0.1)
    assert parts(given, "acceptance_rate") == {"rate": pytest.approx(0.1)}


def test_a_rate_falls_by_mix_alone(given: Given):
    for month, easy in (("08", 900), ("09", 900), ("10", 500)):
        work(given, "U1", f"2026-{month}-15", easy, easy, modality="text")
        work(given, "U1", f"2026-{month}-15", 1000 - easy, (1000 - easy) // 2, modality="video")

    assert parts(given, "acceptance_rate") == {"mix": pytest.approx(-0.2)}
    assert parts(given, "acceptance_rate", modality="text") == {}


def test_an_event_takes_what_is_left_of_its_unit(given: Given):
    for month, items in (("08", 220), ("09", 220), ("10", 90)):
        work(given, "U1", f"2026-{month}-15", items, items)
        work(given, "U2", f"2026-{month}-15", items, items)
    event = {"month": "2026-10-01", "kind": "platform_change", "unit_id": "U1", "text_zh": "换平台"}
    given.replace("plan_events", [{**event, "text_en": "new platform", "source": "来源"}])

    assert parts(given) == {"calendar": -80, "events": -90, "volume": -90}


def test_nothing_reported_is_no_change_of_zero(given: Given):
    work(given, "U1", "2026-08-15", 100, 100)
    work(given, "U1", "2026-09-15", 100, 100)
    work(given, "U2", "2026-10-15", 100, 100)

    rows = given.run(
        "change_explained", month=OCTOBER, unit_id="U1", indicator_id="items_accepted",
        comparison="previous_month",
    )  # fmt: skip
    assert {(row["current"], row["change"], row["value"], row["share"]) for row in rows} == {
        (None, None, None, None)
    }


@pytest.mark.parametrize("seed", [3, 11])
def test_parts_add_up_under_every_filter(seed: int):
    given = random_returns(seed=seed)
    units = [None, *(f"U{n}" for n in range(1, 10))]
    modalities = [None, *(row["modality"] for row in given.run("modalities"))]
    seen = 0
    for unit, modality in product(units, modalities):
        groups: dict[tuple, list[dict[str, Any]]] = {}
        for row in given.run("change_explained", unit_id=unit, modality=modality):
            groups.setdefault((row["indicator_id"], row["month"], row["comparison"]), []).append(
                row
            )
        for rows in groups.values():
            values = [row["value"] for row in rows]
            change = rows[0]["change"]
            assert len(rows) == 7
            if change is None:
                assert values == [None] * 7
                continue
            seen += 1
            exact = rows[0]["indicator_id"] in FLOWS
            assert sum(values) == (change if exact else pytest.approx(change, abs=5e-15))
            shares = [row["share"] for row in rows]
            if shares[0] is not None:
                assert all(0 <= share <= 1 for share in shares)
                assert sum(shares) == pytest.approx(1, abs=1e-5)
            elif change:
                assert min(values) < 0 < max(values)
    assert seen > 500


def test_a_withheld_headcount_is_withheld_in_its_parts():
    given = random_returns(seed=3)
    rows = given.run("change_explained", indicator_id="workers")
    masked = given.seen("change_explained", "leadership", indicator_id="workers")

    assert [row["month"] for row in masked] == [row["month"] for row in rows]
    for unit in (f"U{n}" for n in range(1, 10)):
        shown = given.seen("change_explained", "leadership", indicator_id="workers", unit_id=unit)
        hidden = [row for row in shown if row["suppressed"]]
        columns = ("previous", "current", "change", "value", "share")
        columns += ("value_compared", "value_compared_before")
        assert all(row[column] is None for row in hidden for column in columns)
