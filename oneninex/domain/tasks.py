"""The life of a task (督办): its events, its stages, and which event may follow which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from oneninex.domain.audience import Audience

MATTERS = ("target", "return", "question", "free")
CONDITIONS = ("target", "indicator", "return")
OPERATORS = ("reach", "exceed", "at_most")
STATES = ("unsigned", "in_progress", "due_soon", "overdue", "replied", "closed")
DAYS_TO_DO = 10  # working days to the due day where none is given

# Stage and event to the stage that follows. What is not here is refused.
TRANSITIONS: Mapping[tuple[str, str], str] = {
    ("", "open"): "unsigned",
    ("unsigned", "sign"): "in_progress",
    ("unsigned", "close"): "closed",
    ("in_progress", "reply"): "replied",
    ("in_progress", "extend"): "in_progress",
    ("in_progress", "grant"): "in_progress",
    ("in_progress", "refuse"): "in_progress",
    ("in_progress", "close"): "closed",
    ("replied", "accept"): "closed",
    ("replied", "return"): "in_progress",
    ("replied", "close"): "closed",
}
EVENTS = tuple(dict.fromkeys(event for _, event in TRANSITIONS))
# What an owner does; everything else is the planner's.
OF_OWNER = ("sign", "reply", "extend")


@dataclass(frozen=True)
class Task:
    """A task as its events leave it."""

    id: str
    subject: str
    matter: str
    ref: str
    owner: str
    supporting: tuple[str, ...]
    requirement: str
    opened_on: date
    due_on: date
    snapshot: int | None
    figure: str
    condition: dict[str, Any]
    stage: str = "unsigned"
    signed_on: date | None = None
    replied_on: date | None = None
    reply: str = ""
    reply_value: float | None = None
    closed_on: date | None = None
    closed_by: str = ""
    reason: str = ""  # of the last return, refusal or closing
    asked_until: date | None = None  # of an extension that is not yet decided
    events: int = 1
    late: bool = False  # answered after the due day

    def is_of(self, unit_id: str | None) -> bool:
        """Whether a unit answers for it or supports it."""
        return unit_id is not None and unit_id in (self.owner, *self.supporting)


class NotAllowed(ValueError):
    """An event that the stage, the day or the audience does not allow; `key` says why."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


def follow(task: Task | None, event: str, day: date, body: Mapping[str, Any]) -> Task:
    """Return the task after an event; NotAllowed for one that may not follow."""
    stage = task.stage if task else ""
    after = TRANSITIONS.get((stage, event))
    if after is None:
        raise NotAllowed(f"tasks.refused.stage_{event}")
    if task is None:
        return _opened(day, body)
    changed = replace(task, stage=after, events=task.events + 1)
    return _STEPS[event](changed, day, body)


def fold(events: Iterable[tuple[str, str, date, Mapping[str, Any]]]) -> dict[str, Task]:
    """Return every task by id from (id, event, day, body), oldest first."""
    found: dict[str, Task] = {}
    for name, event, day, body in events:
        found[name] = follow(found.get(name), event, day, body)
    return found


def may(audience: Audience, event: str, task: Task | None) -> bool:
    """Whether an audience may add an event to a task."""
    if audience.sees_everything:
        return True
    return event in OF_OWNER and task is not None and task.owner == (audience.unit_id or None)


def _opened(day: date, body: Mapping[str, Any]) -> Task:
    due = date.fromisoformat(body["due_on"])
    if due < day:
        raise NotAllowed("tasks.refused.due_past", day=body["due_on"])
    return Task(
        id=body["id"],
        subject=body["subject"],
        matter=body["matter"],
        ref=body["ref"],
        owner=body["owner"],
        supporting=tuple(body.get("supporting", ())),
        requirement=body.get("requirement", ""),
        opened_on=day,
        due_on=due,
        snapshot=body.get("snapshot"),
        figure=body.get("figure", ""),
        condition=dict(body.get("condition", {})),
    )


def _signed(task: Task, day: date, body: Mapping[str, Any]) -> Task:
    return replace(task, signed_on=day)


def _replied(task: Task, day: date, body: Mapping[str, Any]) -> Task:
    if not str(body.get("text", "")).strip():
        raise NotAllowed("tasks.refused.text")
    value = body.get("value")
    told = replace(task, replied_on=day, reply=body["text"], reply_value=value, asked_until=None)
    return replace(told, late=task.late or day > task.due_on)


def _extended(task: Task, day: date, body: Mapping[str, Any]) -> Task:
    until = date.fromisoformat(body["until"])
    if task.asked_until is not None:
        raise NotAllowed("tasks.refused.asked_already", day=task.asked_until.isoformat())
    if day >= task.due_on:
        raise NotAllowed("tasks.refused.asked_late", day=task.due_on.isoformat())
    if until <= task.due_on:
        raise NotAllowed("tasks.refused.until", day=task.due_on.isoformat())
    return replace(task, asked_until=until, reason=_reason(body))


def _granted(task: Task, day: date, body: Mapping[str, Any]) -> Task:
    if task.asked_until is None:
        raise NotAllowed("tasks.refused.nothing_asked")
    return replace(task, due_on=task.asked_until, asked_until=None)


def _refused(task: Task, day: date, body: Mapping[str, Any]) -> Task:
    if task.asked_until is None:
        raise NotAllowed("tasks.refused.nothing_asked")
    return replace(task, asked_until=None, reason=_reason(body))


def _accepted(task: Task, day: date, body: Mapping[str, Any]) -> Task:
    return replace(task, closed_on=day, closed_by="accept")


def _returned(task: Task, day: date, body: Mapping[str, Any]) -> Task:
    return replace(task, reason=_reason(body))


def _closed(task: Task, day: date, body: Mapping[str, Any]) -> Task:
    return replace(task, closed_on=day, closed_by="close", reason=_reason(body), asked_until=None)


def _reason(body: Mapping[str, Any]) -> str:
    reason = str(body.get("reason", "")).strip()
    if not reason:
        raise NotAllowed("tasks.refused.reason")
    return reason


_STEPS: Mapping[str, Callable[[Task, date, Mapping[str, Any]], Task]] = {
    "sign": _signed,
    "reply": _replied,
    "extend": _extended,
    "grant": _granted,
    "refuse": _refused,
    "accept": _accepted,
    "return": _returned,
    "close": _closed,
}
