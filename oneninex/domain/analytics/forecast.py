"""Where an indicator is going: simulated paths, an 80% interval, and the baseline beside them.

What is carried on depends on the kind: the months of a flow, the level of a stock, the increments
of a sum, the logit of a rate. Three parts of four of the paths come from a mixture of
trajectories (S-curves, ramps, steps, bends), one from exponential smoothing; the seasonal-naive
baseline stands beside them. docs/decisions/0041 has the method,
benchmarks/forecast.py its record by process.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from oneninex.domain.analytics import models, trajectories, workdays
from oneninex.domain.analytics.models import Floats
from oneninex.domain.analytics.trajectories import Calendar, Mixture

FEWEST = 8
PATHS = 1000
BASELINE = "seasonal_naive"
# Under a year and a half the processes cannot be told apart: a range, and no probability.
LONG_ENOUGH, _FEWEST_CHANGES, _AFTER_STEP = 18, 3, 6
_MIXED = 750  # paths of the mixture; the rest carries on by smoothing
_MID = 0.5
_SEED = 20260101
_RARELY = 0.08  # zero months from which on a flow is one of occasions
_STEP, _STEP_MAD, _STEP_EARLIER, _STEP_AGAINST = 0.18, 4.0, 8, 12
# Days around the festival on which work rests: from some before its first day to the lanterns.
_BEFORE, _AFTER = 5, 12


@dataclass(frozen=True)
class Series:
    """An indicator by month (or by quarter: `season` 4), oldest first, NaN where unknown.

    `kind` as in the plan: flow, cumulative, stock, capacity, ratio, growth. The last value must
    be known. `so_far` is what a flow adds up to when its forecast begins. `start` is the first
    month; without it the Spring Festival is not looked for.
    """

    values: Floats
    kind: str
    season: int = 12
    so_far: float = 0.0
    start: date | None = None

    @property
    def observed(self) -> int:
        """Number of periods with a value."""
        return int(np.isfinite(self.values).sum())


@dataclass(frozen=True)
class Forecast:
    """Paths (paths, steps) of the value held against the target, and those of the baseline.

    `model` names what was used. `doubt` says why the paths give a range and no probability:
    short, few_changes, step; empty where they give one.
    """

    paths: Floats
    baseline: Floats
    model: str
    doubt: str = ""

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
    random = np.random.default_rng(_SEED)
    model, made, stepped = _carried_on(series, known, steps, random)
    plain = models.seasonal_naive(
        known, steps, PATHS, _signed(series), series.season, np.random.default_rng(_SEED)
    )
    return Forecast(
        paths=_within(series, made),
        baseline=_within(series, _from_changes(series, plain)),
        model=model,
        doubt=_doubt(series, known, model, stepped),
    )


def _doubt(series: Series, known: Floats, model: str, stepped: bool) -> str:
    """Why no probability is read off: what can be observed of the past, nothing of the future."""
    months = 12 // series.season * series.values.size
    if months < LONG_ENOUGH or series.observed * 12 // series.season < LONG_ENOUGH:
        return "short"
    changes = known[np.isfinite(known)]
    if model in ("counted", "occasional") and np.count_nonzero(changes) < _FEWEST_CHANGES:
        return "few_changes"
    return "step" if stepped else ""


def _carried_on(
    series: Series, known: Floats, steps: int, random: np.random.Generator
) -> tuple[str, Floats, bool]:
    """Name of the model, paths of the value (of the logit of a ratio), whether it just stepped."""
    signed = _signed(series)
    changes = known[np.isfinite(known)]
    calendar = _calendar(series, steps)
    if series.kind == "cumulative" and models.countable(known, signed):
        own = _last(calendar, known.size + steps)
        made = trajectories.counts(known, own, _MIXED, random)
        rest = models.counted(known, steps, PATHS - _MIXED, signed, series.season, random)
        return "counted", _from_changes(series, np.concatenate([made, rest])), False
    rare = np.mean(changes == 0) > (0.5 if signed else _RARELY)
    if rare and not _is_level(series):
        made = trajectories.occasional(known, steps, PATHS, signed, random)
        return "occasional", _from_changes(series, made), False
    rest = models.smoothed(known, steps, PATHS - _MIXED, signed, series.season, random)
    rest = _from_changes(series, rest)
    z, family = _transformed(series, known)
    if z is None:
        more = models.smoothed(known, steps, _MIXED, signed, series.season, random)
        return "smoothed", np.concatenate([_from_changes(series, more), rest]), False
    calendar = _last(calendar, z.size + steps)
    step = _step(_without_festival(z, calendar) if family == "flow" else z, family)
    made = _mixed(z, calendar, family, step, random)
    made = _restored(series, made)
    return "trajectories", np.concatenate([made, rest]), step is not None


def _transformed(series: Series, known: Floats) -> tuple[Floats | None, str]:
    """What trajectories are fitted to, and their family; None where they cannot be."""
    if series.kind in ("stock", "capacity"):
        values = series.values[np.flatnonzero(np.isfinite(series.values))[0] :]
        return (np.log(values), "stock") if np.nanmin(values) > 0 else (None, "stock")
    if series.kind == "ratio":
        return known, "ratio"
    if series.kind == "growth":
        return np.log1p(np.maximum(known, -0.95)), "ratio"
    positive = np.where(known > 0, known, np.nan)
    enough = np.isfinite(positive).sum() >= FEWEST - 1
    return (np.log(positive) if enough else None), "flow"


def _restored(series: Series, made: Floats) -> Floats:
    """Paths of z as paths of the value (of the logit of a ratio)."""
    if series.kind == "ratio":
        return made
    made = np.exp(np.clip(made, -40, 40))
    if series.kind == "growth":
        return made - 1
    if series.kind in ("stock", "capacity"):
        return made
    return _start(series) + np.cumsum(made, axis=1)


def _mixed(
    z: Floats,
    calendar: Calendar,
    family: str,
    step: tuple[int, float] | None,
    random: np.random.Generator,
) -> Floats:
    """Paths of z; after a step two parts of five as they are, the others with the step apart."""
    if step is None:
        return Mixture(z, calendar, family).paths(_MIXED, random)
    months, size = step
    as_is = _MIXED * 2 // 5
    levelled = z.copy()
    levelled[-months:] -= size
    apart = Mixture(levelled, calendar, family).paths(_MIXED - as_is, random)
    ends = np.exp(random.uniform(0, np.log(12), (apart.shape[0], 1)))
    ends[::2] = np.inf
    apart += np.where(np.arange(1, apart.shape[1] + 1) <= ends, size, 0.0)
    return np.concatenate([Mixture(z, calendar, family).paths(as_is, random), apart])


def _without_festival(z: Floats, calendar: Calendar) -> Floats:
    """The series as it would be without the festival, as far as its own past shows one."""
    there = np.flatnonzero(np.isfinite(z))
    left = calendar.festival[there]
    if not left.any():
        return z
    rest, beside = (
        line - np.polyval(np.polyfit(there, line, 1), there) for line in (z[there], left)
    )
    effect = float(np.clip(beside @ rest / (beside @ beside), 0, 1.5))
    return z - effect * calendar.festival[: z.size]


def _step(z: Floats, family: str) -> tuple[int, float] | None:
    """Months since the series stepped to another level, at most six, and by how much."""
    if family == "ratio":
        return None
    for months in range(2, _AFTER_STEP + 1):
        earlier, last = z[:-months], z[-months:]
        there = np.flatnonzero(np.isfinite(earlier))[-_STEP_AGAINST:]
        if there.size < _STEP_EARLIER or not np.isfinite(last).all():
            continue
        line = np.polyfit(there, earlier[there], 1)
        around = earlier[there] - np.polyval(line, there)
        # What was off the line just before is a bend of it and no step.
        off = last - np.polyval(line, np.arange(earlier.size, z.size)) - around[-3:].mean()
        least = max(_STEP, _STEP_MAD * float(np.median(np.abs(around))))
        one_side = np.all(off * np.sign(off[0]) > least / 2)
        if one_side and abs(off.mean()) > least and np.ptp(off) < abs(off.mean()):
            return months, float(off.mean())
    return None


def _calendar(series: Series, steps: int) -> Calendar:
    """Months of the series and of its forecast."""
    count = series.values.size + steps
    if series.start is None or series.season != 12:
        first = (series.start.month - 1) // 3 if series.start else 0
        return Calendar((first + np.arange(count)) % series.season, np.zeros(count), series.season)
    first = series.start.year * 12 + series.start.month - 1
    months = first + np.arange(count)
    left = [festival_share(int(month)) for month in months]
    return Calendar(months % 12, np.log(np.array(left)), 12)


def _last(calendar: Calendar, count: int) -> Calendar:
    return Calendar(calendar.places[-count:], calendar.festival[-count:], calendar.season)


@lru_cache(maxsize=1024)
def festival_share(month: int) -> float:
    """Share of a month (counted from year 0) that the Spring Festival leaves for work."""
    year, place = divmod(month, 12)
    if place > 2:
        return 1.0
    first = workdays.spring_festival(year).toordinal()
    days = range(first - _BEFORE, first + _AFTER)
    begin = date(year, place + 1, 1).toordinal()
    end = date(year, place + 2, 1).toordinal()
    taken = sum(begin <= day < end for day in days)
    return 1.0 - taken / (end - begin)


def _signed(series: Series) -> bool:
    return series.kind not in ("flow", "cumulative")


def _is_level(series: Series) -> bool:
    return series.kind in ("ratio", "growth")


def _changes(series: Series) -> Floats:
    """Months of a flow, steps of a stock or sum, the (logit of the) rate itself."""
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


def _from_changes(series: Series, changes: Floats) -> Floats:
    """Paths of the value (of the logit of a ratio) from those of its changes."""
    if _is_level(series):
        return changes
    return _start(series) + np.cumsum(changes, axis=1)


def _start(series: Series) -> float:
    return series.so_far if series.kind == "flow" else float(series.values[-1])


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
