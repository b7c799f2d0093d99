"""The wallboard: every page in turn, no controls, a new snapshot with the next page."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from oneninex import briefing
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.store import Store
from oneninex.ui import wall
from tests.briefing.conftest import labeling, publish


@pytest.fixture
def content(small_store: Path) -> briefing.Briefing:
    snapshot = Store(small_store).current()
    assert snapshot
    looks = briefing.looks_of(None, "zh")
    return briefing.compose(snapshot, date(2026, 3, 1), "zh", looks=looks)


def shown(at: AppTest) -> str:
    assert not at.exception
    return "".join(str(getattr(found, "value", "")) for found in at.get("html"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_fills_the_screen_and_has_no_controls(
    small_store: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("ONENINEX_STORE", str(small_store))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["view"], at.query_params["lang"] = "wall", lang
    at.run()

    assert 'class="wall"' in shown(at)
    assert text("briefing.frame.demo", lang) in shown(at)
    assert not [*at.button, *at.selectbox, *at.get("button_group"), *at.get("download_button")]


def test_a_new_snapshot_is_taken_up_by_the_next_page(
    small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(small_store, folder)
    monkeypatch.setenv("ONENINEX_STORE", str(folder))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["view"] = "wall"
    assert "快照1｜" in shown(at.run())

    late = list(labeling(["U4"], [date(2026, 3, 1)]))
    publish(Store(folder), {"labeling_daily": late}, date(2026, 4, 20))

    assert "快照2｜" in shown(at.run())


def test_an_empty_store_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path / "none"))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["view"] = "wall"
    assert text("common.empty_store", "zh") in shown(at.run())


def test_every_page_is_marked_and_dated(content: briefing.Briefing) -> None:
    import importlib

    pages = importlib.import_module("oneninex.ui.wallboard").slides(content)
    assert len(pages) >= 4
    for page in pages:
        assert content.words["demo"] in page
        assert content.words["vintage"] in page
    assert all(place.name in "".join(pages) for place in content.places)
    assert callable(wall)


def test_letters_are_large_enough_for_five_metres() -> None:
    """On a screen 1.2 m wide 1vw is 12 mm; what has to be read is 24 mm high."""
    style = (ROOT / "static" / "wall.css").read_text()
    sizes = dict(re.findall(r"(\.wall[^{},]*)\{[^}]*?font-size: ([\d.]+)vw", style))
    small = {name.strip() for name, size in sizes.items() if float(size) < 2}
    assert small <= {".wall footer"}
