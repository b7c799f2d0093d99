"""A figure stays where it is while its numbers change: element, zoom, scroll position."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from oneninex.core import static_assets
from oneninex.core.i18n import text
from tests.browser.dashboard import Watch, axe, open_page, wait_until_idle

RANGE = "chart => chart._fullLayout.xaxis.range.map(String)"
VALUES = "chart => JSON.stringify(chart._fullData[0].y)"
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"


def test_a_filter_change_keeps_element_zoom_and_scroll(page: Page, app: str) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    open_page(page, app, "throughput", "zh")
    chart = page.locator(".st-key-chart_output .chart")
    chart.evaluate("chart => { chart.marked = true }")
    whole, before = chart.evaluate(RANGE), chart.evaluate(VALUES)
    box = chart.bounding_box()
    assert box
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.5, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, middle, steps=5)
    page.mouse.up()
    page.wait_for_timeout(300)
    zoomed = chart.evaluate(RANGE)
    assert zoomed != whole

    unit = page.locator(".st-key-unit").get_by_role("combobox")
    unit.click()
    scrolled = page.evaluate(SCROLLED)
    page.get_by_role("option").nth(1).click()
    wait_until_idle(page)

    assert chart.evaluate(VALUES) != before
    assert chart.evaluate(RANGE) == zoomed
    assert chart.evaluate("chart => chart.marked")
    assert page.evaluate(SCROLLED) == scrolled
    assert any(static_assets.PLOTLY in url for url in loaded)
    assert not any("PlotlyChart" in url or "DeckGl" in url for url in loaded)


OUTPUT = ".st-key-figure_output"


def test_buttons_of_a_figure_work_while_its_library_is_on_the_way(page: Page, app: str) -> None:
    late: list[Route] = []
    page.route(f"**/{static_assets.PLOTLY}*", lambda route: late.append(route))
    page.goto(f"{app}/throughput?lang=zh")
    data, made = (page.locator(f'{OUTPUT} button[name="{name}"]') for name in ("data", "made"))
    data.click()
    made.click()
    expect(page.locator(OUTPUT).get_by_test_id("stDataFrame").first).to_be_visible()
    expect(page.locator(OUTPUT).get_by_test_id("stCode").first).to_be_visible()
    for route in late:
        route.continue_()
    wait_until_idle(page)

    for button in (data, made):
        expect(button).to_have_attribute("aria-expanded", "true")
    assert page.locator(f"{OUTPUT} .main-svg").first.is_visible()
    data.click()
    expect(data).to_have_attribute("aria-expanded", "false")
    wait_until_idle(page)
    expect(page.locator(OUTPUT).get_by_text(text("common.download_csv", "zh"))).to_have_count(0)
    expect(page.locator(OUTPUT).get_by_test_id("stCode").first).to_be_visible()


def test_a_figure_that_cannot_be_drawn_keeps_its_words_and_table(
    page: Page, app: str, watch: Watch
) -> None:
    page.route(f"**/{static_assets.PLOTLY}*", lambda route: route.abort())
    page.goto(f"{app}/throughput?lang=zh")
    figure = page.locator(OUTPUT)
    title = text("throughput.output_title", "zh")
    expect(figure.get_by_role("heading", name=title, exact=True)).to_be_visible()
    figure.locator('button[name="data"]').click()
    expect(figure.get_by_test_id("stDataFrame")).to_be_visible()
    assert figure.get_by_test_id("stException").count() == 0
    assert watch.errors
    watch.errors.clear()


# The clock by which figures off the screen are drawn stands still.
NO_MOMENT = """(() => {
    const real = setTimeout;
    window.setTimeout = (what, after, ...more) => after === 1500 ? 0 : real(what, after, ...more);
})()"""
FAR = ".st-key-chart_hours_by_month .chart"
CHANGED = f"before => ({VALUES})(document.querySelector('{FAR}')) !== before"


def choose_a_unit(page: Page) -> str:
    """Change the filter; returns the values that the figure far below had before."""
    before = page.locator(FAR).evaluate(VALUES)
    page.locator(".st-key-unit").get_by_role("combobox").click()
    page.get_by_role("option").nth(1).click()
    wait_until_idle(page)
    return before


@pytest.mark.parametrize("way", ["scroll", "paper"])
def test_a_figure_off_the_screen_waits_until_it_is_looked_at(
    page: Page, app: str, way: str
) -> None:
    page.add_init_script(NO_MOMENT)
    open_page(page, app, "throughput", "zh")
    said = page.locator(FAR).get_attribute("aria-label")

    before = choose_a_unit(page)

    assert page.locator(FAR).evaluate(VALUES) == before
    assert page.locator(FAR).get_attribute("aria-label") != said  # to the ear it is new at once
    if way == "scroll":
        page.locator(FAR).scroll_into_view_if_needed()
    else:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function(CHANGED, arg=before)


def test_a_figure_off_the_screen_is_drawn_in_the_end(page: Page, app: str) -> None:
    open_page(page, app, "throughput", "zh")

    before = choose_a_unit(page)

    page.wait_for_function(CHANGED, arg=before)
    assert page.evaluate(SCROLLED) == 0


def test_a_figure_has_words_and_buttons_for_the_keyboard(page: Page, app: str) -> None:
    open_page(page, app, "throughput", "zh")
    chart = page.locator(".st-key-chart_output .chart")

    assert "提交" in (chart.get_attribute("aria-label") or "")
    button = chart.get_by_role("button", name="下载为图片")
    button.focus()
    expect(button).to_be_focused()
    assert axe(page) == []


def test_a_figure_follows_the_theme_and_the_width(page: Page, app: str) -> None:
    open_page(page, app, "throughput", "zh")
    chart = page.locator(".st-key-chart_output .chart")
    ink = "chart => getComputedStyle(chart.querySelector('.xtick text')).fill"
    light = chart.evaluate(ink)

    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_function(
        f"""light => {{
        const chart = document.querySelector('.st-key-chart_output .chart');
        return ({ink})(chart) !== light && chart._fullLayout.width === chart.clientWidth;
    }}""",
        arg=light,
    )
