import datetime as dt
import json

import pytest

from oneninex.core import i18n
from oneninex.domain import contracts
from oneninex.ingestion.findings import CODES, FINDINGS
from tests.ingestion.helpers import DAILY, codes, daily, enterprise, example, found, write_csv


def one(tmp_path, read, kind="labeling_daily", **changes):
    """The findings of a file with one good row and one that was changed."""
    base = DAILY if kind == "labeling_daily" else example(kind)
    batch = read(write_csv(tmp_path / "a.csv", [{**base, **changes}]), kind=kind)
    return [(field, value, code, rule) for _, field, value, code, rule in found(batch)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"items": "100.6"}, [("items", "100.6", "type", None)]),
        ({"date": "05/03/2026"}, [("date", "05/03/2026", "type", None)]),
        ({"hours": "NaN"}, [("hours", "NaN", "type", None)]),
        ({"items": "—"}, [("items", "—", "type", None)]),
        ({"enterprise_id": "123"}, [("enterprise_id", "123", "type", None)]),
        ({"items": ""}, [("items", None, "required", None)]),
        ({"project_id": " 　"}, [("project_id", " 　", "required", None)]),
        ({"items": "-1"}, [("items", "-1", "range", None)]),
        ({"date": "1999-12-31"}, [("date", "1999-12-31", "range", None)]),
        ({"project_id": "P" * 101}, [("project_id", "P" * 101, "range", None)]),
        ({"unit_id": "U10"}, [("unit_id", "U10", "unknown_code", None)]),
        ({"modality": "3D"}, [("modality", "3D", "unknown_code", None)]),
        (
            {"enterprise_id": "91320800DEM000001X"},
            [("enterprise_id", "91320800DEM000001X", "rule", "enterprise_id_check_digit")],
        ),
        (
            {"reviewed": "90", "rejected": "-5"},
            [
                ("rejected", "-5", "range", None),
                ("accepted", "95", "rule", "accepted_within_reviewed"),
            ],
        ),
        (
            {"accepted_first_pass": "96"},
            [("accepted_first_pass", "96", "rule", "first_pass_within_accepted")],
        ),
        ({"rejected": "6"}, [("rejected", "6", "rule", "rejected_is_the_rest")]),
        ({"annotators": "0", "hours": "0"}, [("annotators", "0", "rule", "annotators_for_items")]),
        ({"hours_basis": ""}, [("hours_basis", None, "rule", "hours_need_basis")]),
        ({"hours": "192.5"}, [("hours", "192.5", "rule", "hours_within_day")]),
    ],
)
def test_daily(tmp_path, read, changes, expected):
    assert sorted(one(tmp_path, read, **changes), key=str) == sorted(expected, key=str)


@pytest.mark.parametrize(
    "changes",
    [
        {"hours": "192"},
        {"hours": "", "hours_basis": ""},
        {"items": "0", "annotators": "0", "hours": ""},
        {"enterprise_id": enterprise(4711)},
        {"gold_items": "10", "gold_correct": "10"},
    ],
)
def test_what_is_in_order_has_no_finding(tmp_path, read, changes):
    assert one(tmp_path, read, **changes) == []


@pytest.mark.parametrize(
    ("kind", "changes", "rule"),
    [
        ("labeling_daily", {"gold_items": "9", "gold_correct": "10"}, "gold_correct_within_gold"),
        ("labeling_daily", {"gold_correct": "10"}, "gold_correct_needs_gold"),
        ("labeling_daily", {"prelabeled_items": "121"}, "prelabeled_within_items"),
        ("enterprises", {"left_on": "2020-01-01"}, "left_after_joined"),
        ("enterprises", {"joined_on": "2020-01-01", "left_on": ""}, "joined_after_founded"),
        ("enterprise_quarterly", {"labeling_revenue_10k_cny": "351"}, "labeling_within_revenue"),
        ("enterprise_quarterly", {"annotators": "81"}, "annotators_within_employees"),
        ("enterprise_quarterly", {"certified_annotators": "61"}, "certified_within_annotators"),
        ("datasets", {"built_on": "2026-01-09"}, "built_after_planned"),
        ("datasets", {"evaluated_on": "2026-01-09", "built_on": ""}, "evaluated_in_order"),
        ("datasets", {"registered_on": "2026-05-14"}, "registered_in_order"),
        ("datasets", {"traded_on": "2026-05-31"}, "traded_in_order"),
        ("workforce_monthly", {"workstations_used": "301"}, "used_within_workstations"),
        ("indicator_values", {"value": ""}, "value_unless_withheld"),
        ("indicator_values", {"status": "M"}, "no_value_when_missing"),
    ],
)
def test_every_rule_finds_what_breaks_it(tmp_path, read, kind, changes, rule):
    assert rule in [found_rule for _, _, _, found_rule in one(tmp_path, read, kind, **changes)]


