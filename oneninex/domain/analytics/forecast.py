"""Where an indicator is going: simulated paths, an 80% interval, and the baseline beside them.

What is carried on are monthly changes: of a flow the months themselves, of a stock or a
cumulative value the steps between months, of a rate its level. For each series a back-test on its
own past decides whether the model or the seasonal-naive baseline is used, and how wide the
interval has to be; docs/decisions has the method and its measured coverage.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from oneninex.domain.analytics import models
from oneninex.domain.analytics.models import Floats, Model

FEWEST = 8
PATHS = 1000
BASELINE = "seasonal_naive"
_MODELS: Mapping[str, Model] = {
    "smoothed": models.smoothed,
    "counted": models.counted,
    BASELINE: models.seasonal_naive,
}
_TEST_PATHS = 200
_FEWEST_KNOWN = 5
_FEWEST_TO_TEST, _MOST_ORIGINS, _FARTHEST = 6, 12, 12
_LOW, _MID, _HIGH = 0.1, 0.5, 0.9
# How much a back-test of as many forecasts as this weighs against the model's own width.
_DOUBT = 2.0
_WIDEST = 2.5
_SEED = 20260101


@dataclass(frozen=True)
class Series:
    """An indicator by month (or by quarter: `season` 4), oldest first, NaN where unknown.

    `kind` as in the plan: flow, cumulative, stock, capacity, ratio, growth. The last value must
    be known. `so_far` is what a flow adds up to when its forecast begins.
    """

    values: Floats
    kind: str
    season: int = 12
    so_far: float = 0.0

    @property
    def observed(self) -> int:
        """Number of periods with a value."""
        return int(np.isfinite(self.values).sum())


@dataclass(frozen=True)
class Forecast:
    """Paths (paths, steps) of the value held against the target, and those of the baseline.

    `model` names what was used; `error` is its mean absolute error in the back-test over that
    of the baseline, NaN where the baseline was never wrong.
    """

    paths: Floats
    baseline: Floats
    model: str
    error: float

    def quantile(self, share: float) -> Floats:
        """That quantile of the value for each step ahead, a value that a path has."""
        return np.quantile(self.paths, share, axis=0, method="inverted_cdf")

    @property
    def plain(self) -> Floats:
        """The middle of the baseline for each step ahead."""
        return np.quantile(self.baseline, _MID, axis=0, method="inverted_cdf")


def forecast(series: Series, steps: int) -> Forecast | None:
    """The forecast for `steps` periods ahead; None under 8 observed periods: too early to say."""
    if series.observed < FEWEST:
        return None
    known = _changes(series)
    tests = {name: _back_test(series, known, name) for name in _candidates(series, known)}
    best = min(tests, key=lambda name: tests[name].loss)
    plain = _paths(series, known, BASELINE, steps, PATHS)
    paths = plain if best == BASELINE else _paths(series, known, best, steps, PATHS)
    wrong = tests[BASELINE].error
    return Forecast(
        paths=_within(series, _scaled(paths, tests[best].width)),
        baseline=_within(series, plain),
        model=best,
        error=tests[best].error / wrong if wrong > 0 else float("nan"),
    )


@dataclass(frozen=True)
class _Test:
    """A model on the series' own past: loss of its quantiles, error of its median, width asked."""

    loss: float
    error: float
    width: float


def _candidates(series: Series, known: Floats) -> list[str]:
    """The models that suit the series; the first one wins a tie."""
    rare = series.kind == "cumulative" and models.countable(known, _signed(series))
    return ["counted" if rare else "smoothed", BASELINE]


def _signed(series: Series) -> bool:
    return series.kind not in ("flow", "cumulative")


def _is_level(series: Series) -> bool:
    return series.kind in ("ratio", "growth")


def _changes(series: Series) -> Floats:
    """What is carried on: months of a flow, steps of a stock, the (logit of the) rate itself."""
    if series.kind == "flow":
        return series.values
    if series.kind == "ratio":
        inside = np.clip(series.values, 0.001, 0.999)
        return np.log(inside / (1 - inside))
    return series.values if series.kind == "growth" else _steps(series.values)


