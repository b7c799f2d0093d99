"""Forecasts: bounds, honesty about too little, choice of the better model, and coverage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import forecast as benchmark
from oneninex.domain.analytics import forecast as forecasting
from oneninex.domain.analytics.forecast import Forecast, Series, forecast

KINDS = ("flow", "cumulative", "stock", "capacity", "ratio", "growth")


def some(values: list[float] | np.ndarray, kind: str = "flow", steps: int = 6, **more) -> Forecast:
    found = forecast(Series(np.array(values, float), kind, **more), steps)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_under_eight_observed_months_it_is_too_early_to_say(kind: str):
    seven = [0.5] * 3 + [np.nan] * 4 + [0.5] * 4

    assert forecast(Series(np.array(seven), kind), 6) is None
    assert forecast(Series(np.array([0.5, *seven]), kind), 6) is not None


def test_the_same_series_gives_the_same_forecast():
    values = np.random.default_rng(1).gamma(5, 10, 18)

    assert np.array_equal(some(values).paths, some(values).paths)


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.lists(st.floats(0, 1, allow_nan=False), min_size=8, max_size=20),
    st.integers(1, 8),
)
def test_paths_keep_within_what_such_a_value_can_be(kind: str, drawn: list[float], steps: int):
    values = np.cumsum(drawn) if kind == "cumulative" else np.array(drawn)
    paths = some(values, kind, steps).paths

    assert paths.shape == (forecasting.PATHS, steps)
    assert np.isfinite(paths).all()
    assert paths.min() >= (-1 if kind == "growth" else 0)
    if kind == "ratio":
        assert paths.max() <= 1
    if kind in ("flow", "cumulative"):
        start = values[-1] if kind == "cumulative" else 0.0
        assert (np.diff(np.c_[np.full(len(paths), start), paths]) >= -1e-12).all()


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=9, max_size=16))
def test_whole_numbers_stay_whole(drawn: list[int]):
    paths = some(np.cumsum(drawn), "cumulative").paths

    assert np.array_equal(paths, np.round(paths))


def test_a_flow_goes_on_from_what_has_been_added_up():
    found = some([10.0] * 12, so_far=100.0)

    assert np.allclose(found.quantile(0.5), 100 + 10 * np.arange(1, 7))
    assert np.allclose(found.plain, 100 + 10 * np.arange(1, 7))


def test_the_interval_of_a_sum_is_that_of_summed_paths():
    """Quantiles of months added up would be far too wide: months do not all go wrong together."""
    values = np.random.default_rng(2).normal(100, 10, 36)
    found = some(values, steps=12)

    months = np.diff(np.c_[np.zeros(len(found.paths)), found.paths])
    width = found.quantile(0.9)[-1] - found.quantile(0.1)[-1]
    added = (np.quantile(months, 0.9, axis=0) - np.quantile(months, 0.1, axis=0)).sum()

    assert width < 0.75 * added


def test_a_gap_is_not_a_fall():
    whole = 10.0 + 5 * np.arange(14)
    holed = whole.copy()
    holed[[5, 6, 11]] = np.nan

    assert np.allclose(some(holed, "stock").quantile(0.5), some(whole, "stock").quantile(0.5))


def test_quarters_repeat_after_four():
    wave = np.tile([10.0, 20.0, 30.0, 40.0], 4)

    months = np.diff(np.r_[0, some(wave, steps=4, season=4).quantile(0.5)])

    assert np.allclose(months, [10, 20, 30, 40], atol=3)


def test_the_worse_one_is_not_used():
    random = np.random.default_rng(4)
    wave = 100 + 80 * np.sin(2 * np.pi * np.arange(26) / 12) + random.normal(0, 1, 26)
    growing = 100 * 1.05 ** np.arange(26) * np.exp(random.normal(0, 0.05, 26))

    assert some(wave).model == "seasonal_naive"
    assert some(growing).model == "smoothed"
    assert some(growing).error < 1
    assert some(np.cumsum(random.poisson(0.6, 20)), "cumulative").model == "counted"


def test_the_interval_holds_what_it_promises_and_beats_the_baseline():
    scores = benchmark.measure(each=26, held_out=12)

    whole = scores["all"]
    assert whole.series >= 200
    assert benchmark.LOWEST <= whole.coverage <= benchmark.HIGHEST
    assert whole.relative < 0.9
