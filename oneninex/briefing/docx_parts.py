"""Runs, borders, tables and page numbers of the Word document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document as Word
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from oneninex.briefing.model import Briefing, Table

# The fonts that the standard and an office use; a word processor without them takes others.
FACES = {"song": "方正小标宋简体", "fang": "仿宋_GB2312", "kai": "楷体_GB2312", "hei": "黑体"}
_NUMBER_FACE = "宋体"
_LATIN = "Times New Roman"
_TEXT_WIDTH = 156.0


def fonts_of(lang: str) -> str:
    """The fonts that the document asks for."""
    return ", ".join([*FACES.values(), _NUMBER_FACE, _LATIN] if lang == "zh" else [_LATIN])


def run(
    line: Paragraph,
    told: str,
    face: str,
    size: float,
    lang: str,
    colour: RGBColor | None = None,
    bold: bool = False,
    closer: int = 0,
) -> None:
    """Text in one of the office's faces; `closer` is in twentieths of a point."""
    piece = line.add_run(told)
    piece.font.size = Pt(size)
    piece.font.bold = bold
    if colour is not None:
        piece.font.color.rgb = colour
    _set_face(piece, FACES.get(face, face), lang)
    if closer:
        apart = OxmlElement("w:spacing")
        apart.set(qn("w:val"), str(closer))
        piece._r.get_or_add_rPr().insert_element_before(
            apart, "w:w", "w:kern", "w:position", "w:sz", "w:szCs"
        )


def loose(line: Paragraph) -> Paragraph:
    """A paragraph that does not stand on the grid of lines: tables, captions, notes."""
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    line._p.get_or_add_pPr().insert_element_before(snap, "w:spacing", "w:ind", "w:jc", "w:rPr")
    return line


def _set_face(piece: Any, family: str, lang: str) -> None:
    piece.font.name = _LATIN
    fonts = piece._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), family)
    fonts.set(qn("w:hint"), "eastAsia" if lang == "zh" else "default")


def plain_styles(word: Word, lang: str) -> None:
    """Text in 仿宋 without spacing of its own, headings black and not bold."""
    styles: Any = word.styles
    normal = styles["Normal"]
    for name in ("Normal", "Heading 1", "Heading 2"):
        style = styles[name]
        style.font.name = _LATIN
        style.font.size = Pt(16 if lang == "zh" else 12)
        style.font.bold = False
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        face = {"Normal": "fang", "Heading 1": "hei", "Heading 2": "kai"}[name]
        fonts.set(qn("w:eastAsia"), FACES[face])
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    language.set(qn("w:eastAsia"), "zh-CN")
    normal.element.get_or_add_rPr().append(language)


def border(line: Paragraph, side: str, colour: str, eighths: int) -> None:
    """A rule above or below a paragraph, in eighths of a point."""
    properties = line._p.get_or_add_pPr()
    edges = properties.find(qn("w:pBdr"))
    if edges is None:
        edges = OxmlElement("w:pBdr")
        properties.insert_element_before(
            edges, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc"
        )
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "4"), ("color", colour)):
        edge.set(qn(f"w:{name}"), value)
    edges.append(edge)


def caption(word: Word, title: str, lang: str) -> None:
    """The title of a table or picture, kept with it."""
    line = loose(word.add_paragraph())
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.space_before = Pt(10)
    line.paragraph_format.space_after = Pt(4)
    line.paragraph_format.keep_with_next = True
    run(line, title, "hei", 12, lang, bold=lang == "en")


def page_number(line: Paragraph, side: str, lang: str) -> None:
    """— 1 — in 4号 宋体, one character in from the outer side."""
    right = side == "right"
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    indent = Pt(14)
    if right:
        line.paragraph_format.right_indent = indent
    else:
        line.paragraph_format.left_indent = indent
    run(line, "— ", _NUMBER_FACE, 14, lang)
    for kind, told in (("begin", ""), ("", "PAGE"), ("end", "")):
        piece = line.add_run()
        piece.font.size = Pt(14)
        _set_face(piece, _NUMBER_FACE, lang)
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = told
        piece._r.append(mark)
    run(line, " —", _NUMBER_FACE, 14, lang)


def fill_table(word: Word, table: Table, briefing: Briefing, size: float) -> None:
    """A table with a repeated header; the light's colour stands beside its word and sign."""
    drawn = word.add_table(rows=1, cols=len(table.columns))
    drawn.style = "Table Grid"
    drawn.alignment = WD_TABLE_ALIGNMENT.CENTER
    drawn.autofit = False
    widths = [Mm(_TEXT_WIDTH * share / sum(table.shares)) for share in table.shares]
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = width
    _cells(drawn.rows[0].cells, table.columns, widths, "hei", size, briefing.lang)
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    drawn.rows[0]._tr.get_or_add_trPr().append(header)
    lights = table.lights or ("",) * len(table.rows)
    for told, light in zip(table.rows, lights, strict=True):
        row = drawn.add_row()
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)
        _cells(row.cells, told, widths, "fang", size, briefing.lang)
        if light:
            colour = RGBColor.from_string(briefing.looks[light]["colour"].lstrip("#").upper())
            for piece in row.cells[0].paragraphs[0].runs:
                piece.font.color.rgb = colour
                piece.font.bold = True


def _cells(
    cells: Any, told: Sequence[str], widths: Sequence[Any], face: str, size: float, lang: str
) -> None:
    for cell, words, width in zip(cells, told, widths, strict=True):
        cell.width = width
        run(loose(cell.paragraphs[0]), words, face, size, lang)
