"""Figures and words of datasets and benchmarks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from oneninex.figures.charts import benchmark_table, benchmarks, datasets

PEOPLE = {"name": "从业人员", "unit": "人", "definition": "期末人数"}
MONEY = {"name": "标注收入", "unit": "万元", "definition": "收入之和"}
SETS = {"name": "数据集", "unit": "个", "definition": "个数"}
OURS: dict[str, Any] = {
    "here": True, "place": "淮安", "indicator_id": "workers", "value": 1000.0, "operator": "equal",
    "per_worker": None, "per_enterprise": 100.0, "ratio_as_of": date(2026, 10, 31),
    "kind": "stock", "comparable": True, "caution": None, "as_of": date(2026, 10, 31),
    "since": None, "source": "workforce_monthly", "certainty": None, "note": None,
    "units_reported": 8, "units_due": 9, "suppressed": False,
    "per_worker_suppressed": False, "per_enterprise_suppressed": False,
}  # fmt: skip
THERE = {
    **OURS, "here": False, "place": "沈阳", "value": 11800.0, "operator": "exceed",
    "per_enterprise": 181.5, "ratio_as_of": date(2025, 11, 1), "as_of": date(2025, 11, 1),
    "source": "https://example.org/a?b=1&c=2", "certainty": "secondary",
    "note": "日期只到月", "units_reported": None, "units_due": None,
}  # fmt: skip
WIDER = {**THERE, "place": "保定", "kind": "wider", "comparable": False, "caution": "wider",
         "per_enterprise": 9000.0, "operator": "equal"}  # fmt: skip
ROWS = pa.Table.from_pylist([OURS, WIDER, THERE])


def test_unlike_places_stand_last_hatched_and_named():
    fig: Any = benchmarks.bars(ROWS, PEOPLE, "per_enterprise", "zh", "light")

    assert list(fig.data[0].x) == [9000.0, 181.5, 100.0]
    assert list(fig.data[0].marker.pattern.shape) == ["/", "", ""]
    texts = {note.text for note in fig.layout.annotations}
    assert {"淮安", "沈阳", "保定 · ⚠ 口径更宽", "100人", "≈181.5人"} <= texts


def test_unlike_places_are_in_no_range():
    said = benchmarks.describe(ROWS, PEOPLE, "per_enterprise", "淮安", "zh")

    assert "淮安企均从业人员 **100人/家**（2026年10月，8/9 个单元）" in said
    assert "口径相同的只有沈阳：≈181.5人" in said
    assert "保定口径不同，只并列，不比" in said
    assert "9,000" not in said


@pytest.mark.parametrize(
    ("caution", "words"),
    [("induced", "带动产值"), ("wider", "整个数据产业"), ("capacity", "能力"), ("stock", "时点数"),
     ("flow", "时期数"), ("cumulative", "累计数"), ("start", "起算时间"), ("not_here", "只列出")],
)  # fmt: skip
def test_each_difference_has_its_warning(caution: str, words: str):
    table = pa.Table.from_pylist([OURS, {**THERE, "caution": caution}])

    (warned,) = benchmarks.warnings(table, "zh")

    assert words in warned
    assert "沈阳" in warned
    assert benchmarks.warnings(table, "en")


def test_a_count_per_worker_is_one_per_ten_thousand():
    row = {**THERE, "per_worker": 0.00578}

    assert benchmarks.written(row, SETS, "per_worker", "zh") == "≈57.8个/万人"
    paid = {**row, "per_worker": 21.94}
    assert benchmarks.written(paid, MONEY, "per_worker", "zh") == "≈21.9万元/人"


def test_published_signs_stay():
    assert benchmarks.written(THERE, PEOPLE, "value", "zh") == ">1.18万人"


def test_headlines_keep_unlike_figures_out():
    rows = [{**row, "indicator_id": name, "per_worker": 2.0, "per_enterprise": 3.0}
            for name, _ in benchmarks.HEADLINES for row in (OURS, WIDER)]  # fmt: skip
    indicators = {name: PEOPLE for name, _ in benchmarks.HEADLINES}

    cards = benchmarks.cards(pa.Table.from_pylist(rows), indicators, "zh")

    assert {card.notes for card in cards} == {("公布数口径不同，不比",)}


def test_a_withheld_ratio_is_not_one_that_is_not_there():
    ours = {**OURS, "per_enterprise": None, "per_enterprise_suppressed": True}
    table = pa.Table.from_pylist([ours, THERE])

    assert "淮安的“企均从业人员”保密" in benchmarks.describe(
        table, PEOPLE, "per_enterprise", "淮安", "zh"
    )


def test_definitions_carry_source_and_date():
    shown = benchmark_table.definitions(
        ROWS, PEOPLE, {"workforce_monthly": "人员与工位月报"}, "zh", "light"
    )

    assert 'href="https://example.org/a?b=1&amp;c=2"' in shown
    assert "2025年11月1日" in shown
    assert "转引" in shown
    assert "本系统：人员与工位月报" in shown
    assert "期末人数" in shown
    assert "⚠ 口径更宽" in shown


def cell(sector: str, stage: str, count: int | None, in_plan: bool = True) -> dict[str, Any]:
    return {"sector": sector, "stage": stage, "sector_name": sector, "in_plan": in_plan,
            "datasets": count, "size_gb": None if count is None else 500.0 * count}  # fmt: skip


def pipeline(*given: int | None) -> pa.Table:
    rows = [cell("工业", s, n) for s, n in zip(datasets.STAGES, given, strict=True)]
    return pa.Table.from_pylist(rows)


def test_a_stage_that_nobody_reached_is_a_gap():
    table = pipeline(4, 3, 2, 2, 0, 1)

    shown = datasets.pipeline(table, "zh", "light")

    assert shown.count('class="gr-empty"') == 1
    assert "1.5 TB" in shown
    assert "建成 3 个，投入应用 1 个。空缺 1 格：工业—交易" in datasets.describe_pipeline(
        table, "zh"
    )


def test_silence_is_missing_and_no_gap():
    table = pipeline(*[None] * 6)

    assert datasets.pipeline(table, "zh", "dark").count('class="gr-missing"') == 6
    assert "没有报送" in datasets.describe_pipeline(table, "zh")


def test_the_link_that_most_units_lack_comes_first():
    counts = {"U1": (0, 0), "U2": (0, 2), "U3": (None, None)}
    rows = [
        {"unit_id": unit, "link": link, "link_zh": f"环节{link}", "link_en": link,
         "enterprises": count}
        for unit, both in counts.items()
        for link, count in zip("ab", both, strict=True)
    ]  # fmt: skip
    table = pa.Table.from_pylist(rows)
    units = {unit: unit for unit in counts}

    said = datasets.describe_chain(table, units, "zh")

    assert "全链 2 个环节中 1 个有在册企业（2 个单元已报）" in said
    assert said.index("环节a") < said.index("环节b")
    shown = datasets.chain(table, units, "zh", "light")
    assert (shown.count('class="gr-empty"'), shown.count('class="gr-missing"')) == (3, 2)


def test_the_factorys_share_stands_with_both_numbers():
    row = {"measure": "hq_datasets", "factory": 5.0, "city": 12.0, "share": 5 / 12}
    unknown = {"measure": "workers", "factory": None, "city": None, "share": None}
    table = pa.Table.from_pylist([row, unknown])

    fig: Any = datasets.factory(table, "zh", "light")

    assert {"41.7%（5 / 12）", "缺报"} <= {note.text for note in fig.layout.annotations}
    assert "41.7%" in datasets.describe_factory(table, "zh")
