"""Budgets of a page: one bar, one line of filters, a figure in the first screen, few screens.

`NOT_YET` lists pages that are still built of single elements; each one that is rebuilt leaves it.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.dashboard import open_page, page_names, wait_until_idle

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
NOT_YET = {
    "benchmarks", "briefing", "datasets", "enterprises", "methods", "returns",
    "throughput", "unit_map", "units",
}  # fmt: skip
BUILT = sorted(set(page_names()) - NOT_YET)
ONE_SCREEN = {"overview": (1.0, 2.0)}
REGISTERS = {"my_unit", "tasks"}  # pages of what is to be done, which need not show a figure
SCREENS = (3.0, 5.0)  # at most, on a desk and on a phone
FIRST_FIGURE = 560  # pixels within which a figure ends on a desk, and begins on a phone
# What lies over a point of an element's middle, or is part of it.
COVERED = """part => {
    const box = part.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return !top || part.contains(top) || top.contains(part) ? null : top.outerHTML.slice(0, 120);
}"""
HEIGHT = "main => main.scrollHeight / main.clientHeight"


@pytest.mark.parametrize("name", page_names())
def test_every_page_has_one_bar_and_its_rail(page: Page, app: str, name: str) -> None:
    page.set_viewport_size(DESK)
    open_page(page, app, name, "zh")

    bar = page.locator(".st-key-topbar").bounding_box()
    assert bar
    assert (bar["y"], bar["height"]) == (0, 48)
    rail = page.locator(".st-key-rail").bounding_box()
    assert rail
    assert (rail["x"], rail["y"], rail["width"]) == (0, 48, 64)
    expect(page.get_by_test_id("stSidebar")).to_have_count(0)
    filters = page.locator(":is(.st-key-filters, .st-key-month_range)")
    if filters.count():
        box = filters.first.bounding_box()
        assert box
        assert box["height"] <= 48


@pytest.mark.parametrize("name", BUILT)
def test_a_page_shows_a_figure_first_and_stays_short(page: Page, app: str, name: str) -> None:
    for size, number in ((DESK, 0), (PHONE, 1)):
        page.set_viewport_size(size)
        open_page(page, app, name, "zh")
        main = page.get_by_test_id("stMain")
        assert main.evaluate(HEIGHT) <= ONE_SCREEN.get(name, SCREENS)[number] + 0.005
        if name in REGISTERS:
            continue
        boxes = [figure.bounding_box() for figure in page.locator("[data-figure]").all()]
        seen = [box for box in boxes if box and box["height"] > 0]
        assert seen
        assert min(box["y"] + (size is DESK and box["height"]) for box in seen) < FIRST_FIGURE


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_lies_over_what_can_be_clicked(page: Page, app: str, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    open_page(page, app, "overview", "zh")
    frame = ".st-key-topbar :is(button, input), .st-key-period :is(button, input), .st-key-rail a"
    parts = [part for part in page.locator(frame).all() if part.is_visible()]
    assert len(parts) > 8
    assert [found for part in parts if (found := part.evaluate(COVERED))] == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_what_opens_lies_over_bar_and_rail(page: Page, app: str, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    open_page(page, app, "overview", "zh")

    page.locator(".st-key-period").get_by_role("combobox").click()
    option = page.get_by_role("option").nth(1)
    option.wait_for()
    assert option.evaluate(COVERED) is None
    page.keyboard.press("Escape")

    page.locator('[data-menu="targets"], [data-menu="decisions"]').locator(
        "visible=true"
    ).first.click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    wait_until_idle(page)
    assert dialog.get_by_role("button").first.evaluate(COVERED) is None
    page.keyboard.press("Escape")

    page.keyboard.press("/")
    page.keyboard.type("U3")
    page.keyboard.press("Enter")
    link = page.locator(".st-key-found a").first
    link.wait_for()
    assert link.evaluate(COVERED) is None


def test_a_phone_reaches_every_page_by_more(page: Page, app: str) -> None:
    page.set_viewport_size(PHONE)
    open_page(page, app, "overview", "zh")
    assert page.locator(".st-key-rail a").locator("visible=true").count() == 4

    page.locator(".st-key-rail_more button").click()
    links = page.get_by_test_id("stPopoverBody").get_by_role("link")
    links.first.wait_for()
    assert links.count() == len(page_names()) - 4
    assert [found for link in links.all() if (found := link.evaluate(COVERED))] == []


def test_a_tip_comes_at_once_and_a_row_answers_to_the_keyboard(page: Page, app: str) -> None:
    page.set_viewport_size(DESK)
    open_page(page, app, "overview", "zh")
    row = page.locator('tr[data-row="ai_hq_datasets"]')

    row.hover()
    page.wait_for_timeout(100)
    expect(page.locator(".figure-tip")).to_have_class("figure-tip shown", timeout=100)

    row.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.row") not in (None, "ai_hq_datasets")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "target=ai_hq_datasets" in url)


def test_focus_stays_on_its_row_when_the_month_changes(page: Page, app: str) -> None:
    page.set_viewport_size(DESK)
    open_page(page, app, "overview", "zh")
    page.locator('tr[data-row="unit:U2"]').focus()
    first = page.locator(".tile .card-value").first.inner_text()

    # As the browser does it when the same message comes with other figures.
    page.evaluate("document.querySelector('.st-key-month_before button').click()")
    page.wait_for_function(
        "first => document.querySelector('.tile .card-value').innerText !== first", arg=first
    )

    assert page.evaluate("document.activeElement.dataset.row") == "unit:U2"