def _steps(values: Floats) -> Floats:
    """Changes from month to month; what happened over a gap is spread over its months."""
    places = np.flatnonzero(np.isfinite(values))
    filled = np.interp(np.arange(values.size), places, values[places])
    return np.diff(filled[places[0] :])


def _back_test(series: Series, known: Floats, name: str) -> _Test:
    """Forecast the last months from the months before them, again and again."""
    first = max(_FEWEST_TO_TEST, known.size - _MOST_ORIGINS)
    found = [_tried(series, known, name, origin) for origin in range(first, known.size)]
    loss, error, scores = (np.concatenate([each[i] for each in found]) for i in range(3))
    scores = scores[np.isfinite(scores)]
    # How uncertain a rate is stands in counted paths already; few events would only overdo it.
    width = 1.0 if name == "counted" else _width(scores, len(found))
    return _Test(float(np.mean(loss)), float(np.mean(error)), width)


def _tried(series: Series, known: Floats, name: str, origin: int) -> tuple[Floats, Floats, Floats]:
    """Quantile loss, absolute error and how many half-widths off, for each month ahead."""
    ahead = known[origin : origin + _FARTHEST]
    if np.isfinite(known[:origin]).sum() < _FEWEST_KNOWN or not np.isfinite(ahead).any():
        return np.empty(0), np.empty(0), np.empty(0)
    paths = _added(series, _run(series, known[:origin], name, ahead.size, _TEST_PATHS))
    actual = _added(series, np.where(np.isfinite(ahead), ahead, 0.0)[None, :])[0]
    low, middle, high = np.quantile(paths, (_LOW, _MID, _HIGH), axis=0)
    loss = sum(
        np.maximum(share * (actual - line), (share - 1) * (actual - line))
        for share, line in ((_LOW, low), (_MID, middle), (_HIGH, high))
    )
    half = np.where(actual < middle, middle - low, high - middle)
    off = np.abs(actual - middle)
    scores = np.where(half > 0, off / np.where(half > 0, half, 1.0), np.nan)
    seen = np.isfinite(ahead)
    return np.asarray(loss)[seen], off[seen], scores[seen]


def _width(scores: Floats, origins: int) -> float:
    """By how much the interval has to be wider to hold 80%, as far as a short past can tell."""
    if not scores.size:
        return 1.0
    asked = float(np.quantile(scores, 0.8))
    trust = origins / (origins + _DOUBT)
    return float(np.clip(max(asked, 1.0) ** trust, 1.0, _WIDEST))


def _run(series: Series, past: Floats, name: str, steps: int, paths: int) -> Floats:
    random = np.random.default_rng(_SEED)
    return _MODELS[name](past, steps, paths, _signed(series), series.season, random)


def _added(series: Series, changes: Floats) -> Floats:
    """Changes added up along each path; a rate stands for itself."""
    return changes if _is_level(series) else np.cumsum(changes, axis=1)


def _paths(series: Series, known: Floats, name: str, steps: int, paths: int) -> Floats:
    """Paths of the value itself (of the logit of a ratio)."""
    start = 0.0 if _is_level(series) else _start(series)
    return start + _added(series, _run(series, known, name, steps, paths))


def _start(series: Series) -> float:
    return series.so_far if series.kind == "flow" else float(series.values[-1])


def _scaled(paths: Floats, width: float) -> Floats:
    """The same paths, nearer to or farther from their middle."""
    middle = np.median(paths, axis=0)
    return middle + width * (paths - middle)


def _within(series: Series, paths: Floats) -> Floats:
    """What such a value can be: a share, never below nothing, never falling, whole."""
    if series.kind == "ratio":
        return 1 / (1 + np.exp(-paths))
    if series.kind == "growth":
        return np.maximum(paths, -1.0)
    if _signed(series):
        paths = np.maximum(paths, 0.0)
    else:
        paths = np.maximum.accumulate(np.maximum(paths, _start(series)), axis=1)
    known = series.values[np.isfinite(series.values)]
    whole = np.all(known == np.round(known)) and known.max(initial=0) < 1000
    return np.round(paths) if whole else paths
