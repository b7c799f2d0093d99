"""Notices for a messenger or a script: briefing ready, target turned red, return overdue.

Each is sent once; what has been told is kept in a small file beside the store.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from oneninex.briefing import sections, target_section
from oneninex.briefing.content import looks_of
from oneninex.briefing.model import Row
from oneninex.briefing.query_session import Asked
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.domain.plan import Plan
from oneninex.figures.charts import target_words
from oneninex.store import Snapshot, StoreError
from oneninex.store.atomic_io import write_bytes

SHAPES = ("generic", "wecom", "dingtalk", "feishu")
EVENTS = ("briefing_ready", "target_red", "return_overdue", "task_due", "task_overdue")
_SECONDS = 10
_MOST_ANSWER = 10_000
Told = dict[str, list[str]]


@dataclass(frozen=True)
class Notice:
    """One thing to tell: `key` says which, so that it is told once."""

    event: str
    key: str
    text: str
    details: dict[str, Any]


def due(snapshot: Snapshot, plan: Plan, lang: str, told: Told) -> list[Notice]:
    """What the current snapshot has to say that has not been told yet."""
    here = found(snapshot, plan, lang)
    return [notice for notice in here if notice.key not in told.get(notice.event, [])]


def found(snapshot: Snapshot, plan: Plan, lang: str, audience: str = "planner") -> list[Notice]:
    """Everything that holds now, as an audience may see it."""
    asked = _asked(snapshot, lang, audience)
    if asked is None:
        return []
    return [*_ready(asked), *_red(asked, plan), *_overdue(asked), *_tasks(asked)]


def remember(told: Told, sent: list[Notice], snapshot: Snapshot, lang: str) -> Told:
    """What has been told after `sent`; what no longer holds is forgotten and may return."""
    asked = _asked(snapshot, lang)
    now = {
        "target_red": [row["target_id"] for row in _red_rows(asked)] if asked else [],
        "return_overdue": list(_overdue_rows(asked)) if asked else [],
    }
    kept: Told = {}
    for event in EVENTS:
        keys = {*told.get(event, []), *(each.key for each in sent if each.event == event)}
        kept[event] = sorted(keys & set(now[event]) if event in now else keys)
    return kept


def message(notice: Notice, shape: str, lang: str, demo: bool) -> dict[str, Any]:
    """The body to post, in the shape that a messenger's robot takes."""
    mark = f"{text('briefing.frame.demo', lang)}｜" if demo else ""
    words = f"OneNineX｜{mark}{notice.text}"
    if shape == "feishu":
        return {"msg_type": "text", "content": {"text": words}}
    if shape in ("wecom", "dingtalk"):
        return {"msgtype": "text", "text": {"content": words}}
    return {"product": "OneNineX", "event": notice.event, "key": notice.key, "lang": lang,
            "demo": demo, "text": notice.text, **notice.details}  # fmt: skip


