"""The one door through which a figure of plotly reaches the browser: drawn in place, by our code.

Streamlit's own element draws anew whatever changes, loses the zoom and loads all of plotly.js;
this one keeps its element and loads the part of the library that has lines and bars.
"""

import hashlib
from functools import cache

import orjson
from streamlit.components.v2 import component

from oneninex.charts.figure import Figure
from oneninex.settings import ROOT
from oneninex.ui.context import t

# The trace types of oneninex/charts: scatter and bar. docs/decisions/0018 says where it is from.
LIBRARY = "plotly-basic-4.1.1.min.js"
CODE = "chart.js"
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


def draw(fig: Figure, alt: str, key: str) -> None:
    """Show a figure; `alt` says its takeaway to those who do not see it."""
    words = {"plotly": {name: t(message) for name, message in _BUTTONS.items()}}
    told = {"figure": fig.to_dict(), "alt": alt, "words": words, "library": LIBRARY}
    _component()(data=orjson.dumps(told, default=float), key=f"chart_{key}")


def address_of(name: str) -> str:
    """The address of a file of static/ below the app's; another one when the file changes."""
    return f"app/static/{name}?{_fingerprint(name)}"


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((ROOT / "static" / name).read_bytes()).hexdigest()[:10]


@cache
def _component():
    code = f"""
    const base = window.__streamlit?.BACKEND_BASE_URL ?? location.origin;
    const code = import(`${{base}}/{address_of(CODE)}`);
    export default async ({{ data, parentElement }}) => {{
      const {{ draw, remove }} = await code;
      await draw(parentElement, data, base);
      return () => remove(parentElement);
    }}
    """
    return component("oneninex_chart", js=code, isolate_styles=False)
