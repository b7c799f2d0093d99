"""The page "How do units compare, fairly?" on a small store."""

from __future__ import annotations

import re
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
from oneninex.store import Store
from tests.pages.conftest import figures, healthy, html, rows_of, said, screen, title_of

Open = Callable[..., AppTest]


@pytest.fixture
def ask(small_store: Path) -> Callable[..., list[dict[str, Any]]]:
    """The rows of a query on the store that the page shows."""
    snapshot = Store(small_store).current()
    assert snapshot
    return lambda name, **given: store.query(name, snapshot=snapshot, **given).to_pylist()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_equal_units_are_not_ranked(open_page: Open, ask, lang: str):
    rows = [row for row in ask("productivity_by_unit") if row["comparable"]]
    assert len(rows) > 2

    at = open_page("units", lang)

    words = said(at)
    assert title_of(at) == text("common.page.units.title", lang)
    assert len(rows_of(screen(at))) == 9
    assert len(figures(at)) == 3
    basis = {"zh": "有效操作时长", "en": "Active time"}[lang]
    kind = text("units.kind_characteristic", lang)
    count = sum(row["kind"] == "characteristic" for row in rows)
    assert text("units.nobody_ahead", lang, kind=kind, basis=basis, count=count) in words


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_change_names_who_did_not_report(open_page: Open, ask, lang: str):
    rows = ask("what_changed", indicator_id="items_accepted")
    missing = [row["unit_id"] for row in rows if row["reason"] == "not_reported"]
    assert missing == ["U9"]

    at = open_page("units", lang)

    words = said(at)
    name = "待命名单元九" if lang == "zh" else "Unit 9 (to be named)"
    assert text("units.absent_not_reported", lang, units=name) in words
    told = "".join(figure["above"] for figure in figures(at))
    assert re.search(
        rf'<a href="units\?[^"]*">{formats.number(rows[0]["city_value"], lang)}</a>', told
    )


def test_a_link_restores_what_was_chosen(open_page: Open, ask):
    address = {"unit": "U2", "indicator": "acceptance_rate", "against": "year"}
    at = open_page("units", measure="gold_accuracy", combine="jan_feb", **address)

    assert at.selectbox(key="unit").value == "U2"
    assert at.selectbox(key="indicator").value == "acceptance_rate"
    assert at.segmented_control(key="combine").value == "jan_feb"
    words = said(at)
    period = ask("output_by_working_day", combine="jan_feb", unit_id="U2")[-1]
    assert formats.number(period["per_day"], "zh") in words


def test_each_choice_is_in_the_url(open_page: Open):
    at = open_page("units")

    at.selectbox(key="indicator").set_value("workers").run()

    assert at.query_params["indicator"] in ("workers", ["workers"])
    healthy(at)


def beside(at: AppTest) -> str:
    return next(part for part in html(at) if "sb-no" in part)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_months_stand_side_by_side(open_page: Open, ask, lang: str):
    asked = {"to_month": date(2026, 3, 1), "base_month": date(2026, 1, 1)}
    rows = {row["indicator_id"]: row for row in ask("side_by_side", **asked)}
    accepted = rows["items_accepted"]
    assert accepted["units_compared"] == 7

    at = open_page("units", lang, pair_month="2026-03", pair_base="2026-01")

    table = beside(at)
    assert formats.number(accepted["value_before"], lang, unit=accepted[f"unit_{lang}"]) in table
    assert text("units.pair_over", lang, units=7) in table
    assert formats.month(date(2026, 1, 1), lang) in table


def test_two_units_come_by_link_and_a_missing_return_is_no_zero(open_page: Open):
    at = open_page("units", pair="units", pair_unit="U4", pair_other="U2", pair_at="2026-03")

    assert at.selectbox(key="pair_other").value == "U2"
    table = beside(at)
    assert text("units.pair_reason_missing", "zh") in table
    assert formats.missing("zh") in table
    assert ">0" not in table


def test_the_two_sides_are_in_the_url(open_page: Open):
    at = open_page("units")

    at.segmented_control(key="pair").set_value("units").run()
    at.selectbox(key="pair_other").set_value("U5").run()

    assert at.query_params["pair"] in ("units", ["units"])
    assert at.query_params["pair_other"] in ("U5", ["U5"])
    assert "U5" not in beside(healthy(at))  # a name, not its code


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_unit_stands_beside_its_peers(open_page: Open, ask, lang: str):
    rows = [row for row in ask("unit_peers", unit_id="U5") if row["measure"] == "acceptance_rate"]

    words = said(open_page("units", lang, unit="U5"))

    assert rows[-1]["peers"] == 3, "other units of its kind that reported"
    own = formats.percent(rows[-1]["own"], lang)
    assert f"{text('figures.unit_peers.acceptance_rate', lang)}" in words
    assert own in words


def test_too_few_months_are_not_judged(open_page: Open):
    words = said(open_page("units", unit="U1"))

    assert "不满 8 个月，为时尚早" in words


def test_a_unit_that_never_reported_has_no_chart(open_page: Open):
    assert text("units.control_none", "zh") in said(open_page("units", unit="U4"))


def test_a_unit_that_never_reported_has_nothing_to_compare(open_page: Open):
    at = open_page("units", unit="U4")

    name = "淮阴区江淮科技园"
    assert text("figures.unit_peers.none", "zh", unit=name) in said(at)
    assert formats.missing("zh") in screen(at)


def test_empty_store_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path / "none"))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()

    at.switch_page("pages/units.py")

    assert text("common.empty_store", "zh") in [
        found.value for found in healthy(at.run()).subheader
    ]
