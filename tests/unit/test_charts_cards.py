"""Headline figures as HTML: nothing of a text becomes markup."""

from __future__ import annotations

import re

import pytest

from oneninex.figures.charts import cards
from oneninex.figures.charts.cards import Card, toned

HOSTILE = "<img src=x onerror=alert(1)> & \"'"


def body(*given: Card, theme: str = "light") -> str:
    return cards.html(given, "zh", theme).partition("</style>")[2]


def test_every_text_is_escaped():
    hostile = Card(HOSTILE, HOSTILE, (HOSTILE, toned(HOSTILE, up=True, good=True)), (HOSTILE,),
                   HOSTILE)  # fmt: skip
    shown = body(hostile)
    assert "<img" not in shown
    assert shown.count("&lt;img") == 8


def test_a_change_has_arrow_and_tone_and_an_empty_line_no_place():
    shown = body(Card("产量", "12", (toned("同比 +1%", up=True, good=False), ""), ("", "说明")))
    assert '<p><span class="bad">↑ 同比 +1%</span></p>' in shown
    assert re.findall(r"<p[^>]*></p>", shown) == []
    assert shown.count("<p") == 4
    assert "details" not in shown, "there is no definition to open"


def test_a_definition_opens_under_a_name_that_says_of_what():
    shown = body(Card("产量", "12", definition="提交的条数"))
    assert 'aria-label="“产量”的口径"' in shown
    assert "<p>提交的条数</p></details>" in shown


@pytest.mark.parametrize("good", [True, False])
def test_the_tone_follows_the_theme(good: bool):
    card = Card("a", "1", (toned("+1", up=True, good=good),))
    assert body(card, theme="light") != body(card, theme="dark")


@pytest.mark.parametrize(
    ("value", "small"), [("confidential", True), ("保密", False), ("1,235万条", False)]
)
def test_a_long_word_in_place_of_a_number_is_smaller(value: str, small: bool):
    assert ("card-worded" in body(Card("a", value))) is small
