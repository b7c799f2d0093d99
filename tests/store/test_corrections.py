"""A corrected cell is a new version of the file, with what was changed and why."""

from pathlib import Path

import openpyxl
import pytest

from oneninex import store as stores
from oneninex.core.audit_log import Actor
from oneninex.domain.plan import Plan
from oneninex.ingestion import cell_corrections
from oneninex.ingestion.batch import Options
from oneninex.services import corrections
from oneninex.services.audited_import import import_recorded
from oneninex.services.corrections import Correction
from oneninex.services.import_request import expand
from oneninex.store import Store, raw_files
from tests.ingestion.helpers import daily, write_csv, write_xlsx


def imported(store: Store, plan: Plan, path: Path) -> dict:
    incoming = expand([path], Options(), plan)
    result = import_recorded(store, plan, incoming, actor=Actor(), reason="", imported_by="test")
    ((_, batch),) = result.files
    return {"sha256": batch.sha256, "file": batch.name, "kind": batch.kind}


@pytest.mark.parametrize("writer", [write_csv, write_xlsx])
def test_a_corrected_cell_becomes_a_version(tmp_path: Path, plan: Plan, writer):
    rows = daily(2)
    rows[1]["items"] = "约120"
    ending = "csv" if writer is write_csv else "xlsx"
    path = writer(tmp_path / f"日报.{ending}", rows)
    store = Store(tmp_path / "store")
    upload = imported(store, plan, path)
    who = {"actor": Actor(), "imported_by": "test"}

    result = corrections.correct(
        store, plan, upload, [Correction("F3", "120")], "核对原始记录", **who
    )

    ((_, batch),) = result.files
    assert (batch.status, batch.rows_accepted) == ("accepted", 2)
    assert batch.name == f"日报-更正.{ending}"
    snapshot = store.current()
    assert snapshot is not None
    found = stores.query("output_by_unit_month", snapshot=snapshot, unit_id="U1").to_pylist()
    assert sum(row["items"] or 0 for row in found) == 240
    listed = snapshot.manifest.reason
    assert [word for word in ("F3", "约120", "核对原始记录") if word not in listed] == []
    assert raw_files.path_of(store, upload["sha256"]).read_bytes() == path.read_bytes()


def test_a_correction_keeps_formulas_and_is_never_one(tmp_path: Path, plan: Plan):
    path = write_xlsx(tmp_path / "a.xlsx", daily(2))
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["P1"] = "=1+1"
    book.save(path)
    target, changes = cell_corrections._in_workbook(
        path, tmp_path / "b.xlsx", [Correction("D3", "=2+2"), Correction("A3", "2026-03-06")]
    )
    sheet = openpyxl.load_workbook(target).worksheets[0]
    assert (sheet["P1"].value, sheet["D3"].value, sheet["D3"].data_type) == ("=1+1", "=2+2", "s")
    assert str(sheet["A3"].value)[:10] == "2026-03-06"
    assert changes[0] == ("D3", "P-2", "=2+2")


@pytest.mark.parametrize("cell", ["ZZZ999", "Nowhere!A1", "", "A0", "1A"])
def test_a_cell_that_is_not_there(tmp_path: Path, plan: Plan, cell: str):
    store = Store(tmp_path / "store")
    upload = imported(store, plan, write_csv(tmp_path / "a.csv", daily(1)))
    who = {"actor": Actor(), "imported_by": "test"}
    with pytest.raises(corrections.NotCorrectable):
        corrections.correct(store, plan, upload, [Correction(cell, "1")], "x", **who)
    with pytest.raises(corrections.NotCorrectable):
        corrections.correct(
            store, plan, {**upload, "sha256": "0" * 64}, [Correction("A1", "1")], "x", **who
        )
