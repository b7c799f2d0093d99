"""What holds for each query: one grain, plain types, one order, parameters that do something."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from oneninex.store import sql_catalog
from tests.queries.given import Given
from tests.queries.random_returns import random_returns

KEYS = {
    "january_february": ["indicator_id", "month"],
    "target_marks": ["target_id"],
    "unit_ranking": ["unit_id"],
    "agreement_by_project_month": [
        "month",
        "unit_id",
        "enterprise_id",
        "project_id",
        "platform",
        "label_set",
        "source",
    ],
    "benchmark_candidates": ["enterprise_id"],
    "benchmark_figures": ["place_en", "indicator_id", "as_of"],
    "benchmarks": ["place_en", "indicator_id"],
    "case_position": ["position"],
    "change_explained": ["indicator_id", "month", "comparison", "part"],
    "chain_coverage": ["unit_id", "link"],
    "city_by_month": ["month"],
    "comparable_indicators": ["indicator_id"],
    "concentration": ["quarter", "measure"],
    "control_chart": ["month", "unit_id"],
    "coverage": ["unit_id"],
    "data_factory": ["measure"],
    "dataset_list": ["dataset_id"],
    "dataset_pipeline": ["sector", "stage"],
    "dataset_summary": ["month"],
    "enterprise_growth": ["enterprise_id", "quarter"],
    "enterprise_list": ["enterprise_id"],
    "enterprise_movements": ["month", "origin"],
    "enterprise_structure": ["quarter", "dimension", "member"],
    "enterprise_summary": ["month"],
    "enterprise_survival": ["cohort", "months"],
    "enterprise_totals": ["quarter"],
    "enterprises_by_unit": ["unit_id"],
    "faulty_uploads": ["upload_id"],
    "events": ["month", "kind", "unit_id", "text_zh"],
    "forecast_record": ["target_id", "made_on", "month"],
    "footnotes": ["month", "unit_id", "measure"],
    "growth_contribution": ["quarter", "enterprise_id", "unit_id"],
    "hours_by_month": ["month", "hours_basis"],
    "indicator_by_unit": ["unit_id"],
    "indicator_series": ["indicator_id", "scope", "month"],
    "indicators": ["indicator_id"],
    "latest_indicators": ["indicator_id"],
    "like_for_like": ["unit_id"],
    "location_quotient": ["unit_id", "modality"],
    "modalities": ["modality"],
    "months": ["month"],
    "needs_decision": ["kind", "target_id", "unit_id", "return_kind", "month"],
    "offices": ["office_id"],
    "output_by_day": ["date"],
    "output_by_modality_month": ["month", "modality"],
    "output_by_unit_month": ["month", "unit_id"],
    "output_by_working_day": ["month"],
    "period_coverage": ["month", "unit_id", "kind"],
    "plan_term": ["plan_start"],
    "productivity_by_unit": ["unit_id"],
    "quality_by_unit_month": ["month", "unit_id"],
    "provenance": ["indicator_id", "month", "kind", "unit_id", "period", "upload_id"],
    "quality_funnel": ["measure", "unit_id"],
    "quarantined": ["sha256", "row", "field", "code", "rule"],
    "quarters": ["quarter"],
    "questions": ["kind", "unit_id", "month", "rule", "subject", "measure"],
    "releases": ["family", "month", "scope", "measure"],
    "return_reviews": ["id", "kind", "unit_id", "carried_months"],
    "returns_by_month": ["month", "kind"],
    "returns_ledger": ["month", "unit_id", "kind"],
    "revisions": ["month", "unit_id", "kind", "measure"],
    "search_index": ["kind", "code"],
    "sender_scores": ["unit_id", "dimension"],
    "side_by_side": ["indicator_id"],
    "snapshot_info": ["snapshot"],
    "sources_of": ["kind", "unit_id", "period", "upload_id"],
    "target_contributions": ["target_id", "unit_id"],
    "target_forecast": ["target_id", "month"],
    "target_notes": ["month", "target_id", "owner"],
    "target_outlook": ["target_id"],
    "target_series": ["target_id", "month"],
    "target_states": ["state"],
    "targets_progress": ["target_id"],
    "task_events": ["n"],
    "tasks": ["id"],
    "throughput_by_month": ["month"],
    "unit_against_peers": ["unit_id", "measure", "month"],
    "unit_summary": ["unit_id"],
    "division_areas": ["division"],
    "units": ["unit_id"],
    "unit_peers": ["unit_id", "measure", "month"],
    "what_changed": ["indicator_id", "unit_id"],
    "work_set_aside_by_reason": ["reason"],
    "year_to_date": ["indicator_id"],
}
# A value for each parameter that leaves something out of the random returns.
VALUES: dict[str, Any] = {
    "comparison": "previous_year",
    "month": date(2026, 5, 1),
    "against": "year",
    "from_month": date(2026, 4, 1),
    "to_month": date(2026, 5, 1),
    "base_month": date(2025, 5, 1),
    "base_scope": "U2",
    "unit_id": "U1",
    "modality": "image",
    "sector": "manufacturing",
    "quarter": "2025Q2",
    "scope": "U1",
    "family": "workforce_monthly",
    "indicator_id": "workers",
    "target_id": "workers_city",
    "plan": "ai_plan",
    "enterprise_id": "E0U1",
    "origin": "grown",
    "measure": "items",
    "combine": "jan_feb",
    "sha256": "000001-0003",
    "dimension": "size",
    "min_revenue": 300,
    "min_growth": -1,
    "min_employees": 40,
    "min_rd_share": 0.99,
    "min_certified_share": 0.9,
    "task_id": "D2026-001",
    "state": "overdue",
    "standing": "closed",
    "today": date(2026, 12, 24),
}
# Where the usual value would leave nothing at all.
ELSEWHERE = {
    ("location_quotient", "quarter"): "2026Q2",
    ("return_reviews", "state"): "awaiting",
    ("january_february", "month"): date(2026, 2, 1),
}
KINDS = {"city_by_month": "comprehensive", "returns_ledger": "labeling_daily"}
KINDS |= {"returns_by_month": "labeling_daily", "revisions": "workforce_monthly"}
KINDS |= {"sources_of": "workforce_monthly", "faulty_uploads": "workforce_monthly"}
KINDS |= {"questions": "workforce_monthly", "period_coverage": "labeling_daily"}
KINDS |= {"task_events": "task", "return_reviews": "labeling_daily"}
# Indicators of which these two have rows: one that adds up, one of the ledger's own kind.
INDICATORS = {"year_to_date": "items_annotated", "provenance": "acceptance_rate"}
INDICATORS |= {"january_february": "annotated_volume"}
MEASURES = {"control_chart": "gold_accuracy", "quality_funnel": "gold_accuracy"}
PLAIN = {pa.string(), pa.int64(), pa.float64(), pa.date32(), pa.bool_(), pa.timestamp("us")}
PARAMETERS = [
    (name, p) for name in sql_catalog.names() for p in sorted(sql_catalog.parameters(name))
]


@pytest.fixture(scope="module")
def random_snapshot() -> Given:
    """Random returns, built once."""
    return random_returns(seed=7)


@pytest.fixture(scope="module")
def shuffled_snapshot() -> Given:
    """The same returns, sent in another order."""
    return random_returns(seed=7, shuffle=1)


def test_each_query_states_its_key():
    assert sorted(KEYS) == sql_catalog.names()


@pytest.mark.parametrize("name", sql_catalog.names())
def test_the_grain_is_unique(random_snapshot: Given, name: str):
    rows = random_snapshot.run(name)
    keys = [tuple(row[column] for column in KEYS[name]) for row in rows]

    assert rows
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", sql_catalog.names())
def test_columns_are_plain_types(random_snapshot: Given, name: str):
    schema = random_snapshot.table(name).schema

    assert {field.name: field.type for field in schema if field.type not in PLAIN} == {}


@pytest.mark.parametrize("name", sql_catalog.names())
def test_order_and_digits_do_not_depend_on_the_order_of_the_returns(
    random_snapshot: Given, shuffled_snapshot: Given, name: str
):
    assert shuffled_snapshot.run(name) == random_snapshot.run(name)


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_each_parameter_does_something(random_snapshot: Given, name: str, parameter: str):
    given = {"kind": KINDS, "measure": MEASURES, "indicator_id": INDICATORS}.get(parameter, {})
    usual = given.get(name) or VALUES[parameter]
    value = ELSEWHERE.get((name, parameter), usual)

    filtered = random_snapshot.run(name, **{parameter: value})

    assert filtered
    assert filtered != random_snapshot.run(name)


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_a_value_that_does_not_occur_is_no_error(random_snapshot: Given, name: str, parameter: str):
    far = date(1999, 1, 1) if parameter.endswith(("month", "today")) else "nowhere"
    far = 1e9 if parameter.startswith("min_") else far

    random_snapshot.run(name, **{parameter: far})


def test_an_empty_store_is_no_error(given: Given):
    for name in sql_catalog.names():
        given.run(name)


@pytest.mark.parametrize("name", sql_catalog.names())
def test_every_number_is_finite(random_snapshot: Given, name: str):
    table = random_snapshot.table(name)
    for column in table.schema:
        if column.type == pa.float64():
            values = [v for v in table[column.name].to_pylist() if v is not None]
            assert all(abs(value) < float("inf") for value in values), column.name


def test_no_column_could_name_a_worker(random_snapshot: Given):
    names = {
        column
        for name in sql_catalog.names()
        for column in random_snapshot.table(name).schema.names
        if re.search(r"(worker|annotator|user|labell?er)_?(id|name|hash)|email|phone", column)
    }

    assert names == set()


def test_random_returns_pass_every_check(random_snapshot: Given):
    assert random_snapshot.failed() == set()
