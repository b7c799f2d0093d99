"""A forecast that rests on what has not changed is kept; any other is made anew."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from oneninex.domain.analytics import forecast as forecasting
from oneninex.store import forecasts, query
from tests.store.conftest import labeling

MONTHS = [date(2025 + n // 12, n % 12 + 1, 2) for n in range(6, 20)]


def year(**changes):
    return [labeling(date=day, volume_gb=20.0 + n % 5) | changes for n, day in enumerate(MONTHS)]


@pytest.fixture
def made(monkeypatch):
    """How many series have been forecast."""
    asked = []
    real = forecasting.forecast
    monkeypatch.setattr(forecasting, "forecast", lambda *of: asked.append(of) or real(*of))
    return asked


def kept_and_fresh(snapshot):
    with duckdb.connect(str(snapshot.path), read_only=True) as connection:
        names = ("forecasts", "arrivals", "forecast_log")
        kept = {n: connection.sql(f"from {n}").to_arrow_table() for n in names}
        return kept, forecasts.tables(connection)


def test_the_same_series_is_not_forecast_again_and_another_one_is(publish, made):
    publish(year())
    first = len(made)
    assert first > 0

    publish(year(items=11), name="items.csv")
    again = len(made) - first
    snapshot = publish([year(volume_gb=90.0)[3]], name="volume.csv")
    anew = len(made) - first - again

    assert again < first
    assert anew > again
    kept, fresh = kept_and_fresh(snapshot)
    assert {n: t.to_pylist() for n, t in kept.items()} == {
        n: t.to_pylist() for n, t in fresh.items()
    }


def test_methods_that_have_changed_forecast_again(publish, made, monkeypatch):
    publish(year())
    first = len(made)
    monkeypatch.setattr("oneninex.store.sql_catalog.build_sha256", lambda: "other")

    publish(year(), name="same.csv")

    assert len(made) == 2 * first


def test_what_was_forecast_is_kept_and_compared_with_what_came(publish):
    publish([labeling(date=day, volume_gb=20.0 + n % 5) for n, day in enumerate(MONTHS[:-2])])
    snapshot = publish([labeling(date=day, volume_gb=21.0) for day in MONTHS[-2:]], name="b.csv")

    rows = query("forecast_record", snapshot=snapshot, target_id="hub_volume").to_pylist()

    first = [row for row in rows if row["made_on"] == MONTHS[-4].replace(day=1)]
    assert [row["horizon"] for row in first[:2]] == [1, 2]
    assert all(row["actual"] is not None and row["inside"] is not None for row in first[:2])
    assert {row["actual"] for row in first[2:]} == {None}
    assert {row["made_on"] for row in rows} > {row["made_on"] for row in first}
