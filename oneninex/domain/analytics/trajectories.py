"""A mixture of trajectories: shapes that a young industry's series may take, weighed by its past.

A series is worked on as z: the log of a flow's months, of a stock's level or of a sum's
increments, the logit of a rate. Each shape is a curve of log g by calendar month. What is left
of z beside a shape is a Gaussian process (noise, wandering, season) of unknown scale. Shapes and
kernels are drawn once, with a fixed seed; a series changes only their weights, so a new month
moves a forecast as far as the month tells and no farther. docs/decisions has the method.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHAPES = 3000
_SEED = 20260101
# Weights are softened, and softened further until this many shapes still count.
_SOFT, _FEWEST_DRAWS = 0.6, 60.0
_FLAT = 1e4  # variance of the unknown level
_FORGET = 1.5  # shape of the prior of the scale
# Scale of the noise that is expected, by family.
SCALES = {"flow": 0.05, "stock": 0.01, "ratio": 0.12}


@dataclass(frozen=True)
class Calendar:
    """Place in the year of each month, and log of the share of it that the festival leaves."""

    places: NDArray[np.int64]
    festival: Floats
    season: int = 12


@dataclass(frozen=True)
class Kernel:
    """Covariance over past and future months of what is beside a shape; prior mean by festival."""

    matrix: Floats
    log_prior: float
    festival: float


def shapes(past: int, ahead: int, family: str) -> Floats:
    """Log g of every shape (shapes, past + ahead)."""
    return _ratios(past, ahead) if family == "ratio" else _growing(past, ahead)


@lru_cache(maxsize=32)
def _growing(past: int, ahead: int) -> Floats:
    random = np.random.default_rng(_SEED)
    t = np.arange(1.0, past + ahead + 1)[None, :]
    kind = random.choice(6, SHAPES, p=(0.18, 0.14, 0.14, 0.26, 0.18, 0.10))[:, None]
    rate = random.normal(0.008, 0.022, (SHAPES, 1))
    slope = np.exp(random.uniform(np.log(0.003), np.log(0.3), (SHAPES, 1)))
    slope = np.where(random.random((SHAPES, 1)) < 1 / 8, -slope / (1 + 30 * slope), slope)
    steep = np.exp(random.uniform(np.log(0.06), np.log(0.6), (SHAPES, 1)))
    # The middle of an S-curve, as a place between before the data and after the next years.
    middle = -6 + random.random((SHAPES, 1)) * (past + 26)
    floor = np.exp(random.uniform(np.log(0.02), np.log(0.6), (SHAPES, 1)))
    floor = np.where(random.random((SHAPES, 1)) < 0.5, 1e-3, floor)
    power = random.uniform(0.3, 2.5, (SHAPES, 1))
    before = np.exp(random.uniform(0, np.log(24), (SHAPES, 1)))
    logs = np.zeros((SHAPES, past + ahead))
    logs = np.where(kind == 1, rate * t, logs)
    logs = np.where(kind == 2, np.log(np.maximum(1 + slope * t, 0.05)), logs)
    s_curve = floor + (1 - floor) / (1 + np.exp(-np.clip(steep * (t - middle), -40, 40)))
    logs = np.where(kind == 3, np.log(s_curve), logs)
    late = np.exp(-np.exp(np.clip(-0.6 * steep * (t - middle), -40, 8)))
    logs = np.where(kind == 4, np.log(np.maximum(floor + (1 - floor) * late, 1e-4)), logs)
    logs = np.where(kind == 5, power * np.log((t + before) / before), logs)
    return logs + _steps(random, t) + _bends(random, t)


def _steps(random: np.random.Generator, t: Floats) -> Floats:
    """A tenth of the shapes: a step at any month, also to come; half of them pass."""
    there = random.random((SHAPES, 1)) < 0.1
    at = 1 + random.random((SHAPES, 1)) * t.shape[1]
    lasts = np.where(random.random((SHAPES, 1)) < 0.5, random.uniform(2, 12, (SHAPES, 1)), np.inf)
    size = random.normal(0, 0.5, (SHAPES, 1))
    return np.where(there & (t >= at) & (t < at + lasts), size, 0.0)


def _bends(random: np.random.Generator, t: Floats) -> Floats:
    """Three tenths: from some month on the slope is another one."""
    there = random.random((SHAPES, 1)) < 0.3
    at = 1 + random.random((SHAPES, 1)) * t.shape[1]
    slope = random.normal(0, 0.04, (SHAPES, 1))
    return np.where(there, slope * np.maximum(t - at, 0), 0.0)


@lru_cache(maxsize=32)
def _ratios(past: int, ahead: int) -> Floats:
    """On the logit: constant, towards a ceiling, straight, on an S-curve."""
    random = np.random.default_rng(_SEED + 1)
    t = np.arange(1.0, past + ahead + 1)[None, :]
    kind = random.choice(4, SHAPES, p=(0.35, 0.3, 0.15, 0.2))[:, None]
    size = random.normal(0, 1.2, (SHAPES, 1))
    pace = np.exp(random.uniform(np.log(3), np.log(30), (SHAPES, 1)))
    slope = random.normal(0, 0.03, (SHAPES, 1))
    rise = random.normal(0, 2.0, (SHAPES, 1))
    steep = np.exp(random.uniform(np.log(0.1), np.log(0.6), (SHAPES, 1)))
    middle = -6 + random.random((SHAPES, 1)) * (past + 26)
    logs = np.zeros((SHAPES, past + ahead))
    logs = np.where(kind == 1, -size * np.exp(-t / pace), logs)
    logs = np.where(kind == 2, slope * t, logs)
    s_curve = 1 / (1 + np.exp(-np.clip(steep * (t - middle), -40, 40)))
    logs = np.where(kind == 3, rise * s_curve, logs)
    return logs + 0.6 * _steps(random, t)


def kernels(calendar: Calendar, family: str) -> list[Kernel]:
    """Noise and wandering, each without season, with the festival, with all months."""
    months = calendar.places.size
    t = np.arange(1.0, months + 1)
    white, walk = np.eye(months), np.minimum.outer(t, t)
    near = 0.7 ** np.abs(np.subtract.outer(t, t))
    if family == "flow":
        noises = [(white, 1.0), (0.6 * white + 0.4 * near, 1.0), (white + 0.05 * walk, 2.0),
                  (white + 0.5 * walk, 2.0), (0.3 * white + walk, 2.0)]  # fmt: skip
    elif family == "ratio":
        # A rate wanders more often than it comes back to its shape.
        noises = [(white, 0.5), (0.5 * white + near, 0.5), (white + 0.3 * walk, 3.0),
                  (0.1 * white + walk, 6.0), (walk + 1e-3 * white, 6.0)]  # fmt: skip
    else:
        noises = [(white, 1.0), (0.5 * white + near, 1.0), (white + 0.3 * walk, 3.0),
                  (0.1 * white + walk, 3.0)]  # fmt: skip
    alike = (calendar.places[:, None] == calendar.places[None, :]).astype(float)
    seasons = [(np.zeros((months, months)), 0.0, 0.6 if family == "flow" else 0.9)]
    if family == "flow" and calendar.festival.any():
        winter = alike * np.isin(calendar.places, (0, 1))[:, None]
        w = calendar.festival
        seasons.append((9 * winter + 64 * np.outer(w, w), 0.7, 0.3))
    seasons.append((6 * alike, 0.0, 0.1))
    level = _FLAT * np.ones((months, months))
    return [
        Kernel(noise + season + level, np.log(weight * share), mean)
        for noise, weight in noises
        for season, mean, share in seasons
    ]


@dataclass(frozen=True)
class _Fit:
    """One kernel over the known months: inverse, weight of its own, every shape's own square."""

    kernel: Kernel
    inverse: Floats
    log_weight: float
    own: Floats
    cross: Floats
    lower: Floats


