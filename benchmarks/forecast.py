"""Do the forecasts hold, process by process, at the horizon that is asked about?

`python -m benchmarks.forecast`: each series is cut, what follows is forecast from the rest and
compared with what came: share of the 80% interval that holds it, width, CRPS against the
seasonal-naive baseline, and how often a target was met whose probability was said. Targets are
how another series of the same process went on. With `--write` the result is kept in
forecast_record.csv and forecast_reliability.csv, which the methods page shows. Nothing is random
between runs.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks import forecast_series
from benchmarks.forecast_series import Maker, Past
from oneninex.core.settings import ROOT
from oneninex.domain.analytics.forecast import Forecast, Series, forecast
from oneninex.domain.analytics.models import Floats

RECORD = ROOT / "oneninex" / "domain" / "analytics" / "forecast_record.csv"
RELIABILITY = RECORD.with_name("forecast_reliability.csv")
RECORD_COLUMNS = (
    "group", "process", "known_months", "months_ahead", "series", "too_early", "held", "width",
    "crps_over_naive",
)  # fmt: skip
RELIABILITY_COLUMNS = ("group", "said_from", "said_to", "targets", "met")
HORIZONS = (6, 13, 18)
LOWEST = 0.72
BINS = ((0.0, 0.1), (0.1, 0.3), (0.3, 0.7), (0.7, 0.9), (0.9, 1.01))
_TO_DATE = 10  # months that a flow has been added up for when its forecast begins


@dataclass
class Score:
    """What was found for one process at one horizon."""

    series: int = 0
    early: int = 0
    inside: list[bool] = field(default_factory=list)
    width: list[float] = field(default_factory=list)
    crps: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    said: list[float] = field(default_factory=list)
    met: list[bool] = field(default_factory=list)

    @property
    def coverage(self) -> float:
        """Share of the series whose value came inside the 80% interval."""
        return float(np.mean(self.inside)) if self.inside else float("nan")

    @property
    def relative(self) -> float:
        """Mean CRPS over that of the baseline."""
        return float(np.sum(self.crps) / np.sum(self.plain)) if self.plain else float("nan")

    def bins(self) -> list[tuple[int, float]]:
        """For each band of said probability: how many targets, and the share that was met."""
        said, met = np.array(self.said), np.array(self.met)
        found = []
        for low, high in BINS:
            mine = (said >= low) & (said < high)
            found.append((int(mine.sum()), float(met[mine].mean()) if mine.any() else np.nan))
        return found


@dataclass(frozen=True)
class Case:
    """One series with what came, and its forecast."""

    base: float
    came: Floats
    found: Forecast


def measure(
    processes: Mapping[str, tuple[str, Maker]],
    each: int,
    lengths: Iterable[int] = (22, 36),
    seed: int = 1,
) -> dict[tuple[str, int, int], Score]:
    """Scores by process, months known and horizon."""
    scores: dict[tuple[str, int, int], Score] = {}
    for place, (name, (kind, make)) in enumerate(processes.items()):
        for known in lengths:
            random = np.random.default_rng([seed, place, known])
            cases = [_case(kind, make, known, random) for _ in range(each)]
            for horizon in HORIZONS:
                scores[name, known, horizon] = _score(cases, horizon)
    return scores


def _case(kind: str, make: Maker, known: int, random: np.random.Generator) -> Case:
    start = date(2022 + int(random.integers(4)), 1 + int(random.integers(12)), 1)
    values = make(Past(known + HORIZONS[-1], known, start), random)
    past, rest = values[:known], values[known:]
    so_far = float(past[-_TO_DATE:].sum()) if kind == "flow" else 0.0
    found = forecast(Series(past, kind, so_far=so_far, start=start), HORIZONS[-1])
    assert found is not None
    came = so_far + np.cumsum(rest) if kind == "flow" else rest
    return Case(so_far if kind == "flow" else float(past[-1]), came, found)


def _score(cases: list[Case], horizon: int) -> Score:
    score, at = Score(series=len(cases)), horizon - 1
    for number, case in enumerate(cases):
        paths, came = case.found.paths[:, at], case.came[at]
        low, high = (case.found.quantile(share)[at] for share in (0.1, 0.9))
        if case.found.doubt:
            score.early += 1
            continue
        score.inside.append(bool(low - 1e-9 <= came <= high + 1e-9))
        score.width.append((high - low) / max(abs(came), 1e-9))
        score.crps.append(_crps(paths, came))
        score.plain.append(_crps(case.found.baseline[:, at], came))
        other = cases[number - 1]
        if abs(other.base) > 1e-9 and abs(case.base) > 1e-9:
            target = case.base * other.came[at] / other.base
            score.said.append(float(np.mean(paths >= target - 1e-9)))
            score.met.append(bool(came >= target - 1e-9))
    return score


def _crps(paths: Floats, came: float) -> float:
    ordered = np.sort(paths)
    n = ordered.size
    spread = 2 * np.sum(ordered * (np.arange(1, n + 1) - 0.5)) / n**2 - ordered.mean()
    return float(np.mean(np.abs(ordered - came)) - spread)


def pooled(scores: Iterable[Score]) -> Score:
    """All of them as one."""
    whole = Score()
    for score in scores:
        whole.series += score.series
        whole.early += score.early
        for name in ("inside", "width", "crps", "plain", "said", "met"):
            getattr(whole, name).extend(getattr(score, name))
    return whole


def main() -> None:
    """Print the record by process, and whether the promises are kept."""
    options = _options()
    started = time.perf_counter()
    groups = {"tuned": forecast_series.PROCESSES, "unseen": forecast_series.UNSEEN}
    rows, reliability, count = [], [], 0
    for group, processes in groups.items():
        scores = measure(processes, options.each)
        print(f"\n{group}\n{'process':40}{'known':>6}{'ahead':>6}{'early':>7}"
              f"{'held':>7}{'width':>7}{'CRPS':>7}")  # fmt: skip
        for (name, known, horizon), score in scores.items():
            early = score.early / score.series
            width = float(np.median(score.width)) if score.width else float("nan")
            print(f"{name:40}{known:>6}{horizon:>6}{early:>7.0%}{score.coverage:>7.0%}"
                  f"{width:>7.2f}{score.relative:>7.2f}")  # fmt: skip
            rows.append([group, name, known, horizon, score.series, *_figures(score, early, width)])
        count += sum(score.series for key, score in scores.items() if key[2] == HORIZONS[0])
        at_due = {key: score for key, score in scores.items() if key[2] == 13}
        below = [key for key, score in at_due.items() if score.coverage < LOWEST]
        ratio = np.exp(np.nanmean([np.log(score.relative) for score in at_due.values()]))
        print(
            f"13 months ahead: below {LOWEST:.0%}: {below or 'none'}; CRPS over naive {ratio:.2f}"
        )
        for (low, high), (n, met) in zip(BINS, pooled(at_due.values()).bins(), strict=True):
            print(f"said {low:.0%} to {min(high, 1):.0%}: met in {met:.0%} of {n}")
            reliability.append(
                [group, low, min(high, 1.0), n, "" if np.isnan(met) else f"{met:.3f}"]
            )
    print(f"{(time.perf_counter() - started) / count * 1000:.0f} ms for each series")
    if options.write:
        write(RECORD_COLUMNS, rows, RECORD)
        write(RELIABILITY_COLUMNS, reliability, RELIABILITY)


def _figures(score: Score, early: float, width: float) -> list[str]:
    figures = (early, score.coverage, width, score.relative)
    return ["" if np.isnan(figure) else f"{figure:.3f}" for figure in figures]


def write(columns: Iterable[str], rows: list[list[object]], path: Path) -> None:
    """Write a table of the record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(columns)
        out.writerows(rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--each", type=int, default=60, help="series of every process and length")
    parser.add_argument("--write", action="store_true", help="keep the record for the methods page")
    return parser.parse_args()


if __name__ == "__main__":
    main()
