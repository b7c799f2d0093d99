"""The parts that pages are put together from: cards, figures, tables, coverage, errors."""

import csv
import io
import json
from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from oneninex.core.i18n import text
from oneninex.ui import Coverage, coverage_of, csv_bytes
from tests.pages.conftest import around, figures, healthy


@pytest.fixture(autouse=True)
def on_the_small_store(small_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONENINEX_STORE", str(small_store))


BEGIN = """
from datetime import date

import streamlit as st

from oneninex import ui
from oneninex.ui import context
"""


def show(script: str, lang: str = "zh") -> AppTest:
    """Run a few lines as a page would."""
    at = AppTest.from_string(f"{BEGIN}context.pin()\n{script}", default_timeout=60)
    at.session_state["lang"] = lang
    return healthy(at.run())


def test_card_writes_number_unit_and_change_as_the_language_does() -> None:
    card = "ui.metric_card('x', 12345678, unit='{}', year_before=10_000_000)"

    zh, en = show(card.format("条")).metric[0], show(card.format("items"), "en").metric[0]

    assert zh.value == "1,235万条"
    assert zh.delta == "同比 +23.5%"
    assert en.value == "12.3 M items"


def test_rates_change_in_percentage_points() -> None:
    at = show("ui.metric_card('x', 0.92, rate=True, year_before=0.9, period_before=0.95)")

    assert at.metric[0].value == "92.0%"
    assert at.metric[0].delta == "同比 +2.0 个百分点"
    assert "环比 −3.0 个百分点" in [found.value for found in at.caption]


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("0", "基数为0"),
        ("-5", "基数为负"),
        ("None", "同比：上年同期缺报"),
        ("'suppressed'", "同比：上年同期保密"),
    ],
)
def test_no_change_on_a_base_that_bears_none(before: str, words: str) -> None:
    at = show(f"ui.metric_card('x', 5, year_before={before})")

    assert at.metric[0].delta == words
    assert at.metric[0].proto.color == at.metric[0].proto.MetricColor.GRAY


@pytest.mark.parametrize(
    ("now", "better", "colour"),
    [(11, "up", "GREEN"), (11, "down", "RED"), (9, "up", "RED"), (9, "down", "GREEN")],
)
def test_colour_of_a_change_follows_what_is_better(now: int, better: str, colour: str) -> None:
    at = show(f"ui.metric_card('x', {now}, year_before=10, better='{better}')")

    proto = at.metric[0].proto
    assert proto.MetricColor.Name(proto.color) == colour


def test_missing_and_stated_states_take_the_place_of_the_number() -> None:
    at = show("ui.metric_card('x', None)\nui.metric_card('y', 7, state='suppressed')")

    assert [found.value for found in at.metric] == ["缺报", "保密"]


def test_coverage_names_who_is_missing_and_who_reported_in_part() -> None:
    at = show(
        "ui.coverage_note(ui.coverage())\n"
        "ui.coverage_note(ui.coverage(to_month=date(2026, 2, 1)))\n"
        "ui.coverage_note(ui.coverage(unit_id='U4'))"
    )

    whole, two_months, alone = (found.value for found in at.caption)
    assert whole.startswith("7/9")
    assert "淮阴区江淮科技园" in whole
    assert "待命名单元九（部分月份）" in whole
    assert two_months.startswith("8/9")
    assert alone.startswith("0/1")
    assert "淮阴区江淮科技园" in alone


def test_coverage_of_a_table_counts_missing_marks() -> None:
    table = pa.table({"unit_id": ["U1", "U2", "U2", "U3"], "status": ["A", "A", "M", "M"]})

    assert coverage_of(table) == Coverage(1, 3, ("U2", "U3"), ("U2",))


FIGURE = """
from oneninex.figures.charts import style
table = ui.query("output_by_unit_month")
ui.figure("标题", style.figure(ui.lang(), "light"), "一句话。", table,
          query="output_by_unit_month", coverage=ui.coverage(), month=date(2026, 3, 1))
"""


