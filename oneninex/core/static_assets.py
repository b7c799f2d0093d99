"""The files that a browser loads: which there are, and how they are asked for.

An address carries the fingerprint of its file, so that a browser may keep it for ever.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from oneninex.core.settings import ROOT

# plotly.js with the trace types of oneninex/figures/charts, scatter and bar; docs/decisions/0018.
PLOTLY = "plotly-basic-4.1.1.min.js"
CHART = "chart.js"
FIGURES = "figures.js"
# Streamlit fetches the code of an element when the first of its kind is to be drawn, one after
# the other; what every page needs is asked for at once.
_EVERY_PAGE = ("Html", "ButtonGroup", "BidiComponent")
_WITH_FIGURES = ("Selectbox", "Metric")
_WITH_MAP = ("DeckGlJsonChart",)
_MAPS = {"unit_map"}
_NO_FIGURES = {"returns", "briefing", "methods"}
# Pages drawn as one message of HTML and SVG: no chart library.
_DRAWN = {"", "home", "overview"}
_WITH_SCREEN = {*_DRAWN, "targets"}
_IMPORTED = re.compile(r"""(?:from|import)\s*["']\./([\w.-]+\.js)["']""")


@cache
def address_of(name: str) -> str:
    """The address of a file of static/, below the app's own."""
    fingerprint = hashlib.sha256((ROOT / "static" / name).read_bytes()).hexdigest()[:10]
    return f"app/static/{name}?{fingerprint}"


@cache
def early(page: str) -> str:
    """What the HTML of a page asks for beforehand, as <link> elements."""
    elements = _EVERY_PAGE
    elements += () if page in _NO_FIGURES else _WITH_FIGURES
    elements += _WITH_MAP if page in _MAPS else ()
    links = [_link("modulepreload", f"static/js/{name}") for name in _with_imports(elements)]
    if page in _WITH_SCREEN:
        links += [_link("modulepreload", address_of(FIGURES))]
    if page not in _NO_FIGURES | _DRAWN:
        links += [_link("modulepreload", address_of(CHART))]
        links += [f'<link rel="preload" as="script" href="./{address_of(PLOTLY)}">']
    return "".join(links)


def _link(kind: str, address: str) -> str:
    return f'<link rel="{kind}" crossorigin href="./{address}">'


def _with_imports(elements: tuple[str, ...]) -> list[str]:
    """The files of these elements and all that they import, each once."""
    folder = Path(str(distribution("streamlit").locate_file("streamlit/static/static/js")))
    waiting = [path.name for name in elements for path in sorted(folder.glob(f"{name}.*.js"))]
    found: dict[str, None] = {}
    while waiting:
        name = waiting.pop(0)
        if name not in found and (folder / name).is_file():
            found[name] = None
            waiting += _IMPORTED.findall((folder / name).read_text(encoding="utf-8"))
    return list(found)
