"""Models: what their paths look like where the answer is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from oneninex.domain.analytics import models

STEPS, PATHS = 6, 4000
EVERY = [models.smoothed, models.counted, models.seasonal_naive]
NOISE = np.random.default_rng(3).gamma(20, 5, 30)


def run(model: models.Model, past: list[float] | np.ndarray, signed: bool = False) -> np.ndarray:
    random = np.random.default_rng(1)
    return model(np.array(past, float), STEPS, PATHS, signed, 12, random)


@pytest.mark.parametrize("model", EVERY)
def test_paths_have_their_shape_and_the_same_seed_gives_the_same(model: models.Model):
    assert run(model, NOISE).shape == (PATHS, STEPS)
    assert np.array_equal(run(model, NOISE), run(model, NOISE))


@pytest.mark.parametrize("model", EVERY)
def test_what_cannot_be_negative_never_is(model: models.Model):
    falling = np.maximum(60 - 5.0 * np.arange(14), 0)

    assert run(model, falling).min() >= 0


@pytest.mark.parametrize("model", [models.smoothed, models.seasonal_naive])
def test_a_constant_series_goes_on_as_it_is(model: models.Model):
    assert np.allclose(run(model, [7.0] * 15), 7)
    assert np.allclose(run(model, [-2.0] * 15, signed=True), -2)


def test_a_month_not_observed_is_not_a_zero():
    past = NOISE.copy()
    past[[4, 11, 20]] = np.nan

    with_gaps, without = run(models.smoothed, past).mean(), run(models.smoothed, NOISE).mean()

    assert with_gaps == pytest.approx(without, rel=0.1)


def test_rare_events_follow_a_negative_binomial():
    past = np.array([0, 1, 0, 0, 2, 1, 0, 0, 1, 0, 0, 1], float)
    weight = 0.92 ** np.arange(11, -1, -1.0)
    shape, rate = 0.5 + weight @ past, weight.sum()

    total = run(models.counted, past).sum(axis=1)

    exact = stats.nbinom(shape, rate / (rate + STEPS))
    for count in range(5):
        assert np.mean(total <= count) == pytest.approx(exact.cdf(count), abs=0.03)


def test_what_has_not_happened_yet_still_may():
    total = run(models.counted, [0.0] * 12).sum(axis=1)

    assert 0 < np.mean(total > 0) < 0.5


def test_a_random_walk_spreads_with_the_root_of_time():
    steps = np.random.default_rng(5).normal(0, 1, 11)

    paths = run(models.seasonal_naive, 100 + np.cumsum(steps), signed=True)

    assert paths[:, 3].std() / paths[:, 0].std() == pytest.approx(2, rel=0.08)


def test_the_baseline_repeats_the_same_month_of_last_year():
    wave = 100 + 50 * np.sin(2 * np.pi * np.arange(30) / 12)

    assert np.allclose(run(models.seasonal_naive, wave)[0], wave[18:24])


def test_a_season_that_two_years_share_is_kept():
    wave = 100 + 50 * np.sin(2 * np.pi * np.arange(36) / 12)

    middle = np.median(run(models.smoothed, wave), axis=0)

    assert np.abs(middle - wave[:6]).max() < 15


def test_months_that_differ_by_chance_are_no_season():
    plain = np.median(run(models.smoothed, NOISE), axis=0)

    assert plain.std() / plain.mean() < 0.08


@pytest.mark.parametrize(
    ("past", "signed", "rare"),
    [([0, 1, 2, 0], False, True), ([0, 1.5], False, False), ([9, 8], False, False),
     ([0, 1], True, False), ([np.nan, 1, 0], False, True)],
)  # fmt: skip
def test_what_counts_as_rare(past: list[float], signed: bool, rare: bool):
    assert models.countable(np.array(past, float), signed) is rare
