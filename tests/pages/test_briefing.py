"""The page that makes the briefing: its text, progress, documents to download."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from oneninex import briefing
from oneninex.core.i18n import text
from oneninex.store import Store
from tests.pages.conftest import healthy

Open = Callable[..., AppTest]
FEBRUARY = date(2026, 2, 1)


def formats(at: AppTest) -> Any:
    """The choice of formats."""
    return next(found for found in at.get("button_group") if getattr(found, "key", "") == "formats")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_reads_as_the_documents_will(
    open_page: Open, small_store: Path, lang: str
) -> None:
    at = open_page("briefing", lang)
    at = healthy(at.selectbox(key="month").set_value("2026-02").run())

    snapshot = Store(small_store).current()
    assert snapshot
    content = briefing.compose(snapshot, FEBRUARY, lang, looks=briefing.looks_of(None, lang))
    shown = "\n".join(found.value for found in at.markdown).replace("\\", "")
    assert text("common.page.briefing.title", lang) == at.title[0].value
    for section in content.sections:
        assert section.title in shown
    assert content.section("output").sentences[0].text in shown
    assert content.words["vintage"] in [found.value for found in at.caption]
    marks: list[Any] = list(at.get("html"))
    assert any(text("common.demo_banner", lang) in unescape(found.value) for found in marks)


def test_documents_are_made_and_offered(open_page: Open) -> None:
    at = open_page("briefing")
    formats(at).set_value(["xlsx", "docx"]).run()

    at = healthy(at.button(key="make_briefing").click().run())

    assert text("briefing.page_done", "zh", documents=2, snapshot=1) == at.success[0].value
    assert len(at.get("download_button")) == 2


def test_without_a_format_it_asks_for_one(open_page: Open) -> None:
    at = open_page("briefing")
    formats(at).set_value([]).run()

    at = healthy(at.button(key="make_briefing").click().run())

    assert text("briefing.page_choose", "zh") in [found.value for found in at.info]


def test_documents_of_another_month_are_not_offered(open_page: Open) -> None:
    at = open_page("briefing")
    formats(at).set_value(["xlsx"]).run()
    healthy(at.button(key="make_briefing").click().run())

    at = healthy(at.selectbox(key="month").set_value("2026-01").run())

    assert not at.get("download_button")
