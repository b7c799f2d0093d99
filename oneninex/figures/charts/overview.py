"""What the page unit_map shows of the units."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core.i18n import text

# What can be seen on the map, and the figures of a unit's card.
MEASURES = (
    "items_accepted", "items_annotated", "acceptance_rate", "first_pass_rate",
    "labeling_enterprises", "workers", "hq_datasets", "datasets_built",
)  # fmt: skip
FIGURES = ("items_accepted", "acceptance_rate", "labeling_enterprises", "workers")

Row = dict[str, Any]
Names = Mapping[str, str]


def figures(latest: pa.Table) -> list[Row]:
    """The figures of a unit's card, as far as the plan has them; `latest`: latest_indicators."""
    rows = {row["indicator_id"]: row for row in latest.to_pylist()}
    return [rows[code] for code in FIGURES if code in rows]


def signed(value: float | None, lang: str, unit: str | None = None) -> str:
    """A difference with its sign, compact: +12.3万, −4.5万, 0."""
    written = formats.number(value, lang, unit=unit)
    return f"+{written}" if value is not None and value > 0 else written


def computable(units: pa.Table) -> pa.Table:
    """The rows of indicator_by_unit without those that were reported but hold nothing to divide."""
    return units.filter(pa.array([not _nothing_to_divide(row) for row in units.to_pylist()]))


def _nothing_to_divide(row: Row) -> bool:
    return row["reported"] and row["value"] is None and row["status"] != "C"


def ranking(units: pa.Table, measure: str) -> pa.Table:
    """The rows of indicator_by_unit for a table, the value under the name of its indicator."""
    columns = ["unit_id", "value", "named_in", "location_basis"]
    hidden = [status == "C" for status in units.column("status").to_pylist()]
    chosen = units.select(columns).append_column("suppressed", pa.array(hidden, pa.bool_()))
    columns.append("suppressed")
    return chosen.rename_columns([measure if name == "value" else name for name in columns])


def unit_notes(units: pa.Table, names: Names, lang: str) -> list[str]:
    """What the map of indicator_by_unit cannot show: shared points, nothing to divide by."""
    rows = units.to_pylist()
    notes = []
    for point in sorted({(row["lon"], row["lat"]) for row in rows}):
        here = sorted(row["unit_id"] for row in rows if (row["lon"], row["lat"]) == point)
        if len(here) > 1:
            listed = formats.listing([names[unit_id] for unit_id in here], lang)
            notes.append(text("unit_map.shared_point", lang, units=listed))
    empty = [names[row["unit_id"]] for row in rows if _nothing_to_divide(row)]
    if empty:
        notes.append(text("unit_map.nothing_to_divide", lang, units=formats.listing(empty, lang)))
    return notes
