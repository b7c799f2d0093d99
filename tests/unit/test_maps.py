"""The map of the units: nothing asked of the network, and no state that looks like another."""

import json
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pytest

from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.figures import maps
from oneninex.figures.maps.geometry import outline, project, read, unproject, view_of
from oneninex.figures.maps.labels import Box, box, wrap

GEO = ROOT / "data" / "plan" / "geo"
VALUES = [123_456.0, 45_000.0, 0.0, None, 8_000.0, 23_000.0, 56_000.0, 12_000.0, 3_000.0]


@pytest.fixture
def units(plan: Plan) -> pa.Table:
    known = plan.units.append_column("value", pa.array(VALUES, pa.float64()))
    return known.append_column("whole", pa.array([True] * len(VALUES)))


def drawn(units: pa.Table, lang: str = "zh", **more: Any) -> dict[str, Any]:
    """The deck as the browser gets it, layers by id."""
    deck = maps.units_map(
        units,
        measure="条数",
        lang=lang,
        theme=more.pop("theme", "light"),
        divisions=GEO / "divisions.geojson",
        water=GEO / "water.geojson",
        **more,
    )
    spec = json.loads(deck.to_json())
    return {**spec, "by_id": {layer["id"]: layer for layer in spec["layers"]}}


def marks(spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["unit_id"]: row for row in spec["by_id"][maps.UNITS]["data"]}


def test_no_tile_server_is_asked(units: pa.Table) -> None:
    spec = drawn(units)

    # The one value for which Streamlit's browser side draws no base map.
    assert spec["mapStyle"] == "__MAP_STYLE__"
    assert "mapProvider" not in spec
    assert "http" not in json.dumps(spec)


def test_every_unit_is_drawn_and_labelled(units: pa.Table) -> None:
    spec = drawn(units)

    expected = set(units.column("unit_id").to_pylist())
    assert set(marks(spec)) == expected
    assert {row["unit_id"] for row in spec["by_id"][maps.LABELS]["data"]} == expected
    assert spec["by_id"][maps.UNITS]["pickable"]
    assert spec["by_id"][maps.LABELS]["pickable"]


def test_missing_zero_and_a_value_look_different_and_say_so(units: pa.Table) -> None:
    found = marks(drawn(units))

    value, zero, missing = found["U1"], found["U3"], found["U4"]
    assert missing["edge"] != value["edge"]
    assert missing["fill"] != zero["fill"]
    assert missing["radius"] > zero["radius"]
    assert missing["value_text"] == text("formats.missing", "zh")
    assert zero["value_text"] == "0"
    assert text("formats.missing", "zh") in missing["label"]


def test_suppressed_value_is_neither_shown_nor_sent(units: pa.Table) -> None:
    statuses = pa.array(["C", *["A"] * 8])
    values = pa.array([None, *VALUES[1:]], pa.float64())
    hidden = units.drop_columns("value").append_column("value", values)

    found = marks(drawn(hidden.append_column("status", statuses)))

    assert found["U1"]["value_text"] == text("common.suppressed", "zh")
    assert found["U1"]["sort"] == "suppressed"


def test_a_hidden_value_that_slips_in_does_not_leave(units: pa.Table) -> None:
    statuses = pa.array(["C", *["A"] * 8])

    spec = drawn(units.append_column("status", statuses))

    assert "123456" not in json.dumps(spec)


def test_larger_amount_makes_a_larger_mark(units: pa.Table) -> None:
    found = marks(drawn(units))

    assert found["U1"]["radius"] > found["U7"]["radius"] > found["U9"]["radius"]


def test_rate_is_told_by_depth_and_not_by_size(units: pa.Table) -> None:
    rates = pa.array([0.9, 0.95, 0.8, None, 0.7, 0.97, 0.99, 0.6, 0.5])
    found = marks(drawn(units.drop_columns("value").append_column("value", rates), kind="rate"))

    assert found["U7"]["radius"] == found["U9"]["radius"]
    assert found["U7"]["fill"] != found["U9"]["fill"]


