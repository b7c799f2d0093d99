"""The page "How do we stand?": every figure with source and date, unlike never compared."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from oneninex import store
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.figures.charts import benchmarks
from oneninex.store import Store
from tests.pages.conftest import cards, healthy, said

Open = Callable[..., AppTest]


@pytest.fixture
def ask(small_store: Path) -> Callable[..., list[dict[str, Any]]]:
    """The rows of a query on the store that the page shows."""
    snapshot = Store(small_store).current()
    assert snapshot
    return lambda name, **given: store.query(name, snapshot=snapshot, **given).to_pylist()


def html(at: AppTest) -> str:
    return unescape("".join(str(getattr(found, "value", "")) for found in at.get("html")))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_screen_answers_with_ratios(open_page: Open, lang: str):
    at = open_page("benchmarks", lang)

    assert at.title[0].value == text("common.page.benchmarks.title", lang)
    notes = said(at)
    assert len(cards(at)) == len(benchmarks.HEADLINES)
    assert {"zh": "52.2人", "en": "52.2"}[lang] in notes
    assert {"zh": "260.1人", "en": "260.1"}[lang] in notes


@pytest.mark.parametrize("indicator", benchmarks.INDICATORS)
def test_every_figure_has_its_source_and_date(open_page: Open, ask, indicator: str):
    at = open_page("benchmarks", indicator=indicator, basis="value")

    shown = html(at)
    for row in ask("benchmarks", indicator_id=indicator):
        assert row["place_zh"] in shown
        if not row["here"]:
            assert f'href="{row["source"]}"' in shown
            day = row["as_of"]
            assert f"{day.year}年{day.month}月{day.day}日" in shown


def test_what_counts_otherwise_is_warned_of_and_not_compared(open_page: Open):
    at = open_page("benchmarks", indicator="labeling_revenue", basis="per_worker")

    warned = "\n".join(found.value for found in at.warning)
    assert "产值，可能含带动产值" in warned
    assert "没有口径相同的公布数" in said(at)
    assert html(at).count("bm-odd") == 1 + 3  # the style, and a mark for each place


def test_an_indicator_without_returns_is_listed_and_not_compared(open_page: Open):
    at = open_page("benchmarks", indicator="hq_datasets")

    assert any("本市没有这一指标的数" in found.value for found in at.warning)


def test_a_figure_that_is_not_here_is_missing(open_page: Open):
    at = open_page("benchmarks", indicator="workers", basis="value")

    assert "缺报" in html(at)
    assert "缺报" in cards(at).values()
    assert "淮安没有" in said(at)


def test_a_ratio_that_nobody_published_is_said(open_page: Open):
    at = open_page("benchmarks", indicator="annotation_capacity", basis="per_worker")

    assert text("benchmarks.no_ratio", "zh") in said(at)


def test_a_link_brings_the_choice_back(open_page: Open):
    at = open_page("benchmarks", "en", indicator="hq_datasets", basis="per_worker", month="2026-01")

    assert at.selectbox(key="indicator").value == "hq_datasets"
    assert at.segmented_control(key="basis").value == "per_worker"
    assert at.selectbox(key="month").value == "2026-01"


def test_every_published_figure_is_in_the_list(open_page: Open, ask):
    at = open_page("benchmarks")

    assert len(at.dataframe[0].value) == len(ask("benchmark_figures"))


def test_empty_store_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path / "none"))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()

    at.switch_page("pages/benchmarks.py")

    assert text("common.empty_store", "zh") in [
        found.value for found in healthy(at.run()).subheader
    ]
