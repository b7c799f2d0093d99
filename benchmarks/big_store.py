"""A store with millions of facts: the demo returns, and each of their rows many times over.

The copies are rows of further projects of the same enterprises, each with its own counts. They are
published as one upload without a file, since reading is what `bench-import` measures.
"""

from __future__ import annotations

import argparse
import hashlib
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from oneninex import contracts
from oneninex.intake.batch import Batch
from oneninex.intake.findings import FINDINGS
from oneninex.plan import Plan
from oneninex.settings import ROOT
from oneninex.store import Store
from oneninex.store.publication import Publication, Receipt
from tests.browser.dashboard import fill_store

KIND = "labeling_daily"
_COUNTS = (
    "items", "objects", "reviewed", "accepted", "accepted_first_pass", "gold_items",
    "gold_correct", "prelabeled_items",
)  # fmt: skip


def make(folder: Path, rows: int) -> Path:
    """A store in `folder` with at least `rows` facts of labeling; made once, then kept."""
    folder = Path(folder)
    done = folder / f"{rows}-{_recipe()}.done"
    store = folder / "store"
    if done.exists():
        return store
    if store.exists():
        raise FileExistsError(f"{store} holds something else; remove it or name another folder")
    with TemporaryDirectory() as returns:
        fill_store(store, Path(returns))
    _multiply(Store(store), rows)
    done.touch()
    return store


def _recipe() -> str:
    """What the kept store depends on: this module and the queries that made its cubes."""
    snapshot_queries = sorted((ROOT / "queries" / "build").rglob("*.sql"))
    read = b"".join(path.read_bytes() for path in (Path(__file__), *snapshot_queries))
    return hashlib.sha256(read).hexdigest()[:12]


def _multiply(store: Store, rows: int) -> None:
    with duckdb.connect(config={"memory_limit": "4GB"}) as connection:
        connection.execute("set preserve_insertion_order = false")
        facts = str(store.facts / KIND / "*" / "*.parquet")
        # A table, for the folder will hold the copies too while they are written.
        connection.read_parquet(facts).create("sent")
        there = connection.table("sent").count("*").fetchall()[0][0]
        if rows <= there:
            return
        connection.execute(f"create view copies as {_copies(-(-(rows - there) // there))}")
        found = connection.execute("select count(*) from copies").fetchall()[0][0]
        plan = Plan.load(ROOT / "data" / "plan")
        publication = Publication(store, plan, connection, imported_by="benchmark")
        publication.add(_upload(found), Receipt(date(2026, 11, 24), "benchmark", {}))
        publication.commit(f"{rows:,} facts")


def _copies(copies: int) -> str:
    """Each row as that of `copies` other projects, its counts thinned by a factor of their own."""
    names = [field.name for field in contracts.load(KIND).fields]
    thinner = {name: f"floor({name} * factor)::bigint" for name in _COUNTS}
    columns = {
        **{name: f'"{name}"' for name in names},
        **thinner,
        "project_id": "project_id || '-' || copy",
        "rejected": f"{thinner['reviewed']} - {thinner['accepted']}",
    }
    chosen = ", ".join(f'{sql} as "{name}"' for name, sql in columns.items())
    return f"""
    select {chosen}, copy * 1000000 + source_row as source_row
    from (
        select f.*, c.copy, 0.5 + hash(f.project_id, f.date, c.copy) % 1000 / 1000 as factor
        from sent as f cross join range(1, {copies + 1}) as c (copy)
    )
    """


def _upload(rows: int) -> Batch:
    return Batch(
        name="copies.parquet",
        sha256=hashlib.sha256(str(rows).encode()).hexdigest(),
        bytes=0,
        kind=KIND,
        encoding=None,
        status="accepted",
        rows_read=rows,
        rows_accepted=rows,
        rows_quarantined=0,
        tables={KIND: "copies"},
        findings=FINDINGS.empty_table(),
        counts={},
        raw=b"",
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=20_000_000)
    given = parser.parse_args()
    print(make(given.folder, given.rows))
