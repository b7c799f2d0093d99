"""Each page of the registry, by language and audience, against its reference file."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from oneninex.core.i18n import LANGS
from oneninex.domain.audience import Audience
from oneninex.ui import PAGES
from tests.golden import screen
from tests.golden.reference import compare
from tests.pages.conftest import opener
from tests.pages.conftest import through_app as through_app

AUDIENCES = ("planner", "leadership", "unit:U1", "public")
OPTIONAL = ("public",)  # until every page has a public form, it is looked at in one language
_LIGHT: dict[str, list[Any]] = {}  # pages that were drawn already, by name
Show = Callable[..., AppTest]


@pytest.fixture
def show(golden: Path, monkeypatch: pytest.MonkeyPatch) -> Show:
    """Open a page as an audience, in a language and a theme."""
    visit = opener(monkeypatch, golden / "store")

    def run(page: str, lang: str, audience: str = "planner", theme: str = "light") -> AppTest:
        reader = Audience.parse(audience)
        monkeypatch.setattr("oneninex.ui.session.reader", lambda: reader)
        monkeypatch.setattr(ContextProxy, "theme", property(lambda _: _Theme(theme)))
        return visit(page, lang)

    return run


class _Theme:
    def __init__(self, kind: str) -> None:
        self.type = kind


@pytest.mark.parametrize("name", [info.name for info in PAGES])
def test_page_shows_what_it_showed(show: Show, name: str) -> None:
    found: list[str] = []
    for lang in LANGS:
        planner = _lines(show, name, lang)
        found += [f"== {lang} planner", *planner]
        for audience in AUDIENCES[1:]:
            if audience in OPTIONAL and lang != LANGS[0]:
                continue
            found.append(f"== {lang} {audience}, where it differs from planner")
            found += _changed(planner, _lines(show, name, lang, audience))
    compare(f"pages/{name}", found)


@pytest.mark.parametrize("name", [info.name for info in PAGES])
def test_themes_differ_in_colours_alone(show: Show, name: str) -> None:
    dark = screen.contents(show(name, LANGS[0], theme="dark"))
    light = _LIGHT.get(name) or screen.contents(show(name, LANGS[0]))
    assert _without_colours(light) == _without_colours(dark)


def _lines(show: Show, name: str, lang: str, audience: str = "planner") -> list[str]:
    try:
        at = show(name, lang, audience)
    except ValueError as refusal:
        if "navigation page" in str(refusal):
            return ["not open to this audience"]
        raise
    if (lang, audience) == (LANGS[0], "planner"):
        _LIGHT[name] = screen.contents(at)
    return screen.lines(at)


def _without_colours(shown: list[Any]) -> list[str]:
    """One text per element, the frame that names the theme left out."""
    plain = screen.without_colours(shown)
    return [str(part) for part in plain if not _names_the_theme(part)]


def _names_the_theme(part: Any) -> bool:
    return isinstance(part, dict) and part.get("component") == "theme"


def _changed(before: list[str], after: list[str]) -> Iterator[str]:
    for line in difflib.unified_diff(before, after, n=0, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            yield line
