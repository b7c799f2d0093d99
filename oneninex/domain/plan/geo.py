"""The map of the plan: areas of the divisions and, if wanted, of the water.

`check` runs whenever a plan is loaded: it reads GeoJSON alone and imports nothing heavy.
`divisions` runs at publication and in `doctor`: geopandas reads any format, checks, measures.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from oneninex.domain.plan.errors import PlanError
from oneninex.domain.plan.reading import read_bytes

if TYPE_CHECKING:  # geopandas takes half a second: only a publication needs it
    from geopandas import GeoDataFrame

DIVISIONS, WATER = "divisions.geojson", "water.geojson"
FORMATS = (DIVISIONS, "divisions.gpkg", "divisions.shp")
SLIVER_METRES = 250  # narrower overlaps and gaps, and points so near, come from generalised borders
AREAS = pa.schema(
    [
        ("division", pa.string()),
        ("name_zh", pa.string()),
        ("name_en", pa.string()),
        ("label_lon", pa.float64()),
        ("label_lat", pa.float64()),
        ("area_km2", pa.float64()),
        ("geometry", pa.string()),
    ]
)
_SHAPES = ("Polygon", "MultiPolygon")
_CODE, _NAMES = "adcode", ("name_zh", "name_en")
_DATUMS = ("world geodetic system 1984", "wgs 1984", "wgs 84", "china 2000", "cgcs2000")
_SIMPLIFIED_DEGREES = 0.0005  # 50 m, less than a pixel of any map here
_DATUM_METRES = 2_000  # GCJ-02 and BD-09 lie 300 to 1,200 m off


class Placed(NamedTuple):
    """A unit as units.csv states it, with its line there."""

    line: int
    unit_id: str
    division: str
    lon: float
    lat: float


def check(folder: Path, units: Sequence[Placed]) -> None:
    """PlanError where a GeoJSON map could not be drawn, or a unit's division is not on it."""
    if map_file(folder).name == DIVISIONS:
        _known(
            {str(each["properties"].get(_CODE)) for each in _features(folder / DIVISIONS)}, units
        )
    if (folder / WATER).exists():
        list(_features(folder / WATER))


def map_file(folder: Path) -> Path:
    """The file of the divisions; PlanError if there is none, or one in each of two formats."""
    found = [folder / name for name in FORMATS if (folder / name).exists()]
    if not found:
        raise PlanError(DIVISIONS, None, None, None, "no_file")
    if len(found) > 1:
        raise PlanError(found[0].name, None, None, found[1].name, "map_twice")
    return found[0]


