"""Care of a store: run the checks again, publish anew after the plan or a query changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from oneninex.core import settings
from oneninex.core.progress import STEPS, Progress, Within, nothing
from oneninex.domain.plan import Plan
from oneninex.store import (
    build,
    case_log,
    database,
    held_returns,
    history,
    raw_files,
    release_ledger,
    sql_catalog,
)
from oneninex.store import manifest as manifests
from oneninex.store.atomic_io import sha256_of
from oneninex.store.errors import StoreDamaged, StoreError
from oneninex.store.publication import Publication
from oneninex.store.snapshot import Snapshot, Store


def failed_checks(store: Store) -> list[tuple[str, str]]:
    """Rows that queries/checks return on the current snapshot: (check, row in words)."""
    current = store.current()
    if current is None:
        raise StoreError("store.empty", path=str(store.root))
    try:
        with database.connection(current).cursor() as cursor:
            return build.check(cursor)
    except duckdb.IOException as fault:
        raise StoreDamaged("store.database_damaged", path=current.path.name) from fault
    except (duckdb.CatalogException, duckdb.BinderException) as fault:
        if current.is_of_this_version:
            raise
        raise StoreError("store.snapshot_older", snapshot=current.id) from fault


def damage(store: Store, progress: Progress = nothing) -> list[str]:
    """Relative paths of everything kept that is absent, changed or cannot be read.

    Besides the files of the current snapshot: older manifests, the ledger of releases, the files
    as they were sent, the records of refused ones, and the case log.
    """
    progress("", 0, STEPS)
    half = STEPS // 2
    trail = settings.audit_folder(store.root)
    kept = store.damage(lambda share: progress("", int(share * half), STEPS))
    cases = case_log.damage(store.root, trail)
    # What waits is named by the log: a damaged one does not say.
    cases = cases or held_returns.all_damage(store)
    found = {*kept, *_manifests(store), *_ledger(store), *history.broken_records(store), *cases}
    if not any(path.startswith("facts/_uploads/") for path in found):
        broken = {path for path in found if path.startswith("quarantine/")}
        found |= _raw(store, broken, lambda share: progress("", half + int(share * half), STEPS))
    progress("", STEPS, STEPS)
    return sorted(found)


def _manifests(store: Store) -> Iterator[str]:
    for number in manifests.numbers(store.snapshots_folder):
        path = store.manifest_path(number)
        try:
            manifests.read(path)
        except StoreDamaged:
            yield str(path.relative_to(store.root))


def _ledger(store: Store) -> list[str]:
    current = store.current()
    return release_ledger.damage(store, current.manifest) if current else []


def _raw(store: Store, broken_records: set[str], within: Within = nothing) -> set[str]:
    """Raw files that are not what their name says, and those that should be there and are not."""
    paths = [path for path in store.raw.glob("??/*") if not path.name.startswith(".")]
    wrong = set()
    for number, path in enumerate(paths):
        within(number / len(paths))
        wrong |= set() if _is_named_rightly(path) else {path}
    named = history.kept_raw(store, skip=broken_records) - {raw_files.fingerprint(b"")}
    wrong |= {raw_files.path_of(store, sha256) for sha256 in named} - set(paths)
    return {str(path.relative_to(store.root)) for path in wrong}


def _is_named_rightly(path: Path) -> bool:
    try:
        return path.is_file() and sha256_of(path) == path.name
    except OSError:
        return False


def rebuild(
    store: Store, plan: Plan, *, imported_by: str, progress: Progress = nothing
) -> Snapshot | None:
    """Publish the current facts under today's plan and queries; None when nothing changed.

    A database that is no longer the one that was published is made anew too.
    """
    current = store.current()
    if current is None:
        return None
    manifest = current.manifest
    if manifest.plan_sha256 != plan.sha256:
        reason = "plan changed"
    elif manifest.queries_sha256 != sql_catalog.build_sha256():
        reason = "queries changed"
    elif not store.database_intact(current):
        reason = "database damaged"
    else:
        return None
    with store.reading(), duckdb.connect() as connection:
        publication = Publication(store, plan, connection, imported_by=imported_by)
        publication.within = lambda share: progress("", min(int(share * STEPS), STEPS - 1), STEPS)
        try:
            return publication.commit(f"rebuild: {reason}")
        finally:
            progress("", STEPS, STEPS)
