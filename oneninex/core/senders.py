"""Sessions whose reader may upload returns, as the page that draws the upload has decided.

The request guard asks here before it takes a byte: a session that no page has admitted sends
nothing, whatever cookie or address comes with the request.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

_MOST = 5_000  # sessions; the one that was admitted longest ago goes first


@dataclass(frozen=True)
class _Entry:
    person: str
    until: float


class Senders:
    """Session to the person who sends, until the sign-in ends."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._guard = threading.Lock()

    def admit(self, session: str, person: str, until: float | None = None) -> None:
        """Let a session send as `person`, until a moment (seconds of the clock) or for good."""
        with self._guard:
            self._entries[session] = _Entry(person, float("inf") if until is None else until)
            self._entries.move_to_end(session)
            while len(self._entries) > _MOST:
                self._entries.popitem(last=False)

    def dismiss(self, session: str) -> None:
        """Take nothing more from a session."""
        with self._guard:
            self._entries.pop(session, None)

    def person(self, session: str) -> str | None:
        """Who sends in a session; None where nobody may."""
        with self._guard:
            entry = self._entries.get(session)
        return entry.person if entry and entry.until > time.time() else None


senders = Senders()
