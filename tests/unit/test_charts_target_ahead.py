"""What lies ahead of a target: figures hold the table's numbers, and words say the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from oneninex.domain.analytics import what_if
from oneninex.figures.charts import (
    target_arrival,
    target_notes,
    target_path,
    target_tables,
    target_what_if,
)
from oneninex.figures.charts.figure import Figure
from tests.unit.test_charts_targets import LOOKS, UNSTATED, covered, row, series, table


def month(number: int) -> date:
    return date(2026 + (number - 1) // 12, (number - 1) % 12 + 1, 1)


def fan() -> pa.Table:
    """From December 2026 two years ahead; the target is due in the middle."""
    return table(
        *(
            {
                "month": month(12 + step), "day": month(12 + step).replace(day=28),
                "p10": 10.0 + step, "p50": 10.0 + 2 * step, "p90": 10.0 + 3 * step,
                "baseline": 10.0 + 1.5 * step,
                "needed": 10 + 40 * step / 12 if step <= 12 else None,
            }
            for step in range(25)
        )
    )  # fmt: skip


def trace(fig: Figure, name: str) -> Any:
    return [found for found in fig.data if found.name == name][-1]


def test_the_fan_is_the_tables_and_ends_when_the_target_is_due() -> None:
    fig = target_path.path(series(), row(), LOOKS, "zh", None, fan())

    assert list(trace(fig, "预测中位数").y) == [10.0 + 2 * step for step in range(13)]
    assert list(trace(fig, "预测80%区间").y) == [10.0 + step for step in range(13)]
    assert trace(fig, "预测80%区间").fill == "tonexty"
    assert trace(fig, "简单基线（同上年同月）").y[12] == 28
    assert trace(fig, "从现在起所需进度").y[12] == 50
    assert "80%区间 22个 至 46个" in trace(fig, "预测中位数").customdata[12]


def test_every_line_of_the_fan_has_a_name_and_not_by_colour_alone() -> None:
    fig = target_path.path(series(), row(), LOOKS, "en", None, fan())

    shown: list[Any] = [found for found in fig.data if found.showlegend]
    dashes = {found.line.dash for found in shown if found.fill is None}
    assert len(shown) == 5
    assert len(dashes) == 4


def test_labels_stay_where_they_were_over_the_fan() -> None:
    plain: Any = target_path.path(series(), row(), LOOKS, "zh")
    over: Any = target_path.path(series(), row(), LOOKS, "zh", None, fan())

    def places(fig: Any) -> set[tuple[Any, ...]]:
        return {(note.text, note.x, note.y, note.yref) for note in fig.layout.annotations}

    gone = places(plain) - places(over)
    assert {text for text, *_ in gone} == {"序时线（应达到的数）"}
    assert places(over) < places(plain)


def test_without_a_needed_line_none_is_drawn() -> None:
    ahead = fan().set_column(6, "needed", pa.nulls(25, pa.float64()))

    fig = target_path.path(series(), row(**UNSTATED), LOOKS, "zh", None, ahead)

    assert "从现在起所需进度" not in {found.name for found in fig.data}


def test_without_a_forecast_there_is_no_fan() -> None:
    fig = target_path.path(series(), row(), LOOKS, "zh")

    assert "预测中位数" not in {found.name for found in fig.data}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "预计2028年3月达到（最早2027年9月，最晚在2028年12月以后）"),
        ({"arrival_p90": date(2028, 9, 1)}, "（80%可能在2027年9月至2028年9月之间）"),
        ({"arrival_p50": None}, "到2028年12月多半达不到（最早2027年9月）"),
        ({"arrival_p50": None, "arrival_p10": None}, "到2028年12月预计达不到"),
        ({"arrival_state": "arrived", "arrival_p50": date(2026, 2, 1)}, "2026年2月起已达到"),
        ({"arrival_state": "too_early", "observed_months": 5}, "为时尚早：已有5期数值"),
        ({"arrival_state": "past_due"}, "已过期限"),
        ({"arrival_state": "not_stated"}, "目标未明确"),
        ({"arrival_state": "no_value"}, "暂无数值"),
        ({"arrival_state": "earlier_month"}, "最新月份"),
    ],
)  # fmt: skip
def test_arrival_is_said_or_why_not(changes: dict[str, Any], said: str) -> None:
    assert said in target_arrival.arrival(row(**changes), "zh")


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.31, "31%"), (0.0, "不足5%"), (0.05, "不足5%"), (1.0, "超过95%"), (0.949, "95%")],
)
def test_a_probability_never_sounds_surer_than_it_is(share: float, said: str) -> None:
    assert target_arrival.probability(row(probability=share), "zh") == f"如期达标概率 {said}"


def test_a_probability_that_is_not_known_is_not_said() -> None:
    assert target_arrival.probability(row(probability=None), "zh") == ""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sentence_of_a_target_says_arrival_and_probability(lang: str) -> None:
    said = target_path.describe_path(series(), row(), lang)

    assert "31%" in said
    assert "2028" in said


def test_the_table_behind_the_chart_has_the_forecast() -> None:
    points = target_tables.series(covered(series()), row(), "zh", fan())

    assert points.column("p50").to_pylist() == ["不适用", "不适用", "10", "12"]
    assert points.column("needed").to_pylist()[3] == "13.333333"


def test_notes_are_escaped_and_examples_marked() -> None:
    given = {
        "month": month(9),
        "owner": "<i>专班",
        "source": "会议",
        "text": "<script>",
        "demo": True,
    }

    html = target_notes.notes(table(given), "zh", None)

    assert "<script>" not in html
    assert "<i>" not in html
    assert "2026年9月" in html
    assert "<em>演示</em>" in html
    assert "notes.csv" in target_notes.notes(table(given).slice(1), "zh", None)


def test_what_if_draws_both_and_says_how_arrival_moves() -> None:
    before = fan().to_pylist()
    after = what_if.moved(before, what_if.Change(2.0, month(13), 2.0))
    due = date(2027, 12, 31)
    was, now = (what_if.outcome(lines, 50, "reach", due) for lines in (before, after))

    fig = target_what_if.figure(before, after, row(), "zh")
    said = target_what_if.describe(was, now, row(), 2.0, "zh")

    assert trace(fig, "不变").y[10] == 30
    assert trace(fig, "试算").y[10] == 50
    assert said.startswith("每月多 2.00个：预计2027年10月达到")
    assert "不变则预计2028年8月达到" in said
    assert "没有改变" in target_what_if.describe(was, now, row(), 0.0, "zh")
    assert target_what_if.table(before, after).column("p50_changed").to_pylist()[10] == 50
