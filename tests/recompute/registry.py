"""Which query is recomputed by what; the few that only describe are named one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from tests.recompute import (
    ahead,
    asked,
    chain,
    changes,
    fairness,
    firms,
    goals,
    matters,
    output,
    parts,
    peers,
    periods,
    prints,
    series,
    side_by_side,
    stocks,
    structure,
)
from tests.recompute.exact import Row

Recomputation = Callable[..., list[Row]]
RECOMPUTED: dict[str, Recomputation] = {
    function.__name__: function
    for function in (
        ahead.forecast_record,
        ahead.target_contributions,
        ahead.target_forecast,
        ahead.target_marks,
        ahead.target_outlook,
        asked.questions,
        chain.benchmarks,
        chain.data_factory,
        chain.dataset_list,
        chain.dataset_summary,
        changes.like_for_like,
        changes.throughput_by_month,
        parts.what_changed,
        fairness.control_chart,
        fairness.output_by_working_day,
        fairness.productivity_by_unit,
        fairness.quality_funnel,
        firms.chain_coverage,
        firms.concentration,
        firms.enterprise_growth,
        firms.enterprise_list,
        firms.enterprise_movements,
        firms.enterprise_summary,
        firms.enterprise_totals,
        firms.enterprises_by_unit,
        firms.quarters,
        goals.plan_term,
        goals.target_series,
        goals.target_states,
        goals.targets_progress,
        matters.faulty_uploads,
        matters.needs_decision,
        matters.returns_by_month,
        matters.returns_ledger,
        matters.sender_scores,
        peers.unit_against_peers,
        peers.unit_peers,
        peers.unit_ranking,
        periods.change_explained,
        periods.january_february,
        periods.period_coverage,
        prints.revisions,
        output.agreement_by_project_month,
        output.city_by_month,
        output.coverage,
        output.hours_by_month,
        output.modalities,
        output.months,
        output.output_by_day,
        output.output_by_modality_month,
        output.output_by_unit_month,
        output.quality_by_unit_month,
        output.work_set_aside_by_reason,
        series.comparable_indicators,
        series.indicator_by_unit,
        series.indicator_series,
        series.latest_indicators,
        series.year_to_date,
        side_by_side.side_by_side,
        stocks.dataset_pipeline,
        stocks.unit_summary,
        structure.benchmark_candidates,
        structure.enterprise_structure,
        structure.enterprise_survival,
        structure.growth_contribution,
        structure.location_quotient,
    )
}
# Names, texts and where a file came from: no figure is made in these.
DESCRIPTIVE = {
    "indicators", "provenance", "quarantined", "snapshot_info", "sources_of", "target_notes",
    "units",
}  # fmt: skip
DESCRIPTIVE |= {"benchmark_figures", "events", "search_index"}
DESCRIPTIVE |= {"case_position", "offices", "task_events"}
# Made from what no file of returns holds: the case log, the ledger of releases, the map. Rows are
# made for them, and their figures worked out a second time, in the file named.
ELSEWHERE = dict.fromkeys(
    ("division_areas", "footnotes", "releases", "return_reviews", "tasks"),
    "recompute/test_case_log.py",
)


MAY, JANUARY = date(2026, 5, 1), date(2026, 1, 1)
# Every query without parameters, and with those that change how its figures are made. Parameters
# that only leave rows out are tested in tests/queries.
PARAMETERS: dict[str, list[dict[str, Any]]] = {
    "agreement_by_project_month": [{"unit_id": "U2"}],
    "benchmark_candidates": [
        {"quarter": "2025Q4"},
        {"min_revenue": 300, "min_growth": 0.5, "min_employees": 0},
        {"min_rd_share": 0.0, "min_certified_share": 0.29},
    ],
    "benchmarks": [{"to_month": date(2026, 9, 1)}, {"to_month": MAY}],
    "change_explained": [
        {"unit_id": "U3"},
        {"modality": "image"},
        {"unit_id": "U2", "modality": "text", "month": MAY},
    ],
    "chain_coverage": [{"to_month": JANUARY}],
    "data_factory": [{"to_month": MAY}],
    "dataset_list": [{"to_month": JANUARY}],
    "city_by_month": [{"kind": "comprehensive"}, {"modality": "image"}],
    "comparable_indicators": [{"to_month": date(2026, 9, 1)}, {"to_month": MAY}],
    "control_chart": [{"measure": "gold_accuracy"}, {"measure": "first_pass_rate"}],
    "dataset_pipeline": [{"to_month": JANUARY}, {"unit_id": "U1"}, {"unit_id": "U6"}],
    "dataset_summary": [{"to_month": JANUARY}, {"unit_id": "U1"}, {"unit_id": "U6"}],
    "enterprise_list": [{"to_month": MAY}],
    "enterprise_movements": [{"unit_id": "U4"}],
    "enterprise_structure": [{"unit_id": "U4"}],
    "enterprise_summary": [{"quarter": "2026Q1"}, {"unit_id": "U7"}],
    "enterprise_survival": [{"to_month": MAY}, {"unit_id": "U4"}, {"origin": "grown"}],
    "enterprise_totals": [{"unit_id": "U3"}],
    "enterprises_by_unit": [{"to_month": JANUARY}],
    "growth_contribution": [{"unit_id": "U4"}],
    "hours_by_month": [{"modality": "text"}, {"unit_id": "U2"}],
    "january_february": [{"unit_id": "U2"}, {"modality": "text"}],
    "indicator_by_unit": [
        {"indicator_id": "gold_accuracy"},
        {"indicator_id": "hq_datasets", "to_month": MAY},
    ],
    "latest_indicators": [{"to_month": date(2026, 9, 1)}, {"scope": "U9"}],
    "like_for_like": [{"against": "year"}, {"to_month": MAY}, {"modality": "image"}],
    "location_quotient": [{"quarter": "2026Q3"}, {"quarter": "2025Q3"}],
    "needs_decision": [{"to_month": MAY}],
    "output_by_day": [{"modality": "text"}, {"unit_id": "U8"}],
    "output_by_modality_month": [{"unit_id": "U1"}],
    "output_by_working_day": [{"combine": "jan_feb"}, {"unit_id": "U9"}],
    "output_by_unit_month": [{"modality": "point_cloud"}],
    "plan_term": [{"to_month": JANUARY}, {"to_month": date(2025, 9, 1)}],
    "productivity_by_unit": [
        {"from_month": date(2026, 10, 1), "to_month": date(2026, 10, 1)},
        {"modality": "image"},
    ],
    "quality_funnel": [{"modality": "text"}],
    "quality_by_unit_month": [{"modality": "text"}],
    "sender_scores": [{"unit_id": "U2"}],
    "side_by_side": [
        {"to_month": date(2026, 9, 1), "base_month": date(2025, 9, 1)},
        {"scope": "U2", "base_scope": "U9", "base_month": date(2026, 10, 1)},
        {"scope": "U9", "to_month": MAY},
    ],
    "target_contributions": [{"to_month": MAY}],
    "target_marks": [{"to_month": JANUARY}, {"to_month": MAY}],
    "target_outlook": [{"to_month": JANUARY}, {"to_month": MAY}],
    "target_series": [{"to_month": MAY}],
    "target_states": [{"to_month": JANUARY}, {"plan": "ai_plan"}],
    "targets_progress": [{"to_month": JANUARY}, {"to_month": MAY}],
    "throughput_by_month": [{"modality": "video"}, {"unit_id": "U9"}],
    "unit_against_peers": [
        {"unit_id": "U2", "from_month": MAY, "to_month": date(2026, 10, 1)},
        {"to_month": JANUARY},
    ],
    "unit_peers": [{"unit_id": "U2"}, {"to_month": MAY}, {"modality": "text"}],
    "unit_ranking": [{"to_month": MAY}, {"against": "year"}],
    "unit_summary": [{"to_month": MAY}, {"modality": "image"}],
    "year_to_date": [{"to_month": MAY}, {"to_month": JANUARY}],
    "what_changed": [{"to_month": MAY}, {"modality": "text"}, {"against": "year"}],
    "work_set_aside_by_reason": [{"unit_id": "U2"}],
}


def unaccounted(names: Iterable[str]) -> set[str]:
    """Queries that nobody recomputes here or elsewhere, and nobody called descriptive."""
    return set(names) - RECOMPUTED.keys() - DESCRIPTIVE - ELSEWHERE.keys()
