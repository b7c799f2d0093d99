"""The map's page: any measure, any month, and the card of the chosen unit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from tests.pages.conftest import healthy
from tests.pages.test_overview import MARCH, asked, said

Open = Callable[..., AppTest]


def ranking(at: AppTest) -> Any:
    """The table of the units."""
    return next(found.value for found in at.dataframe if "unit_id" in found.value)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_nine_units_stand_in_a_sorted_table(
    open_page: Open, small_store: Path, lang: str
) -> None:
    at = open_page("unit_map", lang)

    rows = asked(small_store, "indicator_by_unit", to_month=MARCH)
    shown = ranking(at)
    assert at.title[0].value == text("common.page.unit_map.title", lang)
    assert list(shown["unit_id"]) == [row[f"name_{lang}"] for row in rows]
    values = [None if value != value else value for value in shown["items_accepted"]]
    assert values == [row["value"] for row in rows]
    assert text("unit_map.choose", lang) in [found.value for found in at.info]


def test_the_map_is_told_in_a_sentence_with_the_missing_units(open_page: Open) -> None:
    shown = said(open_page("unit_map"))

    assert "缺报：淮阴区江淮科技园和待命名单元九。" in shown
    assert "7/9 个单元已报送" in shown


def test_units_at_one_point_are_listed(open_page: Open) -> None:
    shown = said(open_page("unit_map"))

    together = "淮安科教产业园、淮安中关村信息谷创新中心和待命名单元九"
    assert text("unit_map.shared_point", "zh", units=together) in shown


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_chosen_unit_shows_its_card(open_page: Open, small_store: Path, lang: str) -> None:
    at = open_page("unit_map", lang, unit="U3")

    rows = asked(small_store, "latest_indicators", scope="U3", to_month=MARCH)
    (accepted,) = [row["value"] for row in rows if row["indicator_id"] == "items_accepted"]
    (unit,) = [row for row in asked(small_store, "units") if row["unit_id"] == "U3"]
    assert at.metric[0].value == formats.number(accepted, lang)
    assert unit[f"name_{lang}"] in [found.value for found in at.subheader]
    facts = str(at.table[0].value.to_dict())
    assert text("ui.code.named_in.published_text", lang) in facts
    assert text("ui.code.location_basis.division_point", lang) in facts
    sources = next(found.value for found in at.dataframe if "received_on" in found.value)
    assert "labeling_daily.csv" in list(sources["name"])
    assert sources["received_on"].notna().all()


def test_an_assumed_unit_is_marked(open_page: Open) -> None:
    facts = str(open_page("unit_map", unit="U9").table[0].value.to_dict())

    assert text("ui.code.named_in.assumed", "zh") in facts
    assert text("ui.code.location_basis.assumed", "zh") in facts


def test_a_unit_that_did_not_report_is_missing_and_one_that_did_nothing_is_0(
    open_page: Open,
) -> None:
    missing, idle = open_page("unit_map", unit="U9"), open_page("unit_map", unit="U8")

    assert missing.metric[0].value == text("ui.state_word.missing", "zh")
    assert idle.metric[0].value == "0"
    assert text("unit_map.no_sources", "zh") in said(open_page("unit_map", unit="U4"))


def test_a_rate_without_anything_to_divide_by_is_named_apart(open_page: Open) -> None:
    at = open_page("unit_map", measure="acceptance_rate")

    idle = text("unit_map.nothing_to_divide", "zh", units="待命名单元八")
    assert idle in said(at)
    assert "待命名单元八" not in list(ranking(at)["unit_id"])
    assert ranking(at)["acceptance_rate"].max() == pytest.approx(90)


def test_month_and_measure_change_what_is_shown(open_page: Open, small_store: Path) -> None:
    at = open_page("unit_map")

    at.select_slider(key="map_month").set_value("2026-02").run()
    at.selectbox(key="measure").set_value("items_annotated").run()

    healthy(at)
    shown = ranking(at).set_index("unit_id")["items_annotated"]
    assert shown["待命名单元九"] == 800
    assert at.query_params["map_month"] in ("2026-02", ["2026-02"])
    assert at.query_params["measure"] in ("items_annotated", ["items_annotated"])


def test_choosing_a_unit_goes_into_the_url(open_page: Open) -> None:
    at = open_page("unit_map")

    at.selectbox(key="unit").set_value("U2").run()

    assert at.query_params["unit"] in ("U2", ["U2"])
    assert healthy(at).metric[0].value == "180"


def test_empty_store_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path / "none"))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()

    at.switch_page("pages/unit_map.py").run()

    assert text("common.empty_store", "zh") in [found.value for found in healthy(at).subheader]
    assert not at.dataframe
