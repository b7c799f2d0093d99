"""The one pass over a return: typed values, and which rows are in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from oneninex import contracts
from oneninex.contracts import Contract, Field
from oneninex.intake.batch import Options
from oneninex.intake.findings import Finding, Refused
from oneninex.intake.tables import explain
from oneninex.intake.tables.cells import blank, literal, typed
from oneninex.intake.tables.raw import RawTable, new_name
from oneninex.plan import Plan

MAX_BAD_ROWS = 200_000
EXAMPLES = 100


@dataclass(frozen=True)
class Checked:
    """Accepted rows (a relation in the connection), findings, and how many rows were which."""

    accepted: str
    findings: pa.Table
    rows_read: int
    rows_accepted: int


def check(con: duckdb.DuckDBPyConnection, raw: RawTable, options: Options, plan: Plan) -> Checked:
    """Type and check every row of `raw`, which is dropped; raises Refused for too many bad rows."""
    contract = contracts.load(raw.kind)
    table = _type(con, raw, contract, options, plan)
    wrong = _wrong_codes(con, contract, table)
    for name, codes in wrong.items():
        _mark_bad(con, table, f'"{name}" in (select code from {codes})')
    doubles = _doubles(con, contract, table)
    _mark_bad(con, table, f"row_id in (select row_id from {doubles})")
    read, good = _counts(con, table)
    too_many = read - good > MAX_BAD_ROWS
    limit = EXAMPLES if too_many else MAX_BAD_ROWS
    bad = explain.bad_table(con, raw, contract, table, doubles, limit)
    findings = explain.findings(con, bad, raw, explain.cases(contract, raw, plan, wrong))
    for name in (raw.name, bad, doubles, *wrong.values()):
        con.execute(f"drop table {name}")
    if too_many:
        con.execute(f"drop table {table}")
        values: dict[str, object] = {"bad": f"{read - good:,}", "limit": f"{MAX_BAD_ROWS:,}"}
        many = Finding("not_a_table", "not_a_table.too_many", values=values)
        raise Refused(many, examples=findings)
    return Checked(_accepted(con, contract, table), findings, read, good)


def _accepted(con: duckdb.DuckDBPyConnection, contract: Contract, table: str) -> str:
    fields = ", ".join(f'"{field.name}"' for field in contract.fields)
    name = new_name("rows")
    con.execute(
        f"create temp view {name} as select {fields}, row_number_in_file as source_row "
        f"from {table} where row_state = 'ok'"
    )
    return name


def _counts(con: duckdb.DuckDBPyConnection, table: str) -> tuple[int, int]:
    """Rows that hold something, rows in order."""
    row = con.execute(
        f"select count(*) filter (row_state <> 'blank'), count(*) filter (row_state = 'ok') "
        f"from {table}"
    ).fetchone()
    return (row[0], row[1]) if row else (0, 0)


def _type(
    con: duckdb.DuckDBPyConnection, raw: RawTable, contract: Contract, options: Options, plan: Plan
) -> str:
    """A table of the typed fields, row_id, row_number_in_file and row_state: ok, bad or blank."""
    held = {column.field: column.sql for column in raw.columns if column.field}
    values, conditions = [], ["fault is null"]
    for field in contract.fields:
        column = held.get(field.name)
        if column is None and field.name in options.supplied:
            column = literal(options.supplied[field.name])
        value = typed(field, column, plan) if column else "null"
        values.append(f'cast({value} as {field.duckdb_type}) as "{field.name}"')
        conditions += _conditions(field, column)
    conditions += [f"coalesce({rule.expression}, true)" for rule in contract.rules]
    empty = " and ".join(blank(column.sql) for column in raw.columns)
    name = new_name("typed")
    fields = ", ".join(f'"{field.name}"' for field in contract.fields)
    con.execute(
        f"create temp table {name} as select {fields}, id as row_id, row as row_number_in_file, "
        f"case when {' and '.join(conditions)} then 'ok' "
        f"when fault is null and {empty} then 'blank' else 'bad' end as row_state "
        f"from (select *, {', '.join(values)} from ({raw.select()}))"
    )
    return name


def _conditions(field: Field, column: str | None) -> list[str]:
    """SQL that is true where the cell is in order."""
    name = f'"{field.name}"'
    if field.required:
        conditions = [f"{name} is not null"]
    elif column:
        conditions = [f"case when {name} is not null then true else {blank(column)} end"]
    else:
        conditions = []
    return conditions + [f"coalesce(not ({limit.broken}), true)" for limit in explain.limits(field)]


def _mark_bad(con: duckdb.DuckDBPyConnection, table: str, where: str) -> None:
    con.execute(f"update {table} set row_state = 'bad' where row_state = 'ok' and {where}")


def _wrong_codes(con: duckdb.DuckDBPyConnection, contract: Contract, table: str) -> dict[str, str]:
    """For each field with a check digit, a table of the codes that fail it (if there are any)."""
    wrong = {}
    for field in contract.fields:
        if field.check == "uscc":
            codes = [code for code in _distinct(con, table, field.name) if not _valid(code)]
            if codes:
                wrong[field.name] = new_name("codes")
                con.register("intake_codes", pa.table({"code": pa.array(codes, pa.string())}))
                con.execute(f"create temp table {wrong[field.name]} as from intake_codes")
                con.unregister("intake_codes")
    return wrong


def _distinct(con: duckdb.DuckDBPyConnection, table: str, name: str) -> Iterator[str]:
    result = con.execute(f'select distinct "{name}" from {table} where "{name}" is not null')
    while rows := result.fetchmany(10_000):
        yield from (row[0] for row in rows)


def _valid(code: str) -> bool:
    try:
        uscc.validate(code)
    except ValidationError:
        return False
    return True


def _doubles(con: duckdb.DuckDBPyConnection, contract: Contract, table: str) -> str:
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
            select key_hash from (select hash({key}) as key_hash from {table}
                                  where row_state = 'ok')
            group by key_hash having count(*) > 1
        ),
        suspects as (
            select row_id, row_number_in_file as number, hash({everything}) as row_hash, {key}
            from {table}
            where row_state = 'ok' and hash({key}) in (select key_hash from meeting)
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
