import csv

import openpyxl
import pytest

from oneninex.ingestion.tables import delimited
from tests.ingestion.helpers import (
    DAILY,
    codes,
    daily,
    example,
    found,
    natural,
    write_csv,
    write_ndjson,
    write_parquet,
    write_xlsx,
)

CHINESE = {**DAILY, "task_type": "目标检测㐀𠮷", "project_id": "项目，“甲”"}
TITLES = {
    "日期": "date",
    "单元编号": "unit_id",
    "社会信用代码": "enterprise_id",
    "项目": "project_id",
    "模态": "modality",
    "标注量": "items",
    "工时（小时）": "hours",
    "工时口径": "hours_basis",
    "质检条数": "reviewed",
    "合格条数": "accepted",
    "一次通过条数": "accepted_first_pass",
    "退回条数": "rejected",
    "标注人数*": "annotators",
}


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_csv_in_every_way(tmp_path, read, encoding, named, delimiter, newline, quoting):
    rows = [CHINESE, {**CHINESE, "project_id": 'P "2"'}]
    how = {"delimiter": delimiter, "newline": newline, "quoting": quoting}
    batch = read(write_csv(tmp_path / "a.csv", rows, encoding, **how))
    assert (batch.status, batch.kind, batch.encoding) == ("accepted", "labeling_daily", named)
    accepted = read.rows(batch)
    assert [row["project_id"] for row in accepted] == ["项目，“甲”", 'P "2"']
    assert [row["task_type"] for row in accepted] == ["目标检测㐀𠮷"] * 2
    assert [row["source_row"] for row in accepted] == [2, 3]


def test_gbk_is_a_part_of_gb18030(tmp_path, read):
    batch = read(write_csv(tmp_path / "a.csv", [{**DAILY, "task_type": "目标检测"}], "gbk"))
    assert (batch.status, batch.encoding) == ("accepted", "gb18030")


def test_line_ends_of_several_kinds_in_one_file(tmp_path, read):
    lines = write_csv(tmp_path / "a.csv", daily(4)).read_bytes().split(b"\n")
    ends = [b"\r\n", b"\n", b"\r", b"\n", b"\r\n"]
    content = b"".join(a + b for a, b in zip(lines, ends, strict=False))
    (tmp_path / "a.csv").write_bytes(content)
    batch = read(tmp_path / "a.csv")
    assert batch.rows_accepted == 4


@pytest.mark.parametrize("writer", [write_csv, write_xlsx, write_parquet, write_ndjson])
@pytest.mark.parametrize(
    "kind",
    ["datasets", "enterprise_quarterly", "enterprises", "indicator_values", "workforce_monthly"],
)
def test_every_kind_in_every_format(tmp_path, read, writer, kind):
    batch = read(writer(tmp_path / "a.dat", [example(kind)]))
    assert found(batch) == []
    assert (batch.status, batch.kind, batch.rows_accepted) == ("accepted", kind, 1)


@pytest.mark.parametrize("writer", [write_csv, write_xlsx, write_parquet, write_ndjson])
def test_headers_in_chinese_and_columns_in_any_order(tmp_path, read, writer):
    row = {title: DAILY[name] for title, name in reversed(TITLES.items())}
    batch = read(writer(tmp_path / "a.dat", [row]))
    assert found(batch) == []
    (accepted,) = read.rows(batch)
    assert (accepted["items"], accepted["hours"], accepted["accepted"]) == (120, 60.5, 95)


def test_the_header_may_stand_below_titles(tmp_path, read):
    path = tmp_path / "a.csv"
    text = write_csv(path, daily(2, items="bad")).read_text()
    path.write_text("淮安市数据标注日报,,\n填报单位：U1,,\n\n" + text)
    batch = read(path)
    assert [row[0] for row in found(batch)] == [5, 6]


