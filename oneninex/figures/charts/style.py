"""The look that every chart shares, and the helpers that keep it so."""

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.theme import Palette
from oneninex.figures.charts.figure import Figure

FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
HEIGHT = 340
_HOVER = "%{customdata}<extra></extra>"


def figure(lang: str, theme: str | None, *, height: int = HEIGHT) -> Figure:
    """An empty figure in the product's look; `lang` zh or en, `theme` light or dark."""
    look = _template(lang, theme or "light")
    # Zoom is kept as long as this stays the same; in the template plotly.js does not look for it.
    return Figure({"template": look, "height": height, "uirevision": "keep"})


def in_lines(name: str, signs: int) -> str:
    """A name in lines of at most so many signs; nothing of it is cut off."""
    return "<br>".join(textwrap.wrap(name, signs, break_long_words=True))


@lru_cache(maxsize=4)
def _template(lang: str, theme: str) -> dict[str, Any]:
    colours = palette.of(theme)
    axis = {
        "gridcolor": colours.grid,
        "linecolor": colours.line,
        "zerolinecolor": colours.line,
        "tickfont": {"color": colours.quiet, "size": 13},
        "title": {"font": {"color": colours.quiet, "size": 13}, "standoff": 8},
        "automargin": True,
        # Whether each label ends within the figure is measured anew in every drawing: a third of
        # its time, for labels that automargin has made room for.
        "ticklabeloverflow": "allow",
        "fixedrange": True,
    }
    return {
        "layout": {
            "font": {"family": FONT, "size": 14, "color": colours.text},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": list(colours.categorical),
            "colorscale": {
                "sequential": scale(colours.sequential),
                "diverging": scale(colours.diverging),
            },
            "margin": {"l": 8, "r": 16, "t": 12, "b": 8},
            "xaxis": {**axis, "showgrid": False, "ticks": "outside", "tickcolor": colours.line},
            "yaxis": {**axis, "rangemode": "tozero", "ticklabelposition": "outside"},
            "legend": {
                "orientation": "h",
                "x": 0,
                "y": 1.02,
                "xanchor": "left",
                "yanchor": "bottom",
                "font": {"color": colours.text, "size": 13},
            },
            "hovermode": "closest",
            "hoverlabel": {
                "bgcolor": colours.panel,
                "bordercolor": colours.line,
                "font": {"family": FONT, "size": 14, "color": colours.text},
                "align": "left",
            },
            "modebar": {
                "bgcolor": "rgba(0,0,0,0)",
                "color": colours.quiet,
                "activecolor": colours.primary,
            },
            "separators": ".,",
            "bargap": 0.3,
            "dragmode": False,
        }
    }


def scale(colours: Sequence[str]) -> list[list[float | str]]:
    """A list of colours as a plotly colour scale."""
    return [[index / (len(colours) - 1), colour] for index, colour in enumerate(colours)]


def line(
    fig: Figure,
    x: Sequence[object],
    y: Sequence[float | None],
    name: str,
    colour: str,
    *,
    hover: Sequence[str],
    dash: str = "solid",
    width: float = 2.5,
    symbol: str = "circle",
    open_from: int | None = None,
    legend: bool = True,
) -> None:
    """Add a line; a missing value (None) leaves a gap, points from `open_from` on are hollow.

    `hover` holds one finished text for each point. Hollow means provisional.
    """
    first_open = len(x) if open_from is None else open_from
    symbols = [symbol if i < first_open else f"{symbol}-open" for i in range(len(x))]
    fig.add_scatter(
        x=list(x),
        y=list(y),
        name=name,
        mode="lines+markers",
        connectgaps=False,
        line={"color": colour, "width": width, "dash": dash},
        marker={
            "color": colour,
            "size": 7,
            "symbol": symbols,
            "line": {"width": 1.5, "color": colour},
        },
        customdata=list(hover),
        hovertemplate=_HOVER,
        showlegend=legend,
    )


