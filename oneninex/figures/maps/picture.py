"""The map without a map library: outlines for paper, and a drawing (SVG) for a page."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa

from oneninex.core import theme as palette
from oneninex.core.theme import Palette
from oneninex.figures.maps.geometry import Features, View, project
from oneninex.figures.maps.labels import QUIET_SIZE, SIZE
from oneninex.figures.maps.marks import HEIGHT, WIDTH, Placed, placed

Ring = list[tuple[float, float]]

_LINE = 1.15  # height of a line of a label, of its size
# How deck.gl's names for where a text stands read in SVG: share of its height above the point.
_ABOVE = {"top": 0.0, "center": 0.5, "bottom": 1.0}
_NEAR = 1.0  # pixels within which a further point of an outline adds nothing


@dataclass(frozen=True)
class Drawn:
    """The map without a library, in pixels from the upper left corner of `width` by `height`.

    `land` and `water` are outlines; `marks` have xy, radius, look, words, label, offset, anchor,
    baseline; `names` of divisions and lakes have xy and label.
    """

    width: int
    height: int
    land: list[Ring]
    water: list[Ring]
    marks: list[dict[str, Any]]
    names: list[dict[str, Any]]
    colours: Palette


def drawn(
    units: pa.Table,
    *,
    measure: str,
    lang: str,
    theme: str | None = "light",
    divisions: Path | str | None = None,
    water: Path | None = None,
    unit: str | None = None,
    height: int = HEIGHT,
) -> Drawn:
    """The units as marks with names on the divisions; table as in units_map."""
    colours = palette.of(theme)
    at = placed(
        units, measure=measure, lang=lang, colours=colours, divisions=divisions, water=water,
        unit=unit, kind="amount", height=height,
    )  # fmt: skip
    return _drawn(at, height, colours)


def svg(seen: Drawn) -> str:
    """The same as an SVG element, for a page: each unit is a button.

    A mark has data-unit, is reached by the keyboard and says name, value and note.
    """
    colours = seen.colours
    parts = [
        _area(seen.land, colours.land, colours.land_edge),
        _area(seen.water, colours.water, colours.water),
        _area(seen.land, "none", colours.land_edge),
        *(_words(name, QUIET_SIZE, 500, colours) for name in seen.names),
        # Names stand over every mark, wherever a neighbour's disc reaches.
        *(_disc(mark, colours) for mark in seen.marks),
        *(_button(mark, colours) for mark in seen.marks),
    ]
    size = f'viewBox="0 0 {seen.width} {seen.height}" height="{seen.height}"'
    return f"<svg {size}>{''.join(parts)}</svg>"


def _drawn(at: Placed, height: int, colours: Palette) -> Drawn:
    def spot(x: float, y: float) -> tuple[float, float]:
        return round(x + WIDTH / 2, 2), round(y + height / 2, 2)

    def outlines(areas: Features, view: View) -> list[Ring]:
        rings = [area["geometry"]["coordinates"][0] for area in areas]
        return [[spot(*project(at[0], at[1], view)) for at in ring] for ring in rings]

    marks = [{**row, "xy": spot(*row["xy"])} for row in at.rows]
    names = [
        {**row, "xy": spot(*project(row["position"][0], row["position"][1], at.view))}
        for row in at.names
    ]
    land, water = outlines(at.land, at.view), outlines(at.lakes, at.view)
    return Drawn(WIDTH, height, land, water, marks, names, colours)


def _area(rings: list[Ring], fill: str, edge: str) -> str:
    path = "".join(f"M{' '.join(f'{x:.1f},{y:.1f}' for x, y in _thinned(ring))}Z" for ring in rings)
    return f'<path d="{path}" fill="{fill}" stroke="{edge}" stroke-width="1.5"/>'


def _thinned(ring: Ring) -> Ring:
    """The outline without the points that lie within a pixel of the one before."""
    kept = ring[:1]
    for x, y in ring[1:]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= _NEAR:
            kept.append((x, y))
    return kept


def _disc(mark: dict[str, Any], colours: Palette) -> str:
    """The mark, with a hole where its name and place are assumed."""
    edge, width = _colour(mark["edge"]), mark["edge_width"]
    look = f'fill="{_colour(mark["fill"])}" stroke="{edge}" stroke-width="{width}"'
    disc = _circle(mark, mark["radius"], look)
    if mark["named_in"] == "assumed" and mark["sort"] == "value":
        disc += _circle(mark, mark["radius"] * 0.4, f'fill="{colours.background}"')
    return disc


def _button(mark: dict[str, Any], colours: Palette) -> str:
    """What is clicked: the room of the mark with its words, said to a pointer and aloud."""
    said = [mark["name"], f"{mark['measure']}: {mark['value_text']}", mark["note"]]
    lines = [line for line in said if line]
    look = f'class="reach" fill="transparent" stroke-width="3" color="{colours.attention}"'
    return (
        f'<g class="unit" role="button" tabindex="0" data-unit={quoteattr(mark["unit_id"])} '
        f"aria-label={quoteattr(' · '.join(lines))}><title>{escape(chr(10).join(lines))}</title>"
        f"{_circle(mark, mark['radius'] + 3, look)}{_words(mark, SIZE, 600, colours)}</g>"
    )


def _circle(mark: dict[str, Any], radius: float, look: str) -> str:
    x, y = mark["xy"]
    return f'<circle cx="{x}" cy="{y}" r="{radius:.1f}" {look}/>'


def _words(at: dict[str, Any], size: int, weight: int, colours: Palette) -> str:
    """A label in its lines, those of units with a halo against what lies below."""
    lines = at["label"].split("\n")
    x, y = at["xy"][0] + at["offset"][0], at["xy"][1] + at["offset"][1]
    top = y - len(lines) * size * _LINE * _ABOVE[at["baseline"]]
    rows = "".join(
        f'<tspan x="{x:.1f}" y="{top + size * (0.93 + n * _LINE):.1f}">{escape(line)}</tspan>'
        for n, line in enumerate(lines)
    )
    look = f'font-size="{size}" font-weight="{weight}" fill="{colours.text}"'
    halo = f'paint-order="stroke" stroke="{colours.background}" stroke-width="3"'
    if weight >= 600:
        look += f' {halo} stroke-linejoin="round"'
    return f'<text text-anchor="{at["anchor"]}" {look}>{rows}</text>'


def _colour(parts: list[int]) -> str:
    """A colour of deck.gl, 0 to 255 with an opacity if there is one, as CSS has it."""
    red, green, blue, *opacity = parts
    return f"rgb({red} {green} {blue} / {opacity[0] / 255 if opacity else 1:.2f})"
