"""DOCX in the layout of GB/T 9704 as far as a bulletin takes it over.

A4, top 37 mm, left 28 mm, text block 156 × 225 mm, 22 lines of 28 characters in 3号 (16 pt),
title 2号 小标宋, headings 黑体 and 楷体, page number 4号 宋体, odd pages right, even pages left.
"""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from oneninex.briefing import outline, pdf
from oneninex.briefing import svg as pictures
from oneninex.briefing.docx_parts import (
    border,
    caption,
    fill_table,
    fonts_of,
    loose,
    page_number,
    plain_styles,
    run,
)
from oneninex.briefing.model import Briefing
from oneninex.briefing.reproducible_zip import settled

TOP, LEFT, RIGHT, BOTTOM = Mm(37), Mm(28), Mm(26), Mm(35)
LINE = Pt(28.95)  # 225 mm in 22 lines
SIZES = {"masthead": 36, "title": 22, "body": 16, "number": 14, "table": 10.5, "small": 9}
RED = RGBColor(0xD0, 0, 0)
# 22 lines to a page. A grid of characters would do the same for 28 in a line, but LibreOffice gives
# two cells to a character wider than one; characters set closer by 0.25 pt do it everywhere.
_GRID_LINE = "579"  # twentieths of a point
_CLOSER = -5  # twentieths of a point
_FACES = {"h1": "hei", "h2": "kai", "body": "fang", "item": "fang"}


def write(briefing: Briefing) -> bytes:
    """The briefing as a Word document; the same briefing gives the same bytes."""
    word = Document()
    plain_styles(word, briefing.lang)
    _page(word, briefing)
    _masthead(word, briefing)
    for block in outline.blocks(briefing):
        _paragraph(word, briefing, block.text, block.kind)
    _pictures(word, briefing)
    _notes(word, briefing)
    _properties(word, briefing)
    out = io.BytesIO()
    word.save(out)
    return settled(out.getvalue(), briefing.vintage.created_at)


def _page(word: Word, briefing: Briefing) -> None:
    """Paper with header, and footers with page number and vintage."""
    set_page(word, briefing.lang, briefing.words["demo"])
    section = word.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        page_number(footer.paragraphs[0], side, briefing.lang)
        line = footer.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run(line, briefing.words["vintage"], "hei", 7.5, briefing.lang)


def set_page(word: Word, lang: str, mark: str) -> None:
    """Set paper, margins, the grid of lines, and a header with the mark of demo data."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.header_distance, section.footer_distance = Mm(15), Mm(22)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    if lang == "zh":
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), _GRID_LINE)
    word.settings.odd_and_even_pages_header_footer = True
    for header in (section.header, section.even_page_header):
        line = header.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run(line, mark, "hei", SIZES["table"], lang, RGBColor(179, 38, 30))


def _masthead(word: Word, briefing: Briefing) -> None:
    """报头: name in red, issue, who and when, red rule; then the title."""
    lang, words = briefing.lang, briefing.words
    size = SIZES["masthead"] if lang == "zh" else 28
    head = _line(word, WD_ALIGN_PARAGRAPH.CENTER, exact=False)
    run(head, words["masthead"], "song", size, lang, RED, bold=lang == "en")
    issue = _line(word, WD_ALIGN_PARAGRAPH.CENTER)
    run(issue, words["issue"], "fang", SIZES["body"], lang)
    who = _line(word, WD_ALIGN_PARAGRAPH.LEFT)
    who.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
    run(who, f"{words['editor']}\t{words['date']}", "fang", SIZES["body"], lang)
    border(who, "bottom", "D00000", 18)
    title = _line(word, WD_ALIGN_PARAGRAPH.CENTER, exact=False)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(14)
    run(title, words["title"], "song", SIZES["title"], lang, bold=lang == "en")


def _paragraph(word: Word, briefing: Briefing, told: str, kind: str) -> Paragraph:
    lang = briefing.lang
    line = _line(word, WD_ALIGN_PARAGRAPH.JUSTIFY)
    if kind in ("h1", "h2"):
        line.style = f"Heading {kind[1]}"
        line.alignment = WD_ALIGN_PARAGRAPH.LEFT
        line.paragraph_format.keep_with_next = True
    size = SIZES["body"] if lang == "zh" else 12
    if lang == "zh":
        line.paragraph_format.first_line_indent = Pt(2 * size)
        closer = _CLOSER
    else:
        line.paragraph_format.line_spacing = Pt(18)
        closer = 0
    run(line, told, _FACES[kind], size, lang, bold=lang == "en" and kind == "h1", closer=closer)
    return line


def _line(word: Word, alignment: WD_ALIGN_PARAGRAPH, exact: bool = True) -> Paragraph:
    line = word.add_paragraph()
    line.alignment = alignment
    if exact:
        line.paragraph_format.line_spacing = LINE
    return line


def _pictures(word: Word, briefing: Briefing) -> None:
    """Tables, the map and the charts, on pages of their own."""
    lang, words = briefing.lang, briefing.words
    number, _ = outline.following(briefing)
    title = outline.heading(number, 1, words["annex_title"], lang)
    _paragraph(word, briefing, title, "h1").paragraph_format.page_break_before = True
    for table in briefing.tables.values():
        caption(word, table.title, lang)
        fill_table(word, table, briefing, SIZES["table"] if lang == "zh" else SIZES["small"])
    font = pdf.fonts()["hei"]
    drawn = pictures.of(briefing, font)
    _picture(word, drawn["map"], words["map_title"], pdf.map_alt(briefing), 108, lang)
    _small(word, words["map_note"], lang)
    for key, chart in briefing.charts.items():
        _picture(word, drawn[key], chart.title, pdf.alt(briefing, key), 150, lang)
        if chart.note:
            _small(word, chart.note, lang)


def _picture(word: Word, svg: str, title: str, alt: str, width: float, lang: str) -> None:
    caption(word, title, lang)
    line = loose(word.add_paragraph())
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape = line.add_run().add_picture(io.BytesIO(pdf.png(svg, width)), width=Mm(width))
    shape._inline.docPr.set("descr", alt)


def _notes(word: Word, briefing: Briefing) -> None:
    """What a reader has to know of the figures and of the fonts, then 报尾."""
    lang, words = briefing.lang, briefing.words
    _, number = outline.following(briefing)
    _paragraph(word, briefing, outline.heading(number, 1, words["notes_title"], lang), "h1")
    for index, note in enumerate((*briefing.notes, words["fonts"]), 1):
        _small(word, f"{index}. {note}", lang, SIZES["table"])
    end = word.add_paragraph()
    run(end, words["recipients"], "fang", SIZES["number"], lang)
    border(end, "top", "000000", 6)
    border(end, "bottom", "000000", 6)


def _small(word: Word, told: str, lang: str, size: float = SIZES["small"]) -> None:
    line = loose(word.add_paragraph())
    line.paragraph_format.space_after = Pt(4)
    run(line, told, "fang", size, lang)


def _properties(word: Word, briefing: Briefing) -> None:
    about = word.core_properties
    about.title = f"{briefing.words['masthead']} {briefing.words['title']}"
    about.subject = briefing.words["vintage"]
    about.author = about.last_modified_by = "OneNineX"
    about.language = {"zh": "zh-CN", "en": "en-GB"}[briefing.lang]
    about.comments = fonts_of(briefing.lang)
    about.created = about.modified = briefing.vintage.created_at.replace(tzinfo=None)
