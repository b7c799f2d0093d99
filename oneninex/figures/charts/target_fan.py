"""The fan of a forecast on a chart by month: 80% interval, middle, baseline, needed line.

`fan` holds the rows of one target of target_forecast; the first is where the forecast starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from oneninex.core import formats, theme
from oneninex.core.i18n import text
from oneninex.figures.charts import target_words as words
from oneninex.figures.charts.figure import Figure
from oneninex.figures.charts.target_words import Row


def within(fan: Sequence[Row], last: date) -> list[Row]:
    """The months up to `last`."""
    return [row for row in fan if row["month"] <= last]


def add(fig: Figure, fan: Sequence[Row], row: Row, lang: str, colours: theme.Palette) -> None:
    """Draw the fan below what is there: interval, middle, and the two lines it is held against."""
    if not fan:
        return
    days = [point["day"] for point in fan]
    interval(fig, fan, text("targets.fan", lang), colours.primary)
    line = {"dash": "dot", "width": 1.5, "color": colours.other}
    _line(fig, days, [p["baseline"] for p in fan], text("targets.fan_baseline", lang), line)
    if any(point["needed"] is not None for point in fan):
        line = {"dash": "dashdot", "width": 1.5, "color": colours.attention}
        _line(fig, days, [p["needed"] for p in fan], text("targets.fan_needed", lang), line)
    middle(fig, fan, row, text("targets.fan_middle", lang), colours.primary, lang)
    legend(fig)


def interval(fig: Figure, fan: Sequence[Row], name: str, colour: str) -> None:
    """The 80% interval as a band."""
    days = [point["day"] for point in fan]
    edge = {"width": 0, "color": colour}
    _line(fig, days, [point["p90"] for point in fan], name, edge, shown=False)
    fig.add_scatter(
        x=days,
        y=[point["p10"] for point in fan],
        name=name,
        mode="lines",
        line=edge,
        fill="tonexty",
        fillcolor=_faint(colour),
        hoverinfo="skip",
        showlegend=True,
    )


def middle(fig: Figure, fan: Sequence[Row], row: Row, name: str, colour: str, lang: str) -> None:
    """The middle of the forecast; each month says its interval."""
    fig.add_scatter(
        x=[point["day"] for point in fan],
        y=[point["p50"] for point in fan],
        name=name,
        mode="lines",
        line={"color": colour, "width": 2.5, "dash": "dash"},
        customdata=[_hover(point, row, name, lang) for point in fan],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=True,
    )


def legend(fig: Figure) -> None:
    """Names of the lines under the chart and its two-line months, where no label stands."""
    fig.update_layout(
        showlegend=True,
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": -0.2, "yanchor": "top"},
    )


def _line(
    fig: Figure,
    days: Sequence[date],
    values: Sequence[float | None],
    name: str,
    line: dict[str, object],
    shown: bool = True,
) -> None:
    fig.add_scatter(
        x=list(days),
        y=list(values),
        name=name,
        mode="lines",
        line=line,
        hoverinfo="skip",
        showlegend=shown,
    )


def _hover(point: Row, row: Row, name: str, lang: str) -> str:
    return text(
        "targets.fan_hover",
        lang,
        name=name,
        month=formats.month(point["month"], lang),
        middle=words.amount(point["p50"], row, lang),
        low=words.amount(point["p10"], row, lang),
        high=words.amount(point["p90"], row, lang),
    )


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"
