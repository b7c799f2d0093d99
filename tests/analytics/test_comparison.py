"""The comparison of units is honest: simulated cities whose truth is known."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from oneninex.store import sql_catalog
from tests.analytics.cities import City, compared, counted_only, output, ranked

EQUAL = {
    "seven units": City(),
    "four units, one quarter": City(paces=(1.0,) * 4, months=3),
    "one to three enterprises": City(enterprises=(1, 3)),
    "a unit has good and bad months": City(of_month=0.1),
    "enterprises differ a lot": City(of_enterprise=0.2),
    "hardly any difference": City(of_enterprise=0.01, of_project=0.01),
}
RUNS = 25


@pytest.mark.parametrize("name", EQUAL)
def test_equal_units_are_not_ranked(name: str):
    city = EQUAL[name]
    false = sum(ranked(compared(output(city, seed), len(city.paces))) for seed in range(RUNS))
    # Family-wise over all pairs: one false claim in twenty cities at most.
    assert false <= 0.05 * RUNS


def test_counting_alone_would_rank_equal_units():
    city = City()
    rows = [compared(output(city, seed), 7) for seed in range(10)]

    assert all(counted_only(each) for each in rows)


def test_a_unit_twice_as_fast_is_found():
    city = replace(City(), paces=(1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0))
    found = 0
    for seed in range(20):
        rows = {row["unit_id"]: row for row in compared(output(city, seed), 7)}
        best = max(rows.values(), key=lambda row: row["index"])
        assert best["unit_id"] == "U3"
        found += rows["U3"]["rank_from"] == 1 == rows["U3"]["rank_to"]
    assert found >= 18


def test_the_interval_holds_the_truth_nineteen_times_in_twenty():
    city = City()
    held = every = 0
    for seed in range(RUNS):
        for row in compared(output(city, seed), 7):
            every += 1
            held += row["index_low"] <= 0.95 <= row["index_high"]
    assert 0.93 <= held / every <= 1


def test_a_change_of_modality_is_no_gain():
    # U1 leaves slow video for quick text, at the same pace in each: ten times the items.
    city = City(paces=(1.0,) * 4, of_enterprise=0.0, of_project=0.0)
    work = output(city, 1)
    mine = work["unit_id"] == "U1"
    slow = work[mine].assign(modality="video", enterprise_id="E10")
    quick = work[mine].assign(modality="text", enterprise_id="E10")
    peers = [work[~mine].assign(modality=sort, enterprise_id=sort) for sort in ("video", "text")]
    cities = {}
    for name, own, pace in (("video", slow, 0.4), ("text", quick, 0.03)):
        own = own.assign(items=(own["hours"] / pace).astype(int))
        frames = [own, *peers]
        for frame, each in zip(frames, (pace, 0.4, 0.03), strict=True):
            frame["items"] = (frame["hours"] / each).round().astype("int64")
            frame["items_with_hours"] = frame["items"]
            frame["reviewed_with_accepted"] = frame["items"]
            frame["accepted"] = (frame["items"] * 0.9).round().astype("int64")
        rows = compared(_together(frames), 4)
        cities[name] = next(row for row in rows if row["unit_id"] == "U1")
    assert cities["text"]["items"] > 10 * cities["video"]["items"]
    assert cities["text"]["index"] == pytest.approx(cities["video"]["index"], rel=0.01)


def _together(frames: list):
    import pandas as pd

    return pd.concat(frames, ignore_index=True)


def test_the_quantiles_in_the_query_are_students():
    for freedom in (2, 3, 5, 10, 30):
        for z in (1.959963984540054, 3.0380743049242116):
            scaled = z * (8 * freedom + 3) / (8 * freedom + 1)
            wallace = math.sqrt(freedom * math.expm1(scaled**2 / freedom))
            exact = float(stats.t.ppf(stats.norm.cdf(z), freedom))
            # Never narrower; wide only where hardly anything speaks for the variance.
            assert exact * 0.999 <= wallace <= exact * (1.03 if freedom >= 5 else 1.3)


@pytest.mark.parametrize("units", range(2, 21))
def test_the_quantiles_for_all_pairs_are_bonferronis(units: int):
    z = float(stats.norm.ppf(1 - 0.05 / (units * (units - 1))))
    (written,) = re.findall(rf"\({units}, (\d\.\d+)\)", sql_catalog.text("productivity_by_unit"))

    assert float(written) == pytest.approx(z, rel=1e-12)


def test_the_order_of_the_units_and_rows_does_not_matter():
    work = output(City(months=3), 5)
    shuffled = work.sample(frac=1, random_state=np.random.RandomState(3))

    assert compared(shuffled, 7) == compared(work, 7)
