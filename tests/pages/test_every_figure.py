"""Of every page: each figure says its takeaway and has a table, each table can be had as a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.ui.components import spoken
from tests.pages.conftest import around, figures, healthy

Open = Callable[..., AppTest]
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("[!_]*.py"))
# Where rows of files are looked at, one beside the other, on the way to a cell.
LOOKED_AT = {"unit_map": 1, "returns": 9}


def maps(at: AppTest) -> int:
    return len(at.get("deck_gl_json_chart"))


def folded(at: AppTest) -> list[str]:
    """The session's keys of what opens each folded table, under a figure or alone."""
    shown: Any = [found.proto for found in [*at.get("expander"), *at.get("bidi_component")]]
    names = [re.search(r"-(data|chart)_(\w+)$", getattr(proto, "id", "") or "") for proto in shown]
    with_table = [name for name in names if name and (name[1] == "data" or has_table(at, name[2]))]
    return [f"data_{name[2]}" for name in with_table]


def has_table(at: AppTest, figure: str) -> bool:
    shown: Any = [found.proto for found in at.get("bidi_component")]
    (drawn,) = [proto for proto in shown if proto.id.endswith(f"-chart_{figure}")]
    return b'"name":"data"' in drawn.bytes.partition(b"\n")[0]


def opened(at: AppTest) -> AppTest:
    """The page with every folded table open."""
    for key in folded(at):
        at.session_state[key] = True
    return healthy(at.run())


@pytest.mark.parametrize("name", PAGES)
def test_each_figure_says_what_it_shows_and_has_its_table(open_page: Open, name: str):
    at = open_page(name)

    said = [*around(at), *(spoken(found.value) for found in at.markdown)]
    drawn = figures(at)
    for figure in drawn:
        assert len(figure["alt"]) > 6
        assert figure["alt"] in said, figure["alt"]
    assert len(folded(at)) + len(at.dataframe) >= len(drawn) + maps(at)


@pytest.mark.parametrize("name", PAGES)
def test_each_table_can_be_had_as_a_file(open_page: Open, name: str):
    at = open_page(name)
    tables, before = folded(at), len(at.dataframe)
    opened(at)
    assert len(at.dataframe) == before + len(tables)

    buttons: Any = at.get("download_button")
    files = [b for b in buttons if b.proto.label == text("common.download_csv", "zh")]
    assert len(at.dataframe) - LOOKED_AT.get(name, 0) <= len(files)
