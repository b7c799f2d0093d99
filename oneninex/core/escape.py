"""Escaping of text that came from outside, one function for each place where text can act."""

from __future__ import annotations

import html as _html
import re
from typing import Any

# A spreadsheet runs a cell that begins so, after any white space, as a formula or a command.
_FORMULA = "=+-@|%＝＋－＠｜％"
# Skipped by spreadsheets, or not visible, before the character that counts.
_LEADING = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!~$:|<>])")
# Control characters but tab and line feed, line separators, and all that turns the direction.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def formula(text: str) -> str:
    """Prefix a text that a spreadsheet would run as a formula with an apostrophe."""
    first = text[_LEADING.match(text).end() :][:1]  # type: ignore[union-attr]
    return f"'{text}" if first and first in _FORMULA else text


def cell(value: Any) -> Any:
    """A cell of a CSV file or workbook: text that cannot run, anything else as it is."""
    return formula(value) if isinstance(value, str) else value


def markdown(text: str) -> str:
    """A text that shows as written where Streamlit renders Markdown, in one paragraph."""
    return _MARKDOWN.sub(r"\\\1", " ".join(terminal(text).splitlines()))


def html(text: str) -> str:
    """A text for an HTML element or a quoted attribute, without hidden direction marks."""
    return _html.escape(terminal(text))


def terminal(text: str) -> str:
    """A text with control, direction and broken characters written out; tab and line feed stay."""
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


def metric_label(text: str) -> str:
    """A label value in the text format of Prometheus."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
