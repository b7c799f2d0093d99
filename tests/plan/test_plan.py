"""The plan as kept in the repository says what its sources say, and nothing more."""

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from oneninex.core.i18n import keys, text
from oneninex.core.settings import ROOT
from oneninex.domain.plan import FILES, Plan

FOLDER = ROOT / "data" / "plan"
COLUMNS = {
    "units": "unit_id name_zh name_en kind roles division lon lat location_basis named_in focus_zh "
    "focus_en",
    "sectors": "sector name_zh name_en in_plan aliases sort",
    "links": "link name_zh name_en aliases sort",
    "indicators": "indicator_id name_zh name_en unit_zh unit_en kind aggregation better "
    "definition_zh "
    "definition_en query source owner reviewer next_review sort",
    "targets": "target_id indicator_id scope operator value baseline baseline_on start due plan "
    "sentence_zh sentence_en source lead_office supporting_offices sort",
    "benchmarks": "place_zh place_en indicator_id value operator kind as_of source certainty "
    "note_zh note_en checked_on",
    "notes": "month target_id owner text_zh text_en source",
    "events": "month kind unit_id text_zh text_en source",
    "calendar": "kind frequency due_day",
}


def rows(table: pa.Table, key: str) -> dict[str, dict]:
    return {row[key]: row for row in table.to_pylist()}


def test_tables_have_exactly_the_columns_of_a_snapshot(plan: Plan):
    tables = plan.tables()
    for name, columns in COLUMNS.items():
        assert tables[name].column_names == columns.split(), name
    assert {"name_zh", "plan_start", "plan_end", "light_green", "provisional_months"} <= set(
        tables["info"].column_names
    )


def test_columns_are_typed_even_where_every_cell_is_empty(plan: Plan):
    types = {name: str(plan.targets.schema.field(name).type) for name in plan.targets.column_names}
    assert types["value"] == types["baseline"] == "double"
    assert types["baseline_on"] == types["start"] == "date32[day]"
    assert types["lead_office"] == "string"
    assert types["sort"] == "int64"
    assert str(plan.sectors.schema.field("in_plan").type) == "bool"
    assert plan.targets.column("lead_office").null_count == plan.targets.num_rows


def test_nine_units_four_named_five_assumed_one_place_with_two_roles(plan: Plan):
    units = rows(plan.units, "unit_id")
    assert list(units) == [f"U{n}" for n in range(1, 10)]
    named = {key for key, unit in units.items() if unit["named_in"] == "published_text"}
    assert named == {"U1", "U2", "U3", "U4"}
    assert [key for key, unit in units.items() if "data_factory" in unit["roles"]] == ["U1"]
    assert units["U1"]["roles"] == "data_factory|unit"
    assert {key for key, unit in units.items() if unit["kind"] == "comprehensive"} == {"U1", "U2"}
    for key in set(units) - named:
        assert units[key]["location_basis"] == "assumed"
        assert "待命名" in units[key]["name_zh"]
        assert "to be named" in units[key]["name_en"]
    assert "site" not in {unit["location_basis"] for unit in units.values()}


def test_units_stand_at_the_representative_point_of_their_division(plan: Plan):
    divisions = json.loads((ROOT / "data/plan/geo/divisions.geojson").read_text(encoding="utf-8"))
    points = {
        feature["properties"]["adcode"]: (
            feature["properties"]["label_lon"],
            feature["properties"]["label_lat"],
        )
        for feature in divisions["features"]
    }
    assert len(points) == 7
    for unit in plan.units.to_pylist():
        assert (unit["lon"], unit["lat"]) == points[unit["division"]], unit["unit_id"]


def test_no_unit_takes_the_name_of_a_division(plan: Plan):
    divisions = json.loads((ROOT / "data/plan/geo/divisions.geojson").read_text(encoding="utf-8"))
    names = {
        feature["properties"][name]
        for feature in divisions["features"]
        for name in ("name_zh", "name_en")
    }
    assert not names & {*plan.names("units", "zh").values(), *plan.names("units", "en").values()}


def test_the_labeling_plan_has_only_the_numbers_that_its_words_count(plan: Plan):
    stated = {
        row["target_id"]: row["value"]
        for row in plan.targets.to_pylist()
        if row["plan"] == "labeling_plan"
    }
    assert stated == {
        "data_factory": 1,
        "units": 9,
        "sectors": 4,
        "links": 5,
        "x_datasets": None,
        "benchmark_enterprises": None,
        "hub_revenue": None,
        "hub_workers": None,
        "hub_volume": None,
    }
    assert plan.sectors.column("in_plan").to_pylist().count(True) == stated["sectors"]
    assert plan.links.num_rows == stated["links"]
    assert plan.units.num_rows == stated["units"]


def test_other_plans_stand_apart_with_their_operators(plan: Plan):
    others = {
        row["target_id"]: (row["plan"], row["indicator_id"], row["operator"], row["value"])
        for row in plan.targets.to_pylist()
        if row["plan"] != "labeling_plan"
    }
    assert others == {
        "ai_hq_datasets": ("ai_plan", "hq_datasets", "reach", 50),
        "ai_demonstration_parks": ("ai_plan", "demonstration_parks", "reach", 2),
        "ai_enterprises": ("ai_plan", "labeling_enterprises", "exceed", 35),
        "national_growth": ("national", "labeling_revenue_growth", "exceed", 0.2),
        "working_on_time": ("working", "on_time_return_rate", "reach", 0.95),
        "working_first_pass": ("working", "first_pass_rate", "reach", 0.9),
    }


