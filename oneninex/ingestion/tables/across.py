"""What whole columns show: keys that occur twice, codes that fail their check digit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import duckdb
import pyarrow as pa
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from oneninex.domain.contracts import Contract
from oneninex.ingestion.tables.raw import new_name


def wrong_codes(con: duckdb.DuckDBPyConnection, contract: Contract, rows: str) -> dict[str, str]:
    """For each field with a check digit, a table of the codes that fail it (if there are any)."""
    wrong = {}
    for field in contract.fields:
        if field.check == "uscc":
            codes = [code for code in _distinct(con, rows, field.name) if not _valid(code)]
            if codes:
                wrong[field.name] = new_name("codes")
                con.register("intake_codes", pa.table({"code": pa.array(codes, pa.string())}))
                con.execute(f"create temp table {wrong[field.name]} as from intake_codes")
                con.unregister("intake_codes")
    return wrong


def with_codes(con: duckdb.DuckDBPyConnection, rows: str, wrong: dict[str, str]) -> str:
    """A table of the row_id of rows, otherwise in order, that hold a wrong code."""
    holds = " or ".join(f'"{name}" in (from {codes})' for name, codes in wrong.items())
    return exclude(con, None, f"select row_id from {rows} where row_state = 'ok' and ({holds})")


def exclude(con: duckdb.DuckDBPyConnection, excluded: str | None, select: str) -> str:
    """Add the rows of a statement to the table of excluded row_ids, which is made if need be."""
    if excluded:
        con.execute(f"insert into {excluded} {select}")
        return excluded
    name = new_name("excluded")
    con.execute(f"create temp table {name} as {select}")
    return name


def doubles(con: duckdb.DuckDBPyConnection, contract: Contract, rows: str, where: str) -> str:
    """A table of rows to set aside because another has their key.

    Columns: row_id, identical (all copies are equal: the first stays), first_number, numbers.
    Whole keys are compared only where their hashes meet, which keeps the memory of a large file
    at a few bytes for each row.
    """
    key = ", ".join(f'"{name}"' for name in contract.primary_key)
    everything = ", ".join(f'"{field.name}"' for field in contract.fields)
    name = new_name("doubles")
    con.execute(
        f"""create temp table {name} as
        with meeting as (
            select key_hash from (select hash({key}) as key_hash from {rows} where {where})
            group by key_hash having count(*) > 1
        ),
        suspects as (
            select row_id, row_number_in_file as number, hash({everything}) as row_hash, {key}
            from {rows}
            where {where} and hash({key}) in (select key_hash from meeting)
        ),
        keys as (
            select {key}, count(distinct row_hash) = 1 as identical, min(row_id) as first_id,
                arg_min(number, row_id) as first_number,
                array_to_string(list_sort(list(number))[:5], '、') as numbers
            from suspects group by {key} having count(*) > 1
        )
        select s.row_id, k.identical, k.first_number, k.numbers
        from suspects as s
        join keys as k on {
            " and ".join(
                f's."{column}" is not distinct from k."{column}"' for column in contract.primary_key
            )
        }
        where not (k.identical and s.row_id = k.first_id)"""
    )
    return name


def _distinct(con: duckdb.DuckDBPyConnection, rows: str, name: str) -> Iterator[str]:
    result = con.execute(f'select distinct "{name}" from {rows} where "{name}" is not null')
    while found := result.fetchmany(10_000):
        yield from (row[0] for row in found)


@lru_cache(maxsize=10_000)
def _valid(code: str) -> bool:
    try:
        uscc.validate(code)
    except ValidationError:
        return False
    return True
