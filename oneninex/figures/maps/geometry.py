"""Places on the map: GeoJSON files, the view on them, pixels."""

import itertools
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

Features = list[dict[str, Any]]
View = dict[str, float]  # lon, lat, zoom
TILE = 512
_PROPERTIES = ("name_zh", "name_en", "area_km2", "label_lon", "label_lat")


@lru_cache(maxsize=8)
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def features(source: Path | str) -> Features:
    """The features of a GeoJSON file, or of GeoJSON text."""
    return json.loads(_text(source) if isinstance(source, Path) else source)["features"]


def collection(rows: Iterable[Mapping[str, Any]]) -> str:
    """The rows of query division_areas as GeoJSON text."""
    found = [
        {
            "type": "Feature",
            "properties": {"adcode": row["division"]} | {name: row[name] for name in _PROPERTIES},
            "geometry": json.loads(row["geometry"]),
        }
        for row in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": found}, ensure_ascii=False)


def read(source: Path | str) -> Features:
    """The areas of a GeoJSON file or text with no more properties than the map needs.

    An area in several parts becomes one for each part, of which the largest keeps the name.
    """
    return [area for feature in features(source) for area in _parts(feature)]


def _parts(feature: dict[str, Any]) -> Features:
    shape = feature["geometry"]
    several = shape["type"] == "MultiPolygon"
    parts = shape["coordinates"] if several else [shape["coordinates"]]
    names = {key: feature["properties"].get(key) for key in ("name_zh", "name_en")}
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": rings},
            "properties": names if place == 0 else dict.fromkeys(names),
        }
        for place, rings in enumerate(sorted(parts, key=_extent, reverse=True))
    ]


def _extent(rings: list[list[list[float]]]) -> float:
    """The area of the outline in square degrees: enough to tell large from small."""
    outline = rings[0]
    edges = itertools.pairwise(outline)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1, *_), (x2, y2, *_) in edges))


def outline(land: Features, units: Sequence[Mapping[str, Any]]) -> Sequence[Sequence[float]]:
    """The points that the map has to show: the divisions', the units' with a margin without them.

    `units` have lon and lat.
    """
    drawn = [point for area in land for point in area["geometry"]["coordinates"][0]]
    margin = (-0.1, 0.1)
    places = [(unit["lon"] + x, unit["lat"] + y) for unit in units for x in margin for y in margin]
    return drawn or places or [(-180, -80), (180, 80)]


def view_of(points: Sequence[Sequence[float]], width: int, height: int) -> View:
    """Centre and zoom that show all points in `height` and, but for a margin, in `width`."""
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    across = (east - west) * TILE / 360
    along = (_mercator(north) - _mercator(south)) * TILE / 360
    zoom = math.log2(min(width / across, (height - 24) / along))
    return {"lon": (west + east) / 2, "lat": (south + north) / 2, "zoom": round(zoom, 2)}


def _mercator(lat: float) -> float:
    return math.degrees(math.asinh(math.tan(math.radians(lat))))


def project(lon: float, lat: float, view: View) -> tuple[float, float]:
    """Pixels right of and below the centre of the view."""
    size = TILE * 2 ** view["zoom"] / 360
    return (lon - view["lon"]) * size, (_mercator(view["lat"]) - _mercator(lat)) * size


def unproject(x: float, y: float, view: View) -> list[float]:
    """The lon, lat of a pixel."""
    size = TILE * 2 ** view["zoom"] / 360
    lat = math.degrees(math.atan(math.sinh(math.radians(_mercator(view["lat"]) - y / size))))
    return [round(view["lon"] + x / size, 5), round(lat, 5)]


def inside(spot: tuple[float, float], outline: Sequence[tuple[float, float]]) -> bool:
    """Ray casting: an odd number of edges lies to the right."""
    x, y = spot
    crossings = 0
    for (x1, y1), (x2, y2) in zip(outline, [*outline[1:], outline[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1
