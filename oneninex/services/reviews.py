"""Reviews: returns that wait for the planner, and what senders say of questioned figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import duckdb

from oneninex.core.audit_log import Actor
from oneninex.domain.audience import Audience
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Batch
from oneninex.services.audited_import import note, published
from oneninex.store import (
    NotForAudience,
    Snapshot,
    Store,
    StoreError,
    case_log,
    held_returns,
    query,
)
from oneninex.store.atomic_io import disk_errors, exclusive
from oneninex.store.case_log import Entry
from oneninex.store.publication import Publication
from oneninex.store.uploads import Receipt

ANSWERS = ("stands", "correct")
_MOST_TEXT = 2000


class ReviewRefused(StoreError):
    """A review or an explanation that is not possible; `key` says why."""


class _WaitsAlready(Exception):
    """The same file waits already."""


def hold(
    store: Store,
    plan: Plan,
    actor: Actor,
    batch: Batch,
    receipt: Receipt,
    connection: duckdb.DuckDBPyConnection,
) -> bool:
    """Keep a return for review; False where the same file waits already."""
    name = batch.sha256[:16]
    parts = held_returns.periods(batch, connection)
    units = {part["unit_id"] for part in parts}

    def decide(before: list[Entry]) -> tuple[str, dict[str, Any]]:
        if _standing(before, name) == "hold":
            raise _WaitsAlready
        files = held_returns.write(store, name, batch, receipt, connection)
        return name, {
            "unit_id": next(iter(units)) if len(units) == 1 else None,
            "parts": parts,
            "file": batch.name,
            "sha256": batch.sha256,
            "files": files,
            "received_on": receipt.received_on.isoformat(),
            "day": _today(plan).isoformat(),
        }

    try:
        entry = case_log.append(store.root, actor, case_log.REVIEW, "hold", decide)
    except _WaitsAlready:
        return False
    note(store, "case", actor, entry=entry.n, id=name, what="hold")
    return True


def accept(store: Store, plan: Plan, actor: Actor, name: str) -> Snapshot:
    """Publish a held return: from now on it is in the figures."""
    with _deciding(store):
        body = _awaiting(store, actor, name).body
        with duckdb.connect() as connection:
            batch, receipt = held_returns.read(store, name, body["files"], connection)
            publication = Publication(store, plan, connection, imported_by=actor.name)
            publication.add(batch, receipt)
            snapshot = publication.commit(receipt.reason)
        published(store, actor, snapshot.id, receipt.reason)
        _decide(store, plan, actor, name, "accept", {"snapshot": snapshot.id})
    return snapshot


def send_back(store: Store, plan: Plan, actor: Actor, name: str, reason: str) -> Entry:
    """Return a held return to its sender with a reason."""
    with _deciding(store):
        _awaiting(store, actor, name)
        return _decide(store, plan, actor, name, "return", {"reason": _text(reason)})


def explain(
    store: Store, plan: Plan, actor: Actor, question_id: str, answer: str, reason: str
) -> Entry:
    """Answer a question: the figure stands and why, or a correction will follow.

    The answer holds for the value that was asked about; another value is asked about again.
    """
    if answer not in ANSWERS:
        raise ReviewRefused("review.refused.answer", answer=answer, known=", ".join(ANSWERS))
    words = _text(reason)
    snapshot = store.current()
    if snapshot is None:
        raise StoreError("store.empty", path=str(store.root))
    if not Audience.parse(actor.audience).sends_returns:
        raise NotForAudience("tasks.refused.audience", audience=actor.audience)
    asked = query("questions", snapshot=snapshot, audience=actor.audience).to_pylist()
    row = next((row for row in asked if row["question_id"] == question_id), None)
    if row is None:
        raise ReviewRefused("review.refused.unknown", id=question_id)
    body = {name: row[name] for name in ("kind", "unit_id", "rule", "subject", "measure", "value")}
    body |= {
        "month": row["month"].isoformat() if row["month"] else None,
        "reason": words,
        "snapshot": snapshot.id,
        "day": _today(plan).isoformat(),
    }
    entry = case_log.append(
        store.root, actor, case_log.EXPLANATION, answer, lambda _: (question_id, body)
    )
    note(store, "case", actor, entry=entry.n, id=question_id, what=answer)
    return entry


@contextmanager
def _deciding(store: Store) -> Iterator[None]:
    """Let one reader at a time decide: a publication and its entry are two commits."""
    with disk_errors(), exclusive(store.root / "reviews.lock"):
        yield


def _decide(
    store: Store, plan: Plan, actor: Actor, name: str, event: str, body: dict[str, Any]
) -> Entry:
    day = _today(plan).isoformat()

    def decide(before: list[Entry]) -> tuple[str, dict[str, Any]]:
        if _standing(before, name) != "hold":
            raise ReviewRefused("review.refused.decided", id=name)
        return name, {**body, "day": day, "unit_id": _hold(before, name).body["unit_id"]}

    entry = case_log.append(store.root, actor, case_log.REVIEW, event, decide)
    note(store, "case", actor, entry=entry.n, id=name, what=event)
    return entry


def _awaiting(store: Store, actor: Actor, name: str) -> Entry:
    if not Audience.parse(actor.audience).sees_everything:
        raise NotForAudience("tasks.refused.audience", audience=actor.audience)
    before = case_log.entries(store.root)
    standing = _standing(before, name)
    if standing is None:
        raise ReviewRefused("review.refused.no_return", id=name)
    if standing != "hold":
        raise ReviewRefused("review.refused.decided", id=name)
    return _hold(before, name)


def _standing(entries: list[Entry], name: str) -> str | None:
    """The last event of a return, None for one that is not known."""
    found = [e.event for e in entries if e.kind == case_log.REVIEW and e.id == name]
    return found[-1] if found else None


def _hold(entries: list[Entry], name: str) -> Entry:
    return next(e for e in reversed(entries) if e.id == name and e.event == "hold")


def _text(words: str) -> str:
    if not words.strip():
        raise ReviewRefused("tasks.refused.reason")
    if len(words) > _MOST_TEXT:
        raise ReviewRefused("tasks.refused.long", most=_MOST_TEXT)
    return words.strip()


def _today(plan: Plan) -> date:
    return datetime.now(plan.config.zone).date()
