"""The one door through which a figure reaches the browser: drawn in place, by our code.

With it come the words around it and the buttons of what is folded under it.

Streamlit's own element draws anew whatever changes, loses the zoom and loads all of plotly.js;
this one keeps its element and loads the part of the library that has lines and bars.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import orjson
import streamlit as st
from streamlit.components.v2 import component

from oneninex.core import static_assets
from oneninex.figures.charts.figure import Figure
from oneninex.ui.context import t

# What plotly.js calls the buttons over a figure, and our words for them.
_BUTTONS = {
    "Download plot as a PNG": "ui.chart_picture",
    "Download plot": "ui.chart_picture",
    "Zoom": "ui.chart_zoom",
    "Zoom in": "ui.chart_zoom_in",
    "Zoom out": "ui.chart_zoom_out",
    "Reset axes": "ui.chart_reset",
    "Double-click to zoom back out": "ui.chart_back",
}


@dataclass(frozen=True)
class Part:
    """What is folded under a figure: its name and the words on its button."""

    name: str
    words: str

    def key(self, figure: str) -> str:
        """Where the session keeps whether this part of a figure is open."""
        return f"{self.name}_{figure}"


def draw(fig: Figure, alt: str, key: str) -> None:
    """Show a figure; `alt` says its takeaway to those who do not see it."""
    show(told(fig, alt), key)


def told(fig: Figure | None, alt: str = "", above: str = "", below: str = "") -> bytes:
    """What the browser is told of a figure, or of the words of one that is HTML itself.

    `above` and `below` are what stands there, as HTML whose texts are escaped.
    """
    words = {name: t(message) for name, message in _BUTTONS.items()}
    given = {
        "figure": fig.to_dict() if fig else None,
        "alt": alt,
        "above": above,
        "below": below,
        "words": {"plotly": words},
        "library": static_assets.address_of(static_assets.PLOTLY),
    }
    return orjson.dumps(given, default=float)


def show(given: bytes, key: str, parts: Sequence[Part] = ()) -> list[str]:
    """Draw what was told, with a button for each part; the names of those that are open."""
    element = f"chart_{key}"
    state = st.session_state

    def fold() -> None:
        wanted = state[element].fold or {}
        for part in parts:
            state[part.key(key)] = bool(wanted.get(part.name))

    opened = [part.name for part in parts if state.get(part.key(key))]
    buttons = [
        {"name": part.name, "words": part.words, "open": part.name in opened} for part in parts
    ]
    # A line for the buttons and one for the rest: a figure is not drawn anew when one is clicked.
    data = orjson.dumps(buttons) + b"\n" + given
    _component()(data=data, key=element, on_fold_change=fold)
    return opened


@cache
def _component():
    code = f"""
    const base = window.__streamlit?.BACKEND_BASE_URL ?? location.origin;
    const code = import(`${{base}}/{static_assets.address_of(static_assets.CHART)}`);
    export default async ({{ data, parentElement, setTriggerValue }}) => {{
      const {{ draw, remove }} = await code;
      await draw(parentElement, data, base, (open) => setTriggerValue("fold", open));
      // A message that was overtaken by the next one is cleared too, while the figure lives on.
      return () => {{ if (!parentElement.isConnected) remove(parentElement); }};
    }}
    """
    return component("oneninex_chart", js=code, isolate_styles=False)
