"""Figures and words of the enterprises: what they show is what the tables hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from oneninex.figures.charts import enterprise_words, enterprises

ENTERPRISE: dict[str, Any] = {
    "enterprise_id": "E1", "quarter": "2026Q3", "unit_id": "U1", "name": "甲企业",
    "registered": True, "recognition": "名单：瞪羚企业 2026-05", "revenue_10k_cny": 150.0,
    "yoy": 0.5, "base_state": "ok", "employees": 20, "high_growth": "on_pace",
    "suppressed": False,
}  # fmt: skip
TOTALS: dict[str, Any] = {
    "quarter": "2026Q3", "enterprises": 35, "revenue_10k_cny": 17_294.8, "employees": 3816,
    "suppressed": False, "yoy_units": 9, "yoy_revenue": 17_294.8, "yoy_revenue_before": 9_892.3,
    "yoy_employees": 90, "yoy_employees_before": 100, "units_reported": 8, "units_due": 9,
    "missing_units": "U9",
}  # fmt: skip
SUMMARY: dict[str, Any] = {
    "month": date(2026, 10, 1), "active": 35, "attracted": 19, "grown": 16, "entries": 4,
    "exits": 1, "unregistered": 2,
}  # fmt: skip
UNITS = {
    "U1": {"name": "甲园区", "kind": "comprehensive"},
    "U2": {"name": "乙" * 60, "kind": "characteristic"},
}


def test_cards_hold_registry_and_quarter():
    cards = enterprise_words.cards(SUMMARY, TOTALS, "zh")

    assert [card.value for card in cards] == ["35", "19 / 16", "1.73亿元", "3,816"]
    assert cards[0].changes == ("本年入驻 4 家，迁出 1 家",)
    assert cards[2].changes == (":green[↑ 同比 +74.8%]",)
    assert cards[3].changes == (":red[↓ 同比 −10.0%]",)
    assert enterprise_words.cards(SUMMARY, TOTALS, "en")[2].value == "172.9 M"


def test_cards_without_returns_are_missing_and_not_zero():
    nothing = {**TOTALS, **dict.fromkeys(["revenue_10k_cny", "employees", "enterprises"])}
    unknown = {**SUMMARY, **dict.fromkeys(["active", "attracted", "grown", "entries", "exits"])}

    assert {card.value for card in enterprise_words.cards(unknown, nothing, "zh")} == {"缺报"}


def test_a_card_speaks_of_reports_without_registration_only_where_there_are_some():
    some, none = {**SUMMARY, "unregistered": 1}, {**SUMMARY, "unregistered": 0}

    (note,) = enterprise_words.cards(some, TOTALS, "en")[1].notes
    assert note.startswith("1 more reports without")
    assert enterprise_words.cards(none, TOTALS, "en")[1].notes == ("",)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "+50.0%"),
        ({"yoy": -0.25}, "−25.0%"),
        ({"yoy": None, "base_state": "missing"}, "无同期"),
        ({"yoy": None, "base_state": "zero"}, "基数为0"),
        ({"yoy": None, "base_state": "negative"}, "基数为负"),
        ({"suppressed": True}, "保密"),
    ],
)
def test_growth_without_a_number_says_why(given, words):
    assert enterprise_words.yoy_words({**ENTERPRISE, **given}, "zh") == words


def test_the_table_is_sorted_by_the_number_and_what_has_none_comes_last():
    rows = [
        {**ENTERPRISE, "enterprise_id": "E1", "yoy": 0.5},
        {**ENTERPRISE, "enterprise_id": "E2", "yoy": None, "base_state": "missing",
         "name": None, "registered": False, "recognition": None, "high_growth": "too_early"},
        {**ENTERPRISE, "enterprise_id": "E3", "yoy": 3.1},
    ]  # fmt: skip
    table = pa.Table.from_pylist(rows)

    shown = enterprise_words.growth(table, "yoy", "zh").to_pylist()

    assert [row["enterprise_id"] for row in shown] == ["E3", "E1", "E2"]
    assert shown[2]["enterprise"] == "（未登记，名称待补）"
    assert (shown[2]["registry"], shown[2]["recognition"]) == ("未登记", "无")
    assert (shown[0]["growth"], shown[0]["recognition"]) == (
        "按当前速度可达", "名单：瞪羚企业 2026-05",
    )  # fmt: skip
    said = enterprise_words.describe_growth(table, "2026Q3", "zh")
    assert "共 3 家企业" in said
    assert "按当前速度可达 2 家" in said
    assert "为时尚早 1 家" in said


def test_entries_go_up_and_exits_down():
    months = [date(2026, 1, 1), date(2026, 2, 1)]
    rows = [
        {"month": month, "origin": origin, "active": 5, "entries": 2, "exits": exits}
        for month, exits in zip(months, (0, 1), strict=True)
        for origin in ("attracted", "grown")
    ]
    table = pa.Table.from_pylist(rows)

    fig: Any = enterprises.movements(table, "zh", "light")

    assert [list(bar.y) for bar in fig.data[:3]] == [[5, 5], [2, 2], [0, -1]]
    said = enterprises.describe_movements(table, "zh")
    assert "入驻 8 家，迁出 2 家" in said
    assert "期末在册 10 家" in said


def test_no_registry_is_no_movement():
    row = {"month": date(2026, 1, 1), "origin": "attracted"}
    table = pa.Table.from_pylist(
        [{**row, "origin": origin, "active": None, "entries": None, "exits": None}
         for origin in ("attracted", "grown")]
    )  # fmt: skip

    assert "没有报送" in enterprises.describe_movements(table, "zh")
    fig: Any = enterprises.movements(table, "en", "dark")
    assert list(fig.data[0].y) == [None]


def test_each_unit_has_its_bars_and_a_missing_registry_its_word():
    rows = [
        {"unit_id": "U1", "active": 3, "attracted": 1, "grown": 2, "unregistered": 0},
        {"unit_id": "U2", "active": None, "attracted": None, "grown": None, "unregistered": 1},
    ]
    table = pa.Table.from_pylist(rows)

    fig: Any = enterprises.by_unit(table, UNITS, "U1", "zh", "light")

    assert {bar.name: list(bar.x) for bar in fig.data} == {
        "引进": [None, 1], "培育": [None, 2], "未登记": [1, 0],
    }  # fmt: skip
    texts = [note.text for note in fig.layout.annotations]
    assert "缺报" in texts
    assert "▶ 综合 · 甲园区" in texts
    assert max(map(len, texts)) < 30
    said = enterprises.describe_by_unit(table, UNITS, "U1", "zh")
    assert "在册企业 3 家" in said
    assert "另有 1 家未登记" in said


def test_revenue_stands_in_yuan_with_its_change():
    rows = [{**TOTALS, "quarter": "2026Q2", "revenue_10k_cny": None}, TOTALS]
    table = pa.Table.from_pylist(rows)

    fig: Any = enterprises.revenue(table, "2026Q3", "zh", "light")

    assert list(fig.data[0].y) == [None, 17_294.8]
    assert list(fig.data[0].text) == ["缺报", "1.73亿"]
    said = enterprises.describe_revenue(table, "2026Q3", "zh")
    assert "1.73亿元" in said
    assert "同比 +74.8%" in said
    assert "没有企业季报" in enterprises.describe_revenue(table, "2026Q2", "zh")


def test_concentration_names_the_index_its_inverse_and_the_share_of_five():
    row = {
        "quarter": "2026Q3", "measure": "employees", "hhi": 0.25, "equivalent_number": 4.0,
        "top5_share": 0.9, "contributors": 12, "suppressed": False, "theil_t": 0.5, "theil_l": 0.25,
    }  # fmt: skip
    table = pa.Table.from_pylist([row])

    fig: Any = enterprises.concentration(table, "2026Q3", "zh", "light")
    assert list(fig.data[0].y) == [0.25]
    said = enterprises.describe_concentration(table, "2026Q3", "zh")
    assert "HHI 0.250" in said
    assert "相当于 4.0 家" in said
    assert "12 家中前五家占 90.0%" in said
    assert "泰尔 T 0.500，泰尔 L 0.250" in said
    assert "没有" in enterprises.describe_concentration(table, "2025Q3", "zh")


def test_coverage_reads_the_missing_units():
    assert enterprise_words.covered(TOTALS) == (8, 9, ("U9",))
    assert enterprise_words.covered({**TOTALS, "missing_units": None})[2] == ()
