"""Figures and words of the targets: what they show is what the tables hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from oneninex.figures.charts import (
    target_path,
    target_tables,
    target_words,
)

LOOKS = {
    "green": {"colour": "#00785A", "shape": "circle", "word": "正常"},
    "yellow": {"colour": "#B87700", "shape": "triangle", "word": "提示"},
    "red": {"colour": "#C0341D", "shape": "square", "word": "警告"},
}
ROW: dict[str, Any] = {
    "target_id": "datasets", "name": "高质量数据集数量", "unit": "个", "kind": "cumulative",
    "plan": "ai_plan", "operator": "reach", "target": 50.0, "stated": True, "value": 10.0,
    "value_month": date(2026, 12, 1), "status": "P", "units_reported": 7, "units_due": 9,
    "baseline": 0.0, "baseline_stated": False, "baseline_on": None, "due": date(2027, 12, 31),
    "done_share": 0.2, "time_share": 0.5, "gap_pp": -30.0, "light": "yellow", "state": "behind",
    "needed_per_month": 40 / 12, "recent_per_month": 0.5, "catch_up": 40 / 12 / 0.5,
    "sentence": "（译）50个高质量数据集", "source": "https://example.test/plan",
    "lead_office": None, "supporting_offices": None, "growth_ratio": None,
    "arrival_p10": date(2027, 9, 1), "arrival_p50": date(2028, 3, 1), "arrival_p90": None,
    "arrival_state": "forecast", "probability": 0.31, "observed_months": 12,
    "forecast_to": date(2028, 12, 1), "forecast_model": "counted",
    "baseline_probability": 0.2,
}  # fmt: skip
UNSTATED = {
    "target": None, "stated": False, "done_share": None, "gap_pp": None, "light": "none",
    "state": "not_stated", "needed_per_month": None, "catch_up": None,
}  # fmt: skip
RATE = {
    "target_id": "growth", "name": "收入同比增长", "unit": "%", "kind": "growth",
    "operator": "exceed", "target": 0.2, "value": 0.25, "done_share": 1.25, "time_share": None,
    "gap_pp": 5.0, "light": "green", "state": "achieved", "needed_per_month": None,
    "recent_per_month": None, "catch_up": None,
}  # fmt: skip


def row(**changes: Any) -> dict[str, Any]:
    return {**ROW, **changes}


def table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows))


def series() -> pa.Table:
    """October and December observed, November missing, January to come."""
    values = [(10, 8.0, "A"), (11, None, "M"), (12, 10.0, "P"), (13, None, None)]
    return table(
        *(
            {
                "month": date(2026 + (month > 12), (month - 1) % 12 + 1, 1),
                "day": date(2026 + (month > 12), (month - 1) % 12 + 1, 28),
                "value": value,
                "status": status,
                "scheduled": 50 * month / 24,
            }
            for month, value, status in values
        )
    )


def trace(fig: Any, name: str) -> Any:
    return next(found for found in fig.data if found.name == name)


def covered(points: pa.Table) -> pa.Table:
    nine = pa.array([9] * points.num_rows, pa.int64())
    return points.append_column("units_reported", nine).append_column("units_due", nine)


def traces(fig: Any) -> list[Any]:
    return list(fig.data)


def level(fig: Any) -> list[float]:
    """Heights of the level lines."""
    return [shape.y0 for shape in fig.layout.shapes if shape.y0 == shape.y1]


def written(fig: Any) -> str:
    return " | ".join(note.text for note in fig.layout.annotations)


def test_a_missing_month_is_a_gap_and_a_provisional_one_hollow() -> None:
    observed = trace(target_path.path(series(), row(), LOOKS, "zh"), "实际")

    assert list(observed.y) == [8.0, None, 10.0]
    assert observed.connectgaps is False
    assert list(observed.marker.symbol) == ["circle", "circle", "circle-open"]


def test_the_schedule_moves_with_time_and_ends_in_the_target() -> None:
    fig = target_path.path(series(), row(), LOOKS, "zh")

    assert list(trace(fig, "序时线").y) == [50 * month / 24 for month in (10, 11, 12, 13)]
    assert list(trace(fig, "达到50个").y) == [50.0]
    assert level(fig) == []


def test_today_is_marked_with_what_should_be_and_what_is() -> None:
    said = written(target_path.path(series(), row(), LOOKS, "zh"))

    assert "截至 2026年12月28日" in said
    assert "应达 25个" in said
    assert "实际 10个" in said


def test_a_rate_has_a_level_line_and_no_schedule() -> None:
    points = series().set_column(4, "scheduled", pa.nulls(4, pa.float64()))
    fig = target_path.path(points, row(**RATE), LOOKS, "zh")

    assert level(fig) == [0.2]
    assert "序时线" not in {found.name for found in traces(fig)}
    assert "超过20%" in written(fig)


def test_a_target_that_nobody_stated_has_no_line_at_all() -> None:
    points = series().set_column(4, "scheduled", pa.nulls(4, pa.float64()))
    fig = target_path.path(points, row(**UNSTATED), LOOKS, "zh")

    assert {found.name for found in traces(fig)} == {"实际"}
    assert level(fig) == []


def test_sentences_of_targets_without_number_value_or_schedule() -> None:
    assert "未明确" in target_path.describe_path(series(), row(**UNSTATED), "zh")
    nothing = row(value=None, value_month=None, state="no_value", gap_pp=None)
    assert "还没有" in target_path.describe_path(series(), nothing, "zh")
    assert "+5.0 个百分点" in target_path.describe_path(series(), row(**RATE), "zh")


def test_at_the_number_to_be_exceeded_no_pace_says_that_all_is_done() -> None:
    at = row(operator="exceed", target=10.0, needed_per_month=0.0, catch_up=0.0)

    assert target_words.catch_up(at, "zh") == ""


def test_goals_say_operator_and_working_assumption() -> None:
    assert target_words.goal(row(operator="exceed", target=35.0), "zh") == "超过35个"
    assert target_words.goal(row(), "en") == "reach 50"
    assert "暂定" in target_words.goal(row(plan="working"), "zh")
    assert target_words.goal(row(**UNSTATED), "zh") == "未明确"


def test_tables_say_why_a_number_is_not_there() -> None:
    points = target_tables.series(covered(series()), row(), "zh")

    assert points.column("value").to_pylist() == ["8", "缺报", "10", "未到或非报送月"]
    assert points.column("scheduled").to_pylist()[1] == "22.916667"
