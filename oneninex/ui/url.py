"""Choices that live in the URL as codes, so that a link means the same in both languages.

Streamlit's own `bind="query-params"` writes the label on screen into the URL; a link shared by a
Chinese reader would then be void for an English one.
"""

from collections.abc import Sequence

import streamlit as st

from oneninex.ui.context import t

_PAGE = "_page"


def at_page(name: str) -> None:
    """Say which page runs, for a change of page empties the URL without meaning to."""
    st.session_state["_arrived"] = st.session_state.get(_PAGE) != name
    st.session_state[_PAGE] = name


def seed(key: str, options: Sequence[str], default: str) -> None:
    """Set the state of the widget `key` before it is drawn: URL first, then what was chosen.

    A widget that was just used wins over the URL, which the browser updates a moment later.
    """
    state = st.session_state
    given, written = st.query_params.get(key), state.get(f"_url_{key}")
    touched = key in state and state[key] != state.get(f"_seen_{key}")
    cleared = given is None and written is not None and not state.get("_arrived")
    if given is not None and given not in options and given != written:
        st.toast(t("common.error_link", value=given[:40]))
    elif given is not None and given != written and not touched:
        state[key] = given
    elif cleared and not touched:
        state[key] = default
    if state.get(key) not in options:
        state[key] = default


def remember(key: str, default: str) -> None:
    """Write what the widget `key` says into the URL; the default keeps the URL clean."""
    value = st.session_state[key]
    st.session_state[f"_seen_{key}"] = value
    st.session_state[f"_url_{key}"] = None if value == default else value
    if value == default:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != value:
        st.query_params[key] = value
