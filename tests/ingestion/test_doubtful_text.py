"""Names and codes that are none: placeholders, errors, totals, damaged text; one cleaning rule."""

from __future__ import annotations

import itertools
import random

import pytest

from oneninex.ingestion.tables import text_values
from oneninex.ingestion.tables.cleaning import INVISIBLE, clean, near_key
from oneninex.ingestion.tables.total_words import is_surely_total, is_total
from tests.ingestion.helpers import daily, example, found, write_csv, write_ndjson, write_xlsx

WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "ndjson": write_ndjson}
RANDOM = random.Random(17)

WORDS = ("合计", "小计", "总计", "共计", "汇总", "累计", "合計", "小計", "總計")
SHAPES = (
    "{w}",
    "{w}：HK组",
    "HK组{w}",
    "HK-07 {w}",
    "全市企业{w}",
    "（{w}）",
    "HK（{w}）",
    "【{w}】",
    "{w}:",
    "本月{w}",
    "{w}（3项）",
    "  {w}  ",
    "U3 {w}：",
    "{w}数",
    "二、{w}",
)
LATIN = (
    "Total",
    "TOTAL:",
    "Subtotal",
    "sub-total HK",
    "Sub Total",
    "Grand Total",
    "HK total",
    "sum",
    "Sum of HK",
    "HK group total",
    "total (3)",
    "Σ",
)
NO_TOTALS = (
    "综合计算",
    "组合计划-2",
    "整合计划",
    "小计算机视觉",
    "数据汇总平台",
    "总计划",
    "Total Station",
    "checksum",
    "Summit",
    "会计凭证",
    "设计图",
    "统计年鉴",
    "HK-07",
    "累计用户行为",
)


def total_spellings() -> list[str]:
    made = [shape.format(w=word) for word, shape in itertools.product(WORDS, SHAPES)]
    spaced = [" ".join(word) for word in WORDS]
    wide = ["ＴＯＴＡＬ", "Ｓｕｂｔｏｔａｌ：HK", "合\u3000计"]
    return [*made, *spaced, *LATIN, *wide]


@pytest.mark.parametrize("form", WRITERS)
def test_total_rows_are_recognised_in_any_spelling(read, tmp_path, form):
    """Each filled row of a total gets one finding, whatever the word and where it stands."""
    totals = total_spellings()
    names = [*NO_TOTALS, *totals]
    rows = [{**row, "project_id": name} for row, name in zip(daily(len(names)), names, strict=True)]
    batch = read(WRITERS[form](tmp_path / f"a.{form}", rows))
    assert [f[4] for f in found(batch)] == ["total_row"] * len(totals)
    assert batch.rows_accepted == len(NO_TOTALS)


def test_total_words_in_any_code_or_name_cell(read, tmp_path):
    for number, field in enumerate(("date", "unit_id", "enterprise_id", "project_id")):
        rows = [*daily(2), {**daily(1)[0], field: "9月小计", "modality": ""}]
        batch = read(write_csv(tmp_path / f"{number}.csv", rows))
        assert [(f[0], f[4]) for f in found(batch)] == [(4, "total_row")], field


def test_a_dataset_may_be_called_a_collection():
    """汇总 in a title names a collection; 小计 does not."""
    assert not is_surely_total("淮安市非遗资料汇总")
    assert is_surely_total("数据集小计")
    assert is_total("淮安市非遗资料汇总")


@pytest.mark.parametrize("form", WRITERS)
def test_placeholders_are_no_codes(read, tmp_path, form):
    marks = [m for m in sorted(text_values.PLACEHOLDERS) if not m.startswith("#")]
    marks += [m.upper() for m in marks if m.isalpha() and m.isascii()] + ["／", "－", " 无 "]
    # a workbook's number cell holds no such text, and NDJSON tells null from "null"
    rows = [{**row, "project_id": m} for row, m in zip(daily(len(marks)), marks, strict=True)]
    batch = read(WRITERS[form](tmp_path / f"a.{form}", rows))
    assert batch.rows_accepted == 0
    assert {(f[1], f[3]) for f in found(batch)} == {("project_id", "required")}
    assert len(found(batch)) == len(marks)


def test_placeholders_are_no_names_and_nothing_where_nothing_is_due(read, tmp_path):
    row = example("enterprises")
    batch = read(write_csv(tmp_path / "a.csv", [{**row, "name_zh": "待定"}]))
    assert [(f[1], f[3]) for f in found(batch)] == [("name_zh", "required")]
    batch = read(write_csv(tmp_path / "b.csv", [{**row, "recognition": "无", "name_en": "/"}]))
    (kept,) = read.rows(batch)
    assert (kept["recognition"], kept["name_en"]) == (None, None)


@pytest.mark.parametrize("mark", sorted(text_values.DITTO))
def test_ditto_marks_are_asked_about(mark):
    from oneninex.domain import contracts

    field = contracts.load("labeling_daily").field("project_id")
    assert text_values.sort_of(field, mark) == "ditto"


