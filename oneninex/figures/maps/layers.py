"""The layers of the map, as pydeck wants them.

A plain string becomes an accessor of a row; a constant needs String.
"""

from typing import Any

import pydeck as pdk
from pydeck.types import String

from oneninex.core import theme
from oneninex.core.theme import Palette
from oneninex.figures.maps.geometry import Features
from oneninex.figures.maps.labels import QUIET_SIZE, SIZE

FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
UNITS, LABELS = "units", "unit_labels"


def areas(name: str, areas: Features, fill: str | None, edge: str, width: float) -> pdk.Layer:
    """Filled or outlined polygons; no fill draws only the edge."""
    return pdk.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": areas},
        id=name,
        filled=fill is not None,
        get_fill_color=theme.rgb(fill) if fill else [0, 0, 0, 0],
        stroked=width > 0,
        get_line_color=theme.rgb(edge),
        line_width_min_pixels=width,
        pickable=False,
    )


def marks(rows: list[dict[str, Any]], colours: Palette) -> pdk.Layer:
    """The units' discs and rings, in the look that each row brings."""
    return pdk.Layer(
        "ScatterplotLayer",
        rows,
        id=UNITS,
        get_position="position",
        get_radius="radius",
        radius_units=String("pixels"),
        get_fill_color="fill",
        stroked=True,
        get_line_color="edge",
        get_line_width="edge_width",
        line_width_units=String("pixels"),
        pickable=True,
        auto_highlight=True,
        highlight_color=theme.rgb(colours.attention, 200),
        parameters={"depthCompare": "always"},
    )


def holes(rows: list[dict[str, Any]], colours: Palette) -> pdk.Layer:
    """The hole in the disc of a unit whose name and place are assumed."""
    discs = [row for row in rows if row["sort"] == "value"]
    return pdk.Layer(
        "ScatterplotLayer",
        [{"position": row["position"], "radius": row["radius"] * 0.4} for row in discs],
        id="holes",
        get_position="position",
        get_radius="radius",
        radius_units=String("pixels"),
        get_fill_color=theme.rgb(colours.background),
        pickable=False,
        parameters={"depthCompare": "always"},
    )


def ring(rows: list[dict[str, Any]], colours: Palette) -> pdk.Layer | None:
    """A ring around the selected unit, None where none is."""
    if not rows:
        return None
    rings = [{"position": row["position"], "radius": row["radius"] + 6} for row in rows]
    return pdk.Layer(
        "ScatterplotLayer",
        rings,
        id="selected",
        get_position="position",
        get_radius="radius",
        radius_units=String("pixels"),
        filled=False,
        stroked=True,
        get_line_color=theme.rgb(colours.attention),
        get_line_width=4,
        line_width_units=String("pixels"),
        pickable=False,
        parameters={"depthCompare": "always"},
    )


def text(name: str, rows: list[dict[str, Any]], colours: Palette, *, pickable: bool) -> pdk.Layer:
    """Labels with a halo; the unit labels can be clicked, the area names not."""
    for row in rows:
        row.setdefault("colour", theme.rgb(colours.text))
    return pdk.Layer(
        "TextLayer",
        rows,
        id=name,
        get_position="position",
        get_text="label",
        get_size=SIZE if pickable else QUIET_SIZE,
        get_color="colour",
        get_text_anchor="anchor",
        get_alignment_baseline="baseline",
        get_pixel_offset="offset",
        character_set=String("auto"),
        font_family=String(FONT),
        font_weight=600 if pickable else 500,
        # Names of areas go without a halo: at their size it eats thin strokes.
        font_settings={"sdf": pickable, "fontSize": 64, "buffer": 12, "radius": 16},
        outline_width=3 if pickable else 0,
        outline_color=theme.rgb(colours.background),
        line_height=1.15,
        pickable=pickable,
        parameters={"depthCompare": "always"},
    )
