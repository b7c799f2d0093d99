"""What a page has answered beforehand is what it asks: else it would be asked twice."""

from __future__ import annotations

import pytest

from oneninex import store
from oneninex.store import database
from oneninex.ui import context
from oneninex.ui.prefetch import _SOON


@pytest.mark.parametrize("page", list(_SOON))
def test_a_page_asks_what_it_announced(page, open_page, monkeypatch):
    announced, asked = [], []
    real = store.query
    of = database._Question.of

    def note(questions, *, snapshot, audience):
        announced.extend(of(name, snapshot, audience, given).key for name, given in questions)

    def query(name, /, *, snapshot, audience, **given):
        asked.append(of(name, snapshot, audience, given).key)
        return real(name, snapshot=snapshot, audience=audience, **given)

    monkeypatch.setattr(store, "ahead", note)
    monkeypatch.setattr(context.store, "query", query)
    open_page(page)

    assert len(announced) >= len(_SOON[page])
    assert set(announced) <= set(asked)
