"""The leader's page: its numbers are the queries', and who is missing is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from oneninex import store
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.figures.charts import overview
from oneninex.store import Store
from tests.pages.conftest import cards, figures, folds, healthy, said

Open = Callable[..., AppTest]
MARCH, FEBRUARY = date(2026, 3, 1), date(2026, 2, 1)
CARDS = ("items_accepted", "labeling_enterprises", "hq_datasets", "workers", "acceptance_rate")


def asked(folder: Path, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """What a query returns on the store's current snapshot."""
    snapshot = Store(folder).current()
    assert snapshot
    return store.query(name, snapshot=snapshot, **parameters).to_pylist()


def chart(at: AppTest, number: int) -> list[dict[str, Any]]:
    """The traces of the figure with that number on the page."""
    return figures(at)[number]["figure"]["data"]


def links(at: AppTest) -> list[tuple[str, str]]:
    """Words and address of each link of the decision list."""
    protos: list[Any] = [found.proto for found in at.get("page_link")]
    return [(proto.label, f"{proto.page}?{proto.query_string}") for proto in protos]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_five_numbers_are_the_querys(open_page: Open, small_store: Path, lang: str) -> None:
    at = open_page("overview", lang)

    rows = {row["indicator_id"]: row for row in asked(small_store, "comparable_indicators")}
    names = [rows[name][f"name_{lang}"] for name in CARDS]
    assert at.title[0].value == text("common.page.overview.question", lang)
    assert list(cards(at)) == names
    accepted, _, _, workers, rate = cards(at).values()
    assert accepted == formats.number(rows["items_accepted"]["value"], lang)
    assert rate == formats.percent(rows["acceptance_rate"]["value"], lang)
    assert workers == formats.missing(lang)  # nobody sent a workforce return
    coverage = text("overview.coverage", lang, reported=7, due=9)
    assert f"{coverage} · {text('plan.status.P', lang)}" in said(at)


def test_the_month_before_is_compared_over_the_same_units(
    open_page: Open, small_store: Path
) -> None:
    at = open_page("overview")

    output = asked(small_store, "output_by_unit_month")
    accepted = {(row["month"], row["unit_id"]): row["accepted"] for row in output}
    both = {unit for _, unit in accepted if accepted[MARCH, unit] is not None}
    now = sum(accepted[MARCH, unit] for unit in both)
    before = sum(accepted[FEBRUARY, unit] for unit in both)
    assert "U9" not in both
    assert formats.change(now, before, "zh", "period") in said(at)


def test_the_goal_of_the_ai_plan_stands_under_its_name(open_page: Open) -> None:
    shown = said(open_page("overview"))

    assert "人工智能计划要求超过35家" in shown
    assert "人工智能计划要求达到50个" in shown


def test_units_that_did_not_report_are_named_and_not_counted_as_a_fall(
    open_page: Open, small_store: Path
) -> None:
    at = open_page("overview")

    shown = said(at)
    assert "待命名单元九2026年3月缺报，不参与比较，不算下降" in shown
    assert "淮阴区江淮科技园两个月都缺报" in shown
    (bars,) = chart(at, 0)
    rows = asked(small_store, "like_for_like")
    parts = {row["unit_id"]: row["change"] for row in rows if row["change"] is not None}
    assert len(parts) == 7
    assert set(bars["y"]) == set(parts)


def test_the_chosen_month_is_the_pages(open_page: Open, small_store: Path) -> None:
    at = open_page("overview")

    at.selectbox(key="month").set_value("2026-02").run()

    healthy(at)
    shown = said(at)
    assert "2026年2月各单元" in shown
    rows = asked(small_store, "comparable_indicators", to_month=FEBRUARY)
    (accepted,) = [row["value"] for row in rows if row["indicator_id"] == "items_accepted"]
    assert next(iter(cards(at).values())) == formats.number(accepted, "zh")
    assert "待命名单元九2026年2月缺报" not in shown
    assert text("overview.mark_provisional", "zh") not in shown
    assert text("overview.mark_incomplete", "zh") in shown
    assert max(point for trace in chart(at, 1) for point in trace["x"]).startswith("2026-02")


def test_last_year_can_be_chosen_and_goes_into_the_url(open_page: Open) -> None:
    at = open_page("overview")

    at.segmented_control(key="against").set_value("year").run()

    assert at.query_params["against"] in ("year", ["year"])
    assert text("overview.change_none", "zh") in said(healthy(at))


def test_what_needs_a_decision_links_to_its_page(open_page: Open, small_store: Path) -> None:
    at = open_page("overview")

    found = links(at)
    matters = asked(small_store, "needs_decision")
    late = {row["unit_id"] for row in matters if row["kind"] == "missing_return"}
    assert {"U4", "U9"} <= late
    targets = [row["target_id"] for row in matters if row["kind"] == "target"]
    assert any(f"target={targets[0]}" in address for _, address in found)
    for words, _ in found:
        assert words[0] in "■▲◇"
    total = len(late) + len(targets)
    assert len(found) == min(6, total)
    assert total <= 6 or str(total) in said(at)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_empty_store_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path / "none"))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["lang"] = lang

    at = healthy(at.run())

    assert text("common.empty_store", lang) in [found.value for found in at.subheader]
    assert not cards(at)


def test_the_figures_tables_have_words_for_headings(open_page: Open, small_store: Path) -> None:
    at = open_page("overview")

    for words in overview.change_words("zh").values():
        assert all(re.search("[\u4e00-\u9fff]", word) for word in words.values())
    columns = overview.change_table(pa.Table.from_pylist(asked(small_store, "like_for_like")))
    assert set(columns.column_names) == {"unit_id", *overview.change_words("zh")["titles"]}
    assert len([button for button in folds(at) if button["name"] == "data"]) >= 2
