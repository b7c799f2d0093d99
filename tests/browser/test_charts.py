"""A figure stays where it is while its numbers change: element, zoom, scroll position."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from oneninex import assets
from tests.browser.dashboard import axe, open_page, wait_until_idle

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
    assert any(assets.PLOTLY in url for url in loaded)
    assert not any("PlotlyChart" in url or "DeckGl" in url for url in loaded)


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
