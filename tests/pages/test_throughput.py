"""The page "How much, how good?" on a small store: numbers, filters, gaps, both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from oneninex import store
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.figures import statements
from oneninex.store import Store
from tests.pages.conftest import cards, healthy, said

Open = Callable[..., AppTest]


@pytest.fixture
def ask(small_store: Path) -> Callable[..., list[dict[str, Any]]]:
    """The rows of a query on the store that the page shows."""
    snapshot = Store(small_store).current()
    assert snapshot
    return lambda name, **given: store.query(name, snapshot=snapshot, **given).to_pylist()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_cards_show_what_the_query_says(open_page: Open, ask, lang: str):
    newest = ask("throughput_by_month")[-1]

    found = cards(open_page("throughput", lang))

    assert list(found.values()) == [
        formats.number(newest["accepted"], lang),
        formats.percent(newest["acceptance_rate"], lang),
        formats.percent(newest["first_pass_rate"], lang),
        formats.percent(newest["rework_rate"], lang),
        formats.percent(newest["gold_accuracy"], lang),
    ]
    assert next(iter(found)) == text("throughput.accepted_card", lang)


def test_the_range_decides_which_month_the_cards_are_about(open_page: Open, ask):
    february = ask("throughput_by_month", to_month=date(2026, 2, 1))[-1]

    at = open_page("throughput", to_month="2026-02")

    assert cards(at)["验收合格标注条数"] == formats.number(february["accepted"], "zh")
    assert "2026年2月提交" in said(at)


def test_the_unit_filter_narrows_everything_but_the_comparison(open_page: Open, ask):
    mine = ask("throughput_by_month", unit_id="U2")[-1]

    at = open_page("throughput", unit="U2")

    assert cards(at)["验收合格标注条数"] == formats.number(mine["accepted"], "zh")
    assert "1/1 个单元已报送" in said(at)
    assert "淮安中关村信息谷创新中心 " in said(at)


def test_a_modality_that_nobody_does_is_zero_and_not_missing(open_page: Open):
    at = open_page("throughput", modality="audio")

    assert cards(at)["验收合格标注条数"] == "0"
    assert cards(at)["验收合格率"] == "无复核"


def test_a_unit_that_has_not_reported_is_missing_and_named(open_page: Open):
    at = open_page("throughput", unit="U9")

    assert cards(at)["验收合格标注条数"] == "缺报"
    assert "本月缺报，不作比较" in said(at)
    assert "0/1 个单元已报送；缺报：待命名单元九" in said(at)


def test_a_unit_that_did_nothing_shows_zero(open_page: Open):
    assert cards(open_page("throughput", unit="U8"))["验收合格标注条数"] == "0"


def test_a_unit_that_never_reported_has_no_figures(open_page: Open):
    at = open_page("throughput", unit="U4")

    assert text("throughput.output_none", "zh") in said(at)
    assert text("throughput.hours_none", "zh") in said(at)


def test_missing_units_are_named_beside_the_totals(open_page: Open):
    words = said(open_page("throughput"))

    assert "7/9 个单元已报送；缺报：淮阴区江淮科技园和待命名单元九" in words


def test_changes_say_how_many_units_they_rest_on(open_page: Open, ask):
    newest = ask("throughput_by_month")[-1]

    words = said(open_page("throughput"))

    counts = {"yoy": newest["yoy_units"], "mom": newest["mom_units"]}
    assert text("throughput.compared", "zh", **counts) in words
    parts = ask("change_explained", indicator_id="items_accepted", month=newest["month"])
    assert statements.flow_change(parts, "previous_month", "zh").text in words


def test_what_units_are_compared_by_is_in_the_url(open_page: Open):
    at = open_page("throughput")

    at.segmented_control(key="compare").set_value("gold_accuracy").run()

    assert at.query_params["compare"] == "gold_accuracy"
    assert f"2026年3月{text('throughput.gold_accuracy', 'zh')}：" in said(healthy(at))


def test_without_work_set_aside_the_page_says_so(open_page: Open):
    assert text("throughput.aside_none", "zh") in said(open_page("throughput"))


def test_without_agreement_the_page_says_what_it_takes(open_page: Open):
    assert text("throughput.agreement_none", "zh") in said(open_page("throughput"))


def test_empty_store_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path / "none"))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()

    at.switch_page("pages/throughput.py")

    assert text("common.empty_store", "zh") in [
        found.value for found in healthy(at.run()).subheader
    ]
