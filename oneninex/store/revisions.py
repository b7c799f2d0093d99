"""What a publication does to figures that are there already: before, after, and why they moved.

A figure is the sum of one measure over a kind of return, unit and period; what a file of facts
holds before and after a merge tells both what a preview shows and what a revision keeps.
"""

from __future__ import annotations

from typing import NamedTuple

import duckdb
import pyarrow as pa

from oneninex.domain import contracts
from oneninex.domain.contracts import Contract
from oneninex.store import facts

ROWS = "rows"
# Kinds of which the sums are figures; units of work and agreement are none that add up.
KINDS = frozenset([*contracts.sent_kinds(), "work_set_aside"])
# People present each day: over the days of a month they add up to nothing.
_NOT_SUMMED = {("labeling_daily", "annotators")}
# One row per kind, unit, period and measure of a merged file. `kept`: the part of `before` that
# the merge left in place; a measure that no row tells is NULL.
CHANGES = pa.schema(
    [
        ("kind", pa.string()),
        ("unit_id", pa.string()),
        ("period", pa.date32()),
        ("measure", pa.string()),
        ("before", pa.float64()),
        ("kept", pa.float64()),
        ("after", pa.float64()),
    ]
)
# One row per figure that a snapshot changed. `corrected`: rows were replaced; else only added to.
REVISIONS = pa.schema(
    [
        ("snapshot", pa.int64()),
        ("kind", pa.string()),
        ("unit_id", pa.string()),
        ("period", pa.date32()),
        ("measure", pa.string()),
        ("before", pa.float64()),
        ("after", pa.float64()),
        ("corrected", pa.bool_()),
    ]
)


class Rows(NamedTuple):
    """Rows of a kind (SQL) and how many there are (SQL), also where they are added up already."""

    relation: str
    counted: str = "count(*)"


def of_cubes(daily: str, returned: str) -> Rows:
    """Labeling of a month by its cubes output_daily and returned_rows, a thousandth to read."""
    counts = "select date_trunc('month', month)::date as date, unit_id, rows_in_force"
    both = f"select * from {daily} union all by name ({counts} from {returned})"
    return Rows(f"(select *, null as source_row from ({both}))", "sum(rows_in_force)")


def changes(
    connection: duckdb.DuckDBPyConnection, kind: str, before: Rows, kept: Rows, added: Rows
) -> pa.Table:
    """CHANGES that a merge makes in one kind's facts, in a total order.

    `kept` is of `before`; each is read once. Units and periods of which no row is replaced or
    added are left out.
    """
    contract = contracts.load(kind)
    states = {"before": before, "kept": kept, "added": added}
    figures = " union all ".join(
        f"select '{state}' as state, * from ({_figures(contract, rows)})"
        for state, rows in states.items()
    )
    of = {"before": "= 'before'", "kept": "= 'kept'", "after": "<> 'before'"}
    values = ", ".join(
        f"(sum(value) filter (where state {which}))::double as {name}" for name, which in of.items()
    )
    # A month's file holds every unit; what is told are those that lose or gain rows.
    moved = "kept is distinct from before or after is distinct from kept"
    found = connection.execute(
        f"select '{kind}' as kind, * from (select unit_id, period, measure, {values} "
        f"from ({figures}) group by unit_id, period, measure) "
        f"qualify bool_or(measure = '{ROWS}' and ({moved})) over (partition by unit_id, period) "
        "order by unit_id, period, measure"
    )
    return found.to_arrow_table().cast(CHANGES)


def revised(found: pa.Table, snapshot: int) -> pa.Table:
    """Of CHANGES those that revise a dated figure, as REVISIONS of `snapshot`.

    A unit's first return for a period is none, nor is a measure that stays as it was.
    """
    rows = found.to_pylist()
    counts = {(r["unit_id"], r["period"]): r for r in rows if r["measure"] == ROWS}
    kept = []
    for row in rows:
        count = counts[row["unit_id"], row["period"]]
        moved = row["measure"] != ROWS and row["before"] != row["after"]
        if moved and row["period"] is not None and count["before"]:
            corrected = (count["kept"] or 0) < count["before"]
            kept.append({**row, "snapshot": snapshot, "corrected": corrected})
    return pa.Table.from_pylist(kept, REVISIONS)


def _figures(contract: Contract, given: Rows) -> str:
    """SQL: unit_id, period, measure, value of a relation; the measure `rows` counts its rows.

    Values are decimals, so that they may be added up further without a digit lost.
    """
    place = f"{facts.unit_sql(contract)} as unit_id, {facts.period_sql(contract)} as period"
    relation, counted = given.relation, f"({given.counted})::decimal(38, 9)"
    rows = f"{{'measure': '{ROWS}', 'value': {counted}}}"
    values = f"{rows}, {_values(contract)}"
    if contract.has("indicator_id"):  # its values are told one by one, its rows together
        return (
            f"select unit_id, period, '{ROWS}' as measure, {counted} as value "
            f"from (select {place} from {relation}) group by unit_id, period union all "
            + _unnested(contract, place, relation, _values(contract))
        )
    return _unnested(contract, place, relation, values)


def _unnested(contract: Contract, place: str, relation: str, values: str) -> str:
    return (
        f"select unit_id, period, figure.measure, figure.value from ("
        f"select unit_id, period, unnest([{values}]) as figure "
        f"from (select {place}, * exclude ({_shadowed(contract)}) from {relation}) "
        f"group by {_grain(contract)})"
    )


def _values(contract: Contract) -> str:
    # Decimal sums do not depend on the order of the rows.
    pairs = {
        f"'{field.name}'": f'sum("{field.name}")::decimal(38, 9)'
        if field.type == "integer"
        else f'sum("{field.name}"::decimal(38, 9))'
        for field in contract.fields
        if field.type in ("integer", "number") and (contract.kind, field.name) not in _NOT_SUMMED
    }
    if contract.has("indicator_id"):
        pairs = {"indicator_id": pairs["'value'"]}
    listed = (f"{{'measure': {name}, 'value': {value}}}" for name, value in pairs.items())
    return ", ".join(listed)


def _grain(contract: Contract) -> str:
    further = ", indicator_id" if contract.has("indicator_id") else ""
    return f"unit_id, period{further}"


def _shadowed(contract: Contract) -> str:
    """Columns of the facts that have the names of the grain, or of neither."""
    taken = [name for name in ("unit_id", "period") if contract.has(name)]
    return ", ".join([*taken, "source_row"])
