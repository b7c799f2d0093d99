"""Forecasts of the targets, made once for each snapshot from its tables and kept in it.

`forecasts` has one row per target and month to come, `arrivals` one per target; both belong to
the newest complete month of the data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from oneninex.domain.analytics import arrival
from oneninex.domain.analytics import forecast as forecasting
from oneninex.domain.analytics.forecast import Forecast, Series

Row = Mapping[str, Any]
FORECASTS = pa.schema(
    [
        ("target_id", pa.string()),
        ("month", pa.date32()),
        ("p10", pa.float64()),
        ("p50", pa.float64()),
        ("p90", pa.float64()),
        ("baseline", pa.float64()),
        ("model", pa.string()),
    ]
)
ARRIVALS = pa.schema(
    [
        ("target_id", pa.string()),
        ("as_at", pa.date32()),
        ("state", pa.string()),
        ("observed_months", pa.int64()),
        ("p10", pa.date32()),
        ("p50", pa.date32()),
        ("p90", pa.date32()),
        ("probability", pa.float64()),
        ("outlook", pa.string()),
        ("baseline_probability", pa.float64()),
        ("forecast_to", pa.date32()),
        ("model", pa.string()),
    ]
)
# What was forecast, month by month, for as long as the store has published; `made_on` is the month
# that the forecast starts from.
LOG = pa.schema(
    [
        ("target_id", pa.string()),
        ("made_on", pa.date32()),
        ("month", pa.date32()),
        ("p10", pa.float64()),
        ("p50", pa.float64()),
        ("p90", pa.float64()),
    ]
)
# How far past its due date a target is followed, and how many months ahead at most.
_AFTER_DUE, _FARTHEST = 12, 48
_NEVER_FALLS = ("flow", "cumulative")
# From where on a target is likely to be met in time, and below where it is unlikely.
_OUTLOOK = (0.8, 0.2)
# Beyond these the calibration of the forecasts supports no number.
_SUREST = (0.05, 0.95)


class Made(NamedTuple):
    """What an earlier snapshot has of a target: what its forecast rests on, and the forecast."""

    term: Row
    history: Sequence[Row]
    months: Sequence[Row]
    arrival: Row


def made_before(connection: duckdb.DuckDBPyConnection, earlier: Path) -> dict[str, Made]:
    """The forecasts of the snapshot whose database is `earlier`, by target; none if damaged."""
    path = str(earlier).replace("'", "''")
    try:
        connection.execute(f"attach '{path}' as made_before (read_only)")
    except duckdb.Error:
        return {}
    try:
        return kept(connection, "made_before")
    except duckdb.Error:
        return {}
    finally:
        connection.execute("detach made_before")


def kept(connection: duckdb.DuckDBPyConnection, place: str) -> dict[str, Made]:
    """The forecasts in a schema or an attached database, by target."""
    found = [
        _by_target(connection, f"from {place}.{table} order by all")
        for table in ("target_history", "forecasts", "arrivals", "forecast_terms")
    ]
    histories, months, arrivals, terms = found
    return {
        target: Made(term, histories.get(target, []), months.get(target, []), arrivals[target][0])
        for target, (term,) in terms.items()
        if target in arrivals
    }


def log_before(connection: duckdb.DuckDBPyConnection, earlier: Path) -> list[Row]:
    """Forecasts that earlier snapshots published; none if the database is damaged or older."""
    path = str(earlier).replace("'", "''")
    try:
        connection.execute(f"attach '{path}' as logged_before (read_only)")
    except duckdb.Error:
        return []
    try:
        return _rows(connection, "from logged_before.forecast_log")
    except duckdb.Error:
        return []
    finally:
        connection.execute("detach logged_before")


def _log(earlier: Sequence[Row], months: Sequence[Row]) -> list[Row]:
    """The log with this publication's forecasts in place of earlier ones of the same month."""
    found = {(row["target_id"], row["made_on"], row["month"]): row for row in earlier}
    start: dict[str, date] = {}
    for row in months:
        made_on = start.setdefault(row["target_id"], row["month"])
        if row["month"] > made_on:
            key = (row["target_id"], made_on, row["month"])
            found[key] = dict(
                zip(LOG.names, (*key, row["p10"], row["p50"], row["p90"]), strict=True)
            )
    return [found[key] for key in sorted(found)]


