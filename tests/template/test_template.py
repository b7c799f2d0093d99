"""The form: what it holds, and that what is filled in correctly imports without a finding."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from oneninex import ingestion, template
from oneninex.domain import contracts
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Options
from oneninex.ingestion.tables import header

OWN = "91320800DEM000019Q"
OTHER = "91320800DEM00001XN"
ENTERPRISES = [(OWN, "演示企业"), (OTHER, "=1+1")]
KINDS = contracts.sent_kinds()
# As a person would fill it in: choices from the lists, dates as Excel's dates.
FILLED: dict[str, dict[str, Any]] = {
    "labeling_daily": {
        "date": date(2026, 3, 2), "unit_id": "U1", "enterprise_id": OWN, "project_id": "P1",
        "modality": "图像", "items": 10, "reviewed": 10, "accepted": 9, "accepted_first_pass": 8,
        "rejected": 1, "annotators": 2, "hours": 7.5, "hours_basis": "自报",
    },
    "enterprises": {
        "enterprise_id": OWN, "name_zh": "演示企业", "unit_id": "U1", "origin": "培育",
        "founded_on": date(2020, 5, 1), "joined_on": date(2024, 1, 15), "links": "标注",
    },
    "enterprise_quarterly": {
        "quarter": "2026Q1", "enterprise_id": OWN, "unit_id": "U1", "revenue_10k_cny": 350.5,
        "labeling_revenue_10k_cny": 280, "employees": 80, "annotators": 60,
    },
    "datasets": {
        "dataset_id": "D1", "title_zh": "演示数据集", "sector": "交通运输与物流", "unit_id": "U1",
        "enterprise_id": OWN, "size_gb": 820, "built_on": date(2026, 4, 20),
    },
    "workforce_monthly": {
        "month": date(2026, 3, 1), "unit_id": "U1", "workstations": 300,
        "workstations_used": 260, "full_time": 200, "part_time": 40, "trainees": 30,
        "reserve": 0, "trained": 45, "certified_1": 1, "certified_2": 4, "certified_3": 20,
        "certified_4": 60, "certified_5": 90, "school_partners": 3,
    },
    "indicator_values": {
        "indicator_id": "认定的高标准数据标注示范园区", "scope": "全市", "value": 2,
        "period": date(2026, 9, 1), "status": "正常", "source": "演示数据",
    },
}  # fmt: skip


def form(kind: str, plan: Plan, unit: str = "U1", own=ENTERPRISES) -> Workbook:
    return load_workbook(io.BytesIO(template.form(kind, unit, plan, own)))


def entry(book: Workbook) -> Worksheet:
    return book.worksheets[0]


def column(kind: str, name: str) -> int:
    return [field.name for field in contracts.load(kind).fields].index(name) + 1


def rule(sheet: Worksheet, kind: str, name: str) -> DataValidation:
    letter = sheet.cell(2, column(kind, name)).coordinate
    return next(r for r in sheet.data_validations.dataValidation if letter in r.sqref)


def offered(book: Workbook, kind: str, name: str) -> list[Any]:
    """The values of the field's drop-down list."""
    place = column(kind, name)
    cells = next(book["lists"].iter_cols(place, place, values_only=True))
    return [value for value in cells if value is not None]


