"""XLSX annex: every figure with definition, coverage, status and snapshot, and where it comes from.

Texts are written as texts and marked so, whatever they begin with: none can run as a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from oneninex.briefing import pdf, svg
from oneninex.briefing.model import Briefing, Chart, Sentence
from oneninex.briefing.reproducible_zip import settled
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.core.theme import LIGHT

_HEAD_ROW = 3  # title, vintage, demo mark, then the header
_RATE_UNIT = "%"
_COLOURS = (LIGHT.primary, LIGHT.categorical[1], LIGHT.categorical[2])


def write(briefing: Briefing) -> bytes:
    """The annex as a workbook; the same briefing gives the same bytes."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        _properties(book, briefing)
        looks = _formats(book)
        _about(book, looks, briefing)
        _figures(book, looks, briefing)
        for key in briefing.tables:
            _table(book, looks, briefing, key)
        for chart in briefing.charts.values():
            _chart(book, looks, briefing, chart)
        _map(book, looks, briefing)
        _sentences(book, looks, briefing)
    return settled(out.getvalue(), briefing.vintage.created_at)


def _formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
    return {
        "title": book.add_format({**base, "bold": True, "font_size": 14}),
        "head": book.add_format(
            {**base, "bold": True, "bg_color": "#E4F1F5", "border": 1, "text_wrap": True}
        ),
        "text": book.add_format({**base, "text_wrap": True, "quote_prefix": True}),
        "quiet": book.add_format({**base, "font_color": "#51636E"}),
        "demo": book.add_format({**base, "bold": True, "font_color": "#B3261E"}),
        "number": book.add_format({**base, "num_format": "#,##0.######"}),
        "whole": book.add_format({**base, "num_format": "#,##0"}),
        "rate": book.add_format({**base, "num_format": "0.00%"}),
        "month": book.add_format({**base, "num_format": "yyyy-mm", "align": "left"}),
    }


def _properties(book: xlsxwriter.Workbook, briefing: Briefing) -> None:
    created = briefing.vintage.created_at.replace(tzinfo=None)
    book.set_properties(
        {
            "title": briefing.words["title"],
            "subject": briefing.words["vintage"],
            "author": "OneNineX",
            "created": created,
        }
    )


def _sheet(
    book: xlsxwriter.Workbook,
    looks: dict[str, Format],
    briefing: Briefing,
    name: str,
    widths: Sequence[float],
) -> Worksheet:
    """A sheet with title, vintage and the demo mark, on paper as on screen."""
    title = text(f"briefing.sheet.{name}", briefing.lang)
    sheet = book.add_worksheet(title)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, f"{briefing.words['title']}  {title}", looks["title"])
    sheet.write_string(1, 0, briefing.words["vintage"], looks["quiet"])
    if demo := briefing.words["demo"]:
        sheet.write_string(2, 0, demo, looks["demo"])
        sheet.set_header(f"&C{demo}")
    sheet.set_footer(f"&L{briefing.words['vintage']}&R&P / &N")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return sheet


def _rows(
    sheet: Worksheet,
    looks: dict[str, Format],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    for column, name in enumerate(columns):
        sheet.write_string(_HEAD_ROW, column, name, looks["head"])
    for number, row in enumerate(rows, _HEAD_ROW + 1):
        for column, value in enumerate(row):
            _cell(sheet, number, column, value, looks)
    sheet.freeze_panes(_HEAD_ROW + 1, 1)
    sheet.repeat_rows(0, _HEAD_ROW)


def _cell(sheet: Worksheet, row: int, column: int, value: Any, looks: dict[str, Format]) -> None:
    """A value by its type; None stays empty, for missing is not 0."""
    if value is None or value == "":
        return
    if isinstance(value, tuple):  # a number with the name of its format
        number, look = value
        if number is not None:
            sheet.write_number(row, column, number, looks[look])
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, looks["text"])
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, looks["number"])
    elif isinstance(value, date):
        day = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - Excel knows no zones
        sheet.write_datetime(row, column, day, looks["month"])
    else:
        sheet.write_string(row, column, str(value), looks["text"])


def _about(book: xlsxwriter.Workbook, looks: dict[str, Format], briefing: Briefing) -> None:
    sheet = _sheet(book, looks, briefing, "about", (110,))
    output = briefing.section("output")
    changes = [each.text for each in output.sentences[:1]] if output else []
    lines = [briefing.words["plan"], briefing.words["audience"], *changes, *briefing.notes]
    for number, line in enumerate(lines, _HEAD_ROW + 1):
        sheet.write_string(number, 0, line, looks["text"])


def _figures(book: xlsxwriter.Workbook, looks: dict[str, Format], briefing: Briefing) -> None:
    lang, vintage = briefing.lang, briefing.vintage
    names = ("name", "scope", "period", "value", "unit", "written", "status", "coverage",
             "missing", "definition", "query", "source", "snapshot", "hash")  # fmt: skip
    columns = [text(f"briefing.annex.{name}", lang) for name in names]
    widths = (24, 26, 10, 16, 9, 14, 10, 18, 26, 60, 22, 18, 9, 16)
    sheet = _sheet(book, looks, briefing, "figures", widths)
    rows = [
        (
            row.name, row.scope, row.period,
            (row.value, "rate" if row.unit == _RATE_UNIT else "number"),
            row.unit, row.written, row.status, row.coverage, row.missing, row.definition,
            row.query, row.source, (vintage.snapshot, "whole"), vintage.sha256[:12],
        )
        for row in briefing.annex
    ]  # fmt: skip
    _rows(sheet, looks, columns, rows)
    sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + len(rows), len(names) - 1)


