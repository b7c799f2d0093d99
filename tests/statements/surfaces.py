"""Every sentence of every surface of a store, by the surface that says it."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import date
from unittest import mock

from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from oneninex import briefing, questions
from oneninex.briefing import notifications
from oneninex.briefing.query_session import Asked
from oneninex.cli import main
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.store import Store
from oneninex.ui import wallboard
from tests.pages.conftest import healthy, html, plain, screen

PAGES = ("overview", "throughput", "units", "unit_map", "enterprises", "datasets", "targets")
FLOW_QUERIES = ("city_by_month", "what_changed")
QUESTIONS = {
    "zh": (
        "{month}验收合格标注条数环比",
        "{month}验收合格标注条数同比",
        "{month}哪个单元验收合格条数最多",
        "{month}验收合格率环比",
        "{month}谁没有报送",
    ),
    "en": (
        "accepted items in {month} against the month before",
        "which unit accepted most in {month}",
        "who has not reported {month}",
    ),
}


def everything(store: Store, month: date, lang: str) -> dict[str, list[str]]:
    """Return the sentences of each surface as at a month."""
    return {
        **dict(documents(store, month, lang)),
        **{page: on_page(store, page, month, lang) for page in PAGES},
    }


def documents(store: Store, month: date, lang: str) -> Iterator[tuple[str, list[str]]]:
    """Return what is said without a browser: briefing, wall, notices and answers."""
    snapshot, plan = store.current(), Plan.load(ROOT / "data" / "plan")
    assert snapshot
    looks = briefing.looks_of(plan, lang)
    content = briefing.compose(snapshot, month, lang, looks=looks, plan=plan)
    yield "briefing", [each.text for part in content.sections for each in part.sentences]
    yield "cards", [line for card in content.cards for line in card.lines]
    yield "wall", [line for slide in wallboard.slides(content) for line in lines_of(slide)]
    asked = Asked(snapshot, "planner", lang, month)
    yield "notice", [notice.text for notice in notifications._ready(asked)]
    yield "ask", list(_answers(store, month, lang))
    yield "query", [_under_table(store, name, month, lang) for name in FLOW_QUERIES]


def _under_table(store: Store, name: str, month: date, lang: str) -> str:
    """Return what `query` says under its table."""
    out = io.StringIO()
    words = ["--store", str(store.root), "--lang", lang, "query", name]
    with redirect_stdout(out):
        assert main([*words, "-p", f"to_month={month}"]) == 0
    return out.getvalue().splitlines()[-1]


def _answers(store: Store, month: date, lang: str) -> Iterator[str]:
    snapshot = store.current()
    assert snapshot
    session = questions.Session(snapshot, "planner")
    vocabulary = questions.Vocabulary.load(
        ROOT / "data" / "plan", session.rows("units"), session.rows("indicators")
    )
    named = {"zh": f"{month.year}年{month.month}月", "en": f"{month:%B %Y}"}[lang]
    for question in QUESTIONS[lang]:
        found = questions.answer(question.format(month=named), session, vocabulary, lang)
        if isinstance(found, questions.Answer):
            yield found.sentence


def on_page(store: Store, page: str, month: date, lang: str, **address: str) -> list[str]:
    """Return the lines of a page as at a month."""
    with _through_app(store):
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        at.session_state["lang"] = lang
        months = dict.fromkeys(("month", "to_month", "map_month"), f"{month:%Y-%m}")
        query = {"lang": lang, **months, **address}
        for key, value in query.items():
            at.query_params[key] = value
        at.run()
        at.switch_page(f"pages/{page}.py")
        for key, value in query.items():
            at.query_params[key] = value
        healthy(at.run())
        parts = [*at.title, *at.header, *at.subheader, *at.markdown, *at.caption]
        told = [*(found.value for found in parts), *html(at), screen(at)]
        return [line for words in told for line in lines_of(words)]


def lines_of(words: str) -> list[str]:
    """Return the lines of a text or of HTML, without empty ones and without repeated ones."""
    words = plain(re.sub(r"</(p|li|tr|h\d|dd|dl|section|article)>", "\n", words))
    found = (" ".join(line.split()) for line in re.split(r"\n|\s{3,}", words))
    return list(dict.fromkeys(line for line in found if line))


@contextmanager
def _through_app(store: Store) -> Iterator[None]:
    begin = PagesManager.__init__

    def begin_with_navigation(self: PagesManager, *given: object, **named: object) -> None:
        begin(self, *given, **named)  # pyright: ignore[reportArgumentType]
        PagesManager.uses_pages_directory = False

    environment = {"ONENINEX_STORE": str(store.root)}
    with (
        mock.patch.dict(os.environ, environment),
        mock.patch.object(PagesManager, "__init__", begin_with_navigation),
    ):
        yield
