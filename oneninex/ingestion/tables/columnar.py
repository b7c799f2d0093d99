"""Parquet, read by DuckDB in a database of its own."""

from __future__ import annotations

import re
from datetime import UTC, time, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from oneninex.ingestion.batch import Options
from oneninex.ingestion.findings import refuse
from oneninex.ingestion.tables import header
from oneninex.ingestion.tables.raw import BATCH, MAX_CELL, Column, RawTable, columns_of, new_name

MAX_ROWS = 50_000_000
MAX_VALUES = 120_000_000  # rows × columns
_ZONED = "TIMESTAMP WITH TIME ZONE"


def read(
    path: Path, con: duckdb.DuckDBPyConnection, options: Options, zone: str = "Asia/Shanghai"
) -> RawTable:
    """The rows as text, numbered from 2 as if the names of the columns stood in row 1.

    A damaged file can leave the database that reads it unusable, so another one reads it.
    Raises Refused.
    """
    try:
        with duckdb.connect(config={"memory_limit": "1GB"}) as scratch:
            return _read(path, scratch, con, options, zone)
    except duckdb.Error:
        raise refuse("not_a_table", "not_a_table.damaged_parquet") from None


def _read(
    path: Path,
    scratch: duckdb.DuckDBPyConnection,
    con: duckdb.DuckDBPyConnection,
    options: Options,
    zone: str,
) -> RawTable:
    source = "read_parquet(?, hive_partitioning = false)"
    parameters = [str(path)]
    described = scratch.execute(f"describe select * from {source}", parameters).fetchall()
    names = [row[0] for row in described]
    found = header.choose(header.candidates([names], options), options)
    columns = columns_of(names, found.fields)
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    _limits(scratch, source, parameters, quoted)
    texts = ", ".join(
        f"{_text(name, row[1])} as {column.sql}"
        for name, row, column in zip(quoted, described, columns, strict=True)
    )
    zones = _zones(path, described)
    reader = scratch.execute(f"select {texts} from {source}", parameters).to_arrow_reader(BATCH)
    table = new_name("raw")
    definition = ", ".join(f"{column.sql} varchar" for column in columns)
    con.execute(
        f"create temp table {table} ({definition}, id bigint, row bigint, sheet varchar, "
        "fault varchar, broken varchar, marks varchar)"
    )
    number = 2
    for batch in reader:
        places = pa.array(range(number, number + len(batch)), pa.int64())
        number += len(batch)
        local = _local_times(pa.Table.from_batches([batch]), columns, zones, zone)
        chunk = local.append_column("id", places)
        con.register("intake_chunk", chunk)
        con.execute(f"insert into {table} select *, id, null, null, null, null from intake_chunk")
        con.unregister("intake_chunk")
    return RawTable(table, found.kind, columns)


def _text(name: str, type: str) -> str:
    """SQL of a value as text; a small number is written out, 0.00001 and not 1e-05."""
    if type == _ZONED:
        return name
    plain = f"cast({name} as varchar)"
    if type not in ("DOUBLE", "FLOAT"):
        return plain
    small = f"abs({name}) < 0.0001 and {name} <> 0"
    missing = f"when isnan({name}) then null "  # what pandas and polars write for no value
    written = f"rtrim(format('{{:.24f}}', {name}), '0')"
    return f"case {missing}when {small} then {written} else {plain} end"


def _zones(path: Path, described: list[tuple[str, ...]]) -> dict[int, str | None]:
    """The place of each column of moments, and the zone that its writer used."""
    schema = pq.read_schema(path)
    return {
        place: getattr(schema.field(place).type, "tz", None)
        for place, row in enumerate(described)
        if row[1] == _ZONED
    }


def _zone(name: str) -> tzinfo:
    """The zone of a name; Arrow also writes +08:00."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        found = re.fullmatch(r"([+-])(\d\d):?(\d\d)", name)
        if found is None:
            return UTC
        minutes = int(found[2]) * 60 + int(found[3])
        return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))


def _local_times(
    batch: pa.Table, columns: list[Column], zones: dict[int, str | None], zone: str
) -> pa.Table:
    """The moments as text: a day where it begins then in the plan's zone or in the writer's.

    Any other moment keeps the time of day in the plan's zone, which no field of days takes.
    """
    for place, writers in zones.items():
        name = columns[place].sql
        moments = batch.column(name).cast(pa.timestamp("us", tz="UTC"))
        texts = []
        for moment in moments.to_pylist():
            kinds = [_zone(name) for name in (zone, writers) if name]
            local = [moment.astimezone(z) for z in kinds] if moment else []
            whole = [at.date().isoformat() for at in local if at.time() == time()]
            texts.append(whole[0] if whole else local[0].isoformat(" ") if local else None)
        batch = batch.set_column(place, name, pa.array(texts, pa.string()))
    return batch


def _limits(
    scratch: duckdb.DuckDBPyConnection, source: str, parameters: list[str], names: list[str]
) -> None:
    """Refuse what is small on disk and huge in memory: very many rows, very long repeated texts."""
    lengths = ", ".join(f"max(length(cast({name} as varchar)))" for name in names)
    rows = scratch.execute(f"select count(*) from {source}", parameters).fetchone()
    if not rows or rows[0] > MAX_ROWS:
        raise refuse("too_large", "too_large.rows", limit=f"{MAX_ROWS:,}")
    if rows[0] * len(names) > MAX_VALUES:
        values = {"rows": f"{rows[0]:,}", "columns": len(names), "limit": f"{MAX_VALUES:,}"}
        raise refuse("too_large", "too_large.values", **values)
    longest = scratch.execute(f"select greatest({lengths}) from {source}", parameters).fetchone()
    if longest and longest[0] and longest[0] > MAX_CELL:
        raise refuse("too_large", "too_large.cell", limit=f"{MAX_CELL:,}")
