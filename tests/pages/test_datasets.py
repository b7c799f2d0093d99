"""The page "Is the chain whole, where are the datasets?": gaps are said, silence is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from tests.pages.conftest import (
    ENTERPRISE,
    cards,
    headings,
    healthy,
    html,
    opener,
    publish,
    said,
    small_returns,
)

Open = Callable[..., AppTest]
STEPS = ("planned_on", "built_on", "evaluated_on", "registered_on")


@pytest.fixture(scope="session")
def store_with_datasets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small store with two datasets of U1 and one of U2."""
    common = {"sector": "manufacturing", "unit_id": "U1", "size_gb": 500.0}
    dates = {step: date(2026, 1, 5 + place) for place, step in enumerate(STEPS)}
    used = {"applied_on": date(2026, 3, 2), "models_served": 2, "scenario": "质检"}
    rows = [
        {**common, "dataset_id": "DEMO-1", "title_zh": "甲", **dates, **used},
        {**common, "dataset_id": "DEMO-2", "title_zh": "乙", "planned_on": date(2026, 2, 2)},
        {**common, "dataset_id": "DEMO-3", "title_zh": "丙", "unit_id": "U2", "sector": "other",
         "enterprise_id": ENTERPRISE, **dates},
    ]  # fmt: skip
    folder = tmp_path_factory.mktemp("datasets") / "store"
    return publish(folder, {**small_returns(), "datasets": rows})


@pytest.fixture
def open_datasets(store_with_datasets: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(monkeypatch, store_with_datasets)


def values(at: AppTest) -> list[str]:
    return list(cards(at).values())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_nine_and_x_stand_in_the_first_screen(open_datasets: Open, lang: str):
    at = open_datasets("datasets", lang)

    assert at.title[0].value == text("common.page.datasets.title", lang)
    # 1 of 2 built, 2 of 9 units, 2 built, 2 models in 1 scenario, gaps of sectors and links.
    assert values(at) == ["50.0%", "2/9", "2", "2 / 1", "19 / 3"]
    titles = [text(f"datasets.{name}_title", lang) for name in ("pipeline", "chain", "factory")]
    assert headings(at)[:3] == titles


def test_empty_cells_are_the_message(open_datasets: Open):
    at = open_datasets("datasets")
    words = said(at)

    assert "".join(html(at)).count('class="gr-empty"') == 19 + 4 * 0 + 2 + 3
    assert "工业制造—交易" in words
    assert "缺“数据流通”的单元 1 个" in words


def test_units_without_a_registry_are_named(open_datasets: Open):
    words = said(open_datasets("datasets"))

    assert "数据集登记表：2/9 个单元已报送" in words
    assert "企业登记表：1/9 个单元已报送" in words
    assert "淮安区数字经济发展服务中心" in words


def test_a_unit_that_sent_nothing_is_missing_and_not_empty(open_datasets: Open):
    at = open_datasets("datasets", unit="U4")

    assert values(at)[2:] == ["缺报"] * 3
    words = said(at)
    assert 'class="gr-empty"' not in words
    assert text("datasets.pipeline_none", "zh") in words
    assert text("datasets.chain_none", "zh") in words


def test_a_link_brings_month_and_unit_back(open_datasets: Open):
    at = healthy(open_datasets("datasets", unit="U1", month="2026-01").run())

    assert at.selectbox(key="unit").value == "U1"
    assert at.selectbox(key="month").value == "2026-01"
    # In January nothing was in use, and the second dataset not planned yet.
    assert values(at)[2:4] == ["1", "0 / 0"]


def test_the_list_says_what_has_no_number(open_datasets: Open):
    at = open_datasets("datasets")

    rows = {row["title"]: row for row in at.dataframe[-1].value.to_dict("records")}
    assert (rows["甲"]["stage"], rows["甲"]["models_served"]) == ("应用", "2")
    assert (rows["乙"]["models_served"], rows["乙"]["scenario"]) == ("未应用", "未填")


def test_demo_data_are_marked(open_datasets: Open):
    at = open_datasets("datasets", "en")

    shown: list[Any] = list(at.get("html"))
    assert any("演示数据" in found.value for found in shown if "demo-mark" in found.value)


def test_empty_store_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path / "none"))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()

    at.switch_page("pages/datasets.py")

    assert text("common.empty_store", "zh") in [
        found.value for found in healthy(at.run()).subheader
    ]
