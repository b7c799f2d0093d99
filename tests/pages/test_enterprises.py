"""The page "Who is growing?" on a small store: numbers, words, filters, both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from oneninex import store
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.store import Store
from tests.pages.conftest import cards, headings, healthy, said

Open = Callable[..., AppTest]


@pytest.fixture
def ask(small_store: Path) -> Callable[..., list[dict[str, Any]]]:
    """The rows of a query on the store that the page shows."""
    snapshot = Store(small_store).current()
    assert snapshot
    return lambda name, **given: store.query(name, snapshot=snapshot, **given).to_pylist()


def shown(at: AppTest) -> list[str]:
    return list(cards(at).values())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_cards_show_what_the_queries_say(open_page: Open, ask, lang: str):
    summary, totals = ask("enterprise_summary")[0], ask("enterprise_totals")[-1]

    at = open_page("enterprises", lang)

    assert shown(at) == [
        formats.number(summary["active"], lang),
        f"{summary['attracted']} / {summary['grown']}",
        {"zh": "1,200万元", "en": "12 M"}[lang],
        formats.number(totals["employees"], lang),
    ]
    assert at.title[0].value == text("common.page.enterprises.title", lang)


def test_the_table_says_in_words_what_has_no_number(open_page: Open, ask):
    (growth,) = ask("enterprise_growth")

    (row,) = open_page("enterprises").dataframe[0].value.to_dict("records")

    assert row["enterprise"] == growth["name_zh"]
    assert row["revenue_10k_cny"] == growth["revenue_10k_cny"]
    assert (row["yoy"], row["growth"], row["registry"], row["recognition"]) == (
        "无同期", "为时尚早", "已登记", "无",
    )  # fmt: skip


def test_the_rule_of_high_growth_is_stated(open_page: Open):
    assert text("enterprises.rule", "zh") in said(open_page("enterprises"))


def test_units_without_returns_are_counted_and_named(open_page: Open):
    words = said(open_page("enterprises"))

    assert "企业季报：1/9 个单元已报送" in words
    assert "淮阴区江淮科技园" in words


def test_a_unit_that_sent_nothing_is_missing_and_not_zero(open_page: Open):
    at = open_page("enterprises", unit="U4")

    assert set(shown(at)) == {"缺报"}
    assert text("enterprises.growth_none", "zh") in said(at)
    assert text("enterprises.contribution.none", "zh") in said(at)
    moved = said(open_page("enterprises", unit="U4", section="movements"))
    assert text("enterprises.movements_none", "zh") in moved
    assert text("enterprises.contribution.survival_none", "zh") in moved


def test_the_unit_filter_leaves_the_whole_city_in_concentration(open_page: Open, ask):
    rows = ask("concentration", measure="labeling_revenue")

    words = said(open_page("enterprises", unit="U4", section="structure"))

    assert f"HHI {rows[-1]['hhi']:.3f}" in words


def test_choices_go_into_the_url_as_codes(open_page: Open):
    at = open_page("enterprises")

    at.segmented_control(key="sort").set_value("employees").run()
    at.segmented_control(key="section").set_value("structure").run()
    at.segmented_control(key="measure").set_value("employees").run()

    assert at.query_params["sort"] == "employees"
    assert at.query_params["section"] == "structure"
    assert at.query_params["measure"] == "employees"
    assert "从业人员：HHI" in said(healthy(at))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("section", ["growth", "movements", "structure", "candidates"])
def test_each_section_stands_in_both_languages(open_page: Open, lang: str, section: str):
    at = open_page("enterprises", lang, section=section)

    titles = {
        "growth": ("growth", "contribution", "revenue"),
        "movements": ("movements", "survival", "by_unit"),
        "structure": ("origin", "size", "concentration", "quotients"),
        "candidates": ("candidates",),
    }
    wanted = [text(f"enterprises.{name}_title", lang) for name in titles[section]]
    assert headings(at) == wanted


def test_the_criteria_of_candidates_are_the_plans_and_can_be_changed(open_page: Open, ask):
    (row,) = ask("benchmark_candidates")
    rules = ask("snapshot_info")[0]

    at = open_page("enterprises", section="candidates")

    assert at.number_input(key="min_revenue").value == rules["min_revenue_10k_cny"]
    assert at.number_input(key="min_growth").value == rules["min_growth"] * 100
    (shown_row,) = at.dataframe[0].value.to_dict("records")
    assert (shown_row["met"], shown_row["revenue"]) == (f"{row['criteria_met']}/5", "✓ 1,200万元")
    at.number_input(key="min_revenue").set_value(1250.0).run()
    (shown_row,) = healthy(at).dataframe[0].value.to_dict("records")
    assert shown_row["revenue"] == "✗ 1,200万元"
    assert at.query_params["min_revenue"] == "1250"


def test_a_link_brings_the_criteria_back(open_page: Open):
    at = open_page("enterprises", section="candidates", min_growth="35", min_employees="many")

    assert at.number_input(key="min_growth").value == 35
    # What is no number is the plan's own, and the page says so.
    assert at.number_input(key="min_employees").value == 50
    assert any("many" in found.value for found in at.toast)


def test_empty_store_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path / "none"))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()

    at.switch_page("pages/enterprises.py")

    assert text("common.empty_store", "zh") in [
        found.value for found in healthy(at.run()).subheader
    ]