def test_a_revenue_in_yuan_is_asked_about(tmp_path, read):
    path = write_csv(
        tmp_path / "a.csv", [{**example("enterprise_quarterly"), "revenue_10k_cny": "3500000"}]
    )
    (finding,) = read(path).findings.to_pylist()
    assert (finding["code"], finding["rule"]) == ("range", "revenue_per_employee")
    assert "万元" in finding["message_zh"]
    assert finding["period"] == dt.date(2026, 7, 1)


def test_a_finding_says_everything(tmp_path, read):
    rows = [*daily(1), {**DAILY, "project_id": "P-2", "items": "一百"}]
    batch = read(write_csv(tmp_path / "a.csv", rows, "gb18030"))
    assert (batch.status, batch.rows_read, batch.rows_accepted) == ("partly", 2, 1)
    assert batch.findings.schema == FINDINGS
    (finding,) = batch.findings.to_pylist()
    assert json.loads(finding.pop("record")) == rows[1]
    assert "一百" in finding["message_zh"]
    assert "一百" in finding["message_en"]
    assert {k: v for k, v in finding.items() if not k.startswith("message")} == {
        "row": 3,
        "cell": None,
        "field": "items",
        "value": "一百",
        "code": "type",
        "rule": None,
        "unit_id": "U1",
        "period": dt.date(2026, 3, 1),
    }


def test_every_bad_cell_of_a_row_is_found(tmp_path, read):
    bad = {"items": "x", "date": "x", "unit_id": "x", "reviewed": "", "annotators": "-1"}
    unneeded = {"hours": "", "hours_basis": ""}
    fields = [field for field, *_ in one(tmp_path, read, **bad, **unneeded)]
    assert sorted(fields) == sorted(bad)


def test_of_identical_rows_the_first_stays(tmp_path, read):
    batch = read(write_csv(tmp_path / "a.csv", [*daily(2), *daily(2)[:1], *daily(1)]))
    assert [row["source_row"] for row in read.rows(batch)] == [2, 3]
    assert [(r, c, rule) for r, _, _, c, rule in found(batch)] == [
        (4, "duplicate_key", "identical"),
        (5, "duplicate_key", "identical"),
    ]
    assert "第 2 行" in batch.findings["message_zh"][0].as_py()


def test_of_conflicting_rows_none_is_used(tmp_path, read):
    batch = read(write_csv(tmp_path / "a.csv", [*daily(2), {**DAILY, "items": "121"}]))
    assert [row["source_row"] for row in read.rows(batch)] == [3]
    assert [(r, c, rule) for r, _, _, c, rule in found(batch)] == [
        (2, "duplicate_key", "conflicting"),
        (4, "duplicate_key", "conflicting"),
    ]


def test_duplicates_in_a_file_with_quotes_keep_their_text(tmp_path, read):
    rows = [{**row, "task_type": 'a "b", c'} for row in daily(3)] + daily(1, task_type='a "b", c')
    batch = read(write_csv(tmp_path / "a.csv", rows))
    (finding,) = batch.findings.to_pylist()
    assert (finding["row"], json.loads(finding["record"])) == (5, rows[0])


def test_a_row_of_totals_and_a_note_and_a_second_header(tmp_path, read):
    blank = dict.fromkeys(DAILY, "")
    rows = [
        *daily(1),
        {**blank, "date": "合 计：", "items": "120"},
        {**blank, "date": "以上为三月数据"},
        {name: name for name in DAILY},
    ]
    assert [(r, c, rule) for r, _, _, c, rule in found(read(write_csv(tmp_path / "a", rows)))] == [
        (3, "rule", "total_row"),
        (4, "not_a_table", "note_row"),
        (5, "not_a_table", "repeated_header"),
    ]


