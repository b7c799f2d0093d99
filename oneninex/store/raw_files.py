"""Files as they were sent, kept under the SHA-256 of what is kept."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from oneninex.store.atomic_io import settle, sha256_of, write_bytes
from oneninex.store.errors import StoreError
from oneninex.store.snapshot import Store


def path_of(store: Store, sha256: str) -> Path:
    """Where the raw file with that fingerprint lies."""
    return store.raw / sha256[:2] / sha256


def fingerprint(content: bytes) -> str:
    """Hex SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def keep(store: Store, content: Path | bytes, sha256: str) -> None:
    """Keep a raw file once, under its SHA-256.

    Raises StoreError when the file is no longer the one with that fingerprint.
    """
    final = path_of(store, sha256)
    if final.exists():
        return
    if isinstance(content, bytes):
        write_bytes(final, content)
        return
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary = final.with_name(f".{sha256}.{os.getpid()}.tmp")
    try:
        shutil.copyfile(content, temporary)
        if sha256_of(temporary) != sha256:
            raise StoreError("store.file_changed", file=content.name)
        settle(temporary, final)
    finally:
        temporary.unlink(missing_ok=True)
