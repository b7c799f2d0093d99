"""Figures and words of output and quality: what they show is what the tables hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from oneninex.figures import statements
from oneninex.figures.charts import small_multiples, throughput, throughput_parts, throughput_words

MONTHS = [date(2026, n, 1) for n in (1, 2, 3)]
UNITS = {"U1": "甲园区", "U2": "乙园区"}
ROW: dict[str, Any] = {
    "month": MONTHS[2], "items": 20_000, "reviewed": 12_000, "accepted": 11_000,
    "acceptance_rate": 0.9167, "first_pass_rate": 0.85, "rework_rate": 0.15, "gold_items": 100,
    "gold_correct": 80, "gold_accuracy": 0.8, "gold_low": 0.711, "gold_high": 0.867,
    "mom_units": 8, "mom_accepted": 11_000, "mom_accepted_before": 10_000,
    "mom_acceptance_rate": 0.012, "mom_first_pass_rate": -0.02, "mom_rework_rate": 0.02,
    "mom_gold_accuracy": 0.0, "yoy_units": 0, "yoy_accepted": None, "yoy_accepted_before": None,
    "yoy_acceptance_rate": None, "yoy_first_pass_rate": None, "yoy_rework_rate": None,
    "yoy_gold_accuracy": None, "units_reported": 8, "units_due": 9, "status": "P",
}  # fmt: skip
UNKNOWN = dict.fromkeys(
    [name for name in ROW if name.startswith(("mom_", "yoy_", "gold_")) or name.endswith("_rate")]
    + ["items", "reviewed", "accepted"]
)
MISSING = {**ROW, **UNKNOWN, "month": MONTHS[1], "units_reported": 0, "status": "M"}
FIRST = {**ROW, "month": MONTHS[0], "items": 15_000, "accepted": 9_000, "status": "A"}


@pytest.fixture
def months() -> pa.Table:
    """Three months of which nobody reported the second."""
    return pa.Table.from_pylist([FIRST, MISSING, ROW])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_bars_hold_the_tables_values_and_a_missing_month_stays_empty(months, theme):
    fig: Any = throughput.output(months, "zh", theme)

    assert [list(bar.y) for bar in fig.data] == [[15_000, None, 20_000], [9_000, None, 11_000]]
    assert list(fig.data[0].marker.pattern.shape) == ["", "", "/"]
    assert [note.text for note in fig.layout.annotations] == ["缺报"]


def test_rates_break_at_a_missing_month(months):
    fig: Any = throughput.rates(months, "en", "light")

    assert [list(line.y) for line in fig.data] == [[0.9167, None, 0.9167], [0.85, None, 0.85]]
    assert all(line.connectgaps is False for line in fig.data)


def test_the_interval_is_drawn_for_each_unbroken_run(months):
    fig: Any = throughput.gold(months, "zh", "light")

    bands = [trace for trace in fig.data if trace.fill]
    assert [list(band.y) for band in bands] == [[0.867, 0.711], [0.867, 0.711]]
    assert list(fig.data[-1].y) == [0.8, None, 0.8]


def test_sentences_say_the_newest_numbers(months):
    changes = [statements.Clause("环比增长10.0%")]
    output = throughput.describe_output(months, "zh", changes)
    assert "2026年3月" in output
    assert "2万条" in output
    assert "1.1万条" in output
    assert "环比增长10.0%" in output
    assert "91.7%" in throughput.describe_rates(months, "zh")
    assert "80.0%" in throughput.describe_gold(months, "en")
    assert "71.1%–86.7%" in throughput.describe_gold(months, "en")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_known_is_said_and_has_no_table(lang):
    nothing = pa.Table.from_pylist([MISSING], schema=pa.Table.from_pylist([ROW]).schema)
    for name, draw, describe in throughput.BY_MONTH:
        draw(nothing, lang, "light")
        assert describe(nothing, lang) == throughput._t(f"{name}_none", lang)
        assert throughput.columns(nothing, name).num_rows == 0


def test_cards_hold_value_changes_and_interval():
    changes = [statements.Clause("上年同期缺报"), statements.Clause("环比增长10.0%")]
    cards = throughput_words.cards(ROW, changes, "zh")

    assert [card.value for card in cards] == ["1.1万", "91.7%", "85.0%", "15.0%", "80.0%"]
    assert cards[0].changes == ("上年同期缺报", "环比增长10.0%")
    assert cards[1].changes[1] == ":green[↑ 环比 +1.2 个百分点]"
    assert cards[2].changes[1] == ":red[↓ 环比 −2.0 个百分点]"
    assert cards[3].changes[1] == ":red[↑ 环比 +2.0 个百分点]"
    assert cards[4].changes[1] == "环比 0.0 个百分点"
    assert "71.1%–86.7%" in cards[4].notes[0]


def test_a_month_that_is_missing_is_not_compared_with_another():
    cards = throughput_words.cards(MISSING, [], "zh")

    assert {card.value for card in cards} == {"缺报"}
    assert {card.changes for card in cards} == {("本月缺报，不作比较",)}


def test_no_gold_items_is_not_called_missing():
    card = throughput_words.cards({**ROW, "gold_accuracy": None, "gold_items": None}, [], "zh")[-1]

    assert card.value == "未设金标准题"


def test_a_panel_for_each_unit_with_the_chosen_one_marked():
    rows = [
        {"month": month, "unit_id": unit, "accepted": value, "status": "A" if value else "M"}
        for unit, values in (("U1", [1, None, 3]), ("U2", [0, 5, None]))
        for month, value in zip(MONTHS, values, strict=True)
    ]
    table = pa.Table.from_pylist(rows)

    fig: Any = throughput_parts.units(table, "accepted", UNITS, "U2", "zh", "light")

    assert [list(line.y) for line in fig.data] == [[1, None, 3], [0, 5, None]]
    assert fig.data[0].line.color != fig.data[1].line.color
    assert [note.text for note in fig.layout.annotations] == ["甲园区", "▶ 乙园区"]
    said = throughput_parts.describe_units(table, "accepted", UNITS, "U2", "zh")
    assert said == "2026年3月验收合格标注条数：乙园区 缺报。"
    assert "2个单元中1个有数，均为3" in throughput_parts.describe_units(
        table, "accepted", UNITS, None, "zh"
    )


def test_gold_of_units_carries_its_interval():
    row = {
        "month": MONTHS[0], "unit_id": "U1", "gold_accuracy": 0.8, "gold_low": 0.49,
        "gold_high": 0.943, "status": "A",
    }  # fmt: skip
    fig: Any = throughput_parts.units(
        pa.Table.from_pylist([row]), "gold_accuracy", {"U1": "甲"}, None, "zh", "light"
    )

    assert fig.data[0].error_y.array[0] == pytest.approx(0.143)
    assert fig.data[0].error_y.arrayminus[0] == pytest.approx(0.31)


def test_hours_of_each_basis_stand_in_a_panel_of_their_own_with_gaps():
    names = {"open_time": "打开时长", "reported": "自报"}
    rows = [
        {"month": MONTHS[0], "hours_basis": "open_time", "hours": 10.0},
        {"month": MONTHS[2], "hours_basis": "open_time", "hours": 30.0},
        {"month": MONTHS[2], "hours_basis": "reported", "hours": 2.5},
    ]
    table = pa.Table.from_pylist(rows)

    fig: Any = throughput_parts.hours(table, names, "zh", "light")

    assert [list(line.y) for line in fig.data] == [[10.0, None, 30.0], [None, None, 2.5]]
    assert fig.data[0].yaxis != fig.data[1].yaxis
    said = throughput_parts.describe_hours(table, names, "zh")
    assert "打开时长 30小时" in said
    assert "自报 2.5小时" in said
    assert "32.5" not in said


def test_modality_mix_stacks_the_shares():
    rows = [
        {"month": MONTHS[0], "modality": "text", "items": 3, "items_share": 0.75},
        {"month": MONTHS[0], "modality": "image", "items": 1, "items_share": 0.25},
        {"month": MONTHS[1], "modality": "text", "items": 4, "items_share": 1.0},
    ]
    names = {"image": "图像", "text": "文本", "audio": "音频"}
    table = pa.Table.from_pylist(rows)

    fig: Any = throughput_parts.modality_mix(table, names, "zh", "light")

    assert {bar.name: list(bar.y) for bar in fig.data} == {"图像": [0.25, None], "文本": [0.75, 1]}
    assert len({bar.marker.pattern.shape for bar in fig.data}) == 2
    assert "文本" in throughput_parts.describe_modality_mix(table, names, "zh")
    # One modality alone is no largest one; equal ones are named together.
    assert "最大" not in throughput_parts.describe_modality_mix(table, names, "zh")
    said = throughput_parts.describe_modality_mix(table.slice(0, 2), names, "zh")
    assert "最大的是文本，占提交条数的 75.0%" in said
    tied = [{**row, "items": 2, "items_share": 0.5} for row in rows[:2]]
    said = throughput_parts.describe_modality_mix(pa.Table.from_pylist(tied), names, "zh")
    assert "文本和图像，各占" in said


def test_equal_days_have_no_busiest_one():
    rows = [{"date": date(2026, 6, day), "items": 7, "units_reported": 1} for day in (1, 2)]

    said = throughput_parts.describe_daily(pa.Table.from_pylist(rows), {}, "zh")

    assert "单日最多7条（有2天）" in said


def test_weekends_and_idle_days_are_visible():
    days = [date(2026, 6, 30), date(2026, 7, 3), date(2026, 7, 4), date(2026, 10, 5)]
    rows = [{"date": day, "items": 10 + day.day, "units_reported": 1} for day in days]
    table = pa.Table.from_pylist(rows)

    fig: Any = throughput_parts.daily(table, {}, "zh", "light")

    found = {bar.name: list(bar.x) for bar in fig.data}
    assert found["周六、周日"] == [date(2026, 7, 4)]
    assert len({bar.marker.pattern.shape for bar in fig.data}) == 2
    said = throughput_parts.describe_daily(throughput_parts.newest_days(table, 2), {}, "zh")
    assert "2026年10月5日" in said
    assert "15条" in said
    # 1 July to 5 October is 97 days, of which three have work.
    assert "94 天没有产出记录" in said


def test_only_the_newest_months_are_drawn_by_day():
    days = [date(2026, n, 1) for n in (3, 4, 5, 6)]
    table = pa.Table.from_pylist([{"date": day, "items": 1, "units_reported": 1} for day in days])

    assert throughput_parts.newest_days(table).column("date").to_pylist() == days[1:]


def test_work_set_aside_is_said_to_be_outside_the_output():
    table = pa.Table.from_pylist(
        [{"reason": "skipped", "items": 7}, {"reason": "draft", "items": 1}]
    )

    assert "8条" in throughput_words.describe_aside(table, "zh")
    assert "不计入" in throughput_words.describe_aside(table, "zh")
    assert "没有" in throughput_words.describe_aside(table.slice(0, 0), "zh")


@pytest.mark.parametrize(
    ("lang", "name", "lines"),
    [
        ("zh", "淮安区数字经济发展服务中心", ["淮安区数字经济", "发展服务中心"]),
        ("en", "Unit 5 (to be named)", ["Unit 5 (to be", "named)"]),
    ],
)
def test_long_names_break_into_lines(lang, name, lines):
    assert small_multiples.wrapped(name, lang).split("<br>") == lines
