"""Ways to carry a series of monthly changes on: each gives simulated paths, never one line.

A model takes the past (oldest first, NaN where nothing was observed) and returns paths as an
array of (paths, steps). `signed` series may fall below zero, others never do and scatter in
proportion to their level. All randomness comes from the generator handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Model = Callable[[Floats, int, int, bool, int, np.random.Generator], Floats]

# Weight of the newest month in the level and the trend, and how fast a trend fades.
_GRID = np.array(
    [(level, 0.0, 1.0) for level in (0.1, 0.2, 0.35, 0.55, 0.8, 1.0)]
    + [
        (level, trend, fading)
        for level in (0.1, 0.2, 0.35, 0.55)
        for trend in (0.1, 0.3)
        for fading in (0.85, 0.95, 0.99)
    ]
)
_BURN_IN = 3
# A month counts for this share of the next one when a rate of rare events is estimated.
_MEMORY = 0.92
_RARE = 6.0
# Months that have to be known in two years before any is said to be usually high or low.
_FEWEST_PAIRS = 4


def smoothed(
    past: Floats, steps: int, paths: int, signed: bool, season: int, random: np.random.Generator
) -> Floats:
    """Exponential smoothing with a trend that fades; errors are drawn from those of the past.

    Each path has weights of its own, the likelier the better they would have served so far, and
    starts at a level as uncertain as such weights leave it.
    """
    factors = _season(past, season, signed)
    here = np.resize(factors, past.size + steps)
    known = past - here[: past.size] if signed else past / here[: past.size]
    fitted = _fit(known, signed)
    chosen = random.choice(fitted.likely.size, paths, p=fitted.likely)
    fast, slow, fading = _GRID[chosen].T
    unsure = np.sqrt(fast / (2 - fast)) * random.normal(0, 1, paths)
    levels, trends = fitted.level[chosen] + fitted.scatter * unsure, fitted.trend[chosen]
    errors = random.choice(fitted.errors, (paths, steps))
    found = np.empty((paths, steps))
    for step in range(steps):
        expected = levels + fading * trends
        if not signed:
            expected = np.maximum(expected, 0.0)
        value = expected + errors[:, step] * (1.0 if signed else expected)
        miss = value - expected
        levels, trends = expected + fast * miss, fading * trends + fast * slow * miss
        found[:, step] = value
    ahead = here[past.size :]
    return found + ahead if signed else found * ahead


def counted(
    past: Floats, steps: int, paths: int, signed: bool, season: int, random: np.random.Generator
) -> Floats:
    """Rare events one by one: Poisson at a rate that is itself uncertain (a Gamma).

    Half an event stands before all data, so that what has not happened yet still may.
    """
    known = ~np.isnan(past)
    weight = _MEMORY ** np.arange(past.size - 1, -1, -1.0)[known]
    rate = random.gamma(0.5 + weight @ past[known], 1 / weight.sum(), (paths, 1))
    return random.poisson(rate, (paths, steps)).astype(float)


def countable(past: Floats, signed: bool) -> bool:
    """Whether a series is one of rare events: whole, never negative, few a month."""
    known = past[~np.isnan(past)]
    return bool(not signed and np.all(known == np.round(known)) and known.mean() < _RARE)


def seasonal_naive(
    past: Floats, steps: int, paths: int, signed: bool, season: int, random: np.random.Generator
) -> Floats:
    """The same month of the year before; the last month until a year and two months are known."""
    lag = season if np.isfinite(past).sum() >= season + 2 else 1
    line = _filled(past)
    errors = line[lag:] - line[:-lag]
    errors = errors - errors.mean() if errors.size else np.zeros(1)
    found = np.empty((paths, steps))
    for step in range(steps):
        back = step - lag
        before = line[line.size + back] if back < 0 else found[:, back]
        found[:, step] = before + random.choice(errors, paths)
    return found if signed else np.maximum(found, 0.0)


@dataclass(frozen=True)
class _Fitted:
    """Level and trend at the end under each weighting, how likely each is; one-step errors."""

    level: Floats
    trend: Floats
    likely: Floats
    errors: Floats
    scatter: float


def _fit(known: Floats, signed: bool) -> _Fitted:
    """Run every weighting of the grid over the past at once."""
    fast, slow, fading = _GRID.T
    level = np.full(fast.size, known[~np.isnan(known)][:_BURN_IN].mean())
    trend = np.zeros(fast.size)
    expected, missed = [], []
    for value in known:
        ahead = level + fading * trend
        if not signed:
            ahead = np.maximum(ahead, 0.0)
        miss = np.zeros(fast.size) if np.isnan(value) else value - ahead
        level, trend = ahead + fast * miss, fading * trend + fast * slow * miss
        if not np.isnan(value):
            expected.append(ahead)
            missed.append(miss)
    misses = np.array(missed)[min(_BURN_IN, len(missed) - 2) :]
    likely = _likely((misses**2).sum(axis=0), len(misses))
    best = int(np.argmax(likely))
    errors = misses[:, best]
    if not signed:
        errors = errors / np.maximum(np.array(expected)[-len(errors) :, best], _small(known))
    return _Fitted(level, trend, likely, _spread(errors, signed), float(misses[:, best].std()))


def _likely(squares: Floats, months: int) -> Floats:
    """Probability of each weighting, from its sum of squared errors over `months`."""
    relative = (squares + 1e-12) / (squares.min() + 1e-12)
    weight = relative ** (-months / 2)
    return weight / weight.sum()


def _spread(errors: Floats, signed: bool) -> Floats:
    """Errors about zero, widened for the two or three weights that were fitted to them."""
    wider = np.sqrt(errors.size / max(errors.size - 2, 1))
    centred = (errors - errors.mean()) * wider
    return centred if signed else np.maximum(centred, -1.0)


def _small(known: Floats) -> float:
    """A twentieth of the usual size: relative to less than that, errors would know no bounds."""
    return max(float(np.nanmean(np.abs(known))) / 20, 1e-12)


def _season(past: Floats, season: int, signed: bool) -> Floats:
    """How each month of the year usually differs, as far as one year was like the other."""
    none = np.zeros(season) if signed else np.ones(season)
    pairs = past.size - season
    if pairs < _FEWEST_PAIRS or np.isfinite(past).sum() < season + _FEWEST_PAIRS:
        return none
    line = _filled(past)
    months = np.arange(line.size)
    trend = np.polyval(np.polyfit(months, line, 1), months)
    differs = line - trend if signed else line / np.maximum(trend, _small(line)) - 1
    alike = _correlation(differs[season:], differs[:-season])
    usual = np.array([differs[place::season].mean() for place in range(season)])
    return none + max(alike, 0.0) * (usual - usual.mean())


def _correlation(one: Floats, other: Floats) -> float:
    spread = one.std() * other.std()
    return float(np.mean((one - one.mean()) * (other - other.mean())) / spread) if spread else 0.0


def _filled(past: Floats) -> Floats:
    """Gaps bridged by straight lines: only to compare months, never as an observation."""
    known = np.isfinite(past)
    return np.interp(np.arange(past.size), np.flatnonzero(known), past[known])