def test_errors_formulas_dates_and_powers_are_no_codes(read, tmp_path):
    doubtful = [
        "#N/A",
        "#REF!",
        "#DIV/0!",
        "#NAME?",
        "########",
        "=VLOOKUP(A1,B:C,2,0)",
        "＝A1",
        "3月1日",
        "1-Mar",
        "2026-03-01",
        "2026/3/1",
        "9.13E+17",
        "1E5",
    ]
    plain = ["3-1-A", "2026-HK", "E5", "A1", "#7", "P=3"]
    names = [*plain, *doubtful]
    rows = [{**row, "project_id": name} for row, name in zip(daily(len(names)), names, strict=True)]
    batch = read(write_csv(tmp_path / "a.csv", rows))
    assert [(f[0], f[3]) for f in found(batch)] == [
        (len(plain) + 2 + number, "type") for number in range(len(doubtful))
    ]


NAMES = (
    "淮安市试用标注有限公司",
    "江苏京杭智能科技有限公司",
    "清江浦区智慧物流园",
    "淮阴数据服务中心",
)


def damaged(name: str) -> list[str]:
    utf8, gbk = name.encode(), name.encode("gbk")
    return [
        utf8.decode("gbk", "replace"),
        utf8.decode("gbk", "ignore"),
        utf8.decode("cp1252", "replace"),
        utf8.decode("latin-1"),
        gbk.decode("latin-1"),
        gbk.decode("utf-8", "replace"),
        name[:3] + "锟斤拷" + name[4:],
        name[:3] + "\ufffd" + name[4:],
        name[:3] + "\ue5e5" + name[4:],
        "?" * len(name),
        "??" + name[2:],
    ]


@pytest.mark.parametrize("name", NAMES)
def test_damaged_text_is_told_from_names(name):
    assert not text_values.is_damaged(name)
    assert [text for text in damaged(name) if not text_values.is_damaged(text)] == []


def test_damaged_names_are_asked_about(read, tmp_path):
    row = example("enterprises")
    batch = read(write_csv(tmp_path / "a.csv", [{**row, "name_zh": "淮安锟斤拷有限公司"}]))
    assert [(f[1], f[3]) for f in found(batch)] == [("name_zh", "encoding")]


@pytest.mark.parametrize(
    "name", ["Müller Daten", "Café Ñandú ÄÖÜ", "Škoda", "What?", "联通", "䶮公司", "Ørsted", "HK??"]
)
def test_rare_names_are_not_damaged(name):
    assert not text_values.is_damaged(name)


def strewn(text: str) -> str:
    """The text with invisible characters before, in and behind it."""
    signs = [RANDOM.choice(INVISIBLE) for _ in range(len(text) + 1)]
    return "".join(itertools.chain(*zip(signs, text, strict=False))) + signs[-1]


@pytest.mark.parametrize("sign", INVISIBLE)
def test_invisible_characters_do_not_count(sign):
    assert clean(f"{sign}HK{sign}-08{sign}") == "HK-08"


def test_headers_and_cells_are_cleaned_alike(read, tmp_path):
    (row,) = daily(1)
    shown = {strewn(name): strewn(value) for name, value in row.items()}
    batch = read(write_csv(tmp_path / "a.csv", [shown]))
    assert found(batch) == []
    (kept,) = read.rows(batch)
    assert (kept["project_id"], kept["items"], kept["hours"]) == ("P-1", 120, 60.5)


@pytest.mark.parametrize("shape", ['="{}"', "'{}", "\t{}", "’{}", '＝"{}"', "\u00a0{}\u3000"])
def test_protected_text_is_read(read, tmp_path, shape):
    """What keeps Excel from changing a code is not part of the code, in any column."""
    (row,) = daily(1, project_id="007")
    kept = {name: shape.format(value) for name, value in row.items()}
    batch = read(write_csv(tmp_path / "a.csv", [kept]))
    assert found(batch) == []
    assert [row["project_id"] for row in read.rows(batch)] == ["007"]


ALIKE = [
    ("HK-07", "hk-07"),
    ("HK-07", "HK07"),
    ("HK-07", "ＨＫ－07"),
    ("007", "7"),
    ("HK-7", "HK-07"),
    ("HK_07", "HK 07"),
    ("P.1", "P-01"),
]
DIFFERENT = [("1-11", "11-1"), ("A-1-1", "A-11"), ("P-1", "P-10"), ("HK-07", "HL-07"), ("0", "00A")]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_spellings_of_one_code_are_asked_about(read, tmp_path, one, other):
    rows = [{**row, "project_id": p} for row, p in zip(daily(3), (one, one, other), strict=True)]
    rows = [{**row, "date": f"2026-03-0{n + 1}"} for n, row in enumerate(rows)]
    batch = read(write_csv(tmp_path / "a.csv", rows))
    assert [(f[0], f[1], f[4]) for f in found(batch)] == [(4, "project_id", "one_spelling")]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_codes_stay_apart(one, other):
    assert near_key(one) != near_key(other)


def test_a_code_with_its_name_from_the_forms_list(read, tmp_path):
    rows = daily(2)
    code = rows[0]["enterprise_id"]
    rows[1] |= {"enterprise_id": f"{code} 演示 企业（淮安）"}
    batch = read(write_csv(tmp_path / "a.csv", rows))
    assert found(batch) == []
    assert {row["enterprise_id"] for row in read.rows(batch)} == {code}
