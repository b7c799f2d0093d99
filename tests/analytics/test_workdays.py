"""Working days against the State Council's notices, typed in from them."""

from __future__ import annotations

from datetime import date

import pytest

from oneninex.domain.analytics import workdays

# 国办发明电〔2024〕12号 and 〔2025〕7号, counted by hand.
ANNOUNCED = {
    2025: (19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23),
    2026: (21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23),
}


@pytest.mark.parametrize("year", ANNOUNCED)
def test_working_days_of_announced_years(year: int):
    rows = workdays.table(year, year).to_pylist()

    assert tuple(row["working_days"] for row in rows) == ANNOUNCED[year]
    assert all(row["announced"] for row in rows)
    assert [row["month"] for row in rows] == [date(year, month, 1) for month in range(1, 13)]


def test_weekends_that_are_made_up_are_worked():
    assert workdays.works(date(2026, 2, 14))
    assert not workdays.works(date(2026, 2, 16))
    assert workdays.works(date(2025, 1, 26))


def test_a_year_without_an_arrangement_says_so():
    rows = workdays.table(2030, 2030).to_pylist()

    assert not any(row["announced"] for row in rows)
    assert all(16 <= row["working_days"] <= 23 for row in rows)
