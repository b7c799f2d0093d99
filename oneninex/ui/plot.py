"""The one door through which a figure of plotly reaches the browser: drawn in place, by our code.

Streamlit's own element draws anew whatever changes, loses the zoom and loads all of plotly.js;
this one keeps its element and loads the part of the library that has lines and bars.
"""

from functools import cache

import orjson
from streamlit.components.v2 import component

from oneninex import assets
from oneninex.charts.figure import Figure
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


def draw(fig: Figure, alt: str, key: str, above: str = "", below: str = "") -> None:
    """Show a figure; `alt` says its takeaway to those who do not see it.

    `above` and `below` are what stands there, as HTML whose texts are escaped.
    """
    words = {"plotly": {name: t(message) for name, message in _BUTTONS.items()}}
    told = {
        "figure": fig.to_dict(),
        "alt": alt,
        "above": above,
        "below": below,
        "words": words,
        "library": assets.address_of(assets.PLOTLY),
    }
    _component()(data=orjson.dumps(told, default=float), key=f"chart_{key}")


@cache
def _component():
    code = f"""
    const base = window.__streamlit?.BACKEND_BASE_URL ?? location.origin;
    const code = import(`${{base}}/{assets.address_of(assets.CHART)}`);
    export default async ({{ data, parentElement }}) => {{
      const {{ draw, remove }} = await code;
      await draw(parentElement, data, base);
      return () => remove(parentElement);
    }}
    """
    return component("oneninex_chart", js=code, isolate_styles=False)
