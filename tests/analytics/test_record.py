"""The record that the methods page shows keeps the promises made of the forecasts."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from oneninex.domain.analytics import forecast

FOLDER = Path(str(forecast.__file__)).parent


def rows(name: str, group: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["group"] == group]


def test_no_tuned_process_falls_below_its_limit_when_the_target_is_due():
    at_due = [row for row in rows("forecast_record", "tuned") if row["months_ahead"] == "13"]

    assert len({row["process"] for row in at_due}) >= 18
    for row in at_due:
        assert float(row["too_early"]) == 1 if not row["held"] else float(row["held"]) >= 0.72, row


@pytest.mark.parametrize("group", ["tuned", "unseen"])
def test_the_forecasts_beat_the_plain_baseline(group: str):
    ratios = [
        math.log(float(row["crps_over_naive"]))
        for row in rows("forecast_record", group)
        if row["months_ahead"] == "13" and row["crps_over_naive"]
    ]

    assert math.exp(sum(ratios) / len(ratios)) <= 0.85


@pytest.mark.parametrize("group", ["tuned", "unseen"])
def test_what_is_called_unlikely_or_likely_is(group: str):
    found = rows("forecast_reliability", group)

    assert float(found[0]["said_to"]) == 0.1
    assert float(found[0]["met"]) <= 0.15
    assert float(found[-1]["said_from"]) == 0.9
    assert float(found[-1]["met"]) >= 0.85
    assert min(int(row["targets"]) for row in found) >= 50
