"""Monthly series of the processes of a young industry, to back-test forecasts on.

Each is a city: the sum of nine units of unlike size, timing and noise. PROCESSES are those that
the method was tuned on; UNSEEN were written after it was settled and changed nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from oneninex.domain.analytics.forecast import festival_share
from oneninex.domain.analytics.models import Floats

Random = np.random.Generator
UNITS = 9


@dataclass(frozen=True)
class Past:
    """What a maker has to know: months in all, months before the forecast, first month."""

    months: int
    known: int
    start: date

    @property
    def t(self) -> Floats:
        """Months from 0 on."""
        return np.arange(self.months, dtype=float)

    @property
    def places(self) -> np.ndarray:
        """Place of each month in its year."""
        return (self.start.month - 1 + np.arange(self.months)) % 12

    @property
    def left(self) -> Floats:
        """Share of each month that the Spring Festival leaves."""
        first = self.start.year * 12 + self.start.month - 1
        return np.array([festival_share(first + n) for n in range(self.months)])


Maker = Callable[[Past, Random], Floats]


def _city(past: Past, random: Random, curve: Callable[[float, Random], Floats], noise: float):
    """Sum over units of curve(delay) times noise, 100 a month or so in all."""
    sizes = random.dirichlet(np.full(UNITS, 2.0)) * 100
    found = np.zeros(past.months)
    for size in sizes:
        shape = curve(float(random.normal(0, 3)), random)
        found += size * shape * np.exp(random.normal(0, noise, past.months))
    return found


def _flat(past: Past, random: Random) -> Floats:
    return _city(past, random, lambda _, r: np.ones(past.months), 0.15)


def _festival(past: Past, random: Random) -> Floats:
    depth = random.uniform(0.6, 1.3)
    return _flat(past, random) * past.left**depth


def _growing(past: Past, random: Random) -> Floats:
    rate = np.log(1 + random.uniform(0.4, 0.8)) / 12
    return _city(past, random, lambda d, r: np.exp(rate * (past.t - d)), 0.15)


def _sigmoid(t: Floats, steep: float, middle: float, floor: float = 0.03) -> Floats:
    return floor + (1 - floor) / (1 + np.exp(-steep * (t - middle)))


def _logistic(past: Past, random: Random) -> Floats:
    steep, middle = random.uniform(0.15, 0.4), random.uniform(10, 28)
    return _city(past, random, lambda d, r: _sigmoid(past.t, steep, middle + d), 0.15)


def _saturating(past: Past, random: Random) -> Floats:
    steep, middle = random.uniform(0.3, 0.6), random.uniform(5, 12)
    return _city(past, random, lambda d, r: _sigmoid(past.t, steep, middle + d), 0.15)


def _broken(past: Past, random: Random) -> Floats:
    values = _flat(past, random)
    values[past.known - 3 :] *= random.choice([0.55, 0.7, 1.4, 1.7])
    return values


def _intermittent(past: Past, random: Random) -> Floats:
    there = random.random(past.months) < 0.6
    return np.where(there, 100 * np.exp(random.normal(0, 0.6, past.months)), 0.0)


def _stock_logistic(past: Past, random: Random) -> Floats:
    steep, middle = random.uniform(0.15, 0.4), random.uniform(10, 28)
    return 10 * _city(past, random, lambda d, r: _sigmoid(past.t, steep, middle + d, 0.1), 0.02)


def _stock_gompertz(past: Past, random: Random) -> Floats:
    steep, middle = random.uniform(0.08, 0.25), random.uniform(4, 18)

    def curve(delay: float, _: Random) -> Floats:
        return 0.1 + 0.9 * np.exp(-np.exp(-steep * (past.t - middle - delay)))

    return 10 * _city(past, random, curve, 0.02)


def _stock_walk(past: Past, random: Random) -> Floats:
    def curve(_: float, r: Random) -> Floats:
        return np.exp(np.cumsum(r.normal(0.005, 0.06, past.months)))

    return 10 * _city(past, random, curve, 0.0)


def _stock_line(past: Past, random: Random) -> Floats:
    slope = random.uniform(0.01, 0.06)
    return 10 * _city(past, random, lambda d, r: 1 + slope * past.t, 0.02)


def _stock_jumps(past: Past, random: Random) -> Floats:
    jumps = (random.random(past.months) < 0.15) * random.lognormal(4.5, 0.7, past.months)
    return 300 + np.cumsum(np.round(jumps))


def _count(past: Past, random: Random, rate: Floats) -> Floats:
    return np.cumsum(random.poisson(rate)).astype(float)


def _counts(past: Past, random: Random) -> Floats:
    return _count(past, random, np.full(past.months, 0.7))


def _counts_ramp(past: Past, random: Random) -> Floats:
    return _count(past, random, 0.3 + 2.7 * past.t / 35)


def _counts_bunched(past: Past, random: Random) -> Floats:
    return _count(past, random, np.where(np.isin(past.places, (5, 11)), 4.0, 0.3))


def _power(past: Past, random: Random) -> Floats:
    power = random.uniform(1.2, 2.2)
    steps = _city(past, random, lambda d, r: ((past.t + 3) / 20) ** power, 0.2)
    return np.cumsum(steps)


def _to_ceiling(past: Past, random: Random) -> Floats:
    gap, pace = random.uniform(0.1, 0.3), random.uniform(5, 15)
    level = random.uniform(0.9, 0.97) - gap * np.exp(-past.t / pace)
    return np.clip(level + random.normal(0, 0.006, past.months), 0.01, 0.995)


def _bounded_walk(past: Past, random: Random) -> Floats:
    level = random.uniform(0.5, 2.5) + np.cumsum(random.normal(0, 0.12, past.months))
    return 1 / (1 + np.exp(-level))


PROCESSES: dict[str, tuple[str, Maker]] = {
    "flow_constant": ("flow", _flat),
    "flow_festival": ("flow", _festival),
    "flow_growing": ("flow", _growing),
    "flow_s_curve": ("flow", _logistic),
    "flow_saturation": ("flow", _saturating),
    "flow_break": ("flow", _broken),
    "flow_intermittent": ("flow", _intermittent),
    "stock_s_curve": ("stock", _stock_logistic),
    "stock_gompertz": ("stock", _stock_gompertz),
    "stock_walk": ("stock", _stock_walk),
    "stock_linear": ("stock", _stock_line),
    "stock_jumps": ("stock", _stock_jumps),
    "counts_constant": ("cumulative", _counts),
    "counts_ramp": ("cumulative", _counts_ramp),
    "counts_bunched": ("cumulative", _counts_bunched),
    "sum_accelerating": ("cumulative", _power),
    "ratio_ceiling": ("ratio", _to_ceiling),
    "ratio_wandering": ("ratio", _bounded_walk),
}


def _ramp_and_hold(past: Past, random: Random) -> Floats:
    full = random.uniform(14, 30)
    return _city(past, random, lambda d, r: 0.1 + np.clip((past.t - d) / full, 0, 1), 0.12)


def _quarter_ends(past: Past, random: Random) -> Floats:
    peak = random.uniform(1.2, 1.6)
    season = np.where(past.places % 3 == 2, peak, 1.0)
    return _city(past, random, lambda d, r: np.exp(0.015 * past.t), 0.12) * season


def _persistent(past: Past, random: Random) -> Floats:
    noise = np.zeros(past.months)
    for month in range(1, past.months):
        noise[month] = 0.9 * noise[month - 1] + random.normal(0, 0.08)
    return 100 * np.exp(0.01 * past.t + noise)


def _cohorts(past: Past, random: Random) -> Floats:
    hired = np.where(past.places % 6 == 2, random.uniform(60, 140, past.months), 0.0)
    left = random.uniform(0, 8, past.months)
    return np.maximum(400 + np.cumsum(np.round(hired - left)), 0)


def _two_waves(past: Past, random: Random) -> Floats:
    second = random.uniform(22, 34)

    def curve(delay: float, _: Random) -> Floats:
        first = _sigmoid(past.t, 0.4, 8 + delay)
        return 0.2 + 0.5 * first + 0.4 * _sigmoid(past.t, 0.3, second + delay)

    return 10 * _city(past, random, curve, 0.02)


def _faster_counts(past: Past, random: Random) -> Floats:
    change = past.known - int(random.integers(6, 12))
    return _count(past, random, np.where(past.t < change, 0.6, 1.8))


def _batches(past: Past, random: Random) -> Floats:
    steps = np.where(past.places % 3 == 2, random.integers(1, 6, past.months), 0)
    return np.cumsum(steps).astype(float)


def _ratio_s_curve(past: Past, random: Random) -> Floats:
    middle = random.uniform(12, 28)
    level = 0.3 + 0.5 / (1 + np.exp(-0.25 * (past.t - middle)))
    return np.clip(level + random.normal(0, 0.015, past.months), 0.01, 0.99)


UNSEEN: dict[str, tuple[str, Maker]] = {
    "flow_ramp_ends": ("flow", _ramp_and_hold),
    "flow_quarter_ends": ("flow", _quarter_ends),
    "flow_persistent": ("flow", _persistent),
    "stock_cohorts": ("stock", _cohorts),
    "stock_two_waves": ("stock", _two_waves),
    "counts_faster": ("cumulative", _faster_counts),
    "counts_batches": ("cumulative", _batches),
    "ratio_s_curve": ("ratio", _ratio_s_curve),
}
