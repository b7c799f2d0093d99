"""The case log as tables that queries read, each with what its audience may see of it.

The log is no part of a snapshot's database: a query that names one of these tables gets it made of
the entries up to the snapshot's position.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from oneninex.domain import tasks
from oneninex.domain.audience import Audience
from oneninex.store import case_log, sql_catalog
from oneninex.store.case_log import Entry
from oneninex.store.snapshot import Snapshot

_TEXT, _DAY, _COUNT, _NUMBER = pa.string(), pa.date32(), pa.int64(), pa.float64()
INFO = pa.schema([("position", _COUNT), ("today", _DAY)])
TASKS = pa.schema(
    [
        *((name, _TEXT) for name in ("id", "subject", "matter", "ref", "owner", "supporting")),
        *((name, _DAY) for name in ("opened_on", "due_on")),
        *((name, _TEXT) for name in ("stage", "requirement", "figure", "reply", "reason")),
        *((name, _DAY) for name in ("signed_on", "replied_on", "closed_on", "asked_until")),
        ("reply_value", _NUMBER),
        ("closed_by", _TEXT),
        ("snapshot", _COUNT),
        ("events", _COUNT),
        ("is_late", pa.bool_()),
        *((f"condition_{name}", _TEXT) for name in ("kind", "ref", "unit_id", "operator")),
        ("condition_month", _DAY),
        ("condition_value", _NUMBER),
    ]
)
EVENTS = pa.schema(
    [
        ("n", _COUNT),
        ("recorded_at", pa.timestamp("us")),
        *((name, _TEXT) for name in ("kind", "event", "id", "audience", "actor", "text")),
        ("value", _NUMBER),
        ("until", _DAY),
        ("sha256", _TEXT),
    ]
)
EXPLANATIONS = pa.schema(
    [
        *((name, _TEXT) for name in ("kind", "unit_id")),
        ("month", _DAY),
        *((name, _TEXT) for name in ("rule", "subject", "measure")),
        ("value", _NUMBER),
        *((name, _TEXT) for name in ("answer", "reason")),
        ("answered_on", _DAY),
    ]
)
REVIEWS = pa.schema(
    [
        *((name, _TEXT) for name in ("id", "file", "sha256", "kind", "unit_id", "state", "reason")),
        ("received_on", _DAY),
        ("decided_on", _DAY),
        ("rows", _COUNT),
        ("months", pa.list_(_DAY)),
    ]
)
AWAITING = pa.schema([("kind", _TEXT), ("unit_id", _TEXT), ("month", _DAY), ("received_on", _DAY)])
OFFICES = pa.schema([("target_id", _TEXT), ("lead_office", _TEXT), ("supporting_offices", _TEXT)])
_NAMED = re.compile(r"\bcase_(?:info|tasks|events|explanations|reviews|awaiting|offices)\b")


@dataclass(frozen=True)
class View:
    """The part of the case log that a query sees: how far, and on which day."""

    root: Path
    position: int
    today: date

    @classmethod
    def of(cls, snapshot: Snapshot, timezone: str) -> View:
        """Return the view of a snapshot: of this day, or of its own where its position is fixed."""
        root, zone = snapshot.manifest_path.parent.parent, ZoneInfo(timezone)
        if snapshot.cases is None:
            return cls(root, case_log.position(root), datetime.now(zone).date())
        found = case_log.entries(root, snapshot.cases)
        moments = [snapshot.created_at, *(entry.at for entry in found[-1:])]
        return cls(root, snapshot.cases, max(moments).astimezone(zone).date())

    @property
    def entries(self) -> list[Entry]:
        """The entries in view, oldest first."""
        return case_log.entries(self.root, self.position)


@lru_cache(maxsize=256)
def named_in(statement: str) -> frozenset[str]:
    """Return the tables of the case log that a statement reads."""
    return frozenset(_NAMED.findall(sql_catalog.without_comments(statement)))


def folded(entries: list[Entry]) -> dict[str, tasks.Task]:
    """Return every task by id as the entries leave it."""
    return tasks.fold(
        (entry.id, entry.event, date.fromisoformat(entry.body["day"]), entry.body)
        for entry in entries
        if entry.kind == case_log.TASK
    )


def table(name: str, view: View, reader: Audience) -> pa.Table:
    """Return one table of the case log with the rows and words that a reader may see."""
    make, schema = MAKERS[name]
    return pa.Table.from_pylist(make(view, reader), schema)


def _info(view: View, reader: Audience) -> list[dict[str, Any]]:
    return [{"position": view.position, "today": view.today}]


def _tasks(view: View, reader: Audience) -> list[dict[str, Any]]:
    if not (reader.sees_everything or reader.unit_id or reader.kind == "leadership"):
        return []
    found = folded(view.entries).values()
    return [_task(task, reader) for task in found if _sees(task, reader)]


def _sees(task: tasks.Task, reader: Audience) -> bool:
    return reader.unit_id is None or task.is_of(reader.unit_id)


def _task(task: tasks.Task, reader: Audience) -> dict[str, Any]:
    same = ("id", "subject", "matter", "owner", "opened_on", "due_on", "stage",
            "signed_on", "replied_on", "closed_on", "closed_by", "events")  # fmt: skip
    row = {name: getattr(task, name) for name in same}
    row |= {"ref": task.ref, "supporting": "|".join(task.supporting), "is_late": task.late}
    month = task.condition.get("month")
    row |= {f"condition_{name}": task.condition.get(name)
            for name in ("kind", "ref", "unit_id", "operator", "value")}  # fmt: skip
    row["condition_month"] = date.fromisoformat(month) if month else None
    if reader.kind == "leadership":
        return row
    more = ("requirement", "figure", "reply", "reason", "reply_value", "asked_until", "snapshot")
    return row | {name: getattr(task, name) for name in more}


def _events(view: View, reader: Audience) -> list[dict[str, Any]]:
    found = folded(view.entries) if reader.unit_id or reader.kind == "leadership" else {}
    return [_event(entry, reader) for entry in view.entries if _may_see(entry, reader, found)]


def _may_see(entry: Entry, reader: Audience, found: dict[str, tasks.Task]) -> bool:
    if reader.sees_everything or reader.kind == "auditor":
        return True
    if reader.unit_id is None:
        return reader.kind == "leadership" and entry.kind == case_log.TASK
    if entry.kind == case_log.TASK:
        return entry.id in found and found[entry.id].is_of(reader.unit_id)
    return entry.body.get("unit_id") == reader.unit_id


def _event(entry: Entry, reader: Audience) -> dict[str, Any]:
    body = entry.body
    row: dict[str, Any] = {
        "n": entry.n,
        "recorded_at": entry.at.astimezone(UTC).replace(tzinfo=None),
        "kind": entry.kind,
        "event": entry.event,
        "id": entry.id,
        "audience": entry.audience,
        "sha256": entry.sha256,
    }
    if reader.sees_everything or reader.kind == "auditor":
        row["actor"] = entry.name
    if reader.sees_everything or reader.unit_id:
        until = body.get("until")
        row["text"] = body.get("text") or body.get("reason") or body.get("subject") or ""
        row["value"] = body.get("value")
        row["until"] = date.fromisoformat(until) if until else None
    return row


def _explanations(view: View, reader: Audience) -> list[dict[str, Any]]:
    newest: dict[str, Entry] = {}
    for entry in view.entries:
        if entry.kind == case_log.EXPLANATION:
            newest[entry.id] = entry
    rows = []
    for entry in newest.values():
        body = entry.body
        month = body.get("month")
        row = {name: body.get(name) for name in EXPLANATIONS.names}
        row |= {
            "month": date.fromisoformat(month) if month else None,
            "answer": entry.event,
            "answered_on": date.fromisoformat(body["day"]),
        }
        own = reader.sees_everything or (reader.unit_id or "") == body["unit_id"]
        if not own:
            # A sender's own words may name what is withheld: others learn that there are some.
            row |= {"reason": None, "value": body["value"] if _is_open(body) else None}
        if own or reader.kind in ("leadership", "unit", "public"):
            rows.append(row)
    return rows


def _is_open(body: dict[str, Any]) -> bool:
    """Whether the value is one that every audience sees: items and hours are."""
    return body["kind"] == "labeling_daily"


def _reviews(view: View, reader: Audience) -> list[dict[str, Any]]:
    """One row for each return, kind and unit that it carries."""
    found: dict[str, dict[str, Any]] = {}
    parts: dict[str, list[dict[str, Any]]] = {}
    for entry in view.entries:
        body = entry.body
        if entry.kind != case_log.REVIEW or reader.kind == "auditor":
            continue
        if entry.event == "hold":
            received = date.fromisoformat(body["received_on"])
            found[entry.id] = {"id": entry.id, "file": body["file"], "received_on": received}
            found[entry.id] |= {"sha256": body["sha256"], "state": "awaiting"}
            parts[entry.id] = body["parts"]
        elif entry.id in found:
            found[entry.id] |= {
                "state": {"accept": "accepted", "return": "returned"}[entry.event],
                "decided_on": date.fromisoformat(body["day"]),
                "reason": body.get("reason", ""),
            }
    return [_part(row, part, reader) for name, row in found.items() for part in parts[name]]


def _awaiting(view: View, reader: Audience) -> list[dict[str, Any]]:
    """One row for each kind, unit and month of the ledger that a return under review carries."""
    newest: dict[tuple[str, str, date], date] = {}
    for row in _reviews(view, reader):
        if row["state"] == "awaiting":
            for month in row["months"]:
                key = row["kind"], row["unit_id"], month
                newest[key] = max(row["received_on"], newest.get(key, row["received_on"]))
    return [
        dict(zip(AWAITING.names, (*key, received_on), strict=True))
        for key, received_on in newest.items()
    ]


def _part(row: dict[str, Any], part: dict[str, Any], reader: Audience) -> dict[str, Any]:
    """That a return has come is on the ledger, which everybody reads; whose file it is is not."""
    months = [_ledger_month(part["kind"], date.fromisoformat(each)) for each in part["months"]]
    known = {"kind": part["kind"], "unit_id": part["unit_id"], "months": months}
    if reader.sees_everything or (reader.unit_id and reader.unit_id == part["unit_id"]):
        return row | known | {"rows": part["rows"]}
    return known | {"state": row["state"], "received_on": row["received_on"]}


def _ledger_month(kind: str, month: date) -> date:
    """The month under which the ledger has a return: the last one of a quarter."""
    return month.replace(month=month.month + 2) if kind == "enterprise_quarterly" else month


def _offices(view: View, reader: Audience) -> list[dict[str, Any]]:
    newest = {entry.id: entry for entry in view.entries if entry.kind == case_log.OFFICE}
    return [
        {
            "target_id": name,
            "lead_office": entry.body["lead_office"],
            "supporting_offices": "|".join(entry.body["supporting_offices"]),
        }
        for name, entry in newest.items()
        if reader.kind != "auditor"
    ]


_Maker = Callable[[View, Audience], list[dict[str, Any]]]
MAKERS: dict[str, tuple[_Maker, pa.Schema]] = {
    "case_info": (_info, INFO),
    "case_tasks": (_tasks, TASKS),
    "case_events": (_events, EVENTS),
    "case_explanations": (_explanations, EXPLANATIONS),
    "case_reviews": (_reviews, REVIEWS),
    "case_awaiting": (_awaiting, AWAITING),
    "case_offices": (_offices, OFFICES),
}
NAMES = frozenset(MAKERS)
