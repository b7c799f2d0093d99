"""Who did what with data that not everybody may see: one JSON object a line, only ever added to.

Each line carries a fingerprint of itself and the line before, so that one taken out or changed
shows. A trail that cannot be written is warned of and never stops what is being done.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

LOCAL = "local user"
EVENTS = (
    *("import", "dry_run", "import_failed", "publish", "retain", "download", "briefing"),
    *("sign_in", "sign_out", "sign_in_refused", "forbidden", "upload_limited", "case"),
)
MOST_BYTES = 5_000_000  # of one file, then the next begins
_TAIL = 100_000  # bytes in which the last entry lies as a rule
_WAIT = 2.0  # seconds for another process to finish its line
_NAME = re.compile(r"\d{6}\.jsonl")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Actor:
    """Who acts: audience, and the name that signing in gave; no address and no device."""

    audience: str = "planner"
    name: str = LOCAL


@dataclass(frozen=True)
class Trail:
    """A trail as it was read: its entries, oldest first, and where it was tampered with or torn."""

    entries: list[dict[str, Any]]
    broken: list[str]


def record(folder: Path, event: str, actor: Actor, **details: Any) -> bool:
    """Add an entry and wait for the disk; False, with a warning, where that is not possible.

    Where there is no store yet, there is nothing to keep a trail of.
    """
    if event not in EVENTS:
        raise ValueError(event)
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "event": event,
        "audience": actor.audience,
        "name": actor.name,
        **details,
    }
    try:
        if not folder.is_dir() and not folder.parent.is_dir():
            return False
        folder.mkdir(mode=0o700, exist_ok=True)
        with _alone(folder):
            _append(folder, entry)
    except OSError as refusal:
        _LOG.warning("the audit trail could not be written: %s", refusal.strerror or refusal)
        return False
    return True


def read(folder: Path) -> Trail:
    """Everything in a trail; a line that does not fit to the one before is named as FILE:LINE."""
    entries: list[dict[str, Any]] = []
    broken: list[str] = []
    before: str | None = None
    for path in files(folder):
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            entry = _entry(line)
            chain = entry.pop("chain", None) if entry else None
            # the first line that is kept has nothing before it to compare with
            fits = entry and (before is None or chain == _chain(before, entry))
            if not fits:
                broken.append(f"{path.name}:{number}")
            if entry:
                entries.append(entry)
                before = str(chain)
    return Trail(entries, broken)


def head(folder: Path) -> str:
    """The fingerprint of the last entry, which stands for all before it; empty without one.

    Whoever wrote it down finds out whether the end of the trail was cut off since.
    """
    try:
        last = next((found for path in reversed(files(folder)) if (found := _last(path))), {})
    except OSError:
        return ""
    return str(last.get("chain", ""))


def holds(folder: Path, fingerprint: str) -> bool:
    """Whether an entry of the trail has that fingerprint."""
    for path in files(folder):
        for line in path.read_bytes().splitlines():
            if (entry := _entry(line)) and entry.get("chain") == fingerprint:
                return True
    return False


def files(folder: Path) -> list[Path]:
    """The files of a trail, oldest first."""
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in found if _NAME.fullmatch(path.name))


def prune(folder: Path, before: datetime) -> list[str]:
    """Remove files all of whose entries are older than a moment, never the one in use."""
    removed = []
    for path in files(folder)[:-1]:
        last = _last(path)
        if last is None or datetime.fromisoformat(last["at"]) >= before:
            break
        path.unlink()
        removed.append(path.name)
    return removed


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("a") as handle:
        deadline = time.monotonic() + _WAIT
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
        yield


def _append(folder: Path, entry: dict[str, Any]) -> None:
    kept = files(folder)
    path = kept[-1] if kept else folder / "000001.jsonl"
    last = next((found for file in reversed(kept) if (found := _last(file))), {})
    line = {**entry, "chain": _chain(str(last.get("chain", "")), entry)}
    if path.exists() and path.stat().st_size >= MOST_BYTES:
        path = folder / f"{int(path.stem) + 1:06d}.jsonl"
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        torn = b"" if _ends_well(descriptor) else b"\n"
        _write(descriptor, torn + _bytes(line) + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(descriptor: int, content: bytes) -> None:
    """Write all of it or leave the file as it was: half a line would be a torn one."""
    size = os.fstat(descriptor).st_size
    try:
        written = os.write(descriptor, content)
        if written < len(content):
            os.write(descriptor, content[written:])
    except OSError:
        os.ftruncate(descriptor, size)
        raise


def _ends_well(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


def _last(path: Path) -> dict[str, Any] | None:
    """The last entry of a file that can be read; the whole file only where its end has none."""
    size = path.stat().st_size
    for start in sorted({max(size - _TAIL, 0), 0}, reverse=True):
        with path.open("rb") as file:
            file.seek(start)
            lines = file.read().splitlines()
        # the first line of a tail is half a line, which is no entry
        found = (_entry(line) for line in reversed(lines))
        if last := next((entry for entry in found if entry), None):
            return last
    return None


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
        datetime.fromisoformat(entry["at"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return entry


def _chain(before: str, entry: dict[str, Any]) -> str:
    return hashlib.sha256(before.encode() + _bytes(entry)).hexdigest()[:32]


def _bytes(entry: dict[str, Any]) -> bytes:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, default=str).encode()
