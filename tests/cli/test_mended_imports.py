"""Files sent again, twice, in parts; odd names, lists and places: what becomes of them is said."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import duckdb
import pytest

from oneninex import cli, ingestion
from oneninex.domain.plan import Plan
from oneninex.ingestion import transmittal
from oneninex.ingestion.batch import Options
from oneninex.services import import_request
from oneninex.store import Store
from tests.cli.test_cli import labeling_csv


@pytest.fixture
def run(capfd, tmp_path):
    """Run a command on a store: (exit code, standard output, standard error)."""

    def call(*arguments: object, lang: str = "en") -> tuple[int, str, str]:
        capfd.readouterr()
        base = ["--store", str(tmp_path / "s"), "--lang", lang]
        code = cli.main([*base, *map(str, arguments)])
        printed = capfd.readouterr()
        return code, printed.out, printed.err

    return call


@pytest.fixture
def read_alone(plan):
    """Read a file in this process, as the worker process does."""
    with duckdb.connect() as connection:
        yield lambda path: ingestion.read(path, connection, Options(), plan)


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    return made


def items(run) -> int:
    rows = json.loads(run("query", "output_by_unit_month", "--format", "json")[1])
    (found,) = (row["items"] for row in rows if row["unit_id"] == "U1")
    return found


def test_a_folder_imported_again_leaves_a_correction_as_it_is(run, folder, tmp_path):
    old = labeling_csv(folder / "a.csv", [{"items": 100}])
    run("import", folder)
    labeling_csv(folder / "b.csv", [{"items": 555}])
    run("import", folder)
    code, printed, _ = run("import", folder, "--reason", "the monthly run")
    assert (code, items(run), Store(tmp_path / "s").current().id) == (0, 555, 2)
    assert "a.csv: received before, and later returns have replaced" in printed

    code, printed, _ = run("import", old, "--json")
    assert (code, json.loads(printed)["files"][0]["superseded"], items(run)) == (0, True, 555)
    assert run("import", old, "--reason", "the correction was wrong")[0] == 0
    assert items(run) == 100


def test_of_two_files_with_parts_of_one_return_both_are_told(run, folder):
    labeling_csv(folder / "first half.csv", [{}, {"date": "2026-03-03"}])
    labeling_csv(folder / "second half.csv", [{"date": "2026-03-17", "items": 30}])
    code, printed, _ = run("import", folder, "--json")
    first, second = json.loads(printed)["files"]
    assert code == 1
    assert (first["status"], first["rows_accepted"], first["rows_quarantined"]) == ("partly", 0, 2)
    assert (second["status"], second["rows_accepted"]) == ("accepted", 1)
    for file, other in ((first, "second half.csv"), (second, "first half.csv")):
        (finding,) = file["findings"]
        assert (finding["code"], finding["rule"]) == ("rule", "one_file_per_return")
        assert other in finding["message_en"]
        assert "U1 · 91320800DEM00001XN · P1 · 2026-03" in finding["message_zh"]
    kept = json.loads(run("quarantine", "--json")[1])
    assert {(row["file"], row["rule"]) for row in kept} == {
        ("first half.csv", "one_file_per_return"),
        ("second half.csv", "one_file_per_return"),
    }
    assert run("import", folder)[0] == 0
    assert items(run) == 30


def test_a_correction_that_its_list_declares_is_none_of_two_halves(run, folder):
    labeling_csv(folder / "a.csv", [{"items": 10}])
    labeling_csv(folder / "b.csv", [{"items": 12}])
    (folder / "transmittal.csv").write_text(
        "file,received_on,reason\na.csv,2026-04-01,\nb.csv,2026-04-09,recount\n"
    )
    code, printed, _ = run("import", folder, "--json")
    assert (code, [f["findings"] for f in json.loads(printed)["files"]]) == (0, [[], []])
    assert items(run) == 12


def test_how_many_published_rows_go_for_how_few_is_said(run, tmp_path):
    days: list[dict[str, object]] = [{"date": f"2026-03-{day:02}"} for day in range(2, 7)]
    full = labeling_csv(tmp_path / "full.csv", days)
    run("import", full)
    bad = [{**day, "accepted": 11} for day in days[1:]]
    part = labeling_csv(tmp_path / "part.csv", [{**days[0], "items": 12}, *bad])
    _, printed, _ = run("import", part, "--dry-run")
    assert "Mar 2026: 5 published rows would be replaced by only 1" in printed
    _, printed, _ = run("import", part, "--dry-run", "--json")
    (replaced,) = json.loads(printed)["replaced"]
    assert (replaced["unit_id"], replaced["period"]) == ("U1", "2026-03-01")
    assert (replaced["replaced"], replaced["new"]) == (5, 1)
    assert "5 published rows were replaced by only 1" in run("import", part)[1]


def test_an_identical_file_within_one_import_counts_once(run, folder):
    labeling_csv(folder / "a.csv", [{}])
    labeling_csv(folder / "copy of a.csv", [{}])
    code, printed, _ = run("import", folder, "--json")
    assert (code, [f["status"] for f in json.loads(printed)["files"]]) == (
        0,
        ["accepted", "unchanged"],
    )


def test_empty_files_and_links_cost_the_others_nothing(run, folder, tmp_path):
    (folder / "a.csv").touch()
    (folder / "b.csv").touch()
    (folder / "c.csv").symlink_to(tmp_path / "elsewhere.csv")
    code, printed, _ = run("import", folder, "--json")
    found = json.loads(printed)["files"]
    assert (code, {file["status"] for file in found}) == (2, {"refused"})
    assert len(list((tmp_path / "s" / "quarantine").glob("*.json"))) == 3
    labeling_csv(folder / "d.csv", [{}])
    assert run("import", folder)[0] == 2
    assert items(run) == 10
    assert run("check")[0] == 0


def test_a_name_in_the_bytes_of_gbk_and_brackets_are_no_hindrance(run, folder):
    path = Path(os.fsdecode(os.fsencode(folder) + "/三月日报.csv".encode("gbk")))
    labeling_csv(path, [{}, {"date": "[/b]"}, {"date": "\x1b[2J"}])
    code, printed, _ = run("import", folder, "--reason", "[/red]")
    assert code == 1
    assert "三月日报.csv" in printed
    for asked in ("quarantine", "snapshots"):
        code, shown, _ = run(asked)
        assert code == 0
        assert "[/b]" in shown or "[/red]" in shown
        assert "\x1b" not in printed + shown


def test_a_file_that_may_not_be_read_says_so(tmp_path, monkeypatch, read_alone):
    path = labeling_csv(tmp_path / "a.csv", [{}])
    real = Path.open

    def refuse(file, *rest, **options):
        if file == path:
            raise PermissionError(13, "Permission denied", str(file))
        return real(file, *rest, **options)

    monkeypatch.setattr(Path, "open", refuse)
    batch = read_alone(path)
    assert batch.status == "refused"
    assert "No permission to read" in batch.findings["message_en"][0].as_py()


def test_a_fault_of_a_library_refuses_the_file(tmp_path, monkeypatch, read_alone):
    def fail(*_: object) -> None:
        raise RuntimeError("a library's own fault")

    monkeypatch.setattr("oneninex.ingestion.tables.read", fail)
    batch = read_alone(labeling_csv(tmp_path / "a.csv", [{}]))
    assert (batch.status, batch.findings["code"].to_pylist()) == ("refused", ["not_a_table"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", ".", "--kind", "foo"],
        ["import", ".", "--kind", "foo", "--json"],
        ["import", ".", "--unit", "U99"],
        ["import", ".", "--modality", "smell"],
        ["quarantine", "--out", "/no/such/folder/x.csv"],
        ["quarantine", "--json", "--out", "x.csv"],
        ["demo", "--out", "/dev/null/x", "--months", "1"],
    ],
)
def test_what_names_nothing_is_wrong_usage(run, arguments):
    code, printed, error = run(*arguments)
    assert code == 64
    assert "Traceback" not in printed + error


def test_places_that_cannot_be_written_to_are_wrong_usage(run, tmp_path):
    run("import", labeling_csv(tmp_path / "a.csv", [{}]))
    for format in ("csv", "parquet"):
        code, _, error = run("query", "units", "--format", format, "--out", "/no/such/x")
        assert (code, "/no/such/x" in error) == (64, True)
    assert run("query", "units", "--as-of", "²")[0] == 64
    assert run("query", "units", "--format", "json", "--out", tmp_path / "x.csv")[0] == 64


def test_an_empty_quarantine_has_its_header(run, tmp_path):
    out = tmp_path / "out.csv"
    assert run("quarantine", "--out", out)[0] == 0
    assert out.read_text("utf-8-sig").startswith("sha256,file,received_on,kind,row,field,")


def test_a_folder_of_folders_says_what_was_not_read(run, folder):
    (folder / "october").mkdir()
    code, printed, _ = run("import", folder)
    assert code == 0
    assert "october" in printed
    assert "no file to import" in printed
    notes = json.loads(run("import", folder, "--json")[1])["notes"]
    assert len(notes) == 2
    assert set(notes[0]) == {"zh", "en"}


LISTS = {
    "slashes": b"file,received_on\na.csv,2026/8/2\n",
    "chinese": "文件,收到日期\na.csv,2026年8月2日\n".encode(),
    "gbk": "文件名,收到日期\na.csv,2026.8.2\n".encode("gbk"),
    "semicolons": b"file;received_on\na.csv;2026-08-02\n",
    "utf-16": "File\tReceived_On\na.csv\t２０２６-08-02\n".encode("utf-16"),
}


@pytest.mark.parametrize("content", LISTS.values(), ids=LISTS)
def test_a_list_is_read_as_it_is_written(folder, plan: Plan, content):
    labeling_csv(folder / "a.csv", [{}])
    (folder / "transmittal.csv").write_bytes(content)
    (file,) = import_request.expand([folder], import_request.Options(), plan)
    assert file.received_on == date(2026, 8, 2)
    assert import_request.notes([folder], "en") == []


WRONG_LISTS = {
    "day": (b"file,received_on\na.csv,08/02/2026\n", 'row 2, column received_on: "08/02/2026"'),
    "name": (b"file,received_on\naa.csv,2026-08-02\n", 'row 2, column file: there is no "aa.csv"'),
    "column": (b"file,received_on,colour\na.csv,2026-08-02,red\n", 'the column "colour"'),
    "header": (b"what,when\na.csv,2026-08-02\n", 'no column "file"'),
    "no days": (b"file,reason\na.csv,recount\n", 'no column "received_on"'),
    "cell": (b'file,received_on\na.csv,"' + b"x" * 200_000 + b'"\n', "row 2"),
}


@pytest.mark.parametrize(("content", "told"), WRONG_LISTS.values(), ids=WRONG_LISTS)
def test_what_a_list_cannot_tell_is_said(folder, content, told):
    labeling_csv(folder / "a.csv", [{}])
    (folder / "transmittal.csv").write_bytes(content)
    (note,) = import_request.notes([folder], "en")
    assert told in note
    assert len(note) < 400


def test_a_list_behind_a_link_is_not_read(folder, tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_text("file,received_on\na.csv,2026-08-02\n")
    (folder / transmittal.NAME).symlink_to(outside)
    read = transmittal.read(folder / transmittal.NAME)
    assert read.lines == {}
    assert [problem.key for problem in read.problems] == ["link"]
