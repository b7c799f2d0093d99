"""A file of each labeling platform through the page: what it told, then a snapshot with all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, TimeoutError, expect

from oneninex.core.i18n import text
from oneninex.store import Store
from tests.browser import dashboard
from tests.browser.dashboard import open_page, wait_until_idle
from tests.ingestion.platforms import samples

CVAT = """<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version><meta><task><id>3</id>
<updated>2026-03-05 03:00:00.000000+00:00</updated></task></meta>
<image id="0" name="a.jpg" width="9" height="9"><box label="x" source="manual" occluded="0"
 xtl="1" ytl="1" xbr="2" ybr="2"></box></image></annotations>
"""
LABEL_STUDIO = [
    {
        "id": 1,
        "annotations": [
            {
                "id": 5,
                "completed_by": {"id": 3, "email": "li.lei@example.com"},
                "created_at": "2026-03-05T02:00:00Z",
                "updated_at": "2026-03-05T02:00:00Z",
                "lead_time": 7200.0,
                "result": [],
                "reviews": [{"accepted": True, "created_at": "2026-03-06T02:00:00Z"}],
            }
        ],
    }
]
PATIENT = dashboard.PATIENCE * 1000
ENTERPRISE = "91320800DEM000019Q"


def _lines(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


# What a person sends, and what the page says of it: (platform, name of the file, content).
FILES = [
    ("label_studio", "export.json", json.dumps(LABEL_STUDIO)),
    ("cvat", "annotations.xml", CVAT),
    ("labelbox", "export.ndjson", _lines(samples.LABELBOX)),
    ("mturk", "batch.csv", samples.table(samples.MTURK_HEADER, [samples.MTURK])),
    ("toloka", "pool.tsv", samples.table(samples.TOLOKA_HEADER, [samples.TOLOKA], "\t")),
    ("prodigy", "li.jsonl", _lines(samples.PRODIGY)),
    ("doccano", "lilei.jsonl", _lines(samples.DOCCANO)),
]


@pytest.fixture(scope="module")
def office_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("platforms") / "store"


@pytest.fixture(scope="module")
def office(chromium_path: Path, office_store: Path) -> Iterator[str]:
    """The address of a dashboard of a new office."""
    with dashboard.serve(office_store, office_store.parent / "server.log") as address:
        yield address


def _choose(page: Page, label: str, option: str) -> None:
    """Choose from a list; it is opened again where a page that is drawn anew has closed it."""
    box = page.get_by_role("combobox", name=label, exact=True)
    wanted = page.get_by_role("option", name=option).first
    for _ in range(5):
        box.click()
        try:
            wanted.click(timeout=PATIENT / 10)
        except TimeoutError:
            page.keyboard.press("Escape")
            continue
        break
    expect(box).to_have_value(option)
    wait_until_idle(page)


def _belonging(page: Page, project: str) -> None:
    """Fill in where the export belongs, which it does not say itself."""
    page.get_by_text(text("returns.platform_title", "zh")).click()
    page.get_by_label(text("returns.platform_enterprise", "zh")).fill(ENTERPRISE)
    page.keyboard.press("Tab")
    page.get_by_label(text("returns.platform_project", "zh")).fill(project)
    page.keyboard.press("Tab")
    wait_until_idle(page)
    _choose(page, text("returns.platform_unit", "zh"), "淮安科教产业园")
    _choose(page, text("returns.platform_modality", "zh"), "文本")


def test_exports_of_every_platform_from_upload_to_snapshot(
    page: Page, office: str, office_store: Path
) -> None:
    open_page(page, office, "returns", "zh")
    _belonging(page, "P-1")
    sent: list[FilePayload] = [
        {"name": name, "mimeType": "", "buffer": content.encode()} for _, name, content in FILES
    ]
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(sent)
    publish = page.get_by_role("button", name=text("returns.publish", "zh"))
    expect(publish).to_be_visible(timeout=PATIENT)
    wait_until_idle(page)

    for platform, _, _ in FILES:
        shown = text(f"returns.platform.{platform}", "zh")
        expect(page.get_by_text(f"{shown} 导出文件：").first).to_be_visible()
    expect(page.get_by_text("不能说明（缺报，不按 0 计）")).not_to_have_count(0)
    expect(page.get_by_text("li.lei@example.com")).to_have_count(0)
    publish.click()
    done = text("returns.published", "zh", snapshot=1, files=len(FILES))
    expect(page.get_by_text(done, exact=True)).to_be_visible(timeout=PATIENT)
    wait_until_idle(page)

    (snapshot,) = Store(office_store).snapshots()
    assert snapshot.manifest.rows_per_kind()["work_items"] == len(FILES)
    assert not any(b"li.lei" in p.read_bytes() for p in office_store.rglob("*") if p.is_file())
