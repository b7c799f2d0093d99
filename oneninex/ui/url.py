"""Choices that live in the URL as codes, so that a link means the same in both languages.

Streamlit's own `bind="query-params"` writes the label on screen into the URL; a link shared by a
Chinese reader would then be void for an English one.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

import streamlit as st

from oneninex.ui.context import t

_PATH, _PENDING = "_path", "_url_pending"


def arrive() -> None:
    """Note whether this run shows another page, which empties the URL without meaning to.

    The address tells, since what belongs to every page is settled before the page is known.
    """
    path = urlsplit(st.context.url or "").path
    st.session_state["_arrived"] = st.session_state.get(_PATH) != path
    st.session_state[_PATH] = path


def seed(key: str, options: Sequence[str] | None, default: str) -> None:
    """Set the state of the widget `key` before it is drawn: URL first, then what was chosen.

    A widget that was just used wins over the URL, which the browser updates a moment later.
    `options` None takes any text.
    """
    state = st.session_state
    given, written = st.query_params.get(key), state.get(f"_url_{key}")
    touched = key in state and state[key] != state.get(f"_seen_{key}")
    cleared = given is None and written is not None and not state.get("_arrived")
    allowed = options is None or given in options
    if given is not None and not allowed and given != written:
        st.toast(t("common.error_link", value=given[:40]))
    elif given is not None and given != written and not touched:
        state[key] = given
    elif cleared and not touched:
        state[key] = default
    if key not in state or (options is not None and state[key] not in options):
        state[key] = default


def remember(key: str, default: str) -> None:
    """Note what the widget `key` says for the URL; the default keeps the URL clean.

    A link that spells the default out stays as it is: to take it out would be one more stop for
    the back button, and each way back would lead to it again.
    """
    state = st.session_state
    chosen = state[f"_seen_{key}"] = state[key]
    spelt_out = st.query_params.get(key) == chosen
    state[f"_url_{key}"] = None if chosen == default and not spelt_out else chosen
    state.setdefault(_PENDING, {})[key] = state[f"_url_{key}"]


def write() -> None:
    """Bring the URL up to date in one step, so that the run is one stop for the back button."""
    noted = st.session_state.pop(_PENDING, {})
    before = st.query_params.to_dict()
    after = {**before, **noted}
    after = {key: value for key, value in after.items() if value is not None}
    if after != before:
        st.query_params.from_dict(after)
