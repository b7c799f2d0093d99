"""/healthz: the process answers. /readyz: it can serve readers. /metrics: how it is doing."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from oneninex.core import audit_log, i18n, settings
from oneninex.core import metrics as monitoring
from oneninex.core.metrics import Known, Level
from oneninex.server.monitoring_access import closed
from oneninex.server.process_state import state
from oneninex.store import Snapshot, Store, StoreError, database

_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def routes() -> list[Route]:
    """What an operator and a proxy ask."""
    return [
        Route("/healthz", health),
        Route("/readyz", readiness),
        Route("/metrics", metrics),
    ]


async def health(request: Request) -> Response:
    """200 while the process answers at all; it looks at nothing else."""
    return JSONResponse({"alive": True})


def readiness(request: Request) -> Response:
    """200 with the snapshot's number, or 503 with the reason in both languages.

    The reason may name a place on this machine: whoever comes through the proxy gets none.
    """
    try:
        if state.leaving:
            raise StoreError("store.leaving")
        snapshot = Store(settings.load().store).current()
        if snapshot is None:
            raise StoreError("store.nothing_published")
        database.probe(snapshot)
    except StoreError as fault:
        told = {lang: i18n.text(fault.key, lang, **fault.values) for lang in i18n.LANGS}
        reason = {} if closed(request.scope) else {"reason": told}
        return JSONResponse({"ready": False, **reason}, 503, {"retry-after": "1"})
    return JSONResponse({"ready": True, "snapshot": snapshot.id})


def metrics(request: Request) -> Response:
    """Counts and times as Prometheus reads them; for watchers alone."""
    if closed(request.scope):
        return PlainTextResponse("", 404)
    measures = (*monitoring.PROCESS, *monitoring.COUNTED, *_LEVELS, *_snapshot(), *_trail())
    return PlainTextResponse(monitoring.text(measures), media_type=_PROMETHEUS)


_LEVELS = (
    Level("oneninex_sessions", "Tabs connected now.", lambda: state.tabs),
    Level("oneninex_leaving", "1 while the process lets its tabs finish.", lambda: state.leaving),
    Level("oneninex_cache_bytes", "Results kept in memory.", lambda: database.usage().bytes),
    Level("oneninex_cache_entries", "Results kept.", lambda: database.usage().results),
    Level("oneninex_snapshots_open", "Snapshots held open.", lambda: database.usage().snapshots),
)


def _snapshot() -> list[Level]:
    """Number and age of what readers see; neither where the store cannot be read."""
    try:
        current = Store(settings.load().store).current()
    except StoreError:
        current = None
    if current is None:
        return []
    return [
        Level("oneninex_snapshot", "Number of the snapshot.", lambda: current.id),
        Level("oneninex_snapshot_age_seconds", "Since publication.", lambda: _age(current)),
    ]


def _trail() -> list[Known]:
    """The fingerprint of the audit trail's last entry, for whoever keeps it elsewhere."""
    head = audit_log.head(settings.audit_folder(settings.load().store))
    return [Known("oneninex_audit_head", "Last entry of the audit trail.", "head", head)]


def _age(snapshot: Snapshot) -> float:
    return (datetime.now(UTC) - snapshot.created_at).total_seconds()