def test_figure_says_takeaway_coverage_cut_off_and_status() -> None:
    at = show(FIGURE)

    assert figures(at)[0]["alt"] == "一句话。"
    sentence, line = around(at)
    assert sentence == "一句话。"
    assert "7/9" in line
    assert "2026年3月31日" in line
    assert text("common.provisional_note", "zh", month="2026年3月") in line


def test_figures_table_is_drawn_when_it_is_opened() -> None:
    at = show(FIGURE)
    assert len(at.dataframe) == 0

    at.session_state["data_output_by_unit_month"] = True
    at.run()

    shown = at.dataframe[0].value
    assert shown["unit_id"].iloc[0] == "淮安科教产业园"
    assert len(at.get("download_button")) == 3


def test_figure_without_rows_says_so() -> None:
    at = show(FIGURE.replace('"output_by_unit_month")\n', '"output_by_unit_month").slice(0, 0)\n'))

    assert not figures(at)
    assert any(text("ui.state.no_rows", "zh") in found.value for found in at.markdown)


def test_table_names_columns_codes_and_missing_values() -> None:
    at = show("ui.table(ui.query('quality_by_unit_month'), key='t')", "en")

    columns = at.dataframe[0].proto.columns
    assert '"label": "Acceptance rate"' in columns
    assert '"label": "Unit"' in columns
    assert at.dataframe[0].proto.placeholder == text("formats.missing", "en")
    assert at.dataframe[0].value["acceptance_rate"].max() == pytest.approx(90)


def test_csv_cannot_run_as_a_formula_and_keeps_missing_empty() -> None:
    data = pa.table({"=name": ["=1+1", " @x", "＝cmd", "plain"], "n": [-1.5, None, 0.25, 3.0]})

    content = csv_bytes(data)

    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == ["'=name", "n"]
    assert [row[0] for row in rows[1:]] == ["'=1+1", "' @x", "'＝cmd", "plain"]
    assert [row[1] for row in rows[1:]] == ["-1.5", "", "0.25", "3.0"]


def test_download_has_names_and_the_codes_that_join() -> None:
    at = show(
        "from oneninex.ui.tables import for_file\n"
        "st.json(for_file(ui.query('output_by_unit_month'), None, None).to_pylist()[0])\n"
        "ui.download(ui.query('output_by_unit_month'), query='output', key='d')"
    )

    first = json.loads(at.json[0].value)
    assert first["单元"] == "淮安科教产业园"
    assert first["unit_id"] == "U1"
    assert first["条数"] == 100
    assert at.get("download_button")[0].proto.label == text("common.download_csv", "zh")


def test_month_filters_start_with_all_of_the_data_and_take_the_address() -> None:
    at = AppTest.from_string(
        "import streamlit as st\nfrom oneninex import ui\n"
        "from oneninex.ui import context, url_state\n"
        "context.pin()\nst.text(str(ui.month_range()))\nurl_state.write()",
        default_timeout=60,
    )
    healthy(at.run())
    assert "2026, 1, 1" in at.text[0].value
    assert "2026, 3, 1" in at.text[0].value
    assert dict(at.query_params) == {}

    at.selectbox(key="from_month").set_value("2026-02").run()

    assert "2026, 2, 1" in at.text[0].value
    assert at.query_params["from_month"] == "2026-02"
    assert at.selectbox(key="to_month").options == ["2026年3月", "2026年2月"]


def test_failure_becomes_words_with_a_reference_and_no_detail() -> None:
    at = AppTest.from_string(
        "from oneninex.ui import context\nwith context.guard():\n    raise RuntimeError('secret')",
        default_timeout=60,
    ).run()

    assert not at.exception
    assert "secret" not in at.error[0].value
    start, _, end = text("common.error_help", "zh", reference="|").partition("|")
    assert at.error[0].value.startswith(start)
    assert at.error[0].value.endswith(end)
