"""What a workbook's cell shows: number formats, durations, dates, merged, hidden, struck out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from oneninex.domain import contracts
from oneninex.ingestion.tables import number_format
from tests.ingestion.helpers import DAILY, daily, found, natural

HEADS = [contracts.load("labeling_daily").field(name).title for name in DAILY]
PLACE = {name: number for number, name in enumerate(DAILY)}


def book(path: Path, rows, change=None, head=HEADS) -> Path:
    """A workbook of the rows; `change` is given its sheet."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(head)
    for row in rows:
        sheet.append([natural(row[name]) for name in DAILY])
    if change:
        change(sheet)
    workbook.save(path)
    return path


def cell(sheet, row: int, name: str):
    return sheet.cell(row, PLACE[name] + 1)


ASKED = [
    (1, "0%", "type"),
    (0.85, "0.00%", "type"),
    (4.2, '0.0"万"', "range"),
    (4, "0万", "range"),
    (4, '0"万条"', "range"),
    (4, "0\\万", "range"),
    (4, '#,##0"千"', "range"),
    (4000, "#,##0,", "range"),
    (4000000, "0.0,,", "range"),
    (42000, '0!.0,"万"', "range"),
    (420, "yyyy/m/d", "type"),
    (420, 'm"月"d"日"', "type"),
    (1.5, "[h]:mm", "type"),
]
READ = [
    (420, "0"),
    (420, "#,##0"),
    (420, '0"条"'),
    (420, "0_ "),
    (420, '#,##0;[Red]-#,##0;"-"'),
    (420, "@"),
    (420, "000000"),
    (420, '"约"0'),
]


def test_a_format_that_shows_another_number_is_asked_about(read, tmp_path):
    """One finding for each cell whose format shows something else than the number it holds."""

    def change(sheet):
        for row, (value, code, *_) in enumerate([*ASKED, *READ], 2):
            cell(sheet, row, "items").value = value
            cell(sheet, row, "items").number_format = code

    batch = read(book(tmp_path / "a.xlsx", daily(len(ASKED) + len(READ)), change))
    assert [(f[0], f[1], f[3]) for f in found(batch)] == [
        (row, "items", code) for row, (_, _, code) in enumerate(ASKED, 2)
    ]
    assert {row["items"] for row in read.rows(batch)} == {420}


@pytest.mark.parametrize(
    ("value", "code", "hours"),
    [
        (dt.timedelta(hours=36, minutes=30), "[h]:mm", 36.5),
        (dt.timedelta(hours=36, minutes=30), "[hh]:mm:ss", 36.5),
        (dt.timedelta(minutes=90), "[m]", 1.5),
        (dt.time(8, 30), "h:mm", 8.5),
        (dt.time(7, 45), "hh:mm:ss", 7.75),
    ],
)
def test_durations_are_hours(read, tmp_path, value, code, hours):
    def change(sheet):
        cell(sheet, 2, "hours").value = value
        cell(sheet, 2, "hours").number_format = code

    batch = read(book(tmp_path / "a.xlsx", daily(1), change))
    assert found(batch) == []
    assert [row["hours"] for row in read.rows(batch)] == [hours]


def test_codes_in_number_and_date_cells(read, tmp_path):
    """007 by format is 007; a date, a decimal or 18 digits in place of a code are asked about."""
    held = [(7, "000"), (8, "General"), (dt.date(2026, 3, 1), "m/d"), (3.1, "0.0"), (9.13e17, "0")]

    def change(sheet):
        for row, (value, code) in enumerate(held, 2):
            cell(sheet, row, "project_id").value = value
            cell(sheet, row, "project_id").number_format = code

    batch = read(book(tmp_path / "a.xlsx", daily(len(held)), change))
    assert [row["project_id"] for row in read.rows(batch)] == ["007", "8"]
    assert [(f[0], f[3]) for f in found(batch)] == [(4, "type"), (5, "type"), (6, "type")]


def test_errors_and_formulas_in_every_column(read, tmp_path):
    names = [name for name in DAILY if name != "hours_basis"]

    def change(sheet):
        for row, name in enumerate(names, 2):
            cell(sheet, row, name).value = "#N/A"
            cell(sheet, row + len(names), name).value = "=VLOOKUP(A1,B:C,2,0)"

    batch = read(book(tmp_path / "a.xlsx", daily(2 * len(names)), change))
    assert [(f[1], f[3]) for f in found(batch)] == [(name, "type") for name in names * 2]


