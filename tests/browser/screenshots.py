"""Pictures of each page: both languages, light and dark, a laptop and a phone, and every state.

`make screenshots` writes them to build/screenshots, beside them contact sheets that show the four
looks of a page at once, and into docs/images the pictures of the README's tour.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from oneninex.core.i18n import LANGS
from oneninex.core.settings import ROOT
from tests.browser import chromium, dashboard, states

SCHEMES = ("light", "dark")
SIZES: dict[str, ViewportSize] = {
    "wide": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
}
# The README's tour: name of the picture, address, what has to be in view, size.
TOUR = (
    ("overview", "overview?lang=en", None, "wide"),
    ("targets", "targets?lang=en", None, "wide"),
    ("map", "unit_map?lang=en&unit=U3", None, "wide"),
    ("units", "units?lang=en", None, "wide"),
    ("returns", "returns?lang=en", None, "wide"),
    ("briefing", "briefing?lang=zh", None, "wide"),
    ("phone", "overview?lang=zh", None, "phone"),
)
IMAGES = ROOT / "docs" / "images"
# Streamlit scrolls inside the page, so that a full-page picture needs a window as tall as it is.
OVERFLOW = """() => {
    const main = document.querySelector('[data-testid="stMain"]');
    return main.scrollHeight - main.clientHeight;
}"""


def main(folder: Path, names: Sequence[str]) -> None:
    """Write the pictures of these pages to `folder`; of every page, state and the tour by default.

    `names` are pages, states, or the word `tour`.
    """
    browser_path = chromium.find()
    if not browser_path:
        sys.exit(chromium.ABSENT)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = set(names) or {*dashboard.page_names(), *states.NAMES, "tour"}
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(browser_path), args=chromium.ARGUMENTS
        )
        pages = [name for name in dashboard.page_names() if name in wanted]
        if pages or "tour" in wanted:
            store = _demo_store(Path(scratch))
            with dashboard.serve(store, Path(scratch) / "server.log") as address:
                for name in pages:
                    _picture(browser, address, name, f"{name}?", folder)
                if "tour" in wanted:
                    _tour(browser, address)
        for name in states.NAMES:
            if name in wanted:
                with states.serve(name, Path(scratch) / name) as (address, path):
                    _picture(browser, address, f"state-{name}", path, folder)
        browser.close()


def _demo_store(scratch: Path) -> Path:
    """A store with the demo returns, as `make run` makes it."""
    dashboard.fill_store(scratch / "store", scratch / "returns")
    return scratch / "store"


def _picture(browser: Browser, address: str, name: str, path: str, folder: Path) -> None:
    """The page in every look, and a sheet for each size that shows its looks side by side."""
    taken: dict[str, list[Path]] = {size: [] for size in SIZES}
    for size, scheme, lang, page in _looks(browser, f"{address}/{path}"):
        file = folder / f"{name}-{lang}-{scheme}-{size}.png"
        page.screenshot(path=file)
        taken[size].append(file)
        print(file, flush=True)
    for size, files in taken.items():
        _sheet(files, folder / f"sheet-{name}-{size}.png")


def _looks(browser: Browser, address: str) -> Iterator[tuple[str, str, str, Page]]:
    """The page drawn in full height, once for each size, scheme and language."""
    for scheme, lang in product(SCHEMES, LANGS):
        page = browser.new_page(
            viewport=SIZES["wide"],
            color_scheme="dark" if scheme == "dark" else "light",
            locale="zh-CN" if lang == "zh" else "en-GB",
            timezone_id="Asia/Shanghai",
        )
        page.goto(f"{address}&lang={lang}")
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            page.reload()  # a window that only shrinks leaves the menu half open
            dashboard.wait_until_idle(page)
            height = viewport["height"] + page.evaluate(OVERFLOW)
            page.set_viewport_size({**viewport, "height": height})
            dashboard.wait_until_idle(page)
            yield size, scheme, lang, page
        page.close()


def _sheet(files: Sequence[Path], target: Path) -> None:
    """The pictures side by side, half as large."""
    pictures = [Image.open(file).convert("RGB").reduce(2) for file in files]
    width = sum(picture.width for picture in pictures)
    sheet = Image.new("RGB", (width, max(picture.height for picture in pictures)), "#808080")
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width
    sheet.save(target, optimize=True)


def _tour(browser: Browser, address: str) -> None:
    """What the README shows: the first screen of a page."""
    for name, path, selector, size in TOUR:
        page = browser.new_page(viewport=SIZES[size], locale="en-GB", timezone_id="Asia/Shanghai")
        page.goto(f"{address}/{path}")
        dashboard.wait_until_idle(page)
        if selector:
            page.locator(selector).first.scroll_into_view_if_needed()
            dashboard.wait_until_idle(page)
        file = IMAGES / f"{name}.png"
        page.screenshot(path=file)
        page.close()
        Image.open(file).convert("RGB").save(file, optimize=True)
        print(file, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
