"""Of every page: each figure says its takeaway and has a table, each table can be had as a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from oneninex.i18n import text
from oneninex.settings import ROOT
from oneninex.ui.frame import spoken
from tests.pages.conftest import around, figures, healthy

Open = Callable[..., AppTest]
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("[!_]*.py"))
# Where rows of files are looked at, one beside the other, on the way to a cell.
LOOKED_AT = {"unit_map": 1, "returns": 9}


def maps(at: AppTest) -> int:
    return len(at.get("deck_gl_json_chart"))


def boxes(at: AppTest) -> list[Any]:
    found: Any = at.get("expander")
    return list(found)


def opened(at: AppTest) -> AppTest:
    """The page with every folded table open."""
    for box in boxes(at):
        name = getattr(box.proto, "id", "") or ""
        if found := re.search(r"-(data_\w+)$", name):
            at.session_state[found[1]] = True
    return healthy(at.run())


@pytest.mark.parametrize("name", PAGES)
def test_each_figure_says_what_it_shows_and_has_its_table(open_page: Open, name: str):
    at = open_page(name)

    said = [*around(at), *(spoken(found.value) for found in at.markdown)]
    drawn = figures(at)
    for figure in drawn:
        assert len(figure["alt"]) > 6
        assert figure["alt"] in said, figure["alt"]
    labels = [box.label for box in boxes(at)]
    folded = labels.count(text("common.show_table", "zh"))
    assert folded + len(at.dataframe) >= len(drawn) + maps(at)


@pytest.mark.parametrize("name", PAGES)
def test_each_table_can_be_had_as_a_file(open_page: Open, name: str):
    at = open_page(name)
    folded = [box.label for box in boxes(at)].count(text("common.show_table", "zh"))
    before = len(at.dataframe)
    opened(at)
    assert len(at.dataframe) == before + folded

    buttons: Any = at.get("download_button")
    files = [b for b in buttons if b.proto.label == text("common.download_csv", "zh")]
    assert len(at.dataframe) - LOOKED_AT.get(name, 0) <= len(files)
