"""The page of the targets with enough months for a forecast; what if by link."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.figures.charts import target_arrival
from oneninex.figures.definitions.targets import chance
from oneninex.store import Store
from oneninex.store.publication import Publication, Receipt
from tests.pages.conftest import _batch, healthy, screen
from tests.pages.test_targets import asked, html, row_of, said

Open = Callable[..., AppTest]
UNITS = ("U1", "U2", "U3")


@pytest.fixture(scope="session")
def year_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """22 months of three units: work every month, datasets registered now and then."""
    folder = tmp_path_factory.mktemp("ahead") / "store"
    months = [date(2025 + place // 12, place % 12 + 1, 1) for place in range(22)]
    rows = {
        "labeling_daily": [
            {
                "date": month.replace(day=28 if month.month == 2 else 30), "unit_id": unit,
                "project_id": "P1", "enterprise_id": "91320800DEM000019Q", "modality": "text",
                "items": 100, "reviewed": 0, "accepted": 0, "accepted_first_pass": 0, "rejected": 0,
                "annotators": 5, "volume_gb": 900.0 + 40 * month.month,
            }
            for month in months for unit in UNITS
        ],
        "workforce_monthly": [
            {"month": month, "unit_id": unit, "full_time": 40, "part_time": 10}
            for month in months for unit in UNITS
        ],
        "datasets": [
            {
                "dataset_id": f"DEMO-{unit}-{month:%Y-%m}", "title_zh": "数据集", "unit_id": unit,
                "sector": "manufacturing", "size_gb": 1.0, "built_on": month,
                "evaluated_on": month, "registered_on": month,
            }
            for place, unit in enumerate(UNITS) for month in months[place :: place + 2]
        ],
    }  # fmt: skip
    with duckdb.connect() as connection:
        plan = Plan.load(ROOT / "data" / "plan")
        publication = Publication(Store(folder), plan, connection, imported_by="tester")
        for kind, given in rows.items():
            receipt = Receipt(date(2026, 11, 2), "test", {})
            publication.add(_batch(connection, kind, given), receipt)
        publication.commit("test")
    return folder


@pytest.fixture
def open_ahead(year_store: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setenv("ONENINEX_STORE", str(year_store))
    return open_page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_arrival_and_probability_are_the_querys(
    open_ahead: Open, year_store: Path, lang: str
) -> None:
    at = open_ahead("targets", lang, target="ai_hq_datasets")

    row = row_of(year_store, "ai_hq_datasets")
    assert row["arrival_state"] == "forecast"
    assert target_arrival.arrival(row, lang) in html(at)
    look = next(
        r for r in asked(year_store, "target_outlook") if r["target_id"] == row["target_id"]
    )
    assert f"<dd>{escape(chance(look))}</dd>" in screen(at)


def test_contributions_are_on_the_page(open_ahead: Open, year_store: Path) -> None:
    at = open_ahead("targets", target="ai_hq_datasets")

    parts = asked(
        year_store,
        "target_contributions",
        target_id="ai_hq_datasets",
        to_month=date(2026, 10, 1),
    )
    first = max(parts, key=lambda part: part["value"] or 0)
    assert f"{first['value']:.0f}个，占{first['share']:.1%}" in said(at)
    bars = screen(at).partition('data-figure="target_parts"')[2]
    assert bars.count(">缺报</text>") == sum(1 for part in parts if part["status"] == "M")


def test_notes_up_to_the_month_are_shown_and_marked(open_ahead: Open) -> None:
    at = open_ahead("targets", target="ai_hq_datasets")
    newest = html(at)

    earlier = html(healthy(at.selectbox(key="month").set_value("2026-09").run()))

    assert "<em>演示</em>" in newest
    assert all("评估材料不全" in shown for shown in (newest, earlier))
    assert ["已请各单元" in shown for shown in (newest, earlier)] == [True, False]


def test_an_earlier_month_says_where_the_forecast_is(open_ahead: Open) -> None:
    at = open_ahead("targets", target="ai_hq_datasets")

    at = healthy(at.selectbox(key="month").set_value("2026-05").run())

    assert text("targets.arrival_earlier_month", "zh") in html(at)


def test_what_if_comes_by_link_and_moves_arrival(open_ahead: Open) -> None:
    as_it_is = said(open_ahead("targets", target="ai_hq_datasets"))

    at = open_ahead(
        "targets", target="ai_hq_datasets", wi_scope="U1", wi_pace="5", wi_start="2026-12"
    )

    assert "没有改变" in as_it_is
    assert "每月多" in said(at)
    assert at.selectbox(key="wi_scope").value == "U1"
    assert at.selectbox(key="wi_start").value == "2026-12"


def test_what_if_goes_into_the_link_and_people_count(open_ahead: Open) -> None:
    at = open_ahead("targets", target="ai_hq_datasets")

    healthy(at.selectbox(key="wi_people").set_value("50").run())

    assert at.query_params["wi_people"] == "50"
    assert "从业人员 150 人" in said(at)
    assert "每月多" in said(at)


def test_what_if_says_why_there_is_nothing_to_change(open_ahead: Open) -> None:
    assert "比率目标不能按单元加减" in said(open_ahead("targets", target="working_first_pass"))
    assert "目标未明确" in said(open_ahead("targets", target="x_datasets"))


def test_what_if_is_not_stored(open_ahead: Open, year_store: Path) -> None:
    before = sorted(path.stat().st_mtime_ns for path in year_store.rglob("*") if path.is_file())

    open_ahead("targets", target="ai_hq_datasets", wi_pace="3")

    after = sorted(path.stat().st_mtime_ns for path in year_store.rglob("*") if path.is_file())
    assert after == before


def test_with_three_months_it_is_too_early(open_page: Open, small_store: Path) -> None:
    rows = asked(small_store, "targets_progress")
    row = next(row for row in rows if row["arrival_state"] == "too_early")

    at = open_page("targets", target=row["target_id"])

    assert target_arrival.arrival(row, "zh") in html(at)


def test_the_overview_says_how_likely_a_target_is(open_ahead: Open, year_store: Path) -> None:
    shown = screen(open_ahead("overview"))

    row = next(
        r
        for r in asked(year_store, "targets_progress")
        if r["probability"] is not None and r["state"] != "achieved"
    )
    line = shown.partition(f'data-row="{row["target_id"]}"')[2].partition("</tr>")[0]
    assert re.search(r'class="num chance-\w+">((&lt;|&gt;)?\d+%)<', line)
