"""A click on a unit in a real browser: the map's page shows it, the overview leads there.

Where a mark stands on the canvas is computed as web maps do, from the view that the map opens with.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from playwright.sync_api import Locator, Page, Position, TimeoutError, expect

from oneninex import store
from oneninex.core.i18n import LANGS, text
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.figures.maps import units_map
from oneninex.store import Store
from tests.browser.dashboard import PATIENCE, open_page, wait_until_idle

PATIENT = PATIENCE * 1000
ALONE = ("U3", "U7")  # units whose point no other unit shares


@pytest.fixture(scope="module")
def units(demo_store: Path) -> dict[str, dict[str, Any]]:
    """The units of the demo data by id."""
    snapshot = Store(demo_store).current()
    assert snapshot
    rows = store.query("indicator_by_unit", snapshot=snapshot).to_pylist()
    return {row["unit_id"]: row for row in rows}


def map_of(page: Page) -> Locator:
    return page.get_by_test_id("stDeckGlJsonChart")


def place_of(page: Page, unit: dict[str, Any]) -> Position:
    """Where the unit's mark stands on the map, from the map's corner."""
    table = pa.Table.from_pylist([unit])
    land = Plan.load(ROOT / "data" / "plan").land
    deck: Any = units_map(
        table,
        measure="m",
        lang="en",
        theme="light",
        **land,
    )
    view = deck.initial_view_state
    size = 512 * 2**view.zoom
    box = map_of(page).bounding_box()
    assert box
    x = box["width"] / 2 + (unit["lon"] - view.longitude) / 360 * size
    y = box["height"] / 2 - (_north(unit["lat"]) - _north(view.latitude)) / (2 * math.pi) * size
    return {"x": x, "y": y}


def click(page: Page, place: Position, outcome: Locator) -> None:
    """Click on the map until the outcome is there.

    The map takes a press of more than a quarter of a second for none, and on a busy machine
    without a graphics card every press can become one.
    """
    for _ in range(5):
        map_of(page).hover(position=place)
        wait_until_idle(page)
        map_of(page).click(position=place)
        try:
            outcome.wait_for(timeout=PATIENT / 6)
        except TimeoutError:
            continue
        break
    expect(outcome).to_be_visible()
    wait_until_idle(page)


def _north(latitude: float) -> float:
    return math.asinh(math.tan(math.radians(latitude)))


@pytest.mark.parametrize(("lang", "unit_id"), [*zip(LANGS, ALONE, strict=True)])
def test_click_on_a_unit_filters_and_click_beside_it_clears(
    page: Page, app: str, units: dict[str, dict[str, Any]], lang: str, unit_id: str
) -> None:
    open_page(page, app, "unit_map", lang)
    card = page.get_by_role("heading", name=units[unit_id][f"name_{lang}"], exact=True)
    expect(card).to_have_count(0)

    click(page, place_of(page, units[unit_id]), card)

    expect(page).to_have_url(re.compile(rf"[?&]unit={unit_id}\b"))
    click(page, {"x": 6, "y": 6}, page.get_by_text(text("unit_map.choose", lang)))
    expect(card).to_have_count(0)
    expect(page).not_to_have_url(re.compile(r"[?&]unit="))


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_a_unit_of_the_overview_leads_to_its_card(
    page: Page, app: str, units: dict[str, dict[str, Any]], way: str
) -> None:
    open_page(page, app, "overview", "zh")
    if way == "mouse":
        page.locator('.map .place[data-row="U3"]').click()
    else:
        page.locator('tr[data-row="unit:U3"]').focus()
        page.keyboard.press("Enter")

    card = page.get_by_role("heading", name=units["U3"]["name_zh"], exact=True)
    expect(card).to_be_visible(timeout=PATIENT)
    expect(page).to_have_url(re.compile(r"/unit_map\?.*unit=U3\b"))


def test_a_link_opens_the_units_card(
    page: Page, app: str, units: dict[str, dict[str, Any]]
) -> None:
    page.goto(f"{app}/unit_map?lang=en&unit=U9&measure=workers&map_month=2026-09")
    wait_until_idle(page)

    expect(page.get_by_role("heading", name=units["U9"]["name_en"], exact=True)).to_be_visible()
    title = text("unit_map.map_title", "en", month="Sept 2026", measure="Workers")
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()


def test_a_matter_of_the_overview_leads_to_its_page(page: Page, app: str) -> None:
    open_page(page, app, "overview", "en")
    matter = page.locator(".decisions a").filter(has_text="Overdue")

    matter.first.click()

    title = page.get_by_role("heading", name=text("common.page.returns.title", "en"), level=1)
    expect(title).to_be_visible(timeout=PATIENT)
    expect(page).to_have_url(re.compile(r"/returns\b"))
    wait_until_idle(page)
