"""The map is read with geopandas at publication: formats, datum, outlines, points of units."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely

from oneninex import cli
from oneninex.briefing import chart_model
from oneninex.briefing.query_session import Asked
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan, PlanError
from oneninex.figures.maps import geometry
from oneninex.ingestion.tables import limits
from oneninex.store import Store, publication, query
from tests.plan import second_city

MONTH = date(2028, 4, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the second city's plan: four divisions of 14 by 22 km."""
    return Path(shutil.copytree(second_city.PLAN, tmp_path / "plan"))


def frame(folder: Path) -> geopandas.GeoDataFrame:
    return geopandas.read_file(folder / "geo" / "divisions.geojson")


def write(folder: Path, name: str, given: geopandas.GeoDataFrame, **options: Any) -> None:
    """The map in another file alone."""
    (folder / "geo" / "divisions.geojson").unlink()
    given.to_file(folder / "geo" / name, **options)


def reshape(folder: Path, code: str, change: Callable[[Any], shapely.Geometry]) -> None:
    given = frame(folder)
    row = given["adcode"] == code
    given.loc[row, "geometry"] = given.loc[row, "geometry"].map(change)
    write(folder, "divisions.geojson", given)


def fault(folder: Path) -> PlanError:
    plan = Plan.load(folder)
    with pytest.raises(PlanError) as caught:
        _ = plan.divisions
    for lang in ("zh", "en"):
        assert caught.value.file in caught.value.message(lang)
    return caught.value


def rows(folder: Path) -> list[dict]:
    return Plan.load(folder).divisions.to_pylist()


def test_each_division_has_a_label_inside_it_and_the_area_of_its_squares(folder: Path):
    found = {row["division"]: row for row in rows(folder)}
    assert list(found) == ["990101", "990102", "990103", "990104"]
    for row in found.values():
        shape = shapely.from_geojson(row["geometry"])
        assert shape.contains(shapely.Point(row["label_lon"], row["label_lat"]))
    # 0.2° by 0.2° at 50.1° north, on the ellipsoid: 22.24 km by 14.31 km.
    assert found["990101"]["area_km2"] == pytest.approx(22.24 * 14.31, rel=0.005)


def test_the_plan_in_use_adds_up_to_the_city(plan: Plan):
    table = plan.divisions.to_pylist()
    assert len(table) == 7
    assert sum(row["area_km2"] for row in table) == pytest.approx(10_028.1, rel=0.001)
    # Simplified together: neighbours still share their borders.
    whole = shapely.union_all([shapely.from_geojson(row["geometry"]) for row in table])
    assert isinstance(whole, shapely.Polygon)
    assert not whole.interiors


@pytest.mark.parametrize("name", ["divisions.gpkg", "divisions.shp"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490", "EPSG:32632"])
def test_other_formats_give_the_same_table(folder: Path, name: str, crs: str):
    expected = rows(folder)
    write(folder, name, frame(folder).to_crs(crs), encoding="utf-8")
    assert Plan.load(folder).land["divisions"] is None
    found = rows(folder)
    for row, other in zip(found, expected, strict=True):
        assert (row["division"], row["name_zh"]) == (other["division"], other["name_zh"])
        assert row["area_km2"] == pytest.approx(other["area_km2"], abs=0.11)
        assert row["label_lon"] == pytest.approx(other["label_lon"], abs=0.001)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_shapefile_without_cpg_keeps_its_chinese_names(folder: Path, encoding: str):
    write(folder, "divisions.shp", frame(folder), encoding=encoding)
    (folder / "geo" / "divisions.cpg").unlink()
    assert [row["name_zh"] for row in rows(folder)] == ["甲区", "乙区", "丙区", "丁区"]


def test_a_map_without_geojson_is_drawn_from_the_table(folder: Path):
    expected = geometry.read(folder / "geo" / "divisions.geojson")
    drawn = geometry.read(geometry.collection(rows(folder)))
    assert [area["properties"] for area in drawn] == [area["properties"] for area in expected]


def test_two_formats_at_once_are_refused(folder: Path):
    frame(folder).to_file(folder / "geo" / "divisions.gpkg")
    with pytest.raises(PlanError) as caught:
        Plan.load(folder)
    assert caught.value.reason == "map_twice"


@pytest.mark.parametrize("crs", ["EPSG:4214", "EPSG:4610"])  # Beijing 1954, Xian 1980
def test_another_datum_is_refused(folder: Path, crs: str):
    write(folder, "divisions.gpkg", frame(folder).set_crs(crs, allow_override=True))
    assert (fault(folder).file, fault(folder).reason) == ("divisions.gpkg", "map_datum")


def test_a_shapefile_without_prj_is_refused(folder: Path):
    write(folder, "divisions.shp", frame(folder))
    (folder / "geo" / "divisions.prj").unlink()
    assert fault(folder).reason == "map_datum"


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\x00" * 200])
def test_a_damaged_geopackage_is_refused(folder: Path, content: bytes):
    (folder / "geo" / "divisions.geojson").unlink()
    (folder / "geo" / "divisions.gpkg").write_bytes(content)
    assert fault(folder).reason == "geojson"


def test_a_missing_column_is_refused(folder: Path):
    write(folder, "divisions.gpkg", frame(folder).drop(columns="name_en"))
    assert fault(folder).reason == "geojson"


def test_a_code_given_twice_is_refused(folder: Path):
    given = frame(folder)
    given.loc[1, "adcode"] = "990101"
    write(folder, "divisions.geojson", given)
    path = folder / "units.csv"
    path.write_text(path.read_text("utf-8").replace("990102", "990103"), "utf-8")
    assert (fault(folder).value, fault(folder).reason) == ("990101", "duplicate")


def test_an_outline_that_crosses_itself_is_named(folder: Path):
    bow = shapely.Polygon([(10, 50), (10.2, 50.2), (10.2, 50), (10, 50.2)])
    reshape(folder, "990101", lambda _: bow)
    assert (fault(folder).value, fault(folder).reason) == ("990101", "map_outline")


def test_overlaps_are_named_and_slivers_are_not(folder: Path):
    wider = shapely.box(10, 50, 10.23, 50.2)  # 2 km into its neighbour
    reshape(folder, "990101", lambda _: wider)
    assert (fault(folder).value, fault(folder).reason) == ("990101, 990102", "map_overlap")

    reshape(folder, "990101", lambda _: shapely.box(10, 50, 10.202, 50.2))  # 140 m
    assert len(rows(folder)) == 4


def test_gaps_are_named_and_slivers_are_not(folder: Path):
    hole = shapely.box(10.15, 50.1, 10.2, 50.15)
    reshape(folder, "990101", lambda shape: shape.difference(hole))
    assert (fault(folder).value, fault(folder).reason) == ("990101, 990102", "map_gap")

    narrow = shapely.box(10.198, 50.1, 10.2, 50.15)
    reshape(folder, "990101", lambda _: shapely.box(10, 50, 10.2, 50.2).difference(narrow))
    assert len(rows(folder)) == 4


def test_a_hole_within_one_division_is_none(folder: Path):
    reshape(
        folder, "990103", lambda shape: shape.difference(shapely.box(10.32, 50.32, 10.35, 50.35))
    )
    assert len(rows(folder)) == 4


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("990101,10.1,50.1", "990101,50.1,10.1", "point_swapped"),
        ("990101,10.1,50.1", "990101,10.1,49.994", "point_datum"),
        ("990101,10.1,50.1", "990101,10.205,50.1", "point_datum"),
        ("990101,10.1,50.1", "990101,10.3,50.1", "point_division"),
        ("990101,10.1,50.1", "990101,12,48", "point_outside"),
        ("990101,10.1,50.1", "990101,-170,89.9", "point_outside"),
    ],
)
def test_a_unit_outside_its_division_is_named(folder: Path, old: str, new: str, reason: str):
    path = folder / "units.csv"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    found = fault(folder)
    assert (found.file, found.row, found.reason) == ("units.csv", 2, reason)
    assert "DOCK" in str(found)
    if reason in ("point_outside", "point_datum"):
        assert all(
            "GCJ-02" in found.message(x) and "BD-09" in found.message(x) for x in ("zh", "en")
        )


