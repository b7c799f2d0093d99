"""Each page, in both languages, on demo data and on nothing, as a reader's browser shows it.

That there is no console error and no request that leaves the machine is checked for each test by
the `watch` fixture.
"""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from oneninex.i18n import LANGS, text
from tests.browser.dashboard import axe, open_page, page_names, plain

WIDE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
every_page = pytest.mark.parametrize("name", page_names())
every_language = pytest.mark.parametrize("lang", LANGS)


def assert_page_stands(page: Page, name: str, lang: str) -> None:
    """The page asks its question in its language, and nothing on it failed."""
    for failure in ("stException", "stAlertContentError"):
        expect(page.get_by_test_id(failure)).to_have_count(0)
    question = plain(text(f"common.page.{name}.question", lang))
    expect(page.get_by_role("heading", name=question, exact=True)).to_be_visible()
    expect(page).to_have_title(re.compile(re.escape(text(f"common.page.{name}.title", lang))))
    assert page.evaluate("document.documentElement.lang").startswith(lang)


@every_page
@pytest.mark.parametrize(
    ("lang", "scheme", "size"),
    [("zh", "light", WIDE), ("en", "dark", PHONE)],
    ids=["wide", "phone"],
)
def test_page_opens_fits_and_is_accessible(
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
    banner = plain(text("common.demo_banner", lang))
    expect(page.get_by_text(banner, exact=True)).to_be_visible()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth - main.clientWidth") == 0
    assert axe(page) == []


# Every page on an empty store is opened without a browser in tests/pages.
@pytest.mark.parametrize("name", ["overview", "methods"])
def test_page_on_an_empty_store_says_what_to_do(page: Page, empty_app: str, name: str) -> None:
    open_page(page, empty_app, name, "zh")

    assert_page_stands(page, name, "zh")
    expect(page.get_by_text(plain(text("common.empty_store", "zh")), exact=True)).to_be_visible()
    expect(page.get_by_text(plain(text("common.demo_banner", "zh")))).to_have_count(0)


@every_language
def test_the_bare_address_leads_to_the_overview(page: Page, app: str, lang: str) -> None:
    open_page(page, app, "", lang)

    assert_page_stands(page, "overview", lang)


@every_language
def test_every_page_is_in_the_menu(page: Page, app: str, lang: str) -> None:
    open_page(page, app, "", lang)

    menu = page.get_by_test_id("stSidebarNav")
    for name in page_names():
        expect(
            menu.get_by_text(text(f"common.page.{name}.title", lang), exact=True)
        ).to_be_visible()


@pytest.mark.parametrize(
    ("name", "width"), [("overview", 1280), ("throughput", 1280), ("overview", 390)]
)
def test_no_headline_figure_is_cut_off(page: Page, app: str, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_page(page, app, name, "zh")

    expect(page.get_by_test_id("stMetricValue").nth(3)).to_be_visible(timeout=90_000)
    cut = page.get_by_test_id("stMetric").evaluate_all(
        """cards => cards.flatMap(card => [...card.querySelectorAll(
            '[data-testid="stMetricValue"], [data-testid="stMetricDelta"]')]
            .flatMap(part => [part, ...part.querySelectorAll('*')])
            .filter(part => part.scrollWidth > part.clientWidth + 1
                && getComputedStyle(part).overflowX !== 'visible')
            .map(part => part.innerText))"""
    )
    assert cut == []
