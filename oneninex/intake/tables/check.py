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
from oneninex.intake.findings import FINDINGS, Finding, Refused, refuse
from oneninex.intake.tables import explain
from oneninex.intake.tables.cells import blank, literal, typed
from oneninex.intake.tables.raw import RawTable, Unsure, new_name
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
    empty_columns: frozenset[str]


def check(con: duckdb.DuckDBPyConnection, raw: RawTable, options: Options, plan: Plan) -> Checked:
    """Type and check every row of `raw`, which is dropped.

    Raises Refused for no row at all or too many bad ones, Unsure where a scan did not give the
    rows expected.
    """
    contract = contracts.load(raw.kind)
    table = _type(con, raw, contract, options, plan)
    rows = _numbered(raw, table)
    wrong = _wrong_codes(con, contract, table)
    for name, codes in wrong.items():
        _mark_bad(con, table, f'"{name}" in (select code from {codes})')
    doubles = _doubles(con, contract, rows)
    number = "row_id" if raw.stored else f"rowid + {raw.offset}"
    _mark_bad(con, table, f"{number} in (select row_id from {doubles})")
    read, good = _counts(con, table)
    findings = FINDINGS.empty_table()
    if read > good:
        limit = EXAMPLES if read - good > MAX_BAD_ROWS else MAX_BAD_ROWS
        bad = _bad_ids(con, rows, limit)
        texts = raw.at(con, bad)
        explained = explain.bad_table(con, raw, texts, contract, rows, doubles, bad)
        findings = explain.findings(con, explained, raw, explain.cases(contract, raw, plan, wrong))
        _drop(con, {texts, bad, explained} - {raw.source})
    empty = _empty_columns(con, raw)
    _drop(con, {doubles, *wrong.values(), *([raw.source] if raw.stored else [])})
    if read == 0 or read - good > MAX_BAD_ROWS:
        _drop(con, {table})
        raise _refusal(read, read - good, findings)
    return Checked(_accepted(con, contract, rows), findings, read, good, empty)


def _refusal(read: int, bad: int, findings: pa.Table) -> Refused:
    if read == 0:
        return refuse("not_a_table", "not_a_table.header_only")
    values: dict[str, object] = {"bad": f"{bad:,}", "limit": f"{MAX_BAD_ROWS:,}"}
    many = Finding("not_a_table", "not_a_table.too_many", values=values)
    return Refused(many, examples=findings)


def _drop(con: duckdb.DuckDBPyConnection, tables: set[str]) -> None:
    for name in tables:
        con.execute(f"drop table {name}")


def _numbered(raw: RawTable, table: str) -> str:
    """The typed table with row_id and row_number_in_file; in a scan both are the row's place."""
    if raw.stored:
        return table
    number = f"rowid + {raw.offset}"
    return f"(select *, {number} as row_id, {number} as row_number_in_file from {table})"


def _bad_ids(con: duckdb.DuckDBPyConnection, rows: str, limit: int) -> str:
    """A table of the row_id of the first `limit` bad rows."""
    name = new_name("ids")
    con.execute(
        f"create temp table {name} as select row_id from {rows} where row_state = 'bad' "
        f"order by row_id limit {limit}"
    )
    return name


def _empty_columns(con: duckdb.DuckDBPyConnection, raw: RawTable) -> frozenset[str]:
    """The nameless columns in which nothing stands (a scan has none)."""
    nameless = [column.sql for column in raw.columns if not column.named]
    return frozenset(
        column
        for column in nameless
        if not con.execute(
            f"select 1 from {raw.source} where trim({column}) <> '' limit 1"
        ).fetchone()
    )


def _accepted(con: duckdb.DuckDBPyConnection, contract: Contract, rows: str) -> str:
    fields = ", ".join(f'"{field.name}"' for field in contract.fields)
    name = new_name("rows")
    con.execute(
        f"create temp view {name} as select {fields}, row_number_in_file as source_row "
        f"from {rows} where row_state = 'ok'"
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
    """A table of the typed fields and row_state (ok, bad or blank), in the order of the file."""
    held = {column.field: column.sql for column in raw.columns if column.field}
    values, conditions = [], ["fault is null"] if raw.stored else []
    for field in contract.fields:
        column = held.get(field.name)
        if column is None and field.name in options.supplied:
            column = literal(options.supplied[field.name])
        value = typed(field, column, plan) if column else "null"
        values.append(f'cast({value} as {field.duckdb_type}) as "{field.name}"')
        conditions += _conditions(field, column)
    conditions += [f"coalesce({rule.expression}, true)" for rule in contract.rules]
    empty = [blank(column.sql) for column in raw.columns]
    empty += ["fault is null"] if raw.stored else []
    name = new_name("typed")
    fields = ", ".join(f'"{field.name}"' for field in contract.fields)
    numbers = ", id as row_id, row as row_number_in_file" if raw.stored else ""
    # a scan is numbered by its order, which a join or a set would upset (ENGINE 3.1)
    con.execute("set preserve_insertion_order = true")
    try:
        con.execute(
            f"create temp table {name} as select {fields}{numbers}, "
            f"case when {' and '.join(conditions)} then 'ok' "
            f"when {' and '.join(empty)} then 'blank' else 'bad' end as row_state "
            f"from (select *, {', '.join(values)} from {raw.source})"
        )
    except duckdb.Error as fault:
        raise (fault if raw.stored else Unsure) from fault
    _expect(con, raw, name)
    return name


def _expect(con: duckdb.DuckDBPyConnection, raw: RawTable, table: str) -> None:
    """Raises Unsure where the lines of the file and the rows of the scan differ in number."""
    counted = con.execute(f"select count(*) from {table}").fetchone()
    if raw.expected is not None and counted != (raw.expected,):
        con.execute(f"drop table {table}")
        raise Unsure


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
