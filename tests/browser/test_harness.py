"""The browser tests can fail: what they must notice is put before them here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from oneninex.core.settings import ROOT
from tests.browser.dashboard import Watch, axe, serve, wait_until_idle

FAULTY_PAGES = """
import time

import streamlit as st

def slow():
    time.sleep(1)
    st.title("drawn at last")

def broken():
    raise ValueError("broken")

def outside():
    st.html("<img alt='' src='http://tiles.example/0/0/0.png'>")

def unlabelled():
    pixel = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    st.html(f"<img src='{pixel}'>")

def webgl():
    import pydeck
    deck = pydeck.Deck(
        map_style="data:application/json,{\\"version\\":8,\\"sources\\":{},\\"layers\\":[]}",
        layers=[pydeck.Layer("ScatterplotLayer", [{"p": [119, 33.5]}], id="p", get_position="p")],
        initial_view_state=pydeck.ViewState(longitude=119, latitude=33.5, zoom=6),
    )
    st.pydeck_chart(deck, key="map")

faulty = (slow, broken, outside, unlabelled, webgl)
pages = [st.Page(page, url_path=page.__name__) for page in faulty]
st.navigation([st.Page(lambda: st.title("quiet"), url_path="quiet", default=True), *pages]).run()
"""


SERVE = """
import streamlit as st
from starlette.middleware import Middleware

from oneninex.server.middleware.html_rewrite import Page

app = st.App("faulty_app.py", middleware=[Middleware(Page, "zh")])
"""


@pytest.fixture(scope="module")
def faulty(chromium_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("faulty")
    (folder / "faulty_app.py").write_text(FAULTY_PAGES, encoding="utf-8")
    shutil.copytree(ROOT / "static", folder / "static")  # every page asks for its figures' code
    script = folder / "serve.py"
    script.write_text(SERVE, encoding="utf-8")
    with serve(folder / "store", folder / "server.log", script) as address:
        yield address


@pytest.fixture
def context_of_its_own(browser: Browser) -> Iterator[BrowserContext]:
    """A context beside the one that the `watch` fixture looks at, since faults are wanted here."""
    context = browser.new_context(service_workers="block")
    yield context
    context.close()


def test_a_quiet_page_is_quiet(page: Page, faulty: str, watch: Watch) -> None:
    page.goto(faulty)
    wait_until_idle(page)

    watch.assert_quiet()
    expect(page.get_by_role("heading", name="quiet")).to_be_visible()


def test_waits_until_a_slow_page_is_drawn(page: Page, faulty: str) -> None:
    page.goto(f"{faulty}/slow")
    wait_until_idle(page)

    assert page.get_by_role("heading", name="drawn at last").is_visible()


def test_an_exception_in_a_page_is_seen(page: Page, faulty: str) -> None:
    page.goto(f"{faulty}/broken")
    wait_until_idle(page)

    assert page.get_by_test_id("stException").count() == 1


def test_maps_can_be_drawn(page: Page, faulty: str) -> None:
    page.goto(f"{faulty}/webgl")
    wait_until_idle(page)

    context = "document.createElement('canvas').getContext('webgl2') !== null"
    assert page.evaluate(context)
    expect(page.locator("[data-testid=stDeckGlJsonChart] canvas").first).to_be_visible()


def test_a_request_that_leaves_the_machine_is_noted(
    context_of_its_own: BrowserContext, faulty: str
) -> None:
    watching = Watch().over(context_of_its_own)
    page = context_of_its_own.new_page()
    with page.expect_request("http://tiles.example/**"):
        page.goto(f"{faulty}/outside")
    wait_until_idle(page)

    assert watching.outside == ["http://tiles.example/0/0/0.png"]
    with pytest.raises(AssertionError, match="leave this machine"):
        watching.assert_quiet()


@pytest.mark.parametrize("script", ["console.error('wrong')", "setTimeout(() => { wrong() })"])
def test_an_error_in_the_console_is_noted(context_of_its_own: BrowserContext, script: str) -> None:
    watching = Watch().over(context_of_its_own)
    page = context_of_its_own.new_page()
    page.set_content(f"<script>{script}</script>")
    page.evaluate("() => new Promise(done => setTimeout(done))")

    assert len(watching.errors) == 1
    assert "wrong" in watching.errors[0]
    with pytest.raises(AssertionError, match="console"):
        watching.assert_quiet()


def test_a_picture_without_words_is_a_finding(page: Page, faulty: str) -> None:
    page.goto(f"{faulty}/unlabelled")
    wait_until_idle(page)

    assert any(found.startswith("image-alt") for found in axe(page))
