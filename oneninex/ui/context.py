"""The reader's language, theme and snapshot, and the one way to ask the store."""

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec

import pyarrow as pa
import streamlit as st

from oneninex import store
from oneninex.core import i18n, metrics, settings
from oneninex.core.theme import Theme
from oneninex.domain.audience import Audience
from oneninex.domain.plan import PlanError
from oneninex.store import NotForAudience, Snapshot, Store, StoreError
from oneninex.ui import audit, session

_Given = ParamSpec("_Given")
_LOG = logging.getLogger(__name__)
_PINNED = "_snapshot"
_ASKED = "_asked"


def lang() -> str:
    """The language of this reader, `zh` or `en`."""
    return st.session_state.get("lang") or settings.load().lang


def t(key: str, /, **values: object) -> str:
    """The message `key` in the reader's language."""
    return i18n.text(key, lang(), **values)


def theme() -> Theme:
    """The theme that the reader sees."""
    return "dark" if st.context.theme.type == "dark" else "light"


class NotSignedIn(StoreError):
    """Somebody without an audience got as far as a query."""


def reader() -> Audience:
    """Who reads; decides what is suppressed and which pages there are."""
    found = session.reader()
    if isinstance(found, str):
        raise NotSignedIn(f"access.{found}")
    return found


def audience() -> str:
    """The word for who reads, as every query is asked with."""
    return str(reader())


def owns(unit_id: str | None) -> bool:
    """Whether the reader sees what this unit sent: files, findings, revisions."""
    found = reader()
    return found.sees_everything or (unit_id is not None and found.unit_id == unit_id)


def pin() -> None:
    """Choose the snapshot that this whole run of the script reads, None for an empty store."""
    st.session_state[_ASKED] = {}
    try:
        st.session_state[_PINNED] = Store(settings.load().store).current()
    except StoreError as error:
        st.session_state[_PINNED] = error


def snapshot() -> Snapshot:
    """The pinned snapshot; an empty store shows what to do and ends the page.

    Raises the StoreError that a damaged store gave.
    """
    pinned = st.session_state.get(_PINNED)
    if isinstance(pinned, StoreError):
        raise pinned
    if pinned is None:
        empty_store()
        st.stop()
    return pinned


def query(name: str, /, **parameters: Any) -> pa.Table:
    """The tidy table of queries/`name`.sql on the pinned snapshot, as this audience may see it."""
    st.session_state.setdefault(_ASKED, {})[name] = parameters
    try:
        return store.query(name, snapshot=snapshot(), audience=audience(), **parameters)
    except NotForAudience:
        audit.refused("forbidden", name)
        raise


def query_own(name: str, unit_id: str, /, **parameters: Any) -> pa.Table | None:
    """A query of what a unit sent; None where that is not the reader's to see."""
    return query(name, unit_id=unit_id, **parameters) if owns(unit_id) else None


def asked(name: str) -> dict[str, Any]:
    """The parameters that a query was last asked with, for telling how a figure was made."""
    return st.session_state.get(_ASKED, {}).get(name, {})


def asked_names() -> list[str]:
    """The queries asked in this run, in alphabetical order."""
    return sorted(st.session_state.get(_ASKED, {}))


def pinned() -> Snapshot | StoreError | None:
    """What `pin` found: a snapshot, the fault of a damaged store, None for an empty one."""
    return st.session_state.get(_PINNED)


@contextmanager
def guard() -> Iterator[None]:
    """Turn every failure inside into words for the reader; details go to the log only.

    Where the sign-in ended meanwhile the script starts over, so that the door is shown and not
    the half of a page.
    """
    try:
        yield
    except NotSignedIn:
        st.rerun()
    except PlanError as error:
        metrics.failures.add("plan")
        _say(t("common.error_plan", message=error.message(lang())))
    except StoreError as error:
        metrics.failures.add("store")
        _say(i18n.text(error.key, lang(), **error.values))
    except Exception:
        metrics.failures.add("code")
        reference = uuid.uuid4().hex[:8]
        _LOG.exception("page failed, reference %s", reference)
        _say(t("common.error_help", reference=reference))


def fragment(draw: Callable[_Given, None]) -> Callable[_Given, None]:
    """Streamlit's fragment for part of a page: it runs alone, so access and failures are its own.

    What it was given when the page was drawn is shown only to who may still read.
    """

    @st.fragment
    @wraps(draw)
    def guarded(*args: _Given.args, **kwargs: _Given.kwargs) -> None:
        with guard():
            reader()
            draw(*args, **kwargs)

    return guarded


def _say(message: str) -> None:
    st.error(message, title=t("common.error_title"), icon=":material/error:")


def is_empty() -> bool:
    """Whether nothing has been published yet."""
    return st.session_state.get(_PINNED) is None


def empty_store() -> None:
    """Say that there is nothing yet, and what to do."""
    with st.container(border=True, key="empty_store"):
        st.subheader(t("common.empty_store"), anchor=False)
        st.markdown(t("ui.empty_store_steps"))
        st.code(t("ui.empty_store_commands"), language=None)
