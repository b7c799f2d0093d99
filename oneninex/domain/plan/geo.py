"""The map of the plan: GeoJSON of the divisions and, where there is any, of the water."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from oneninex.domain.plan.errors import PlanError
from oneninex.domain.plan.reading import read_bytes

DIVISIONS, WATER = "divisions.geojson", "water.geojson"
_SHAPES = ("Polygon", "MultiPolygon")
_CODE = "adcode"


def check(folder: Path, divisions: list[tuple[int, str]]) -> None:
    """PlanError where the map could not be drawn, or a unit's division is not on it.

    `divisions`: the line of units.csv and the code of the division, for each unit.
    """
    drawn = {str(area["properties"].get(_CODE)) for area in _areas(folder / DIVISIONS)}
    for line, code in divisions:
        if code not in drawn:
            raise PlanError("units.csv", line, "division", code, "division")
    if (folder / WATER).exists():
        list(_areas(folder / WATER))


def _areas(path: Path) -> Iterator[dict[str, Any]]:
    """Each feature, once it is found to be an area in degrees with names."""
    content = read_bytes(path)
    try:
        document = json.loads(content.decode("utf-8-sig"))
        features = document["features"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise PlanError(path.name, None, None, None, "geojson") from error
    if not isinstance(features, list) or not features:
        raise PlanError(path.name, None, "features", None, "geojson")
    for place, feature in enumerate(features, 1):
        if not _is_area(feature, named=path.name == DIVISIONS):
            raise PlanError(path.name, None, f"feature #{place}", None, "geojson")
        yield feature


def _is_area(feature: Any, named: bool) -> bool:
    try:
        shape, about = feature["geometry"], feature["properties"]
        whole = shape["type"] in _SHAPES and all(map(_in_degrees, _points(shape["coordinates"])))
        return whole and (not named or all(about.get(f"name_{x}") for x in ("zh", "en")))
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError):
        return False


def _points(nested: Any) -> Iterator[Any]:
    """The points of however many rings."""
    if isinstance(nested[0], list):
        for part in nested:
            yield from _points(part)
    else:
        yield nested


def _in_degrees(point: list[float]) -> bool:
    """A file in metres, or with latitude first, shows here; a shifted datum does not."""
    lon, lat = point[:2]
    return math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 85
