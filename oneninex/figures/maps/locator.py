"""Locator map: divisions shaded by output, numbered units, nothing on top of another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from oneninex.core import formats
from oneninex.figures.maps import geometry
from oneninex.figures.registry import Row, Rows, View
from oneninex.figures.specs import Area, LocatorMap, Place, State

WIDTH, HEIGHT = 168, 178
_APART = 19.0  # pixels between two discs
_NEAR = 0.7  # pixels within which a further point of an outline adds nothing
_LEVELS = 4


def locator(ranking: Rows, units: Mapping[str, Row], view: View) -> LocatorMap | None:
    """The map of the plan's divisions with its units; None where the plan has no geography."""
    placed = [units[row["unit_id"]] for row in ranking if row["unit_id"] in units]
    if not placed or not view.land.get("divisions"):
        return None
    land = geometry.read(view.land["divisions"])
    at = geometry.view_of(geometry.outline(land, placed), WIDTH, HEIGHT)
    output = {row["unit_id"]: row for row in ranking}
    spots = _spread([_pixels(unit["lon"], unit["lat"], at) for unit in placed])
    return LocatorMap(
        WIDTH,
        HEIGHT,
        tuple(_divisions(view.land["divisions"], placed, output, at, view)),
        tuple(_lakes(view.land.get("water"), at)),
        tuple(
            _place(unit, output[unit["unit_id"]], spot, view)
            for unit, spot in zip(placed, spots, strict=True)
        ),
        _centre(view.land["divisions"], at, view, spots),
    )


def _place(unit: Row, row: Row, spot: tuple[float, float], view: View) -> Place:
    state: State = "observed" if unit["named_in"] == "published_text" else "assumed"
    if row["accepted"] is None:
        state = "suppressed" if row["status"] == "C" else "missing"
    value = formats.number(row["accepted"], view.lang)
    words = view.t("figures.unit_tip", unit=view.unit(unit["unit_id"]), value=value)
    first = "data_factory" in (unit["roles"] or "").split("|")
    return Place(unit["unit_id"], view.number_of(unit["unit_id"]), spot, state, words, first)


@lru_cache(maxsize=8)
def _features(source: Path | str) -> geometry.Features:
    return geometry.features(source)


def _divisions(path: Path | str, units: Sequence[Row], output: Mapping[str, Row], at, view: View):
    totals: dict[str, float] = {}
    for unit in units:
        totals[unit["division"]] = totals.get(unit["division"], 0) + (
            output[unit["unit_id"]]["accepted"] or 0
        )
    most = max(totals.values(), default=0) or 1
    for feature in _features(path):
        named = feature["properties"]
        share = totals.get(str(named.get("adcode")), 0) / most
        name = named.get(f"name_{view.lang}") or ""
        yield Area(tuple(_rings(feature, at)), math.ceil(share * _LEVELS), name)


def _lakes(path: Path | None, at) -> list[Area]:
    return [Area(tuple(_rings(each, at))) for each in _features(path)] if path else []


def _centre(path: Path | str, at: geometry.View, view: View, spots: list[tuple[float, float]]):
    """Where the city's centre is named: the smallest division, next to its discs."""
    known = [f["properties"] for f in _features(path) if f["properties"].get("area_km2")]
    if not known:
        return None
    first = min(known, key=lambda each: each["area_km2"])
    if first.get("label_lon") is None:
        return None
    x, y = _pixels(first["label_lon"], first["label_lat"], at)
    name = first.get(f"name_{view.lang}") or ""
    # "Qingjiangpu District" is too long for a map of this size; its kind is the last word.
    name = name.rpartition(" ")[0] or name
    near = [spot for spot in spots if math.hypot(spot[0] - x, spot[1] - y) < 2 * _APART]
    left = min((spot[0] for spot in near), default=x) - 14
    right = max((spot[0] for spot in near), default=x) + 14
    width = 11 * len(name) if view.lang == "zh" else 5.6 * len(name)
    if left - width > 0:
        return (left, y + 4), name, "end"
    return (min(right, WIDTH - width), y + 4), name, "start"


def _rings(feature: Mapping[str, Any], at) -> list[list[tuple[float, float]]]:
    shape = feature["geometry"]
    parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return [_thinned([_pixels(p[0], p[1], at) for p in part[0]]) for part in parts]


def _thinned(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    kept = ring[:1]
    for x, y in ring[1:]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= _NEAR:
            kept.append((x, y))
    return kept


def _pixels(lon: float, lat: float, at: geometry.View) -> tuple[float, float]:
    x, y = geometry.project(lon, lat, at)
    return round(x + WIDTH / 2, 1), round(y + HEIGHT / 2, 1)


def _spread(spots: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Push discs apart until none lies on another; the first of a shared point moves least."""
    moved = [(x + 0.01 * n, y + 0.02 * n) for n, (x, y) in enumerate(spots)]
    for _ in range(60):
        still = True
        for one in range(len(moved)):
            for other in range(one + 1, len(moved)):
                (x1, y1), (x2, y2) = moved[one], moved[other]
                gap = math.hypot(x2 - x1, y2 - y1)
                if gap >= _APART:
                    continue
                still = False
                push = (_APART - gap) / 2 + 0.1
                angle = math.atan2(y2 - y1, x2 - x1) if gap > 0.5 else 1.1 * other
                dx, dy = math.cos(angle) * push, math.sin(angle) * push
                moved[one] = _within(x1 - dx, y1 - dy)
                moved[other] = _within(x2 + dx, y2 + dy)
        if still:
            break
    return [(round(x, 1), round(y, 1)) for x, y in moved]


def _within(x: float, y: float) -> tuple[float, float]:
    return min(max(x, 12.0), WIDTH - 12.0), min(max(y, 12.0), HEIGHT - 12.0)
