"""The plan's holiday table against the State Council's notices and two other libraries."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from oneninex.core.settings import ROOT
from oneninex.domain.analytics import workdays
from oneninex.domain.plan import Plan

ARRANGEMENT = Plan.load(ROOT / "data" / "plan").holidays
# 国办发明电〔2024〕12号 and 〔2025〕7号, counted by hand.
ANNOUNCED = {
    2025: (19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23),
    2026: (21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23),
}


def worked(first: int, last: int, arrangement=ARRANGEMENT) -> dict[date, bool]:
    rows = workdays.days(first, last, arrangement).to_pylist()
    return {row["date"]: row["works"] for row in rows}


@pytest.mark.parametrize("year", ANNOUNCED)
def test_working_days_of_announced_years(year: int):
    rows = workdays.days(year, year, ARRANGEMENT).to_pylist()

    counts = Counter(row["date"].month for row in rows if row["works"])
    assert tuple(counts[month] for month in range(1, 13)) == ANNOUNCED[year]
    assert all(row["announced"] for row in rows)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_table_agrees_with_two_libraries_day_by_day(year: int):
    calendar = holidays.country_holidays("CN", years=[year], expand=False)
    for day, works in worked(year, year).items():
        assert works == calendar.is_working_day(day), day
        assert works == chinese_calendar.is_workday(day), day


def test_a_year_that_is_not_announced_carries_the_statutory_days_and_says_so():
    rows = workdays.days(2027, 2027, ARRANGEMENT).to_pylist()

    assert not any(row["announced"] for row in rows)
    calendar = holidays.country_holidays("CN", years=[2027], expand=False)
    if not any(day.year == 2027 for day in calendar.weekend_workdays):
        assert all(row["works"] == calendar.is_working_day(row["date"]) for row in rows)
    assert {row["holiday_zh"] for row in rows if row["date"].month == 10} == {None, "国庆节"}


def test_the_table_wins_and_another_year_comes_from_the_library():
    given = ARRANGEMENT.slice(0, 1).to_pylist()[0] | {
        "first": date(2026, 3, 4), "last": date(2026, 3, 4), "kind": "off", "name_zh": "厂休",
    }  # fmt: skip
    days = worked(2025, 2026, type(ARRANGEMENT).from_pylist([given], ARRANGEMENT.schema))

    assert not days[date(2026, 3, 4)]
    assert days[date(2026, 10, 1)]  # the year stands in the table, which has no National Day
    assert not days[date(2025, 10, 1)]


def test_without_a_table_the_library_answers():
    rows = workdays.days(2030, 2030).to_pylist()

    assert not any(row["announced"] for row in rows)
    assert 240 <= sum(row["works"] for row in rows) <= 255


def test_no_day_of_the_table_is_both_off_and_worked():
    seen: list[date] = []
    for row in ARRANGEMENT.to_pylist():
        length = (row["last"] - row["first"]).days + 1
        seen += [row["first"] + timedelta(days=n) for n in range(length)]
    assert len(seen) == len(set(seen))