def test_merged_cells(read, tmp_path):
    """A merged text or date holds for each row; a merged number for none."""

    def change(sheet):
        for name in ("date", "unit_id", "enterprise_id", "items"):
            letter = cell(sheet, 1, name).column_letter
            sheet.merge_cells(f"{letter}2:{letter}4")

    rows = daily(4)
    batch = read(book(tmp_path / "a.xlsx", rows, change))
    assert [(f[0], f[1], f[3]) for f in found(batch)] == [
        (n, "items", "required") for n in (2, 3, 4)
    ]
    without = {**dict.fromkeys(("date", "unit_id", "enterprise_id"), "")}
    lines = [rows[0], *({**row, **without} for row in rows[1:3])]

    def only_texts(sheet):
        for name in without:
            letter = cell(sheet, 1, name).column_letter
            sheet.merge_cells(f"{letter}2:{letter}4")

    batch = read(book(tmp_path / "b.xlsx", lines, only_texts))
    assert found(batch) == []
    assert {str(row["date"]) for row in read.rows(batch)} == {"2026-03-05"}


@pytest.mark.parametrize("depth", [1, 2])
def test_a_header_of_several_rows(read, tmp_path, depth):
    """Groups above their parts, other names merged down or not."""
    top, rows = list(HEADS), daily(2)
    group = [PLACE[name] for name in ("reviewed", "accepted", "accepted_first_pass", "rejected")]
    bottom = ["" for _ in HEADS]
    for place in group:
        bottom[place], top[place] = HEADS[place], ""
    top[group[0]] = "质检情况"
    between = [["" for _ in HEADS]] * (depth - 1)

    def change(sheet):
        for line in reversed([*between, bottom]):
            sheet.insert_rows(2)
            for place, text in enumerate(line, 1):
                sheet.cell(2, place).value = text or None

    batch = read(book(tmp_path / "a.xlsx", rows, change, head=top))
    assert (batch.status, found(batch)) == ("accepted", [])
    lines = [",".join(line) for line in (top, *between, bottom)]
    lines += [",".join(row[name] for name in DAILY) for row in rows]
    path = tmp_path / "b.csv"
    path.write_text("\n".join(lines), "utf-8")
    batch = read(path)
    assert (batch.status, batch.rows_accepted) == ("accepted", 2)


def test_a_table_on_its_side_is_named(read, tmp_path):
    (row,) = daily(1)
    path = tmp_path / "a.csv"
    lines = [f"{head},{value},{value}" for head, value in zip(HEADS, row.values(), strict=True)]
    for above in ([], ["日报"], ["序号,一,二"]):
        path.write_text("\n".join([*above, *lines]), "utf-8")
        batch = read(path)
        assert batch.status == "refused"
        assert "竖着" in batch.findings.column("message_zh")[0].as_py()


def test_hidden_and_struck_out_parts_are_told(read, tmp_path):
    def change(sheet):
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions[cell(sheet, 1, "items").column_letter].hidden = True
        for name in DAILY:
            cell(sheet, 5, name).font = Font(strike=True)
        cell(sheet, 6, "hours").font = Font(strike=True)

    batch = read(book(tmp_path / "a.xlsx", daily(5), change))
    assert batch.rows_accepted == 3
    told = [(f["row"], f["field"], f["rule"]) for f in batch.findings.to_pylist()]
    assert told == [(1, "items", None), (3, None, None), (5, None, "struck"), (6, "hours", None)]
    assert "第 3、4 行" in batch.findings.column("message_zh")[1].as_py()


def test_format_codes():
    assert number_format.look_of("0.00%").percent
    assert not number_format.look_of("#,##0").scaled
    assert number_format.look_of("#,##0,;(#,##0,)").scaled
    assert number_format.look_of('#,##0.00"万元"').words == ("万元",)
    assert number_format.look_of("yyyy-mm-dd").words == ()
    assert number_format.look_of("0000").zeros == 4
