"""The map as native shapes: it can be recoloured and moved like any drawing."""

from __future__ import annotations

from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Inches, Pt

from oneninex.briefing import pdf
from oneninex.briefing.model import Briefing
from oneninex.briefing.pptx_parts import PRIMARY, TEXT, WHITE, box, colour
from oneninex.core.theme import LIGHT

_PIXEL = 9525  # EMU of a pixel at 96 to the inch
_NEAR = 1.0  # pixels within which a further point of an outline adds nothing


def draw_map(slide: Any, briefing: Briefing, place: tuple[float, float, float]) -> None:
    """Divisions, water and the units; `place` is left, top, height in inches."""
    drawn = briefing.map
    left, top, height = place
    scale = height * 96 / drawn.height
    origin = Inches(left), Inches(top)
    land = [(ring, LIGHT.land) for ring in drawn.land] + [(r, LIGHT.water) for r in drawn.water]
    for ring, tone in land:
        _area(slide, ring, tone, origin, scale)
    first = None
    for mark in drawn.marks:
        shape = _mark(slide, mark, origin, scale)
        first = first or shape
        x, y = mark["xy"]
        at = (left + x * scale / 96 - 0.25, top + y * scale / 96 - 0.17, 0.5, 0.3)
        missing = mark["sort"] != "value"
        label = box(slide, [(mark["unit_id"], 10, TEXT if missing else WHITE)], at, briefing.lang)
        label.text_frame.paragraphs[0]._p.get_or_add_pPr().set("algn", "ctr")
    if first is not None:
        first._element.nvSpPr.cNvPr.set("descr", pdf.map_alt(briefing))


def _area(
    slide: Any,
    ring: list[tuple[float, float]],
    tone: str,
    origin: tuple[int, int],
    scale: float,
) -> None:
    """One outline, with points that lie closer than a pixel left out."""
    kept = [ring[0]]
    for x, y in ring[1:]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= _NEAR:
            kept.append((x, y))
    if len(kept) < 3:
        return
    pixel = _PIXEL * scale
    builder = slide.shapes.build_freeform(
        round(kept[0][0] * 100), round(kept[0][1] * 100), scale=pixel / 100
    )
    builder.add_line_segments([(round(x * 100), round(y * 100)) for x, y in kept[1:]], close=True)
    shape = builder.convert_to_shape(*origin)
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour(tone)
    shape.line.color.rgb = colour(LIGHT.land_edge)
    shape.line.width = Pt(0.75)
    shape.shadow.inherit = False


def _mark(slide: Any, mark: dict[str, Any], origin: tuple[int, int], scale: float) -> Any:
    """A disc by value, a hollow ring for a missing or suppressed one."""
    pixel = _PIXEL * scale
    x, y = mark["xy"]
    size = mark["radius"]
    shape = slide.shapes.add_shape(
        MSO_SHAPE.OVAL,
        int(origin[0] + (x - size) * pixel),
        int(origin[1] + (y - size) * pixel),
        int(2 * size * pixel),
        int(2 * size * pixel),
    )
    missing = mark["sort"] in ("missing", "suppressed")
    shape.fill.solid()
    shape.fill.fore_color.rgb = WHITE if missing else PRIMARY
    shape.line.color.rgb = colour(LIGHT.other if missing else LIGHT.background)
    shape.line.width = Pt(1.5)
    shape.shadow.inherit = False
    shape.name = mark["name"]
    return shape
