"""A withheld figure in a chart: a gap that says 保密, never a zero and never "not reported"."""

from collections.abc import Sequence
from typing import Any

from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures.charts.figure import Figure


def word(lang: str) -> str:
    """What stands where the figure would."""
    return text("common.suppressed", lang)


def mark(fig: Figure, places: Sequence[Any], lang: str, theme: str | None) -> None:
    """Write the word at the foot of each of these places of the x axis; once where all lie."""
    for place in places:
        fig.add_annotation(
            x=place,
            y=0.02,
            yref="paper",
            text=word(lang),
            showarrow=False,
            yanchor="bottom",
            textangle=0 if len(places) <= _UPRIGHT else -90,
            font={"color": palette.of(theme).quiet},
        )


_UPRIGHT = 8  # as many fit side by side on a narrow screen
