"""Figures and words of structure, contribution, survival and candidates."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
import pytest

from oneninex.core import theme as palette
from oneninex.figures.charts import (
    candidates,
    contribution,
    heatmap_table,
    labelled_bars,
    structure,
)

UNITS = {"U1": "甲园区", "U2": "乙园区"}
MODALITIES = {"text": "文本", "image": "图像"}
GROUP: dict[str, Any] = {
    "quarter": "2026Q3", "dimension": "origin", "member": "attracted", "employees_from": None,
    "employees_to": None, "enterprises": 3, "employees": 30, "revenue_10k_cny": 300.0,
    "yoy_revenue": 300.0, "yoy_revenue_before": 200.0, "suppressed": False,
}  # fmt: skip


def test_groups_are_shares_of_each_measure():
    grown = {**GROUP, "member": "grown", "enterprises": 1, "employees": None,
             "revenue_10k_cny": 100.0, "yoy_revenue": 0.0, "yoy_revenue_before": 0.0}  # fmt: skip
    table = pa.Table.from_pylist([GROUP, grown])

    fig: Any = structure.structure(table, "zh", "light")

    assert [list(bar.x) for bar in fig.data] == [[0.75, 1.0, 0.75], [0.25, None, 0.25]]
    said = structure.describe_structure(table, "zh")
    assert "引进 3 家，占营业收入 75.0%，同比 +50.0%" in said
    assert "培育 1 家，占营业收入 25.0%，基数为0" in said


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0, 9, "不足 10 人"), (10, 99, "10–99 人"), (300, None, "300 人及以上")],
)
def test_a_band_is_named_by_its_bounds(low: int, high: int | None, words: str):
    assert structure.group({**GROUP, "employees_from": low, "employees_to": high}, "zh") == words


def quotient(unit: str, modality: str, value: float | None) -> dict[str, Any]:
    return {"quarter": "2026Q3", "unit_id": unit, "modality": modality, "location_quotient": value}


def test_quotients_mark_what_a_unit_is_specialised_in():
    rows = [quotient("U1", "text", 1.5), quotient("U1", "image", 0.5)]
    rows += [quotient("U2", name, None) for name in ("text", "image")]
    table = pa.Table.from_pylist(rows)

    shown = structure.quotients(table, UNITS, MODALITIES, "zh", "light")

    assert "▲ 1.50" in shown
    assert "▲ 0.50" not in shown
    assert shown.count('class="gr-missing"') == 2
    assert "甲园区—文本 1.50" in structure.describe_quotients(table, UNITS, MODALITIES, "zh")


def moved(
    name: str, part: float | None, movement: str = "continuing", suppressed: bool = False
) -> dict[str, Any]:
    change = None if part is None else part * 1000
    return {"enterprise_id": name, "name": name, "movement": movement, "contribution": part,
            "change_10k_cny": change, "city_growth": 0.35, "suppressed": suppressed}  # fmt: skip


def test_contributions_show_the_largest_and_say_the_rest():
    rows = [moved(f"E{n}", 0.01 * n) for n in range(1, 11)]
    rows += [moved("E90", -0.2, "left"), moved("E91", None, "unknown")]
    table = pa.Table.from_pylist(rows)

    fig: Any = contribution.contribution(table, "zh", "light")

    # From bottom to top: the one that left, then the seven that grew most.
    assert [round(value, 2) for value in fig.data[0].x] == [-0.2, *(n / 100 for n in range(4, 11))]
    said = contribution.describe_contribution(table, "zh")
    assert "同比 +35.0%" in said
    assert "不再报送 1 家贡献 −20.0 个百分点" in said
    assert "变动最大的 8 家合计 +29.0 个百分点，其余企业合计 +6.0 个百分点" in said


def test_no_year_before_is_no_contribution():
    table = pa.Table.from_pylist([moved("E1", None)])

    assert "算不出贡献" in contribution.describe_contribution(table, "zh")


def test_of_hidden_enterprises_only_the_growth_of_all_is_told():
    hidden = [moved(name, None, "unknown", suppressed=True) for name in ("E1", "E2")]

    none_seen = contribution.describe_contribution(pa.Table.from_pylist(hidden), "zh")
    one_seen = contribution.describe_contribution(
        pa.Table.from_pylist([*hidden, moved("E3", 0.1)]), "zh"
    )

    assert none_seen == "全市营业收入同比 +35.0%。2 家企业各自的贡献保密。"
    assert one_seen == (
        "全市营业收入同比 +35.0%。其中持续报送 1 家贡献 +10.0 个百分点；其余 2 家的贡献保密。"
    )


def cohort(year: str, months: int, observed: int, survived: int) -> dict[str, Any]:
    share = survived / observed if observed else None
    return {"cohort": year, "months": months, "joined": 4, "observed": observed,
            "survived": survived, "survival_share": share}  # fmt: skip


def test_survival_says_too_early_where_nobody_was_watched_so_long():
    table = pa.Table.from_pylist([cohort("2025", 6, 4, 3), cohort("2025", 12, 0, 0)])

    shown = contribution.survival(table, "zh", "light")

    assert "75%" in shown
    assert "3/4" in shown
    assert shown.count('class="gr-missing">为时尚早') == 1
    assert "还没有" in contribution.describe_survival(table, "zh")


NUMBERS_OF_A_CANDIDATE = {"standing", "criteria_met"} | {
    column for column, _ in candidates.CRITERIA.values()
}
CANDIDATE: dict[str, Any] = {
    "quarter": "2026Q3", "enterprise_id": "E1", "name": "甲企业", "unit_id": "U1",
    "origin": "grown", "recognition": None, "standing": "candidate", "criteria_met": 5,
    "revenue_10k_cny": 1200.0, "meets_revenue": True, "yoy": 0.5, "meets_growth": True,
    "employees": 60, "meets_employees": True, "rd_share": 0.08, "meets_rd": True,
    "certified_share": 0.3, "meets_certified": True, "suppressed": False,
}  # fmt: skip


def test_each_criterion_stands_with_its_mark():
    other = {**CANDIDATE, "standing": "undecided", "name": None, "origin": None, "criteria_met": 3,
             "yoy": None, "meets_growth": None, "rd_share": 0.01, "meets_rd": False,
             "recognition": "名单：瞪羚企业 2026-05"}  # fmt: skip
    table = pa.Table.from_pylist([CANDIDATE, other])

    first, second = candidates.candidates(table, "zh").to_pylist()

    assert (first["standing"], first["met"], first["growth"]) == ("● 候选", "5/5", "✓ +50.0%")
    assert (second["growth"], second["rd"]) == ("? 未报", "✗ 1.0%")
    assert (second["origin"], second["recognition"]) == ("未登记", "名单：瞪羚企业 2026-05")
    said = candidates.describe(table, "zh")
    assert "候选 1 家" in said
    assert "待定 1 家" in said
    assert "甲企业" in said


def test_withheld_is_neither_a_share_of_the_rest_nor_undecided():
    hidden = {**GROUP, "member": "grown", "employees": None, "revenue_10k_cny": None,
              "yoy_revenue": None, "yoy_revenue_before": None, "suppressed": True}  # fmt: skip
    table = pa.Table.from_pylist([GROUP, hidden])
    fig: Any = structure.structure(table, "zh", "light")
    assert [list(bar.x) for bar in fig.data] == [[None, None, 0.5]] * 2
    assert "营业收入：保密" in {note.text for note in fig.layout.annotations}
    assert "100%" not in structure.describe_structure(table, "zh")

    gone = dict.fromkeys(
        name for name in CANDIDATE if name.startswith("meets_") or name in NUMBERS_OF_A_CANDIDATE
    )
    rows = [CANDIDATE, {**CANDIDATE, **gone, "suppressed": True}]
    shown = candidates.candidates(pa.Table.from_pylist(rows), "zh").to_pylist()[1]
    assert {shown[name] for name in ("standing", "met", *candidates.CRITERIA)} == {"保密"}
    said = candidates.describe(pa.Table.from_pylist(rows), "zh")
    assert "1 家的数据保密" in said
    assert "待定 0 家" in said


def test_a_grid_escapes_every_text():
    line = heatmap_table.Line("<b>", [heatmap_table.Cell("<i>", "<u>")], "<s>")

    shown = heatmap_table.grid(["<em>"], [line], "dark")

    assert not any(f">{tag}" in shown for tag in ("<i>", "<u>", "<s>", "<em>"))
    assert "&lt;i&gt;" in shown


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_stands_on_a_shade_can_be_read(theme: str):
    line = heatmap_table.Line("x", [heatmap_table.Cell("1", level=step / 9) for step in range(10)])

    shown = heatmap_table.grid(["x"], [line], theme)

    pairs = re.findall(r"background:(#\w{6});color:(#\w{6})", shown)
    assert len(pairs) == 10
    assert min(palette.contrast(*pair) for pair in pairs) >= 4.5


def test_bars_have_their_name_and_words_and_a_missing_one_nothing_to_draw():
    bars = [
        labelled_bars.Bar("甲", 2.0, "2个", "hover", "#000000"),
        labelled_bars.Bar("乙", None, "缺报", "hover", "#000000", "/"),
    ]

    fig: Any = labelled_bars.figure(bars, "zh", "light")

    assert list(fig.data[0].x) == [None, 2.0]
    assert {note.text for note in fig.layout.annotations} == {"甲", "2个", "乙", "缺报"}
