"""Choices that live in the URL as codes, so that a link means the same in both languages.

Streamlit's own `bind="query-params"` writes the label on screen into the URL; a link shared by a
Chinese reader would then be void for an English one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from oneninex.ui.context import t

_VISIT, _LAST, _PENDING = "_visit", "_last_choices", "_url_pending"
EVERYWHERE = ("lang", "view")  # choices that belong to no page
# Choices of the top bar: every page has the same ones, and a link may name them.
SHARED = (*EVERYWHERE, "month", "against")
_HOME = ("", "home")  # the overview goes by three addresses


@dataclass(frozen=True)
class Said:
    """A choice as the reader sees it, for a line of words; `default` is what it starts with."""

    label: str
    name: str
    default: Any
    chosen: bool


@dataclass
class Visit:
    """One stay on one page: how the reader came, and which choices the page has offered."""

    page: str
    by_link: bool
    back: bool = False
    offered: set[str] = field(default_factory=set)
    said: dict[str, Said] = field(default_factory=dict)


def arrive() -> None:
    """Note whether this run shows another page, and whether the back button led to it.

    The address tells, since what belongs to every page is settled before the page is known.
    """
    page = urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2]
    page = "overview" if page in _HOME else page
    visit = st.session_state.get(_VISIT)
    if not isinstance(visit, Visit) or visit.page != page:
        by_link = any(key not in EVERYWHERE for key in st.query_params)
        visit = st.session_state[_VISIT] = Visit(page, by_link)
    # Going back is known to Streamlit's own query binding only, and not to st.context.
    visit.back = bool(getattr(get_script_run_ctx(), "is_history_navigation", False))
    visit.said = {}


def page() -> str:
    """The page of this run, as its address names it."""
    return _visit().page


def seed(key: str, options: Sequence[str] | None, default: str) -> None:
    """Set the state of the widget `key` before it is drawn: URL first, then what was chosen.

    A widget that was just used wins over the URL, which the browser updates a moment later.
    `options` None takes any text.
    """
    state, visit = st.session_state, _visit()
    given, written = st.query_params.get(key), state.get(f"_url_{key}")
    first = key not in visit.offered
    visit.offered.add(key)
    touched = key in state and state[key] != state.get(f"_seen_{key}")
    allowed = options is None or given in options
    if given is not None and not allowed and given != written:
        st.toast(t("common.error_link", value=given[:40]))
        state[key] = default
    elif given is not None and allowed and not touched:
        state[key] = given
    elif given is None and not touched:
        _unsaid(key, default, first)
    if key not in state or (options is not None and state[key] not in options):
        state[key] = default


def _unsaid(key: str, default: str, first: bool) -> None:
    """The state of a choice that the URL does not name.

    Going back, and a choice that was taken out of the address, mean the default. On arrival by
    the menu a page is as it was left; what it has not seen yet follows the page before, where
    the reader chose it there.
    """
    state, visit = st.session_state, _visit()
    written = state.get(f"_url_{key}")
    if visit.back or (written is not None and not first):
        state[key] = default
    elif first:
        last = {} if visit.by_link else state.get(_LAST, {}).get(visit.page, {})
        if key in last:
            state[key] = last[key]
        elif written is None:
            state[key] = default


def remember(key: str, default: str, written: str | None = None) -> None:
    """Note what the widget `key` says for the URL; the default keeps the URL clean.

    `written` is how the URL spells a choice that is no text.
    A link that spells the default out stays as it is: to take it out would be one more stop for
    the back button, and each way back would lead to it again.
    """
    state = st.session_state
    state[f"_seen_{key}"] = state[key]
    chosen = state[key] if written is None else written
    spelt_out = st.query_params.get(key) == chosen
    state[f"_url_{key}"] = None if chosen == default and not spelt_out else chosen
    state.setdefault(_PENDING, {})[key] = state[f"_url_{key}"]
    if key not in SHARED:
        state.setdefault(_LAST, {}).setdefault(_visit().page, {})[key] = state[key]


def say(key: str, label: str, name: str, default: Any) -> None:
    """Keep a choice of this run in words, for print, files and the way back to the defaults."""
    now = st.session_state[key]
    _visit().said[key] = Said(label, name, default, now is not None and now != default)


def said() -> list[Said]:
    """The choices of the page in words, in the order in which it offers them."""
    return list(_visit().said.values())


def reset() -> None:
    """Put every choice of the page back to what it starts with; called before a run."""
    for key, choice in _visit().said.items():
        st.session_state[key] = choice.default


def write() -> None:
    """Bring the URL up to date in one step, so that the run is one stop for the back button."""
    noted = st.session_state.pop(_PENDING, {})
    before = st.query_params.to_dict()
    after = {**before, **noted}
    after = {key: value for key, value in after.items() if value is not None}
    if after != before:
        st.query_params.from_dict(after)


def _visit() -> Visit:
    """The visit of this session; a page that is run without the frame gets one as well."""
    return st.session_state.setdefault(_VISIT, Visit("", by_link=False))
