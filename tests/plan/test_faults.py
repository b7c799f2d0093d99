"""A fault in a plan file is named by file, row, column, value, reason and remedy."""

import re
import shutil
from pathlib import Path

import pytest

from oneninex.core.i18n import keys
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan, PlanError
from oneninex.domain.plan.reading import REASONS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the plan to spoil, with bounds of its own: an office may set others."""
    folder = Path(shutil.copytree(ROOT / "data" / "plan", tmp_path / "plan"))
    path = folder / "plan.toml"
    own = path.read_text(encoding="utf-8")
    for light, bound in (("green", -10), ("yellow", -30)):
        own = re.sub(rf"^{light} = .*$", f"{light} = {bound}", own, count=1, flags=re.MULTILINE)
    path.write_text(own, encoding="utf-8")
    return folder


def spoil(folder: Path, name: str, old: str, new: str) -> PlanError:
    """The error after the first `old` of the file became `new`."""
    path = folder / name
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        Plan.load(folder)
    return caught.value


FAULTS = [
    # file, old, new, row, column, value, reason
    ("units.csv", "division,", "divison,", 1, "divison", None, "unknown_column"),
    ("units.csv", ",division,", ",name_en,", 1, "name_en", None, "duplicate_column"),
    ("links.csv", "link,name_zh,name_en", "link,name_zh", 1, "name_en", None, "missing_column"),
    ("units.csv", "U2,", "u2,", 3, "unit_id", "u2", "code"),
    ("units.csv", "U2,", "U1,", 3, "unit_id", "U1", "duplicate"),
    ("units.csv", "淮阴区江淮科技园", "", 5, "name_zh", None, "required"),
    ("units.csv", "data_factory|unit", "factory", 2, "roles", "factory", "code"),
    ("units.csv", "119.04348", "东经119", 2, "lon", "东经119", "number"),
    ("units.csv", "119.04348", "nan", 2, "lon", "nan", "number"),
    ("units.csv", "119.04348", "1190.4348", 2, "lon", "1190.4348", "range"),
    ("sectors.csv", "true", "是", 2, "in_plan", "是", "boolean"),
    ("links.csv", "数据流通", "数据,流通", 2, None, "数据,流通", "cells"),
    ("links.csv", "数据流通", '"数据流通', None, None, None, "not_a_table"),
    ("targets.csv", "2027-12-31", "2027-02-30", 2, "due", "2027-02-30", "date"),
    ("targets.csv", "2027-12-31", "20271231", 2, "due", "20271231", "date"),
    ("targets.csv", "2027-12-31", "2025-12-31", 2, None, None, "order"),
    ("targets.csv", "reach,1,,", "reach,1,5,", 2, None, None, "baseline"),
    (
        "targets.csv",
        "reach,50,,",
        "reach,50,50,2025-12-31",
        11,
        "baseline",
        "ai_hq_datasets: 50 → 50",
        "contradiction",
    ),
    ("targets.csv", "reach,1", "reach,一", 2, "value", "一", "number"),
    ("targets.csv", "reach,1", "at least,1", 2, "operator", "at least", "code"),
    (
        "targets.csv",
        ",units_in_operation,",
        ",units_running,",
        3,
        "indicator_id",
        "units_running",
        "reference",
    ),
    ("targets.csv", ",city,", ",U10,", 2, "scope", "U10", "reference"),
    ("benchmarks.csv", ",hq_datasets,", ",datasets,", 3, "indicator_id", "datasets", "reference"),
    ("benchmarks.csv", ",equal,", ",equals,", 2, "operator", "equals", "code"),
    ("events.csv", "2026-06", "2026-6-", 2, "month", "2026-6-", "month"),
    ("events.csv", "platform_change", "feast", 2, "kind", "feast", "code"),
    ("events.csv", ",U3,", ",U99,", 2, "unit_id", "U99", "reference"),
    ("holidays.csv", ",off,", ",free,", 2, "kind", "free", "code"),
    ("holidays.csv", "2024-01-01,2024-01-01", "2024-01-01,2023-12-31", 2, None, None, "order"),
    ("holidays.csv", ",true,", ",perhaps,", 2, "announced", "perhaps", "boolean"),
    ("notes.csv", "2026-08", "2026-13", 2, "month", "2026-13", "month"),
    ("notes.csv", "2026-08", "2026-08-15", 2, "month", "2026-08-15", "month"),
    ("notes.csv", "ai_hq_datasets", "datasets", 2, "target_id", "datasets", "reference"),
    ("notes.csv", "演示：数据集工作专班", "", 2, "owner", None, "required"),
    (
        "notes.csv",
        "2026-08",
        "2026-10",
        3,
        "owner",
        "2026-10 ai_hq_datasets 演示：数据集工作专班",
        "duplicate",
    ),
    ("plan.toml", "start = 2026-01-01", "start = ", None, None, None, "toml"),
    ("plan.toml", "Asia/Shanghai", "Asia/Huaian", None, "timezone", "Asia/Huaian", "timezone"),
    ("plan.toml", "yellow = -30", "yellow = -5", None, "lights", None, "lights"),
    ("plan.toml", "#00785A", "green", None, "lights.looks.green.colour", "green", "code"),
    ("plan.toml", "due_day = 5", "due_day = 31", None, None, "31", "range"),
    ("plan.toml", ", due_day = 15", "", None, None, None, "calendar"),
    ("plan.toml", "end = 2027-12-31", "end = 2025-12-31", None, None, None, "order"),
    ("plan.toml", "[10, 100, 300]", "[10, 300, 100]", None, "size_bands.employees", None, "bands"),
    ("plan.toml", "min_rd_share = 0.05", "min_rd_share = 5", None,
     "benchmark_enterprises.min_rd_share", "5", "range"),
    ("plan.toml", "[intake]", "[intak]", None, "intake", None, "required"),
    ("plan.toml", "max_bytes", "max_byte", None, "intake.max_bytes", None, "required"),
    ("indicators.toml", "better", "bether", None, "items_accepted.better", None, "required"),
    ("indicators.toml", '"flow"', '"flows"', None, "items_accepted.kind", "flows", "code"),
    ("indicators.toml", 'aggregation = "sum"', 'aggregation = "total"', None,
     "items_accepted.aggregation", "total", "code"),
    ("indicators.toml", 'aggregation = "sum"', 'aggregation = "ratio"', None,
     "items_accepted", None, "aggregation"),
    ("indicators.toml", 'id = "items_accepted"', "", None, "indicator #1.id", None, "required"),
    ("indicators.toml", "items_annotated", "items_accepted", None, "id", None, "duplicate"),
    ("indicators.toml", "[[indicator]]", "[[indikator]]", None, "indikator", None, "unknown_key"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "row", "column", "value", "reason"),
    FAULTS,
    ids=[f"{fault[0]}-{fault[6]}-{index}" for index, fault in enumerate(FAULTS)],
)
def test_a_fault_is_named(
    folder: Path,
    name: str,
    old: str,
    new: str,
    row: int | None,
    column: str | None,
    value: str | None,
    reason: str,
):
    error = spoil(folder, name, old, new)
    assert (error.file, error.row, error.reason) == (name, row, reason)
    if column is not None:
        assert error.column == column
    if value is not None:
        assert value in str(error.value)
    for lang in ("zh", "en"):
        message = error.message(lang)
        assert message in str(error)
        assert name in message
        assert row is None or str(row) in message
        assert column is None or column in message
        assert value is None or value in message


def test_every_reason_has_words_in_both_languages():
    given = {f"plan.error_{reason}" for reason in [*REASONS.values(), "other", "no_file"]}
    assert given <= keys("zh") & keys("en")


def test_a_missing_file_is_named(folder: Path):
    (folder / "links.csv").unlink()
    with pytest.raises(PlanError) as caught:
        Plan.load(folder)
    assert (caught.value.file, caught.value.reason) == ("links.csv", "no_file")


def test_bytes_in_no_known_encoding_are_refused(folder: Path):
    (folder / "links.csv").write_bytes(b"link,name_zh,name_en\nlabeling,\xff\xff,x\n")
    with pytest.raises(PlanError) as caught:
        Plan.load(folder)
    assert caught.value.reason == "encoding"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_what_excel_saves_reads_the_same(folder: Path, encoding: str):
    plan = Plan.load(folder)
    for path in folder.glob("*.csv"):
        content = path.read_text(encoding="utf-8")
        path.write_text(content, encoding=encoding, newline="\r\n")
    saved = Plan.load(folder)
    assert saved.tables() == plan.tables()
    assert saved.sha256 != plan.sha256


def test_columns_may_stand_in_any_order_and_lines_may_be_blank(folder: Path, plan: Plan):
    path = folder / "links.csv"
    _, *lines = path.read_text(encoding="utf-8").splitlines()
    turned = ["name_en,link,aliases,name_zh"]
    for line in lines:
        code, zh, en, more = line.split(",")
        turned += ["", f"{en}, {code} ,{more},{zh}"]
    path.write_text("\n".join([*turned, ",,,", ""]), encoding="utf-8")
    assert Plan.load(folder).links == plan.links


def test_rows_after_a_blank_line_are_named_as_excel_shows_them(folder: Path):
    error = spoil(folder, "units.csv", "U2,", "\nu2,")
    assert (error.row, error.value) == (4, "u2")


def test_a_day_may_be_written_with_slashes_as_excel_does(folder: Path, plan: Plan):
    path = folder / "targets.csv"
    content = path.read_text(encoding="utf-8")
    path.write_text(content.replace("2026-01-01", "2026/1/1"), encoding="utf-8")
    assert Plan.load(folder).targets == plan.targets


def test_a_plan_without_notes_is_whole(folder: Path):
    with_notes = Plan.load(folder)
    (folder / "notes.csv").unlink()

    without = Plan.load(folder)

    assert (with_notes.notes.num_rows > 0, without.notes.num_rows) == (True, 0)
    assert without.sha256 != with_notes.sha256


def test_a_plan_without_events_is_whole(folder: Path):
    with_events = Plan.load(folder)
    (folder / "events.csv").unlink()
    (folder / "holidays.csv").unlink()

    assert (with_events.events.num_rows > 0, Plan.load(folder).events.num_rows) == (True, 0)


def test_a_month_that_a_spreadsheet_made_a_day_is_read(folder: Path):
    notes = folder / "notes.csv"
    notes.write_text(notes.read_text("utf-8").replace("2026-08,", "2026/8/1,"), encoding="utf-8")

    assert f"{Plan.load(folder).notes.column('month')[0]}" == "2026-08-01"


@pytest.mark.parametrize(
    "content",
    [
        "{",
        '{"features": []}',
        '{"features": {}}',
        '{"features": [3]}',
        '{"features": [{"geometry": {"type": "Polygon", "coordinates": []}}]}',
        '{"features": [{"geometry": null, "properties": null}]}',
        "[" * 100_000,
    ],
)
def test_a_map_that_cannot_be_drawn_is_named(folder: Path, content: str):
    (folder / "geo" / "divisions.geojson").write_text(content, "utf-8")
    with pytest.raises(PlanError) as caught:
        Plan.load(folder)
    assert (caught.value.file, caught.value.reason) == ("divisions.geojson", "geojson")


def test_a_map_in_metres_is_no_map_in_degrees(folder: Path):
    error = spoil(folder, "geo/divisions.geojson", "[119.", "[40500119.")
    assert (error.file, error.reason) == ("divisions.geojson", "geojson")


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("units.csv", ",320803,", ",320899,", "division"),
        ("links.csv", "labeling,", "marking,", "labeling_link"),
        ("plan.toml", 'geo = "geo"', 'geo = "/srv/geo"', "folder"),
        ("plan.toml", 'languages = ["zh", "en"]', 'languages = ["zh", "fr"]', "languages"),
        ("plan.toml", 'languages = ["zh", "en"]', "languages = []", "languages"),
    ],
)
def test_what_another_city_gets_wrong_is_named(
    folder: Path, file: str, old: str, new: str, reason: str
):
    error = spoil(folder, file, old, new)
    assert (error.file, error.reason) == (file, reason)


def test_the_bounds_of_the_lights_are_read_from_the_plan(folder: Path):
    lights = Plan.load(folder).config.lights
    assert (lights.green, lights.yellow) == (-10, -30)


def test_an_indicator_without_aggregation_has_the_usual_one_of_its_kind(folder: Path):
    path = folder / "indicators.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"^aggregation = .*\n", "", text, flags=re.MULTILINE), encoding="utf-8")
    rows = {row["indicator_id"]: row for row in Plan.load(folder).indicators.to_pylist()}
    assert rows["items_accepted"]["aggregation"] == "sum"
    assert rows["workers"]["aggregation"] == "last"
    assert rows["rework_rate"]["aggregation"] == "ratio"


def test_a_median_in_minutes_is_an_indicator(folder: Path):
    path = folder / "indicators.toml"
    entry = path.read_text(encoding="utf-8").split("[[indicator]]")[1]
    for old, new in (
        ("items_accepted", "wait"), ('"flow"', '"stock"'), ('"sum"', '"median"'),
        ('"items"', '"minutes"'), ('"up"', '"down"'),
    ):  # fmt: skip
        entry = entry.replace(old, new, 1)
    with path.open("a", encoding="utf-8") as file:
        file.write("\n[[indicator]]" + entry)
    (row,) = [r for r in Plan.load(folder).indicators.to_pylist() if r["indicator_id"] == "wait"]
    assert (row["aggregation"], row["unit_en"], row["better"]) == ("median", "minutes", "down")
