"""Accepted rows of returns that wait for a review: in no figure until the planner accepts them.

`held/ID/` has one Parquet file for each table and what the upload was. The entry in the case log
is written after it, and is what makes a return a held one.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from oneninex.domain import contracts
from oneninex.ingestion.batch import Batch
from oneninex.store import case_log, facts, raw_files, work_items
from oneninex.store.atomic_io import disk_errors, fsync, sha256_of
from oneninex.store.errors import StoreDamaged
from oneninex.store.snapshot import Store
from oneninex.store.uploads import Receipt, raw_sha256

FOLDER = "held"
_FINDINGS = "rejected_rows.parquet"
_BATCH = "batch.json"


def write(
    store: Store, name: str, batch: Batch, receipt: Receipt, connection: duckdb.DuckDBPyConnection
) -> dict[str, str]:
    """Write the rows of a batch durably; return each file's name and fingerprint."""
    final = store.root / FOLDER / name
    temporary = final.with_name(f".{name}.{os.getpid()}.tmp")
    with disk_errors():
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        for kind, table in batch.tables.items():
            found = connection.execute(f"select * from {table}").to_arrow_table()
            pq.write_table(found, temporary / f"{kind}.parquet")
        pq.write_table(batch.findings, temporary / _FINDINGS)
        (temporary / _BATCH).write_text(
            json.dumps(_described(batch, receipt), ensure_ascii=False, default=str),
            encoding="utf-8",
        )
        paths = sorted(temporary.iterdir())
        for path in paths:
            fsync(path)
        shutil.rmtree(final, ignore_errors=True)  # of a writer that was killed before its entry
        os.replace(temporary, final)
        fsync(final.parent)
    return {path.name: sha256_of(final / path.name) for path in paths}


def read(
    store: Store, name: str, files: dict[str, str], connection: duckdb.DuckDBPyConnection
) -> tuple[Batch, Receipt]:
    """Load a held return into a connection, as intake hands over a batch."""
    if wrong := damage(store.root, name, files):
        raise StoreDamaged("store.files_damaged", files=", ".join(wrong))
    folder = store.root / FOLDER / name
    described = json.loads((folder / _BATCH).read_text(encoding="utf-8"))
    tables = {}
    for kind in described["tables"]:
        table = f"held_{kind}"
        connection.register("held_rows", pq.read_table(folder / f"{kind}.parquet"))
        connection.execute(f"create or replace temp table {table} as from held_rows")
        connection.unregister("held_rows")
        tables[kind] = table
    receipt = described["receipt"]
    raw = raw_files.path_of(store, described["raw_sha256"])
    batch = Batch(
        **described["batch"],
        tables=tables,
        findings=pq.read_table(folder / _FINDINGS),
        raw=raw if described["is_whole"] else raw.read_bytes(),
    )
    return batch, Receipt(
        date.fromisoformat(receipt["received_on"]), receipt["reason"], receipt["options"]
    )


def periods(batch: Batch, connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return kind, unit, months and rows of what a batch carries; works count as labeling."""
    found = []
    for kind, table in batch.tables.items():
        shown = "labeling_daily" if kind == work_items.KIND else kind
        if shown not in contracts.sent_kinds():
            continue
        contract = contracts.load(kind)
        rows = connection.execute(
            f"select {facts.unit_sql(contract)}, list(distinct {facts.period_sql(contract)}), "
            f"count(*) from {table} group by all order by all"
        ).fetchall()
        for unit, months, count in rows:
            known = sorted(str(month)[:10] for month in months if month is not None)
            found.append({"kind": shown, "unit_id": unit, "months": known, "rows": count})
    return found


def damage(root: Path, name: str, files: dict[str, str]) -> list[str]:
    """Return relative paths of files of a held return that are absent or changed."""
    folder = root / FOLDER / name
    return [
        f"{FOLDER}/{name}/{file}"
        for file, sha256 in sorted(files.items())
        if not (folder / file).is_file() or sha256_of(folder / file) != sha256
    ]


def all_damage(store: Store) -> list[str]:
    """Return relative paths of damaged files of the returns that still wait."""
    waiting: dict[str, dict[str, str]] = {}
    for entry in case_log.entries(store.root):
        if entry.kind == case_log.REVIEW:
            waiting.pop(entry.id, None)
            if entry.event == "hold":
                waiting[entry.id] = entry.body["files"]
    return [path for name, files in waiting.items() for path in damage(store.root, name, files)]


def _described(batch: Batch, receipt: Receipt) -> dict[str, Any]:
    plain = ("name", "sha256", "bytes", "kind", "encoding", "status", "rows_read",
             "rows_accepted", "rows_quarantined", "platform")  # fmt: skip
    fields = {name: getattr(batch, name) for name in plain}
    return {
        "batch": {**fields, "counts": dict(batch.counts)},
        "tables": list(batch.tables),
        "is_whole": isinstance(batch.raw, Path),
        "raw_sha256": raw_sha256(batch),
        "receipt": asdict(receipt),
    }
