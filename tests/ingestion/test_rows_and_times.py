"""Rows that are no data, times that have not come, cells that are too much."""

from __future__ import annotations

import datetime as dt
import json

import openpyxl
import pytest

from oneninex.ingestion.tables import limits
from tests.ingestion.helpers import (
    DAILY,
    csv_text,
    daily,
    example,
    found,
    natural,
    write_csv,
    write_xlsx,
)

TODAY = dt.date(2026, 5, 20)


@pytest.fixture
def today(monkeypatch):
    """The day on which the tests of this file are done."""

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            assert str(tz) == "Asia/Shanghai"
            return cls(TODAY.year, TODAY.month, TODAY.day, 0, 5, tzinfo=tz)

    monkeypatch.setattr(limits, "datetime", Clock)


@pytest.mark.parametrize(
    ("kind", "field", "last", "next_one"),
    [
        ("labeling_daily", "date", "2026-05-20", "2026-05-21"),
        ("workforce_monthly", "month", "2026-05", "2026-06"),
        ("enterprise_quarterly", "quarter", "2026Q2", "2026Q3"),
        ("indicator_values", "period", "2026-12", "2027-01"),
        ("datasets", "applied_on", "2026-05-20", "2026-05-21"),
    ],
)
def test_what_has_not_come_is_no_fact(tmp_path, read, today, kind, field, last, next_one):
    dates = dict.fromkeys(("evaluated_on", "registered_on", "traded_on"), "")
    base = {**example(kind), **(dates if kind == "datasets" else {})}
    good = read(write_csv(tmp_path / "a.csv", [{**base, field: last}]), kind=kind)
    assert good.status == "accepted"

    batch = read(write_csv(tmp_path / "a.csv", [{**base, field: next_one}]), kind=kind)

    assert [f[1:] for f in found(batch)] == [(field, next_one, "range", None)]
    assert "不能晚于" in batch.findings["message_zh"][0].as_py()


def test_a_plan_may_lie_ahead(tmp_path, read, today):
    later = ("built_on", "evaluated_on", "registered_on", "traded_on", "applied_on")
    row = {**example("datasets"), "planned_on": "2027-03-01", **dict.fromkeys(later, "")}
    assert read(write_csv(tmp_path / "a.csv", [row])).status == "accepted"


def test_a_clock_behind_the_day_of_receipt_is_not_believed(tmp_path, read, today):
    path = write_csv(tmp_path / "a.csv", daily(1, date="2026-06-02"))
    assert read(path).status == "partly"
    assert read(path, received_on=dt.date(2026, 6, 3)).status == "accepted"


@pytest.mark.parametrize("quarter", ["0000Q1", "1999Q4", "9999Q4"])
def test_a_quarter_beyond_all_times(tmp_path, read, quarter):
    row = {**example("enterprise_quarterly"), "quarter": quarter}
    batch = read(write_csv(tmp_path / "a.csv", [row]))
    assert [f[1:4] for f in found(batch)] == [("quarter", quarter, "range")]


@pytest.mark.parametrize(
    ("kind", "field", "value", "word"),
    [
        ("workforce_monthly", "month", "2026.1", "10 月"),
        ("enterprise_quarterly", "quarter", "2026-3", "季度还是月份"),
        ("labeling_daily", "date", "46303", "Excel"),
        ("workforce_monthly", "month", "46303", "Excel"),
    ],
)
def test_what_can_be_read_in_two_ways_is_told(tmp_path, read, kind, field, value, word):
    path = write_csv(tmp_path / "a.csv", [{**example(kind), field: value}])
    (finding,) = read(path, kind=kind).findings.to_pylist()
    assert (finding["field"], finding["value"], finding["code"]) == (field, value, "type")
    assert word in finding["message_zh"]


def test_a_month_as_a_number_of_excel_is_not_guessed(tmp_path, read):
    row = {**example("workforce_monthly"), "month": "2026.10"}
    (finding,) = read(write_xlsx(tmp_path / "a.xlsx", [row])).findings.to_pylist()
    assert (finding["field"], finding["value"]) == ("month", "2026.1")


@pytest.mark.parametrize("words", [
    "本月合计", "累计", "平均", "10月合计", "2026年10月 合计：", "全年累计", "合计（条）",
    "Average",
])  # fmt: skip
def test_totals_by_any_name_are_one_finding(tmp_path, read, words):
    total = {**dict.fromkeys(DAILY, ""), "date": words, "items": "120"}
    batch = read(write_csv(tmp_path / "a.csv", [*daily(1), total]))
    assert [(r, rule) for r, *_, rule in found(batch)] == [(3, "total_row")]


@pytest.mark.parametrize("cells", [
    ["填表人：张三 审核：李四"], ["填表人：张三", "审核：李四"], ["制表", "张三", "复核", "李四"],
    ["单位负责人：张三", "联系电话：13800000000"], ["Prepared by: Zhang San"],
])  # fmt: skip
def test_who_signed_a_return_is_told_once_and_not_kept(tmp_path, read, cells):
    signed = dict(zip(DAILY, [*cells, *[""] * (len(DAILY) - len(cells))], strict=True))
    batch = read(write_csv(tmp_path / "a.csv", [*daily(1), signed]))
    assert [(r, v, rule) for r, _, v, _, rule in found(batch)] == [(3, None, "sign_off")]
    assert "张三" not in str(batch.findings.to_pylist())
    assert "Zhang" not in str(batch.findings.to_pylist())


