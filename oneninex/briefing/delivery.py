"""Delivery of notices to the plan's recipients: e-mail with the briefing, or a webhook.

Each recipient is told once of each thing, as its audience may see it. What was delivered is kept
in a small file next to the store, under a fingerprint of the address.
"""

from __future__ import annotations

import hashlib
import json
import os
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from oneninex import briefing
from oneninex.briefing import notifications
from oneninex.briefing.notifications import Notice
from oneninex.briefing.query_session import Asked
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.domain.analytics import workdays
from oneninex.domain.audience import Audience
from oneninex.domain.plan import Plan
from oneninex.domain.plan.delivery import Delivery, Recipient, Smtp
from oneninex.store import NotForAudience, Snapshot, StoreError
from oneninex.store.atomic_io import write_bytes

_SECONDS = 20
Told = dict[str, dict[str, list[str]]]
Send = Callable[[Recipient, Notice], None]


@dataclass
class Outcome:
    """What a run delivered and what it could not; `quiet` when it was not to disturb."""

    sent: list[tuple[Recipient, Notice]] = field(default_factory=list)
    failed: list[tuple[Recipient, str]] = field(default_factory=list)
    quiet: bool = False


def run(
    delivery: Delivery,
    snapshot: Snapshot,
    plan: Plan,
    path: Path,
    now: datetime,
    send: Send,
    *,
    dry_run: bool = False,
) -> Outcome:
    """Tell every recipient what it has not been told; keep what was delivered after each one."""
    day = now.date()
    works = workdays.days(day.year, day.year, plan.holidays).to_pylist()
    if delivery.is_quiet(now, works=any(row["date"] == day and row["works"] for row in works)):
        return Outcome(quiet=True)
    told, done = read(path), Outcome()
    for recipient in delivery.recipient:
        known = told.setdefault(key_of(recipient), {})
        notices = due(recipient, delivery, snapshot, plan, known, day)
        for notice in notices:
            try:
                if not dry_run:
                    send(recipient, notice)
            except StoreError as refusal:
                done.failed.append((recipient, str(refusal.values.get("reason", refusal.key))))
                break
            done.sent.append((recipient, notice))
            known.setdefault(notice.event, []).append(notice.key)
            if not dry_run:
                write(path, told)
    return done


def due(
    recipient: Recipient,
    delivery: Delivery,
    snapshot: Snapshot,
    plan: Plan,
    known: dict[str, list[str]],
    today: date,
) -> list[Notice]:
    """Return what a recipient has to be told: its events, as its audience sees them."""
    reader = Audience.parse(recipient.audience)
    found = notifications.found(snapshot, plan, recipient.lang, recipient.audience)
    if reader.unit_id:
        found = [each for each in found if _is_of(each, reader.unit_id)]
    now = {(each.event, each.key) for each in found}
    # What no longer holds may come again: a target that turned red twice is told twice.
    for event in ("target_red", "return_overdue"):
        known[event] = [key for key in known.get(event, []) if (event, key) in now]
    if today.isoweekday() >= delivery.digest_weekday and "digest" in recipient.events:
        found += _digest(recipient, snapshot, today)
    return [
        each
        for each in found
        if each.event in recipient.events and each.key not in known.get(each.event, [])
    ]


def mail(
    recipient: Recipient, notice: Notice, smtp: Smtp, snapshot: Snapshot, plan: Plan, mark: str
) -> EmailMessage:
    """Write the message; the briefing is attached to the notice that it is ready."""
    message = EmailMessage()
    message["From"], message["To"] = smtp.sender, recipient.address
    title = text(f"briefing.mail.{notice.event}", recipient.lang)
    message["Subject"] = " ".join(f"{mark} {title}".split())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{notice.text}\n\n{text('briefing.mail.end', recipient.lang)}\n")
    if notice.event == "briefing_ready":
        month = date.fromisoformat(f"{notice.details['month']}-01")
        made = briefing.documents(
            snapshot, month, langs=[recipient.lang], formats=["docx", "pdf"],
            audience=recipient.audience, plan=plan,
        )  # fmt: skip
        for (lang, format), content in made.items():
            main, _, sub = briefing.MIME[format].partition("/")
            name = f"OneNineX-{notice.details['month']}-{lang}.{format}"
            message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