def _by_target(connection: duckdb.DuckDBPyConnection, statement: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in _rows(connection, statement):
        found.setdefault(row["target_id"], []).append(row)
    return found


def tables(
    connection: duckdb.DuckDBPyConnection,
    made: dict[str, Made] | None = None,
    log: Sequence[Row] = (),
) -> dict[str, pa.Table]:
    """The tables `forecasts`, `arrivals` and `forecast_log` of a database with judged targets.

    `made` are forecasts of an earlier snapshot, kept where nothing that they rest on has changed;
    `log` is what earlier snapshots published.
    """
    histories = _by_target(connection, "from target_history order by target_id, month")
    shared: dict[Any, Forecast | None] = {}
    months: list[Row] = []
    arrivals: list[Row] = []
    for term in _rows(connection, "from forecast_terms"):
        history = histories.get(term["target_id"], [])
        earlier = (made or {}).get(term["target_id"])
        if earlier and (earlier.term, earlier.history) == (term, history):
            months += earlier.months
            arrivals.append(earlier.arrival)
            continue
        ahead = _Ahead(term, history)
        found = ahead.forecast(shared)
        months += ahead.months(found)
        arrivals.append(ahead.arrival(found))
    return {
        "forecasts": pa.Table.from_pylist(months, FORECASTS),
        "arrivals": pa.Table.from_pylist(arrivals, ARRIVALS),
        "forecast_log": pa.Table.from_pylist(_log(log, months), LOG),
    }


class _Ahead:
    """One target: from where its value goes on, how far, and against what."""

    def __init__(self, term: Row, history: Sequence[Row]) -> None:
        self.term = term
        self.flow = term["kind"] == "flow"
        known = [i for i, row in enumerate(history) if self.flow or row["value"] is not None]
        self.history = list(history[: known[-1] + 1]) if known else []
        self.months_in_step = 12 // term["periods_in_year"]
        self.start: date = self.history[-1]["month"] if self.history else term["as_at"]
        self.due_step = _between(self.start, term["due"]) // self.months_in_step
        after = _AFTER_DUE // self.months_in_step
        self.steps = min(max(self.due_step, 0) + after, _FARTHEST // self.months_in_step)

    @property
    def series(self) -> Series:
        """The history as the forecast takes it."""
        values = [np.nan if row["value"] is None else row["value"] for row in self.history]
        so_far = self.history[-1]["so_far"] if self.flow else 0.0
        return Series(
            np.array(values),
            self.term["kind"],
            self.term["periods_in_year"],
            so_far,
            self.history[0]["month"],
        )

    def forecast(self, made: dict[Any, Forecast | None]) -> Forecast | None:
        """The forecast; `made` keeps those of targets that share a series."""
        if not self.history:
            return None
        series = self.series
        key = (series.values.tobytes(), series.kind, series.season, series.so_far, self.steps)
        key += (series.start,)
        if key not in made:
            made[key] = forecasting.forecast(series, self.steps)
        return made[key]

    def month(self, step: int | None) -> date | None:
        """The month of a step ahead, 0 being the last one known."""
        return None if step is None else _shift(self.start, step * self.months_in_step)

    def months(self, found: Forecast | None) -> list[Row]:
        """Rows of `forecasts`: the month it starts from, then each step ahead."""
        if found is None:
            return []
        lines = {f"p{share * 100:.0f}": found.quantile(share) for share in arrival.SHARES}
        lines["baseline"] = found.plain
        named = {"target_id": self.term["target_id"], "model": found.model}
        last = self.history[-1]["so_far"]
        begin = {**named, "month": self.start, **dict.fromkeys(lines, last)}
        rest = (
            {
                **named,
                "month": self.month(step + 1),
                **{name: float(line[step]) for name, line in lines.items()},
            }
            for step in range(self.steps)
        )
        return [begin, *rest]

    def arrival(self, found: Forecast | None) -> Row:
        """The row of `arrivals`."""
        term = self.term
        row: dict[str, Any] = {
            "target_id": term["target_id"],
            "as_at": term["as_at"],
            "state": self._state(found),
            "observed_months": self.series.observed if self.history else 0,
        }
        if found is not None:
            row |= {"model": found.model, "forecast_to": self.month(self.steps)}
        if row["state"] == "forecast" and found is not None:
            row |= self._expected(found)
        if row["state"] == "arrived":
            row |= dict.fromkeys(("p10", "p50", "p90"), term["reached_in"])
            row |= self._held(found)
        return row | {"outlook": self._outlook(row)}

    def _outlook(self, row: Row) -> str:
        """Likely, uncertain or unlikely; otherwise why no probability says so."""
        share = row.get("probability")
        if row["state"] == "arrived" and (share == 1.0 or self.due_step <= 0):
            return "met"
        if share is None:
            return "too_early" if row["state"] == "arrived" else row["state"]
        likely, unlikely = _OUTLOOK
        return "likely" if share >= likely else "uncertain" if share >= unlikely else "unlikely"

    def _state(self, found: Forecast | None) -> str:
        if self.term["state"] in ("not_stated", "no_value", "not_begun", "incomplete"):
            return self.term["state"]
        if self.term["state"] == "achieved":
            return "arrived"
        if _between(self.term["as_at"], self.term["due"]) <= 0 or self.due_step <= 0:
            return "past_due"
        return "too_early" if found is None or found.doubt else "forecast"

    def _expected(self, found: Forecast) -> dict[str, Any]:
        there = self._arrival(found.paths)
        plain = self._arrival(found.baseline)
        # What has not arrived by now arrives in a month to come, not in one that is over.
        first = _shift(self.term["as_at"], 1)
        steps = {"p10": there.early, "p50": there.middle, "p90": there.late}
        found_in = {name: self.month(step) for name, step in steps.items()}
        return {
            **{name: month and max(month, first) for name, month in found_in.items()},
            "probability": there.probability,
            "baseline_probability": plain.probability,
        }

    def _held(self, found: Forecast | None) -> dict[str, Any]:
        """How likely what is reached still holds when due; sure where the value never falls."""
        if self.term["kind"] in _NEVER_FALLS or self.due_step <= 0:
            return {"probability": 1.0, "baseline_probability": 1.0 if found else None}
        if found is None or found.doubt:
            return {}
        return {
            "probability": self._arrival(found.paths).probability,
            "baseline_probability": self._arrival(found.baseline).probability,
        }

    def _arrival(self, paths: np.ndarray) -> arrival.Arrival:
        due = min(self.due_step, self.steps)
        found = arrival.arrival(paths, self.term["target"], self.term["operator"], due)
        return replace(found, probability=float(np.clip(found.probability, *_SUREST)))


def _rows(connection: duckdb.DuckDBPyConnection, statement: str) -> list[Row]:
    return connection.execute(statement).to_arrow_table().to_pylist()


def _between(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month


def _shift(month: date, months: int) -> date:
    year, place = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(year, place + 1, 1)