def test_a_signature_in_a_row_of_fewer_cells(tmp_path, read):
    path = tmp_path / "a.csv"
    path.write_text(csv_text(daily(1)) + "填表人：张三,审核：李四\n", "utf-8")
    batch = read(path)
    assert [rule for *_, rule in found(batch)] == ["sign_off"]
    assert "张三" not in str(batch.findings.to_pylist())


def test_a_task_called_review_is_no_signature(tmp_path, read):
    batch = read(write_csv(tmp_path / "a.csv", daily(1, task_type="审核", items="x")))
    assert [f[1:4] for f in found(batch)] == [("items", "x", "type")]


@pytest.mark.parametrize("columns", [40, 1500])
def test_a_bad_row_of_very_many_columns(tmp_path, read, columns):
    further = {f"x{place}": "1" for place in range(columns)}
    rows = [{**row, **further} for row in daily(2)]
    batch = read(write_csv(tmp_path / "a.csv", [rows[0], {**rows[1], "items": "x"}]))
    assert (batch.rows_accepted, batch.rows_quarantined) == (1, 1)
    assert found(batch)[-1][1:4] == ("items", "x", "type")
    assert json.loads(batch.findings["record"][-1].as_py()) == {**rows[1], "items": "x"}


def test_a_stray_cell_far_to_the_right(tmp_path, read):
    path = write_xlsx(tmp_path / "a.xlsx", [*daily(1), {**DAILY, "items": "x"}])
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["BZZ5"] = "x"
    book.save(path)
    batch = read(path)
    assert [rule or code for *_, code, rule in found(batch)] == [
        "unknown_column", "type", "note_row",
    ]  # fmt: skip


@pytest.mark.parametrize("length", [300, 3_000_000])
def test_of_a_huge_cell_little_is_kept(tmp_path, read, length):
    rows = [{**row, "task_type": "x"} for row in daily(3)]
    rows[1]["task_type"] = "x" * length
    batch = read(write_csv(tmp_path / "a.csv", rows))
    assert (batch.rows_accepted, batch.rows_quarantined) == (2, 1)
    (finding,) = batch.findings.to_pylist()
    assert finding["code"] == ("range" if length == 300 else "too_large")
    assert len(finding["value"]) <= 201
    assert len(finding["record"]) < 3_000
    assert "引号" not in finding["message_zh"]


@pytest.mark.parametrize("steering", ["\x1b[2J", "\x07", "\x9b2J"])
def test_what_steers_a_screen_is_not_passed_on(tmp_path, read, steering):
    path = write_csv(tmp_path / "a.csv", [{**DAILY, "items": f"1{steering}2", f"a{steering}": "1"}])
    findings = read(path).findings.to_pylist()
    assert len(findings) == 2
    for finding in findings:
        for name in ("value", "message_zh", "message_en"):
            assert steering[0] not in finding[name]
            assert "\ufffd" in finding[name]


@pytest.mark.parametrize("turning", ["\u202e", "\u2066"])
def test_what_turns_the_direction_of_writing_does_not_count(tmp_path, read, turning):
    path = write_csv(tmp_path / "a.csv", [{**DAILY, "items": f"1{turning}2", f"a{turning}": "1"}])
    batch = read(path)
    (note,) = batch.findings.to_pylist()
    assert (note["code"], batch.rows_accepted) == ("unknown_column", 1)
    assert turning not in "".join(note[name] for name in ("value", "message_zh", "message_en"))


def test_a_hidden_return_is_noted(tmp_path, read):
    book = openpyxl.load_workbook(write_xlsx(tmp_path / "a.xlsx", daily(1)))
    hidden = book.create_sheet("旧表")
    hidden.append(list(DAILY))
    hidden.append([natural(cell) for cell in DAILY.values()])
    hidden.sheet_state = "hidden"
    book.create_sheet("lists").append(["U1", "U2"])
    book["lists"].sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")

    batch = read(tmp_path / "a.xlsx")

    assert (batch.status, batch.rows_read) == ("accepted", 1)
    (finding,) = batch.findings.to_pylist()
    assert "旧表" in finding["message_zh"]

    book.worksheets[0].sheet_state = "hidden"
    book.active = book.create_sheet("空")
    book.save(tmp_path / "a.xlsx")
    (finding,) = read(tmp_path / "a.xlsx").findings.to_pylist()
    assert "隐藏" in finding["message_zh"]


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"rd_expense_10k_cny": "120000"}, ["rd_expense_per_employee"]),
        ({"backlog_10k_cny": "5000000"}, ["backlog_per_employee"]),
        ({"labeling_revenue_10k_cny": "2800000"}, ["labeling_within_revenue"]),
        # a young company may spend more than it earns, and have orders for years
        ({"rd_expense_10k_cny": "900", "backlog_10k_cny": "12000"}, []),
    ],
)
def test_amounts_in_yuan_are_asked_about(tmp_path, read, changes, rules):
    row = {**example("enterprise_quarterly"), **changes}
    batch = read(write_csv(tmp_path / "a.csv", [row]))
    assert [rule for *_, rule in found(batch)] == rules
    assert all("万元" in message.as_py() for message in batch.findings["message_zh"])
