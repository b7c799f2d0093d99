"""Parts add up, order does not matter, missing never becomes 0: for any returns."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from hypothesis import given as draw
from hypothesis import settings
from hypothesis import strategies as st

from oneninex.store import sql_catalog

UNITS = [f"U{number}" for number in range(1, 5)]
cell = st.none() | st.tuples(st.integers(0, 2000), st.integers(0, 100))
# For each unit and month (before, now): not reported, or up to three modalities.
month = st.none() | st.fixed_dictionaries(dict.fromkeys(("text", "image", "video"), cell))
cities = st.fixed_dictionaries({unit: st.tuples(month, month) for unit in UNITS})
MONTHS = ("2026-03-01", "2026-04-01")


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as opened:
        opened.execute(
            """create table output_monthly (month date, unit_id varchar, modality varchar,
            accepted bigint, reviewed_with_accepted bigint);
            create table unit_months (month date, unit_id varchar, reported boolean,
            status varchar, whole boolean);
            create table opening_month as select date '2026-04-01' as month;
            create table units (unit_id varchar);
            create table indicators (indicator_id varchar);
            create table indicator_monthly (indicator_id varchar, scope varchar, month date,
            value double, status varchar, units_reported bigint)"""
        )
        opened.executemany("insert into units values (?)", [[unit] for unit in UNITS])
        yield opened


def changed(connection: Any, city: dict[str, Any], reverse: bool = False) -> list[dict[str, Any]]:
    work, months = [], []
    for unit, both in city.items():
        for day, cells in zip(MONTHS, both, strict=True):
            told = {name: value for name, value in (cells or {}).items() if value}
            there = cells is not None
            months.append([day, unit, there, "A" if there else "M", there])
            for name, (reviewed, share) in told.items():
                work.append([day, unit, name, reviewed * share // 100, reviewed])
    connection.execute("delete from output_monthly; delete from unit_months")
    if work:
        marks = work[::-1] if reverse else work
        connection.executemany("insert into output_monthly values (?, ?, ?, ?, ?)", marks)
    connection.executemany("insert into unit_months values (?, ?, ?, ?, ?)", months)
    bound = dict.fromkeys(sql_catalog.parameters("what_changed"))
    return (
        connection.sql(sql_catalog.text("what_changed"), params=bound).to_arrow_table().to_pylist()
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@draw(city=cities)
def test_parts_sum_to_the_whole(connection: Any, city: dict[str, Any]):
    rows = changed(connection, city)
    for name in ("items_accepted", "acceptance_rate"):
        mine = [row for row in rows if row["indicator_id"] == name]
        compared = [row for row in mine if row["change"] is not None]
        for row in compared:
            parts = [row[part] for part in ("volume", "mix", "rate") if row[part] is not None]
            assert sum(parts) == pytest.approx(row["change"], abs=1e-9)
        if mine[0]["city_change"] is not None:
            whole = sum(row["change"] for row in compared)
            assert whole == pytest.approx(mine[0]["city_change"], abs=1e-9)


@settings(max_examples=25, deadline=None, derandomize=True)
@draw(city=cities)
def test_the_order_of_returns_does_not_matter(connection: Any, city: dict[str, Any]):
    turned = dict(reversed(city.items()))

    for one, other in zip(
        changed(connection, city), changed(connection, turned, reverse=True), strict=True
    ):
        assert one["unit_id"] == other["unit_id"]
        assert one["reason"] == other["reason"]
        assert one["change"] == pytest.approx(other["change"], abs=1e-9)


@settings(max_examples=40, deadline=None, derandomize=True)
@draw(city=cities)
def test_missing_never_becomes_nothing(connection: Any, city: dict[str, Any]):
    rows = changed(connection, city)
    for row in rows:
        before, now = city[row["unit_id"]]
        expected = {
            (True, True): "change",
            (True, False): "not_reported",
            (False, True): "newly_reported",
            (False, False): "neither",
        }[before is not None, now is not None]
        assert row["reason"] == expected
        if expected != "change":
            assert row["change"] is row["volume"] is row["mix"] is row["rate"] is None
        if now is None:
            assert row["value"] is None


def test_a_known_answer(connection: Any):
    # U1: 100 text at 80%, then 200 text at 90%. U2: half text, half image, then all image.
    city: dict[str, Any] = {
        "U1": ({"text": (100, 80)}, {"text": (200, 90)}),
        "U2": ({"text": (100, 50), "image": (100, 100)}, {"text": None, "image": (200, 100)}),
        "U3": ({"text": (1000, 50)}, None),
        "U4": (None, None),
    }
    rows = {
        row["unit_id"]: row
        for row in changed(connection, city)
        if row["indicator_id"] == "items_accepted"
    }
    assert [rows["U1"][part] for part in ("change", "volume", "mix", "rate")] == pytest.approx(
        [100, 85, 0, 15]
    )
    assert [rows["U2"][part] for part in ("change", "volume", "mix", "rate")] == pytest.approx(
        [50, 0, 50, 0]
    )
    assert rows["U3"]["reason"] == "not_reported"
    assert (rows["U1"]["city_change"], rows["U1"]["units_compared"]) == (150, 2)
