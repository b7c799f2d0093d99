"""The store's files as Delta and Iceberg tables: nothing is copied, everything reads back equal."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from oneninex.cli import main
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.rollup import roll_up
from oneninex.store import Store, facts
from tests.engine import recount

KIND = "labeling_daily"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("register")
    events = recount.write_csv(recount.random_events(2, 300), folder / "events.csv")
    roll_up([events], Plan.load(ROOT / "data" / "plan"), folder / "daily")
    assert main(["--store", str(folder / "store"), "import", str(folder / "daily")]) == 0
    return Store(folder / "store")


def bytes_of(folder: Path) -> dict[int, int]:
    """Size of each Parquet file below a folder by its inode: a second name counts once."""
    found = [path.stat() for path in folder.rglob("*.parquet")]
    return {state.st_ino: state.st_size for state in found}


def read_delta(table: Path) -> pa.Table:
    return pa.table(importlib.import_module("deltalake").DeltaTable(str(table)).to_pyarrow_table())


def read_iceberg(table: Path) -> pa.Table:
    version = (table / "metadata" / "version-hint.text").read_text()
    static = importlib.import_module("pyiceberg.table").StaticTable
    return static.from_metadata(f"{table}/metadata/v{version}.metadata.json").scan().to_arrow()


@pytest.mark.parametrize(("format", "read"), [("delta", read_delta), ("iceberg", read_iceberg)])
def test_a_registered_table_reads_back_equal_and_copies_nothing(
    filled: Store, format: str, read, capsys
) -> None:
    out = filled.root.parent / format
    before = bytes_of(filled.root)
    arguments = ["--store", str(filled.root), "register", "--format", format, "--out", str(out)]
    assert main([*arguments, "--json"]) == 0
    (made,) = json.loads(capsys.readouterr().out)
    assert made["kind"] == KIND
    files = filled.current().manifest.of(KIND)
    assert (made["files"], made["rows"]) == (len(files), sum(file.rows for file in files))
    assert bytes_of(filled.root.parent / "store") == before
    assert bytes_of(out).items() <= before.items(), "a Parquet file that is not the store's"
    with duckdb.connect() as connection:
        query = (
            f"select * from {facts.read_sql(filled, files)} order by upload_id, date, source_row"
        )
        expected = connection.sql(query).to_arrow_table()
    found = read(out / KIND).select(expected.column_names)
    found = found.sort_by([(n, "ascending") for n in ("upload_id", "date", "source_row")])
    assert found.to_pylist() == expected.to_pylist()
    assert main(arguments) == 64, "a table that is there is not written over"


@pytest.mark.parametrize(("format", "package"), [("delta", "deltalake"), ("iceberg", "pyiceberg")])
def test_a_package_that_is_not_there_is_named(
    filled: Store, tmp_path: Path, format: str, package: str, monkeypatch, capsys
) -> None:
    for name in list(sys.modules):
        if name.partition(".")[0] == package:
            monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, package, None)
    store = ["--store", str(filled.root)]
    assert main([*store, "register", "--format", format, "--out", str(tmp_path / "t")]) == 64
    assert package in capsys.readouterr().err


def test_wrong_usage_is_told(filled: Store, tmp_path: Path) -> None:
    store = ["--store", str(filled.root), "register", "--out", str(tmp_path)]
    assert main([*store, "--format", "hudi"]) == 64
    assert main([*store, "--format", "delta", "--kind", "work_items"]) == 64
