"""The store on disk and its snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from oneninex.store import manifest as manifests
from oneninex.store.durable import sha256_of
from oneninex.store.errors import StoreDamaged, StoreError
from oneninex.store.manifest import Manifest


@dataclass(frozen=True)
class Snapshot:
    """One published state of the store; its database file is never overwritten."""

    id: int
    created_at: datetime  # UTC
    reason: str
    imported_by: str
    path: Path  # the read-only DuckDB file
    manifest_path: Path

    @property
    def manifest(self) -> Manifest:
        """The list of files that this snapshot is made of."""
        return manifests.read(self.manifest_path)


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

    def database_path(self, snapshot: int) -> Path:
        """Where the database of a snapshot lies."""
        return self.snapshots_folder / f"{snapshot:08d}.duckdb"

    def manifest_path(self, snapshot: int) -> Path:
        """Where the manifest of a snapshot lies."""
        return self.snapshots_folder / f"{snapshot:08d}.json"

    def current(self) -> Snapshot | None:
        """The published snapshot, or None for an empty store."""
        pointer = self.root / "CURRENT"
        try:
            number = int(pointer.read_text().strip())
        except FileNotFoundError:
            return None
        except ValueError as reason:
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
        """Every published snapshot, oldest first; one that never became current is left out."""
        current = self.current()
        if current is None:
            return []
        numbers = sorted(int(path.stem) for path in self.snapshots_folder.glob("[0-9]*.json"))
        return [self.get(number) for number in numbers if number <= current.id]

    def resolve(self, as_of: str | int | None, timezone: str) -> Snapshot:
        """The snapshot of a number, or the newest one of a day (YYYY-MM-DD, in `timezone`)."""
        snapshots = self.snapshots()
        if not snapshots:
            raise StoreError("store.empty", path=str(self.root))
        if as_of is None:
            return snapshots[-1]
        chosen = [s for s in snapshots if _matches(s, str(as_of), timezone)]
        if not chosen:
            raise StoreError("store.no_such_snapshot", as_of=str(as_of))
        return chosen[-1]

    def damage(self) -> list[str]:
        """Relative paths of files of the current snapshot that are absent or changed."""
        current = self.current()
        if current is None:
            return []
        manifest = current.manifest
        wrong = [f.path for f in manifest.files if not self._intact(f.path, f.sha256)]
        database = str(current.path.relative_to(self.root))
        expected = manifest.database_sha256
        if not (self._intact(database, expected) if expected else current.path.is_file()):
            wrong.append(database)
        return sorted(wrong)

    def _intact(self, relative: str, sha256: str) -> bool:
        path = self.root / relative
        return path.is_file() and sha256_of(path) == sha256


def _matches(snapshot: Snapshot, as_of: str, timezone: str) -> bool:
    if as_of.isdigit() and len(as_of) < 8:
        return snapshot.id == int(as_of)
    try:
        day = date.fromisoformat(as_of)
    except ValueError as reason:
        raise StoreError("store.no_such_snapshot", as_of=as_of) from reason
    return snapshot.created_at.astimezone(ZoneInfo(timezone)).date() <= day
