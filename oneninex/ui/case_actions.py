"""Actions of a reader on the case log, with their outcome shown on the next run."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from oneninex.core import i18n, settings
from oneninex.core.audit_log import Actor
from oneninex.domain.plan import Plan
from oneninex.store import Store, StoreError
from oneninex.ui import audit
from oneninex.ui.context import lang

_OUTCOME = "_case_outcome"
Act = Callable[[Store, Plan, Actor], object]


def perform(act: Act, done: str) -> None:
    """Run an action as the reader; `done` is shown after it, or the reason of a refusal."""
    chosen = settings.load()
    try:
        act(Store(chosen.store), Plan.load(chosen.plan), audit.actor())
        st.session_state[_OUTCOME] = True, done
    except StoreError as refused:
        st.session_state[_OUTCOME] = False, i18n.text(refused.key, lang(), **refused.values)


def show_outcome() -> None:
    """Show once what became of the last action."""
    if outcome := st.session_state.pop(_OUTCOME, None):
        (st.success if outcome[0] else st.error)(outcome[1])