def post_mail(message: EmailMessage, smtp: Smtp) -> None:
    """Hand a message to the mail server over TLS; StoreError where that is refused."""
    try:
        trusted = ssl.create_default_context(cafile=smtp.authorities)
        if smtp.tls == "tls":
            server = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=_SECONDS, context=trusted)
        else:
            server = smtplib.SMTP(smtp.host, smtp.port, timeout=_SECONDS)
        with server:
            if smtp.tls == "starttls":
                server.starttls(context=trusted)
            user = os.environ.get("ONENINEX_SMTP_USER")
            if user:
                server.login(user, os.environ.get("ONENINEX_SMTP_PASSWORD", ""))
            server.send_message(message)
    except (smtplib.SMTPException, OSError, ssl.SSLError) as refusal:
        # Server answers may repeat an address: the kind of fault and its code are enough.
        code = getattr(refusal, "smtp_code", "")
        reason = f"{type(refusal).__name__} {code}".strip()
        raise StoreError("briefing.notify_failed", reason=reason) from None


def key_of(recipient: Recipient) -> str:
    """Return the fingerprint under which deliveries to a recipient are kept."""
    words = f"{recipient.channel} {recipient.address} {recipient.audience}"
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def read(path: Path) -> Told:
    """Return what was delivered so far; nothing without a file."""
    try:
        found = json.loads(path.read_bytes())
        return {
            str(key): {str(event): [str(each) for each in keys] for event, keys in events.items()}
            for key, events in found.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as reason:
        raise StoreError("briefing.notify_state", path=path.name) from reason


def write(path: Path, told: Told) -> None:
    """Keep what was delivered; a killed command leaves the old file or the new one."""
    write_bytes(path, json.dumps(told, indent=1, sort_keys=True).encode())


def _is_of(notice: Notice, unit_id: str) -> bool:
    return notice.event in ("briefing_ready", "task_due", "task_overdue") or (
        notice.details.get("unit_id") == unit_id
    )


def _digest(recipient: Recipient, snapshot: Snapshot, today: date) -> list[Notice]:
    """Return the week's digest: open tasks, overdue returns and open questions of the reader."""
    asked, lang = Asked(snapshot, recipient.audience, recipient.lang, today), recipient.lang
    unit = Audience.parse(recipient.audience).unit_id
    given: dict[str, Any] = {"unit_id": unit} if unit else {}
    open_tasks = [row for row in asked("tasks", "id").rows if row["stage"] != "closed"]
    missing = [
        row
        for row in asked("returns_ledger", "month", "unit_id", "kind", **given).rows
        if row["status"] == "missing"
    ]
    try:
        questions = [
            row
            for row in asked("questions", "question_id", **given).rows
            if row["answer"] in (None, "changed")
        ]
    except NotForAudience:  # leadership is not asked
        questions = []
    if not (open_tasks or missing or questions):
        return []
    counts = {"tasks": len(open_tasks), "missing": len(missing), "questions": len(questions)}
    lines = [text("briefing.digest.head", lang, **counts)]
    for row in open_tasks:
        due, state = formats.day(row["due_on"], lang), text(f"tasks.state.{row['state']}", lang)
        named = {"id": row["id"], "subject": row["subject"]}
        lines.append(text("briefing.digest.task", lang, **named, due=due, state=state))
    for row in missing:
        named = {
            "unit": asked.unit_name(row["unit_id"]),
            "month": formats.month(row["month"], lang),
        }
        kind, due = text(f"plan.kind.{row['kind']}", lang), formats.day(row["due_on"], lang)
        lines.append(text("briefing.digest.missing", lang, **named, kind=kind, due=due))
    week = today.isocalendar()
    return [Notice("digest", f"{week.year}-W{week.week:02d}", "\n".join(lines), {})]
