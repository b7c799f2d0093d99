"""The numbered, immutable list of files that a snapshot consists of."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from oneninex.store.errors import StoreDamaged, StoreError

# Of what a store is made of and means; it grows when older code could no longer read it rightly.
# 1: manifests that do not say their format.
FORMAT = 2
_NAME = re.compile(r"([0-9]{8,})\.json")


@dataclass(frozen=True)
class FactFile:
    """One Parquet file of one kind and partition (a month as YYYY-MM, or `all`)."""

    kind: str
    partition: str
    path: str  # relative to the store
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What snapshot number `snapshot` is made of, who made it and why."""

    snapshot: int
    parent: int | None
    created_at: str  # UTC, ISO 8601
    reason: str
    imported_by: str
    plan_sha256: str
    queries_sha256: str
    files: tuple[FactFile, ...] = field(default_factory=tuple)
    database_sha256: str = ""  # of the database made from the files; empty in old manifests
    format: int = 1
    # Of the newest file of the ledger of releases; None in manifests from before the ledger.
    ledger_sha256: str | None = None

    def of(self, kind: str) -> list[FactFile]:
        """The files of one kind, oldest partition first."""
        return sorted((f for f in self.files if f.kind == kind), key=lambda f: f.partition)

    def rows_per_kind(self) -> dict[str, int]:
        """Rows of every kind, system kinds (with a leading underscore) left out."""
        counts: dict[str, int] = {}
        for file in self.files:
            if not file.kind.startswith("_") and not file.kind.startswith("cube/"):
                counts[file.kind] = counts.get(file.kind, 0) + file.rows
        return dict(sorted(counts.items()))

    def to_bytes(self) -> bytes:
        """The manifest as JSON, the same bytes for the same content."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()


def read(path: Path) -> Manifest:
    """Read a manifest; StoreDamaged when it is not one, StoreError for one of a newer version."""
    try:
        fields = json.loads(path.read_bytes())
        newer = int(fields.get("format", 1))
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as reason:
        raise StoreDamaged("store.manifest_damaged", path=path.name) from reason
    if newer > FORMAT:
        raise StoreError("store.format_newer", path=path.name, found=newer, known=FORMAT)
    try:
        files = tuple(FactFile(**entry) for entry in fields.pop("files"))
        datetime.fromisoformat(fields["created_at"])
        return Manifest(**fields, files=files)
    except (ValueError, TypeError, KeyError, AttributeError) as reason:
        raise StoreDamaged("store.manifest_damaged", path=path.name) from reason


def numbers(folder: Path) -> list[int]:
    """The numbers of the manifests in a folder; a copy under another name is none of them."""
    found = (_NAME.fullmatch(path.name) for path in folder.glob("*.json"))
    return sorted(int(name[1]) for name in found if name)