def test_blank_lines_count_but_are_no_rows(tmp_path, read):
    path = tmp_path / "a.csv"
    lines = write_csv(path, daily(3)).read_text().splitlines()
    commas = "," * lines[0].count(",")
    path.write_text("\n".join([lines[0], "", lines[1], commas, "  ", lines[2], lines[3], "", ""]))
    batch = read(path)
    assert (batch.status, batch.rows_read) == ("accepted", 3)
    assert [row["source_row"] for row in read.rows(batch)] == [3, 6, 7]


def test_blank_lines_in_a_file_with_quotes(tmp_path, read):
    path = tmp_path / "a.csv"
    lines = write_csv(path, daily(2), quoting=csv.QUOTE_ALL).read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[1], "", lines[2], ""]))
    assert [row["source_row"] for row in read.rows(read(path))] == [2, 4]


def test_a_line_break_inside_a_cell_is_one_row(tmp_path, read):
    rows = [{**DAILY, "task_type": "two\nlines"}, {**DAILY, "project_id": "P-2", "task_type": "x"}]
    batch = read(write_csv(tmp_path / "a.csv", rows))
    assert [(r["source_row"], r["task_type"]) for r in read.rows(batch)] == [
        (2, "two\nlines"),
        (3, "x"),
    ]


def test_a_line_break_inside_a_header(tmp_path, read):
    rows = [{("标注\n条数" if k == "items" else k): v for k, v in DAILY.items()}]
    batch = read(write_csv(tmp_path / "a.csv", rows))
    assert [row["source_row"] for row in read.rows(batch)] == [2]


def test_trailing_empty_columns_are_no_columns(tmp_path, read):
    path = write_csv(tmp_path / "a.csv", daily(2))
    path.write_text("".join(f"{line},,\n" for line in path.read_text().splitlines()))
    assert found(read(path)) == []


@pytest.mark.parametrize(
    "name", ["a[1].csv", "a*.csv", "a?.csv", "报表 (1).csv", "a.csv.gz", "it's"]
)
def test_any_file_name(tmp_path, read, name):
    batch = read(write_csv(tmp_path / name, daily(2)))
    assert (batch.status, batch.name, batch.rows_accepted) == ("accepted", name, 2)


def test_options_fill_columns_that_are_absent(tmp_path, read):
    given = {"unit_id": "U2", "enterprise_id": "91320800DEM000001Y", "project_id": "P-9"}
    rows = [{k: v for k, v in DAILY.items() if k not in given and k != "modality"}]
    batch = read(write_csv(tmp_path / "a.csv", rows), modality="text", **given)
    (row,) = read.rows(batch)
    assert {name: row[name] for name in given} == given
    assert row["modality"] == "text"


def test_workbook_with_titles_sheets_formulas_and_numbers_for_dates(tmp_path, read):
    book = openpyxl.Workbook()
    notes = book.worksheets[0]
    notes.title = "说明"
    notes["A1"] = "请在各月工作表中填写"
    for month in ("三月", "四月"):
        sheet = book.create_sheet(month)
        sheet["B2"] = "标注日报"
        sheet.merge_cells("B2:F2")
        for place, name in enumerate(DAILY):
            sheet.cell(4, 2 + place, name)
            sheet.cell(5, 2 + place, natural(DAILY[name]))
            sheet.cell(7, 2 + place, natural(DAILY[name]))
        sheet["B7"] = 46086 if month == "三月" else 46117
        sheet["B5"] = "2026/1/5" if month == "三月" else "2026/1/6"
    hidden = book.create_sheet("隐藏")
    hidden.sheet_state = "hidden"
    hidden.append(list(DAILY))
    hidden.append(list(DAILY.values()))
    book["四月"]["G7"] = "坏"
    book.save(tmp_path / "a.xlsx")
    batch = read(tmp_path / "a.xlsx")
    assert batch.rows_read == 4
    days = [(row["source_row"], row["date"].isoformat()) for row in read.rows(batch)]
    assert days == [(5, "2026-01-05"), (5, "2026-01-06"), (7, "2026-03-05")]
    unread, finding = batch.findings.to_pylist()
    assert "“隐藏”" in unread["message_zh"]
    assert (finding["row"], finding["field"], finding["value"]) == (7, "items", "坏")
    assert finding["message_zh"].startswith("工作表“四月”：")
    assert finding["message_en"].startswith("Sheet “四月”: ")


