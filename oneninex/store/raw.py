"""Files as they were sent, kept under the SHA-256 of what is kept."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from oneninex.store.durable import settle, sha256_of, write_bytes
from oneninex.store.snapshot import Store


def path_of(store: Store, sha256: str) -> Path:
    """Where the raw file with that fingerprint lies."""
    return store.raw / sha256[:2] / sha256


def fingerprint(content: bytes) -> str:
    """Hex SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def keep(store: Store, content: Path | bytes) -> str:
    """Keep a raw file once and return the SHA-256 it is kept under."""
    if isinstance(content, bytes):
        sha256 = fingerprint(content)
        if not path_of(store, sha256).exists():
            write_bytes(path_of(store, sha256), content)
        return sha256
    sha256 = sha256_of(content)
    final = path_of(store, sha256)
    if not final.exists():
        final.parent.mkdir(parents=True, exist_ok=True)
        temporary = final.with_name(f".{sha256}.{os.getpid()}.tmp")
        shutil.copyfile(content, temporary)
        settle(temporary, final)
    return sha256
