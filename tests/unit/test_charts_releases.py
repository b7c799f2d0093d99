"""The table of releases quotes the plan's rule, whatever it says."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from oneninex.figures.charts import releases


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("zh", "保密：企业不足6家，或最大的3家占比达70%"),
        ("en", "Confidential: fewer than 6 enterprises, or the largest 3 hold 70% or more"),
    ],
)
def test_a_withheld_figure_names_the_limits_of_the_plan(lang: str, expected: str):
    row = {
        "month": date(2026, 9, 1), "family": "enterprise_quarterly", "scope": "U1", "measure": None,
        "release_state": "primary", "value": None, "contributors": 2, "contributors_due": 2,
        "released_on": None, "waits_for": None,
    }  # fmt: skip
    rules = {"min_contributors": "6", "dominance_contributors": "3", "dominance_share": "70%"}

    found = releases.listing(pa.Table.from_pylist([row]), {"U1": "甲"}, rules, lang)

    assert found["state"].to_pylist() == [expected]
