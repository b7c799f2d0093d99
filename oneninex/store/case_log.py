"""The case log: an append-only, hash-chained list of events about tasks, questions and returns.

One immutable JSON file for each entry, `cases/NNNNNNNN.json` in the store at `root`. The rename of
a written and synced file is the commit point, under the store's lock. An entry changes no fact.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from oneninex.core import audit_log
from oneninex.core.audit_log import Actor
from oneninex.store.atomic_io import disk_errors, exclusive, write_bytes
from oneninex.store.errors import StoreDamaged

FOLDER = "cases"
TASK, EXPLANATION, REVIEW, OFFICE = "task", "explanation", "review", "office"
_NAME = re.compile(r"([0-9]{8})\.json")
_HEADER = {"n", "at", "kind", "event", "id", "audience", "name", "previous", "sha256", "body"}


@dataclass(frozen=True)
class Entry:
    """One event: a header that an auditor may read, and a body that its audience may read."""

    n: int
    at: datetime  # UTC
    kind: str
    event: str
    id: str  # of the task, question, return or target
    audience: str
    name: str
    previous: str
    sha256: str
    body: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Loaded:
    """The entries of one folder that were read so far."""

    inode: int
    entries: list[Entry] = field(default_factory=list)


_loaded: dict[Path, _Loaded] = {}
_guard = threading.Lock()


def entries(root: Path, position: int | None = None) -> list[Entry]:
    """Return the entries up to a position, oldest first; all of them without one.

    Raises StoreDamaged for an entry that is not the one that was written.
    """
    folder = root / FOLDER
    try:
        inode = folder.stat().st_ino
    except (FileNotFoundError, NotADirectoryError):
        return []
    with _guard:
        known = _loaded.get(folder)
        if known is None or known.inode != inode:
            known = _loaded[folder] = _Loaded(inode)
        while (path := _path(folder, len(known.entries) + 1)).is_file():
            previous = known.entries[-1].sha256 if known.entries else ""
            entry = _read(path, len(known.entries) + 1, previous)
            if entry is None:
                raise StoreDamaged("store.files_damaged", files=f"{FOLDER}/{path.name}")
            known.entries.append(entry)
        return known.entries[:position]


def position(root: Path) -> int:
    """Return the number of the newest entry, 0 for an empty log."""
    return len(entries(root))


def position_before(root: Path, moment: datetime) -> int:
    """Return how many of the first entries were written before a moment."""
    found = entries(root)
    return next((n for n, entry in enumerate(found) if entry.at >= moment), len(found))


def append(
    root: Path,
    actor: Actor,
    kind: str,
    event: str,
    decide: Callable[[list[Entry]], tuple[str, dict[str, Any]]],
) -> Entry:
    """Add an entry under the store's lock.

    `decide` sees every earlier entry and returns the id and the body, or raises: of two writers
    the second decides on what the first has written.
    """
    with disk_errors(), exclusive(root / "lock"):
        before = entries(root)
        name, body = decide(before)
        # A clock that was set back must not make a later entry the earlier one.
        moment = max([datetime.now(UTC), *(entry.at for entry in before[-1:])])
        fields: dict[str, Any] = {
            "n": len(before) + 1,
            "at": moment.isoformat(timespec="microseconds"),
            "kind": kind,
            "event": event,
            "id": name,
            "audience": actor.audience,
            "name": actor.name,
            "previous": before[-1].sha256 if before else "",
            "body": body,
        }
        fields["sha256"] = _fingerprint(fields)
        write_bytes(_path(root / FOLDER, fields["n"]), _bytes(fields))
    return entries(root)[fields["n"] - 1]


def damage(root: Path, trail: Path | None = None) -> list[str]:
    """Return relative paths of entries that are absent, changed, or do not follow one another.

    `trail` is the folder of the audit trail, which also names each entry: with it a log whose end
    was cut off shows.
    """
    folder = root / FOLDER
    found = {int(m[1]) for path in _listed(folder) if (m := _NAME.fullmatch(path.name))}
    if trail is not None:
        noted = (entry.get("entry") for entry in audit_log.read(trail).entries)
        found |= {number for number in noted if isinstance(number, int)}
    wrong: list[str] = []
    previous: str | None = ""
    for number in range(1, max(found, default=0) + 1):
        path = _path(folder, number)
        entry = _read(path, number, previous)
        if entry is None:
            wrong.append(f"{FOLDER}/{path.name}")
        previous = entry.sha256 if entry else _stated(path)
    return wrong


def snapshots(root: Path) -> set[int]:
    """Return the snapshots that entries name; retention keeps them."""
    found = (entry.body.get("snapshot") for entry in entries(root))
    return {number for number in found if isinstance(number, int)}


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number:08d}.json"


def _listed(folder: Path) -> list[Path]:
    return [folder / name for name in os.listdir(folder)] if folder.is_dir() else []


def _read(path: Path, number: int, previous: str | None) -> Entry | None:
    """Read an entry, None where it is not what was written; `previous` None is not compared."""
    try:
        fields = json.loads(path.read_bytes())
        given = fields.pop("sha256")
        whole = (
            given == _fingerprint(fields)
            and fields["n"] == number
            and previous in (None, fields["previous"])
            and fields.keys() | {"sha256"} == _HEADER
        )
        moment = datetime.fromisoformat(fields.pop("at"))
        return Entry(**fields, at=moment, sha256=given) if whole else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _stated(path: Path) -> str | None:
    """Return the fingerprint that a damaged entry states, so that only itself is called damaged."""
    try:
        return str(json.loads(path.read_bytes())["sha256"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _fingerprint(fields: dict[str, Any]) -> str:
    return hashlib.sha256(_bytes(fields)).hexdigest()


def _bytes(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()
