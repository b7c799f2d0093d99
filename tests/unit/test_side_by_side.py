"""The table of two sides: each side's coverage is its own."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from oneninex.figures.charts import side_by_side

ROW: dict[str, Any] = {
    "indicator_id": "items_annotated", "name": "Items", "unit": "items", "kind": "flow",
    "value": 70.0, "status": "A", "units_reported": 7, "units_due": 9,
    "value_before": 60.0, "before_status": "A", "before_units_reported": 5, "before_units_due": 8,
    "units_compared": 5, "change": 3.0, "relative": 0.05, "reason": None, "suppressed": False,
}  # fmt: skip


def test_each_side_counts_the_units_that_were_due_for_it() -> None:
    drawn = side_by_side.draw(pa.Table.from_pylist([ROW]), "October", "May", "en", None)

    assert "7/9" in drawn
    assert "5/8" in drawn
    assert "5/9" not in drawn
