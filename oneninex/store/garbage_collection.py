"""What killed imports left behind: removed once it is a day old and no manifest names it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from oneninex.store import manifest as manifests
from oneninex.store.errors import StoreError
from oneninex.store.manifest import Manifest
from oneninex.store.snapshot import Store

SCRATCH = ".scratch-"
AGE_SECONDS = 24 * 3600


def orphans(store: Store, current: Manifest) -> None:
    """Remove old leftovers; whoever holds the store's lock calls this after its publication.

    Only facts/, unfinished databases and scratch folders are looked at, never raw/. A fault here
    is no fault of the publication, and a manifest that cannot be read keeps everything.
    """
    with suppress(OSError, StoreError):
        _unnamed_facts(store, current)
        for path in _old(store.root.glob(f"{SCRATCH}*"), store.facts.rglob(".*.tmp")):
            _remove(path)
        for path in _old(store.snapshots_folder.glob(".*.tmp*")):
            _remove(path)


def _unnamed_facts(store: Store, current: Manifest) -> None:
    named = {file.path for file in current.files}
    found = {
        str(path.relative_to(store.root)): path
        for path in _old(store.facts.rglob("*.parquet"))
        if str(path.relative_to(store.root)) not in named
    }
    # The newest manifests first: with luck they account for all, and the rest need no reading.
    for number in reversed(manifests.numbers(store.snapshots_folder)):
        if not found:
            return
        for file in manifests.read(store.manifest_path(number)).files:
            found.pop(file.path, None)
    for path in found.values():
        _remove(path)


def _old(*found: Iterator[Path]) -> Iterator[Path]:
    before = time.time() - AGE_SECONDS
    for paths in found:
        for path in list(paths):
            with suppress(FileNotFoundError):
                if path.lstat().st_mtime < before:
                    yield path


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
