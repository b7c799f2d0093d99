"""A unit of measure that is not the field's is never read as if it were, wherever it stands."""

from __future__ import annotations

import itertools

import openpyxl
import pytest

from oneninex.domain import contracts
from oneninex.ingestion.tables import units_of_measure as units
from tests.ingestion.helpers import DAILY, daily, example, natural

QUARTERLY = (
    "quarter",
    "enterprise_id",
    "unit_id",
    "revenue_10k_cny",
    "labeling_revenue_10k_cny",
    "employees",
    "annotators",
)
DATASET = ("dataset_id", "title_zh", "sector", "unit_id", "size_gb")
PLAIN = {
    "revenue_10k_cny": "营业收入",
    "labeling_revenue_10k_cny": "标注业务收入",
    "size_gb": "size gb",
}

# kind, columns, what is wrong, what is right, the field asked about
TABLES = {
    "labeling_daily": (
        tuple(DAILY),
        ("万条", "千条", "百条", "亿条", "万"),
        ("条", "人", "小时"),
        "items",
    ),
    "enterprise_quarterly": (
        QUARTERLY,
        ("元", "千元", "百万元", "亿元", "人民币元", "美元"),
        ("万元", "人民币万元", "万元、人"),
        "revenue_10k_cny",
    ),
    "datasets": (DATASET, ("TB", "MB", "PB", "ＴＢ"), ("GB",), "size_gb"),
}

# Each writes the unit somewhere: (rows above, rows below the header, rows after the data, sheet)
PLACES = {
    "above": lambda unit: ([[f"单位：{unit}"]], [], [], None),
    "beside the title": lambda unit: ([["台账", None, f"单位: {unit}"]], [], [], None),
    "in brackets": lambda unit: ([[f"淮安市台账（{unit}）"]], [], [], None),
    "in the title": lambda unit: ([[f"淮安市台账（规模单位：{unit}）"]], [], [], None),
    "next cell": lambda unit: ([["台账"], ["计量单位", unit]], [], [], None),
    "cell after next": lambda unit: ([["计量单位：", None, unit]], [], [], None),
    "cell below": lambda unit: ([["单位："], [unit]], [], [], None),
    "as unit": lambda unit: ([[f"以{unit}为单位"]], [], [], None),
    "note below": lambda unit: ([], [], [[f"注：数据单位为{unit}"]], None),
    "note of two cells": lambda unit: ([], [], [["单位", unit]], None),
    "sheet": lambda unit: ([], [], [], f"台账({unit})"),
    "sheet with label": lambda unit: ([], [], [], f"台账单位{unit}"),
    "sheet with dash": lambda unit: ([], [], [], f"台账-{unit}"),
}


def book(path, kind, columns, place):
    above, below, after, name = place
    contract = contracts.load(kind)
    row = daily(1)[0] if kind == "labeling_daily" else example(kind)
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = name or "Sheet1"
    for line in above:
        sheet.append(line)
    sheet.append([PLAIN.get(c, contract.field(c).title) for c in columns])
    for line in below:
        sheet.append(line)
    sheet.append([natural(row[c]) for c in columns])
    for line in after:
        sheet.append(line)
    workbook.save(path)
    return path


@pytest.mark.parametrize(("kind", "place"), list(itertools.product(TABLES, PLACES)))
def test_another_unit_is_asked_about_wherever_it_stands(read, tmp_path, kind, place):
    columns, wrong, right, field = TABLES[kind]
    for number, unit in enumerate(wrong):
        path = book(tmp_path / f"w{number}.xlsx", kind, columns, PLACES[place](unit))
        batch = read(path)
        (first, *_) = batch.findings.to_pylist()
        assert (batch.status, first["field"], first["code"]) == ("refused", field, "range"), unit
    for number, unit in enumerate(right):
        path = book(tmp_path / f"r{number}.xlsx", kind, columns, PLACES[place](unit))
        assert read(path).rows_accepted == 1, unit


def test_a_row_of_units_below_the_header(read, tmp_path):
    columns = TABLES["enterprise_quarterly"][0]
    right = [None, None, None, "万元", "万元", "人", "人"]
    for number, (place, unit) in enumerate([(None, None), (3, "元"), (5, "百人")]):
        line = list(right)
        if place:
            line[place] = unit
        path = book(
            tmp_path / f"{number}.xlsx", "enterprise_quarterly", columns, ([], [line], [], None)
        )
        batch = read(path)
        assert batch.status == ("refused" if place else "accepted")
        if place:
            assert batch.findings.column("field")[0].as_py() == columns[place]


@pytest.mark.parametrize("name", ["季报（元）.csv", "季报-元.csv", "季报 单位：元.csv"])
def test_the_name_of_a_file(read, tmp_path, name):
    row = example("enterprise_quarterly")
    contract = contracts.load("enterprise_quarterly")
    heads = [PLAIN.get(c, contract.field(c).title) for c in QUARTERLY]
    text = ",".join(heads) + "\n" + ",".join(row[c] for c in QUARTERLY) + "\n"
    for written, status in ((name, "refused"), (name.replace("元", "万元"), "accepted")):
        path = tmp_path / written
        path.write_text(text, "utf-8")
        assert read(path).status == status


def test_a_header_with_another_unit_says_so(read, tmp_path):
    row = {("标注条数（万条）" if k == "items" else k): v for k, v in daily(1)[0].items()}
    path = tmp_path / "a.csv"
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", "utf-8")
    (only,) = read(path).findings.to_pylist()
    assert (only["field"], only["code"]) == ("items", "range")


@pytest.mark.parametrize(
    "text",
    [
        "填报单位：淮安标注有限公司",
        "单位名称",
        "单位：U3",
        "单位负责人：张三",
        "9月",
        "日报（9月）",
        "台账（一）",
        "淮安市数据标注日报",
        "unit U3",
        "Sheet1",
        "报告（定稿）",
        "按月统计",
    ],
)
def test_what_states_no_unit(text):
    assert units.stated_in(text, tail=True) == []


def test_scales_and_bases():
    assert units.parse("百万元") == units.Unit("money", 1e6, "百万元")
    assert units.parse("万") == units.Unit("scale", 1e4, "万")
    assert units.parse("TB").factor == 1e12
    assert units.parse("月") is None
    assert units.parse("个人") is None
