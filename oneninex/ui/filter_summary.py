"""What a page is filtered by, in words: on paper, in files, and a way back to the defaults."""

from typing import Any

import streamlit as st

from oneninex.core.escape import html as escape
from oneninex.ui import url_state
from oneninex.ui.context import t

_PLACE = "_chosen_place"


def place() -> None:
    """Keep a place for what only the page itself will tell: its choices."""
    st.session_state[_PLACE] = st.container(horizontal=True, width="content", key="chosen")


def fill() -> None:
    """Offer the way back to the defaults, and write the choices for print."""
    here: Any = st.session_state.pop(_PLACE, None)
    if here is None:
        return
    with here:
        if any(choice.chosen for choice in url_state.said()):
            st.button(
                t("ui.reset"),
                key="reset_filters",
                type="tertiary",
                icon=":material/restart_alt:",
                on_click=url_state.reset,
            )
        if told := in_words():
            st.html(f'<p class="print-only">{escape(told)}</p>')


def in_words() -> str:
    """Every choice of the page: 月份：2026年9月；单元：…; empty where there is none."""
    pairs = [
        t("ui.chosen_one", label=choice.label, name=choice.name)
        for choice in url_state.said()
        if choice.name
    ]
    return t("ui.chosen", choices=t("ui.chosen_between").join(pairs)) if pairs else ""
