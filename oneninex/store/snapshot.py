"""The store on disk and its snapshots."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from oneninex.core.progress import Within, nothing
from oneninex.store import case_log, sql_catalog
from oneninex.store import manifest as manifests
from oneninex.store.atomic_io import sha256_of
from oneninex.store.errors import StoreDamaged, StoreError
from oneninex.store.manifest import Manifest

_NUMBER = re.compile(r"[0-9]{1,7}")
_PINNED = re.compile(r"([0-9]{1,7})\+([0-9]{1,8})")  # snapshot+position in the case log


@dataclass(frozen=True)
class Snapshot:
    """One published state of the store; its database file is never overwritten."""

    id: int
    created_at: datetime  # UTC
    reason: str
    imported_by: str
    path: Path  # the read-only DuckDB file
    manifest_path: Path
    cases: int | None = None  # position in the case log that it is read with; None: the newest

    @property
    def manifest(self) -> Manifest:
        """The list of files that this snapshot is made of."""
        return manifests.read(self.manifest_path)

    @property
    def is_of_this_version(self) -> bool:
        """Whether today's build queries made its database, so that it has all their tables."""
        return self.manifest.queries_sha256 == sql_catalog.build_sha256()


class Store:
    """A folder with raw/, facts/, quarantine/, snapshots/ and the pointer CURRENT."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    @property
    def raw(self) -> Path:
        """Files as they were sent, named by their SHA-256."""
        return self.root / "raw"

    @property
    def facts(self) -> Path:
        """Accepted rows, immutable Parquet."""
        return self.root / "facts"

    @property
    def quarantine(self) -> Path:
        """Findings of uploads that were refused as a whole."""
        return self.root / "quarantine"

    @property
    def snapshots_folder(self) -> Path:
        """Manifests and databases."""
        return self.root / "snapshots"

    @property
    def lock(self) -> Path:
        """The file that the one writer holds."""
        return self.root / "lock"

    @property
    def is_writable(self) -> bool:
        """Whether this process may publish here, or make the folder where there is none."""
        place = next(path for path in (self.root, *self.root.parents) if path.exists())
        return os.access(place, os.W_OK)

    def database_path(self, snapshot: int) -> Path:
        """Where the database of a snapshot lies."""
        return self.snapshots_folder / f"{snapshot:08d}.duckdb"

    def manifest_path(self, snapshot: int) -> Path:
        """Where the manifest of a snapshot lies."""
        return self.snapshots_folder / f"{snapshot:08d}.json"

    @property
    def notes_path(self) -> Path:
        """What retention has written down: snapshots that were removed, or that have to stay."""
        return self.snapshots_folder / "retention.json"

    def retention_notes(self, name: str) -> Any:
        """`named` (numbers) or `removed` (number to the day); empty where nothing was removed."""
        try:
            return json.loads(self.notes_path.read_bytes())[name]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as reason:
            raise StoreDamaged("store.notes_damaged", path=self.notes_path.name) from reason

    def removed(self) -> dict[str, str]:
        """The snapshots that retention removed, each with the day."""
        return dict(self.retention_notes("removed") or {})

    def current(self) -> Snapshot | None:
        """The published snapshot, or None for an empty store."""
        pointer = self.root / "CURRENT"
        try:
            number = int(pointer.read_text().strip())
        except FileNotFoundError:
            return None
        except NotADirectoryError as reason:
            raise StoreError("store.not_a_folder", path=str(self.root)) from reason
        except PermissionError as reason:
            raise StoreError("store.no_access", path=str(pointer)) from reason
        except (ValueError, OSError) as reason:
            raise StoreDamaged("store.pointer_damaged", path=pointer.name) from reason
        return self.get(number)

    def get(self, number: int) -> Snapshot:
        """The snapshot of that number; StoreDamaged when its files are not there."""
        path = self.manifest_path(number)
        if not path.is_file():
            raise StoreDamaged("store.manifest_missing", path=path.name)
        entry = manifests.read(path)
        return Snapshot(
            number,
            datetime.fromisoformat(entry.created_at),
            entry.reason,
            entry.imported_by,
            self.database_path(number),
            path,
        )

    def snapshots(self) -> list[Snapshot]:
        """Every snapshot that can be queried, oldest first.

        Those that never became current are left out, and those that retention removed.
        """
        current = self.current()
        if current is None:
            return []
        gone = self.removed()
        return [self.get(n) for n in self._numbers(current) if str(n) not in gone]

    def resolve(self, as_of: str | int | None, timezone: str) -> Snapshot:
        """The snapshot of a number, or the newest one of a day (YYYY-MM-DD, in `timezone`).

        It is read with the case log as it was while that snapshot was the current one, or at the
        end of that day; `12+340` names snapshot 12 and the log's first 340 entries. No manifest
        is read that is not needed: an old one may be damaged.
        """
        current = self.current()
        if current is None:
            raise StoreError("store.empty", path=str(self.root))
        if as_of is None:
            return current
        asked, numbers = str(as_of), self._numbers(current)
        if pinned := _PINNED.fullmatch(asked):
            position = int(pinned[2])
            if int(pinned[1]) in numbers and position <= case_log.position(self.root):
                return replace(self._present(self.get(int(pinned[1])), timezone), cases=position)
        elif _NUMBER.fullmatch(asked):
            if int(asked) in numbers:
                found = self._present(self.get(int(asked)), timezone)
                return self._with_cases(found, numbers)
        else:
            day, zone = _day(asked), ZoneInfo(timezone)
            end = datetime.combine(day + timedelta(days=1), time(), zone)
            for snapshot in map(self.get, reversed(numbers)):
                if snapshot.created_at.astimezone(zone).date() <= day:
                    found = self._present(snapshot, timezone)
                    return replace(found, cases=case_log.position_before(self.root, end))
        raise StoreError("store.no_such_snapshot", as_of=asked)

    def _with_cases(self, found: Snapshot, numbers: list[int]) -> Snapshot:
        """Return a snapshot with the case log up to the publication of the next one."""
        following = next((number for number in numbers if number > found.id), None)
        if following is None:
            return found
        end = self.get(following).created_at
        return replace(found, cases=case_log.position_before(self.root, end))

    def pinned(self, snapshot: Snapshot) -> Snapshot:
        """Return a snapshot with the present position of the case log, unless it has one."""
        if snapshot.cases is not None:
            return snapshot
        return replace(snapshot, cases=case_log.position(self.root))

    def _present(self, found: Snapshot, timezone: str) -> Snapshot:
        """The snapshot, unless retention removed it: another one's figures are not its own."""
        if day := self.removed().get(str(found.id)):
            published = found.created_at.astimezone(ZoneInfo(timezone)).date().isoformat()
            values = {"snapshot": found.id, "day": day, "published": published}
            raise StoreError("store.snapshot_removed", **values)
        return found

    def _numbers(self, current: Snapshot) -> list[int]:
        found = manifests.numbers(self.snapshots_folder)
        return [number for number in found if number <= current.id]

    def damage(self, within: Within = nothing) -> list[str]:
        """Relative paths of files of the current snapshot that are absent or changed.

        maintenance.damage looks at everything else that is kept too.
        """
        current = self.current()
        if current is None:
            return []
        manifest = current.manifest
        wrong, done, total = [], 0, sum(file.bytes for file in manifest.files) or 1
        for file in manifest.files:
            within(done / total)
            done += file.bytes
            wrong += [] if self._intact(file.path, file.sha256) else [file.path]
        if not self.database_intact(current):
            wrong.append(str(current.path.relative_to(self.root)))
        return sorted(wrong)

    def database_intact(self, snapshot: Snapshot) -> bool:
        """Whether the database of a snapshot is the one that was published."""
        expected = snapshot.manifest.database_sha256
        if not expected:  # an old manifest does not tell
            return snapshot.path.is_file()
        return self._intact(str(snapshot.path.relative_to(self.root)), expected)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Name the damaged files where DuckDB only says that it could not read."""
        try:
            yield
        except duckdb.Error as fault:
            if damaged := self.damage():
                raise StoreDamaged("store.files_damaged", files=", ".join(damaged)) from fault
            raise

    def _intact(self, relative: str, sha256: str) -> bool:
        path = self.root / relative
        try:
            return path.is_file() and sha256_of(path) == sha256
        except OSError:
            return False


def _day(as_of: str) -> date:
    try:
        return date.fromisoformat(as_of)
    except ValueError as reason:
        raise StoreError("store.no_such_snapshot", as_of=as_of) from reason
