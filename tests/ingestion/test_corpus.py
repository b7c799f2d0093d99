"""Faulty files as offices send them, imported as one folder: each is named, nothing is lost."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from oneninex.cli import main
from oneninex.store import Store, query
from tests.ingestion.helpers import DAILY, csv_text, enterprise, write_xlsx
from tests.ingestion.test_refused import CASES as REFUSED

# Each file holds one good row and one of these: the cells that are changed, and (field, code) of
# every finding that it must get.
CELLS: dict[str, tuple[dict[str, str], list[tuple[str | None, str]]]] = {
    "letter for a digit": ({"items": "12O"}, [("items", "type")]),
    "words for a number": ({"items": "约一百"}, [("items", "type")]),
    "about": ({"items": "120左右"}, [("items", "type")]),
    "fraction": ({"items": "100.5"}, [("items", "type")]),
    "exponent": ({"items": "1E+02x"}, [("items", "type")]),
    "hexadecimal": ({"items": "0x10"}, [("items", "type")]),
    "underscore": ({"items": "1_000"}, [("items", "type")]),
    "formula": ({"items": "=1+1"}, [("items", "type")]),
    "error of a formula": ({"items": "#REF!"}, [("items", "type")]),
    "not a number": ({"hours": "NaN"}, [("hours", "type")]),
    "endless": ({"hours": "inf"}, [("hours", "type")]),
    "dash": ({"items": "—"}, [("items", "type")]),
    "slash": ({"reviewed": "/"}, [("reviewed", "type")]),
    "none": ({"items": "无"}, [("items", "type")]),
    "empty": ({"items": ""}, [("items", "required")]),
    "wide blank": ({"project_id": "　"}, [("project_id", "required")]),
    "negative": ({"items": "-5"}, [("items", "range")]),
    "day and month": ({"date": "05/03/2026"}, [("date", "type")]),
    "only a month": ({"date": "2026年3月"}, [("date", "type")]),
    "no such day": ({"date": "2026-02-30"}, [("date", "type")]),
    "month thirteen": ({"date": "2026-13-01"}, [("date", "type")]),
    "last century": ({"date": "1999-12-31"}, [("date", "range")]),
    "unknown unit": ({"unit_id": "U77"}, [("unit_id", "unknown_code")]),
    "unit's old name": ({"unit_id": "某某产业园"}, [("unit_id", "unknown_code")]),
    "unknown modality": ({"modality": "视屏"}, [("modality", "unknown_code")]),
    "unknown basis": ({"hours_basis": "估"}, [("hours_basis", "unknown_code")]),
    "check digit": ({"enterprise_id": "91320800DEM000001X"}, [("enterprise_id", "rule")]),
    "code as a number": ({"enterprise_id": "9.1321E+17"}, [("enterprise_id", "type")]),
    "more accepted": ({"accepted": "101", "rejected": "-1"}, [
        ("rejected", "range"), ("accepted", "rule")]),
    "first pass": ({"accepted_first_pass": "96"}, [("accepted_first_pass", "rule")]),
    "rest": ({"rejected": "6"}, [("rejected", "rule")]),
    "nobody": ({"annotators": "0", "hours": "0"}, [("annotators", "rule")]),
    "no basis": ({"hours_basis": ""}, [("hours_basis", "rule")]),
    "long day": ({"hours": "193"}, [("hours", "rule")]),
    "far future": ({"date": "2126-03-05"}, [("date", "range")]),
    "end of time": ({"date": "9999-12-31"}, [("date", "range")]),
    "code of an enterprise": ({"annotators": "913208001234567890"}, [("annotators", "range")]),
    "more than there is": ({"items": "9000000000000000000"}, [("items", "range")]),
    "less than nothing": ({"reviewed": "-9000000000000000000", "accepted": "9000000000000000000"}, [
        ("reviewed", "range"), ("accepted", "range")]),
    "day of Excel": ({"date": "46303"}, [("date", "type")]),
    "several at once": ({"items": "x", "date": "?", "unit_id": "U0"}, [
        ("date", "type"), ("items", "type"), ("unit_id", "unknown_code")]),
}  # fmt: skip
GOOD = "P-good"
WITHIN: dict[str, str] = {}
NOT_KEPT = ("drawing.xml", "other package.xlsx", "empty package.zip")


def faulty(name: str, number: int) -> bytes:
    """A file with a good row of an enterprise of its own and a faulty row."""
    changes, _ = CELLS[name]
    good = {**DAILY, "enterprise_id": enterprise(number), "project_id": GOOD}
    return csv_text([good, {**good, "project_id": "P-bad", **changes}]).encode("utf-8")


def test_there_are_enough():
    assert len(CELLS) + len(REFUSED) >= 60


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict]:
    """The folder of files, the store that it was imported into, and what the import said."""
    folder, store = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("store")
    for number, name in enumerate(CELLS, 100):
        (folder / f"{name}.csv").write_bytes(faulty(name, number))
    for name, (content, _) in REFUSED.items():
        (folder / name).write_bytes(content)
    shifted = [{**DAILY, "project_id": GOOD, "enterprise_id": enterprise(99)}]
    write_xlsx(
        folder / "shifted.xlsx", shifted, above=[["淮安市数据标注日报"], [None], ["单位：条"]]
    )
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        code = main(["--store", str(store), "import", str(folder), "--json"])
    return folder, store, {"code": code, **json.loads(out.getvalue())}


def test_the_folder_is_imported_as_a_whole(corpus):
    folder, _, said = corpus
    assert said["code"] == 2
    assert said["snapshot"] == 1
    named = {Path(f["path"]).relative_to(folder).parts[0] for f in said["files"]}
    assert named == {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("name", CELLS)
def test_of_a_faulty_row_each_cell_is_named_and_the_good_row_is_kept(corpus, name):
    changes, expected = CELLS[name]
    (file,) = [f for f in corpus[2]["files"] if Path(f["path"]).stem == name]
    assert (file["status"], file["rows_read"]) == ("partly", 2)
    assert (file["rows_accepted"], file["rows_quarantined"]) == (1, 1)
    found = file["findings"]
    assert sorted((f["field"], f["code"]) for f in found) == sorted(expected)
    for finding in found:
        assert finding["row"] == 3
        assert finding["value"] == (changes.get(finding["field"], DAILY[finding["field"]]) or None)
        assert finding["message_en"]
        assert finding["message_zh"] != finding["message_en"]


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_used_is_named_and_kept(corpus, name):
    folder, store, said = corpus
    (file,) = [f for f in said["files"] if Path(f["path"]).relative_to(folder).parts[0] == name]
    assert (file["status"], file["rows_read"], file["rows_accepted"]) == ("refused", 0, 0)
    assert file["findings"][0]["code"] == WITHIN.get(name, REFUSED[name][1])
    content, _ = REFUSED[name]
    kept = store / "raw" / file["sha256"][:2] / file["sha256"]
    # what may come from a platform may hold people's names: it is the one thing not kept
    if content and name not in NOT_KEPT and not content.lstrip().startswith((b"{", b"[")):
        assert kept.read_bytes() == content


def test_every_good_row_is_published_and_every_bad_one_listed(corpus, tmp_path):
    _, store, _ = corpus
    snapshot = Store(store).current()
    assert snapshot
    (row,) = query("output_by_unit_month", snapshot=snapshot, unit_id="U1").to_pylist()
    assert row["items"] == int(DAILY["items"]) * (len(CELLS) + 1)
    out = tmp_path / "quarantine.csv"
    assert main(["--store", str(store), "quarantine", "--out", str(out)]) == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    for changes, findings in CELLS.values():
        for field, _ in findings:
            value = changes.get(field or "", "")
            assert not value or value in cells or f"'{value}" in cells
