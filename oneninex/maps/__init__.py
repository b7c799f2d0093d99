"""The map of the units on the divisions: table in, pydeck deck out; pure, and never online.

Three states must not look alike: a value (a disc), nothing done (a dot with its 0) and nothing
reported (an open grey ring with the word). The disc of a unit that the published text does not
name has a hole, for its place and name are assumed.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pydeck as pdk

from oneninex import formats, palette
from oneninex.i18n import text
from oneninex.maps import layers
from oneninex.maps.geometry import View, outline, project, read, unproject, view_of
from oneninex.maps.labels import Box, area_names, place
from oneninex.maps.layers import FONT, LABELS, UNITS
from oneninex.palette import Palette

__all__ = [
    "HEIGHT", "LABELS", "UNITS", "Drawn", "Measure", "describe_units_map", "drawn", "legend",
    "units_map",
]  # fmt: skip

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


def units_map(
    units: pa.Table,
    *,
    measure: str,
    lang: str,
    theme: str | None,
    divisions: Path | None = None,
    water: Path | None = None,
    unit: str | None = None,
    kind: Measure = "amount",
    selected: str | None = None,
    height: int = HEIGHT,
) -> pdk.Deck:
    """The units as marks with names and values on the divisions.

    `units` has unit_id, lon, lat, value (NULL = not reported), named_in, name or name_zh/name_en
    and, where a value is suppressed, status C. `measure` names the value, `unit` is as
    formats.number takes it. An amount sets the size of a mark, a rate (a fraction) its depth.
    """
    colours = palette.of(theme)
    land = read(divisions) if divisions else []
    lakes = read(water) if water else []
    view = view_of(outline(land, units.to_pylist()), WIDTH, height)
    rows = _rows(units, measure, lang, unit, kind, colours, view)
    for row in rows:  # A lower map has less room between its marks.
        row["radius"] *= min(1.0, math.sqrt(height / HEIGHT))
    taken = [_mark_box(row) for row in rows]
    place(rows, lang, taken)
    names = area_names(land, lakes, lang, taken, view)
    drawn = [
        layers.areas("divisions", land, colours.land, colours.land_edge, 1.5),
        layers.areas("water", lakes, colours.water, colours.water, 0),
        layers.areas("borders", land, None, colours.land_edge, 1.5),
        layers.text("area_names", names, colours, pickable=False),
        layers.ring([row for row in rows if row["unit_id"] == selected], colours),
        layers.marks(rows, colours),
        layers.holes([row for row in rows if row["named_in"] == "assumed"], colours),
        layers.text(LABELS, rows, colours, pickable=True),
    ]
    return pdk.Deck(
        layers=[layer for layer in drawn if layer is not None],
        initial_view_state=pdk.ViewState(
            longitude=view["lon"],
            latitude=view["lat"],
            zoom=view["zoom"],
            # Out to the neighbours, in to a quarter of a town, however large the city is.
            min_zoom=min(6, view["zoom"] - 1),
            max_zoom=max(11, view["zoom"] + 2),
        ),
        # Only the absence of a style keeps Streamlit from asking a public tile server.
        map_provider=None,  # pyright: ignore[reportArgumentType]
        tooltip=_tooltip(colours),  # pyright: ignore[reportArgumentType]
    )


@dataclass(frozen=True)
class Drawn:
    """The same map for paper, in pixels from the upper left corner of `width` by `height`.

    `land` and `water` are outlines; `marks` have xy, radius, sort, named_in, label, offset,
    anchor, baseline; `names` of divisions and lakes have xy and label.
    """

    width: int
    height: int
    land: list[list[tuple[float, float]]]
    water: list[list[tuple[float, float]]]
    marks: list[dict[str, Any]]
    names: list[dict[str, Any]]


def drawn(
    units: pa.Table,
    *,
    measure: str,
    lang: str,
    divisions: Path | None = None,
    water: Path | None = None,
    unit: str | None = None,
    height: int = HEIGHT,
) -> Drawn:
    """The units as marks with names on the divisions, for a document; table as in units_map."""
    land, lakes = read(divisions) if divisions else [], read(water) if water else []
    view = view_of(outline(land, units.to_pylist()), WIDTH, height)
    rows = _rows(units, measure, lang, unit, "amount", palette.LIGHT, view)
    taken = [_mark_box(row) for row in rows]
    place(rows, lang, taken)
    names = area_names(land, lakes, lang, taken, view)

    def spot(x: float, y: float) -> tuple[float, float]:
        return round(x + WIDTH / 2, 2), round(y + height / 2, 2)

    def outlines(areas: list[dict[str, Any]]) -> list[list[tuple[float, float]]]:
        rings = [area["geometry"]["coordinates"][0] for area in areas]
        return [[spot(*project(at[0], at[1], view)) for at in ring] for ring in rings]

    marks = [{**row, "xy": spot(*row["xy"])} for row in rows]
    named = [
        {**row, "xy": spot(*project(row["position"][0], row["position"][1], view))} for row in names
    ]
    return Drawn(WIDTH, height, outlines(land), outlines(lakes), marks, named)


def describe_units_map(units: pa.Table, *, measure: str, lang: str, unit: str | None = None) -> str:
    """One sentence: the highest and the lowest unit, and who has not reported."""
    rows = _named(units, lang)
    known = sorted((row for row in rows if row["value"] is not None), key=lambda r: r["value"])
    absent = [row["name"] for row in rows if _sort(row) == "missing"]
    hidden = sum(_sort(row) == "suppressed" for row in rows)
    single = "maps.only_one_shown" if hidden else "maps.only_one"
    parts = []
    if known:
        top, low = known[-1], known[0]
        parts.append(
            text(
                "maps.extremes" if len(known) > 1 else single,
                lang,
                measure=measure,
                top=top["name"],
                top_value=formats.number(top["value"], lang, unit=unit),
                low=low["name"],
                low_value=formats.number(low["value"], lang, unit=unit),
            )
        )
    if hidden:
        parts.append(text("maps.withheld", lang, count=hidden))
    if absent:
        parts.append(text("maps.absent", lang, units=formats.listing(absent, lang)))
    return "".join(parts) if lang == "zh" else " ".join(parts)


def legend(units: pa.Table, lang: str, kind: Measure = "amount") -> list[tuple[str, str]]:
    """Sign and words for each sort of mark that the map really shows."""
    rows = _named(units, lang)
    present = {_sort(row) for row in rows}
    assumed = any(row["named_in"] == "assumed" for row in rows)
    signs = [("●", f"maps.legend_{kind}", "value" in present)]
    signs += [
        ("◎", "maps.legend_assumed", assumed),
        ("•", "maps.legend_zero", "zero" in present),
        ("○", "maps.legend_missing", "missing" in present),
        ("⊘", "maps.legend_suppressed", "suppressed" in present),
        (rows[0]["unit_id"] if rows else "", "maps.legend_id", bool(rows)),
    ]
    return [(sign, text(key, lang)) for sign, key, shown in signs if shown]


def _tooltip(colours: Palette) -> dict[str, Any]:
    """Plain text, not HTML: a name out of a plan file must not become markup."""
    return {
        "text": "{name}\n{measure}: {value_text}\n{note}",
        "style": {
            "backgroundColor": colours.panel,
            "color": colours.text,
            "border": f"1px solid {colours.line}",
            "fontFamily": FONT,
        },
    }


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
    rows = _named(units, lang)
    values = [abs(row["value"]) for row in rows if row["value"] is not None]
    low, high = min(values, default=0.0), max(values, default=0.0)
    for row in rows:
        row["sort"] = _sort(row)
        row["value_text"] = _value_text(row, lang, unit)
        row["measure"] = measure
        row["note"] = _note(row, lang)
        row |= _look(row, kind, low, high, colours)
    _dodge(rows, view)
    return [{key: row[key] for key in _SENT} for row in rows]


def _named(units: pa.Table, lang: str) -> list[dict[str, Any]]:
    rows = units.to_pylist()
    for row in rows:
        row["name"] = row.get("name") or row[f"name_{lang}"]
        row["named_in"] = row.get("named_in") or "published_text"
        if row.get("status") == "C":
            row["value"] = None
    return rows


def _sort(row: dict[str, Any]) -> str:
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
        edge, fill = palette.rgb(colours.other), palette.rgb(colours.background, 190)
        return {"radius": 11.0, "fill": fill, "edge": edge, "edge_width": 2.5}
    if row["sort"] == "zero":
        edge = palette.rgb(colours.primary)
        return {"radius": 4.0, "fill": edge, "edge": edge, "edge_width": 1.0}
    colour, radius = colours.primary, 15.0
    if kind == "rate":
        share = (abs(row["value"]) - low) / (high - low) if high > low else 1.0
        colour = colours.sequential[2 + round(share * 7)]
    else:
        radius = 8.0 + 18.0 * math.sqrt(abs(row["value"]) / high) if high else 8.0
    edge = palette.rgb(colours.primary)
    return {"radius": radius, "fill": palette.rgb(colour, 235), "edge": edge, "edge_width": 2.0}


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
