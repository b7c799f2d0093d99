"""What is said above and below a figure, as HTML: a title, its takeaway, its small print.

A page may draw a dozen figures, and as elements of Streamlit these words cost the browser more
than the figures: they are part of the figure's own element instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from markdown_it import MarkdownIt

from oneninex.core.escape import html as escape


def head(title: str, takeaway: str) -> str:
    """A heading and below it the sentence, which may hold Markdown; HTML in either is escaped."""
    return f'<div class="figure-head"><h3>{escape(title)}</h3>{_paragraphs(takeaway)}</div>'


def foot(lines: Iterable[str | None]) -> str:
    """Small print, a paragraph for each line that says something."""
    drawn = "".join(_paragraphs(line) for line in lines if line)
    return f'<div class="figure-foot">{drawn}</div>' if drawn else ""


@cache
def _markdown() -> MarkdownIt:
    # A name from a store may hold a sign of HTML or ask for a picture: it is shown as it stands.
    made = MarkdownIt("zero", {"html": False}).enable(["emphasis", "link", "escape", "backticks"])
    made.render("*a*")  # its rules are put together at the first use, which two readers may share
    return made


def _paragraphs(words: str) -> str:
    return _markdown().render(words)
