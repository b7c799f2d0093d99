"""What units are asked about: never refused, and nothing that is usual."""

from __future__ import annotations

from typing import Any

import pytest

from oneninex.core import i18n
from tests.queries.given import Given, month


def asked(given: Given) -> list[tuple[Any, ...]]:
    """(rule, unit, month as YYYY-MM, subject, value, compared) of each question."""
    return [
        (
            row["rule"],
            row["unit_id"],
            f"{row['month']:%Y-%m}" if row["month"] else None,
            row["subject"] or row["measure"],
            row["value"],
            row["compared"],
        )
        for row in given.run("questions")
    ]


def days(given: Given, items: dict[str, int], **values: Any) -> Given:
    """One day of labeling in each month, the last weekday so that no month is running."""
    for name, count in items.items():
        given.add("labeling_daily", date=f"{name}-30", items=count, **values)
    return given


@pytest.mark.parametrize(
    ("newest", "question"), [(500, False), (501, True), (20, False), (19, True)]
)
def test_a_month_against_the_mean_of_three(given: Given, newest: int, question: bool):
    days(given, {"2026-06": 90, "2026-07": 100, "2026-08": 110, "2026-09": newest})

    expected = [("jump", "U1", "2026-09", "items", float(newest), 100.0)]
    assert asked(given) == (expected if question else [])


def test_three_reported_months_are_needed(given: Given):
    days(given, {"2026-07": 100, "2026-08": 100, "2026-09": 9000})

    assert asked(given) == []


def test_a_month_that_still_runs_may_be_low(given: Given):
    days(given, {"2026-06": 100, "2026-07": 100, "2026-08": 100})
    given.add("labeling_daily", date="2026-09-02", items=3)

    assert asked(given) == []


def test_workers(given: Given):
    for number, workers in enumerate([10, 10, 10, 60], 1):
        given.add("workforce_monthly", month=month(f"2026-0{number}"), full_time=workers)

    assert asked(given) == [("jump", "U1", "2026-04", "workers", 60.0, 10.0)]


def test_a_cumulative_value_that_falls_is_published_and_asked_about(given: Given):
    for name, value in (("2026-03", 4), ("2026-04", 3), ("2026-05", 5)):
        given.add(
            "indicator_values", indicator_id="demonstration_parks", period=month(name), value=value
        )

    assert asked(given) == [("cumulative_falls", None, "2026-04", "demonstration_parks", 3.0, 4.0)]
    assert given.failed() == set()


def test_a_volume_in_tb(given: Given):
    for unit in range(1, 8):
        volume = 0.005 if unit == 7 else 5.0
        given.add("labeling_daily", date="2026-09-30", unit_id=f"U{unit}", volume_gb=volume)

    assert asked(given) == [("volume_unit", "U7", "2026-09", "text", 0.0005, 0.5)]


def test_sizes_of_datasets(given: Given):
    for name, size in (("D1", 0.01), ("D2", 1e6), ("D3", 0.009), ("D4", 1.1e6), ("D5", None)):
        given.add("datasets", dataset_id=name, size_gb=size)

    assert asked(given) == [
        ("dataset_size", "U1", None, "D3", 0.009, 0.01),
        ("dataset_size", "U1", None, "D4", 1.1e6, 1e6),
    ]


def test_each_question_has_its_words():
    for rule in ("jump", "cumulative_falls", "volume_unit", "dataset_size"):
        for lang in i18n.LANGS:
            values = dict.fromkeys(("month", "measure", "subject", "value", "compared"), "x")
            assert i18n.text(f"questions.{rule}", lang, **values)
