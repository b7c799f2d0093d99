"""Totals that no word names: a row, a sheet or a group that equals the sum of the others."""

from __future__ import annotations

import random

import openpyxl
import pytest

from tests.ingestion.helpers import DAILY, daily, enterprise, found, natural, write_csv, write_xlsx

MEASURES = ("items", "hours", "reviewed", "accepted", "accepted_first_pass", "rejected")
RANDOM = random.Random(43)


def drawn(count: int, **changes: str) -> list[dict[str, str]]:
    """Rows with figures of their own."""
    rows = []
    for row in daily(count, **changes):
        reviewed = RANDOM.randint(50, 400)
        accepted = RANDOM.randint(30, reviewed)
        first = RANDOM.randint(10, accepted)
        items, hours = reviewed + RANDOM.randint(0, 200), RANDOM.randint(20, 90) + 0.5
        figures = (items, hours, reviewed, accepted, first, reviewed - accepted)
        rows.append({**row, **dict(zip(MEASURES, map(str, figures), strict=True))})
    return rows


def added(rows: list[dict[str, str]], **changes: str) -> dict[str, str]:
    total = {name: sum(float(row[name]) for row in rows) for name in MEASURES}
    figures = {name: str(value if name == "hours" else int(value)) for name, value in total.items()}
    return {**rows[0], **figures, "annotators": "90", **changes}


@pytest.mark.parametrize("writer", [write_csv, write_xlsx])
@pytest.mark.parametrize("place", ["below", "above", "between"])
def test_a_row_that_equals_the_sum_of_the_others(read, tmp_path, writer, place):
    rows = drawn(7)
    total = added(rows, project_id="HK-ALL")
    at = {"below": len(rows), "above": 0, "between": 3}[place]
    rows.insert(at, total)
    batch = read(writer(tmp_path / f"a.{writer.__name__[-4:].strip('_')}", rows))
    assert [(f[0], f[4]) for f in found(batch)] == [(at + 2, "equals_sum")]
    assert "HK-ALL" not in {row["project_id"] for row in read.rows(batch)}


def test_subtotals_of_groups_and_the_total_of_all(read, tmp_path):
    """Each subtotal and the grand total get one finding, though no word names them."""
    rows, places = [], []
    parts = []
    for group in range(4):
        of_group = [
            {**row, "project_id": f"G{group}-{n}x"} for n, row in enumerate(drawn(2 + group))
        ]
        parts += of_group
        rows += [*of_group, added(of_group, project_id=f"G{group}-all")]
        places.append(len(rows) + 1)
    rows.append(added(parts, project_id="everything"))
    places.append(len(rows) + 1)
    batch = read(write_csv(tmp_path / "a.csv", rows))
    assert [(f[0], f[4]) for f in found(batch)] == [(place, "equals_sum") for place in places]
    assert batch.rows_accepted == len(parts)


def test_a_total_among_rows_of_other_keys(read, tmp_path):
    """Rows of two companies mixed; one row adds up those of its own company."""
    mixed = []
    for number, row in enumerate(drawn(8)):
        mixed.append({**row, "enterprise_id": enterprise(number % 2 + 1)})
    own = [row for row in mixed if row["enterprise_id"] == enterprise(1)]
    mixed.insert(3, added(own, project_id="ALL-1"))
    batch = read(write_csv(tmp_path / "a.csv", mixed))
    assert [(f[0], f[4]) for f in found(batch)] == [(5, "equals_sum")]


def test_a_company_that_is_all_the_others(read, tmp_path):
    rows = []
    for day in range(1, 5):
        of_day = drawn(3, date=f"2026-03-0{day}")
        of_day = [{**r, "enterprise_id": enterprise(n + 1)} for n, r in enumerate(of_day)]
        rows += [*of_day, added(of_day, enterprise_id=enterprise(9), project_id="P-9")]
    batch = read(write_csv(tmp_path / "a.csv", rows))
    assert batch.rows_accepted == 12
    assert {f[4] for f in found(batch)} == {"equals_sum"}


def workbook(path, sheets: dict[str, list[dict[str, str]]]):
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(list(DAILY))
        for row in rows:
            sheet.append([natural(row[column]) for column in DAILY])
    book.save(path)
    return path


@pytest.mark.parametrize("name", ["9月汇总", "合计", "Total", "汇总表", "累计", "Sheet3", "全部"])
def test_a_summary_sheet_beside_its_parts(read, tmp_path, name):
    """By its name, or by its sums where the name says nothing."""
    first, second = drawn(3, date="2026-03-05"), drawn(4, date="2026-03-15")
    total = [added([*first, *second], date="2026-03-31", project_id="P-1")]
    batch = read(workbook(tmp_path / "a.xlsx", {"上旬": first, name: total, "中旬": second}))
    assert [(f[0], f[4]) for f in found(batch)] == [(2, "equals_sum")]
    assert batch.rows_accepted == 7


def test_a_summary_sheet_alone_is_read(read, tmp_path):
    batch = read(workbook(tmp_path / "a.xlsx", {"9月汇总": drawn(4)}))
    assert (batch.rows_accepted, found(batch)) == (4, [])


def test_a_summary_sheet_that_repeats_every_row(read, tmp_path):
    first, second = drawn(3, date="2026-03-05"), drawn(4, date="2026-03-15")
    sheets = {"汇总": [*first, *second], "上旬": first, "中旬": second}
    batch = read(workbook(tmp_path / "a.xlsx", sheets))
    assert [f[4] for f in found(batch)] == ["equals_sum"]
    assert batch.rows_accepted == 7


@pytest.mark.parametrize("seed", range(3))
def test_what_is_no_total(read, tmp_path, seed):
    """Drawn figures, equal rows, empty days and small figures are all read."""
    RANDOM.seed(seed)
    rows = drawn(40)
    small = dict.fromkeys(MEASURES, "1") | {"rejected": "0"}
    empty = dict.fromkeys(MEASURES, "0") | {"annotators": "0"}
    for number in range(0, 40, 4):
        rows[number] |= small
        rows[number + 1] |= empty
        rows[number + 2] |= {name: DAILY[name] for name in MEASURES}
    batch = read(write_csv(tmp_path / "a.csv", rows))
    assert (batch.rows_accepted, found(batch)) == (40, [])


def test_two_sheets_that_are_alike_are_two_months(read, tmp_path):
    sheets = {"上旬": daily(2, date="2026-03-05"), "中旬": daily(2, date="2026-03-15")}
    batch = read(workbook(tmp_path / "a.xlsx", sheets))
    assert (batch.rows_accepted, found(batch)) == (4, [])
