"""Does the 80% interval hold 80%, and is the forecast better than the baseline?

`python -m benchmarks.forecast`: each series is cut, its last months are forecast from the rest,
and what was forecast is compared with what came. Prints coverage of the 80% interval and the mean
absolute error against the seasonal-naive baseline, by kind of series. Nothing is random from one
run to the next.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from benchmarks import forecast_series, told
from oneninex.domain.analytics.forecast import Series, forecast
from oneninex.domain.analytics.models import Floats

LOWEST, HIGHEST = 0.72, 0.88


@dataclass
class Score:
    """What was found for series of one kind."""

    series: int = 0
    inside: list[bool] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    baseline: list[float] = field(default_factory=list)

    @property
    def coverage(self) -> float:
        """Share of the held-out months inside the interval."""
        return float(np.mean(self.inside))

    @property
    def relative(self) -> float:
        """Mean absolute error over the baseline's; each series counts alike (geometric mean)."""
        pairs = zip(self.errors, self.baseline, strict=True)
        logs = [np.log(error / base) for error, base in pairs if error > 0 and base > 0]
        return float(np.exp(np.mean(logs))) if logs else float("nan")

    def add(self, values: Floats, kind: str, held_out: int) -> None:
        """Forecast the last months of one series from the others."""
        past, actual = values[:-held_out], values[-held_out:]
        found = forecast(Series(past, kind), held_out)
        if found is None:
            return
        came = np.cumsum(actual) if kind == "flow" else actual
        low, middle, high = (found.quantile(share) for share in (0.1, 0.5, 0.9))
        self.series += 1
        self.inside += list((came >= low - 1e-9) & (came <= high + 1e-9))
        self.errors.append(float(np.mean(np.abs(came - middle))))
        self.baseline.append(float(np.mean(np.abs(came - found.plain))))


def measure(each: int, held_out: int) -> dict[str, Score]:
    """Scores by kind of series; `each` simulated ones of every kind, and the real ones."""
    scores: dict[str, Score] = defaultdict(Score)
    given = chain(forecast_series.simulated(each, held_out), forecast_series.real(24, held_out))
    for name, kind, values in given:
        for score in (scores[name], scores["all"]):
            score.add(values, kind, held_out)
    return scores


def main() -> None:
    """Print coverage and error by kind of series, and whether the promise is kept."""
    options = _options()
    started = time.perf_counter()
    scores = measure(options.each, options.months)
    seconds = time.perf_counter() - started
    print(f"{'series':24}{'number':>8}{'coverage':>10}{'error / baseline':>18}")
    for name, score in [*sorted(scores.items(), key=lambda item: item[0] == "all")]:
        print(f"{name:24}{score.series:>8}{score.coverage:>10.1%}{score.relative:>18.2f}")
    kept = LOWEST <= scores["all"].coverage <= HIGHEST
    print(f"80% interval holds between {LOWEST:.0%} and {HIGHEST:.0%}: {'yes' if kept else 'NO'}")
    told.ratio("error of forecasts", "plain baseline", [scores["all"].relative], most=1.0)
    print(f"{seconds / (2 * scores['all'].series) * 1000:.0f} ms for each series")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--each", type=int, default=30, help="simulated series of every kind")
    parser.add_argument("--months", type=int, default=12, help="months held out of each")
    return parser.parse_args()


if __name__ == "__main__":
    main()
