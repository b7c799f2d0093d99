"""Pictures of each page: both languages, light and dark, a wide screen and a phone.

`make screenshots` writes them to build/screenshots; the README's picture is one of them.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from oneninex.i18n import LANGS
from tests.browser import chromium, dashboard

SCHEMES = ("light", "dark")
SIZES: dict[str, ViewportSize] = {
    "wide": {"width": 1440, "height": 900},
    "phone": {"width": 390, "height": 844},
}
# Streamlit scrolls inside the page, so that a full-page picture needs a window as tall as it is.
OVERFLOW = """() => {
    const main = document.querySelector('[data-testid="stMain"]');
    return main.scrollHeight - main.clientHeight;
}"""


def main(folder: Path) -> None:
    """Fill a store with demo data, open every page in every shape and write the pictures."""
    browser_path = chromium.find()
    if not browser_path:
        sys.exit(chromium.ABSENT)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        store = Path(scratch) / "store"
        dashboard.fill_store(store, Path(scratch) / "returns")
        browser = playwright.chromium.launch(
            executable_path=str(browser_path), args=chromium.ARGUMENTS
        )
        with dashboard.serve(store, Path(scratch) / "server.log") as address:
            for name, page in _shapes(browser, address):
                page.screenshot(path=folder / f"{name}.png")
                print(folder / f"{name}.png", flush=True)
        browser.close()


def _shapes(browser: Browser, address: str) -> Iterator[tuple[str, Page]]:
    """Each page, drawn, with the name of its picture."""
    for (size, viewport), scheme, lang in product(SIZES.items(), SCHEMES, LANGS):
        for name in dashboard.page_names():
            context = browser.new_context(
                viewport=viewport,
                color_scheme="dark" if scheme == "dark" else "light",
                locale="zh-CN" if lang == "zh" else "en-GB",
                timezone_id="Asia/Shanghai",
            )
            page = context.new_page()
            dashboard.open_page(page, address, name, lang)
            page.set_viewport_size(
                {**viewport, "height": viewport["height"] + page.evaluate(OVERFLOW)}
            )
            dashboard.wait_until_idle(page)
            yield f"{name}-{lang}-{scheme}-{size}", page
            context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
