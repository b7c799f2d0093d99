"""The command line as INTERFACE §2 states it: words, exit codes, JSON."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.main import get_group

from oneninex import cli
from oneninex.store import Store

FILE_KEYS = {
    "path",
    "sha256",
    "kind",
    "encoding",
    "rows_read",
    "rows_accepted",
    "rows_quarantined",
    "status",
    "findings_total",
    "findings",
}
ENTERPRISE = "91320800DEM00001XN"
FINDING_KEYS = {"row", "field", "value", "code", "message_zh", "message_en"}


@pytest.fixture(scope="module")
def returns(tmp_path_factory) -> Path:
    """Demo returns of three months."""
    folder = tmp_path_factory.mktemp("returns")
    assert cli.main(["demo", "--out", str(folder), "--months", "3"]) == 0
    return folder


@pytest.fixture(scope="module")
def imported(tmp_path_factory, returns) -> Path:
    """A store into which those returns were imported."""
    store = tmp_path_factory.mktemp("imported") / "store"
    assert cli.main(["--store", str(store), "import", str(returns), "--json"]) == 0
    return store


@pytest.fixture
def run(capsys):
    """Run a command: (exit code, standard output, standard error)."""

    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def copy_of(store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(store, tmp_path / "copy"))


def labeling_csv(path: Path, rows: list[dict[str, object]]) -> Path:
    """A labeling_daily return; each row changes a correct one."""
    correct = {
        "date": "2026-03-02",
        "unit_id": "U1",
        "enterprise_id": ENTERPRISE,
        "project_id": "P1",
        "modality": "text",
        "items": 10,
        "reviewed": 10,
        "accepted": 9,
        "accepted_first_pass": 8,
        "rejected": 1,
        "annotators": 1,
    }
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(correct))
        writer.writeheader()
        writer.writerows({**correct, **row} for row in rows)
    return path


def test_every_command_has_help(run):
    command = get_group(cli.app)
    names = list(command.commands)
    assert {"demo", "import", "quarantine", "snapshots", "query", "check"} <= set(names)
    for name in names:
        code, printed, _ = run(name, "--help")
        assert code == 0
        assert command.commands[name].help.split(".")[0][:30] in printed


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["import"],
        ["import", "/no/such/file.csv"],
        ["query", "no_such_query"],
        ["query", "../build/00_plan"],
        ["query", "units", "-p", "colour=red"],
        ["query", "output_by_unit_month", "-p", "from_month=soon"],
        ["query", "units", "--format", "pdf"],
        ["query", "units", "--as-of", "99"],
        ["query", "units", "--audience", "admin"],
        ["query", "sources_of", "--audience", "public"],
        ["--lang", "fr", "snapshots"],
        ["demo"],
    ],
)
def test_wrong_usage_is_64_without_a_traceback(run, imported, arguments):
    code, printed, error = run("--store", imported, *arguments)
    assert code == 64
    assert error.strip()
    assert "Traceback" not in error + printed


def test_an_audience_is_asked_as_itself(run, imported):
    asked = ("--store", imported, "query", "enterprise_growth", "--format", "json", "--audience")
    rows = {who: json.loads(run(*asked, who)[1]) for who in ("planner", "leadership")}
    assert len(rows["planner"]) == len(rows["leadership"])
    assert {row["suppressed"] for row in rows["planner"]} <= {False}
    assert {row["revenue_10k_cny"] for row in rows["leadership"]} <= {None}


def test_an_empty_store_says_so(run, tmp_path):
    code, _, error = run("--store", tmp_path / "none", "--lang", "en", "query", "units")
    assert code == 3
    assert "holds no data yet" in error


def test_import_json_is_the_only_thing_printed(run, tmp_path):
    good = labeling_csv(tmp_path / "good.csv", [{}, {"date": "2026-03-03"}])
    code, printed, _ = run("--store", tmp_path / "s", "import", good, "--json")
    document = json.loads(printed)
    (file,) = document["files"]
    assert code == 0
    assert document["snapshot"] == 1
    assert set(file) >= FILE_KEYS
    assert (file["kind"], file["status"]) == ("labeling_daily", "accepted")
    assert (file["rows_read"], file["rows_accepted"], file["rows_quarantined"]) == (2, 2, 0)


def test_the_same_file_again_changes_nothing(run, tmp_path):
    good = labeling_csv(tmp_path / "good.csv", [{}])
    run("--store", tmp_path / "s", "import", good)
    code, printed, _ = run("--store", tmp_path / "s", "import", good, "--json")
    document = json.loads(printed)
    assert code == 0
    assert document["snapshot"] is None
    assert document["files"][0]["status"] == "unchanged"
    assert Store(tmp_path / "s").current().id == 1


def test_a_replaced_file_sent_again_with_a_reason_counts_again(run, tmp_path):
    first = labeling_csv(tmp_path / "first.csv", [{"items": 10}])
    second = labeling_csv(tmp_path / "second.csv", [{"items": 20}])
    for path in (first, second, first):
        run("--store", tmp_path / "s", "import", path, "--reason", "it was right")
    _, printed, _ = run(
        "--store", tmp_path / "s", "query", "output_by_unit_month", "--format", "json"
    )
    values = [row["items"] for row in json.loads(printed) if row["unit_id"] == "U1"]
    assert values == [10]
    assert Store(tmp_path / "s").current().id == 3


def test_bad_rows_go_to_quarantine_and_good_ones_are_published(run, tmp_path):
    mixed = labeling_csv(
        tmp_path / "mixed.csv", [{}, {"date": "2026-03-03", "accepted": 11, "rejected": -1}]
    )
    code, printed, _ = run("--store", tmp_path / "s", "import", mixed, "--json")
    (file,) = json.loads(printed)["files"]
    assert code == 1
    assert (file["status"], file["rows_accepted"], file["rows_quarantined"]) == ("partly", 1, 1)
    assert all(set(finding) >= FINDING_KEYS for finding in file["findings"])
    assert {finding["row"] for finding in file["findings"]} == {3}

    code, printed, _ = run("--store", tmp_path / "s", "quarantine", "--json")
    rows = json.loads(printed)
    assert code == 0
    assert {(row["file"], row["row"]) for row in rows} == {("mixed.csv", 3)}
    assert json.loads(rows[0]["record"])["accepted"] == "11"

    out = tmp_path / "out.csv"
    run("--store", tmp_path / "s", "quarantine", "--out", out, "--file", file["sha256"][:12])
    with out.open(encoding="utf-8-sig", newline="") as handle:
        assert len(list(csv.DictReader(handle))) == len(rows)


def test_a_refused_file_publishes_nothing_but_is_kept(run, tmp_path):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")
    code, printed, _ = run("--store", tmp_path / "s", "import", wrong, "--json")
    (file,) = json.loads(printed)["files"]
    assert code == 2
    assert file["status"] == "refused"
    assert json.loads(printed)["snapshot"] is None
    assert Store(tmp_path / "s").current() is None
    raw = tmp_path / "s" / "raw" / file["sha256"][:2] / file["sha256"]
    assert raw.read_bytes() == wrong.read_bytes()
    _, printed, _ = run("--store", tmp_path / "s", "quarantine", "--json")
    assert [row["file"] for row in json.loads(printed)] == ["wrong.csv"]


def test_a_file_without_one_good_row_is_not_forgotten(run, tmp_path):
    path = labeling_csv(tmp_path / "march.csv", [{"accepted": 11}])
    code, printed, _ = run("--store", tmp_path / "s", "import", path, "--json")
    assert code == 1
    assert json.loads(printed)["snapshot"] is None
    rows = json.loads(run("--store", tmp_path / "s", "quarantine", "--json")[1])
    assert {(row["file"], row["row"], row["outstanding"]) for row in rows} == {
        ("march.csv", 2, True)
    }
    labeling_csv(path, [{}])
    assert run("--store", tmp_path / "s", "import", path)[0] == 0
    rows = json.loads(run("--store", tmp_path / "s", "quarantine", "--json")[1])
    assert {row["outstanding"] for row in rows} == {False}


def test_a_refused_file_does_not_hold_up_the_others(run, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    labeling_csv(folder / "good.csv", [{}])
    (folder / "wrong.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    code, printed, _ = run("--store", tmp_path / "s", "import", folder, "--json")
    states = {Path(f["path"]).name: f["status"] for f in json.loads(printed)["files"]}
    assert code == 2
    assert states == {"good.csv": "accepted", "wrong.csv": "refused"}
    assert Store(tmp_path / "s").current().id == 1


def test_dry_run_leaves_no_trace(run, tmp_path):
    good = labeling_csv(tmp_path / "good.csv", [{}])
    code, printed, _ = run("--store", tmp_path / "s", "import", good, "--dry-run", "--json")
    assert code == 0
    assert json.loads(printed)["files"][0]["status"] == "accepted"
    assert not (tmp_path / "s").exists()


def test_a_folder_is_one_publication(run, imported):
    code, printed, _ = run("--store", imported, "snapshots", "--json")
    (snapshot,) = json.loads(printed)
    assert code == 0
    assert snapshot["id"] == 1
    assert snapshot["rows"]["labeling_daily"] > 1000
    assert {"created_at", "reason", "files"} <= set(snapshot)


def test_a_corrected_return_keeps_the_earlier_version(run, imported, returns, tmp_path):
    store = copy_of(imported, tmp_path)
    code, printed, _ = run("--store", store, "import", returns / "revised", "--json")
    assert code == 0, printed
    query = ("--store", store, "query", "output_by_unit_month", "--format", "json")
    now = json.loads(run(*query)[1])
    before = json.loads(run(*query, "--as-of", "1")[1])
    changed = [(a["unit_id"], a["month"]) for a, b in zip(now, before, strict=True) if a != b]
    assert len(set(changed)) == 1
    assert json.loads(run("--store", store, "snapshots", "--json")[1])[1]["reason"]


def test_query_formats_agree(run, imported, tmp_path):
    ask = ("--store", imported, "query", "output_by_unit_month")
    rows = json.loads(run(*ask, "--format", "json")[1])
    parquet = tmp_path / "out.parquet"
    assert run(*ask, "--format", "parquet", "--out", parquet)[0] == 0
    table = pq.read_table(parquet)
    assert [row["items"] for row in table.to_pylist()] == [row["items"] for row in rows]
    lines = run(*ask, "--format", "csv")[1].strip().splitlines()
    assert len(lines) == len(rows) + 1
    assert run(*ask)[1].strip()


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [
        ("city_by_month", (), True),
        ("what_changed", ("-p", "indicator_id=items_accepted"), True),
        ("what_changed", ("-p", "indicator_id=workers"), False),
        ("units", (), False),
    ],
)
def test_a_table_of_accepted_items_ends_with_its_change(run, imported, name, more, said):
    ask = ("--store", imported, "query", name, *more)
    _, table, _ = run(*ask)

    assert ("验收合格标注条数：" in table.splitlines()[-1]) == said
    _, document, _ = run(*ask, "--format", "json")
    assert "验收合格标注条数：" not in document


def test_query_parameters_filter(run, imported):
    ask = ("--store", imported, "query", "output_by_unit_month", "--format", "json")
    every = json.loads(run(*ask)[1])
    one = json.loads(run(*ask, "-p", "unit_id=U3")[1])
    assert {row["unit_id"] for row in one} == {"U3"}
    assert one == [row for row in every if row["unit_id"] == "U3"]


def test_check_passes_and_names_damage(run, imported, tmp_path):
    store = copy_of(imported, tmp_path)
    assert run("--store", store, "check")[0] == 0
    victim = next((store / "facts" / "labeling_daily").rglob("*.parquet"))
    victim.write_bytes(b"PAR1")
    code, _, error = run("--store", store, "check")
    assert code == 3
    assert victim.name in error


def test_a_damaged_manifest_is_exit_3(run, imported, tmp_path):
    store = copy_of(imported, tmp_path)
    (store / "snapshots" / "00000001.json").write_text("{", encoding="utf-8")
    code, _, error = run("--store", store, "--lang", "en", "snapshots")
    assert code == 3
    assert "00000001.json" in error


def test_rebuild_only_when_something_changed(run, imported, tmp_path):
    store = copy_of(imported, tmp_path)
    plan = Path(shutil.copytree(Path(cli.settings.ROOT) / "data" / "plan", tmp_path / "plan"))
    base = ("--store", store, "--plan", plan)
    run(*base, "rebuild")
    assert Store(store).current().id == 1
    units = plan / "units.csv"
    units.write_text(units.read_text("utf-8-sig").replace("Zhongguancun", "ZGC"), "utf-8")
    run(*base, "rebuild")
    assert Store(store).current().id == 2
    names = [
        row["name_en"] for row in json.loads(run(*base, "query", "units", "--format", "json")[1])
    ]
    assert any("ZGC" in name for name in names)


def test_a_plan_with_a_fault_is_named(run, imported, tmp_path):
    plan = Path(shutil.copytree(Path(cli.settings.ROOT) / "data" / "plan", tmp_path / "plan"))
    (plan / "units.csv").write_text("unit_id\nU1\n", "utf-8")
    code, _, error = run("--store", imported, "--plan", plan, "--lang", "en", "rebuild")
    assert code == 64
    assert "units.csv" in error
    assert "Traceback" not in error


def test_csv_text_cannot_run_as_a_formula():
    from oneninex.cli.render import to_csv

    rows = [{"name": "=1+1", "value": -3.5}, {"name": "@x", "value": None}]
    assert to_csv(rows).splitlines()[1:] == ["'=1+1,-3.5", "'@x,"]