@pytest.mark.parametrize("own", [ENTERPRISES, []], ids=["registry", "no_registry"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_filled_in_imports_without_a_finding(kind: str, own, plan: Plan, tmp_path: Path):
    book = form(kind, plan, own=own)
    values = dict(FILLED[kind])
    for name, value in values.items():
        if kind == "indicator_values" and name == "indicator_id":
            value = offered(book, kind, name)[0]
        entry(book).cell(2, column(kind, name), value)
    path = tmp_path / template.file_name(kind, "U1")
    book.save(path)

    with duckdb.connect() as connection:
        batch = ingestion.read(path, connection, Options(), plan)

        assert batch.findings.to_pylist() == []
        assert (batch.kind, batch.status, batch.rows_read) == (kind, "accepted", 1)
        fields = ", ".join(f'"{name}"' for name in values)
        row = connection.sql(f"select {fields} from {batch.tables[kind]}").fetchone() or ()
        assert len(row) == len(values)
        assert all(value is not None for value in row)
        assert row[list(values).index("unit_id")] == "U1" if "unit_id" in values else True


@pytest.mark.parametrize("kind", KINDS)
def test_the_empty_form_says_that_it_is_empty(kind: str, plan: Plan, tmp_path: Path):
    path = tmp_path / "form.xlsx"
    path.write_bytes(template.form(kind, "U1", plan, ENTERPRISES))

    with duckdb.connect() as connection:
        batch = ingestion.read(path, connection, Options(), plan)

    assert batch.status == "refused"
    assert [row["code"] for row in batch.findings.to_pylist()] == ["not_a_table"]


@pytest.mark.parametrize("kind", KINDS)
def test_headings_are_chinese_and_read_by_intake(kind: str, plan: Plan):
    heads = [str(cell.value) for cell in entry(form(kind, plan))[1]]
    fields = contracts.load(kind).fields

    known = header.names(kind)
    assert [known[header.normal(head)][1] for head in heads] == [field.name for field in fields]
    assert all(head.startswith(field.title) for head, field in zip(heads, fields, strict=True))
    marked = {field.name for head, field in zip(heads, fields, strict=True) if "*" in head}
    assert marked == {field.name for field in fields if field.required}


@pytest.mark.parametrize("kind", KINDS)
def test_each_heading_and_the_notes_explain_in_both_languages(kind: str, plan: Plan):
    book = form(kind, plan)
    notes = [
        str(cell) for row in book["填表说明"].iter_rows(values_only=True) for cell in row if cell
    ]

    fields = contracts.of_plan(kind, plan).fields
    for cell, field in zip(entry(book)[1], fields, strict=True):
        for words in (field.description, field.description_en, field.example):
            assert words in cell.comment.text
            assert any(words in note for note in notes)


@pytest.mark.parametrize("kind", KINDS)
def test_every_choice_of_a_list_is_read(kind: str, plan: Plan, tmp_path: Path):
    book = form(kind, plan)
    for field in contracts.of_plan(kind, plan).fields:
        choices = offered(book, kind, field.name)
        if field.labels:
            assert choices == [names[0] for names in field.labels.values()]
        if choices:
            assert rule(entry(book), kind, field.name).type == "list"


def test_the_unit_is_fixed_and_the_enterprises_are_its_own(plan: Plan):
    book = form("labeling_daily", plan, unit="U3")

    assert offered(book, "labeling_daily", "unit_id") == ["U3"]
    offers = offered(book, "labeling_daily", "enterprise_id")
    assert [offer.split(" ", 1)[0] for offer in offers] == [OWN, OTHER]
    assert all(" " in offer for offer in offers)  # the name stands behind the code
    listed = [row[:2] for row in book["本单元企业"].iter_rows(min_row=2, values_only=True)]
    assert listed == [(OWN, "演示企业"), (OTHER, "'=1+1")]
    assert book["lists"].sheet_state == "veryHidden"


def test_a_code_beyond_the_registry_is_a_warning_only(plan: Plan):
    assert rule(entry(form("labeling_daily", plan)), "labeling_daily", "enterprise_id").errorStyle
    without = rule(entry(form("labeling_daily", plan, own=[])), "labeling_daily", "enterprise_id")

    assert (without.type, without.formula1) == ("textLength", "18")


def test_numbers_and_dates_have_ranges(plan: Plan):
    sheet = entry(form("labeling_daily", plan))
    items, hours, day = (rule(sheet, "labeling_daily", n) for n in ("items", "hours", "date"))

    assert (items.type, items.formula1) == ("whole", "0")
    assert (hours.type, hours.formula1) == ("decimal", "0")
    assert day.type == "date"
    assert int(day.formula1 or 0) == (date(2000, 1, 1) - date(1899, 12, 30)).days


def test_headings_are_locked_and_entry_cells_are_not(plan: Plan):
    sheet = entry(form("labeling_daily", plan))

    assert sheet.protection.sheet
    assert sheet.freeze_panes == "A2"
    assert all(cell.protection.locked for cell in sheet[1])
    widths = sheet.column_dimensions
    assert not widths["A"].protection.locked
    assert widths["A"].number_format == "yyyy-mm-dd"
    assert widths["C"].number_format == "@"


@pytest.mark.parametrize("kind", KINDS)
def test_no_cell_is_a_formula(kind: str, plan: Plan):
    for sheet in form(kind, plan).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not str(cell.value or "").startswith(("=", "+", "-", "@"))


def test_the_same_form_has_the_same_bytes(plan: Plan):
    one, two = (template.form("datasets", "U1", plan, ENTERPRISES) for _ in range(2))

    assert one == two


def test_an_unknown_kind_or_unit_is_refused(plan: Plan):
    with pytest.raises(KeyError):
        template.form("work_set_aside", "U1", plan)
    with pytest.raises(template.UnknownUnit):
        template.form("datasets", "U99", plan)