def _table(
    book: xlsxwriter.Workbook, looks: dict[str, Format], briefing: Briefing, key: str
) -> None:
    table = briefing.tables[key]
    widths = [max(share * 1.4, 10) for share in table.shares]
    sheet = _sheet(book, looks, briefing, f"table_{key}", widths)
    _rows(sheet, looks, table.columns, table.rows)


def _chart(
    book: xlsxwriter.Workbook, looks: dict[str, Format], briefing: Briefing, chart: Chart
) -> None:
    """The data of a chart and the chart itself, drawn from these cells."""
    sheet = _sheet(book, looks, briefing, f"chart_{chart.key}", (40, *(16 for _ in chart.series)))
    look = "rate" if chart.number_format.endswith("%") else "whole"
    columns = ("", *(series.name for series in chart.series))
    values = zip(*(series.values for series in chart.series), strict=True)
    rows = [
        (category, *((value, look) for value in line))
        for category, line in zip(chart.categories, values, strict=True)
    ]
    _rows(sheet, looks, columns, rows)
    drawn: Any = book.add_chart({"type": chart.kind})
    first, last = _HEAD_ROW + 1, _HEAD_ROW + len(rows)
    for number in range(1, len(chart.series) + 1):
        drawn.add_series(
            {
                "name": [sheet.name, _HEAD_ROW, number],
                "categories": [sheet.name, first, 0, last, 0],
                "values": [sheet.name, first, number, last, number],
                **_painted(chart.kind, _COLOURS[number - 1]),
            }
        )
    drawn.set_title({"name": chart.title, "name_font": {"size": 12}})
    drawn.set_legend({"position": "bottom"} if len(chart.series) > 1 else {"none": True})
    if chart.kind == "bar":
        drawn.set_y_axis({"reverse": True})
    drawn.set_size({"width": 720, "height": 380})
    sheet.insert_chart(_HEAD_ROW, len(chart.series) + 2, drawn, {"description": chart.title})


def _painted(kind: str, colour: str) -> dict[str, Any]:
    """The product's colours instead of the spreadsheet's."""
    if kind == "line":
        return {"line": {"color": colour, "width": 2.5}, "marker": {"type": "circle", "size": 5}}
    return {"fill": {"color": colour}, "gap": 50}


def _map(book: xlsxwriter.Workbook, looks: dict[str, Format], briefing: Briefing) -> None:
    sheet = _sheet(book, looks, briefing, "map", (32, 12, 12, 16, 16))
    lang = briefing.lang
    names = ("annex.lon", "annex.lat", "annex.value", "annex.written")
    columns = [text(f"briefing.{name}", lang) for name in ("column.unit", *names)]
    rows = [
        (place.name, place.lon, place.lat, (place.value, "whole"), place.written)
        for place in briefing.places
    ]
    _rows(sheet, looks, columns, rows)
    sheet.write_string(_HEAD_ROW + len(rows) + 2, 0, briefing.words["map_note"], looks["quiet"])
    picture = pdf.png(svg.unit_map(briefing.map, pdf.fonts()["hei"]), 90.0)
    sheet.insert_image(
        _HEAD_ROW,
        6,
        "map.png",
        {
            "image_data": io.BytesIO(picture),
            "description": pdf.map_alt(briefing),
            "x_scale": 0.6,
            "y_scale": 0.6,
        },
    )


def _sentences(book: xlsxwriter.Workbook, looks: dict[str, Format], briefing: Briefing) -> None:
    """Each sentence with every figure in it, and the cells of the queries that it was made of."""
    lang = briefing.lang
    names = ("section", "sentence", "written", "made", "query", "parameters", "row", "column",
             "value")  # fmt: skip
    columns = [text(f"briefing.annex.{name}", lang) for name in names]
    sheet = _sheet(book, looks, briefing, "sentences", (16, 60, 16, 14, 22, 24, 34, 18, 18))
    rows = [
        (section.title, *line)
        for section in briefing.sections
        for sentence in section.sentences
        for line in _traced(sentence, lang)
    ]
    _rows(sheet, looks, columns, rows)


def _traced(sentence: Sentence, lang: str) -> list[tuple[Any, ...]]:
    lines = []
    for figure in sentence.figures:
        made = text(f"briefing.made.{figure.made}", lang)
        lines += [
            (
                sentence.text, figure.written, made, cell.query, _pairs(cell.parameters),
                _pairs(cell.key), cell.column, _value(cell.value),
            )
            for cell in figure.cells
        ]  # fmt: skip
    return lines


def _pairs(pairs: tuple[tuple[str, Any], ...]) -> str:
    return ", ".join(f"{name}={value}" for name, value in pairs if value is not None)


def _value(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return (int(value), "whole")
    return formats.day(value, "en") if isinstance(value, date) else value