def test_target_sentences_stand_in_their_sources(plan: Plan, shared: Path):
    published = (shared / "plan/published-text.txt").read_text(encoding="utf-8")
    domain = (shared / "DOMAIN.md").read_text(encoding="utf-8")
    for row in plan.targets.to_pylist():
        if row["plan"] == "labeling_plan":
            assert row["sentence_en"] in published, row["target_id"]
        if row["plan"] == "ai_plan":
            assert row["sentence_en"] in domain, row["target_id"]
        if row["plan"] == "working":
            assert "暂定" in row["sentence_zh"]
        else:
            assert row["source"] in domain, row["target_id"]


def test_translated_sentences_say_that_they_are(plan: Plan):
    for row in plan.targets.to_pylist():
        if row["plan"] in {"labeling_plan", "ai_plan"}:
            assert row["sentence_zh"].startswith("（译）")


def test_benchmarks_have_a_source_that_was_read(plan: Plan, shared: Path):
    domain = (shared / "DOMAIN.md").read_text(encoding="utf-8")
    for row in plan.benchmarks.to_pylist():
        assert row["source"].removeprefix("https://") in domain
    figures = {
        (row["place_en"], row["indicator_id"]): row["value"]
        for row in plan.benchmarks.to_pylist()
        if row["place_en"] == "Shenyang"
    }
    assert figures["Shenyang", "annotated_volume"] == 8323
    assert figures["Shenyang", "labeling_revenue"] == 259_000  # about 2.59 bn yuan, in 万元
    assert figures["Shenyang", "dataset_trade_value"] == 10_200  # 102 m yuan


def test_output_value_is_never_offered_as_revenue(plan: Plan):
    money = [
        row for row in plan.benchmarks.to_pylist() if row["indicator_id"] == "labeling_revenue"
    ]
    assert len(money) == 3
    assert {row["kind"] for row in money} == {"induced"}


def test_indicators_define_numerator_and_exclusions_and_name_no_person(plan: Plan):
    for row in plan.indicators.to_pylist():
        assert len(row["definition_zh"]) > 20, row["indicator_id"]
        assert len(row["definition_en"]) > 60, row["indicator_id"]
        assert (row["kind"] == "ratio") <= (row["unit_zh"] == "%"), row["indicator_id"]
        assert row["owner"] == row["reviewer"] == "待明确"
        assert row["next_review"] >= date(2026, 1, 1)


def test_every_indicator_names_a_query_that_exists(plan: Plan):
    queries = {path.stem for path in (ROOT / "queries").glob("*.sql")}
    assert set(plan.indicators.column("query").to_pylist()) - queries == set()


def test_every_code_that_a_reader_may_see_has_a_name(plan: Plan):
    seen = {f"plan.plan.{code}" for code in plan.targets.column("plan").to_pylist()}
    for table, column in (
        ("targets", "operator"),
        ("benchmarks", "operator"),
        ("benchmarks", "kind"),
        ("benchmarks", "certainty"),
        ("indicators", "kind"),
        ("indicators", "better"),
        ("units", "kind"),
        ("units", "named_in"),
        ("units", "location_basis"),
        ("calendar", "kind"),
        ("calendar", "frequency"),
    ):
        codes = plan.tables()[table].column(column).to_pylist()
        seen |= {f"plan.{column}.{code}" for code in codes}
    seen |= {f"plan.light.{light}" for light in (*plan.config.lights.looks, "none")}
    assert seen - keys("zh") == set()
    assert text("plan.modality.point_cloud", "zh") == "三维点云"


def test_config_is_what_the_office_wrote(plan: Plan):
    config = plan.config
    assert (config.start, config.end) == (date(2026, 1, 1), date(2027, 12, 31))
    assert config.zone.key == "Asia/Shanghai"
    assert (config.suppression.min_contributors, config.suppression.dominance_share) == (4, 0.85)
    assert config.label_studio.lead_time_cap_seconds == 3600
    assert rows(plan.calendar, "kind")["enterprise_quarterly"]["due_day"] == 15
    assert rows(plan.calendar, "kind")["datasets"]["due_day"] is None
    looks = config.lights.looks.values()
    assert len({look.shape for look in looks}) == len({look.colour for look in looks}) == 3


def test_the_hash_is_that_of_the_files_in_name_order(plan: Plan):
    whole = b"".join((FOLDER / name).read_bytes() for name in sorted(FILES))
    assert plan.sha256 == hashlib.sha256(whole).hexdigest()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_map_codes_in_the_order_of_the_file(plan: Plan, lang: str):
    names = plan.names("links", lang)
    assert list(names) == ["circulation", "aggregation", "governance", "labeling", "application"]
    assert names["labeling"] == {"zh": "数据标注", "en": "Data labeling"}[lang]


def test_map_files_are_those_that_were_checked(shared: Path):
    for name in ("divisions", "water"):
        ours = (ROOT / f"data/plan/geo/{name}.geojson").read_bytes()
        assert ours == (shared / f"geo/huaian_{name}.geojson").read_bytes()
    notice = (ROOT / "data/plan/geo/NOTICE.md").read_text(encoding="utf-8")
    assert "ODbL 1.0" in notice
    assert "no open licence was seen" in notice


def test_a_plan_from_before_the_day_of_the_check_still_loads(tmp_path: Path):
    folder = Path(shutil.copytree(ROOT / "data" / "plan", tmp_path / "plan"))
    path = folder / "benchmarks.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line.rpartition(",")[0] for line in lines), encoding="utf-8")

    loaded = Plan.load(folder)

    assert set(loaded.benchmarks.column("checked_on").to_pylist()) == {None}


def test_each_published_figure_has_source_certainty_and_the_day_of_its_check(plan: Plan):
    for row in plan.benchmarks.to_pylist():
        assert row["source"]
        assert row["certainty"]
        assert row["checked_on"] >= date(2026, 11, 1)
