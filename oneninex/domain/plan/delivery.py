"""data/plan/delivery.toml: who is told of what, over which channel, and when it is quiet.

It names mailboxes, so it is no part of a snapshot, its fingerprint or a download. Passwords and
webhook addresses stand in the environment, never in the file.
"""

from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from oneninex.core.i18n import LANGS
from oneninex.domain.plan.models import UNIT_ID, Strict, Text
from oneninex.domain.plan.reading import read_bytes, read_toml, validate

FILE = "delivery.toml"
EVENTS = ("briefing_ready", "target_red", "return_overdue", "task_due", "task_overdue", "digest")
Event = Literal[
    "briefing_ready", "target_red", "return_overdue", "task_due", "task_overdue", "digest"
]


class Smtp(Strict):
    """A mail server; the connection is always encrypted."""

    host: Text
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    tls: Literal["starttls", "tls"] = "starttls"
    sender: Text
    authorities: Text | None = None  # file of certificates that are trusted beside the system's


class Recipient(Strict):
    """One mailbox or messenger, the audience as which it is told, and of what."""

    audience: Annotated[str, Field(pattern=rf"^(planner|leadership|unit:{UNIT_ID})$")]
    channel: Literal["email", "webhook"] = "email"
    address: Text  # of a webhook: the name of the environment variable that holds it
    shape: Literal["generic", "wecom", "dingtalk", "feishu"] = "generic"
    lang: Text = LANGS[0]
    events: tuple[Event, ...] = EVENTS

    @model_validator(mode="after")
    def _usable(self) -> Self:
        if self.lang not in LANGS or (self.channel == "email" and "@" not in self.address):
            raise PydanticCustomError("literal_error", "no such language or address")
        return self


class Delivery(Strict):
    """The recipients, and the hours in which nobody is disturbed."""

    quiet_from: time = time(20)
    quiet_to: time = time(8)
    working_days_only: bool = True
    digest_weekday: Annotated[int, Field(ge=1, le=7)] = 1
    smtp: Smtp | None = None
    recipient: tuple[Recipient, ...] = ()

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.smtp is None and any(each.channel == "email" for each in self.recipient):
            raise PydanticCustomError("missing", "a mailbox needs [smtp]")
        return self

    def is_quiet(self, now: datetime, *, works: bool) -> bool:
        """Whether nothing is sent at a moment of the plan's time zone."""
        if self.working_days_only and not works:
            return True
        at = now.time()
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= at < self.quiet_to
        return at >= self.quiet_from or at < self.quiet_to


def load(folder: Path) -> Delivery:
    """Read delivery.toml; nobody is told of anything without the file."""
    path = Path(folder) / FILE
    if not path.is_file():
        return Delivery()
    return validate(FILE, None, read_toml(FILE, read_bytes(path)), Delivery)
