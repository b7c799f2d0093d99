"""Huai'an beside other places: like with like, and every figure with source and date."""

from __future__ import annotations

from datetime import date

import pytest

from tests.queries.given import PLAN, Given

BASES, SHENYANG = "Seven national labeling bases", "Shenyang"


def place(rows: list[dict], name: str) -> dict:
    (row,) = [row for row in rows if row["place_en"] == name]
    return row


def test_ratios_are_those_that_the_published_figures_give(given: Given):
    workers = given.run("benchmarks", indicator_id="workers")
    money = given.run("benchmarks", indicator_id="labeling_revenue")

    found = {row["place_en"]: row["per_enterprise"] for row in workers if not row["here"]}
    assert round(found[BASES]) == 260
    assert round(found[SHENYANG]) == 182
    assert round(found["Guizhou Province"]) == 136
    assert round(found["Yunyan District, Guiyang"]) == 52
    # In 万元: 143,000 and 219,000 yuan a worker, 14 and 40 million an enterprise.
    assert place(money, BASES)["per_worker"] == pytest.approx(14.31, abs=0.005)
    assert place(money, SHENYANG)["per_worker"] == pytest.approx(21.95, abs=0.005)
    assert place(money, "Guiyang and Gui'an")["per_enterprise"] == pytest.approx(1390, abs=0.5)
    assert place(money, SHENYANG)["per_enterprise"] == pytest.approx(3985, abs=0.5)


def test_a_newer_figure_keeps_the_ratio_of_the_day_that_has_both_numbers(given: Given):
    row = place(given.run("benchmarks", indicator_id="annotated_volume"), BASES)

    assert (row["value"], row["as_of"]) == (29000, date(2025, 6, 1))
    assert row["per_worker"] == pytest.approx(17282 / 58000)
    assert row["ratio_as_of"] == date(2025, 3, 20)


def test_what_counts_otherwise_is_not_comparable(given: Given):
    given.add("labeling_daily", date="2026-10-30", volume_gb=5)
    rows = given.run("benchmarks")
    kinds = {(r["indicator_id"], r["place_en"]): (r["comparable"], r["caution"]) for r in rows}

    assert kinds["labeling_revenue", SHENYANG][0] is False
    assert kinds["annotated_volume", SHENYANG] == (True, "start")
    assert kinds["annotated_volume", "Huai'an"] == (True, None)
    assert not any(r["comparable"] for r in rows if r["kind"] in ("wider", "induced"))


def test_wider_figures_are_divided_by_wider_ones_only(given: Given):
    workers = place(given.run("benchmarks", indicator_id="workers"), "Baoding")
    models = place(given.run("benchmarks", indicator_id="models_served"), "Baoding")

    assert (workers["comparable"], workers["per_enterprise"]) == (False, 60)
    assert (models["per_worker"], models["per_enterprise"]) == (None, None)


def test_here_is_divided_over_the_units_that_tell_both(given: Given):
    given.add("workforce_monthly", month="2026-10-01", unit_id="U1", full_time=80, part_time=20)
    given.add("enterprises", enterprise_id="E1", unit_id="U1")
    given.add("enterprises", enterprise_id="E2", unit_id="U1")
    given.add("enterprises", enterprise_id="E3", unit_id="U2")

    row = place(given.run("benchmarks", indicator_id="workers"), "Huai'an")

    assert (row["value"], row["per_enterprise"]) == (100, 50)
    assert (row["units_reported"], row["units_due"]) == (1, 9)


def test_revenue_of_fewer_than_four_quarters_is_missing(given: Given):
    for quarter in ("2025Q4", "2026Q1", "2026Q2"):
        given.add("enterprise_quarterly", quarter=quarter, labeling_revenue_10k_cny=5)

    row = place(given.run("benchmarks", indicator_id="labeling_revenue"), "Huai'an")

    assert (row["value"], row["caution"]) == (None, "not_here")


def test_revenue_is_that_of_the_last_four_quarters(given: Given):
    for quarter in ("2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2"):
        given.add("enterprise_quarterly", quarter=quarter, labeling_revenue_10k_cny=5)

    row = place(given.run("benchmarks", indicator_id="labeling_revenue"), "Huai'an")

    assert (row["value"], row["since"], row["as_of"]) == (20, date(2025, 7, 1), date(2026, 6, 30))


def test_every_published_figure_is_listed_with_source_and_date(given: Given):
    rows = given.run("benchmark_figures")
    filed = PLAN["plan_benchmarks"].to_pylist()

    assert len(rows) == len(filed)
    assert {(r["place_en"], r["indicator_id"], r["value"], r["as_of"]) for r in rows} == {
        (r["place_en"], r["indicator_id"], r["value"], r["as_of"]) for r in filed
    }
    assert all(row["source"].startswith("http") and row["as_of"] for row in rows)
