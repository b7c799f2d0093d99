"""Tasks (督办): what the planner and an owner do with them, each with its audit entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from oneninex.core.audit_log import Actor
from oneninex.domain import tasks
from oneninex.domain.analytics import workdays
from oneninex.domain.audience import Audience
from oneninex.domain.plan import Plan
from oneninex.services.audited_import import note
from oneninex.store import NotForAudience, Snapshot, Store, StoreError, case_log, case_tables, query
from oneninex.store.case_log import Entry

_MOST_TEXT = 4000
_LONG = ("subject", "requirement", "text", "reason", "figure")


class TaskRefused(StoreError):
    """An event that the task, the day, the condition or another writer does not allow."""


def open_task(
    store: Store,
    plan: Plan,
    actor: Actor,
    *,
    subject: str,
    owner: str,
    matter: str = "free",
    ref: str = "",
    supporting: tuple[str, ...] = (),
    due_on: date | None = None,
    working_days: int = tasks.DAYS_TO_DO,
    requirement: str = "",
    figure: str = "",
    condition: Mapping[str, Any] | None = None,
    today: date | None = None,
) -> str:
    """Open a task and return its id; the due day is counted in working days unless given."""
    snapshot = _current(store)
    day = today or _today(plan)
    known = _offices(snapshot)
    _known_offices(known, owner, supporting)
    body = {
        "subject": _required(subject),
        "matter": _one_of(matter, tasks.MATTERS, "matter"),
        "ref": ref,
        "owner": owner,
        "supporting": list(supporting),
        "due_on": (due_on or workdays.shift(day, working_days, plan.holidays)).isoformat(),
        "requirement": requirement,
        "figure": figure,
        "snapshot": snapshot.id,
        "condition": _condition(snapshot, dict(condition or {})),
    }
    return _add(store, actor, "open", "", day, body).id


def act(
    store: Store,
    plan: Plan,
    actor: Actor,
    task_id: str,
    event: str,
    *,
    seen: int | None = None,
    today: date | None = None,
    **body: Any,
) -> Entry:
    """Add an event to a task.

    `seen` is how many events the person saw: TaskRefused where somebody has added one since.
    """
    day = today or _today(plan)
    if event in ("accept", "close"):
        _not_against_condition(store, task_id, event)
    given = {name: value for name, value in body.items() if value not in (None, "")}
    return _add(store, actor, event, task_id, day, given, seen)


def set_offices(
    store: Store, plan: Plan, actor: Actor, target_id: str, lead: str, supporting: tuple[str, ...]
) -> Entry:
    """Record who leads and who supports a target; the plan's file stays as it is."""
    snapshot, known = _current(store), _offices(_current(store))
    targets = query("targets_progress", snapshot=snapshot).column("target_id").to_pylist()
    _one_of(target_id, tuple(targets), "target")
    _known_offices(known, lead, supporting)
    _planner_only(actor, "offices")
    day = _today(plan).isoformat()
    body = {"lead_office": lead, "supporting_offices": list(supporting), "day": day}
    entry = case_log.append(
        store.root, actor, case_log.OFFICE, "assign", lambda _: (target_id, body)
    )
    note(store, "case", actor, entry=entry.n, id=target_id, what="assign")
    return entry


def _add(
    store: Store,
    actor: Actor,
    event: str,
    task_id: str,
    day: date,
    body: dict[str, Any],
    seen: int | None = None,
) -> Entry:
    for name in _LONG:
        if len(str(body.get(name, ""))) > _MOST_TEXT:
            raise TaskRefused("tasks.refused.long", most=_MOST_TEXT)
    reader = Audience.parse(actor.audience)

    def decide(before: list[Entry]) -> tuple[str, dict[str, Any]]:
        found = case_tables.folded(before)
        name = task_id or _next_id(found, day)
        task = found.get(name)
        if event != "open" and (task is None or not _may_know(reader, task)):
            raise TaskRefused("tasks.refused.unknown", id=task_id)
        if not tasks.may(reader, event, task):
            raise NotForAudience("tasks.refused.audience", audience=actor.audience)
        if seen is not None and task is not None and task.events != seen:
            raise TaskRefused("tasks.refused.changed", id=name)
        full = {**body, "id": name, "day": day.isoformat()}
        try:
            tasks.follow(task, event, day, full)
        except tasks.NotAllowed as wrong:
            raise TaskRefused(wrong.key, **wrong.values) from wrong
        return name, full

    entry = case_log.append(store.root, actor, case_log.TASK, event, decide)
    note(store, "case", actor, entry=entry.n, id=entry.id, what=event)
    return entry