def divisions(folder: Path, units: Sequence[Placed]) -> pa.Table:
    """One row per division (AREAS): label point, area, simplified GeoJSON geometry.

    Raises PlanError for an unknown datum, broken outlines, overlaps, gaps, and units elsewhere.
    """
    path = map_file(folder)
    parts = sorted(folder.glob(f"{path.stem}.*"))
    measured = _measured(
        path, tuple((p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in parts)
    )
    _known(set(measured.metres[_CODE]), units)
    _placed(measured, units)
    return measured.table


class _Measured(NamedTuple):
    centre: str
    metres: GeoDataFrame
    table: pa.Table


@lru_cache(maxsize=4)
def _measured(path: Path, _ages: tuple[tuple[str, int, int], ...]) -> _Measured:
    frame = _read(path)
    west, south, east, north = frame.total_bounds
    centre = f"+proj=laea +lat_0={(south + north) / 2} +lon_0={(west + east) / 2}"
    metres = frame.to_crs(centre)
    _coverage(path.name, metres)
    simple = frame.geometry.simplify_coverage(_SIMPLIFIED_DEGREES)
    label = frame.geometry.representative_point()
    table = pa.Table.from_pydict(
        {
            "division": frame[_CODE].tolist(),
            **{name: frame[name].tolist() for name in _NAMES},
            "label_lon": label.x.round(5).tolist(),
            "label_lat": label.y.round(5).tolist(),
            "area_km2": (metres.area / 1e6).round(1).tolist(),
            "geometry": [_json(shape) for shape in simple],
        },
        schema=AREAS,
    )
    return _Measured(centre, metres, table)


def _read(path: Path) -> GeoDataFrame:
    """The divisions in WGS 84 degrees, each with its code and names."""
    frame = _table(path)
    columns = {_CODE, *_NAMES}
    if frame.empty or not columns <= set(frame.columns):
        raise PlanError(path.name, None, ", ".join(sorted(columns)), None, "geojson")
    datum = frame.crs.datum.name if frame.crs and frame.crs.datum else None
    if datum is None or not _is_known(datum):
        raise PlanError(path.name, None, None, datum, "map_datum")
    frame = frame.to_crs(4326)
    frame[_CODE] = frame[_CODE].astype(str).str.removesuffix(".0")
    for place, (_, row) in enumerate(frame.iterrows(), 1):
        if row.geometry is None or row.geometry.geom_type not in _SHAPES or _nameless(row):
            raise PlanError(path.name, None, f"feature #{place}", None, "geojson")
        if not all(map(_in_degrees, (row.geometry.bounds[:2], row.geometry.bounds[2:]))):
            raise PlanError(path.name, None, f"feature #{place}", None, "geojson")
    for code in frame.loc[frame[_CODE].duplicated(), _CODE]:
        raise PlanError(path.name, None, _CODE, code, "duplicate")
    for code in frame.loc[~frame.geometry.is_valid, _CODE]:
        raise PlanError(path.name, None, _CODE, code, "map_outline")
    return frame


def _table(path: Path) -> GeoDataFrame:
    """The file as it is; names in a Shapefile without a .cpg are UTF-8 or GB18030."""
    import geopandas

    bare = path.suffix == ".shp" and not path.with_suffix(".cpg").exists()
    try:
        if not bare:
            return geopandas.read_file(path)
        try:
            return geopandas.read_file(path, encoding="utf-8")
        except UnicodeDecodeError:
            return geopandas.read_file(path, encoding="gb18030")
    except (OSError, ValueError, RuntimeError, KeyError) as error:  # those of GDAL are RuntimeError
        raise PlanError(path.name, None, None, None, "geojson") from error


def _is_known(datum: str) -> bool:
    return datum.removeprefix("D_").replace("_", " ").lower().startswith(_DATUMS)


def _nameless(row: Any) -> bool:
    return not all(isinstance(row[name], str) and row[name].strip() for name in _NAMES)


def _json(shape: Any) -> str:
    """The geometry as GeoJSON text, five decimals (1 m)."""
    import shapely

    return shapely.to_geojson(shapely.set_precision(shape, 1e-5))


def _coverage(name: str, metres: GeoDataFrame) -> None:
    """PlanError for two divisions that overlap, and for a hole that several of them enclose."""
    import shapely

    areas = list(zip(metres[_CODE], metres.geometry, strict=True))
    for (one, first), (other, second) in combinations(areas, 2):
        if first.intersects(second) and _is_wide(first.intersection(second)):
            raise PlanError(name, None, _CODE, f"{one}, {other}", "map_overlap")
    for part in shapely.get_parts(metres.geometry.union_all()):
        for ring in part.interiors:
            hole = shapely.Polygon(ring)
            around = [code for code, area in areas if area.distance(hole) < 1]
            # A hole in one division alone is drawn: land of another city, or a lake.
            if len(around) > 1 and _is_wide(hole):
                raise PlanError(name, None, _CODE, ", ".join(around), "map_gap")


def _is_wide(shape: Any) -> bool:
    return not shape.buffer(-SLIVER_METRES / 2).is_empty


def _known(codes: set[str], units: Sequence[Placed]) -> None:
    for unit in units:
        if unit.division not in codes:
            raise PlanError("units.csv", unit.line, "division", unit.division, "division")


def _placed(measured: _Measured, units: Sequence[Placed]) -> None:
    """PlanError for a unit whose point lies outside its division."""
    import geopandas

    areas = measured.metres.set_index(_CODE).geometry

    def distances(xs: list[float], ys: list[float]) -> Iterator[Any]:
        points = geopandas.GeoSeries.from_xy(xs, ys, crs=4326).to_crs(measured.centre)
        return (areas.distance(point) for point in points)

    lons, lats = [unit.lon for unit in units], [unit.lat for unit in units]
    turned = distances([min(max(x, -180), 180) for x in lats], [min(max(y, -89), 89) for y in lons])
    for unit, away, swapped in zip(units, distances(lons, lats), turned, strict=True):
        if away[unit.division] <= SLIVER_METRES:
            continue
        reason = "point_outside"
        if swapped.min() == 0:
            reason = "point_swapped"
        elif away[unit.division] <= _DATUM_METRES:
            reason = "point_datum"
        elif away.min() == 0:
            reason = "point_division"
        value = f"{unit.unit_id}: {unit.lon:g}, {unit.lat:g} · {unit.division}"
        if reason == "point_division":
            value += f" → {away.idxmin()}"
        raise PlanError("units.csv", unit.line, "lon, lat", value, reason)


def _features(path: Path) -> Iterator[dict[str, Any]]:
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
        return whole and (not named or all(about.get(name) for name in _NAMES))
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError):
        return False


def _points(nested: Any) -> Iterator[Any]:
    """The points of however many rings."""
    if isinstance(nested[0], list):
        for part in nested:
            yield from _points(part)
    else:
        yield nested


def _in_degrees(point: Sequence[float]) -> bool:
    """A file in metres, or with latitude first, shows here; a shifted datum does not."""
    lon, lat = point[:2]
    return math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 85
