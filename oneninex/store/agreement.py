"""Agreement between people over the answers of one publication's exports.

Answers are never stored, so what earlier exports agreed on stands as it was counted then; it goes
when all works that it was counted from have been replaced and counted anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from oneninex.domain import contracts
from oneninex.domain.analytics.agreement import alpha
from oneninex.ingestion.batch import Batch
from oneninex.store import facts
from oneninex.store.manifest import FactFile
from oneninex.store.snapshot import Store

KIND = "agreement"
TABLE = "works_agreement"
_PLACE = "unit_id, enterprise_id, project_id"
_SET = f"{_PLACE}, modality, platform, label_set"


def derive(
    con: duckdb.DuckDBPyConnection,
    store: Store,
    exports: Mapping[int, Batch],
    parent: Mapping[tuple[str, str], FactFile],
    numbers: Mapping[str, int],
) -> str:
    """A relation of agreement rows (contract, source_row, upload_no) of the months touched.

    Reads the relations of store.works; `numbers` are those of earlier uploads.
    """
    columns = ", ".join(f'"{item.name}"' for item in contracts.load(KIND).fields)
    con.execute(f"create or replace temp table works_answers as {_answers(exports)}")
    con.execute(_SAID)
    rows = pa.Table.from_pylist(list(_counted(con, exports)), _schema())
    con.register("agreement_rows", rows)
    con.execute(
        f"create or replace temp table {TABLE} as "
        f"select {columns}, null::bigint as source_row, upload_no from agreement_rows"
    )
    con.unregister("agreement_rows")
    files = [file for (kind, _), file in parent.items() if kind == KIND]
    if files:
        _keep_earlier(con, facts.read_sql(store, files), columns, numbers)
    return TABLE


def _answers(exports: Mapping[int, Batch]) -> str:
    """SQL: label set and answer of each work that counts and was submitted."""
    listed = " union all ".join(
        f"select serial, label_set, answer, {number}::integer as upload_no from {batch.answers}"
        for number, batch in exports.items()
        if batch.answers
    )
    empty = "select null::bigint as serial, '' as label_set, '' as answer, 0 as upload_no limit 0"
    return (
        f"select {_PLACE}, modality, platform, item, annotator, date, submitted_at, updated_at, "
        f"label_set, answer, upload_no from works_winners "
        f"join ({listed or empty}) using (upload_no, serial) where state = 'submitted'"
    )


# One person counts once for an item, with the newest answer; the item's month is that of its
# last answer. Items of one person only say nothing.
_SAID = (
    f"create or replace temp table works_said as select * exclude (date), "
    f"date_trunc('month', max(date) over (partition by {_SET}, item))::date as month "
    f"from (from works_answers qualify row_number() over (partition by {_SET}, item, annotator "
    f"order by submitted_at desc nulls last, updated_at desc nulls last, upload_no desc) = 1) "
    f"qualify count(*) over (partition by {_SET}, item) > 1"
)


def _counted(
    con: duckdb.DuckDBPyConnection, exports: Mapping[int, Batch]
) -> Iterator[dict[str, Any]]:
    """Agreement of each label set and month."""
    groups = con.sql(
        f"select {_SET}, month, max(upload_no) as upload_no, list(item order by item, annotator) "
        f"as items, list(answer order by item, annotator) as answers, "
        f"count(distinct annotator) as annotators from works_said "
        f"group by {_SET}, month order by all"
    )
    for batch in groups.to_arrow_reader(64):
        for group in batch.to_pylist():
            found = alpha(group.pop("items"), group.pop("answers"))
            sha256 = exports[group["upload_no"]].sha256
            yield {
                **group,
                "source": sha256[:12],
                "alpha": found.alpha,
                "items": found.items,
                "answers": found.answers,
            }


def _keep_earlier(
    con: duckdb.DuckDBPyConnection, rows: str, columns: str, numbers: Mapping[str, int]
) -> None:
    """Add what earlier exports agreed on in the same months, unless it was counted anew."""
    con.register(
        "agreement_numbers",
        pa.table(
            {
                "upload_id": pa.array(list(numbers), pa.string()),
                "upload_no": pa.array(list(numbers.values()), pa.int32()),
            }
        ),
    )
    same = " and ".join(f"old.{name} = {{0}}.{name}" for name in _PLACE.split(", "))
    month = "{0}.month is not distinct from old.month"
    con.execute(
        f"insert into {TABLE} select {columns}, null, upload_no from {rows} as old "
        f"join agreement_numbers using (upload_id) "
        f"semi join works_cleared as months on {same.format('months')} "
        f"and {month.format('months')} "
        f"where exists (select 1 from works_winners as w where w.upload_no = "
        f"agreement_numbers.upload_no and {same.format('w')}) or not exists ("
        f"select 1 from {TABLE} as new where {same.format('new')} and {month.format('new')} "
        f"and new.platform = old.platform and new.label_set = old.label_set)"
    )
    con.unregister("agreement_numbers")


def _schema() -> pa.Schema:
    types = {"BIGINT": pa.int64(), "DOUBLE": pa.float64(), "DATE": pa.date32()}
    fields = contracts.load(KIND).fields
    columns = [(item.name, types.get(item.duckdb_type, pa.string())) for item in fields]
    return pa.schema([*columns, ("upload_no", pa.int32())])
