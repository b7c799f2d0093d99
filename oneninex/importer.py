"""From a unit's files to a snapshot: read, keep the raw file, publish all or nothing."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa

from oneninex import intake
from oneninex.intake import archive
from oneninex.intake.batch import Batch, Options
from oneninex.intake.findings import Refused
from oneninex.plan import Plan
from oneninex.progress import STEPS, Phases, Progress, Watch, attend, nothing
from oneninex.store import history, revisions
from oneninex.store.durable import disk_errors, sha256_of
from oneninex.store.publication import Publication
from oneninex.store.snapshot import Snapshot, Store
from oneninex.store.sweep import SCRATCH
from oneninex.store.uploads import Receipt, keep_raw, keep_record

TRANSMITTAL = "transmittal.csv"
MEMORY = "1200MB"  # of DuckDB; the process stays under 2 GB


@dataclass(frozen=True)
class Incoming:
    """A file to import with what its sender or the command line says of it.

    Of a file out of an archive `path` is where it was unpacked and `shown` what it is called; of
    an archive that may not be unpacked `refusal` says why.
    """

    path: Path
    options: Options
    received_on: date
    reason: str = ""
    shown: Path | None = None
    refusal: Refused | None = None

    @property
    def stated(self) -> dict[str, str]:
        """The options that were given, as they are kept with the upload."""
        kind = self.options.kind
        return {**self.options.supplied, **({"kind": kind} if kind else {})}


@dataclass(frozen=True)
class ImportResult:
    """What became of each file; `snapshot` is None when nothing was published.

    `changes` (revisions.CHANGES) is what a dry run would have changed.
    """

    snapshot: int | None
    files: list[tuple[Path, Batch]] = field(default_factory=list)
    changes: pa.Table = field(default_factory=revisions.CHANGES.empty_table)

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
    dry_run: bool = False,
    progress: Progress = nothing,
    phases: Phases = nothing,
) -> ImportResult:
    """Read files and publish their accepted rows as one new snapshot.

    `progress` is told how far it is within long files too, `phases` what is being done: reading,
    checking or publishing. Raises StoreError (locked, damaged, disk full, a failed check); the
    store is then as before.
    """
    known = history.Known(store)
    with (
        _unpacked(incoming, plan) as files,
        _scratch(store, dry_run) as folder,
        _connect(folder) as connection,
    ):
        publication = Publication(store, plan, connection, imported_by=imported_by)
        work = _Import(store, plan, connection, publication, known, files)
        run = work.look if dry_run else partial(work.publish, reason)
        if progress is nothing and phases is nothing:
            return run()
        connection.execute("set enable_progress_bar = true")
        connection.execute("set enable_progress_bar_print = false")
        return attend(run, work.watch, connection, progress, phases)


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
    ) -> None:
        self._store, self._plan, self._connection = store, plan, connection
        self._publication, self._known, self._incoming = publication, known, incoming
        self._results: list[tuple[Path, Batch]] = []
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
            self.watch.part("publishing", done, self._publishing // 2)
            snapshot = self._publish(reason, lambda: [copy.result() for copy in kept])
        return ImportResult(snapshot.id if snapshot else None, self._results)

    def _read_all(self, keep: Callable[[Batch], None]) -> None:
        for number, file in enumerate(self._incoming):
            name = file.path.name
            self.watch.part("reading", STEPS * number, STEPS, name, running="checking")
            told = replace(file, options=replace(file.options, progress=self.watch.within))
            batch = _read(told, self._known, self._connection, self._plan)
            self._results.append((file.shown or file.path, batch))
            if batch.status != "unchanged":
                keep(batch)
                receipt = Receipt(file.received_on, file.reason, file.stated)
                self._publication.add(batch, receipt)

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
def _unpacked(incoming: list[Incoming], plan: Plan) -> Iterator[list[Incoming]]:
    """The files with each archive replaced by what is in it.

    What is unpacked names people: it never lies in the store, and is gone when it has been read.
    """
    with tempfile.TemporaryDirectory(prefix="oneninex-unpacked-") as folder, disk_errors():
        found: list[Incoming] = []
        for number, file in enumerate(incoming):
            if archive.is_archive(file.path):
                place = Path(folder) / str(number)
                place.mkdir()
                found += _members(file, place, plan.config.intake.max_bytes)
            else:
                found.append(file)
        yield found


def _members(file: Incoming, place: Path, limit: int) -> list[Incoming]:
    try:
        members = archive.unpack(file.path, place, limit)
    except Refused as refusal:
        return [replace(file, refusal=refusal)]
    return [
        replace(
            file,
            path=member.path,
            shown=file.path / member.name,
            options=replace(file.options, member=member.name),
        )
        for member in members
    ]


def _scratch(store: Store, dry_run: bool) -> tempfile.TemporaryDirectory[str]:
    """A folder for what does not fit into memory, on the disk that has to hold the facts too."""
    if not dry_run:
        try:
            store.root.mkdir(parents=True, exist_ok=True)
            return tempfile.TemporaryDirectory(prefix=SCRATCH, dir=store.root)
        except OSError:
            pass  # a store that cannot be written to says so when there is something to write
    return tempfile.TemporaryDirectory(prefix="oneninex-")


def _connect(folder: str) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": folder})


def expand(paths: Iterable[Path], options: Options, plan: Plan, reason: str = "") -> list[Incoming]:
    """The files of `paths` in order of receipt; a folder counts for the files directly in it.

    A folder's transmittal.csv (报送清单) says when each file was received and, for exports of
    labeling platforms, which unit, enterprise, project and modality they belong to.
    """
    found = []
    for path in paths:
        folder = path if path.is_dir() else path.parent
        listed = _transmittal(folder / TRANSMITTAL) if path.is_dir() else {}
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            if _is_return(file) or not path.is_dir():
                found.append(_incoming(file, listed.get(file.name, {}), options, plan, reason))
    return sorted(found, key=lambda f: f.received_on)


def _incoming(
    file: Path, line: dict[str, str], options: Options, plan: Plan, reason: str
) -> Incoming:
    today = datetime.now(plan.config.zone).date()
    names = ("unit_id", "enterprise_id", "project_id", "modality")
    listed = {name: line[name] for name in names if line.get(name)}
    return Incoming(
        file,
        replace(options, **{**listed, **options.supplied}, max_bytes=plan.config.intake.max_bytes),
        _day(line.get("received_on", ""), today),
        reason or line.get("reason", ""),
    )


def _is_return(path: Path) -> bool:
    return not path.is_dir() and not path.name.startswith(".") and path.name != TRANSMITTAL


def _transmittal(path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        return {}
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return {
        row["file"]: {key: value.strip() for key, value in row.items() if key and value}
        for row in rows
        if row.get("file")
    }


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def _read(
    file: Incoming, known: history.Known, connection: duckdb.DuckDBPyConnection, plan: Plan
) -> Batch:
    if file.refusal:
        found, size = file.refusal.table(), file.path.stat().st_size
        return Batch.refused(file.path, found, sha256=sha256_of(file.path), size=size, raw=b"")
    with suppress(OSError):  # of a file that cannot be read, intake says so
        if batch := _unchanged(file, known):
            return batch
    with disk_errors():
        return intake.read(file.path, connection, file.options, plan)


def _unchanged(file: Incoming, known: history.Known) -> Batch | None:
    """The file as it was imported before, if all of it is in effect."""
    if file.path.is_symlink() or not file.path.is_file() or not known.has_size_of(file.path):
        return None
    sha256 = sha256_of(file.path)
    stated = json.dumps(file.stated, ensure_ascii=False, sort_keys=True)
    earlier = known.in_effect(sha256, stated)
    return Batch.unchanged(file.path, sha256, earlier) if earlier else None
