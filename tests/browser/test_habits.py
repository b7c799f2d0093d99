"""What readers do again and again: links, back, the keyboard, search, compare, files, paper."""

from __future__ import annotations

import csv
import io
import re
import time
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page, expect

from oneninex.core.i18n import text
from tests.browser.dashboard import open_page, plain, wait_until_idle

FOCUS = "() => document.activeElement.closest('[class*=st-key-]')?.className ?? ''"
# Focus that can be seen: something about the element or what it stands in is drawn otherwise.
LOOK = """part => {
    const drawn = [];
    for (let n = 0; part && n < 6; n += 1, part = part.parentElement) {
        const style = getComputedStyle(part);
        drawn.push([style.outlineStyle, style.outlineColor, style.boxShadow, style.borderTopColor,
            style.backgroundColor].join());
    }
    return drawn.join("|");
}"""
PATIENCE = 20.0  # seconds


def choose(page: Page, key: str, number: int) -> None:
    page.locator(f".st-key-{key}").get_by_role("combobox").click()
    page.get_by_role("option").nth(number).click()
    wait_until_idle(page)


def menu(page: Page, name: str) -> None:
    label = text(f"common.page.{name}.label", "zh")
    page.locator(".st-key-rail").get_by_text(label, exact=True).click()
    wait_until_idle(page)


def chosen(page: Page, key: str) -> str:
    box = page.locator(f".st-key-{key}").get_by_role("combobox")
    return box.get_attribute("value") or box.get_attribute("aria-label") or box.inner_text()


def assert_focus_shows(page: Page) -> None:
    """The focused element looks otherwise than without the focus."""
    held = page.evaluate_handle("document.activeElement")
    page.wait_for_timeout(300)
    focused = held.evaluate(LOOK)
    held.evaluate("part => part.blur()")
    page.wait_for_timeout(300)
    assert focused != held.evaluate(LOOK)
    held.evaluate("part => part.focus({focusVisible: true})")


