"""Monthly series to back-test forecasts on: simulated ones of many kinds, and real ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from oneninex.domain.analytics.models import Floats

# Months of the year of the Spring Festival's longest pause, one year after the other.
_FESTIVAL = (0, 1, 1, 0, 1, 1, 0, 1)
Named = tuple[str, str, Floats]


def simulated(each: int, held_out: int, seed: int = 1) -> Iterator[Named]:
    """`each` series of every kind as (name, kind of indicator, values), 12 to 36 months and more.

    The lengths differ as those of a plan in its first three years do.
    """
    random = np.random.default_rng(seed)
    for name, (kind, make) in _MAKERS.items():
        for _ in range(each):
            months = int(random.integers(12, 37)) + held_out
            yield name, kind, make(months, random)


def real(months: int, held_out: int) -> Iterator[Named]:
    """Pieces of the monthly series that statsmodels and plotly ship, as stocks and flows."""
    from plotly import data
    from statsmodels.datasets import co2, elnino
    from statsmodels.datasets.elec_equip import load_pandas

    # The libraries' own stubs know less of what they return than the libraries.
    given: list[Any] = [each().data for each in (co2.load_pandas, elnino.load_pandas, load_pandas)]
    carbon = given[0]["co2"].resample("MS").mean().interpolate().to_numpy()
    sea = given[1].set_index("YEAR").to_numpy().ravel()
    equipment = given[2].iloc[:, 0].to_numpy()
    shares = data.stocks(datetimes=True, indexed=True).resample("MS").mean()
    yield from _pieces("carbon dioxide", "stock", carbon, months, held_out)
    yield from _pieces("sea temperature", "flow", sea, months, held_out)
    yield from _pieces("electrical equipment", "flow", equipment, months, held_out)
    for name in shares:
        yield "share prices", "stock", shares[name].to_numpy()


def _pieces(name: str, kind: str, values: Floats, months: int, held_out: int) -> Iterator[Named]:
    whole = months + held_out
    for start in range(0, len(values) - whole + 1, whole):
        yield name, kind, np.asarray(values[start : start + whole], float)


def _trend(months: int, random: np.random.Generator) -> Floats:
    growth = random.uniform(-0.01, 0.04)
    level = 100 * np.exp(growth * np.arange(months))
    return level * np.exp(random.normal(0, random.uniform(0.03, 0.2), months))


def _festival(months: int, random: np.random.Generator) -> Floats:
    values = _trend(months, random)
    start = int(random.integers(12))
    for month in range(months):
        year, place = divmod(start + month, 12)
        if place == _FESTIVAL[year % len(_FESTIVAL)]:
            values[month] *= random.uniform(0.5, 0.75)
    return values


def _seasonal(months: int, random: np.random.Generator) -> Floats:
    wave = 1 + random.uniform(0.1, 0.4) * np.sin(2 * np.pi * (np.arange(months) + 3) / 12)
    return _trend(months, random) * wave


def _shifted(months: int, random: np.random.Generator) -> Floats:
    values = 100 * np.exp(random.normal(0, 0.1, months))
    values[int(random.integers(4, months)) :] *= random.uniform(0.4, 2.2)
    return values


def _wandering(months: int, random: np.random.Generator) -> Floats:
    return 100 * np.exp(np.cumsum(random.normal(0.01, 0.06, months)))


def _rare(months: int, random: np.random.Generator) -> Floats:
    return np.cumsum(random.poisson(random.uniform(0.1, 2.0), months)).astype(float)


def _cumulative(months: int, random: np.random.Generator) -> Floats:
    return np.cumsum(random.gamma(2.0, 5.0, months) * (1 + 0.02 * np.arange(months)))


def _stock(months: int, random: np.random.Generator) -> Floats:
    steps = random.normal(random.uniform(-2, 15), random.uniform(5, 25), months)
    return np.maximum(1000 + np.cumsum(steps), 0)


def _ratio(months: int, random: np.random.Generator) -> Floats:
    level = random.uniform(0, 3) + np.cumsum(random.normal(0.01, 0.04, months))
    return 1 / (1 + np.exp(-level - random.normal(0, 0.1, months)))


_MAKERS = {
    "trend": ("flow", _trend),
    "spring festival": ("flow", _festival),
    "seasonal": ("flow", _seasonal),
    "level shift": ("flow", _shifted),
    "wandering": ("flow", _wandering),
    "rare events": ("cumulative", _rare),
    "cumulative": ("cumulative", _cumulative),
    "stock": ("stock", _stock),
    "ratio": ("ratio", _ratio),
}
