"""One small file for each usual mistake of a sender, named after the mistake."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from oneninex.demo import files
from oneninex.demo.parameters import Parameters
from oneninex.demo.span import days_of, quarter_name, shift
from oneninex.domain.plan import LABELING

Rows = list[list[str]]
_DAILY = [
    *("date", "unit_id", "enterprise_id", "project_id", "modality", "items", "hours"),
    *("hours_basis", "reviewed", "accepted", "accepted_first_pass", "rejected", "annotators"),
]
_QUARTERLY = [
    *("quarter", "enterprise_id", "unit_id", "revenue_10k_cny", "labeling_revenue_10k_cny"),
    *("employees", "annotators"),
]
_ENTERPRISES = [
    *("enterprise_id", "name_zh", "unit_id", "founded_on", "joined_on", "left_on", "origin"),
    "links",
]
_DATASETS = [
    *("dataset_id", "title_zh", "sector", "unit_id", "size_gb", "planned_on", "built_on"),
    "models_served",
]


def write(folder: Path, given: Parameters) -> list[Path]:
    """Write the faulty files; returns their paths."""
    contents = {**_tables(given), **_bytes(given), **_other_kinds(given)}
    paths = []
    for name, content in contents.items():
        path = folder / name
        path.write_bytes(content)
        paths.append(path)
    return [*paths, *_workbooks(folder, given)]


def _tables(given: Parameters) -> dict[str, bytes]:
    """Well-formed CSV with something wrong in it."""
    month = _month(given)
    changes: dict[str, Callable[[Rows], Rows]] = {
        "accepted_over_reviewed": _set(2, accepted="95", rejected="-15"),
        "rejected_is_not_the_rest": _set(2, rejected="9"),
        "unknown_unit": _set(1, unit_id=f"{given.units[0].unit_id}0"),
        "unknown_modality": _set(1, modality="smell"),
        "bad_check_digit": _set(1, enterprise_id=_spoilt(_daily(given)[1][2])),
        "duplicate_rows": lambda rows: [*rows, rows[1]],
        "month_only_dates": _set(None, date=f"{month.year}年{month.month}月"),
        "ambiguous_dates": _set(None, date=f"03/04/{month.year}"),
        "total_row": lambda rows: [*rows, _total(rows)],
        "missing_column": lambda rows: [row[:8] + row[9:] for row in rows],
        "unknown_column": lambda rows: [
            [*row, "备注栏" if n == 0 else "无"] for n, row in enumerate(rows)
        ],
        "text_in_number": _set(2, items="约120"),
        "negative_items": _set(2, items="-120"),
        "hours_over_24_a_person": _set(2, hours="200"),
        "hours_without_basis": _set(2, hours_basis=""),
        "empty_required_cells": _set(2, unit_id="", items=""),
        "header_only": lambda rows: rows[:1],
    }
    return {f"{name}.csv": _csv(change(_daily(given))) for name, change in changes.items()}


def _bytes(given: Parameters) -> dict[str, bytes]:
    """Files that are broken as files, or are not what their name says."""
    good = _csv(_daily(given))
    lines = good.split(b"\r\n")
    day, unit = _month(given).isoformat(), given.units[0].unit_id
    table = f"<tr><td>日期</td><td>标注条数</td></tr><tr><td>{day}</td><td>120</td></tr>"
    cut_off = f'[{{"id": 1, "annotations": [{{"id": 2, "created_at": "{day[:6]}'
    ragged = [*lines[:2], lines[2] + b",7,8", f"{day[:8]}03,{unit}".encode(), b""]
    page = f"<html><head><meta charset='utf-8'></head><body><table>{table}</table></body></html>"
    broken = f"{given.enterprises[0].code}-FAULTY".encode()
    return {
        "wrong_encoding_bytes.csv": good.replace(broken, b"\xff\xfe\x80", 1),
        "html_named_xls.xls": page.encode(),
        "empty_file.csv": b"",
        "ragged_rows.csv": b"\r\n".join(ragged),
        "nul_bytes.csv": good.replace(b"image", b"im\0age", 1),
        "not_a_workbook.xlsx": b"PK\x03\x04" + b"\0" * 60,
        "prose_instead_of_a_table.csv": "各位领导：本月数据见附件。\r\n".encode(),
        "label_studio_cut_off.json": cut_off.encode(),
        "label_studio_without_unit.json": _label_studio(day),
        "other_json.json": json.dumps({"hello": ["world"]}).encode(),
    }


def _other_kinds(given: Parameters) -> dict[str, bytes]:
    """Mistakes of the returns other than the daily one."""
    first, month = given.enterprises[0], _month(given)
    company, unit, year = given.enterprise_ids[first.code], first.unit_id, month.year
    seats = [f"{month:%Y-%m}", unit, "100", "140", "90", "30", "8", "20", "15", *"12345", "2"]
    name = given.demo.marks.enterprise_zh.format(code=first.code)
    firm = [company, name, unit, "2016-04-18", "2023-05-12", "2022-01-01", "attracted"]
    quarter = [quarter_name(month), company, unit]
    number, sector = f"{given.demo.marks.dataset_prefix}901", given.datasets[0].sector
    dataset = [number, "演示：阶段倒置", sector, unit, "52000"]
    tables = {
        "yuan_instead_of_10k": [_QUARTERLY, [*quarter, "12500000", "9800000", "310", "250"]],
        "labeling_revenue_over_revenue": [_QUARTERLY, [*quarter, "1250", "1980", "310", "250"]],
        "more_seats_used_than_there_are": [list(given.columns["workforce_monthly"]), seats],
        "left_before_joining": [_ENTERPRISES, [*firm, LABELING]],
        "built_before_planned": [_DATASETS, [*dataset, f"{year}-05-01", f"{year}-02-01", "0"]],
    }
    return {f"{name}.csv": _csv(rows) for name, rows in tables.items()}


def _workbooks(folder: Path, given: Parameters) -> list[Path]:
    rows = _daily(given)

    def formula_errors(sheet: Worksheet) -> None:
        _fill(sheet, rows)
        # The stub knows numbers only as results; Excel knows errors as well.
        error: Any = "#DIV/0!"
        sheet.write_formula(2, _DAILY.index("items"), "=1/0", None, error)

    def merged_cells(sheet: Worksheet) -> None:
        _fill(sheet, rows)
        column = _DAILY.index("enterprise_id")
        sheet.merge_range(1, column, 3, column, rows[1][column])

    makers = {"formula_errors.xlsx": formula_errors, "merged_cells.xlsx": merged_cells}
    for name, make in makers.items():
        with xlsxwriter.Workbook(folder / name, {"in_memory": True}) as book:
            book.set_properties({"created": files.created(given)})
            make(book.add_worksheet())
    return [folder / name for name in makers]


def _fill(sheet: Worksheet, rows: Rows) -> None:
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, [float(c) if c.isdigit() else c for c in row])


def _daily(given: Parameters) -> Rows:
    """A header and three rows without a mistake."""
    first = given.enterprises[0]
    fixed = [first.unit_id, given.enterprise_ids[first.code], f"{first.code}-FAULTY", "image"]
    work = ["120", "16", "clock_union", "80", "76", "70", "4", "3"]
    days = [day.isoformat() for day in days_of(_month(given))[:3]]
    return [list(_DAILY), *([day, *fixed, *work] for day in days)]


def _month(given: Parameters) -> date:
    """The last month but one of the demo."""
    return shift(given.demo.period.last_month, -1)


def _set(row: int | None, **values: str) -> Callable[[Rows], Rows]:
    """Put values into a row (None: into every row)."""

    def change(rows: Rows) -> Rows:
        for number, cells in enumerate(rows):
            if number and row in (None, number):
                for name, value in values.items():
                    cells[_DAILY.index(name)] = value
        return rows

    return change


def _total(rows: Rows) -> list[str]:
    sums = {"items", "hours", "reviewed", "accepted", "accepted_first_pass", "rejected"}
    total = ["合计"] + [""] * (len(_DAILY) - 1)
    for index, name in enumerate(_DAILY):
        if name in sums:
            total[index] = str(sum(int(row[index]) for row in rows[1:]))
    return total


def _spoilt(enterprise_id: str) -> str:
    last = enterprise_id[-1]
    return enterprise_id[:-1] + ("A" if last != "A" else "B")


def _csv(rows: Rows) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _label_studio(day: str) -> bytes:
    """A sound export that does not say which unit, enterprise and project it belongs to."""
    annotation = {
        "id": 1,
        "completed_by": 501,
        "result": [],
        "was_cancelled": False,
        "created_at": f"{day}T02:00:00.000000Z",
        "updated_at": f"{day}T02:00:00.000000Z",
        "lead_time": 30.0,
    }
    task = {"id": 1, "annotations": [annotation], "data": {"text": "晴天"}, "project": 58}
    return json.dumps([task], ensure_ascii=False).encode()
