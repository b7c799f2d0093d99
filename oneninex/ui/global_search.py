"""One box above every page that finds units, enterprises, indicators, targets, datasets, pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from oneninex.core import escape, i18n
from oneninex.ui.context import is_empty, lang, query, t
from oneninex.ui.labels import search, unit_name

KEY = "find"
_MOST = 20
_LONGEST = 60  # characters
_SEEN_ON = "_find_page"
# In the order of the answer: the few before the many.
_KINDS = ("page", "unit", "indicator", "target", "dataset", "enterprise")
Entry = Mapping[str, Any]


def box(page: str) -> None:
    """The field; another page begins with an empty one."""
    if st.session_state.get(_SEEN_ON) != page:
        st.session_state[_SEEN_ON] = page
        st.session_state[KEY] = ""
    st.text_input(
        t("ui.find"),
        key=KEY,
        type="search",
        max_chars=_LONGEST,
        placeholder=t("ui.find"),
        label_visibility="collapsed",
        icon=":material/search:",
        width=260,
        persist_state="session",
    )


def answer(pages: Sequence[Entry], link: Callable[[str, str, dict[str, str]], None]) -> None:
    """What was found, each as a link to the page and the choices that show it.

    `pages` are entries of the pages that this reader has; `link` draws one link.
    """
    typed = str(st.session_state.get(KEY) or "").strip()[:_LONGEST]
    if not typed:
        return
    found = matches(typed, [*pages, *_index()])
    with st.container(border=True, key="found"):
        if not found:
            st.markdown(t("ui.found_none", words=escape.markdown(typed)))
            return
        st.caption(t("ui.found", words=escape.markdown(typed), number=len(found)))
        for entry in found[:_MOST]:
            page, address = target(entry)
            link(page, _words(entry), address)
        if len(found) > _MOST:
            st.caption(t("ui.found_more", more=len(found) - _MOST))


def matches(typed: str, entries: Sequence[Entry]) -> list[Entry]:
    """The entries in whose names, codes and words everything typed occurs, page after page."""
    rows = search(pa.Table.from_pylist([dict(entry) for entry in entries]), typed).to_pylist()
    wanted = typed.lower()
    return sorted(rows, key=lambda row: (row["code"].lower() != wanted, _KINDS.index(row["kind"])))


def target(entry: Entry) -> tuple[str, dict[str, str]]:
    """The page that shows an entry, and the choices to come to it with."""
    code, unit = entry["code"], entry["unit_id"]
    own = {"unit": unit} if unit else {}
    return {
        "page": (code, {}),
        "unit": ("unit_map", {"unit": code}),
        "indicator": ("methods", {"section": "indicators", "indicator": code}),
        "target": ("targets", {"target": code}),
        "dataset": ("datasets", {**own, "q": code}),
        "enterprise": ("enterprises", {**own, "section": "growth", "q": code}),
    }[entry["kind"]]


def page_entry(name: str, title_key: str, question_key: str) -> Entry:
    """A page as something to be found in both languages."""
    words = {code: i18n.text(title_key, code) for code in i18n.LANGS}
    asked = " ".join(i18n.text(question_key, code) for code in i18n.LANGS)
    named = {f"name_{code}": told for code, told in words.items()}
    return {"kind": "page", "code": name, "more": asked, "unit_id": None, **named}


def _index() -> list[Entry]:
    return [] if is_empty() else query("search_index").to_pylist()


def _words(entry: Entry) -> str:
    name = escape.markdown(entry[f"name_{lang()}"])
    if entry["kind"] == "page":
        return t("ui.found_one.page", name=name)
    where = unit_name(entry["unit_id"]) if entry["unit_id"] else ""
    return t(f"ui.found_one.{entry['kind']}", name=name, code=entry["code"], unit=where)
