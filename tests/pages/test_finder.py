"""The box that finds things: names in both languages, codes, and no more than the reader sees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from oneninex.core.i18n import text
from oneninex.store import Store, query
from oneninex.ui.global_search import matches, target
from tests.pages.conftest import healthy

Open = Callable[..., AppTest]


@pytest.mark.parametrize(
    ("typed", "lang", "words"),
    [
        ("淮阴区", "zh", "单元：淮阴区江淮科技园（U4）"),
        ("u4", "en", "Unit: "),
        ("demo enterprise", "zh", "企业：演示企业（淮安科教产业园）"),
        ("acceptance", "zh", "指标："),
        ("序时", "en", "Page: "),
    ],
)
def test_things_are_found_in_both_languages(
    open_page: Open, typed: str, lang: str, words: str
) -> None:
    at = open_page("methods", lang)
    if typed == "序时":
        typed = text("common.page.targets.title", "zh")

    at = healthy(at.text_input(key="find").set_value(typed).run())

    links = [found.proto.label.replace("\\", "") for found in at.get("page_link")]
    assert any(label.startswith(words) for label in links), links


def test_nothing_found_says_so_and_runs_nothing(open_page: Open) -> None:
    at = healthy(open_page("methods").text_input(key="find").set_value("**zzz**").run())

    links: list[Any] = list(at.get("page_link"))
    assert not [found for found in links if found.proto.query_string]
    told = [found.value.replace("\\", "") for found in at.markdown]
    assert text("ui.found_none", "zh", words="**zzz**") in told


def test_every_kind_leads_to_a_page_with_its_choice(small_store: Path) -> None:
    snapshot = Store(small_store).current()
    assert snapshot
    rows = query("search_index", snapshot=snapshot).to_pylist()

    (unit,) = matches("U4 江淮", rows)[:1]
    assert target(unit) == ("unit_map", {"unit": "U4"})
    (enterprise,) = [row for row in matches("演示企业", rows) if row["kind"] == "enterprise"]
    page, address = target(enterprise)
    assert page == "enterprises"
    assert address == {"unit": "U1", "section": "growth", "q": enterprise["code"]}


def test_the_public_finds_no_working_target(small_store: Path) -> None:
    snapshot = Store(small_store).current()
    assert snapshot
    everything, public = (
        {
            row["code"]
            for row in query("search_index", snapshot=snapshot, audience=audience).to_pylist()
            if row["kind"] == "target"
        }
        for audience in ("planner", "public")
    )
    working = query("targets_progress", snapshot=snapshot, plan="working").column("target_id")

    assert everything - public == set(working.to_pylist())
