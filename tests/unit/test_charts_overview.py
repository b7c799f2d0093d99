"""Figures and words of the overview: what they show is what the tables hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from oneninex.core.i18n import LANGS, text
from oneninex.figures.charts import decisions, headlines, month_line, overview
from oneninex.figures.charts.figure import Figure

NAMES = {f"U{number}": f"单元{number}" for number in range(1, 10)}
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
LOOKS = {
    "green": {"colour": "#00785A", "shape": "circle", "word": "正常"},
    "yellow": {"colour": "#B87700", "shape": "triangle", "word": "提示"},
    "red": {"colour": "#C0341D", "shape": "square", "word": "警告"},
}
MONTHS: list[dict[str, Any]] = [
    {"month": date(2026, 1, 1), "accepted": 1000, "status": "A", "units_reported": 9},
    {"month": date(2026, 2, 1), "accepted": 3000, "status": "P", "units_reported": 7},
    {"month": date(2026, 3, 1), "accepted": None, "status": "M", "units_reported": 0},
    {"month": date(2026, 4, 1), "accepted": 2000, "status": "A", "units_reported": 9},
    {"month": date(2026, 5, 1), "accepted": 2500, "status": "P", "units_reported": 8},
]
GOAL: dict[str, Any] = {
    "target_id": "ai_hq_datasets", "indicator_id": "hq_datasets", "scope": "city",
    "name": "高质量数据集数量", "unit": "个", "plan": "ai_plan", "operator": "reach",
    "target": 50.0, "stated": True, "value": 12.0, "done_share": 0.24, "time_share": 10 / 24,
    "gap_pp": -17.7, "light": "yellow", "state": "behind", "needed_per_month": 38 / 14,
    "value_month": date(2026, 10, 1), "due": date(2027, 12, 31), "arrival_state": "forecast",
    "arrival_p10": date(2027, 11, 1), "arrival_p50": None, "arrival_p90": None,
    "forecast_to": date(2028, 12, 1), "probability": 0.127, "observed_months": 22,
}  # fmt: skip


def months(rows: list[dict[str, Any]] = MONTHS) -> pa.Table:
    last = MONTHS[-1]["month"]
    return pa.Table.from_pylist(
        [{"units_due": 9, "provisional": row["month"] == last, **row} for row in rows]
    )


def parts(changes: dict[str, int | None], reasons: dict[str, str] | None = None) -> pa.Table:
    """Rows of like_for_like; each unit had 1000 before."""
    known = [change for change in changes.values() if change is not None]
    total = sum(known)
    return pa.Table.from_pylist(
        [
            {
                "month": JUNE,
                "base_month": MAY,
                "unit_id": unit,
                "accepted": None if change is None else 1000 + change,
                "accepted_before": 1000,
                "change": change,
                "city_accepted": 1000 * len(known) + total,
                "city_accepted_before": 1000 * len(known),
                "city_change": total,
                "share_of_change": change / total if change is not None and total else None,
                "units_compared": len(known),
                "units_due": len(changes),
                "reason": (reasons or {}).get(unit, "change"),
                "status": "P",
            }
            for unit, change in changes.items()
        ]
    )


def figure(**changes: Any) -> dict[str, Any]:
    """A row of comparable_indicators: 200 accepted items of eight units, localised."""
    row = {
        "indicator_id": "items_accepted", "name": "验收合格标注条数", "unit": "条", "kind": "flow",
        "better": "up", "definition": "定义", "month": JUNE, "value": 200.0, "status": "P",
        "units_reported": 8, "units_due": 9, "missing_units": "U9", "now_period": 200.0,
        "before_period": 250.0, "period_units": 8, "now_year": 200.0, "before_year": 100.0,
        "year_units": 8, "period_suppressed": False, "year_suppressed": False,
    }  # fmt: skip
    return {**row, **changes}


def card(
    lang: str = "zh", goals: tuple[dict[str, Any], ...] = (), **changes: Any
) -> headlines.Card:
    goal_table = pa.Table.from_pylist(list(goals) or [{**GOAL, "plan": "national"}])
    rows = pa.Table.from_pylist([figure(**changes)])
    (found,) = headlines.cards(rows, goal_table, LOOKS, JUNE, lang)
    return found


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


def test_bars_hold_the_changes_and_add_up_to_the_citys():
    table = parts({"U1": -300, "U2": 100, "U9": None}, {"U9": "not_reported"})

    fig = overview.contributions(table, NAMES, "zh", "light")

    (bars,) = lines(fig)
    assert dict(zip(bars["y"], bars["x"], strict=True)) == {"U1": -300, "U2": 100}
    assert sum(bars["x"]) == table.column("city_change")[0].as_py()
    assert list(bars["text"]) == ["−300", "+100"]
    written = {note["y"]: note["text"] for note in fig.to_dict()["layout"]["annotations"]}
    assert written == {"U9": text("overview.bar_not_reported", "zh")}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"U1": -300, "U2": 100},
            ["减少200条（−10.0%）", "1 个单元增加，1 个单元减少", "单元1（−300条"],
        ),
        (
            {"U1": 300, "U2": 100},
            ["增加400条（+20.0%）", "都在增加", "单元1（+300条，占增量的 75%"],
        ),
        ({"U1": -3, "U2": -1}, ["减少4条（−0.2%）", "都在减少"]),
        ({"U1": -5, "U2": 5}, ["持平"]),
    ],
)
def test_change_is_told_by_rule(changes: dict[str, int | None], words: list[str]):
    told = overview.describe_contributions(parts(changes), NAMES, "zh")

    assert "两个月都报送的 2 个单元" in told
    assert [word for word in words if word not in told] == []


def test_the_unit_that_did_most_moved_with_the_city():
    told = overview.describe_contributions(parts({"U1": 500, "U2": -400, "U3": -300}), NAMES, "zh")

    assert "减少200条" in told
    assert "影响最大的是单元2（−400条" in told


def test_units_that_cannot_be_compared_are_named_and_no_fall():
    reasons = {"U7": "neither", "U8": "newly_reported", "U9": "not_reported"}
    table = parts({"U1": -300, "U7": None, "U8": None, "U9": None}, reasons)

    told = overview.describe_contributions(table, NAMES, "zh")

    assert "单元9 2026年6月缺报".replace(" ", "") in told.replace(" ", "")
    assert "不算下降" in told
    assert "单元8" in told
    assert "不算增长" in told
    assert "单元7两个月都缺报" in told


def test_without_a_comparable_unit_there_is_no_change_to_tell():
    told = overview.describe_contributions(parts({"U1": None}, {"U1": "neither"}), NAMES, "zh")

    assert told.startswith(text("overview.change_none", "zh"))
    assert overview.contributions(parts({"U1": None}, {"U1": "neither"}), NAMES, "zh", "light")


def test_the_first_month_of_the_data_accuses_no_one():
    first = parts({"U1": None, "U2": None}, {"U1": "newly_reported", "U2": "newly_reported"})
    fig: Any = overview.contributions(first, NAMES, "zh", "light")

    assert "缺报" not in overview.describe_contributions(first, NAMES, "zh")
    assert fig.layout.yaxis.type == "category"


def test_card_compares_like_with_like():
    found = card(value=260.0, now_period=200.0, units_reported=9, units_due=9, missing_units=None)

    assert found.value == "260"
    assert found.changes == (":green[↑ 同比 +100.0%]", "↓ 环比 −20.0%")
    assert "9/9 个单元 · 初步数" in found.notes
    assert any("8 个" in note for note in found.notes)


def test_card_of_a_rate_is_in_percentage_points():
    found = card(
        indicator_id="acceptance_rate", unit="%", kind="ratio", value=0.963, now_year=0.963,
        before_year=0.956, now_period=0.9630, before_period=0.9628,
    )  # fmt: skip

    assert found.value == "96.3%"
    assert found.changes == (":green[↑ 同比 +0.7 个百分点]", "环比 0.0 个百分点")


def test_a_rise_of_what_should_fall_is_not_good():
    found = card(better="down")

    assert found.changes[0].startswith(":red[↑ ")


@pytest.mark.parametrize(("before", "words"), [(None, "无可比"), (0.0, "基数为0")])
def test_card_without_a_base_says_why(before: float | None, words: str):
    found = card(before_year=before)

    assert words in found.changes[0]
    assert not {":", "↑", "↓"} & set(found.changes[0].removeprefix("同比："))


def test_card_whose_base_is_withheld_says_so_and_not_that_there_is_none():
    found = card(
        now_year=None, before_year=None, year_suppressed=True,
        now_period=None, before_period=None, period_suppressed=True,
    )  # fmt: skip

    assert found.changes == ("同比：保密", "环比：保密")


def test_card_that_was_not_reported_is_missing_and_not_0():
    for found in (card(value=None, status="M"), card(month=MAY)):
        assert found.value == "缺报"
        assert found.changes == ("", "")


def test_card_with_a_goal_says_whose_it_is_and_how_it_stands():
    found = card(
        goals=(GOAL,), indicator_id="hq_datasets", name="高质量数据集数量", unit="个", value=12.0,
        now_year=12.0, before_year=2.0, now_period=12.0, before_period=12.0,
    )  # fmt: skip

    assert (found.value, *found.changes) == ("12个", ":green[↑ 比上年同期 +10]", "与上期持平")
    note = found.notes[0]
    assert "人工智能计划要求达到50个" in note
    assert "▲ 提示，完成 24%，时间进度 42%" in note
    assert note.endswith("如期达标概率 13%")


def test_card_at_the_number_to_be_exceeded_says_that_one_more_is_needed():
    goal = {**GOAL, "operator": "exceed", "target": 35.0, "value": 35.0, "done_share": 1.0}
    goal |= {"light": "green", "state": "on_schedule", "needed_per_month": 0.0}
    found = card(goals=(goal,), indicator_id="hq_datasets", unit="个", value=35.0)

    assert "正常，完成 100%，时间进度 42% · 还差 1个（余 14 个月）" in found.notes[0]


def test_a_goal_without_a_number_is_not_shown():
    unstated = {**GOAL, "stated": False, "target": None}
    found = card(goals=(unstated,), indicator_id="hq_datasets", unit="个")

    assert not any("人工智能" in note for note in found.notes)


def test_missing_units_are_named_once_for_all_figures_they_lack():
    rows = pa.Table.from_pylist(
        [figure(), figure(indicator_id="workers", name="从业人员"), figure(indicator_id="other")]
    )

    told = headlines.missing_note(rows, NAMES, "zh")

    assert "验收合格标注条数和从业人员缺单元9" in told
    assert told.count("单元9") == 1


def matter(kind: str, severity: int, amount: float, **changes: Any) -> dict[str, Any]:
    row = {
        "kind": kind, "severity": severity, "target_id": None, "indicator_id": None,
        "unit_id": None, "return_kind": None, "month": None, "amount": amount,
    }  # fmt: skip
    return {**row, **changes}


def listed(*rows: dict[str, Any], lang: str = "zh") -> list[decisions.Matter]:
    goals = [GOAL, {**GOAL, "target_id": "rate", "unit": "%", "value": 0.889, "target": 0.95,
                    "time_share": None, "plan": "working", "name": "报送及时率"}]  # fmt: skip
    kinds = {"labeling_daily": "标注日报", "workforce_monthly": "人员月报"}
    return decisions.matters(
        pa.Table.from_pylist(list(rows)), pa.Table.from_pylist(goals), NAMES, kinds, LOOKS, lang
    )


def test_a_target_behind_is_told_with_sign_word_and_link():
    (found,) = listed(matter("target", 2, -17.6667, target_id="ai_hq_datasets"))

    assert found.words.startswith("▲ 提示")
    assert "17.7 个百分点" in found.words
    assert "现为12个；人工智能计划要求达到50个；如期达标概率 13%" in found.details
    assert (found.page, found.address) == ("targets", {"target": "ai_hq_datasets"})


def test_a_working_target_carries_its_mark_and_is_compared_as_it_stands():
    (found,) = listed(matter("target", 2, -6.1, target_id="rate"))

    assert "低于目标 6.1 个百分点" in found.words
    assert "暂定" in found.details


def test_missing_returns_of_a_unit_are_one_line():
    (found,) = listed(
        matter("missing_return", 2, 19.0, unit_id="U9", return_kind="labeling_daily", month=JUNE),
        matter("missing_return", 1, 49.0, unit_id="U9", return_kind="labeling_daily", month=MAY),
        matter(
            "missing_return", 2, 19.0, unit_id="U9", return_kind="workforce_monthly", month=JUNE
        ),
    )

    assert found.words.startswith("■ 缺报")
    assert "单元9** 3 份" in found.words
    assert "2026年5月至2026年6月" in found.details
    assert "49 天" in found.details
    assert (found.page, found.address) == ("returns", {"kind": "labeling_daily"})


def test_findings_lead_to_the_returns():
    known, unknown = listed(
        matter("outstanding_findings", 3, 2.0, unit_id="U3", return_kind="labeling_daily"),
        matter("outstanding_findings", 3, 1.0, return_kind="labeling_daily"),
    )

    assert known.words.startswith("◇ 待改正")
    assert {known.page, unknown.page} == {"returns"}
    assert text("overview.unknown_sender", "zh") in unknown.words


def test_the_list_is_short_and_says_how_much_it_leaves_out():
    rows = [
        matter("missing_return", 2, 9.0, unit_id=f"U{n}", return_kind="labeling_daily", month=JUNE)
        for n in range(1, 10)
    ]
    found = listed(*rows, matter("target", 1, -40.0, target_id="ai_hq_datasets"))

    assert found[0].page == "targets"
    assert len(decisions.shown(found)) == 6
    assert "10" in decisions.matters_note(found, "zh")
    assert decisions.matters_note([], "zh") == text("overview.decision_none", "zh")


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
