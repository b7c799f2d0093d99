"""Answers and refusals as lines of text and as documents."""

from __future__ import annotations

from typing import Any

from oneninex.core import escape, formats
from oneninex.core.i18n import text
from oneninex.questions.answers import Answer
from oneninex.questions.reading import Declined

_EXAMPLES = ("example_1", "example_2", "example_3")


def document(found: Answer | Declined, lang: str) -> dict[str, Any]:
    """Return the JSON of an answer, or of a refusal: {declined, can}."""
    if isinstance(found, Answer):
        return found.document()
    return {"declined": reason(found, lang), "can": examples(lang)}


def lines(found: Answer | Declined, lang: str) -> list[str]:
    """Return what a person reads: the sentence, how it was read, and where to look further."""
    if isinstance(found, Declined):
        listed = " ".join(f"“{one}”" for one in examples(lang))
        return [reason(found, lang), text("ask.can", lang, listed=listed)]
    said = [found.sentence]
    for written, read in found.understood["read_as"]:
        said.append(text("ask.read_as", lang, written=escape.terminal(written), read=read))
    return [*said, text("ask.link", lang, link=found.link)]


def reason(declined: Declined, lang: str) -> str:
    """Return why a question is not answered."""
    words = formats.listing([escape.terminal(word) for word in declined.words], lang)
    return text(f"ask.declined_{declined.reason}", lang, words=words)


def examples(lang: str) -> list[str]:
    """Return three questions that are answered."""
    return [text(f"ask.{key}", lang) for key in _EXAMPLES]
