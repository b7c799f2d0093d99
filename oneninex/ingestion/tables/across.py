"""What whole columns show: keys that occur twice, values that are none."""

from __future__ import annotations

from functools import lru_cache

import duckdb
import pyarrow as pa
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from oneninex.domain.contracts import Contract, Field
from oneninex.ingestion.tables import text_values
from oneninex.ingestion.tables.raw import new_name


def wrong_values(con: duckdb.DuckDBPyConnection, contract: Contract, rows: str) -> dict[str, str]:
    """For each text field, a table of the values that are not what they should be, if any.

    Columns: code (the value), sort (see text_values, and check_digit, spelling), other (the
    spelling that most rows have).
    """
    wrong = {}
    for field in contract.fields:
        found = _wrong(field, _distinct(con, rows, field.name)) if _is_checked(field) else {}
        if found:
            wrong[field.name] = new_name("codes")
            table = {
                "code": pa.array(found, pa.string()),
                "sort": pa.array((sort for sort, _ in found.values()), pa.string()),
                "other": pa.array((other for _, other in found.values()), pa.string()),
            }
            con.register("intake_codes", pa.table(table))
            con.execute(f"create temp table {wrong[field.name]} as from intake_codes")
            con.unregister("intake_codes")
    return wrong


def _is_checked(field: Field) -> bool:
    return field.check == "uscc" or text_values.is_judged(field)


def _wrong(field: Field, values: dict[str, int]) -> dict[str, tuple[str, str | None]]:
    """Each wrong value with its sort and the spelling meant; `values` count their rows."""
    if field.check == "uscc":
        return {code: ("check_digit", None) for code in values if not _valid(code)}
    sorts = text_values.judge(field, values)
    found: dict[str, tuple[str, str | None]] = {
        value: (sort, None) for value, sort in sorts.items()
    }
    if text_values.is_code(field):
        others = text_values.spellings({v: n for v, n in values.items() if v not in sorts})
        found |= {value: ("spelling", other) for value, other in others.items()}
    return found


def with_codes(con: duckdb.DuckDBPyConnection, rows: str, wrong: dict[str, str]) -> str:
    """A table of the row_id of rows, otherwise in order, that hold a wrong value."""
    holds = " or ".join(f'"{name}" in (select code from {codes})' for name, codes in wrong.items())
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


def _distinct(con: duckdb.DuckDBPyConnection, rows: str, name: str) -> dict[str, int]:
    """Each value of a column in order of appearance, and in how many rows it stands."""
    result = con.execute(
        f'select "{name}", count(*) from {rows} where "{name}" is not null '
        f'group by "{name}" order by min(row_id)'
    )
    values: dict[str, int] = {}
    while found := result.fetchmany(10_000):
        values.update(found)
    return values


@lru_cache(maxsize=10_000)
def _valid(code: str) -> bool:
    try:
        uscc.validate(code)
    except ValidationError:
        return False
    return True