@lru_cache(maxsize=32)
def _fits(known: bytes, past: int, ahead: int, places: bytes, festival: bytes, season: int,
          family: str) -> list[_Fit]:  # fmt: skip
    """What the kernels are for any series of these months, worked out once."""
    there = np.flatnonzero(np.frombuffer(known, bool))
    calendar = Calendar(np.frombuffer(places, np.int64), np.frombuffer(festival), season)
    logs = shapes(past, ahead, family)[:, there]
    future = np.arange(past, past + ahead)
    found = []
    for kernel in kernels(calendar, family):
        inner = kernel.matrix[np.ix_(there, there)]
        inverse = np.asarray(np.linalg.inv(inner), np.float64)
        cross = inverse @ kernel.matrix[np.ix_(there, future)]
        spread = kernel.matrix[np.ix_(future, future)]
        spread = spread - kernel.matrix[np.ix_(future, there)] @ cross
        spread = (spread + spread.T) / 2 + 1e-6 * np.eye(ahead)
        lower = np.asarray(np.linalg.cholesky(spread), np.float64)
        own = np.einsum("ij,ij->i", logs @ inverse, logs)
        log_weight = -0.5 * np.linalg.slogdet(inner)[1]
        found.append(_Fit(kernel, inverse, float(log_weight), own, cross, lower))
    return found


