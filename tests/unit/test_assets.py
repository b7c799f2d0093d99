"""What a browser is told to load: it exists, it is ours, and no more than a page needs."""

from __future__ import annotations

import re
from importlib.metadata import distribution
from pathlib import Path

import pytest

from oneninex.core import static_assets
from oneninex.core.settings import ROOT

STATIC = Path(str(distribution("streamlit").locate_file("streamlit/static")))


def test_the_address_of_a_file_changes_with_the_file(monkeypatch, tmp_path):
    monkeypatch.setattr(static_assets, "ROOT", tmp_path)
    (tmp_path / "static").mkdir()
    found = set()
    for code in ("one", "two"):
        (tmp_path / "static" / "a.js").write_text(code)
        found.add(static_assets.address_of.__wrapped__("a.js"))

    assert len(found) == 2
    assert all(address.startswith("app/static/a.js?") for address in found)


@pytest.mark.parametrize("page", ["", "throughput", "methods"])
def test_what_a_page_asks_for_early_is_there(page):
    names = re.findall(r'href="\./([^"?]+)', static_assets.early(page))

    assert names
    for name in names:
        folder = ROOT / "static" if name.startswith("app/") else STATIC
        assert (folder / name.removeprefix("app/static/")).is_file(), name


def test_only_pages_that_need_it_load_the_library_and_the_maps():
    assert static_assets.PLOTLY in static_assets.early("throughput")
    assert static_assets.PLOTLY not in static_assets.early("methods")
    assert static_assets.PLOTLY not in static_assets.early("overview")
    assert static_assets.FIGURES in static_assets.early("overview")
    assert "DeckGl" in static_assets.early("unit_map")
    assert "DeckGl" not in static_assets.early("overview") + static_assets.early("throughput")
    assert "PlotlyChart" not in static_assets.early("throughput")


def test_the_library_is_the_part_with_points_and_bars_under_its_licence():
    head = (ROOT / "static" / static_assets.PLOTLY).read_text(encoding="utf-8")[:300]

    assert "plotly.js (basic - minified)" in head
    assert "MIT" in head
    assert "MIT" in (ROOT / "static" / "plotly-LICENSE.txt").read_text(encoding="utf-8")
