"""Writes that survive a kill and a power cut: write, fsync, rename, fsync the folder."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb

from oneninex.ingestion.source import no_room
from oneninex.store.errors import StoreError, StoreLocked

_CHUNK = 1 << 20


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def fsync(path: Path) -> None:
    """Have the kernel put a file, or a folder's list of names, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def settle(temporary: Path, final: Path) -> None:
    """Give a written file its final name so that a reader sees all of it or none."""
    fsync(temporary)
    final.parent.mkdir(parents=True, exist_ok=True)
    os.replace(temporary, final)
    fsync(final.parent)


def settle_all(pairs: list[tuple[Path, Path]]) -> None:
    """Settle many written files; the disk is waited for once for all of them."""
    folders = list(dict.fromkeys(final.parent for _, final in pairs))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fsync, [temporary for temporary, _ in pairs]))
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        for temporary, final in pairs:
            os.replace(temporary, final)
        list(pool.map(fsync, folders))


def write_bytes(final: Path, content: bytes) -> None:
    """Write a small file durably under its final name."""
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary = final.with_name(f".{final.name}.{os.getpid()}.tmp")
    temporary.write_bytes(content)
    settle(temporary, final)


@contextmanager
def exclusive(path: Path, wait_seconds: float = 30.0) -> Iterator[None]:
    """Hold the store's lock; the kernel lets go of it when the process dies.

    Raises StoreLocked when another process still holds it after `wait_seconds`.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a") as handle:
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as refusal:
                if refusal.errno not in (errno.EAGAIN, errno.EACCES):
                    raise
                if time.monotonic() >= deadline:
                    raise StoreLocked("store.locked", path=str(path)) from refusal
                time.sleep(0.05)
        yield


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turn a full or read-only disk into a StoreError that says so, whoever met it."""
    try:
        yield
    except (OSError, duckdb.Error) as refusal:
        if no_room(refusal):
            raise StoreError("store.disk_full") from refusal
        if _forbidden(refusal):
            raise StoreError("store.not_writable", path=_place(refusal)) from refusal
        raise


def _place(refusal: Exception) -> str:
    """The file that an error is about; DuckDB puts it in quotation marks."""
    named = getattr(refusal, "filename", None)
    quoted = re.search('"([^"]+)"', str(refusal))
    return str(named) if named else quoted.group(1) if quoted else ""


def _forbidden(refusal: Exception) -> bool:
    if isinstance(refusal, OSError):
        return refusal.errno in (errno.EROFS, errno.EACCES, errno.EPERM)
    words = ("Read-only file system", "Permission denied", "Operation not permitted")
    return isinstance(refusal, duckdb.IOException) and any(w in str(refusal) for w in words)
