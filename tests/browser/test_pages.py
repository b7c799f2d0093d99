"""Each page, in both languages, on demo data and on nothing, as a reader's browser shows it.

That there is no console error and no request that leaves the machine is checked for each test by
the `watch` fixture.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from oneninex.core.i18n import LANGS, text
from tests.browser import latin, states
from tests.browser.dashboard import axe, open_page, page_names, plain, wait_until_drawn_for

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
# A headline figure or its change that is cut off says something else.
CUT_FIGURES = """main => [...main.querySelectorAll(
    ':is(.card, [data-testid="stMetricValue"], [data-testid="stMetricDelta"])')]
    .flatMap(part => [part, ...part.querySelectorAll('*')])
    .filter(part => !part.matches('.unseen') && part.scrollWidth > part.clientWidth + 1
        && getComputedStyle(part).overflowX !== 'visible'
        && getComputedStyle(part).textOverflow !== 'ellipsis')
    .map(part => part.innerText)"""
every_page = pytest.mark.parametrize("name", page_names())
every_language = pytest.mark.parametrize("lang", LANGS)


def assert_page_stands(page: Page, name: str, lang: str) -> None:
    """The page has its name in its language as its heading, and nothing on it failed."""
    for failure in ("stException", "stAlertContentError"):
        expect(page.get_by_test_id(failure)).to_have_count(0)
    title = plain(text(f"common.page.{name}.title", lang))
    expect(page.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible()
    expect(page).to_have_title(re.compile(re.escape(text(f"common.page.{name}.title", lang))))
    assert page.evaluate("document.documentElement.lang").startswith(lang)


def assert_first_screen_answers(page: Page, size: ViewportSize) -> None:
    """The answer and the mark of demo data are in view before anybody scrolls."""
    answer = page.locator(".st-key-answer, .conclusions, .takeaway").first
    assert len(answer.inner_text()) > 5
    for part in (answer, page.locator(".demo-mark")):
        box = part.bounding_box()
        assert box
        assert 0 < box["y"] < box["y"] + box["height"] < size["height"]


@every_page
@pytest.mark.parametrize(
    ("lang", "scheme", "size"),
    [("zh", "light", WIDE), ("en", "dark", PHONE)],
    ids=["wide", "phone"],
)
def test_page_opens_answers_fits_and_is_accessible(
    page: Page,
    app: str,
    name: str,
    lang: str,
    scheme: Literal["light", "dark"],
    size: ViewportSize,
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    open_page(page, app, name, lang)

    assert_page_stands(page, name, lang)
    assert_first_screen_answers(page, size)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth - main.clientWidth") == 0
    assert main.evaluate(CUT_FIGURES) == []
    if lang == "zh":
        assert latin.words(page) == set()
    assert axe(page) == []
    if scheme == "light":
        # The other theme has the same elements in other colours, and so has any width.
        page.emulate_media(color_scheme="dark")
        wait_until_drawn_for(page, "dark")
        assert axe(page, only=["color-contrast"]) == []


# Every page on an empty store is opened without a browser in tests/pages.
@pytest.mark.parametrize("name", ["overview", "methods"])
def test_page_on_an_empty_store_says_what_to_do(page: Page, empty_app: str, name: str) -> None:
    open_page(page, empty_app, name, "zh")

    assert_page_stands(page, name, "zh")
    expect(page.get_by_text(plain(text("common.empty_store", "zh")), exact=True)).to_be_visible()
    expect(page.locator(".demo-mark")).to_have_count(0)
    assert latin.words(page) <= {"python", "oneninex", "make", "run", "import"}
    assert axe(page) == []


def test_a_damaged_store_is_told_in_words(page: Page, empty_app: str, empty_store: Path) -> None:
    states.damage(empty_store)
    open_page(page, empty_app, "overview", "zh")
    (empty_store / "CURRENT").unlink()

    told = page.get_by_test_id("stAlertContentError").last  # the bar says it too
    expect(told).to_contain_text(text("store.pointer_damaged", "zh", path="CURRENT"))
    assert latin.words(page) == set()
    assert axe(page) == []


@every_language
def test_the_bare_address_leads_to_the_overview_and_the_menu_to_every_page(
    page: Page, app: str, lang: str
) -> None:
    open_page(page, app, "", lang)

    assert_page_stands(page, "overview", lang)
    menu = page.locator(".st-key-rail")
    for name in page_names():
        label = text(f"common.page.{name}.label", lang)
        expect(menu.get_by_text(label, exact=True)).to_be_visible()
