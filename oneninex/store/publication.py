"""One atomic publication: rows of many uploads become the next snapshot, or nothing does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import duckdb
import pyarrow as pa

from oneninex.core.progress import Within, nothing, part_of
from oneninex.domain import contracts
from oneninex.domain.plan import Plan
from oneninex.domain.releases import Ledger, Stamp
from oneninex.ingestion.batch import Batch
from oneninex.ingestion.duplicate_returns import Overlap
from oneninex.store import (
    build,
    database,
    facts,
    garbage_collection,
    release_ledger,
    releases,
    revisions,
    sql_catalog,
    uploads,
    work_items,
)
from oneninex.store.atomic_io import disk_errors, exclusive, settle, sha256_of, write_bytes
from oneninex.store.background_writer import Beside
from oneninex.store.manifest import FORMAT, FactFile, Manifest
from oneninex.store.snapshot import Snapshot, Store
from oneninex.store.staging import IncomingRows
from oneninex.store.uploads import Receipt
from oneninex.store.upsert import Merging

__all__ = ["Publication", "Receipt"]


def _moment_after(current: Snapshot | None) -> datetime:
    """Now, or just after the current snapshot where the clock was set back."""
    now = datetime.now(UTC)
    return max(now, current.created_at + timedelta(milliseconds=1)) if current else now


class Publication:
    """Collects uploads in `connection` and publishes them in one step."""

    def __init__(
        self,
        store: Store,
        plan: Plan,
        connection: duckdb.DuckDBPyConnection,
        *,
        imported_by: str,
    ) -> None:
        self.store = store
        self.plan = plan
        self.connection = connection
        self.imported_by = imported_by
        self.within: Within = nothing  # told how far a commit is
        self.changed = revisions.CHANGES.empty_table()  # figures there before, by the last commit
        self._receipts: list[Receipt] = []
        self._uploads: list[dict[str, Any]] = []
        self._returns: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._findings: list[pa.Table] = []
        self._incoming = IncomingRows(connection)
        self._works = work_items.Works(store, plan, connection)
        self._merged = work_items.Merged()
        self._revisions: list[pa.Table] = []
        self._merging = Merging(store, connection, self._incoming)
        self._beside = Beside(connection)

    def add(self, batch: Batch, receipt: Receipt) -> None:
        """Take an upload; its rows replace rows of the same return taken before."""
        number = len(self._uploads)
        self._receipts.append(receipt)
        self._uploads.append(uploads.as_row(batch, receipt))
        self._findings.append(batch.findings)
        merged = work_items.KIND in batch.tables
        if merged:
            self._works.add(batch, number)
        for kind, table in batch.tables.items():
            if merged:
                self._note_returns(
                    kind, f"(select *, {number} as upload_no, 1 as rows from {table})"
                )
            else:
                returns = self._incoming.take(kind, table, number)
                self._note_returns(kind, f"(select *, {number} as upload_no from {returns})")

    def overlaps(self) -> list[Overlap]:
        """Rows that were added and do not count, since a later upload holds the same return."""
        return self._incoming.overlaps()

    def amend(self, number: int, batch: Batch) -> None:
        """Take findings and counts of an upload anew; `number` is its place among those added."""
        receipt = self._receipts[number]
        self._uploads[number] = uploads.as_row(batch, receipt)
        self._findings[number] = batch.findings

    def commit(self, reason: str, kept: Callable[[], object] = tuple) -> Snapshot:
        """Publish what was added; `kept` waits until the raw files are safely kept.

        Raises StoreLocked, CheckFailed, StoreError (disk full) or PlanError (the map); the store
        is then as before.
        """
        _ = self.plan.divisions  # a fault on the map is said before anything is written
        with disk_errors(), exclusive(self.store.lock), self._beside.left_alone():
            current = self.store.current()
            number = (current.id if current else 0) + 1
            self._name_uploads(number)
            parent = current.manifest if current else None
            self._merge_works(parent.files if parent else ())
            self._begin_merging()
            self._revisions, self.changed = [], revisions.CHANGES.empty_table()
            files = self._fact_files(parent, number) + self._system_files(number)
            manifest = Manifest(
                snapshot=number,
                parent=current.id if current else None,
                created_at=_moment_after(current).isoformat(timespec="milliseconds"),
                reason=reason,
                imported_by=self.imported_by,
                plan_sha256=self.plan.sha256,
                queries_sha256=sql_catalog.build_sha256(),
                files=tuple(sorted(files, key=lambda f: f.path)),
                format=FORMAT,
                ledger_sha256=parent.ledger_sha256 if parent else "",
            )
            kept()
            return self._make_current(manifest)

    def changes(self) -> pa.Table:
        """What a commit would change now, as revisions.CHANGES; nothing is written."""
        current = self.store.current()
        parent = current.manifest.files if current else ()
        old = {(file.kind, file.partition): file for file in parent}
        self._name_uploads((current.id if current else 0) + 1)
        self._merge_works(parent)
        self._begin_merging()
        found = [
            self._merging.changes(kind, partition, old.get((kind, partition)))
            for kind in self._incoming.kinds
            if kind in revisions.KINDS
            for partition in self._partitions(kind)
        ]
        return pa.concat_tables([revisions.CHANGES.empty_table(), *found])

    def _merge_works(self, parent: tuple[FactFile, ...]) -> None:
        """Count the platforms' exports again, together with the earlier ones of their projects."""
        files = {(file.kind, file.path): file for file in parent}
        self._merged = self._works.merge(files)
        for kind, table in self._merged.tables.items():
            self._incoming.put(kind, table)
            if kind != work_items.KIND:
                counted = f"(select *, 1 as rows from {table} where upload_no >= 0)"
                self._note_returns(kind, counted)

    def _note_returns(self, kind: str, relation: str) -> None:
        """Note what an upload carried; what is counted again counts as the newest's."""
        contract = contracts.load(kind)
        groups = self.connection.execute(
            f"select upload_no, {facts.unit_sql(contract)}, {facts.period_sql(contract)}, "
            f"sum(rows)::bigint from {relation} group by all order by all"
        ).fetchall()
        for number, unit, period, rows in groups:
            self._returns[number, kind, unit, period] = {
                "upload_no": number,
                "kind": kind,
                "unit_id": unit,
                "period": period,
                "rows": rows,
                "received_on": self._uploads[number]["received_on"],
            }

    def _name_uploads(self, snapshot: int) -> None:
        for number, upload in enumerate(self._uploads):
            upload["upload_id"] = f"{snapshot:06d}-{number:04d}"
            upload["snapshot"] = snapshot
            upload["imported_by"] = self.imported_by

    def _fact_files(self, parent: Manifest | None, snapshot: int) -> list[FactFile]:
        """Every fact and cube file of the new snapshot, unchanged ones taken over."""
        files = {(f.kind, f.partition): f for f in (parent.files if parent else ())}
        stale_cubes = parent is not None and parent.queries_sha256 != sql_catalog.build_sha256()
        changed: set[str] = set()
        made: list[FactFile] = []
        # Labeling comes last: from then on the connection may be busy writing its file.
        for kind in sorted(self._incoming.kinds, key=lambda kind: kind == build.LABELING):
            partitions = self._partitions(kind)
            old = [files.pop((kind, p)) for p in partitions if (kind, p) in files]
            if len(partitions) == 1:
                self._merging.hold(kind, partitions[0], old)
            if kind == build.LABELING:
                changed.update(partitions)
            if kind == build.LABELING and self._may_be_late(partitions, old):
                select = self._merging.rows(kind, partitions[0], old)
                made += build.month_cubes(self.connection, self.store, select, partitions[0])
                self._beside.begin(partial(self._merging.write, kind, partitions, old))
            else:
                for new in self._merging.write(kind, partitions, old):
                    files[kind, new.partition] = new
            for file in old if kind in revisions.KINDS else ():
                found = None
                if made and kind == build.LABELING and not stale_cubes:
                    old_cubes = [files[of] for of in files if _is_cube(*of, file.partition)]
                    found = self._merging.changes_by_cubes(old_cubes, made)
                if found is None:
                    self._beside.done()
                    found = self._merging.changes(kind, file.partition, file)
                self._revisions.append(revisions.revised(found, snapshot))
                self.changed = pa.concat_tables([self.changed, found])
        months = [
            file
            for file in files.values()
            if file.kind == build.LABELING and (stale_cubes or file.partition in changed)
        ]
        # a month that lost its last row has no cube any more
        files = {
            (kind, part): file
            for (kind, part), file in files.items()
            if not (part in changed and _is_cube(kind, part, part))
        }
        made += build.cubes(self.store, months, part_of(self.within, 0.3, 0.6))
        files |= {(cube.kind, cube.partition): cube for cube in made}
        return list(files.values())

    def _may_be_late(self, partitions: list[str], old: list[FactFile]) -> bool:
        """Whether labeling's file can be written beside the rest, once it has its cubes.

        Nothing in the database is made of that file, only of its cubes. Of many rows the cubes are
        made from the file, within bounded memory.
        """
        rows = sum(r["rows"] for r in self._returns.values() if r["kind"] == build.LABELING)
        few = rows + sum(file.rows for file in old) <= build.ROWS_AT_ONCE
        return len(partitions) == 1 and few and not build.reads(build.LABELING)

    def _partitions(self, kind: str) -> list[str]:
        """The files that new rows of a kind go to, or earlier ones go from."""
        periods = {row["period"] for row in self._returns.values() if row["kind"] == kind}
        if kind in self._merged.tables:
            cleared = self.connection.execute(f"select distinct month from {work_items.CLEARED}")
            periods.update(month for (month,) in cleared.fetchall())
        return sorted({facts.partition_of(period) for period in periods})

    def _begin_merging(self) -> None:
        names = uploads.names(self._uploads, self._merged.earlier)
        self._merging.begin(names, set(self._merged.tables))

    def _system_files(self, snapshot: int) -> list[FactFile]:
        """The uploads of this publication, what they carried, what was wrong, what they revised."""
        ids = [upload["upload_id"] for upload in self._uploads]
        returns = [
            {**row, "upload_id": ids[row["upload_no"]], "snapshot": snapshot}
            for row in self._returns.values()
        ]
        findings = [
            uploads.with_upload(table, ids[n], self._uploads[n]["kind"])
            for n, table in enumerate(self._findings)
        ]
        tables = {
            "_uploads": pa.Table.from_pylist(self._uploads, facts.UPLOADS),
            "_returns": pa.Table.from_pylist(returns, facts.RETURNS),
            "_findings": pa.concat_tables(findings) if findings else None,
            "_revisions": pa.concat_tables(self._revisions) if self._revisions else None,
        }
        written = []
        with self.connection.cursor() as cursor:
            for kind, table in tables.items():
                if table is not None and table.num_rows:
                    cursor.register("system_rows", table)
                    select, partition = "select * from system_rows", f"{snapshot:08d}"
                    file = facts.write(cursor, select, self.store, kind, partition)
                    written += [file] if file else []
        return written

    def _make_current(self, manifest: Manifest) -> Snapshot:
        ledger = self._ledger()
        final = self.store.database_path(manifest.snapshot)
        final.parent.mkdir(parents=True, exist_ok=True)
        temporary = final.with_name(f".{final.name}.tmp")
        try:
            told = part_of(self.within, 0.6, 1.0)
            build.database(self.store, manifest, self.plan, temporary, told, ledger)
            late = self._beside.done()
            settle(temporary, final)
        finally:
            build.discard(temporary)
        files = sorted([*manifest.files, *late], key=lambda file: file.path)
        manifest = replace(manifest, files=tuple(files))
        manifest = replace(manifest, database_sha256=sha256_of(final))
        newest = release_ledger.append(self.store, manifest, ledger)
        manifest = replace(manifest, ledger_sha256=newest)
        write_bytes(self.store.manifest_path(manifest.snapshot), manifest.to_bytes())
        # The commit point: before this rename readers see the old snapshot, after it the new.
        write_bytes(self.store.root / "CURRENT", f"{manifest.snapshot}\n".encode())
        garbage_collection.orphans(self.store, manifest)
        return self.store.get(manifest.snapshot)

    def _ledger(self) -> Ledger:
        """What is out; a store from before the ledger begins it with all that it has shown."""
        current = self.store.current()
        ledger = release_ledger.read(self.store, current.manifest if current else None)
        if current and current.manifest.ledger_sha256 is None:
            for one in self.store.snapshots():
                if one.path.is_file() and self.store.database_intact(one):
                    with database.connection(one).cursor() as cursor:
                        releases.seed(ledger, cursor, Stamp(one.id, one.created_at.date()))
        return ledger


def _is_cube(kind: str, partition: str, of: str) -> bool:
    return partition == of and kind.startswith(f"{build.CUBE}/")
