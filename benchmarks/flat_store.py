"""Stores of one million facts and of two hundred: each row of the demo returns many times over.

The copies are rows of further projects of the same enterprises on the same days. They are written
month by month in the store's own layout, since reading returns is what `bench-import` measures.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from oneninex import demo
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Options
from oneninex.services.import_request import expand
from oneninex.services.import_service import import_files
from oneninex.store import Store, build, facts, maintenance
from oneninex.store.manifest import FactFile
from oneninex.store.publication import Publication

KIND = build.LABELING
RETURNS = "_returns"
_ROWS = f"case when kind = '{KIND}' then rows * {{}} else rows end as rows"
PLAN = ROOT / "data" / "plan"


def demo_store(folder: Path) -> Store:
    """A store with the demo returns, made where it is not there."""
    store = Store(folder)
    if store.current() is None:
        plan = Plan.load(PLAN)
        with TemporaryDirectory() as returns:
            demo.write(Path(returns), seed=1, months=22, scale=1)
            import_files(store, plan, expand([Path(returns)], Options(), plan))
    return _of_today(store)


def _of_today(store: Store) -> Store:
    """The same store, published anew where it was made by earlier queries or another plan."""
    maintenance.rebuild(store, Plan.load(PLAN), imported_by="benchmark")
    return store


def make(base: Store, folder: Path, rows: int) -> Store:
    """A store with the small returns of `base` and at least `rows` facts of labeling."""
    os.makedirs(folder.parent, exist_ok=True)
    store = Store(folder)
    if store.current() is not None:
        return _of_today(store)
    snapshot = base.current()
    assert snapshot, "the base store is empty"
    there = sum(file.rows for file in snapshot.manifest.of(KIND))
    copies = max(1, -(-rows // there))
    _link(base, store, [f for f in snapshot.manifest.files if f.kind not in (KIND, RETURNS)])
    with duckdb.connect(config={"memory_limit": "1GB", "threads": "2"}) as connection:
        connection.execute("set preserve_insertion_order = false")
        months = [
            _month(connection, base, store, file, copies) for file in snapshot.manifest.of(KIND)
        ]
        kept = [f for f in snapshot.manifest.files if not f.kind.startswith(f"{build.CUBE}/")]
        carried = [
            _written(connection, f"select * replace ({_ROWS.format(copies)}) from", base, store, f)
            for f in snapshot.manifest.of(RETURNS)
        ]
        files = [f for f in kept if f.kind not in (KIND, RETURNS)]
        files += [*months, *carried, *build.cubes(store, months)]
        publish(store, connection, snapshot.manifest, files)
    return store


def publish(store: Store, connection: duckdb.DuckDBPyConnection, parent, files) -> None:
    """Make these files the first snapshot of a store."""
    from dataclasses import replace

    manifest = replace(
        parent, snapshot=1, parent=None, files=tuple(sorted(files, key=lambda f: f.path))
    )
    publication = Publication(store, Plan.load(PLAN), connection, imported_by="benchmark")
    publication._make_current(manifest)


def _month(
    connection: duckdb.DuckDBPyConnection, base: Store, store: Store, file: FactFile, copies: int
) -> FactFile:
    renamed = "project_id || '-' || copy as project_id"
    select = f"select * exclude (copy) replace ({renamed}) from range({copies}) t (copy) cross join"
    return _written(connection, select, base, store, file)


def _written(
    connection: duckdb.DuckDBPyConnection, select: str, base: Store, store: Store, file: FactFile
) -> FactFile:
    statement = f"{select} {facts.read_sql(base, [file])}"
    written = facts.write(connection, statement, store, file.kind, file.partition)
    assert written, "a file without rows"
    return written


def _link(base: Store, store: Store, files: list[FactFile]) -> None:
    for file in files:
        target = store.root / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            os.link(base.root / file.path, target)
