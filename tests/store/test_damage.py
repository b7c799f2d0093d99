"""Whatever is damaged in a store is named, in one line and with exit code 3."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from oneninex.cli import main
from oneninex.store import Store, database
from tests.store.test_faults import returns


def run(store: Path, *arguments: str | Path) -> int:
    database.clear()
    return main(["--store", str(store), "--lang", "en", *map(str, arguments)])


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Path:
    """A store of two snapshots and the record of a refused file."""
    folder = tmp_path_factory.mktemp("damage")
    store = folder / "store"
    assert run(store, "import", returns(folder / "a.csv", 20, days=2)) == 0
    assert run(store, "import", returns(folder / "b.csv", 30, days=2)) == 0
    (folder / "c.csv").touch()
    assert run(store, "import", folder / "c.csv") == 2
    return store


@pytest.fixture
def store(base, tmp_path) -> Path:
    return Path(shutil.copytree(base, tmp_path / "store"))


@pytest.fixture
def again(tmp_path) -> Path:
    return returns(tmp_path / "again.csv", 40, days=2)


def said(capfd) -> str:
    error = capfd.readouterr().err
    assert error.count("\n") == 1, error
    return error


@pytest.mark.parametrize("kind", ["_uploads", "labeling_daily"])
@pytest.mark.parametrize("absent", [False, True])
def test_facts_that_an_import_needs_are_named(store, again, capfd, kind, absent):
    file = store / Store(store).current().manifest.of(kind)[-1].path
    file.unlink() if absent else file.write_bytes(file.read_bytes()[:50])
    assert run(store, "import", again) == 3
    assert file.name in said(capfd)


@pytest.mark.parametrize("content", ["5", "[]", '{"files": [], "created_at": 7}'])
def test_a_manifest_that_is_other_json_is_named(store, capfd, content):
    (store / "snapshots" / "00000002.json").write_text(content)
    assert run(store, "query", "units") == 3
    assert "00000002.json" in said(capfd)


def test_a_copy_of_a_manifest_is_none(store, again, capfd):
    manifest = store / "snapshots" / "00000002.json"
    shutil.copyfile(manifest, manifest.with_name("00000002 (1).json"))
    for command in (["snapshots"], ["check"], ["import", again]):
        assert run(store, *command) == 0


@pytest.mark.parametrize("content", ["{", "[]", '{"sha256": "x"}'])
def test_a_broken_record_is_named(store, capfd, content):
    (record,) = (store / "quarantine").glob("*.json")
    record.write_text(content)
    for command in ("quarantine", "check"):
        assert run(store, command) == 3
        assert record.name in said(capfd)


def test_a_pointer_that_is_a_folder_and_a_store_that_is_a_file(store, tmp_path, capfd):
    (store / "CURRENT").unlink()
    (store / "CURRENT").mkdir()
    assert run(store, "query", "units") == 3
    assert "CURRENT" in said(capfd)
    file = tmp_path / "file"
    file.touch()
    for command in (["check"], ["import", file]):
        assert run(file, *command) == 3
        assert "no folder" in said(capfd)


def test_an_old_manifest_hinders_no_query_and_is_named_by_check(store, capfd):
    (store / "snapshots" / "00000001.json").write_text("{")
    assert run(store, "query", "units", "--format", "json") == 0
    assert run(store, "query", "units", "--format", "json", "--as-of", "2") == 0
    assert run(store, "query", "units", "--format", "json", "--as-of", "2100-01-01") == 0
    capfd.readouterr()
    assert run(store, "check") == 3
    assert "00000001.json" in said(capfd)


@pytest.mark.parametrize("absent", [False, True])
def test_raw_files_are_compared_with_their_fingerprints(store, capfd, absent):
    file = next(store.glob("raw/??/*"))
    file.unlink() if absent else file.write_bytes(b"another")
    assert run(store, "check") == 3
    assert file.name in said(capfd)


def test_rebuild_makes_a_damaged_database_anew(store, capfd):
    path = store / "snapshots" / "00000002.duckdb"
    path.write_bytes(path.read_bytes()[:5000])
    assert run(store, "query", "units") == 3
    assert run(store, "rebuild") == 0
    assert run(store, "check") == 0
    assert run(store, "query", "units", "--format", "json") == 0
    assert Store(store).current().reason == "rebuild: database damaged"
    assert run(store, "rebuild") == 0
    assert Store(store).current().id == 3
