"""Where facts live: raw files, Parquet facts, manifests, snapshots; all access to DuckDB."""

from oneninex.store.database import ahead, query
from oneninex.store.errors import (
    CheckFailed,
    NotForAudience,
    StoreDamaged,
    StoreError,
    StoreLocked,
    UnknownQuery,
    WrongParameter,
)
from oneninex.store.snapshot import Snapshot, Store

__all__ = [
    "CheckFailed",
    "NotForAudience",
    "Snapshot",
    "Store",
    "StoreDamaged",
    "StoreError",
    "StoreLocked",
    "UnknownQuery",
    "WrongParameter",
    "ahead",
    "query",
]
