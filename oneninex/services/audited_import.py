"""What the audit trail says of imports, publications and hand-outs."""

from __future__ import annotations

from functools import partial
from typing import Any

from oneninex.core import audit_log, settings
from oneninex.core.audit_log import Actor
from oneninex.domain.plan import Plan
from oneninex.services.import_service import ImportResult, Incoming, import_files
from oneninex.store import Snapshot, Store, StoreError

_FILES_NAMED = 200  # of one import; the rest is counted


def import_recorded(
    store: Store, plan: Plan, incoming: list[Incoming], *, actor: Actor, **how: Any
) -> ImportResult:
    """importer.import_files, with what became of it in the trail; the one way to import."""
    if plan.config.review.rule == "after_review":
        from oneninex.services import reviews  # it notes on the trail through this module

        how["hold"] = partial(reviews.hold, store, plan, actor)
    try:
        result = import_files(store, plan, incoming, **how)
    except StoreError as fault:
        note(store, "import_failed", actor, why=fault.key, files=len(incoming))
        raise
    event = "dry_run" if how.get("dry_run") else "import"
    note(store, event, actor, snapshot=result.snapshot, **_files(result))
    if result.snapshot is not None:
        published(store, actor, result.snapshot, how.get("reason", ""))
    return result


def published(store: Store, actor: Actor, snapshot: int, reason: str) -> None:
    """Say that a snapshot became the current one."""
    note(store, "publish", actor, snapshot=snapshot, reason=reason)


def handed_out(store: Store, actor: Actor, what: str, snapshot: Snapshot, format: str) -> None:
    """Say that somebody took data that not everybody may see."""
    note(store, "download", actor, what=what, snapshot=snapshot.id, format=format)


def briefed(store: Store, actor: Actor, snapshot: int, month: str, documents: list[str]) -> None:
    """Say that documents that name a snapshot were made; retention keeps what they name."""
    note(store, "briefing", actor, snapshot=snapshot, month=month, documents=documents)


def note(store: Store, event: str, actor: Actor, **details: Any) -> bool:
    """Add an entry to the trail of a store."""
    return audit_log.record(settings.audit_folder(store.root), event, actor, **details)


def _files(result: ImportResult) -> dict[str, Any]:
    named = [
        {
            "name": batch.name,
            "sha256": batch.sha256,
            "kind": batch.kind,
            "status": batch.status,
            "rows_accepted": batch.rows_accepted,
        }
        for _, batch in result.files
    ]
    more = {"more_files": len(named) - _FILES_NAMED} if len(named) > _FILES_NAMED else {}
    return {"files": named[:_FILES_NAMED], **more}