def test_totals_that_are_not_the_sum_name_both_numbers(tmp_path, read):
    blank = dict.fromkeys(DAILY, "")
    total = {**blank, "date": "合计", "items": "1,000", "reviewed": "300", "annotators": "8"}
    rows = [*daily(2), {**blank, "date": "小计", "items": "240"}, *daily(3)[2:], total]
    batch = read(write_csv(tmp_path / "a.csv", rows))

    assert [(r, f, v, rule) for r, f, v, _, rule in found(batch)] == [
        (4, None, None, "total_row"),
        (6, None, None, "total_row"),
        (6, "items", "1000", "total_differs"),
    ]
    assert "1,000" in batch.findings["message_zh"][2].as_py()
    assert "360" in batch.findings["message_zh"][2].as_py()
    assert (batch.rows_accepted, batch.rows_quarantined) == (3, 2)


def test_of_several_totals_none_is_added_up(tmp_path, read):
    total = {**dict.fromkeys(DAILY, ""), "date": "合计", "items": "7"}
    batch = read(write_csv(tmp_path / "a.csv", [*daily(1), total, *daily(2)[1:], total]))

    assert [rule for *_, rule in found(batch)] == ["total_row", "total_row"]


def test_a_ragged_row_says_how_many_cells_were_expected(tmp_path, read):
    path = write_csv(tmp_path / "a.csv", daily(3))
    lines = path.read_text().splitlines()
    lines[2] = lines[2].rsplit(",", 2)[0]
    lines[3] += ",7"
    path.write_text("\n".join(lines))
    batch = read(path)
    assert [(r, c) for r, _, _, c, _ in found(batch)] == [(3, "not_a_table"), (4, "not_a_table")]
    assert "11 格，应有 13 格" in batch.findings["message_zh"][0].as_py()
    assert json.loads(batch.findings["record"][1].as_py()) == lines[3].split(",")


def test_an_open_quote_costs_one_row(tmp_path, read):
    path = write_csv(tmp_path / "a.csv", daily(4, task_type="x"))
    lines = path.read_text().splitlines()
    lines[2] = lines[2].replace(",x", ',"x')
    path.write_text("\n".join(lines))
    batch = read(path)
    assert [row["source_row"] for row in read.rows(batch)] == [2, 4, 5]
    assert [(r, c, rule) for r, _, _, c, rule in found(batch)] == [(3, "not_a_table", "quote")]


def test_unknown_columns_are_noted_and_block_nothing(tmp_path, read):
    rows = [{**DAILY, "天气": "晴", "items2": ""}]
    batch = read(write_csv(tmp_path / "a.csv", rows))
    assert (batch.status, batch.rows_accepted) == ("accepted", 1)
    assert [(r, value, code) for r, _, value, code, _ in found(batch)] == [
        (1, "天气", "unknown_column"),
        (1, "items2", "unknown_column"),
    ]


def test_a_column_without_a_name_is_noted_if_something_stands_in_it(tmp_path, read):
    path = write_csv(tmp_path / "a.csv", daily(2))
    head, first, second = path.read_text().splitlines()
    path.write_text(f",{head}\n,{first}\n,{second}\n")
    assert found(read(path)) == []
    path.write_text(f",{head}\n,{first}\n1,{second}\n")
    assert codes(read(path)) == ["unknown_column"]


def test_a_column_in_another_unit_is_not_the_column(tmp_path, read):
    rows = [{**example("enterprise_quarterly")}]
    rows = [
        {k.replace("revenue_10k_cny", "营业收入（元）"): v for k, v in row.items()} for row in rows
    ]
    batch = read(write_csv(tmp_path / "a.csv", rows))
    assert batch.status == "refused"
    assert "revenue_10k_cny" in [field for _, field, *_ in found(batch)]


def test_messages_exist_in_both_languages_for_every_code():
    for lang in i18n.LANGS:
        keys = {key for key in i18n.keys(lang) if key.startswith("findings.")}
        areas = {key.split(".")[1] for key in keys}
        assert set(CODES) - {"missing_capability"} <= areas
    types = {
        f.reads or f.check or f.type for k in contracts.kinds() for f in contracts.load(k).fields
    }
    for name in types:
        assert f"findings.type.{name}" in i18n.keys("zh") & i18n.keys("en")
