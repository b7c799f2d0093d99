"""Horizontal bars whose names stand above them, so that a telephone has room for both."""

from collections.abc import Sequence
from dataclasses import dataclass

from oneninex.core import theme as palette
from oneninex.figures.charts import style
from oneninex.figures.charts.figure import Figure

_ROW = 46
_NAME_SHIFT = 20


@dataclass(frozen=True)
class Bar:
    """One bar: name above it, length (None: nothing to draw), words at its end, hover text."""

    name: str
    value: float | None
    words: str
    hover: str
    colour: str
    pattern: str = ""


def figure(bars: Sequence[Bar], lang: str, theme: str | None) -> Figure:
    """The bars from top to bottom in the order given."""
    colours = palette.of(theme)
    shown = list(bars)[::-1]
    places = list(range(len(shown)))
    fig = style.figure(lang, theme, height=_ROW * len(shown) + 30)
    fig.add_bar(
        x=[bar.value for bar in shown],
        y=places,
        orientation="h",
        marker={
            "color": [bar.colour for bar in shown],
            "pattern": {
                "shape": [bar.pattern for bar in shown], "fillmode": "overlay", "size": 6,
                "fgcolor": colours.background, "fgopacity": 0.7,
            },
        },
        customdata=[bar.hover for bar in shown],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
    )  # fmt: skip
    known = [bar.value for bar in shown if bar.value is not None]
    low, high = min([*known, 0.0]), max([*known, 0.0])
    for place, bar in zip(places, shown, strict=True):
        _annotate(fig, low, place, bar.name, colours.text, yshift=_NAME_SHIFT)
        _annotate(fig, max(bar.value or 0.0, 0.0), place, bar.words, colours.text, xshift=5)
    fig.update_layout(bargap=0.62)
    # Room at the end for the words of the longest bar.
    fig.update_xaxes(range=[low * 1.04, low * 1.04 + ((high - low) or 1.0) * 1.6], visible=False)
    fig.update_yaxes(visible=False, range=[-0.6, len(shown) - 0.25])
    return fig


def _annotate(
    fig: Figure,
    x: float,
    y: int,
    words: str,
    colour: str,
    *,
    xshift: int = 0,
    yshift: int = 0,
) -> None:
    fig.add_annotation(
        x=x,
        y=y,
        text=words,
        showarrow=False,
        xanchor="left",
        xshift=xshift,
        yshift=yshift,
        font={"color": colour, "size": 13},
        align="left",
    )
