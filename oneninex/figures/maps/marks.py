"""The units as marks with words: how each looks, where it stands, what it says; pure.

Three states must not look alike: a value (a disc), nothing done (a dot with its 0) and nothing
reported (an open grey ring with the word). The disc of a unit that the published text does not
name has a hole, for its place and name are assumed.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from oneninex.core import formats, theme
from oneninex.core.i18n import text
from oneninex.core.theme import Palette
from oneninex.figures.maps.geometry import (
    Features,
    View,
    outline,
    project,
    read,
    unproject,
    view_of,
)
from oneninex.figures.maps.labels import Box, area_names, place

Measure = Literal["amount", "rate"]
HEIGHT = 520
# The narrowest screen that the map has to fit, in pixels.
WIDTH = 400
# All of a row that goes to the browser.
_SENT = (
    "unit_id", "name", "measure", "value_text", "note", "sort", "named_in",
    "xy", "position", "radius", "fill", "edge", "edge_width",
)  # fmt: skip
_RING = 34  # pixels from a shared point to each of the units that share it


@dataclass(frozen=True)
class Placed:
    """Areas, marks with their labels, and the names of areas, none over another."""

    view: View
    land: Features
    lakes: Features
    rows: list[dict[str, Any]]
    names: list[dict[str, Any]]


def placed(
    units: pa.Table,
    *,
    measure: str,
    lang: str,
    colours: Palette,
    divisions: Path | str | None,
    water: Path | None,
    unit: str | None,
    kind: Measure,
    height: int,
) -> Placed:
    """Everything on the map where it stands; arguments as in units_map."""
    land = read(divisions) if divisions else []
    lakes = read(water) if water else []
    view = view_of(outline(land, units.to_pylist()), WIDTH, height)
    rows = _rows(units, measure, lang, unit, kind, colours, view)
    for row in rows:  # A lower map has less room between its marks.
        row["radius"] *= min(1.0, math.sqrt(height / HEIGHT))
    taken = [_mark_box(row) for row in rows]
    place(rows, lang, taken)
    return Placed(view, land, lakes, rows, area_names(land, lakes, lang, taken, view))


def _rows(
    units: pa.Table,
    measure: str,
    lang: str,
    unit: str | None,
    kind: Measure,
    colours: Palette,
    view: View,
) -> list[dict[str, Any]]:
    """One plain record for each mark: place, look, words."""
    rows = named(units, lang)
    values = [abs(row["value"]) for row in rows if row["value"] is not None]
    low, high = min(values, default=0.0), max(values, default=0.0)
    for row in rows:
        row["sort"] = sort_of(row)
        row["value_text"] = _value_text(row, lang, unit)
        row["measure"] = measure
        row["note"] = _note(row, lang)
        row |= _look(row, kind, low, high, colours)
    _dodge(rows, view)
    return [{key: row[key] for key in _SENT} for row in rows]


def named(units: pa.Table, lang: str) -> list[dict[str, Any]]:
    """The rows with a name in the language; a suppressed one is without its value."""
    rows = units.to_pylist()
    for row in rows:
        row["name"] = row.get("name") or row[f"name_{lang}"]
        row["named_in"] = row.get("named_in") or "published_text"
        if row.get("status") == "C":
            row["value"] = None
    return rows


def sort_of(row: dict[str, Any]) -> str:
    """suppressed, missing, zero or value."""
    if row.get("status") == "C":
        return "suppressed"
    if row["value"] is None:
        return "missing"
    return "zero" if row["value"] == 0 else "value"


def _value_text(row: dict[str, Any], lang: str, unit: str | None) -> str:
    if row["sort"] == "suppressed":
        return text("common.suppressed", lang)
    return formats.number(row["value"], lang, unit=unit)


def _note(row: dict[str, Any], lang: str) -> str:
    notes = []
    if row["named_in"] == "assumed":
        notes.append(text("common.placeholder_unit", lang))
    if row.get("location_basis", "site") != "site":
        notes.append(text(f"maps.place_{row['location_basis']}", lang))
    return formats.listing(notes, lang)


def _look(
    row: dict[str, Any], kind: Measure, low: float, high: float, colours: Palette
) -> dict[str, Any]:
    """Radius in pixels, fill and edge of a mark."""
    if row["sort"] in ("missing", "suppressed"):
        edge, fill = theme.rgb(colours.other), theme.rgb(colours.background, 190)
        return {"radius": 11.0, "fill": fill, "edge": edge, "edge_width": 2.5}
    if row["sort"] == "zero":
        edge = theme.rgb(colours.primary)
        return {"radius": 4.0, "fill": edge, "edge": edge, "edge_width": 1.0}
    colour, radius = colours.primary, 15.0
    if kind == "rate":
        share = (abs(row["value"]) - low) / (high - low) if high > low else 1.0
        colour = colours.sequential[2 + round(share * 7)]
    else:
        radius = 8.0 + 18.0 * math.sqrt(abs(row["value"]) / high) if high else 8.0
    edge = theme.rgb(colours.primary)
    return {"radius": radius, "fill": theme.rgb(colour, 235), "edge": edge, "edge_width": 2.0}


def _dodge(rows: list[dict[str, Any]], view: View) -> None:
    """Set units that share a point on a small ring around it, so that none hides another."""
    groups: dict[tuple[float, float], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["lon"], row["lat"]), []).append(row)
    for (lon, lat), group in groups.items():
        for index, row in enumerate(group):
            angle = math.pi * (1 + 2 * index / len(group))
            away = _RING if len(group) > 1 else 0
            x, y = project(lon, lat, view)
            row["xy"] = (x + away * math.cos(angle), y + away * math.sin(angle))
            row["position"] = unproject(*row["xy"], view)


def _mark_box(row: dict[str, Any]) -> Box:
    x, y = row["xy"]
    size = row["radius"] + 3
    return Box(x - size, y - size, x + size, y + size)
