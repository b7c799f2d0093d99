"""Figures and words of the overview: what they show is what the tables hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from oneninex.core.i18n import LANGS, text
from oneninex.figures.charts import month_line, overview
from oneninex.figures.charts.figure import Figure

NAMES = {f"U{number}": f"单元{number}" for number in range(1, 10)}
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
MONTHS: list[dict[str, Any]] = [
    {"month": date(2026, 1, 1), "accepted": 1000, "status": "A", "units_reported": 9},
    {"month": date(2026, 2, 1), "accepted": 3000, "status": "P", "units_reported": 7},
    {"month": date(2026, 3, 1), "accepted": None, "status": "M", "units_reported": 0},
    {"month": date(2026, 4, 1), "accepted": 2000, "status": "A", "units_reported": 9},
    {"month": date(2026, 5, 1), "accepted": 2500, "status": "P", "units_reported": 8},
]


def months(rows: list[dict[str, Any]] = MONTHS) -> pa.Table:
    last = MONTHS[-1]["month"]
    return pa.Table.from_pylist(
        [{"units_due": 9, "provisional": row["month"] == last, **row} for row in rows]
    )


def lines(fig: Figure) -> list[dict[str, Any]]:
    return fig.to_dict()["data"]


def test_trend_shows_each_month_once_and_leaves_a_gap():
    solid, dashed, marked = lines(month_line.trend(months(), "accepted", "zh", "light", unit="条"))

    assert list(solid["y"]) == [1000, 3000, None, 2000]
    assert solid["connectgaps"] is False
    assert list(dashed["y"]) == [2000, 2500]
    assert dashed["line"]["dash"] == "dash"
    assert list(dashed["marker"]["symbol"]) == ["circle", "circle-open"]
    assert list(marked["text"]) == ["7/9", "8/9"]
    assert list(marked["y"]) == [3000, 2500]


def test_trend_of_provisional_months_only_is_dashed():
    rows = [{**row, "provisional": True} for row in MONTHS[:2]]

    dashed, _ = lines(month_line.trend(months(rows), "accepted", "zh", "dark", unit="条"))

    assert dashed["line"]["dash"] == "dash"
    assert list(dashed["marker"]["symbol"]) == ["circle-open", "circle-open"]


def test_without_a_column_of_its_own_the_status_says_what_is_provisional():
    series = month_line.points(months().drop_columns(["provisional"]), "accepted")

    assert [point.provisional for point in series] == [False, True, False, False, True]
    assert [point.incomplete for point in series] == [False, True, False, False, True]


def test_trend_of_nothing_is_a_figure_too():
    empty = months().slice(0, 0)

    assert month_line.trend(empty, "accepted", "zh", None, unit="条")
    assert month_line.describe_trend(empty, "accepted", "zh", unit="条") == text(
        "overview.trend_none", "zh"
    )


def test_trend_is_told_with_its_newest_and_its_highest_month():
    told = month_line.describe_trend(months(), "accepted", "zh", unit="条")

    assert "2026年5月为2,500条" in told
    assert "2026年2月（3,000条）" in told


def test_a_missing_newest_month_is_told_as_missing():
    told = month_line.describe_trend(months(MONTHS[:3]), "accepted", "zh", unit="条")

    assert "2026年3月：缺报" in told
    assert "3,000条" in told


def test_marks_are_explained_where_they_occur():
    full = month_line.trend_note(months(), "accepted", "zh") or ""

    assert all(
        text(f"overview.mark_{mark}", "zh") in full
        for mark in ("provisional", "incomplete", "missing")
    )
    assert month_line.trend_note(months(MONTHS[:1]), "accepted", "zh") is None


def test_the_table_below_the_line_holds_its_values_and_coverage():
    table = month_line.table(months(), "accepted")

    assert table.column("accepted").to_pylist() == [row["accepted"] for row in MONTHS]
    assert table.column("reported_units").to_pylist() == [9, 7, 0, 9, 8]
    unit = months([{**row, "units_due": 1} for row in MONTHS])
    assert month_line.table(unit, "accepted", "workers").column_names == [
        "month",
        "workers",
        "status",
    ]


def unit_row(unit: str, value: float | None, reported: bool, lon: float) -> dict[str, Any]:
    return {
        "unit_id": unit, "value": value, "reported": reported, "status": "P", "lon": lon,
        "lat": 33.0, "named_in": "assumed", "location_basis": "assumed",
    }  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_what_the_map_cannot_show_is_written_below_it(lang: str):
    rows = pa.Table.from_pylist(
        [
            unit_row("U1", 0.5, True, 119.0),
            unit_row("U2", None, True, 119.0),
            unit_row("U3", None, False, 118.0),
        ]
    )

    shared, undivided = overview.unit_notes(rows, NAMES, lang)

    assert "单元1" in shared
    assert "单元2" in shared
    assert "单元3" not in shared
    assert "单元2" in undivided
    assert overview.computable(rows).column("unit_id").to_pylist() == ["U1", "U3"]
    assert overview.ranking(rows, "acceptance_rate").column("acceptance_rate")[0].as_py() == 0.5