def test_units_that_share_a_point_stand_apart(units: pa.Table) -> None:
    found = marks(drawn(units))

    shared = [found[name]["position"] for name in ("U1", "U2", "U9")]
    assert len({tuple(spot) for spot in shared}) == 3
    lon = sum(spot[0] for spot in shared) / 3
    assert lon == pytest.approx(119.04348, abs=1e-3)


def test_assumed_units_have_a_hole(units: pa.Table) -> None:
    spec = drawn(units)

    holes = [hole["position"] for hole in spec["by_id"]["holes"]["data"]]
    assumed = [marks(spec)[name]["position"] for name in ("U5", "U6", "U7", "U8", "U9")]
    assert holes == assumed


def test_selected_unit_gets_a_ring(units: pa.Table) -> None:
    spec = drawn(units, selected="U6")

    assert "selected" not in drawn(units)["by_id"]
    (ring,) = spec["by_id"]["selected"]["data"]
    assert ring["position"] == marks(spec)["U6"]["position"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_labels_cover_neither_marks_nor_each_other(units: pa.Table, lang: str) -> None:
    spec = drawn(units, lang)
    view = spec["initialViewState"]
    view = {"lon": view["longitude"], "lat": view["latitude"], "zoom": view["zoom"]}
    sides = {"start": 1, "end": -1, "middle": 0, "top": 1, "bottom": -1, "center": 0}

    def label_box(row: dict[str, Any]) -> Box:
        lon, lat = row["position"]
        x, y = project(lon, lat, view)
        spot = (x + row["offset"][0], y + row["offset"][1])
        side = (sides[row["anchor"]], sides[row["baseline"]])
        return box(spot, row["label"].split("\n"), 13, side)

    boxes = {name: label_box(row) for name, row in marks(spec).items()}
    for one, other in combinations(boxes, 2):
        assert boxes[one].overlap(boxes[other]) < 60, (one, other)


def test_every_pickable_row_has_the_tooltips_words(units: pa.Table) -> None:
    spec = drawn(units)

    for layer in (maps.UNITS, maps.LABELS):
        for row in spec["by_id"][layer]["data"]:
            assert {"name", "measure", "value_text", "note"} <= set(row)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_theme_draws_with_its_own_colours(units: pa.Table, theme: str) -> None:
    other = {"light": "dark", "dark": "light"}[theme]

    assert (
        marks(drawn(units, theme=theme))["U1"]["fill"]
        != (marks(drawn(units, theme=other))["U1"]["fill"])
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_description_names_the_extremes_and_the_missing(units: pa.Table, lang: str) -> None:
    said = maps.describe_units_map(units, measure="M", lang=lang)

    names = units.column(f"name_{lang}").to_pylist()
    assert names[0] in said
    assert names[2] in said
    assert names[3] in said
    assert names[6] not in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_equal_units_have_no_extreme_and_partial_ones_are_left_out(
    units: pa.Table, lang: str
) -> None:
    rows = [row for row in units.to_pylist() if row["value"] is not None]
    names = [row[f"name_{lang}"] for row in rows]

    def said(values: list[float], whole: list[bool]) -> str:
        changed = [
            {**row, "value": value, "whole": flag}
            for row, value, flag in zip(rows, values, whole, strict=True)
        ]
        table = pa.Table.from_pylist(changed, units.schema)
        return maps.describe_units_map(table, measure="M", lang=lang)

    equal = said([5.0] * len(rows), [True] * len(rows))
    assert not any(name in equal for name in names)
    partial = said([9.0, *[5.0] * (len(rows) - 1)], [False, *[True] * (len(rows) - 1)])
    assert names[0] in partial
    assert "9" not in partial


def test_legend_tells_only_what_is_there(units: pa.Table) -> None:
    named = units.filter(pa.array([row == 0 for row in range(9)]))

    full = dict(maps.legend(units, "zh"))
    short = dict(maps.legend(named, "zh"))

    assert set(full) == {"●", "◎", "•", "○", "U1"}
    assert set(short) == {"●", "U1"}


def test_whole_city_fits_the_view() -> None:
    land = read(GEO / "divisions.geojson")

    view = view_of(outline(land, []), 400, 520)

    outlines = [area["geometry"]["coordinates"][0] for area in land]
    spots = [project(lon, lat, view) for outline in outlines for lon, lat in outline]
    assert max(abs(x) for x, _ in spots) <= 201
    assert max(abs(y) for _, y in spots) <= 262


def test_pixels_and_degrees_are_inverse() -> None:
    view = {"lon": 119.0, "lat": 33.4, "zoom": 7.5}

    assert unproject(*project(118.57286, 32.98674, view), view) == [118.57286, 32.98674]


@pytest.mark.parametrize(
    ("name", "lang", "lines"),
    [
        ("淮安科教产业园", "zh", ["淮安科教产业园"]),
        ("淮安中关村信息谷创新中心", "zh", ["淮安中关村信", "息谷创新中心"]),
        ("Unit 5 (to be named)", "en", ["Unit 5 (to be", "named)"]),
        ("a" * 60, "zh", ["a" * 8, "a" * 8, "a" * 7 + "…"]),
    ],
)
def test_long_names_break_and_end(name: str, lang: str, lines: list[str]) -> None:
    assert wrap(name, lang) == lines


def picture(units: pa.Table, **more: Any) -> ElementTree.Element:
    """The map as a drawing, parsed."""
    words = {"measure": "条数", "lang": "zh", "theme": "light", **more}
    land = {"divisions": GEO / "divisions.geojson", "water": GEO / "water.geojson"}
    return ElementTree.fromstring(maps.svg(maps.drawn(units, **land, **words)))


def buttons(found: ElementTree.Element) -> dict[str, str]:
    """What the mark of each unit is called."""
    return {
        button.attrib["data-unit"]: button.attrib["aria-label"]
        for button in found.iter("g")
        if button.attrib.get("role") == "button" and button.attrib["tabindex"] == "0"
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_picture_says_what_the_map_says(units: pa.Table, lang: str) -> None:
    said = buttons(picture(units, lang=lang))

    rows = marks(drawn(units, lang))
    assert list(said) == list(rows)
    for unit_id, row in rows.items():
        assert row["name"] in said[unit_id]
        assert said[unit_id].count(row["value_text"]) == 1
        assert row["note"] in said[unit_id]


def test_the_picture_has_every_mark_in_its_look_and_place(units: pa.Table) -> None:
    spec = drawn(units)
    view = spec["initialViewState"]
    view = {"lon": view["longitude"], "lat": view["latitude"], "zoom": view["zoom"]}
    found = list(picture(units).iter("circle"))

    for row in marks(spec).values():
        lon, lat = row["position"]
        x, y = project(lon, lat, view)
        same = [
            circle.attrib
            for circle in found
            if float(circle.attrib["cx"]) - 200 == pytest.approx(x, abs=0.1)
            and float(circle.attrib["cy"]) - maps.HEIGHT / 2 == pytest.approx(y, abs=0.1)
        ]
        assert float(same[0]["r"]) == pytest.approx(row["radius"], abs=0.1)
        assert same[0]["fill"].startswith("rgb({} {} {} ".format(*row["fill"]))
        holes = [each for each in same if each["fill"] == palette.LIGHT.background]
        assert len(holes) == (row["sort"] == "value" and row["named_in"] == "assumed")
        assert same[-1]["fill"] == "transparent"  # what is clicked lies over all of it


def test_nothing_withheld_is_in_the_picture(units: pa.Table) -> None:
    statuses = pa.array(["C", *["A"] * 8])

    found = picture(units.append_column("status", statuses), lang="en")

    assert text("common.suppressed", "en") in buttons(found)["U1"]
    assert "123" not in "".join(found.itertext()) + buttons(found)["U1"]


def test_a_name_is_never_markup(units: pa.Table) -> None:
    name = "<script>alert('&\"')</script>"
    names = pa.array([name, *units["name_zh"].to_pylist()[1:]])
    place = units.schema.get_field_index("name_zh")

    found = picture(units.set_column(place, "name_zh", names))

    assert name in buttons(found)["U1"]
    assert list(found.iter("script")) == []


def test_the_picture_asks_nothing_of_the_network(units: pa.Table) -> None:
    for element in picture(units).iter():
        assert not any("href" in name or "url(" in value for name, value in element.attrib.items())