def tab_to(page: Page, selector: str) -> bool:
    """Whether the tab key leads to such an element; on the way nothing holds the focus back."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return True
    return False


def assert_chosen(page: Page, key: str, name: str) -> None:
    """The choice is `name`, now or as soon as the page has followed its address."""
    end = time.monotonic() + PATIENCE
    while chosen(page, key) != name and time.monotonic() < end:
        page.wait_for_timeout(100)
    assert chosen(page, key) == name
    wait_until_idle(page)


def test_links_back_the_last_choice_and_the_way_to_the_defaults(page: Page, app: str) -> None:
    open_page(page, app, "throughput", "zh")
    start = chosen(page, "unit")
    choose(page, "unit", 2)
    page.wait_for_url(re.compile("unit=U2"))
    unit, link = chosen(page, "unit"), page.url
    assert unit != start

    page.go_back()
    assert_chosen(page, "unit", start)
    page.go_forward()
    assert_chosen(page, "unit", unit)

    menu(page, "methods")
    menu(page, "throughput")
    assert_chosen(page, "unit", unit)
    page.locator(".st-key-reset_filters button").click()
    assert_chosen(page, "unit", start)
    expect(page.locator(".st-key-reset_filters")).to_have_count(0)

    page.goto(link)  # as somebody who was sent it
    assert_chosen(page, "unit", unit)


def test_search_filter_and_table_without_a_mouse(page: Page, app: str) -> None:
    open_page(page, app, "overview", "zh")
    for words, address in (("U3", "unit=U3"), ("B02", "q="), ("金标准准确率", "indicator=")):
        page.keyboard.press("/")
        assert "st-key-find" in page.evaluate(FOCUS)
        assert_focus_shows(page)
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        wait_until_idle(page)
        expect(page.locator(".st-key-found a").first).to_be_visible()
        assert tab_to(page, ".st-key-found *")
        assert_focus_shows(page)
        page.keyboard.press("Enter")
        # Idle as it was, the page may not have begun to follow the link.
        page.wait_for_url(lambda url, address=address: address in url)
        wait_until_idle(page)

    open_page(page, app, "throughput", "zh")
    before = page.url
    assert tab_to(page, ".st-key-unit [role=combobox]")
    assert_focus_shows(page)
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(lambda url: url != before)
    wait_until_idle(page)
    assert tab_to(page, '.st-key-figure_output button[name="data"]')
    page.keyboard.press("Enter")
    wait_until_idle(page)
    button = page.locator('.st-key-figure_output button[name="data"]')
    table = page.locator(".st-key-figure_output").get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(table).to_have_count(0)
    expect(button).to_have_attribute("aria-expanded", "false")


def test_compare_by_link_and_take_the_file_home(page: Page, app: str) -> None:
    page.goto(f"{app}/units?lang=zh&pair=units&pair_unit=U3&pair_other=U2&pair_at=2026-09")
    wait_until_idle(page)
    table = page.locator(".st-key-figure_side_by_side .sb")
    seen = [row.all_inner_texts() for row in (table.locator("thead th"), table.locator("tr"))]
    first, second = seen[0][1:3]
    assert first != second

    page.locator('.st-key-figure_side_by_side button[name="data"]').click()
    wait_until_idle(page)
    with page.expect_download() as download:
        page.locator(".st-key-download_side_by_side button").first.click()
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert first in rows[0]
    assert second in rows[0]
    accepted = next(row for row in rows if row and row[0] == "验收合格标注条数")
    shown = next(line for line in seen[1] if line.startswith("验收合格标注条数"))
    value = float(accepted[rows[0].index(first)])
    assert f"{value / 10_000:.1f}".rstrip("0").rstrip(".") + "万" in shown
    tail = "\n".join(row[0] for row in rows if row)
    assert plain(text("common.demo_banner", "zh")) in plain(tail)
    assert "side_by_side" in tail
    assert second in tail  # the filters that the file was made with


def test_paper_has_title_figures_charts_and_nothing_to_click(
    page: Page, app: str, tmp_path: Path
) -> None:
    for name in ("overview", "throughput"):
        open_page(page, app, name, "zh")
        figures = page.locator(".card-value").evaluate_all(
            "all => all.map(one => one.firstChild.textContent)"
        )
        page.pdf(path=tmp_path / f"{name}.pdf", prefer_css_page_size=True, print_background=True)
        document = pypdfium2.PdfDocument(tmp_path / f"{name}.pdf")
        pages = [document[n].get_textpage().get_text_range() for n in range(len(document))]
        told = re.sub(r"\s", "", "".join(pages))
        assert re.sub(r"\s", "", text(f"common.page.{name}.title", "zh")) in told
        assert "演示数据" in re.sub(r"\s", "", pages[0])
        assert all(re.sub(r"\s", "", figure) in told for figure in figures)
        for clicked in ("common.show_table", "common.download_csv", "ui.reset"):
            assert text(clicked, "zh") not in told
        menu_words = "".join(
            text(f"common.page.{each}.title", "zh")
            for each in ("briefing", "benchmarks", "methods")
        )
        assert menu_words not in told
        page.emulate_media(media="print")
        if name == "throughput":
            boxes = [box.bounding_box() for box in page.locator(".chart").all()]
            assert all(box and box["width"] > 100 and box["height"] > 100 for box in boxes)
            # The last figure is far below the screen, where nothing is painted but for paper.
            label = page.locator(".chart").last.locator(".ytick text").first.text_content()
            assert label
            assert re.sub(r"\s", "", label) in told
        page.emulate_media(media="null")


def test_whoever_waits_is_told_so(page: Page, app: str) -> None:
    open_page(page, app, "methods", "zh")
    note = page.get_by_role("status").filter(has_text=text("ui.loading", "zh"))
    frame = page.get_by_test_id("stApp")
    expect(frame).to_have_attribute("data-test-script-state", "notRunning")
    expect(note).to_have_count(0)
    stale = page.get_by_test_id("stMain").get_by_test_id("stElementContainer").last
    stale.evaluate("part => { part.dataset.stale = 'true' }")
    expect(stale).to_have_css("opacity", "1")
    frame.evaluate("app => app.setAttribute('data-test-script-state', 'running')")
    expect(note).to_be_visible()
    expect(stale).to_have_css("opacity", "0.5")
    frame.evaluate("app => app.setAttribute('data-test-script-state', 'notRunning')")
    expect(note).to_have_count(0)
    expect(stale).to_have_css("opacity", "1")
