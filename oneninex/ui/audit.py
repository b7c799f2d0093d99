"""What readers of the dashboard do, for the audit trail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from oneninex.core import settings
from oneninex.core.audit_log import LOCAL, Actor
from oneninex.domain.audience import Audience
from oneninex.services import audited_import
from oneninex.store import Snapshot, Store, database
from oneninex.ui import session

_TOLD = "_trail_told"
_Bytes = Callable[[], bytes]


def actor() -> Actor:
    """Who reads this session, as the trail names them."""
    found = session.reader()
    audience = str(found) if isinstance(found, Audience) else found
    return Actor(audience, session.person() if session.is_signed_in() else LOCAL)


def store() -> Store:
    """The store that the dashboard shows."""
    return Store(settings.load().store)


def briefed(snapshot: Snapshot, month: date, documents: list[str]) -> None:
    """Say that documents of a month were made."""
    audited_import.briefed(store(), actor(), snapshot.id, f"{month:%Y-%m}", documents)


def signed_in() -> None:
    """Say once that somebody has signed in."""
    if session.is_new():
        audited_import.note(store(), "sign_in", actor())


def signed_out() -> None:
    """Say that somebody signs out."""
    audited_import.note(store(), "sign_out", actor(), what="asked")


def refused(event: str, what: str) -> None:
    """Say once in a session that somebody was refused something."""
    told: set[tuple[str, str]] = st.session_state.setdefault(_TOLD, set())
    if (event, what) not in told:
        told.add((event, what))
        audited_import.note(store(), event, actor(), what=what)


def kept(make: _Bytes, query: str, snapshot: Snapshot, format: str) -> _Bytes:
    """`make`, noting that it was handed out where not everybody may see what it gives.

    Who reads is settled now: when the file is made, no session is at hand.
    """
    reader = session.reader()
    audience = str(reader) if isinstance(reader, Audience) else reader
    if not database.is_sensitive(query, audience):
        return make
    return partial(_note_and_make, make, query, snapshot, format, store(), actor())


def _note_and_make(
    make: _Bytes, query: str, snapshot: Snapshot, format: str, at: Store, who: Actor
) -> bytes:
    audited_import.handed_out(at, who, query, snapshot, format)
    return make()
