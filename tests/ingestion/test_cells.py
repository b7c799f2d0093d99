import datetime as dt

import duckdb
import pytest

from oneninex.domain import contracts
from oneninex.ingestion.tables.cells import typed
from tests.ingestion.helpers import plan

FIELDS = {
    "integer": ("labeling_daily", "items"),
    "number": ("labeling_daily", "hours"),
    "date": ("labeling_daily", "date"),
    "yearmonth": ("workforce_monthly", "month"),
    "quarter": ("enterprise_quarterly", "quarter"),
    "code": ("labeling_daily", "modality"),
    "unit": ("labeling_daily", "unit_id"),
    "scope": ("indicator_values", "scope"),
    "uscc": ("labeling_daily", "enterprise_id"),
    "several": ("enterprises", "links"),
    "text": ("labeling_daily", "project_id"),
}
DAY = dt.date(2026, 3, 5)
MONTH = dt.date(2026, 3, 1)
READ = [
    ("integer", {"120": 120, " 120 ": 120, "１２０": 120, "1,234": 1234, "１，２３４": 1234,
                 "1 234": 1234, "1,234,567": 1234567, "100.0": 100, "-3": -3, "－3": -3,
                 "007": 7, "0": 0, "120　": 120, "\u00a0120": 120}),
    ("number", {"60.5": 60.5, "６０．５": 60.5, "1,234.5": 1234.5, "0": 0.0, "-1": -1.0,
                "0.30000000000000004": 0.30000000000000004}),
    ("date", dict.fromkeys(("2026-03-05", "2026-3-5", "2026/3/5", "2026/03/05", "2026年3月5日",
                            "2026年03月05日", "２０２６年３月５日", "2026 年 3 月 5 日", "20260305",
                            "2026.3.5", "2026-03-05 00:00:00", "2026/3/5 0:00",
                            "2026-03-05T00:00:00"), DAY)),
    ("yearmonth", dict.fromkeys(("2026-03", "2026年3月", "2026年03月", "2026/3", "202603",
                                 "2026-03-01", "2026.03", "2026.3", "2026年3月份"), MONTH)),
    ("quarter", dict.fromkeys(("2026Q3", "2026q3", "2026年三季度", "2026年第3季度",
                               "2026年第三季度", "2026-Q3", "2026 Q3", "２０２６Ｑ３",
                               "2026年Q3", "2026年3季度"), "2026Q3")),
    ("code", dict.fromkeys(("image", "Image", " image", "图像", "图片", "ｉｍａｇｅ"), "image")),
    ("unit", dict.fromkeys(("U1", "u1", "Ｕ1", "淮安科教产业园",
                            "huai'an science and education industrial park"), "U1")),
    ("scope", {"city": "city", "全市": "city", "U3": "U3"}),
    ("uscc", dict.fromkeys(("91320800DEM000001Y", "91320800dem000001y", " 91320800DEM000001Y",
                            "９１３２０８００DEM000001Y"), "91320800DEM000001Y")),
    ("several", {"labeling": "labeling", "数据标注": "labeling",
                 "labeling|application": "labeling|application",
                 "数据标注、场景应用": "labeling|application",
                 "标注；应用": "labeling|application"}),
    ("text", {" P-1 ": "P-1", "目标检测": "目标检测", "　目标　检测　": "目标　检测",
              "=1+1": "=1+1"}),
]  # fmt: skip
REFUSED = {
    "integer": ["100.6", "1E+02", "0x10", "1_000", "1,23", "12,34", "1.234,5", "abc", "NaN", "inf",
                "--1", "120条", "50%", "99999999999999999999", "=1+1", "1 2", "无", "-", "/",
                "TRUE"],
    "number": ["nan", "NaN", "inf", "-Infinity", "1e5", "1_000", "1,23.5", "60.5h", "0x1p3", "50%",
               "1.2.3"],
    "date": ["05/03/2026", "3/5/2026", "2026-03", "2026年3月", "2026-13-01", "2026-02-30", "46086",
             "2026-03-05 13:00:00", "3月5日", "20261305", "今天", "2026", "26-03-05", "0226-03"],
    "yearmonth": ["2026.1", "2026. 1", "2026-13", "3月", "2026", "2026-03-15", "03/2026", "2026Q1",
                  "202613"],
    "quarter": ["2026-3", "2026/2", "2026 1", "20264", "2026年3", "2026年3月", "2026Q5",
                "2026", "三季度", "2026-07", "Q3", "2026年五季度"],
    "code": ["imag", "图", "image|text", "0"],
    "unit": ["U10", "U0", "1", "淮安"],
    "scope": ["U10", "江苏"],
    "uscc": ["91320800DEM00000", "9.13208E+17", "91320800DEM000001YY", "91320800DEI000001Y"],
    "several": ["labeling|unknown", "labeling||application", "标注应用"],
}  # fmt: skip
BLANK = ["", " ", "　", "\t", "\u00a0", " \u3000 "]


def value_of(kind: str, text: str) -> object:
    field = contracts.of_plan(FIELDS[kind][0], plan()).field(FIELDS[kind][1])
    sql = f"select cast({typed(field, 'c', plan())} as {field.duckdb_type}) from (select $t as c)"
    row = duckdb.execute(sql, {"t": text}).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("kind", "text", "value"), [(kind, t, v) for kind, texts in READ for t, v in texts.items()]
)
def test_is_read(kind, text, value):
    assert value_of(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in REFUSED.items() for text in texts]
)
def test_is_never_guessed(kind, text):
    assert value_of(kind, text) is None


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize("text", BLANK)
def test_blank_is_missing(kind, text):
    assert value_of(kind, text) is None
