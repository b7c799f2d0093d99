"""Worker process for reading hostile files, with limits of memory, processor time and wall clock.

The worker is forked from a lean server process that has loaded the readers. It gives back Parquet
and Arrow files and a short JSON document, and nothing that is unpickled. A worker that breaks a
limit or dies is a refusal of the file; the next file gets a new worker.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import resource
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from oneninex import ingestion
from oneninex.domain.plan import Plan
from oneninex.ingestion import archive
from oneninex.ingestion import source as sources
from oneninex.ingestion.annotated_workbook import write_annotated
from oneninex.ingestion.archive import Member
from oneninex.ingestion.batch import Batch, Options
from oneninex.ingestion.cell_corrections import Correction, apply_corrections
from oneninex.ingestion.findings import FINDINGS, Finding, Refused, refuse, table
from oneninex.ingestion.fork_server import MESSAGE_BYTES, Worker, WorkerFailed
from oneninex.ingestion.platform import untimed_formats
from oneninex.ingestion.tables.cells import literal
from oneninex.ingestion.tables.raw import new_name

_POLL = 0.05  # seconds between two looks at a worker's memory
_TELL = 0.2  # seconds between two reports of progress
_DATABASE_SHARE = 0.55  # of the worker's memory, for DuckDB
_SCALARS = (
    *("name", "sha256", "bytes", "kind", "encoding", "status"),
    *("rows_read", "rows_accepted", "rows_quarantined", "platform"),
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """Most memory of a worker, and most seconds (processor and wall clock) for one file."""

    megabytes: int = 1_600
    seconds: float = 1_800


class _Died(Exception):
    """The worker ended before it answered; `why` is memory, time or crash."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Sandbox:
    """Reads files in a worker; its results lie in `folder` and last as long as that folder."""

    def __init__(self, folder: str | Path, plan: Plan, limits: Limits | None = None) -> None:
        self._folder, self._plan, self._limits = Path(folder), plan, limits or Limits()
        self._reader: _Reader | None = None
        self._files = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker and give its memory back."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def unpack(self, path: Path, folder: Path, limit: int) -> list[Member] | None:
        """Return what was unpacked from an archive, None for another file; raises Refused."""
        if not archive.may_be_archive(path):
            return None
        request = {"task": "unpack", "path": path, "to": folder}
        try:
            answer = self._ask({**request, "limit": limit}, None)
        except _Died as end:
            raise Refused(_finding(end.why)) from None
        if answer["members"] is None:
            return None
        return [Member(_within(folder, name), shown) for name, shown in answer["members"]]

    def read(self, path: Path, con: duckdb.DuckDBPyConnection, options: Options) -> Batch:
        """Return the batch of a file, its relations in `con`; raises OSError for a full disk."""
        self._files += 1
        results = self._folder / f"read-{self._files}"
        results.mkdir()
        request = {
            "task": "read",
            "path": path,
            "to": results,
            "options": replace(options, progress=None),
        }
        try:
            answer = self._ask(request, options.progress)
            return _batch(answer, results, path, con)
        except _Died as end:
            _log.error("a worker ended while it read a file: %s", end.why)
            found = table([_finding(end.why)])
        except Refused as refused:
            found = refused.table()
        size, sha256 = path.lstat().st_size, sources.fingerprint(path)
        return Batch.refused(path, found, sha256=sha256, size=size, raw=b"")

    def annotate(
        self, path: Path, kind: str | None, findings: list[dict[str, Any]], target: Path
    ) -> None:
        """Write the file with its findings as a workbook to `target`; raises Refused."""
        request = {"task": "annotate", "path": path, "kind": kind, "to": target}
        self._edit({**request, "findings": findings})

    def correct(
        self, path: Path, target: Path, kind: str | None, corrections: Sequence[Correction]
    ) -> tuple[Path, list[tuple[str, str, str]]]:
        """Return the corrected copy and each cell with its values before and now; raises Refused.

        The copy lies at `target`, which gets its suffix here.
        """
        request = {"task": "correct", "path": path, "kind": kind, "to": target}
        answer = self._edit({**request, "corrections": list(corrections)})
        changes = [(str(cell), str(old), str(new)) for cell, old, new in answer["changes"]]
        return _within(target.parent, answer["file"]), changes

    def _edit(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._ask(request, None)
        except _Died as end:
            _log.error("a worker ended while it edited a file: %s", end.why)
            raise Refused(_finding(end.why)) from None

    def _ask(
        self, request: dict[str, Any], progress: Callable[[float], None] | None
    ) -> dict[str, Any]:
        if self._reader is None:
            self._reader = _Reader(self._folder, self._plan, self._limits)
        # The fork server has the working directory of its start, which may be another one.
        paths = {name: request[name].absolute() for name in ("path", "to")}
        try:
            answer = self._reader.ask({**request, **paths}, progress)
        except BaseException:
            self.close()
            raise
        if fault := answer.get("errno"):
            raise OSError(fault, os.strerror(fault))
        if "refused" in answer:
            raise Refused(*(_found(entry) for entry in answer["refused"]))
        return answer


class _Reader:
    """One worker, asked for one file after another."""

    def __init__(self, folder: Path, plan: Plan, limits: Limits) -> None:
        self._limits = limits
        self._worker = Worker(str(folder), plan, limits, dict(os.environ))
        self._answers = self._worker.channel

    def close(self) -> None:
        """End the worker at once."""
        self._worker.kill()

    def ask(
        self, request: dict[str, Any], progress: Callable[[float], None] | None
    ) -> dict[str, Any]:
        """Send a request and wait for its answer; raises _Died."""
        end = time.monotonic() + self._limits.seconds
        share = 0.0
        try:
            self._answers.send(request)
            while True:
                while not self._answers.poll(_POLL):
                    self._watch(end)
                    if progress:
                        progress(share)  # raises where nobody waits any more
                answer = json.loads(self._answers.recv_bytes(MESSAGE_BYTES))
                if "progress" not in answer:
                    return answer
                share = min(max(float(answer["progress"]), share), 1.0)
                self._watch(end)
        except (EOFError, ConnectionError):
            raise _Died("crash") from None

    def _watch(self, end: float) -> None:
        if time.monotonic() > end:
            raise _Died("time")
        if self._worker.resident_bytes() > self._limits.megabytes * 1_000_000:
            raise _Died("memory")


def _finding(why: str) -> Finding:
    """The reason for a refusal after a worker's end."""
    if why == "crash":
        return Finding("unsafe", "unsafe.worker_died")
    return Finding("too_large", f"too_large.{why}")


def _within(folder: Path, name: str) -> Path:
    """A path that a worker named, which has to lie in `folder`."""
    path = folder / name
    if ".." in path.parts or Path(name).is_absolute() or path.is_symlink() or not path.is_file():
        raise WorkerFailed("a worker named a file outside its folder")
    return path


def _found(entry: dict[str, Any]) -> Finding:
    values: dict[str, object] = {
        key: tuple(v) if isinstance(v, list) else v for key, v in entry["values"].items()
    }
    return Finding(str(entry["code"]), str(entry["message"]), values=values)


def _batch(
    answer: dict[str, Any], folder: Path, path: Path, con: duckdb.DuckDBPyConnection
) -> Batch:
    """The batch that an answer and the files in `folder` describe."""
    tables = {str(kind): _view(con, _within(folder, name)) for kind, name in answer["tables"]}
    answers = answer["answers"]
    kept: Path | bytes = path if answer["raw"] == "path" else b""
    if answer["raw"] == "file":
        kept = _within(folder, "raw").read_bytes()
    return Batch(
        **{name: answer[name] for name in _SCALARS},
        tables=tables,
        findings=_findings(_within(folder, "found.arrow")),
        counts=answer["counts"],
        raw=kept,
        capabilities=None if answer["capabilities"] is None else tuple(answer["capabilities"]),
        answers=_view(con, _within(folder, answers)) if answers else None,
    )


def _view(con: duckdb.DuckDBPyConnection, path: Path) -> str:
    name = new_name("read")
    con.execute(f"create temp view {name} as from read_parquet({literal(plain_pattern(path))})")
    return name


def plain_pattern(path: Path) -> str:
    """A path as DuckDB's readers take it, which read * ? [ as a pattern."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))


def _findings(path: Path) -> pa.Table:
    """The findings, mapped from the disk: two hundred thousand rows need no memory."""
    with pa.memory_map(str(path)) as file:
        found = pa.ipc.open_file(file).read_all()
    if found.schema != FINDINGS:
        raise WorkerFailed("a worker's findings have other columns")
    return found


# What follows runs in the worker.


def work(
    answers: Connection, folder: str, plan: Plan, limits: Limits, environment: dict[str, str]
) -> None:
    """Answer requests until the parent closes the channel."""
    _settle_in(folder, limits, environment)
    say = _Speaker(answers)
    with duckdb.connect(config={"temp_directory": folder}) as database:
        while True:
            request = answers.recv()
            _allow(limits.seconds)
            with database.cursor() as con:  # temporary tables go with it
                con.execute(f"set memory_limit = '{int(limits.megabytes * _DATABASE_SHARE)}MB'")
                say(_answer(request, con, plan, say))


def _settle_in(folder: str, limits: Limits, environment: dict[str, str]) -> None:
    """Take over the parent's environment, and limits that end this process alone."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = folder
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, ValueError, IndexError):  # Linux alone says how much is mapped
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        most = mapped + 3 * limits.megabytes * 1_000_000
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _allow(seconds: float) -> None:
    """Bound the processor time of the next request; SIGXCPU ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + 2 * seconds) + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


class _Speaker:
    """Sends one message at a time, from any thread."""

    def __init__(self, answers: Connection) -> None:
        self._answers, self._guard = answers, threading.Lock()

    def __call__(self, message: dict[str, Any]) -> None:
        with self._guard:
            self._answers.send_bytes(json.dumps(message).encode())

    def progress(self, share: float) -> None:
        """Say which share of the file has been read."""
        with suppress(OSError):
            self({"progress": round(share, 4)})


def _answer(
    request: dict[str, Any], con: duckdb.DuckDBPyConnection, plan: Plan, say: _Speaker
) -> dict[str, Any]:
    path: Path = request["path"]
    try:
        if request["task"] == "unpack":
            return _unpack(path, request["to"], request["limit"])
        if request["task"] == "annotate":
            write_annotated(path, request["kind"], request["findings"], request["to"])
            return {}
        if request["task"] == "correct":
            copy, changes = apply_corrections(
                path, request["to"], request["kind"], request["corrections"]
            )
            return {"file": copy.name, "changes": changes}
        options = replace(request["options"], progress=say.progress)
        with _Reporter(con, say):
            batch = ingestion.read(path, con, options, plan)
            return _written(batch, request["to"], con)
    except Refused as refused:
        return {"refused": [_as_json(finding) for finding in refused.findings]}
    except BaseException as fault:
        if isinstance(fault, OSError) and sources.no_room(fault):
            return {"errno": errno.ENOSPC}
        if isinstance(fault, duckdb.Error) and sources.no_room(fault):
            return {"errno": errno.ENOSPC}
        raise


def _as_json(finding: Finding) -> dict[str, Any]:
    values = {k: list(v) if isinstance(v, tuple) else str(v) for k, v in finding.values.items()}
    return {"code": finding.code, "message": finding.message, "values": values}


def _unpack(path: Path, folder: Path, limit: int) -> dict[str, Any]:
    if not archive.is_archive(path):
        return {"members": None}
    if found := untimed_formats.of_archive(path):
        raise untimed_formats.refusal(found)
    try:
        members = archive.unpack(path, folder, limit)
    except MemoryError:
        raise refuse("unsafe", "unsafe.worker_died") from None
    return {"members": [(str(m.path.relative_to(folder)), m.name) for m in members]}


class _Reporter:
    """Reports how far the running statement is, from a thread of its own."""

    def __init__(self, con: duckdb.DuckDBPyConnection, say: _Speaker) -> None:
        con.execute("set enable_progress_bar = true")
        con.execute("set enable_progress_bar_print = false")
        self._con, self._say = con, say
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._report, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _report(self) -> None:
        while not self._done.wait(_TELL):
            self._say.progress(max(self._con.query_progress() / 100, 0.0))


def _written(batch: Batch, folder: Path, con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Write what a batch holds into `folder`; returns the rest."""
    names = {relation: f"{n}.parquet" for n, relation in enumerate(batch.tables.values())}
    if batch.answers:
        names[batch.answers] = "answers.parquet"
    for relation, name in names.items():
        con.execute(
            f"copy (from {relation}) to {literal(str(folder / name))} "
            "(format parquet, compression lz4_raw, write_bloom_filter false)"
        )
    with (
        pa.OSFile(str(folder / "found.arrow"), "wb") as file,
        pa.ipc.new_file(file, FINDINGS) as out,
    ):
        out.write_table(batch.findings.select(FINDINGS.names).cast(FINDINGS))
    raw = "path" if isinstance(batch.raw, Path) else "file" if batch.raw else ""
    if isinstance(batch.raw, bytes) and batch.raw:
        (folder / "raw").write_bytes(batch.raw)
    return {
        **{name: getattr(batch, name) for name in _SCALARS},
        "tables": [(kind, names[relation]) for kind, relation in batch.tables.items()],
        "answers": names[batch.answers] if batch.answers else None,
        "capabilities": batch.capabilities,
        "counts": dict(batch.counts),
        "raw": raw,
    }