def _may_know(reader: Audience, task: tasks.Task) -> bool:
    return reader.sees_everything or task.is_of(reader.unit_id)


def _next_id(found: Mapping[str, tasks.Task], day: date) -> str:
    """The year and a running number that is not reused: `D2026-001`."""
    year = f"D{day.year}-"
    used = [int(name.removeprefix(year)) for name in found if name.startswith(year)]
    return f"{year}{max(used, default=0) + 1:03d}"


def _not_against_condition(store: Store, task_id: str, event: str) -> None:
    """Refuse to close a task whose condition the newest figures do not meet."""
    rows = query("tasks", snapshot=_current(store), task_id=task_id).to_pylist()
    if not rows or rows[0]["condition_kind"] is None:
        return
    met = rows[0]["condition_met"]
    if met is False or (met is None and event == "accept"):
        raise TaskRefused("tasks.refused.condition", id=task_id)


def _condition(snapshot: Snapshot, given: dict[str, Any]) -> dict[str, Any]:
    if not given.get("kind"):
        return {}
    kind = _one_of(given["kind"], tasks.CONDITIONS, "condition")
    ref = str(given.get("ref") or "")
    found: dict[str, Any] = {"kind": kind, "ref": ref, "unit_id": given.get("unit_id")}
    if kind == "return":
        month = given.get("month")
        rows = query("returns_ledger", snapshot=snapshot, kind=ref, unit_id=given.get("unit_id"),
                     from_month=month, to_month=month).to_pylist()  # fmt: skip
        if month is None or not rows:
            raise TaskRefused("tasks.refused.condition_ref", ref=ref)
        return found | {"month": month.isoformat()}
    query_name, column = (
        ("targets_progress", "target_id") if kind == "target" else ("indicators", "indicator_id")
    )
    if ref not in query(query_name, snapshot=snapshot).column(column).to_pylist():
        raise TaskRefused("tasks.refused.condition_ref", ref=ref)
    value = given.get("value")
    if value is None:
        if kind == "indicator":
            raise TaskRefused("tasks.refused.condition_value")
        return found
    operator = _one_of(given.get("operator") or "reach", tasks.OPERATORS, "operator")
    return found | {"operator": operator, "value": float(value)}


def _offices(snapshot: Snapshot) -> list[str]:
    return query("offices", snapshot=snapshot).column("office_id").to_pylist()


def _known_offices(known: list[str], lead: str, supporting: tuple[str, ...]) -> None:
    if not lead:
        raise TaskRefused("tasks.refused.no_office")
    for office in (lead, *supporting):
        if office not in known:
            raise TaskRefused("tasks.refused.office", office=office, known=", ".join(known))


def _planner_only(actor: Actor, what: str) -> None:
    if not Audience.parse(actor.audience).sees_everything:
        raise NotForAudience("tasks.refused.audience", audience=actor.audience, what=what)


def _required(subject: str) -> str:
    if not subject.strip():
        raise TaskRefused("tasks.refused.text")
    return subject.strip()


def _one_of(word: str, known: tuple[str, ...], what: str) -> str:
    if word not in known:
        raise TaskRefused("tasks.refused.word", word=word, what=what, known=", ".join(known))
    return word


def _current(store: Store) -> Snapshot:
    snapshot = store.current()
    if snapshot is None:
        raise StoreError("store.empty", path=str(store.root))
    return snapshot


def _today(plan: Plan) -> date:
    return datetime.now(plan.config.zone).date()
