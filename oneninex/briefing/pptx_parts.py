"""Text boxes, tables and native charts of the presentation. Places are in inches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from oneninex.briefing import pdf
from oneninex.briefing.model import Briefing, Chart, Table
from oneninex.core.theme import LIGHT


def colour(written: str) -> RGBColor:
    """#rrggbb as python-pptx wants it."""
    return RGBColor.from_string(written.lstrip("#").upper())


TEXT, QUIET, PRIMARY = colour(LIGHT.text), colour(LIGHT.quiet), colour(LIGHT.primary)
PANEL, BAD, WHITE = colour(LIGHT.panel), colour(LIGHT.bad), colour("#ffffff")
_SERIES = (LIGHT.primary, LIGHT.categorical[1], LIGHT.categorical[2])
_FACES = {"zh": ("Arial", "微软雅黑"), "en": ("Arial", "微软雅黑")}
_TITLE_ONLY = 5
_TYPES = {
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "line": XL_CHART_TYPE.LINE_MARKERS,
}
Place = tuple[float, float, float, float]
Line = tuple[str, float, RGBColor]


def new_slide(show: Any, title: str, lang: str, size: float = 22, top: float = 0.5) -> Any:
    """A page with its headline sentence as the title, which readers of outlines hear."""
    slide = show.slides.add_slide(show.slide_layouts[_TITLE_ONLY])
    head = slide.shapes.title
    head.left, head.top = Inches(0.6), Inches(top)
    head.width, head.height = Inches(12.1), Inches(1.05)
    frame = head.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    _write(frame.paragraphs[0], (title, size, TEXT), lang, bold=True)
    return slide


def box(slide: Any, lines: Sequence[Line], place: Place, lang: str, space: float = 3) -> Any:
    """A text box: words, size and colour of each line."""
    left, top, width, height = (Inches(value) for value in place)
    shape = slide.shapes.add_textbox(left, top, width, height)
    frame = shape.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(space)
        _write(paragraph, line, lang)
    return shape


def fill(shape: Any, tone: RGBColor) -> None:
    """A plain ground behind a shape's words."""
    shape.fill.solid()
    shape.fill.fore_color.rgb = tone


def _write(paragraph: Any, line: Line, lang: str, bold: bool = False) -> None:
    told, size, tone = line
    paragraph.alignment = None
    piece = paragraph.add_run()
    piece.text = told
    piece.font.size, piece.font.bold = Pt(size), bold
    piece.font.color.rgb = tone
    _set_face(piece.font, lang)
    properties = paragraph._p.get_or_add_pPr()
    properties.set("algn", "l")


def _set_face(font: Any, lang: str) -> None:
    latin, east = _FACES[lang]
    font.name = latin
    properties = font._rPr
    found = properties.find(qn("a:ea"))
    if found is None:
        found = properties.makeelement(qn("a:ea"), {})
        properties.find(qn("a:latin")).addnext(found)
    found.set("typeface", east)


def add_table(
    slide: Any,
    briefing: Briefing,
    table: Table,
    rows: Sequence[tuple[tuple[str, ...], str]],
    place: Place,
) -> None:
    """A native table; each row is its words and its light."""
    left, top, width, height = (Inches(value) for value in place)
    shape = slide.shapes.add_table(len(rows) + 1, len(table.columns), left, top, width, height)
    shape._element.nvGraphicFramePr.cNvPr.set("descr", table.title)
    drawn = shape.table
    for column, share in zip(drawn.columns, table.shares, strict=True):
        column.width = int(width * share / sum(table.shares))
    for number, told in enumerate(table.columns):
        _cell(drawn.cell(0, number), told, WHITE, briefing.lang, PRIMARY, bold=True)
    for line, (told, light) in enumerate(rows, 1):
        ground = PANEL if line % 2 == 0 else WHITE
        for number, words in enumerate(told):
            tone = colour(briefing.looks[light]["colour"]) if light and number == 0 else TEXT
            _cell(
                drawn.cell(line, number), words, tone, briefing.lang, ground,
                bold=bool(light) and number == 0,
            )  # fmt: skip


def _cell(
    cell: Any, told: str, tone: RGBColor, lang: str, ground: RGBColor, bold: bool = False
) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = ground
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.margin_left = cell.margin_right = Inches(0.07)
    _write(cell.text_frame.paragraphs[0], (told, 12, tone), lang, bold)


def add_chart(slide: Any, briefing: Briefing, given: Chart, place: Place) -> None:
    """A native chart whose data can be edited; a missing value stays a gap."""
    data = CategoryChartData(number_format=given.number_format)
    data.categories = list(given.categories)
    for series in given.series:
        data.add_series(series.name, list(series.values))
    left, top, width, height = (Inches(value) for value in place)
    frame = slide.shapes.add_chart(_TYPES[given.kind], left, top, width, height, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", pdf.alt(briefing, given.key))
    _look(frame.chart, given, briefing.lang)


def _look(chart: Any, given: Chart, lang: str) -> None:
    chart.has_title = False
    chart.font.size = Pt(12)
    chart.font.color.rgb = TEXT
    _chart_face(chart, lang)
    chart.has_legend = len(given.series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
    plot = chart.plots[0]
    for number, series in enumerate(plot.series):
        tone = colour(_SERIES[number])
        if given.kind == "line":
            series.format.line.color.rgb = tone
            series.format.line.width = Pt(2.5)
            series.smooth = False
            series.marker.format.fill.solid()
            series.marker.format.fill.fore_color.rgb = tone
        else:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = tone
    _axes(chart, plot, given)


def _axes(chart: Any, plot: Any, given: Chart) -> None:
    values = chart.value_axis
    values.has_major_gridlines = given.kind == "line"
    values.visible = given.kind == "line"
    if given.kind == "line":
        values.major_gridlines.format.line.color.rgb = colour(LIGHT.grid)
    values.tick_labels.number_format = given.number_format
    values.tick_labels.number_format_is_linked = False
    if given.kind != "line":
        values.minimum_scale = 0
        plot.gap_width = 45
        plot.has_data_labels = True
        labels = plot.data_labels
        labels.number_format, labels.number_format_is_linked = given.number_format, False
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        labels.font.size = Pt(11)
    if given.kind == "bar":
        chart.category_axis.reverse_order = True


def _chart_face(chart: Any, lang: str) -> None:
    """The chart's own font for Chinese, which python-pptx has no word for."""
    chart.font.name = _FACES[lang][0]
    properties = chart._chartSpace.find(f".//{qn('a:defRPr')}")
    if properties is not None and properties.find(qn("a:ea")) is None:
        east = properties.makeelement(qn("a:ea"), {"typeface": _FACES[lang][1]})
        properties.find(qn("a:latin")).addnext(east)
