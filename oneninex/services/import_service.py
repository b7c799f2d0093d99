"""From a unit's files to a snapshot: read, keep the raw file, publish all or nothing."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from oneninex.core.progress import STEPS, Phases, Progress, Watch, attend, nothing
from oneninex.domain.audience import Audience
from oneninex.domain.plan import Plan
from oneninex.ingestion import duplicate_returns as replaced
from oneninex.ingestion import findings
from oneninex.ingestion.batch import Batch
from oneninex.ingestion.duplicate_returns import Overlap
from oneninex.ingestion.findings import FINDINGS, Finding, Refused
from oneninex.ingestion.sandbox import Limits, Sandbox
from oneninex.ingestion.source import name_of
from oneninex.services.import_request import Incoming, expand
from oneninex.store import history, revisions
from oneninex.store.atomic_io import disk_errors, sha256_of
from oneninex.store.errors import StoreLocked
from oneninex.store.garbage_collection import SCRATCH
from oneninex.store.ownership import foreign_rows
from oneninex.store.publication import Publication
from oneninex.store.snapshot import Snapshot, Store
from oneninex.store.uploads import Receipt, keep_raw, keep_record

__all__ = ["ImportResult", "Incoming", "expand", "import_files"]

_TRIES = 5
MEMORY = "1200MB"  # of DuckDB; the process stays under 2 GB


# Takes an accepted batch for review; False where the same file waits already.
Hold = Callable[[Batch, Receipt, duckdb.DuckDBPyConnection], bool]


@dataclass(frozen=True)
class ImportResult:
    """What became of each file; `snapshot` is None when nothing was published.

    `changes` (revisions.CHANGES): what a dry run would have changed, or what was changed of what
    had been there.
    """

    snapshot: int | None
    files: list[tuple[Path, Batch]] = field(default_factory=list)
    changes: pa.Table = field(default_factory=revisions.CHANGES.empty_table)
    held: int = 0  # files that wait for a review

    @property
    def replaced(self) -> list[dict[str, Any]]:
        """Published rows that go (`replaced`) and come (`new`), by kind, unit and period."""
        found = []
        for row in self.changes.to_pylist():
            gone = int((row["before"] or 0) - (row["kept"] or 0))
            if row["measure"] == revisions.ROWS and gone > 0:
                place = {name: row[name] for name in ("kind", "unit_id", "period")}
                new = int((row["after"] or 0) - (row["kept"] or 0))
                found.append({**place, "replaced": gone, "new": new})
        return found

    @property
    def exit_code(self) -> int:
        """0 all accepted, 1 some rows in quarantine, 2 a file refused as a whole."""
        states = {batch.status for _, batch in self.files}
        return 2 if "refused" in states else 1 if "partly" in states else 0


def import_files(
    store: Store,
    plan: Plan,
    incoming: list[Incoming],
    *,
    reason: str = "",
    imported_by: str = "",
    sender: Audience | None = None,
    dry_run: bool = False,
    again: bool = False,
    limits: Limits | None = None,
    hold: Hold | None = None,
    progress: Progress = nothing,
    phases: Phases = nothing,
) -> ImportResult:
    """Read files and publish their accepted rows as one new snapshot.

    A worker process reads them within `limits` (those of the plan's [intake] by default).

    `sender` is who sends them through the dashboard: a unit's file is refused where it holds
    rows of another. `progress` is told how far it is within long files too, `phases` what is
    being done: reading, checking or publishing. A file that was imported before is left as it
    is, also where later returns replaced it; with `again`, if it comes alone, its rows count
    again. With `hold` accepted rows wait for a review instead of being published.

    Raises StoreError (locked, damaged, disk full, a failed check); the store is then as before.
    """
    for _ in range(_TRIES):
        with suppress(_Overtaken):
            return _import(
                store, plan, incoming, reason, imported_by, sender,
                dry_run, again, hold, limits, progress, phases,
            )  # fmt: skip
    raise StoreLocked("store.locked", path=str(store.lock))


def _import(
    store: Store,
    plan: Plan,
    incoming: list[Incoming],
    reason: str,
    imported_by: str,
    sender: Audience | None,
    dry_run: bool,
    again: bool,
    hold: Hold | None,
    limits: Limits | None,
    progress: Progress,
    phases: Phases,
) -> ImportResult:
    with (
        store.reading(),
        _scratch(store, dry_run) as folder,
        Sandbox(folder, plan, limits or Limits(*plan.config.intake.worker)) as sandbox,
        _unpacked(incoming, plan, sandbox) as files,
        _connect(folder) as connection,
    ):
        known = history.Known(store)
        publication = Publication(store, plan, connection, imported_by=imported_by)
        work = _Import(store, plan, connection, publication, known, files, sender, sandbox)
        work.again = again and len(files) == 1
        run = work.look if dry_run else partial(work.publish, reason)
        if hold is not None and not dry_run:
            run = partial(work.hold, hold)
        if progress is nothing and phases is nothing:
            return run()
        connection.execute("set enable_progress_bar = true")
        connection.execute("set enable_progress_bar_print = false")
        return attend(run, work.watch, connection, progress, phases)


class _Overtaken(Exception):
    """Another import published one of these files while they were read."""


class _Import:
    """The files of one import on their way into one publication."""

    def __init__(
        self,
        store: Store,
        plan: Plan,
        connection: duckdb.DuckDBPyConnection,
        publication: Publication,
        known: history.Known,
        incoming: list[Incoming],
        sender: Audience | None,
        sandbox: Sandbox,
    ) -> None:
        self._store, self._plan, self._connection = store, plan, connection
        self._publication, self._known, self._incoming = publication, known, incoming
        self._sender, self._sandbox = sender, sandbox
        self._results: list[tuple[Path, Batch]] = []
        self.again = False
        self._added: list[int] = []  # places of the files that go into the publication
        self._sent: dict[tuple[str, str], Batch] = {}
        current = store.current()
        self._start = current.id if current else None
        self._publishing = STEPS // 2 + 20 * len(incoming)
        self.watch = Watch(STEPS * len(incoming) + self._publishing)

    def look(self) -> ImportResult:
        """Read and check; say what a publication would change."""
        self._read_all(lambda batch: None)
        return ImportResult(None, self._results, self._publication.changes())

    def publish(self, reason: str) -> ImportResult:
        """Read, check, keep and publish."""
        with ThreadPoolExecutor(1) as keeper:  # the disk is slow, and reading goes on meanwhile
            kept: list[Future[None]] = []
            self._read_all(lambda batch: kept.append(keeper.submit(keep_raw, self._store, batch)))
            done = STEPS * len(self._incoming)
            self.watch.part("publishing", done, self._publishing, own=True)
            self._publication.within = self.watch.within
            snapshot = self._publish(reason, lambda: self._settled(kept))
        number = snapshot.id if snapshot else None
        return ImportResult(number, self._results, self._publication.changed)

    def _settled(self, kept: list[Future[None]]) -> None:
        """Wait for the raw files; under the store's lock, when a publication is nearly done.

        Raises _Overtaken where another import has published one of these files meanwhile.
        """
        for copy in kept:
            copy.result()
        current = self._store.current()
        if self.again or (current.id if current else None) == self._start:
            return
        known = history.Known(self._store)
        for file, (_, batch) in zip(self._incoming, self._results, strict=True):
            new = batch.rows_accepted and batch.status != "unchanged"
            if new and known.upload_of(batch.sha256, _stated(file)):
                raise _Overtaken

    def hold(self, hold: Hold) -> ImportResult:
        """Read and check; keep accepted rows for a review, publish nothing."""

        def keep(batch: Batch) -> None:
            keep_raw(self._store, batch)

        self._read_all(keep, publish=False)
        held = []
        for file, (path, batch) in zip(self._incoming, self._results, strict=True):
            receipt = Receipt(file.received_on, file.reason, file.stated)
            if batch.rows_accepted and batch.status != "unchanged":
                known = not hold(batch, receipt, self._connection)
                batch = replace(batch, status="unchanged") if known else batch
            elif batch.status != "unchanged":
                keep_record(self._store, batch, receipt)
            held.append((path, batch))
        waiting = sum(batch.status in ("accepted", "partly") for _, batch in held)
        return ImportResult(None, held, held=waiting)

    def _read_all(self, keep: Callable[[Batch], None], *, publish: bool = True) -> None:
        for number, file in enumerate(self._incoming):
            name = name_of(file.path)
            self.watch.part("reading", STEPS * number, STEPS, name, running="checking")
            given = {"progress": self.watch.within, "received_on": file.received_on}
            told = replace(file, options=replace(file.options, **given))
            batch = self._own(self._read(told), file.path)
            self._results.append((file.shown or file.path, batch))
            if batch.status != "unchanged":
                keep(batch)
                if not publish:
                    continue
                receipt = Receipt(file.received_on, file.reason, file.stated)
                self._publication.add(batch, receipt)
                self._added.append(number)
        self._sandbox.close()  # a publication needs the worker's memory
        self._note_overlaps()

    def _note_overlaps(self) -> None:
        """Say of rows that do not count which file replaces them; they are in quarantine then."""
        found = [o for o in self._publication.overlaps() if not self._corrects(o)]
        for overlap in found:
            older, newer = self._added[overlap.older], self._added[overlap.newer]
            names = self._results[older][1].name, self._results[newer][1].name
            self._amend(overlap.older, replaced.rows(overlap, names[1]), overlap.rows)
            self._amend(overlap.newer, replaced.by_this(overlap, names[0]), 0)

    def _corrects(self, overlap: Overlap) -> bool:
        """Whether the sender says so: a later day of receipt and a reason."""
        older, newer = (self._incoming[self._added[n]] for n in (overlap.older, overlap.newer))
        return newer.received_on > older.received_on and bool(newer.reason)

    def _amend(self, number: int, finding: Finding, rows: int) -> None:
        place = self._added[number]
        shown, batch = self._results[place]
        batch = batch.with_finding(finding, rows)
        self._results[place] = shown, batch
        self._publication.amend(number, batch)

    def _read(self, file: Incoming) -> Batch:
        if file.refusal:
            found, size = file.refusal.table(), file.path.stat().st_size
            return Batch.refused(file.path, found, sha256=sha256_of(file.path), size=size, raw=b"")
        with suppress(OSError):  # of a file that cannot be read, intake says so
            if batch := self._unchanged(file):
                return batch
        with disk_errors():
            batch = self._sandbox.read(file.path, self._connection, file.options)
        self._sent[batch.sha256, _stated(file)] = batch
        return batch

    def _unchanged(self, file: Incoming) -> Batch | None:
        """The file as it was imported before, now or earlier; None where its rows are to count."""
        path = file.path
        if path.is_symlink() or not path.is_file() or not self._seems_known(path):
            return None
        sha256, stated = sha256_of(path), _stated(file)
        if (twin := self._sent.get((sha256, stated))) and twin.status != "refused":
            return replace(
                twin, name=name_of(path), status="unchanged", findings=FINDINGS.empty_table()
            )
        if (upload := self._known.upload_of(sha256, stated)) is None:
            return None
        superseded = not self._known.in_effect(upload)
        if superseded and self.again:
            return None
        return Batch.unchanged(path, sha256, upload, superseded=superseded)

    def _seems_known(self, path: Path) -> bool:
        """Whether a file of that size came before: only then is it worth a fingerprint."""
        sizes = {batch.bytes for batch in self._sent.values()}
        return self._known.has_size_of(path) or path.stat().st_size in sizes

    def _own(self, batch: Batch, path: Path) -> Batch:
        """The batch, or its refusal where the sender has no right to send its rows."""
        unit = self._sender.unit_id if self._sender else None
        if unit is None or not batch.tables:
            return batch
        rows = foreign_rows(self._connection, batch.tables, unit, self._store.current())
        if not rows:
            return batch
        found = Finding(
            "rule", "other_unit", rule="other_unit", values={"rows": rows, "unit": unit}
        )
        return Batch.refused(
            path, findings.table([found]), sha256=batch.sha256, size=batch.bytes, raw=b""
        )

    def _publish(self, reason: str, kept: Callable[[], object]) -> Snapshot | None:
        changed = [batch for _, batch in self._results if batch.status != "unchanged"]
        if any(batch.rows_accepted for batch in changed):
            reasons = [reason, *(file.reason for file in self._incoming)]
            return self._publication.commit(next((text for text in reasons if text), ""), kept)
        kept()
        for file, (_, batch) in zip(self._incoming, self._results, strict=True):
            if batch.status != "unchanged":
                keep_record(self._store, batch, Receipt(file.received_on, file.reason, file.stated))
        return None


@contextmanager
def _unpacked(incoming: list[Incoming], plan: Plan, sandbox: Sandbox) -> Iterator[list[Incoming]]:
    """The files with each archive replaced by what is in it.

    What is unpacked names people: it never lies in the store, and is gone when it has been read.
    """
    with tempfile.TemporaryDirectory(prefix="oneninex-unpacked-") as folder, disk_errors():
        found: list[Incoming] = []
        for number, file in enumerate(incoming):
            place = Path(folder) / str(number)
            place.mkdir()
            found += _members(file, place, plan.config.intake.max_bytes, sandbox)
        yield found


def _members(file: Incoming, place: Path, limit: int, sandbox: Sandbox) -> list[Incoming]:
    try:
        members = sandbox.unpack(file.path, place, limit)
    except Refused as refusal:
        return [replace(file, refusal=refusal)]
    if members is None:
        return [file]
    siblings = tuple(member.path for member in members)
    return [
        replace(
            file,
            path=member.path,
            shown=file.path / member.name,
            options=replace(file.options, member=member.name, siblings=siblings),
        )
        for member in members
    ]


def _scratch(store: Store, dry_run: bool) -> tempfile.TemporaryDirectory[str]:
    """A folder for what does not fit into memory, on the disk that has to hold the facts too."""
    if not dry_run:
        try:
            store.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            return tempfile.TemporaryDirectory(prefix=SCRATCH, dir=store.root)
        except OSError:
            pass  # a store that cannot be written to says so when there is something to write
    return tempfile.TemporaryDirectory(prefix="oneninex-")


def _connect(folder: str) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": folder})


def _stated(file: Incoming) -> str:
    return json.dumps(file.stated, ensure_ascii=False, sort_keys=True)