def bars(
    fig: Figure,
    x: Sequence[object],
    y: Sequence[object],
    name: str,
    colour: str | Sequence[str],
    *,
    hover: Sequence[str],
    labels: Sequence[str] | None = None,
    horizontal: bool = False,
    pattern: str = "",
    legend: bool = True,
) -> None:
    """Add bars; `labels` are printed at their ends, `pattern` ("/", "x", …) marks a group."""
    fig.add_bar(
        x=list(x),
        y=list(y),
        name=name,
        orientation="h" if horizontal else "v",
        marker={
            "color": colour if isinstance(colour, str) else list(colour),
            "pattern": {"shape": pattern, "fgopacity": 0.6, "size": 6},
        },
        text=list(labels) if labels else None,
        textposition="outside",
        cliponaxis=False,
        customdata=list(hover),
        hovertemplate=_HOVER,
        showlegend=legend,
    )


def month_axis(fig: Figure, months: Sequence[date], lang: str, *, most: int = 6) -> None:
    """Label the x axis with months in words; at most `most` of them. A mouse can zoom into it.

    Month and year stand on a line each: on a narrow chart plotly would turn or drop them.
    """
    shown = sorted(set(months))
    step = max(1, math.ceil(len(shown) / most))
    ticks = shown[::-1][::step][::-1]
    words = [two_lines(month, lang) for month in ticks]
    fig.update_xaxes(type="date", tickvals=ticks, ticktext=words, tickangle=0, fixedrange=False)
    fig.update_layout(dragmode="zoom")


def two_lines(month: date, lang: str) -> str:
    """A month with a line break between its year and itself: 2026年<br>10月."""
    gap, broken = ("年", "年<br>") if lang == "zh" else (" ", "<br>")
    return formats.month(month, lang).replace(gap, broken, 1)


def value_axis(
    fig: Figure,
    values: Iterable[float | None],
    lang: str,
    *,
    unit: str | None = None,
    title: str | None = None,
    axis: str = "y",
    zero: bool = True,
) -> None:
    """Label a value axis in 万/亿 or k/M; `unit` as formats.number takes it (% for fractions)."""
    known = [value for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    marks = ticks(min(low, 0.0) if zero else low, max(high, 0.0) if zero else high)
    texts = [formats.percent(mark, lang, _percent_digits(marks)) for mark in marks]
    if unit != "%":
        texts = [formats.number(mark, lang, unit=unit) for mark in marks]
    settings = {"tickvals": marks, "ticktext": texts, "title_text": title}
    if not zero:
        settings["rangemode"] = "normal"
    (fig.update_xaxes if axis == "x" else fig.update_yaxes)(**settings)


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round marks (steps of 1, 2 or 5) from at or below `low` to at or above `high`."""
    span = high - low or abs(high) or 1.0
    rough = span / about
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * m for m in (1, 2, 5, 10) if size * m >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 12) for index in range(first, max(last, first + 1) + 1)]


def reference(fig: Figure, value: float, text: str, theme: str | None) -> None:
    """A dashed horizontal line with its meaning written on it (a target, a mean, a limit)."""
    colours = palette.of(theme)
    fig.add_hline(
        y=value,
        line={"color": colours.quiet, "dash": "dash", "width": 1.5},
        annotation={"text": text, "font": {"color": colours.quiet, "size": 13}},
    )


def note_on_date(fig: Figure, when: date, text: str, theme: str | None) -> None:
    """A dotted vertical line with the event written at its top (a holiday, a correction)."""
    colours = palette.of(theme)
    fig.add_vline(x=when.isoformat(), line={"color": colours.line, "dash": "dot", "width": 1.5})
    fig.add_annotation(
        x=when.isoformat(),
        y=1,
        yref="paper",
        text=text,
        showarrow=False,
        yanchor="bottom",
        font={"color": colours.quiet, "size": 12},
    )


def highlight(ids: Iterable[str], chosen: str | None, theme: str | None) -> Mapping[str, str]:
    """Colour of each series: the chosen one stands out from grey; none chosen, all alike."""
    colours: Palette = palette.of(theme)
    rest = colours.primary if chosen is None else colours.other
    return {name: colours.primary if name == chosen else rest for name in ids}


def _percent_digits(marks: Sequence[float]) -> int:
    return 0 if all(abs(mark * 100 - round(mark * 100)) < 1e-9 for mark in marks) else 1
