"""The cockpit: its numbers are the queries', its parts say who is missing and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from oneninex import store
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.figures import registry
from oneninex.store import Store
from tests.pages.conftest import cards, figures, healthy, plain, rows_of, said, screen

Open = Callable[..., AppTest]
MARCH, FEBRUARY = date(2026, 3, 1), date(2026, 2, 1)


def asked(folder: Path, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """What a query returns on the store's current snapshot."""
    snapshot = Store(folder).current()
    assert snapshot
    return store.query(name, snapshot=snapshot, **parameters).to_pylist()


def part(at: AppTest, name: str) -> str:
    """The HTML of one figure of the page."""
    sections = re.split(r'(?=<(?:section|article)[^>]* data-figure=")', screen(at))
    return "".join(each for each in sections if f'data-figure="{name}"' in each[:200])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_six_headlines_are_the_querys(open_page: Open, small_store: Path, lang: str) -> None:
    at = open_page("overview", lang)

    rows = {row["indicator_id"]: row for row in asked(small_store, "comparable_indicators")}
    shown = cards(at)
    accepted = formats.number(rows["items_accepted"]["value"], lang)
    assert shown[rows["items_accepted"][f"name_{lang}"]] == accepted
    rate = rows["acceptance_rate"]
    assert shown[rate[f"name_{lang}"]] + "%" == formats.percent(rate["value"], lang)
    assert shown[rows["workers"][f"name_{lang}"]] == text("ui.state_word.missing", lang)
    assert len(shown) == 6
    assert not figures(at), "the cockpit needs no chart library"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_target_is_there_in_the_order_of_its_risk(
    open_page: Open, small_store: Path, lang: str
) -> None:
    shown = part(open_page("overview", lang), "targets")

    order = asked(small_store, "target_outlook")
    progress = {row["target_id"]: row for row in asked(small_store, "targets_progress")}
    stated = [row["target_id"] for row in order if progress[row["target_id"]]["stated"]]
    assert rows_of(shown) == stated
    folded = shown.partition('class="unstated"')[2]
    for row in progress.values():
        if not row["stated"]:
            assert unescape(row[f"name_{lang}"]) in unescape(folded)


def test_units_are_ranked_and_the_missing_ones_come_last_in_words(
    open_page: Open, small_store: Path
) -> None:
    shown = part(open_page("overview"), "units")

    ranking = asked(small_store, "unit_ranking")
    assert rows_of(shown) == [f"unit:{row['unit_id']}" for row in ranking]
    late = [row for row in ranking if row["accepted"] is None]
    assert {row["unit_id"] for row in late} == {"U4", "U9"}
    for row in late:
        assert text("figures.overdue", "zh", days=row["days_late"]) in shown
    assert "0条" not in plain(shown)


def test_parts_of_the_change_add_up(small_store: Path) -> None:
    for against in ("previous_month", "previous_year"):
        table = asked(small_store, "change_explained", month=MARCH, comparison=against)
        rows = [row for row in table if row["indicator_id"] == "items_accepted"]
        if against == "previous_year":
            assert not rows
            continue
        steps = shown_bridge(rows).parts["steps"].steps
        assert steps[0].end == rows[0]["previous"]
        assert [after.start for after in steps[1:-1]] == [each.end for each in steps[:-2]]
        assert steps[-2].end == pytest.approx(steps[-1].end) == rows[0]["current"]


def shown_bridge(rows: list[dict[str, Any]]) -> registry.Shown:
    tables = {"change_explained": rows, "january_february": [], "unit_ranking": [], "months": []}
    scope = {"to_month": MARCH, "against": "period"}
    return registry.figure("bridge").build(registry.View("zh"), tables, scope)


def test_a_unit_without_a_return_is_a_part_of_its_own(small_store: Path) -> None:
    output = asked(small_store, "output_by_unit_month")
    before = {row["unit_id"]: row["accepted"] for row in output if row["month"] == FEBRUARY}
    table = asked(small_store, "change_explained", month=MARCH, comparison="previous_month")
    rows = {row["part"]: row for row in table if row["indicator_id"] == "items_accepted"}

    assert rows["missing"]["value"] == -before["U9"]


def test_the_chosen_month_is_the_pages(open_page: Open, small_store: Path) -> None:
    at = open_page("overview")

    at.selectbox(key="month").set_value("2026-02").run()

    rows = asked(small_store, "comparable_indicators", to_month=FEBRUARY)
    (accepted,) = [row["value"] for row in rows if row["indicator_id"] == "items_accepted"]
    assert next(iter(cards(healthy(at)).values())) == formats.number(accepted, "zh")
    assert at.query_params["month"] in ("2026-02", ["2026-02"])


def test_the_steps_next_to_the_month_lead_to_its_neighbours(open_page: Open) -> None:
    at = open_page("overview")
    assert at.button(key="month_after").disabled

    healthy(at.button(key="month_before").click().run())

    assert at.selectbox(key="month").value == "2026-02"
    assert not at.button(key="month_after").disabled


def test_last_year_can_be_chosen_and_goes_into_the_url(open_page: Open) -> None:
    at = open_page("overview")

    healthy(at.segmented_control(key="against").set_value("year").run())

    assert at.query_params["against"] in ("year", ["year"])
    assert text("figures.bridge.none", "zh") in said(at)


def test_month_and_comparison_hold_for_the_next_page(open_page: Open) -> None:
    at = open_page("overview", month="2026-02")

    at.switch_page("pages/targets.py")
    healthy(at.run())

    assert at.selectbox(key="month").value == "2026-02"


def test_what_needs_a_decision_has_its_address(open_page: Open, small_store: Path) -> None:
    shown = part(open_page("overview"), "decisions")

    matters = asked(small_store, "needs_decision")
    late = {row["unit_id"] for row in matters if row["kind"] == "missing_return"}
    targets = [row["target_id"] for row in matters if row["kind"] == "target"]
    total = len(late) + len(targets) + 1
    assert f'<span class="count">{total}</span>' in shown
    assert any(f'data-go="targets?target={target}"' in shown for target in targets)


@pytest.mark.parametrize("reader", ["leadership", "public", "unit:U1"])
def test_each_audience_gets_its_cockpit(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, reader: str
) -> None:
    from oneninex.domain.audience import Audience
    from oneninex.ui import session

    monkeypatch.setattr(session, "reader", lambda: Audience.parse(reader))

    assert len(cards(open_page("overview"))) == 6


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_empty_store_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path / "none"))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["lang"] = lang

    at = healthy(at.run())

    assert text("common.empty_store", lang) in [found.value for found in at.subheader]
    assert not screen(at)
