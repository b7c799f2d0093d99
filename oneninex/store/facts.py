"""Immutable Parquet files of accepted rows, one for each kind and month."""

from __future__ import annotations

import os
import shutil
import uuid
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from oneninex.domain import contracts
from oneninex.domain.contracts import Contract
from oneninex.ingestion.findings import FINDINGS
from oneninex.store.atomic_io import settle, settle_all, sha256_of
from oneninex.store.manifest import FactFile
from oneninex.store.snapshot import Store

WHOLE = "all"
# Bloom filters and large dictionaries cost a quarter of the writing; nobody looks up single rows.
_FORMAT = (
    "format parquet, compression zstd, compression_level 1, dictionary_size_limit 5000, "
    "write_bloom_filter false"
)
# Every month of the longest file stays open at once, so that each becomes one file.
_OPEN_FILES = 10_000

UPLOADS = pa.schema(
    [
        ("upload_id", pa.string()),
        ("sha256", pa.string()),
        ("raw_sha256", pa.string()),
        ("name", pa.string()),
        ("kind", pa.string()),
        ("encoding", pa.string()),
        ("bytes", pa.int64()),
        ("rows_read", pa.int64()),
        ("rows_accepted", pa.int64()),
        ("rows_quarantined", pa.int64()),
        ("findings_total", pa.int64()),
        ("status", pa.string()),
        ("received_on", pa.date32()),
        ("imported_at", pa.timestamp("us")),
        ("imported_by", pa.string()),
        ("reason", pa.string()),
        ("snapshot", pa.int64()),
        ("options", pa.string()),
        ("counts", pa.string()),
    ]
)
RETURNS = pa.schema(
    [
        ("upload_id", pa.string()),
        ("kind", pa.string()),
        ("unit_id", pa.string()),
        ("period", pa.date32()),
        ("rows", pa.int64()),
        ("received_on", pa.date32()),
        ("snapshot", pa.int64()),
    ]
)
_SQL_TYPES = {
    pa.string(): "varchar",
    pa.int64(): "bigint",
    pa.date32(): "date",
    pa.timestamp("us"): "timestamp",
    pa.float64(): "double",
    pa.bool_(): "boolean",
}


def findings_schema() -> pa.Schema:
    """Findings as they are published: the upload and its kind, then FINDINGS."""
    leading = [pa.field("upload_id", pa.string()), pa.field("kind", pa.string())]
    return pa.schema([*leading, *FINDINGS])


def columns(contract: Contract) -> list[str]:
    """Column names of a kind's facts: its fields, then where each row came from."""
    return [field.name for field in contract.fields] + ["upload_id", "source_row"]


def typed_columns(contract: Contract) -> str:
    """Column definitions of a kind's facts for an empty relation."""
    typed = [f'null::{field.duckdb_type} as "{field.name}"' for field in contract.fields]
    return ", ".join([*typed, "null::varchar as upload_id", "null::bigint as source_row"])


def period_sql(contract: Contract) -> str:
    """SQL for the first day of the month (or quarter) that a row belongs to."""
    if contract.period is None:
        return "null::date"
    field = contract.field(contract.period)
    if field.duckdb_type == "DATE":
        return f"date_trunc('month', \"{field.name}\")::date"
    quarter = f'"{field.name}"'
    start = f"make_date(left({quarter}, 4)::int, right({quarter}, 1)::int * 3 - 2, 1)"
    return f"case when regexp_full_match({quarter}, '\\d{{4}}Q[1-4]') then {start} end"


