"""What explains a month: on the axis, in words below the chart, and in its table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import holidays
import pytest
from streamlit.testing.v1 import AppTest

from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from tests.pages.conftest import around, figures

Open = Callable[..., AppTest]
SPRING = {"zh": "春节（2月17日）", "en": "Spring Festival (17 February)"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_chart_by_month_marks_the_spring_festival(open_page: Open, lang: str):
    at = open_page("throughput", lang)

    marks = [
        note
        for drawn in figures(at)
        for note in drawn["figure"]["layout"].get("annotations", [])
        if SPRING[lang] in note.get("hovertext", "")
    ]
    assert marks
    assert {(note["x"], note["text"]) for note in marks} == {("2026-02-01", "\u2460")}
    told = [words for words in around(at) if SPRING[lang] in words]
    assert len(told) == len(marks)


def test_a_folded_table_has_the_event_of_its_month(open_page: Open):
    at = open_page("throughput")

    at.session_state["data_output"] = True
    shown = [found.value for found in at.run().dataframe]

    headings = text("ui.column.event", "zh")
    tables = [frame for frame in shown if "event" in frame.columns or headings in frame.columns]
    told = [words for frame in tables for words in frame["event"].tolist()]
    assert any(SPRING["zh"] in words for words in told)
    assert "" in told  # a month without an event, which nobody failed to report


def test_the_festivals_of_the_plan_are_those_of_the_calendar():
    events = Plan.load(ROOT / "data" / "plan").events.to_pylist()
    mine = {row["month"] for row in events if row["kind"] == "holiday"}
    assert mine
    for month in mine:
        days = holidays.country_holidays("CN", years=month.year, language="en_US")
        named = {day for day, name in days.items() if "Spring Festival" in name}
        first = next(row for row in events if row["month"] == month)["text_en"]
        assert any(f"({day.day} " in first and day.month == month.month for day in named)


def test_an_invented_event_says_so():
    events = Plan.load(ROOT / "data" / "plan").events.to_pylist()
    invented = [row for row in events if row["kind"] != "holiday"]
    assert all(
        row["source"].startswith("演示")
        and row["text_zh"].startswith("演示")
        and row["text_en"].startswith("Demo")
        for row in invented
    )
    assert date(2026, 6, 1) in {row["month"] for row in invented}