def test_a_formula_is_read_by_its_value(tmp_path, read):
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(DAILY))
        sheet.write_row(1, 0, [natural(v) if k != "date" else v for k, v in DAILY.items()])
        sheet.write_formula(1, list(DAILY).index("items"), "=100+20", None, 120)
    batch = read(path)
    assert found(batch) == []
    assert read.rows(batch)[0]["items"] == 120


def test_a_formula_without_a_value_and_an_error_are_no_empty_cells(tmp_path, read):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append([*DAILY, "objects", "gold_items"])
    sheet.append([natural(v) for v in DAILY.values()])
    sheet.cell(2, len(DAILY) + 1, "=F2*4")
    sheet.cell(2, len(DAILY) + 2, "#N/A")
    book.save(tmp_path / "a.xlsx")
    batch = read(tmp_path / "a.xlsx")
    assert found(batch) == [
        (2, "objects", "=F2*4", "type", None),
        (2, "gold_items", "#N/A", "type", None),
    ]


def test_sheet_that_almost_matches_is_named(tmp_path, read):
    book = openpyxl.Workbook()
    for name, columns in (("好", DAILY), ("缺", {k: v for k, v in DAILY.items() if k != "items"})):
        sheet = book.create_sheet(name)
        sheet.append(list(columns))
        sheet.append([natural(v) for v in columns.values()])
    book.save(tmp_path / "a.xlsx")
    batch = read(tmp_path / "a.xlsx")
    assert (batch.status, batch.rows_accepted) == ("accepted", 1)
    assert found(batch) == [(1, "items", None, "missing_column", None)]
    assert "缺" in batch.findings["message_zh"][0].as_py()


def test_parquet_with_types(tmp_path, read):
    import duckdb

    path = tmp_path / "a.parquet"
    names = ", ".join(f"'{v}' as {k}" for k, v in DAILY.items() if k not in ("date", "items"))
    duckdb.execute(
        f"copy (select timestamp '2026-03-05' as date, 120.0 as items, {names}) "
        f"to '{path}' (format parquet)"
    )
    batch = read(path)
    assert found(batch) == []
    (row,) = read.rows(batch)
    assert (row["date"].isoformat(), row["items"], row["source_row"]) == ("2026-03-05", 120, 2)


def test_ndjson_with_natural_values_and_a_broken_line(tmp_path, read):
    path = write_ndjson(tmp_path / "a.jsonl", [{**daily()[0], "items": 120, "objects": None}])  # type: ignore[dict-item]
    path.write_text(path.read_text() + '\n{"date": "2026-\n')
    batch = read(path)
    assert (batch.rows_read, batch.rows_accepted) == (2, 1)
    (finding,) = batch.findings.to_pylist()
    assert (finding["row"], finding["code"]) == (3, "not_a_table")
    assert "2026-" in finding["record"]


def test_the_kind_may_be_given(tmp_path, read):
    path = write_csv(tmp_path / "a.csv", [example("workforce_monthly")])
    assert read(path, kind="workforce_monthly").status == "accepted"
    assert set(codes(read(path, kind="labeling_daily"))) == {"missing_column"}
    assert codes(read(path, kind="nonsense")) == ["unknown_format"]


def test_both_ways_of_reading_csv_agree(tmp_path, read, monkeypatch):
    rows = daily(50)
    for i in range(0, 50, 7):
        rows[i]["items"] = "12x"
    path = write_csv(tmp_path / "a.csv", rows)
    quick = read(path)
    original = delimited.read
    monkeypatch.setattr(
        "oneninex.ingestion.tables.delimited.read",
        lambda *a: (lambda raw: raw.exact() if raw.exact else raw)(original(*a)),
    )
    exact = read(path)
    assert read.rows(quick) == read.rows(exact)
    assert quick.findings == exact.findings
