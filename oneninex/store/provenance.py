"""From a figure back to the rows that made it: returns behind a query, rows that a file gave."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

import duckdb
import pyarrow as pa

from oneninex.domain.contracts import sent_kinds
from oneninex.store import facts, sql_catalog
from oneninex.store.snapshot import Snapshot, Store

# Which returns a table of the snapshot is made of; indicators are made of all.
_TABLES = {
    "output_daily": "labeling_daily",
    "output_monthly": "labeling_daily",
    "unit_months": "labeling_daily",
    "work_set_aside": "labeling_daily",
    "enterprise_quarterly": "enterprise_quarterly",
    "enterprises": "enterprises",
    "datasets": "datasets",
    "workforce_monthly": "workforce_monthly",
    "indicator_values": "indicator_values",
}
_ALL = ("indicator_monthly", "target_progress", "returns", "return_ledger", "uploads", "findings")
_FROM = re.compile(r"\b(?:from|join)\s+(\w+)")
MOST_ROWS = 1000


@lru_cache(maxsize=128)
def kinds_of(query: str) -> tuple[str, ...]:
    """The return kinds that a query's figures may come from, in the order of the contracts."""
    tables = set(_FROM.findall(sql_catalog.text(query)))
    if tables & set(_ALL):
        return tuple(sent_kinds())
    found = {_TABLES[table] for table in tables if table in _TABLES}
    return tuple(kind for kind in sent_kinds() if kind in found)


def rows_of(
    store: Store,
    snapshot: Snapshot,
    *,
    kind: str,
    upload_id: str,
    unit_id: str | None = None,
    period: date | None = None,
) -> pa.Table:
    """The rows of one file that are in force in a snapshot, with their line in the file.

    `period` keeps one month, of a quarterly return one quarter. At most MOST_ROWS rows.
    """
    files = [
        file
        for file in snapshot.manifest.of(kind)
        if period is None or _holds(file.partition, period, kind)
    ]
    if not files:
        return pa.table({})
    unit = "scope" if kind == "indicator_values" else "unit_id"
    with duckdb.connect(config={"threads": "1"}) as connection:
        return connection.execute(
            f"""
            select source_row, * exclude (source_row, upload_id)
            from {facts.read_sql(store, files)}
            where upload_id = $upload and ($unit is null or {unit} = $unit)
            order by source_row
            limit {MOST_ROWS}
            """,
            {"upload": upload_id, "unit": unit_id},
        ).to_arrow_table()


def _holds(partition: str, period: date, kind: str) -> bool:
    """Whether a file of facts may hold rows of a period: a month, or the three of a quarter."""
    if not re.fullmatch(r"\d{4}-\d{2}", partition):
        return True
    months = (int(partition[:4]) - period.year) * 12 + int(partition[5:]) - period.month
    return 0 <= months < (3 if kind == "enterprise_quarterly" else 1)
