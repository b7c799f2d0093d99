"""A sign-in that ends while a page is drawn: the door is shown, never the half of a page."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.domain.audience import Audience
from tests.pages.conftest import cards, figures


@pytest.fixture
def ends_after(small_store: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Callable]:
    """Leadership for so many questions who reads, then nobody any more."""

    def set_up(questions: int) -> Callable[[], int]:
        asked = count()
        leader = Audience.parse("leadership")
        monkeypatch.setenv("ONENINEX_STORE", str(small_store))
        monkeypatch.setattr("oneninex.ui.session.sign_in_configured", lambda: True)
        monkeypatch.setattr("oneninex.ui.session.is_signed_in", lambda: True)
        monkeypatch.setattr("oneninex.ui.session.person", lambda: "anna")
        monkeypatch.setattr(
            "oneninex.ui.session.reader",
            lambda: leader if next(asked) < questions else "expired",
        )
        return lambda: next(asked)

    return set_up


@pytest.mark.parametrize(
    ("view", "questions"),
    [("", 0), ("", 1), ("", 2), ("", 4), ("", 8), ("", 24), ("wall", 0), ("wall", 1), ("wall", 3)],
)
def test_the_door_is_shown(ends_after, view: str, questions: int) -> None:
    asked = ends_after(questions)
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["view"] = view
    at.run()

    assert asked() > questions, "the sign-in did not end during this run"
    assert text("access.expired", "zh") in [found.value for found in at.markdown]
    assert (figures(at), cards(at), list(at.exception), list(at.error)) == ([], {}, [], [])


def test_part_of_a_page_drawn_alone_asks_again(ends_after) -> None:
    ends_after(0)
    at = AppTest.from_string(
        """
import streamlit as st
from oneninex.ui import context

first = "seen" not in st.session_state
st.session_state["seen"] = True
if first:
    context.fragment(lambda: st.write("of somebody else"))()
    st.write("below it")
else:
    st.write("the door")
"""
    ).run()
    assert [found.value for found in at.markdown] == ["the door"]
