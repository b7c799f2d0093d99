"""Each query gives the figures that independent code works out from the files, to the digit."""

from __future__ import annotations

import re
from typing import Any

import pytest

from oneninex.core.settings import ROOT
from tests.recompute.comparing import differences
from tests.recompute.conftest import Ask
from tests.recompute.registry import DESCRIPTIVE, ELSEWHERE, PARAMETERS, RECOMPUTED, unaccounted
from tests.recompute.returned import Returned

NAMES = sorted(path.stem for path in (ROOT / "queries").glob("*.sql"))
# Agreement proves little where every row is alike: what the demo must make the queries tell apart.
KINDS_OF_ROWS = [
    ("output_by_unit_month", "status", {"A", "P", "M"}),
    ("output_by_day", "hours_basis", {"mixed"}),
    ("city_by_month", "status", {"A", "P"}),
    ("what_changed", "reason", {"change", "not_reported"}),
    ("enterprise_growth", "base_state", {"ok", "missing"}),
    ("enterprise_growth", "high_growth", {"on_pace", "no", "too_early"}),
    ("enterprise_list", "registered", {True, False}),
    ("enterprise_list", "active", {True, False}),
    ("indicator_series", "status", {"A", "P", "M"}),
    ("targets_progress", "light", {"green", "yellow", "none"}),
    ("returns_ledger", "status", {"on_time", "late", "missing", "revised"}),
    ("questions", "rule", {"dataset_size"}),
    ("revisions", "nature", {"corrected", "completed"}),
    ("needs_decision", "kind", {"target", "missing_return", "outstanding_findings"}),
    ("work_set_aside_by_reason", "reason", {"skipped", "draft"}),
]
CASES: list[tuple[str, dict[str, Any]]] = [
    (name, parameters) for name in RECOMPUTED for parameters in ({}, *PARAMETERS.get(name, []))
]


@pytest.mark.parametrize("name", NAMES)
def test_every_query_is_recomputed_or_named_as_descriptive(name: str):
    assert not unaccounted([name]), f"write a recomputation of {name} in tests/recompute"


def test_the_lists_name_no_query_twice_and_none_that_is_gone():
    listed = [*RECOMPUTED, *DESCRIPTIVE, *ELSEWHERE]

    assert sorted(listed) == sorted(set(listed) & set(NAMES))
    assert PARAMETERS.keys() <= RECOMPUTED.keys()


@pytest.mark.parametrize(("name", "file"), ELSEWHERE.items())
def test_a_query_that_is_tested_elsewhere_is_asked_there(name: str, file: str):
    text = (ROOT / "tests" / file).read_text("utf-8")

    assert re.search(rf"""(query|ask|seen|run)\(\s*"{name}\"""", text)


def test_a_new_query_without_recomputation_would_be_found():
    assert unaccounted([*NAMES, "brand_new"]) == {"brand_new"}


@pytest.mark.parametrize(
    ("name", "parameters"), CASES, ids=[f"{n}-{','.join(map(str, p.values()))}" for n, p in CASES]
)
def test_the_query_agrees_to_the_digit(
    ask: Ask, returned: Returned, name: str, parameters: dict[str, Any]
):
    got = ask(name, **parameters)

    assert got
    assert differences(RECOMPUTED[name](returned, **parameters), got) == []


@pytest.mark.parametrize(("name", "column", "kinds"), KINDS_OF_ROWS)
def test_the_returns_hold_every_kind_of_row(ask: Ask, name: str, column: str, kinds: set[Any]):
    assert kinds <= {row[column] for row in ask(name)}
