"""Small multiples: one small chart for each series, side by side on the same scales."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.figures.charts import style
from oneninex.figures.charts.figure import Figure

# Characters of a title that fit above a panel on a telephone.
_WIDTHS = {"zh": 8, "en": 15}
_PANEL_HEIGHT = 118
_TITLE_LINE = 15


@dataclass(frozen=True)
class Series:
    """One panel: values by month (None is missing) with a finished hover text for each."""

    title: str
    months: Sequence[date]
    values: Sequence[float | None]
    hover: Sequence[str]
    low: Sequence[float | None] = field(default=())
    high: Sequence[float | None] = field(default=())
    colour: str = ""


def grid(
    series: Sequence[Series],
    lang: str,
    theme: str | None,
    *,
    columns: int,
    unit: str | None = None,
    shared: bool = True,
    zero: bool = True,
) -> Figure:
    """Panels row by row; `shared` puts all on one value axis, `unit` as formats.number wants."""
    rows = max(1, -(-len(series) // columns))
    titles = [wrapped(each.title, lang) for each in series]
    lines = max((title.count("<br>") + 1 for title in titles), default=1)
    height = rows * (_PANEL_HEIGHT + lines * _TITLE_LINE) + 30
    fig = style.figure(lang, theme, height=height)
    fig.split(
        rows,
        columns,
        shared_y=shared,
        horizontal=0.05 if shared else 0.14,
        vertical=min(0.9 / rows, (lines * _TITLE_LINE + 16) / height),
        titles=titles,
    )
    fig.update_layout(margin={"t": lines * _TITLE_LINE + 12})
    colours = palette.of(theme)
    fig.update_annotations(font={"size": 12, "color": colours.quiet}, yanchor="bottom")
    for index, each in enumerate(series):
        place = {"row": index // columns + 1, "col": index % columns + 1}
        _draw(fig, each, each.colour or colours.primary, place)
        if not shared:
            _scale(fig, [each], lang, unit, zero, place)
    if shared:
        _scale(fig, series, lang, unit, zero, {})
    _months(fig, series, lang)
    return fig


def wrapped(title: str, lang: str) -> str:
    """A title broken into lines: between words in English, anywhere in Chinese."""
    most = _WIDTHS[lang]
    if lang == "zh":
        # Lines of nearly the same length look better than one full and one almost empty.
        count = -(-len(title) // most)
        size = -(-len(title) // max(count, 1))
        return "<br>".join(title[i : i + size] for i in range(0, len(title), size))
    lines = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + len(word) >= most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)


def _draw(fig: Figure, each: Series, colour: str, place: dict[str, int]) -> None:
    error = None
    if each.low and each.high:
        error = _error_bars(each)
    fig.add_scatter(
        x=list(each.months),
        y=list(each.values),
        name=each.title,
        mode="lines+markers",
        connectgaps=False,
        line={"color": colour, "width": 2},
        marker={"color": colour, "size": 3.5},
        error_y=error,
        customdata=list(each.hover),
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
        **place,
    )


def _error_bars(each: Series) -> dict[str, Any]:
    triples = list(zip(each.low, each.values, each.high, strict=True))
    up = [None if y is None or high is None else high - y for _, y, high in triples]
    down = [None if y is None or low is None else y - low for low, y, _ in triples]
    return {
        "type": "data", "symmetric": False, "array": up, "arrayminus": down,
        "thickness": 1, "width": 0,
    }  # fmt: skip


def _scale(
    fig: Figure,
    series: Sequence[Series],
    lang: str,
    unit: str | None,
    zero: bool,
    place: Mapping[str, Any],
) -> None:
    """Three or so round marks; the same range wherever the scale is shared."""
    values = [v for each in series for v in (*each.values, *each.low, *each.high) if v is not None]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    marks = style.ticks(min(low, 0.0) if zero else low, high, about=3)
    texts = [
        formats.percent(mark, lang, 0) if unit == "%" else formats.number(mark, lang, unit=unit)
        for mark in marks
    ]
    fig.update_yaxes(
        tickvals=marks,
        ticktext=texts,
        range=[marks[0], marks[-1] * 1.04],
        tickfont={"size": 11},
        **place,
    )


def _months(fig: Figure, series: Sequence[Series], lang: str) -> None:
    """Only where years begin, or else the first month: the panels are narrow."""
    months = sorted({month for each in series for month in each.months})
    starts = [month for month in months if month.month == 1] or months[:1]
    texts = [
        f"{start.year}" if start.month == 1 else formats.month(start, lang) for start in starts
    ]
    fig.update_xaxes(type="date", tickvals=starts, ticktext=texts, tickfont={"size": 11})