class Mixture:
    """A series z (NaN where unknown) of a family, weighed against every shape and kernel."""

    def __init__(self, z: Floats, calendar: Calendar, family: str) -> None:
        there = np.isfinite(z)
        self.past, self.ahead = z.size, calendar.places.size - z.size
        self.known = np.flatnonzero(there)
        self.centre = float(np.mean(z[there]))
        self.z = z[there] - self.centre
        self.calendar = calendar
        self.logs = shapes(self.past, self.ahead, family)
        self.base = _FORGET * SCALES[family] ** 2
        self.fits = _fits(
            there.tobytes(), self.past, self.ahead, calendar.places.tobytes(),
            calendar.festival.tobytes(), calendar.season, family,
        )  # fmt: skip
        self._weigh()

    def _weigh(self) -> None:
        n = self.known.size
        there = self.logs[:, self.known]
        squares, weights = [], []
        for fit in self.fits:
            rest = self.z - fit.kernel.festival * self.calendar.festival[self.known]
            turned = fit.inverse @ rest
            square = np.maximum(rest @ turned - 2 * (there @ turned) + fit.own, 0.0)
            likely = fit.log_weight - (_FORGET + n / 2) * np.log(self.base + square / 2)
            squares.append(square)
            weights.append(_SOFT * likely + fit.kernel.log_prior)
        self.squares = np.array(squares)
        self.weights = softened(np.array(weights).ravel())

    def paths(self, count: int, random: np.random.Generator) -> Floats:
        """Paths of z for the months ahead (count, ahead)."""
        n = self.known.size
        chosen = random.choice(self.weights.size, count, p=self.weights)
        which, shape = np.divmod(chosen, SHAPES)
        square = self.squares[which, shape]
        scale = np.sqrt((self.base + square / 2) / random.gamma(_FORGET + n / 2, 1.0, count))
        found = np.empty((count, self.ahead))
        for index in np.unique(which):
            mine = np.flatnonzero(which == index)
            fit = self.fits[index]
            mean = fit.kernel.festival * self.calendar.festival
            logs = self.logs[shape[mine]]
            rest = self.z - mean[self.known] - logs[:, self.known]
            wander = random.standard_normal((mine.size, self.ahead)) @ fit.lower.T
            ahead = logs[:, self.past :] + mean[self.past :]
            found[mine] = ahead + rest @ fit.cross + scale[mine, None] * wander
        return self.centre + found


def softened(logs: Floats) -> Floats:
    """Weights from their logs, softened until enough draws count."""
    logs = logs - logs.max()
    for _ in range(12):
        weights = np.exp(logs)
        weights /= weights.sum()
        if 1 / np.sum(weights**2) >= _FEWEST_DRAWS:
            break
        logs = logs * 0.8
    return weights


# Deadlines that counts bunch at: none, June and December, December, the ends of quarters.
_DEADLINES = ((), (5, 11), (11,), (2, 5, 8, 11))


def counts(values: Floats, calendar: Calendar, paths: int, random: np.random.Generator) -> Floats:
    """Paths of rare events by month: gamma-Poisson on the same shapes, bunched at deadlines."""
    past, ahead = values.size, calendar.places.size - values.size
    known = np.isfinite(values)
    y = values[known]
    logs = shapes(past, ahead, "flow") + _bunched(calendar)
    rates = np.exp(np.clip(logs, -12, 12))
    there, total = rates[:, :past][:, known], y.sum()
    sums = 0.02 + there.sum(axis=1)
    raw = np.log(there) @ y - (0.5 + total) * np.log(sums)
    weights = softened(raw)
    expected = weights @ ((0.5 + total) / sums[:, None] * there)
    pearson = np.sum((y - expected) ** 2 / np.maximum(expected, 0.05))
    excess = max(1.0, (3 + pearson) / (3 + max(y.size - 1, 1)))
    weights = softened(raw / excess)
    shape = random.choice(SHAPES, paths, p=weights)
    rate = random.gamma(0.5 + total / excess, 1.0, paths) / (sums[shape] / excess)
    mean = np.minimum(rate[:, None] * rates[shape, past:], 1e4)
    if excess > 1.05:
        mean = random.gamma(np.maximum(mean / (excess - 1), 1e-9), excess - 1)
    return random.poisson(mean).astype(float)


def _bunched(calendar: Calendar) -> Floats:
    random = np.random.default_rng(_SEED + 2)
    pattern = random.choice(4, SHAPES, p=(0.7, 0.1, 0.1, 0.1))
    height = random.uniform(np.log(2), np.log(25), SHAPES)
    if calendar.season != 12:
        return np.zeros((SHAPES, calendar.places.size))
    peaks = np.array([np.isin(calendar.places, months) for months in _DEADLINES], float)
    return peaks[pattern] * height[:, None]


def occasional(
    values: Floats, ahead: int, paths: int, signed: bool, random: np.random.Generator
) -> Floats:
    """Changes that happen in some months only: how often, which way and how large are uncertain."""
    y = values[np.isfinite(values)]
    moved = y[y != 0]
    often = random.beta(0.5 + moved.size, 0.5 + y.size - moved.size, (paths, 1))
    up = random.beta(0.5 + (moved > 0).sum(), 0.5 + (moved < 0).sum(), (paths, 1))
    sizes = np.log(np.abs(moved)) if moved.size else np.zeros(1)
    n = max(moved.size, 1)
    spread = float(sizes.std()) if moved.size > 1 else 0.0
    scatter = np.sqrt((0.15 + n * spread**2 / 2) / random.gamma(1.0 + n / 2, 1.0, (paths, 1)))
    middle = sizes.mean() + scatter / np.sqrt(n) * random.standard_normal((paths, 1))
    size = np.exp(np.clip(middle + scatter * random.standard_normal((paths, ahead)), -20, 20))
    sign = np.where(random.random((paths, ahead)) < up, 1.0, -1.0) if signed else 1.0
    return np.where(random.random((paths, ahead)) < often, sign * size, 0.0)
