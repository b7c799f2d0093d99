"""PPTX, 16:9: one headline sentence a page, native charts that can be edited, a native map."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from pptx import Presentation
from pptx.util import Inches

from oneninex.briefing.model import Briefing, Table
from oneninex.briefing.pptx_map import draw_map
from oneninex.briefing.pptx_parts import (
    BAD,
    PANEL,
    PRIMARY,
    QUIET,
    TEXT,
    add_chart,
    add_table,
    box,
    fill,
    new_slide,
)
from oneninex.briefing.reproducible_zip import settled

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
_MARGIN, _BODY_TOP = 0.6, 1.75
_ROWS = 8  # of a table on one page, readable from a seat


def write(briefing: Briefing) -> bytes:
    """The briefing as a presentation; the same briefing gives the same bytes."""
    show: Any = Presentation()
    show.slide_width, show.slide_height = WIDTH, HEIGHT
    _cover(show, briefing)
    _cards(show, briefing)
    _chart_page(show, briefing, "output", "trend", 1)
    _chart_page(show, briefing, "quality", "quality")
    _chart_page(show, briefing, "targets", "targets")
    _table_pages(show, briefing, briefing.tables["targets"], "targets")
    _map_page(show, briefing)
    _chart_page(show, briefing, "units", "units", 1)
    _table_pages(show, briefing, briefing.tables["units"], "units", 9)
    _chart_page(show, briefing, "datasets", "datasets")
    _decisions(show, briefing)
    _notes(show, briefing)
    _frame(show, briefing)
    _properties(show, briefing)
    out = io.BytesIO()
    show.save(out)
    return settled(out.getvalue(), briefing.vintage.created_at)


def _cover(show: Any, briefing: Briefing) -> None:
    slide = new_slide(show, briefing.words["title"], briefing.lang, 34, 2.7)
    lines = [
        (briefing.words["masthead"], 26, PRIMARY),
        (briefing.words["issue"], 18, QUIET),
    ]
    box(slide, lines, (_MARGIN, 1.2, 12, 1.3), briefing.lang)
    who = [
        (briefing.words["editor"], 16, TEXT),
        (briefing.words["date"], 16, TEXT),
        (briefing.words["plan"], 14, QUIET),
        (briefing.words["audience"], 14, QUIET),
    ]
    box(slide, who, (_MARGIN, 4.6, 12, 1.8), briefing.lang)


def _headline(briefing: Briefing, key: str, number: int = 0) -> str:
    """The sentence at the top of a page; the section's title where nothing was said."""
    section = briefing.section(key)
    if section is None:
        return briefing.words["missing_mark"]
    return section.sentences[min(number, len(section.sentences) - 1)].text


def _cards(show: Any, briefing: Briefing) -> None:
    """Five figures in large type with 同比, 环比 and coverage."""
    slide = new_slide(show, _headline(briefing, "output"), briefing.lang)
    wide, gap = 2.3, 0.16
    for number, card in enumerate(briefing.cards):
        left = _MARGIN + number * (wide + gap)
        size = 34 if len(card.value) <= 6 else 27
        lines = [(card.label, 15, QUIET), (card.value, size, PRIMARY)]
        lines += [(line, 13, TEXT) for line in card.lines]
        fill(box(slide, lines, (left, 1.9, wide, 2.5), briefing.lang), PANEL)
    told = [_headline(briefing, key) for key in ("quality", "firms", "datasets", "targets")]
    lines = [(line, 15, TEXT) for line in told]
    box(slide, lines, (_MARGIN, 4.75, 12.1, 2.1), briefing.lang, space=6)


def _chart_page(show: Any, briefing: Briefing, key: str, chart: str, number: int = 0) -> None:
    if chart not in briefing.charts:
        return
    given = briefing.charts[chart]
    slide = new_slide(show, _headline(briefing, key, number), briefing.lang)
    box(slide, [(given.title, 15, QUIET)], (_MARGIN, _BODY_TOP - 0.15, 12.1, 0.4), briefing.lang)
    add_chart(slide, briefing, given, (_MARGIN, _BODY_TOP + 0.25, 12.1, 4.6))
    if given.note:
        box(slide, [(given.note, 12, QUIET)], (_MARGIN, 6.55, 12.1, 0.35), briefing.lang)


def _table_pages(show: Any, briefing: Briefing, table: Table, key: str, rows: int = _ROWS) -> None:
    """A table on as many pages as it needs, its header on each."""
    lights = table.lights or ("",) * len(table.rows)
    pages = list(batched(list(zip(table.rows, lights, strict=True)), rows))
    for number, page in enumerate(pages, 1):
        count = f" ({number}/{len(pages)})" if len(pages) > 1 else ""
        slide = new_slide(show, _headline(briefing, key), briefing.lang)
        title = [(table.title + count, 15, QUIET)]
        box(slide, title, (_MARGIN, _BODY_TOP - 0.2, 12.1, 0.4), briefing.lang)
        add_table(slide, briefing, table, list(page), (_MARGIN, _BODY_TOP + 0.2, 12.1, 4.5))


def _map_page(show: Any, briefing: Briefing) -> None:
    slide = new_slide(show, _headline(briefing, "units"), briefing.lang)
    draw_map(slide, briefing, (_MARGIN, 1.65, 4.9))
    listed = [f"{place.unit_id}  {place.name}  {place.written}" for place in briefing.places]
    lines = [(briefing.words["map_title"], 16, QUIET), *((line, 14, TEXT) for line in listed)]
    lines += [(briefing.words["map_note"], 11, QUIET)]
    box(slide, lines, (6.4, 1.75, 6.4, 4.9), briefing.lang)


def _decisions(show: Any, briefing: Briefing) -> None:
    section = briefing.section("decisions")
    if section is None:
        return
    pages = list(batched(section.sentences, 6))
    for page in pages:
        slide = new_slide(show, section.title, briefing.lang)
        lines = [(f"{number}. {each.text}", 17, TEXT) for number, each in enumerate(page, 1)]
        box(slide, lines, (_MARGIN, _BODY_TOP, 12.1, 4.8), briefing.lang, space=10)


def _notes(show: Any, briefing: Briefing) -> None:
    slide = new_slide(show, briefing.words["notes_title"], briefing.lang)
    lines = [(f"{index}. {note}", 14, TEXT) for index, note in enumerate(briefing.notes, 1)]
    box(slide, lines, (_MARGIN, _BODY_TOP, 12.1, 4.8), briefing.lang, space=6)


def _frame(show: Any, briefing: Briefing) -> None:
    """On every page the demo mark, the vintage and the page's number."""
    for number, slide in enumerate(show.slides, 1):
        if demo := briefing.words["demo"]:
            box(slide, [(demo, 12, BAD)], (_MARGIN, 0.12, 6, 0.32), briefing.lang)
        line = f"{briefing.words['vintage']}    {number} / {len(show.slides)}"
        box(slide, [(line, 11, QUIET)], (_MARGIN, 7.02, 12.1, 0.32), briefing.lang)


def _properties(show: Any, briefing: Briefing) -> None:
    about = show.core_properties
    about.title = f"{briefing.words['masthead']} {briefing.words['title']}"
    about.subject = briefing.words["vintage"]
    about.author = about.last_modified_by = "OneNineX"
    about.language = {"zh": "zh-CN", "en": "en-GB"}[briefing.lang]
    about.created = about.modified = briefing.vintage.created_at.replace(tzinfo=None)


def batched(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Runs of at most `size` items."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
