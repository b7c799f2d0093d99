"""How often does a control chart cry wolf, and does it find a real shift?

`python -m benchmarks.control_charts`: simulated cities of nine units and 22 months. Of cities in
control the share that shows any signal is counted; of cities in which one unit falls by three
points for good, or by seven points for a month, the share in which that unit shows it. The query
is the product's own, over tables of the simulated months.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa

from oneninex.store import sql_catalog

UNITS, MONTHS = 9, 22
MOST_FALSE, LEAST_FOUND = 0.05, 0.9
Rates = np.ndarray
Random = np.random.Generator


def _even(random: Random) -> Rates:
    return np.repeat(random.uniform(0.86, 0.97, (UNITS, 1)), MONTHS, axis=1)


def _learning(random: Random) -> Rates:
    """From 85 to 93% in 22 months, as all units do."""
    return 0.85 + 0.08 * np.arange(MONTHS) / MONTHS + random.normal(0, 0.01, (UNITS, 1))


def _festival(random: Random) -> Rates:
    return _even(random) - np.where(np.arange(MONTHS) % 12 == 1, 0.03, 0)


def _spread(random: Random) -> Rates:
    """Months differ by half a point more than chance."""
    return _even(random) + random.normal(0, 0.005, (UNITS, MONTHS))


def _usual_trials(random: Random) -> np.ndarray:
    return np.full((UNITS, MONTHS), int(random.choice([1500, 3000, 10_000])))


def _uneven_trials(random: Random) -> np.ndarray:
    return np.exp(random.normal(np.log(3000), 1.0, (UNITS, MONTHS))).astype(int) + 50


PROCESSES: dict[str, tuple[Callable[[Random], Rates], Callable[[Random], np.ndarray]]] = {
    "in control": (_even, _usual_trials),
    "uneven trials": (_even, _uneven_trials),
    "learning": (_learning, _usual_trials),
    "Spring Festival": (_festival, _usual_trials),
    "more than chance": (_spread, _usual_trials),
}


def signals(rates: Rates, trials: np.ndarray, random: Random) -> list[tuple[int, int, str]]:
    """Unit, month and kind of each signal of one simulated city."""
    good = random.binomial(trials, np.clip(rates, 0.01, 0.995))
    units, months = np.indices(good.shape)
    days = [date(2025 + m // 12, m % 12 + 1, 1) for m in range(MONTHS)]
    named = {
        "month": pa.array([days[m] for m in months.ravel()]),
        "unit_id": pa.array([f"U{u + 1}" for u in units.ravel()]),
    }
    measured = {
        "modality": pa.array(["text"] * good.size),
        "accepted": pa.array(good.ravel()),
        "reviewed_with_accepted": pa.array(trials.ravel()),
        **dict.fromkeys(
            ("accepted_first_pass", "reviewed_with_first_pass", "gold_correct",
             "gold_items_with_correct"),
            pa.nulls(good.size, pa.int64()),
        ),
    }  # fmt: skip
    with duckdb.connect(config={"threads": "1"}) as connection:
        connection.register("output_monthly", pa.table({**named, **measured}))
        status = {"status": pa.array(["A"] * good.size)}
        connection.register("unit_months", pa.table({**named, **status}))
        asked = dict.fromkeys(sql_catalog.parameters("control_chart"))
        found = connection.execute(sql_catalog.text("control_chart"), asked).to_arrow_table()
    return [
        (int(row["unit_id"][1:]) - 1, days.index(row["month"]), row["signal"])
        for row in found.to_pylist()
        if row["signal"]
    ]


def false_alarms(name: str, cities: int, seed: int = 1) -> float:
    """Share of cities in control that show any signal."""
    random = np.random.default_rng(seed)
    make, tried = PROCESSES[name]
    shown = [bool(signals(make(random), tried(random), random)) for _ in range(cities)]
    return float(np.mean(shown))


def shifts_found(
    name: str, cities: int, points: float = 0.03, *, lasting: bool = True, seed: int = 2
) -> float:
    """Share of cities in which the one unit that fell is shown to have."""
    random = np.random.default_rng(seed)
    make, tried = PROCESSES[name]
    found = []
    for _ in range(cities):
        rates = make(random)
        unit, month = int(random.integers(UNITS)), int(random.integers(5, MONTHS - 4))
        rates[unit, month : None if lasting else month + 1] -= points
        found.append(
            any(u == unit and m >= month - 2 for u, m, _ in signals(rates, tried(random), random))
        )
    return float(np.mean(found))


def main() -> None:
    """Print false alarms and shifts found for each process."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cities", type=int, default=200)
    cities = parser.parse_args().cities
    print(
        f"{'process':20}{'signals in control':>20}{'3 points, lasting':>20}"
        f"{'7 points, 1 month':>20}"
    )
    for name in PROCESSES:
        wrong = false_alarms(name, cities)
        lasting = shifts_found(name, cities)
        once = shifts_found(name, cities, 0.07, lasting=False)
        print(f"{name:20}{wrong:>20.1%}{lasting:>20.1%}{once:>20.1%}", flush=True)


if __name__ == "__main__":
    main()
