"""What is said above and below a figure, as HTML."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from oneninex.figures.charts import caption


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.found.add(tag)


def test_a_title_and_its_takeaway_with_markdown():
    html = caption.head("A < B", "**110 items** more, see [unit](units?unit=U1&month=2026-01).")

    assert "<h3>A &lt; B</h3>" in html
    assert "<strong>110 items</strong>" in html
    assert '<a href="units?unit=U1&amp;month=2026-01">unit</a>' in html


def test_small_print_is_a_paragraph_for_each_line_that_says_something():
    assert caption.foot(("one", None, "", "two")).count("<p>") == 2
    assert caption.foot((None, "")) == ""


def test_html_of_a_store_is_shown_and_not_run():
    asked = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![x](http://elsewhere/x.png)"
    html = caption.head("<script>", asked)

    assert _Tags(html).found <= {"div", "h3", "p", "a"}
    assert "&lt;img" in html
    assert 'href="javascript' not in html


MARKUP = ("<img src=x>", "<script>", "<b>", "![a](http://b/c)", "[a](javascript:b)", "\\", "`", "*")


@given(st.lists(st.sampled_from([*MARKUP, "a", " ", "\n"])).map("".join))
def test_no_text_adds_an_element_that_loads_or_runs(words: str):
    html = caption.head(words, words) + caption.foot([words])

    assert _Tags(html).found <= {"div", "h3", "p", "a", "em", "strong", "code", "br"}