def send(url: str, body: dict[str, Any]) -> None:
    """Post one message; StoreError with the reason where it was not taken."""
    if not url.startswith(("http://", "https://")):
        raise StoreError("briefing.notify_address")
    request = urllib.request.Request(
        url,
        json.dumps(body, ensure_ascii=False, default=str).encode(),
        {"Content-Type": "application/json; charset=utf-8"},
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            _check(answer.read(_MOST_ANSWER))
    except (urllib.error.URLError, OSError, ValueError) as refusal:
        # The address holds the robot's key: the reason alone is said.
        reason = getattr(refusal, "reason", None) or type(refusal).__name__
        raise StoreError("briefing.notify_failed", reason=str(reason)) from None


def deliver(notices: list[Notice], post: Callable[[Notice], None]) -> tuple[list[Notice], str]:
    """Post one after another; those that were taken, and why the first refused one was not."""
    sent: list[Notice] = []
    for notice in notices:
        try:
            post(notice)
        except StoreError as refusal:
            return sent, str(refusal.values.get("reason", refusal.key))
        sent.append(notice)
    return sent, ""


def read(path: Path) -> Told:
    """What has been told so far; nothing without a file."""
    try:
        found = json.loads(path.read_bytes())
        return {event: [str(key) for key in found.get(event, [])] for event in EVENTS}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as reason:
        raise StoreError("briefing.notify_state", path=path.name) from reason


def write(path: Path, told: Told) -> None:
    """Keep what has been told; a killed command leaves the old file or the new one."""
    write_bytes(path, json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode())


def _check(answer: bytes) -> None:
    """Messengers answer 200 to a refusal, too, and say so inside."""
    try:
        found = json.loads(answer)
    except ValueError:
        return
    if isinstance(found, dict):
        code = found.get("errcode", found.get("code", 0))
        if code not in (0, "0", None):
            raise OSError(str(found.get("errmsg") or found.get("msg") or code))


def _asked(snapshot: Snapshot, lang: str, audience: str = "planner") -> Asked | None:
    """The questions as at the opening month, None where there is none."""
    asked = Asked(snapshot, audience, lang, date.min)
    months = [row["month"] for row in asked("months", "month").rows if row["opening"]]
    return Asked(snapshot, audience, lang, max(months)) if months else None


def _ready(asked: Asked) -> list[Notice]:
    """The month's briefing can be made; its first sentence says why to read it."""
    said = sections.output(asked).sentences
    if not said:
        return []
    month = f"{asked.month:%Y-%m}"
    words = text(
        "briefing.notice_ready",
        asked.lang,
        month=formats.month(asked.month, asked.lang),
        sentence=said[0].text,
    )
    details = {"month": month, "snapshot": asked.snapshot.id}
    return [Notice("briefing_ready", month, words, details)]


def _red_rows(asked: Asked) -> list[Row]:
    return [row for row in target_section.ordered(asked) if row["light"] == "red"]


def _red(asked: Asked, plan: Plan) -> list[Notice]:
    looks = looks_of(plan, asked.lang)
    found = []
    for row in _red_rows(asked):
        words = text(
            "briefing.notice_red",
            asked.lang,
            title=target_words.title(row, asked.lang),
            word=target_words.state_word(row["state"], row["light"], looks, asked.lang),
            gap=target_words.gap_in_words(row, asked.lang),
            step=target_section.next_step(row, asked.lang),
        )
        details = {"target_id": row["target_id"], "gap_pp": row["gap_pp"],
                   "snapshot": asked.snapshot.id}  # fmt: skip
        found.append(Notice("target_red", row["target_id"], words, details))
    return found


def _tasks(asked: Asked) -> list[Notice]:
    """Tasks that are due soon or overdue; another due day is told again."""
    lang, said = asked.lang, []
    for row in asked("tasks", "id").rows:
        event = {"due_soon": "task_due", "overdue": "task_overdue"}.get(row["state"])
        if event is None:
            continue
        words = text(
            f"briefing.notice_{event}",
            lang,
            id=row["id"],
            subject=row["subject"],
            owner=row["owner_name"] or row["owner"],
            due=formats.day(row["due_on"], lang),
            days=row["overdue_days"],
        )
        details = {"task_id": row["id"], "unit_id": row["owner"], "due_on": row["due_on"]}
        said.append(Notice(event, f"{row['id']} {row['due_on']}", words, details))
    return said


def _overdue_rows(asked: Asked) -> dict[str, Row]:
    rows = asked.at_month("needs_decision").rows
    return {
        f"{row['unit_id']} {row['return_kind']} {row['month']:%Y-%m}": row
        for row in rows
        if row["kind"] == "missing_return"
    }


def _overdue(asked: Asked) -> list[Notice]:
    lang = asked.lang
    found = []
    for key, row in _overdue_rows(asked).items():
        words = text(
            "briefing.notice_overdue",
            lang,
            unit=asked.unit_name(row["unit_id"]),
            month=formats.month(row["month"], lang),
            kind=text(f"plan.kind.{row['return_kind']}", lang),
            days=formats.number(row["amount"], lang),
        )
        details = {"unit_id": row["unit_id"], "return_kind": row["return_kind"],
                   "month": f"{row['month']:%Y-%m}", "days_late": row["amount"],
                   "snapshot": asked.snapshot.id}  # fmt: skip
        found.append(Notice("return_overdue", key, words, details))
    return found
