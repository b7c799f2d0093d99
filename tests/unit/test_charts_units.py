"""Figures and sentences of the page of units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from oneninex.core.i18n import LANGS, text
from oneninex.figures.charts import changes, quality_limits, units, workdays
from oneninex.figures.charts.figure import Figure

NAMES = {f"U{n}": f"单元{n}" for n in range(1, 10)}
BASES = {"reported": "自报", "active_time": "操作"}


def notes(fig: Figure) -> list[str]:
    """What is written on a figure."""
    return [note["text"] for note in fig.to_dict()["layout"]["annotations"]]


def unit(name: str, index: float | None, **more: Any) -> dict[str, Any]:
    return {
        "unit_id": name, "kind": "characteristic", "hours_basis": "reported",
        "earned_hours": 10.0, "hours": 10.0, "index": index,
        "index_low": index and index * 0.9, "index_high": index and index * 1.1,
        "items": 100 if index else None, "comparable": index is not None, "peers": 2,
        "rank_from": 1, "rank_to": 3, "surely_above": 0, "surely_below": 0,
        "unmeasured_share": 0.0, "no_peer_share": 0.0, **more,
    }  # fmt: skip


def productivity(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows))


EQUAL = productivity(unit("U3", 1.0), unit("U4", 1.05), unit("U5", 0.98))
BEHIND = productivity(
    unit("U3", 1.0, rank_to=2, surely_below=1),
    unit("U4", 1.05, rank_to=2, surely_below=1),
    unit("U6", 0.5, rank_from=3, surely_above=2),
)


@pytest.mark.parametrize("lang", LANGS)
def test_no_place_where_intervals_overlap(lang: str):
    words = units.sentence(EQUAL.to_pylist(), NAMES, BASES, lang)

    assert words == text(
        "units.nobody_ahead", lang,
        kind=text("units.kind_characteristic", lang), basis="自报", count=3,
    )  # fmt: skip


def test_who_is_really_behind_is_named_and_the_rest_is_not_ranked():
    words = units.sentence(BEHIND.to_pylist(), NAMES, BASES, "zh")

    assert "单元6（指数 0.50）明显低于同类单元" in words
    assert "单元3" not in words


def test_a_unit_without_peers_is_compared_with_nobody():
    lone = productivity(unit("U3", 1.2, comparable=False, peers=0, rank_from=None, rank_to=None))

    assert units.sentence(lone.to_pylist(), NAMES, BASES, "zh") == text(
        "units.nobody_comparable", "zh"
    )


def control_rows(values: Sequence[float | None], signals: dict[int, str]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "month": date(2026, n + 1, 1), "unit_id": "U3", "value": value, "trials": 100,
                "centre": 0.9, "lower": 0.85, "upper": 0.95, "basis": "level", "charts": 9,
                "points": sum(v is not None for v in values), "signal": signals.get(n),
                "status": "M" if value is None else "A",
            }
            for n, value in enumerate(values)
        ]
    )  # fmt: skip


def test_signals_are_explained_and_gaps_stay():
    table = control_rows([0.9, None, *[0.9] * 7, 0.8], {9: "below"})
    fig = quality_limits.control(table, NAMES, "zh", "light")

    assert fig.data[0].y[1] is None
    assert not fig.data[0].connectgaps
    assert list(fig.data[1].y) == [0.8]
    words = quality_limits.describe_control(table, NAMES, "acceptance_rate", "zh")
    assert "2026年10月（80.0%）：低于下限" in words


def test_it_says_how_many_charts_were_searched():
    table = control_rows([0.8] * 5 + [0.95] * 5, {5: "shift_above"})

    words = quality_limits.describe_control(table, NAMES, "acceptance_rate", "zh")
    assert "共查看9张控制图" in words
    assert "水平持续抬升" in words


def test_too_few_months_are_too_early():
    table = control_rows([0.9, 0.9], {})

    words = quality_limits.describe_control(table, NAMES, "acceptance_rate", "en")
    assert "2 months" in words
    assert "too early" in words


def part(name: str, change: float | None, reason: str = "change", **more: Any) -> dict[str, Any]:
    return {
        "indicator_id": "items_accepted", "unit_id": name, "month": date(2026, 10, 1),
        "base_month": date(2026, 9, 1), "value": 100.0 if change is not None else None,
        "value_before": 50.0, "change": change, "volume": change, "mix": 0.0 if change else None,
        "rate": 0.0 if change else None, "city_value": 300.0, "city_value_before": 200.0,
        "city_change": 100.0, "units_compared": 2, "units_due": 3, "reason": reason,
        "status": "A", "city_suppressed": False, **more,
    }  # fmt: skip


PARTS = pa.Table.from_pylist(
    [
        part("U1", 80.0, volume=60.0, mix=15.0, rate=5.0),
        part("U2", 20.0),
        part("U9", None, "not_reported"),
    ]
)


@pytest.mark.parametrize("lang", LANGS)
def test_each_number_of_the_sentence_leads_to_its_rows(lang: str):
    words = changes.sentence(PARTS, "items_accepted", NAMES, lang)
    links = re.findall(r"\[([^]]+)\]\((units\?[^)]+)\)", words)

    assert [number for number, _ in links] == ["+100", "+80", "+15", "+5", "+80"]
    assert all(f"lang={lang}" in address and "to_month=2026-10" in address for _, address in links)
    assert "unit=U1" in links[-1][1]
    assert text("units.absent_not_reported", lang, units="单元9") in words


@pytest.mark.parametrize("lang", LANGS)
def test_a_month_that_the_festival_distorts_is_not_compared_alone(lang: str):
    both = {
        "indicator_id": "items_accepted", "month": date(2026, 10, 1), "holiday_zh": "春节",
        "holiday_en": "Spring Festival", "current": 120.0, "previous": 100.0, "per_day": None,
        "per_day_before": None,
    }  # fmt: skip
    joined = [{**both, "month": date(2026, 2, 1)}]
    rows = [{**row, "month": date(2026, 2, 1)} for row in PARTS.to_pylist()]

    words = changes.sentence(
        pa.Table.from_pylist(rows), "items_accepted", NAMES, lang, joined=joined
    )

    assert "20.0%" in words
    assert "+100" not in words
    assert text("units.absent_not_reported", lang, units="单元9") in words


def test_the_bars_are_the_parts_and_the_missing_has_a_word():
    fig = changes.parts(PARTS, NAMES, None, "zh", "light")

    assert {trace.name: list(trace.x) for trace in fig.data} == {
        "业务量": [60.0, 20.0], "结构": [15.0, 0.0], "合格率": [5.0, 0.0],
    }  # fmt: skip
    assert text("overview.bar_not_reported", "zh") in notes(fig)


def test_a_withheld_change_says_so():
    hidden = {"reason": "suppressed", "status": "C", "city_change": None, "city_value": None}
    rows = [part(name, None, **hidden, city_suppressed=True) for name in ("U1", "U2")]

    words = changes.sentence(pa.Table.from_pylist(rows), "items_accepted", NAMES, "zh")
    assert "保密" in words
    assert "缺报" not in words


def test_a_difference_of_rates_is_in_points():
    rate = {"indicator_id": "acceptance_rate", "city_change": 0.012, "city_value": 0.95}
    table = pa.Table.from_pylist([part("U1", 0.012, volume=None, mix=0.002, rate=0.01, **rate)])

    words = changes.sentence(table, "acceptance_rate", NAMES, "zh")
    assert "+1.20 个百分点" in words
    assert "%" not in re.sub(r"\([^)]*\)", "", words).replace("个百分点", "")
    shown = changes.shown(table, None)
    assert shown.column("change_pp").to_pylist() == [1.2]


def test_periods_of_two_months_are_one():
    assert workdays.period(date(2026, 1, 1), date(2026, 2, 1), "zh") == "2026年1–2月"
    assert workdays.period(date(2026, 3, 1), date(2026, 3, 1), "zh") == "2026年3月"


def day_row(**more: Any) -> dict[str, Any]:
    return {
        "month": date(2027, 3, 1), "last_month": date(2027, 3, 1), "accepted": 2300,
        "working_days": 23, "per_day": 100.0, "mom_per_day": 100.0, "mom_per_day_before": 0.0,
        "yoy_per_day": None, "yoy_per_day_before": None, "units_reported": 9, "units_due": 9,
        "announced": False, "status": "P", **more,
    }  # fmt: skip


def test_a_base_of_nothing_and_an_unknown_year_are_said():
    words = workdays.describe_per_day(pa.Table.from_pylist([day_row()]), "zh")

    assert "基数为0" in words
    assert text("units.no_yoy", "zh") in words
    assert "尚未公布" in words


def test_a_period_without_returns_is_a_gap():
    missing = day_row(month=date(2027, 4, 1), accepted=None, per_day=None, status="M")
    fig = workdays.per_day(pa.Table.from_pylist([day_row(), missing]), "zh", "light")

    assert list(fig.data[0].y) == [100.0, None]
    assert "缺报" in notes(fig)
