"""The way back: addresses of cells, and the sender's own workbook with its findings."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from openpyxl.styles import Font
from typer.testing import CliRunner

from oneninex.cli import app
from oneninex.ingestion import sandbox as sandboxes
from oneninex.ingestion.cell_corrections import Correction
from oneninex.ingestion.findings import Refused
from oneninex.ingestion.sandbox import Limits, Sandbox
from oneninex.services import annotated
from tests.ingestion.helpers import DAILY, daily, natural, plan, write_csv
from tests.ingestion.test_cell_looks import HEADS, PLACE

RED = "FFFFC7CE"


def sender(path, sheets=("Sheet",)):
    """A workbook as an office makes it: title, styled header, a formula, a wrong cell per sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name in sheets:
        sheet = book.create_sheet(name)
        sheet.append(["日报"])
        sheet.append(["序号", *HEADS])
        sheet["B2"].font = Font(bold=True, color="FF00FF00")
        for number, row in enumerate(daily(3, date="2026-03-05"), 1):
            values = [natural(row[column]) for column in DAILY]
            sheet.append([number, *values])
            sheet.cell(number + 2, PLACE["project_id"] + 2).value = f"{name}-{number}x"
        sheet["G4"] = "=60+60"
        sheet["N4"] = "约9人"
        sheet.column_dimensions["B"].width = 33
    book.save(path)
    return path


def opened(path, batch):
    content = annotated.annotated(path, batch, plan())
    assert content is not None
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.mark.parametrize("sheets", [("Sheet",), ("上旬", "中 旬's")])
def test_findings_name_the_cell(read, tmp_path, sheets):
    batch = read(sender(tmp_path / "a.xlsx", sheets))
    cells = [row["cell"] for row in batch.findings.to_pylist() if row["field"] == "annotators"]
    several = {"上旬": "上旬!N4", "中 旬's": "'中 旬''s'!N4"}
    assert cells == (["N4"] if len(sheets) == 1 else [several[name] for name in sheets])


@pytest.mark.parametrize("sheets", [("Sheet",), ("上旬", "中 旬's")])
def test_the_senders_own_workbook_comes_back(read, tmp_path, sheets):
    path = sender(tmp_path / "a.xlsx", sheets)
    batch = read(path)
    before, book = path.read_bytes(), opened(path, batch)
    assert path.read_bytes() == before
    assert book.sheetnames == [*sheets, "核查清单"]
    for name in sheets:
        sheet = book[name]
        assert sheet["G4"].value == "=60+60"
        assert sheet["B2"].font.color.rgb == "FF00FF00"
        assert sheet.column_dimensions["B"].width == 33
        assert sheet["N4"].value == "约9人"
        assert sheet["N4"].fill.start_color.rgb == RED
        assert "约9人" in sheet["N4"].comment.text
        assert sheet["N3"].comment is None
    listed = book["核查清单"]
    assert listed.max_row == batch.findings.num_rows + 1
    assert {str(listed.cell(row, 5).value) for row in range(2, listed.max_row + 1)} == set(
        batch.findings.column("message_en").to_pylist()
    )
    assert any(cell.hyperlink for cell in listed["A"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_csv_comes_back_as_a_workbook(read, tmp_path, encoding):
    rows = daily(3, task_type="拉框")
    rows[1] |= {"items": "=1+1", "project_id": "007"}
    path = write_csv(tmp_path / "a.csv", rows, encoding, delimiter=";")
    book = opened(path, read(path))
    sheet = book.worksheets[0]
    cell = sheet.cell(3, list(rows[0]).index("items") + 1)
    assert (cell.value, cell.data_type, cell.fill.start_color.rgb) == ("=1+1", "s", RED)
    assert sheet.cell(3, list(rows[0]).index("project_id") + 1).value == "007"
    assert [cell.value for cell in sheet[1]] == list(rows[0])


def test_a_file_without_findings_needs_no_way_back(read, tmp_path):
    path = write_csv(tmp_path / "a.csv", daily(2))
    assert annotated.annotated(path, read(path), plan()) is None


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04broken", b"<html><table></table></html>", b"\x00\x01"]
)
def test_what_cannot_be_opened_comes_back_as_a_list(read, tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    batch = read(path)
    assert batch.status == "refused"
    book = opened(path, batch)
    assert book.sheetnames == ["核查清单"]
    assert book.worksheets[0].max_row == 2


def test_a_name_of_a_sheet_that_is_taken(read, tmp_path):
    path = sender(tmp_path / "a.xlsx", ("核查清单",))
    book = opened(path, read(path))
    assert book.sheetnames == ["核查清单", "核查清单2"]


def test_the_command_names_cells_and_gives_workbooks_back(tmp_path):
    path = sender(tmp_path / "日报.xlsx")
    out = tmp_path / "back"
    given = ["--store", str(tmp_path / "store"), "import", str(path), "--dry-run"]
    result = CliRunner().invoke(app, [*given, "--json", "--annotated", str(out)])
    (file,) = json.loads(result.stdout)["files"]
    assert "N4" in [finding["cell"] for finding in file["findings"]]
    assert [path.name for path in out.iterdir()] == ["日报-批注.xlsx"]


def test_workbooks_are_opened_in_the_worker_alone(read, tmp_path, monkeypatch):
    path = sender(tmp_path / "a.xlsx")
    batch, load = read(path), openpyxl.load_workbook

    def refuse(*_, **__):
        raise AssertionError("a sender's workbook was opened outside the worker")

    monkeypatch.setattr(openpyxl, "load_workbook", refuse)
    content = annotated.annotated(path, batch, plan())
    assert content is not None
    assert load(io.BytesIO(content))["Sheet"]["N4"].fill.start_color.rgb == RED


def test_a_worker_out_of_time_leaves_the_list_alone(read, tmp_path, monkeypatch):
    path = sender(tmp_path / "a.xlsx")
    batch = read(path)
    monkeypatch.setattr(sandboxes, "_POLL", 0)
    content = annotated.annotated(path, batch, plan(), Limits(seconds=0))
    assert content is not None
    assert len(openpyxl.load_workbook(io.BytesIO(content)).sheetnames) == 1


def test_a_correction_out_of_time_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sandboxes, "_POLL", 0)
    path = sender(tmp_path / "a.xlsx")
    with (
        Sandbox(tmp_path, plan(), Limits(seconds=0)) as sandbox,
        pytest.raises(Refused, match="time"),
    ):
        sandbox.correct(path, tmp_path / "b", "labeling_daily", [Correction("N4", "9")])