def in_partition_sql(contract: Contract, partition: str) -> str:
    """SQL that holds for the rows of one file; it compares dates, not their names."""
    if partition == WHOLE:
        return f"{period_sql(contract)} is null"
    year, month = map(int, partition.split("-"))
    first = date(year, month, 1)
    if contract.period and contract.field(contract.period).duckdb_type == "DATE":
        after = date(year + month // 12, month % 12 + 1, 1)
        dated = f'"{contract.period}"'
        return f"{dated} >= date '{first}' and {dated} < date '{after}'"
    return f"{period_sql(contract)} = date '{first}'"


def partition_of(period: date | None) -> str:
    """The same for a period."""
    return period.strftime("%Y-%m") if period else WHOLE


def unit_sql(contract: Contract) -> str:
    """SQL for the unit that a row is about (for a city-wide value, its scope)."""
    names = {field.name for field in contract.fields}
    return "unit_id" if "unit_id" in names else "scope" if "scope" in names else "null::varchar"


def returns_sql(contract: Contract, relation: str) -> str:
    """SQL of the returns that rows are of, for what else is asked of them than measures.

    One row for each value of `identity_sql`, `unit_sql` and `period_sql`, which may be asked of it
    as of the rows themselves; `rows` counts these.
    """
    named = {"unit_id", "scope", *contract.replaces} - {contract.period}
    kept = [f'"{field.name}"' for field in contract.fields if field.name in named]
    if contract.period:
        dated = contract.field(contract.period).duckdb_type == "DATE"
        period = period_sql(contract) if dated else f'"{contract.period}"'
        kept.append(f'{period} as "{contract.period}"')
    return f"select {', '.join(kept)}, count(*) as rows from {relation} group by all"


def write(
    connection: duckdb.DuckDBPyConnection, select: str, store: Store, kind: str, partition: str
) -> FactFile | None:
    """Write the rows of a statement as one Parquet file named by its content; None for no row."""
    folder = store.facts / kind / partition
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{uuid.uuid4().hex}.tmp"
    target = str(temporary).replace("'", "''")
    copied = connection.execute(f"copy ({select}) to '{target}' ({_FORMAT})").fetchone()
    rows = int(copied[0]) if copied else 0
    if rows == 0:
        temporary.unlink(missing_ok=True)
        return None
    sha256 = sha256_of(temporary)
    final = folder / f"{sha256[:24]}.parquet"
    size = os.path.getsize(temporary)
    settle(temporary, final)
    return FactFile(kind, partition, str(final.relative_to(store.root)), rows, size, sha256)


def write_partitions(
    connection: duckdb.DuckDBPyConnection, select: str, store: Store, kind: str
) -> list[FactFile]:
    """Write a statement's rows in one pass, a file for each month of its column `file_period`."""
    folder = store.facts / kind / f".{uuid.uuid4().hex}.tmp"
    folder.mkdir(parents=True)
    try:
        target = str(folder).replace("'", "''")
        connection.execute("set partitioned_write_flush_threshold = 122880")
        connection.execute(f"set partitioned_write_max_open_files = {_OPEN_FILES}")
        connection.execute("set preserve_insertion_order = false")
        written = connection.execute(
            f"copy ({select}) to '{target}' ({_FORMAT}, partition_by (file_period), return_stats)"
        ).fetchall()
        named = [(Path(row[0]), int(row[1])) for row in written]
        files = [_fact_file(store, kind, path, rows) for path, rows in named]
        pairs = zip(named, files, strict=True)
        settle_all([(path, store.root / file.path) for (path, _), file in pairs])
    finally:
        connection.execute("set preserve_insertion_order = true")
        shutil.rmtree(folder, ignore_errors=True)
    return files


def _fact_file(store: Store, kind: str, path: Path, rows: int) -> FactFile:
    """A written part as the file that it becomes; its folder is named file_period=DATE."""
    day = path.parent.name.partition("=")[2]
    partition = day[:7] if day[:1].isdigit() else WHOLE
    sha256 = sha256_of(path)
    final = store.facts / kind / partition / f"{sha256[:24]}.parquet"
    relative = str(final.relative_to(store.root))
    return FactFile(kind, partition, relative, rows, os.path.getsize(path), sha256)


def read_sql(store: Store, files: list[FactFile], *, alike: bool = False) -> str:
    """SQL of a relation that reads exactly these files of one kind.

    Columns that the schema of the kind has gained since a file was written are NULL. `alike`
    promises that all files have the same columns.
    """
    paths = ", ".join("'" + str(store.root / f.path).replace("'", "''") + "'" for f in files)
    read = f"read_parquet([{paths}], union_by_name = {'false' if alike else 'true'})"
    shape = shape_sql(files[0].kind)
    return f"(from {read} union all by name {shape})" if shape else read


def shape_sql(kind: str) -> str | None:
    """SQL of no row with every column that a kind has today; None for a cube."""
    if kind in contracts.kinds():
        return f"select {typed_columns(contracts.load(kind))} where false"
    schema = {"_uploads": UPLOADS, "_returns": RETURNS, "_findings": findings_schema()}.get(kind)
    if schema is None:
        return None
    typed = (f'null::{_SQL_TYPES[field.type]} as "{field.name}"' for field in schema)
    return f"select {', '.join(typed)} where false"


def identity_sql(contract: Contract) -> list[str]:
    """SQL of the values that say which return a row belongs to (what a new return replaces)."""
    names = {field.name for field in contract.fields}
    dated = {contract.period, "month"} if contract.period else set()
    return [
        period_sql(contract) if key in dated else f'"{key}"'
        for key in contract.replaces
        if key in names or key in dated
    ]
