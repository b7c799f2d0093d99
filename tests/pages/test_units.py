"""The page "How do units compare, fairly?" on a small store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from oneninex import formats, store
from oneninex.i18n import text
from oneninex.settings import ROOT
from oneninex.store import Store
from tests.pages.conftest import figures, healthy

Open = Callable[..., AppTest]


@pytest.fixture
def ask(small_store: Path) -> Callable[..., list[dict[str, Any]]]:
    """The rows of a query on the store that the page shows."""
    snapshot = Store(small_store).current()
    assert snapshot
    return lambda name, **given: store.query(name, snapshot=snapshot, **given).to_pylist()


def said(at: AppTest) -> str:
    return "\n".join(found.value for found in [*at.title, *at.subheader, *at.markdown, *at.caption])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_equal_units_are_not_ranked(open_page: Open, ask, lang: str):
    rows = [row for row in ask("productivity_by_unit") if row["comparable"]]
    assert len(rows) > 2

    at = open_page("units", lang)

    words = said(at)
    assert at.title[0].value == text("common.page.units.question", lang)
    assert len(figures(at)) == 5
    basis = {"zh": "有效操作时长", "en": "Active time"}[lang]
    kind = text("units.kind_characteristic", lang)
    count = sum(row["kind"] == "characteristic" for row in rows)
    assert text("units.nobody_ahead", lang, kind=kind, basis=basis, count=count) in words


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_change_names_who_did_not_report(open_page: Open, ask, lang: str):
    rows = ask("what_changed", indicator_id="items_accepted")
    missing = [row["unit_id"] for row in rows if row["reason"] == "not_reported"]
    assert missing == ["U9"]

    words = said(open_page("units", lang))

    name = "待命名单元九" if lang == "zh" else "Unit 9 (to be named)"
    assert text("units.absent_not_reported", lang, units=name) in words
    assert f"[{formats.number(rows[0]['city_value'], lang)}](units?" in words


def test_a_link_restores_what_was_chosen(open_page: Open, ask):
    address = {"unit": "U2", "indicator": "acceptance_rate", "against": "year"}
    at = open_page("units", measure="gold_accuracy", combine="jan_feb", **address)

    assert at.selectbox(key="unit").value == "U2"
    assert at.selectbox(key="indicator").value == "acceptance_rate"
    assert at.segmented_control(key="combine").value == "jan_feb"
    words = said(at)
    assert text("units.measure_gold_accuracy", "zh") in words
    period = ask("output_by_working_day", combine="jan_feb", unit_id="U2")[-1]
    assert formats.number(period["per_day"], "zh") in words


def test_each_choice_is_in_the_url(open_page: Open):
    at = open_page("units")

    at.selectbox(key="indicator").set_value("workers").run()

    assert at.query_params["indicator"] in ("workers", ["workers"])
    healthy(at)


def test_a_unit_that_never_reported_has_no_chart(open_page: Open):
    assert text("units.control_none", "zh") in said(open_page("units", unit="U4"))


def test_too_few_months_are_not_judged(open_page: Open):
    words = said(open_page("units", unit="U1"))

    assert "不满 8 个月，为时尚早" in words


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_overview_says_what_made_the_change(open_page: Open, ask, lang: str):
    row = ask("what_changed", indicator_id="items_accepted")[0]

    words = said(open_page("overview", lang))

    assert f"[{formats.number(row['city_value'], lang)}](units?lang={lang}&indicator=" in words


def test_empty_store_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path / "none"))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()

    at.switch_page("pages/units.py")

    assert text("common.empty_store", "zh") in [
        found.value for found in healthy(at.run()).subheader
    ]
