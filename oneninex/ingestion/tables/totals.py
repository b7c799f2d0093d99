"""A row of totals is no data, but where its numbers are not the sums of the rows it says so."""

from __future__ import annotations

import math
from typing import Any

import duckdb
import pyarrow as pa

from oneninex.domain.contracts import Contract, Field
from oneninex.ingestion.findings import Finding, table
from oneninex.ingestion.tables.cells import folded, literal
from oneninex.ingestion.tables.raw import RawTable
from oneninex.ingestion.tables.sums import is_summed

_GRAND = "(合计|总计|共计|total|grandtotal)[:：]?"


def with_differences(
    con: duckdb.DuckDBPyConnection,
    findings: pa.Table,
    bad: str,
    raw: RawTable,
    contract: Contract,
    rows: str,
    adding: str | None = None,
) -> pa.Table:
    """The findings and, behind that of the row of totals, one for each sum that differs.

    Where there are several such rows (sheets, groups) it is not known what each adds up. `adding`
    is a table of the ids of totals that no word names.
    """
    held = {column.field for column in raw.columns}
    fields = [f for f in contract.fields if f.name in held and is_summed(f)]
    grand = _grand_rows(con, bad, raw, fields)
    if len(grand) != 1 or not fields:
        return findings
    (total,) = grand
    sums = _sums(con, bad, rows, fields, adding)
    found = [_finding(f, total, sums[f.name]) for f in fields if _differs(total, sums, f.name)]
    rows_before = findings.column("row").to_pylist()
    place = len(rows_before) - rows_before[::-1].index(total["row"])
    return pa.concat_tables([findings.slice(0, place), table(found), findings.slice(place)])


def _grand_rows(
    con: duckdb.DuckDBPyConnection, bad: str, raw: RawTable, fields: list[Field]
) -> list[dict[str, Any]]:
    texts = (f"lower(replace({folded(column.sql)}, ' ', ''))" for column in raw.columns)
    named = " or ".join(f"regexp_full_match({text}, {literal(_GRAND)})" for text in texts)
    needed = ["row", "record", "unit_of_row", "period_of_row", *(f'"{f.name}"' for f in fields)]
    found = con.sql(
        f"select {', '.join(needed)} from {bad} where special = 'total_row' and ({named})"
    )
    return found.to_arrow_table().to_pylist()


def _sums(
    con: duckdb.DuckDBPyConnection, bad: str, rows: str, fields: list[Field], adding: str | None
) -> dict[str, Any]:
    also = f" and row_id not in (select id from {adding})" if adding else ""
    sums = ", ".join(f'sum("{f.name}"::decimal(38, 9)) as "{f.name}"' for f in fields)
    found = con.sql(
        f"select {sums} from {rows} "
        f"where row_id not in (select id from {bad} where special is not null){also}"
    )
    return found.to_arrow_table().to_pylist()[0]


def _differs(total: dict[str, Any], sums: dict[str, Any], name: str) -> bool:
    stated, added = total[name], sums[name]
    if stated is None or added is None:
        return False
    return not math.isclose(float(stated), float(added), rel_tol=1e-9, abs_tol=1e-6)


def _finding(field: Field, total: dict[str, Any], added: Any) -> Finding:
    stated = total[field.name]
    return Finding(
        "rule",
        "rule.total_differs",
        row=total["row"],
        field=field.name,
        value=str(stated),
        rule="total_differs",
        record=total["record"],
        unit_id=total["unit_of_row"],
        period=total["period_of_row"],
        values={
            "title": (field.title, field.title_en),
            "name": field.name,
            "total": f"{float(stated):,.15g}",
            "sum": f"{float(added):,.15g}",
        },
    )
