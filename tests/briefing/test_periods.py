"""Sentences about months that are running, partial, tied, or move both ways, from whole stores."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from oneninex.briefing import sections
from oneninex.briefing.query_session import Asked
from oneninex.cli import main
from oneninex.store import Store
from tests.queries.test_period_coverage import works

ENTERPRISE = "91320800DEM000019Q"
NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)


def store_of(
    folder: Path, pace: Callable[[str, date], int], first: date = date(2026, 9, 1)
) -> Store:
    """Import daily rows of nine units from `first` on; a pace of 0 writes no row."""
    columns = ["date", "unit_id", "enterprise_id", "project_id", "modality", "items", "reviewed"]
    columns += ["accepted", "accepted_first_pass", "rejected", "annotators"]
    folder.mkdir()
    with (folder / "日报.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for number in range(1, 10):
            day = first
            while day < date(2026, 12, 1):
                n = pace(f"U{number}", day)
                if works(day) and n:
                    key = [day, f"U{number}", ENTERPRISE, f"P{number}", "text"]
                    writer.writerow([*key, n, n, n, n, 0, 1])
                day += timedelta(days=1)
    assert main(["--store", str(folder / "store"), "import", str(folder / "日报.csv")]) == 0
    return Store(folder / "store")


def said(store: Store, month: date, lang: str = "zh") -> str:
    asked = Asked(store.resolve(None, "Asia/Shanghai"), "planner", lang, month)
    found = [*sections.output(asked).sentences, *sections.units(asked).sentences]
    return "\n".join(sentence.text for sentence in found)


@pytest.mark.parametrize("last", [5, 10, 24])
def test_a_running_month_is_said_with_its_days_and_compared_with_nothing(tmp_path: Path, last: int):
    store = store_of(tmp_path / "in", lambda _, day: 9 * (day <= date(2026, 11, last)))

    words = said(store, NOVEMBER)
    assert f"2026年11月1—{last}日" in words
    assert "报送完整" not in words
    assert "环比" not in words
    assert "all are in" not in said(store, NOVEMBER, "en")
    october = said(store, OCTOBER)
    assert "因国庆节假期工作日减少4天，环比下降18.2%；按工作日平均基本持平" in october
    assert "报送完整" in october


def test_one_unit_with_ten_days_is_named_and_left_out(tmp_path: Path):
    def pace(unit: str, day: date) -> int:
        return 9 * (day <= date(2026, 10, 10 if unit == "U1" else 31))

    words = said(store_of(tmp_path / "in", pace), OCTOBER)
    assert "其中8个报送完整" in words
    assert "仅报送部分日期（2026年10月8—10日）" in words


def test_equal_units_have_no_largest_and_two_of_them_are_tied(tmp_path: Path):
    assert "最多" not in said(store_of(tmp_path / "a", lambda _, d: 9 * (d < NOVEMBER)), OCTOBER)
    tied = store_of(tmp_path / "b", lambda u, d: (9 if u < "U3" else 4) * (d < NOVEMBER))
    assert "并列" in said(tied, OCTOBER)


def test_units_that_move_both_ways_have_no_share_of_the_sum(tmp_path: Path):
    def pace(unit: str, day: date) -> int:
        if day >= NOVEMBER:
            return 0
        september, october = (200, 20) if unit == "U1" else (10, 14)
        return september if day < OCTOBER else october

    words = said(store_of(tmp_path / "in", pace), OCTOBER)
    assert "按可比单元计算，本月比上月减少" in words
    assert "（占" not in words


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_moving_spring_festival_joins_january_and_february(tmp_path: Path, lang: str):
    def pace(unit: str, day: date) -> int:
        return (10 if day.year == 2025 else 12) * (day < date(2026, 3, 1))

    store = store_of(tmp_path / "in", pace, date(2025, 1, 1))

    # 21 + 16 working days of 12 against 19 + 19 of 10; a day 12 against 10 in December.
    expected = {
        "zh": ("1—2月合并计算同比增长16.8%", "1—2月日均比上年12月上升20.0%"),
        "en": ("together", "up 16.8% on a year earlier", "per working day up 20.0% on December"),
    }
    february = said(store, date(2026, 2, 1), lang)
    assert all(words in february for words in expected[lang])
    months = {"zh": ("环比增长", "环比下降", "本月比上月"), "en": ("on the month before",)}
    assert not any(words in february for words in months[lang])
    january = said(store, date(2026, 1, 1), lang)
    assert not any(words in january for words in (*months[lang], "同比增长", "up 16.8%"))
    waiting = {"zh": "待2月数据报齐后合并比较", "en": "once February is in"}
    assert waiting[lang] in january
