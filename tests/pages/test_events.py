"""What explains a month: on the axis, in words below the chart, and in its table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from tests.pages.conftest import around, figures
from tests.queries.given import Given

Open = Callable[..., AppTest]
SPRING = {"zh": "春节（2月15—23日）", "en": "Spring Festival (15–23 February)"}


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
    assert {note["x"] for note in marks} == {"2026-02-01"}
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


def test_holidays_of_a_week_are_events_of_each_month_that_they_touch():
    given = Given()
    for month in ("2025-01", "2025-02", "2025-10", "2026-02", "2026-06", "2026-10"):
        given.add("labeling_daily", date=f"{month}-12")
    given.replace("plan_holidays", Plan.load(ROOT / "data" / "plan").holidays.to_pylist())

    words = {(row["month"], row["text_zh"], row["text_en"]) for row in given.run("events")}

    spring = "春节（1月28日—2月4日）", "Spring Festival (28 January–4 February)"
    national = "国庆节、中秋节（10月1—8日）", "National Day and Mid-Autumn Festival (1–8 October)"
    assert words == {
        (date(2025, 1, 1), *spring),
        (date(2025, 2, 1), *spring),
        (date(2025, 10, 1), *national),
        (date(2026, 2, 1), "春节（2月15—23日）", "Spring Festival (15–23 February)"),
        (date(2026, 10, 1), "国庆节（10月1—7日）", "National Day (1–7 October)"),
    }


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