def test_a_point_on_the_border_is_in_its_division(folder: Path):
    path = folder / "units.csv"
    path.write_text(path.read_text("utf-8").replace("990101,10.1,", "990101,10.202,"), "utf-8")
    assert len(rows(folder)) == 4


def publish(folder: Path, root: Path) -> int:
    """Import the second city's returns in its own year; the exit code."""
    returns = second_city.write(root.parent / "returns")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publication, "datetime", second_city.Clock)
        patch.setattr(limits, "datetime", second_city.Clock)
        return cli.main(["--store", str(root), "--plan", str(folder), "import", str(returns)])


def test_a_snapshot_keeps_the_areas_and_any_map_draws_from_it(folder: Path, tmp_path: Path):
    write(folder, "divisions.gpkg", frame(folder))
    assert publish(folder, tmp_path / "store") == 0
    now = Store(tmp_path / "store").current()
    assert now is not None

    for audience in ("planner", "public"):
        found = query("division_areas", snapshot=now, audience=audience).to_pylist()
        assert found == sorted(rows(folder), key=lambda row: row["division"])
    land = chart_model.land_of(Asked(now, "public", "en", MONTH), Plan.load(folder))
    assert len(geometry.read(land["divisions"])) == 5  # one is in two parts


def test_a_fault_on_the_map_publishes_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = folder / "units.csv"
    path.write_text(path.read_text("utf-8").replace("990101,10.1,", "990101,12,"), "utf-8")
    assert publish(folder, tmp_path / "store") == cli.WRONG_USAGE
    assert "GCJ-02" in "".join(capsys.readouterr())
    assert Store(tmp_path / "store").current() is None


def test_pages_and_queries_never_import_geopandas(folder: Path, tmp_path: Path):
    assert publish(folder, tmp_path / "store") == 0
    code = (
        "import sys\n"
        "import oneninex.ui, oneninex.server, oneninex.briefing, oneninex.cli\n"
        "from oneninex import store\n"
        "from oneninex.domain.plan import Plan\n"
        "assert Plan.load(sys.argv[1]).land\n"
        "now = store.Store(sys.argv[2]).current()\n"
        "assert store.query('division_areas', snapshot=now, audience='planner').num_rows\n"
        "print(sorted({'geopandas', 'pyogrio', 'shapely'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(folder), str(tmp_path / "store")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_properties_may_hold_a_code_as_a_number(folder: Path):
    path = folder / "geo" / "divisions.geojson"
    document = json.loads(path.read_text("utf-8"))
    for feature in document["features"]:
        feature["properties"]["adcode"] = int(feature["properties"]["adcode"])
    path.write_text(json.dumps(document), "utf-8")
    assert rows(folder)[0]["division"] == "990101"
