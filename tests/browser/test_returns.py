"""Sending files in a real browser: findings, preview, publication, and how the grid stands."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from oneninex.core.i18n import text
from tests.browser import dashboard
from tests.browser.dashboard import axe, open_page, wait_until_idle

GOOD = {
    "date": "2026-03-02",
    "unit_id": "U1",
    "enterprise_id": "91320800DEM000019Q",
    "project_id": "P1",
    "modality": "text",
    "items": "500",
    "reviewed": "500",
    "accepted": "400",
    "accepted_first_pass": "300",
    "rejected": "100",
    "annotators": "4",
}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def office(chromium_path: Path, store: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a dashboard of a new office: its store holds nothing."""
    with dashboard.serve(store, tmp_path / "server.log") as address:
        yield address


def payload(name: str, *changes: dict[str, str]) -> FilePayload:
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, list(GOOD))
    writer.writeheader()
    writer.writerows({**GOOD, **change} for change in changes)
    return {"name": name, "mimeType": "text/csv", "buffer": target.getvalue().encode("gb18030")}


def send(page: Page, *files: FilePayload) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(list(files))
    expect(page.get_by_role("button", name=text("returns.publish", "zh"))).to_be_visible()
    wait_until_idle(page)


def test_a_faulty_and_a_good_file_from_upload_to_snapshot(
    page: Page, office: str, store: Path
) -> None:
    open_page(page, office, "returns", "zh")
    send(
        page,
        payload("三月.csv", {}),
        payload("faulty.csv", {"unit_id": "U2"}, {"unit_id": "U2", "items": "一百二十条"}),
    )

    finding = page.get_by_role("row").filter(has_text="一百二十条")
    expect(finding).to_contain_text("标注条数")
    expect(finding.get_by_role("cell").first).to_have_text("3")
    expect(page.get_by_text(text("returns.changes_title", "zh"))).to_be_visible()
    assert not (store / "CURRENT").exists()

    page.get_by_role("button", name=text("returns.publish", "zh")).click()
    done = text("returns.published", "zh", snapshot=1, files=2)
    expect(page.get_by_text(done, exact=True)).to_be_visible(timeout=60_000)
    wait_until_idle(page)

    expect(page.get_by_text(text("common.empty_store", "zh"))).to_have_count(0)
    expect(page.get_by_role("region", name="报送台账：标注日报")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="一百二十条")).to_be_visible()
    (row,) = json.loads(
        dashboard.command(store, "query", "output_by_unit_month", "-p", "unit_id=U1",
                          "--format", "json")
    )  # fmt: skip
    assert row["accepted"] == 400


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_preview_is_accessible(page: Page, app: str, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    open_page(page, app, "returns", "zh")
    send(page, payload("faulty.csv", {}, {"date": "2026-03-03", "items": "一百二十条"}))

    expect(page.get_by_role("row").filter(has_text="一百二十条")).to_be_visible()
    assert axe(page) == []


def test_the_grid_can_be_reached_by_the_keyboard_on_a_phone(page: Page, app: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, app, "returns", "zh")

    grid = page.get_by_role("region", name="报送台账：标注日报")
    grid.focus()
    expect(grid).to_be_focused()
    assert grid.evaluate("box => box.scrollWidth > box.clientWidth")
    assert axe(page) == []


def test_the_form_is_a_workbook(page: Page, app: str) -> None:
    open_page(page, app, "returns", "zh")

    with page.expect_download() as waiting:
        page.get_by_role("button", name=text("returns.template_download", "zh")).click()
    assert waiting.value.suggested_filename.endswith(".xlsx")
    assert waiting.value.path().read_bytes().startswith(b"PK")


def test_no_column_of_the_revisions_is_squeezed(page: Page, app: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    open_page(page, app, "returns", "zh")

    unit = text("returns.column.unit_id", "zh")
    cells = page.locator(f'.st-key-figure_revisions td[data-label="{unit}"]')
    expect(cells.first).to_be_visible(timeout=90_000)
    assert min(cells.evaluate_all("cells => cells.map(cell => cell.offsetWidth)")) >= 110


def test_too_many_uploads_are_refused_in_the_readers_words(
    browser: Browser, empty_app: str
) -> None:
    page = browser.new_page(locale="zh-CN")  # its console may tell of the refusal
    page.route("**/upload_file/**", lambda route: route.fulfill(status=429))
    open_page(page, empty_app, "returns", "zh")
    content: FilePayload = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}
    page.locator("input[type=file]").first.set_input_files(content)
    box = page.get_by_test_id("stFileUploader").first
    expect(box).to_contain_text(text("streamlit.too_many_uploads", "zh"))
    expect(box).not_to_contain_text("Error")
    page.close()
