"""Care of a store: run the checks again, publish anew after the plan or a query changed."""

from __future__ import annotations

import duckdb

from oneninex.plan import Plan
from oneninex.store import build, database, sqlfiles
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


def rebuild(store: Store, plan: Plan, *, imported_by: str) -> Snapshot | None:
    """Publish the current facts under today's plan and queries; None when nothing changed."""
    current = store.current()
    if current is None:
        return None
    manifest = current.manifest
    same_plan = manifest.plan_sha256 == plan.sha256
    if same_plan and manifest.queries_sha256 == sqlfiles.build_sha256() and current.path.is_file():
        return None
    reason = "plan" if not same_plan else "queries"
    with duckdb.connect() as connection:
        return Publication(store, plan, connection, imported_by=imported_by).commit(
            f"rebuild: {reason} changed"
        )
