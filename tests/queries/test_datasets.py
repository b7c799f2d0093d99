"""The page "Is the chain whole, where are the datasets?": gaps are 0, silence is missing."""

from __future__ import annotations

import pytest

from tests.queries.given import Given


@pytest.fixture
def registry(given: Given) -> Given:
    """U1, the factory's unit, with two datasets, U2 with one; U3 has an enterprise only."""
    dates = {"planned_on": "2026-01-05", "built_on": "2026-02-05"}
    further = {"evaluated_on": "2026-03-05", "registered_on": "2026-04-05"}
    used = {"applied_on": "2026-05-05", "models_served": 3, "scenario": "质检"}
    given.add("datasets", dataset_id="D1", size_gb=10, **dates, **further, **used)
    given.add("datasets", dataset_id="D2", size_gb=30, **dates)
    given.add("datasets", dataset_id="D3", unit_id="U2", sector="other", size_gb=60, **dates)
    given.add("enterprises", enterprise_id="E1", unit_id="U3", links="labeling|governance")
    return given.add("labeling_daily", date="2026-10-30", items=100)


def test_the_gaps_of_the_plan_are_counted(registry: Given):
    (row,) = registry.run("dataset_summary")

    assert (row["built"], row["high_quality"], row["applied"], row["traded"]) == (3, 1, 1, 0)
    assert (row["models_served"], row["scenarios"]) == (3, 1)
    assert (row["sectors_covered"], row["sectors_planned"]) == (1, 4)
    # Manufacturing lacks only the trade; three sectors of six stages have nothing.
    assert (row["stages_empty"], row["stages_planned"]) == (1 + 18, 24)
    assert (row["links_empty"], row["links_due"], row["links_units"]) == (3, 5, 1)
    assert (row["units_reported"], row["units_due"]) == (2, 9)
    assert row["missing_units"] == "U3|U4|U5|U6|U7|U8|U9"


def test_a_unit_without_a_registry_is_missing_and_not_zero(registry: Given):
    (row,) = registry.run("dataset_summary", unit_id="U4")

    assert (row["built"], row["stages_empty"], row["links_empty"]) == (None, None, None)
    assert (row["units_reported"], row["missing_units"]) == (0, "U4")


def test_each_dataset_has_come_as_far_as_its_newest_step(registry: Given):
    rows = {row["dataset_id"]: row for row in registry.run("dataset_list")}

    assert {name: row["stage"] for name, row in rows.items()} == {
        "D1": "applied", "D2": "built", "D3": "built",
    }  # fmt: skip
    assert rows["D2"]["models_served"] is None


def test_the_factory_is_counted_with_its_unit_and_once(registry: Given):
    registry.add("labeling_daily", date="2026-09-30", unit_id="U2", items=300)
    registry.add("labeling_daily", date="2025-12-30", unit_id="U2", items=5000)

    rows = {row["measure"]: row for row in registry.run("data_factory")}

    assert (rows["items"]["factory"], rows["items"]["city"]) == (100, 400)
    assert rows["items"]["share"] == 0.25
    assert rows["datasets_built"]["share"] == pytest.approx(2 / 3)
    assert (rows["dataset_volume"]["factory"], rows["dataset_volume"]["city"]) == (0.04, 0.1)
    assert (rows["workers"]["factory"], rows["workers"]["share"]) == (None, None)
