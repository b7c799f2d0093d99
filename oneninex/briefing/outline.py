"""The order of the text: headings with their numbers, paragraphs, numbered items."""

from __future__ import annotations

from dataclasses import dataclass

from oneninex.briefing.model import Briefing, Section
from oneninex.core.i18n import text

# A first-level heading and its sections; a single section goes without second-level heading.
GROUPS = (
    ("situation", ("output", "quality", "firms", "datasets", "units")),
    ("targets", ("targets",)),
    ("decisions", ("decisions",)),
    ("tasks", ("tasks", "earlier_tasks")),
)
# Sections whose sentences are read one by one.
ITEMS = ("targets", "decisions", "tasks", "earlier_tasks")
_ORDINALS = "零一二三四五六七八九十"


@dataclass(frozen=True)
class Block:
    """One paragraph: kind h1, h2, body or item; `light` of a sentence about a target."""

    kind: str
    text: str
    light: str = ""


def blocks(briefing: Briefing) -> list[Block]:
    """The text of the briefing in order, with numbers as each language writes them."""
    found: list[Block] = []
    first = 0
    for group, keys in GROUPS:
        sections = [section for key in keys if (section := briefing.section(key))]
        if not sections:
            continue
        first += 1
        title = text(f"briefing.group.{group}", briefing.lang)
        found.append(Block("h1", heading(first, 1, title, briefing.lang)))
        for second, section in enumerate(sections, 1):
            if len(keys) > 1:
                found.append(Block("h2", heading(second, 2, section.title, briefing.lang, first)))
            found += _paragraphs(section, briefing.lang)
    return found


def following(briefing: Briefing) -> tuple[int, int]:
    """Numbers of the first-level headings after the text: tables and pictures, notes."""
    used = sum(any(briefing.section(key) for key in keys) for _, keys in GROUPS)
    return used + 1, used + 2


def heading(number: int, level: int, title: str, lang: str, above: int = 0) -> str:
    """一、 and （一） in Chinese, 1 and 1.1 in English."""
    if lang == "zh":
        mark = _ORDINALS[number]
        return f"{mark}、{title}" if level == 1 else f"（{mark}）{title}"
    return f"{number}. {title}" if level == 1 else f"{above}.{number} {title}"


def _paragraphs(section: Section, lang: str) -> list[Block]:
    if section.key in ITEMS:
        return [
            Block("item", f"{number}. {sentence.text}", sentence.light)
            for number, sentence in enumerate(section.sentences, 1)
        ]
    space = "" if lang == "zh" else " "
    return [Block("body", space.join(sentence.text for sentence in section.sentences))]
