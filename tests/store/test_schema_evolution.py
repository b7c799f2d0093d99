"""A store written before a column existed is rebuilt and imported into; old months are NULL."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from oneninex import demo
from oneninex.core.settings import ROOT
from oneninex.domain import contracts
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Options
from oneninex.services import import_request
from oneninex.services.import_service import import_files
from oneninex.store import Store, facts, maintenance, query, sql_catalog
from oneninex.store.atomic_io import sha256_of
from oneninex.store.manifest import FactFile
from oneninex.store.snapshot import Snapshot
from tests.once import once

SYSTEM = {
    "_uploads": facts.UPLOADS.names[-1],
    "_returns": facts.RETURNS.names[-1],
    "_findings": facts.findings_schema().names[-1],
}
# What the first version of a schema cannot lack: without it there is no row.
LAST = {kind: contracts.load(kind).fields[-1].name for kind in contracts.kinds()} | SYSTEM


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> Path:
    """Four months of all units but U9, whose returns lie in `late`."""

    def make(folder: Path) -> None:
        sent, late = folder / "sent", folder / "late"
        demo.write(sent, 1, 4, 1, demo.folder_of(plan))
        late.mkdir()
        for path in [*sent.glob("*_U9*"), *sent.glob("transmittal.csv")]:
            shutil.copy(path, late)
            if "_U9" in path.name:
                path.unlink()
        bring(Store(folder / "store"), plan, sent)

    return once(tmp_path_factory, "schema-evolution", make)


def bring(store: Store, plan: Plan, folder: Path) -> Snapshot:
    incoming = import_request.expand([folder], Options(), plan)
    made = import_files(store, plan, incoming, imported_by="tests")
    assert made.snapshot
    current = store.current()
    assert current
    return current


def without_last_column(store: Store, kind: str) -> int:
    """Write the files of a kind again as before its last column; returns how many."""
    snapshot = store.current()
    assert snapshot
    files = [
        _shortened(store, file, LAST[kind]) if file.kind == kind else file
        for file in snapshot.manifest.files
    ]
    # Another version of the queries wrote it, so that a rebuild has a reason.
    manifest = replace(snapshot.manifest, files=tuple(files), queries_sha256="earlier")
    store.manifest_path(snapshot.id).write_bytes(manifest.to_bytes())
    return sum(file.kind == kind for file in files)


def _shortened(store: Store, file: FactFile, column: str) -> FactFile:
    path = store.root / file.path
    pq.write_table(pq.read_table(path).drop_columns([column]), path)
    return replace(file, bytes=path.stat().st_size, sha256=sha256_of(path))


@pytest.mark.parametrize("kind", sorted(LAST))
def test_a_store_without_the_last_column(filled: Path, tmp_path: Path, plan: Plan, kind: str):
    store = Store(Path(shutil.copytree(filled / "store", tmp_path / "store")))
    before = store.current()
    assert before
    items = query("output_by_unit_month", snapshot=before).column("items").to_pylist()
    assert without_last_column(store, kind)

    rebuilt = maintenance.rebuild(store, plan, imported_by="tests")
    assert rebuilt
    assert rebuilt.id == before.id + 1
    assert query("output_by_unit_month", snapshot=rebuilt).column("items").to_pylist() == items
    files = rebuilt.manifest.of(kind)
    with duckdb.connect() as connection:
        read = connection.sql(f'select "{LAST[kind]}" from {facts.read_sql(store, files)}')
        if kind not in SYSTEM:  # a rebuild adds nothing to what was sent
            assert set(read.to_arrow_table().column(0).to_pylist()) == {None}

    brought = bring(store, plan, filled / "late")
    units = {row["unit_id"] for row in query("output_by_unit_month", snapshot=brought).to_pylist()
             if row["items"]}  # fmt: skip
    assert "U9" in units
    assert maintenance.failed_checks(store) == []


@pytest.mark.parametrize("kind", sorted(contracts.kinds()))
def test_every_kind_of_fact_has_rows_to_try(filled: Path, kind: str):
    snapshot = Store(filled / "store").current()
    assert snapshot
    assert snapshot.manifest.of(kind)


def test_a_changed_schema_is_a_reason_to_rebuild(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for name in ("data/contracts", "oneninex/domain", "oneninex/store", "queries"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.setattr(sql_catalog, "ROOT", tmp_path)
    monkeypatch.setattr(sql_catalog, "QUERIES", tmp_path / "queries")

    def fingerprint() -> str:
        sql_catalog.build_sha256.cache_clear()
        return sql_catalog.build_sha256()

    before = fingerprint()
    path = tmp_path / "data" / "contracts" / "datasets.json"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert fingerprint() != before
    sql_catalog.build_sha256.cache_clear()
