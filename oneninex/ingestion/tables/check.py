"""The one pass over a return: typed values, and which rows are in order."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from oneninex.domain import contracts
from oneninex.domain.contracts import Contract, Field, Rule
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Options
from oneninex.ingestion.findings import FINDINGS, Finding, Refused, refuse
from oneninex.ingestion.source import no_room
from oneninex.ingestion.tables import across, explain, sums, totals
from oneninex.ingestion.tables.cells import blank, empty, exact, literal, typed
from oneninex.ingestion.tables.limits import latest_day, limits
from oneninex.ingestion.tables.raw import RawTable, Unsure, new_name
from oneninex.ingestion.tables.units_of_measure import NOTE, Stated, stated_in_rows

MAX_BAD_ROWS = 200_000
EXAMPLES = 100
_NOTES = 1_000  # bad rows among which notes are looked for
_FEW = 3  # cells that a note fills
# A scan of more bytes than this is typed into a file, so that memory does not grow with it.
LARGE = 64 << 20


@dataclass(frozen=True)
class Checked:
    """Accepted rows (a relation in the connection), findings, and how many rows were which."""

    accepted: str
    findings: pa.Table
    rows_read: int
    rows_accepted: int
    empty_columns: frozenset[str]
    stated: list[Stated] = attribute(default_factory=list)


@dataclass(frozen=True)
class _Typed:
    """Typed rows: `rows` is SQL with row_state (ok, bad or blank), row_id and row_number_in_file.

    `table` is the temporary table behind it, if it is one.
    """

    rows: str
    table: str | None


def check(con: duckdb.DuckDBPyConnection, raw: RawTable, options: Options, plan: Plan) -> Checked:
    """Type and check every row of `raw`, which is dropped.

    Raises Refused for no row at all or too many bad ones, Unsure where a scan did not give the
    rows expected.
    """
    contract = contracts.of_plan(raw.kind, plan)
    latest = latest_day(options, plan)
    typed = _type(con, raw, contract, options, plan, latest)
    wrong = across.wrong_values(con, contract, typed.rows)
    excluded = across.with_codes(con, typed.rows, wrong) if wrong else None
    added = sums.find(con, contract, raw, typed.rows, _ok(excluded))
    adding = _table_of(con, [id for total in added for id in total.ids]) if added else None
    if adding:
        excluded = across.exclude(con, excluded, f"select id as row_id from {adding}")
    total, read, good, keys = _counts(con, contract, typed.rows, _ok(excluded))
    raw = _expect(con, raw, typed, total)
    doubles = None
    if keys < good:
        doubles = across.doubles(con, contract, typed.rows, _ok(excluded))
        excluded = across.exclude(con, excluded, f"select row_id from {doubles}")
        good -= _rows_in(con, doubles)
    findings = FINDINGS.empty_table()
    stated: list[Stated] = []
    if read > good:
        bad = _bad_ids(con, typed.rows, excluded, _shown(read - good))
        texts = raw.at(con, bad)
        explained = explain.bad_table(con, raw, texts, contract, typed.rows, doubles, bad)
        findings = explain.findings(
            con, explained, raw, explain.cases(contract, raw, plan, wrong, latest)
        )
        stated = _stated_in_notes(con, explained)
        if "total_row" in findings.column("rule").unique().to_pylist():
            findings = totals.with_differences(
                con, findings, explained, raw, contract, typed.rows, adding
            )
        findings = _with(findings, [total.finding for total in added])
        _drop(con, {texts, bad, explained} - {raw.source})
    empty = _empty_columns(con, raw)
    _drop(con, {*wrong.values(), *filter(None, (doubles, adding)), *_held(raw)})
    if read == 0 or read - good > MAX_BAD_ROWS:
        _drop(con, {typed.table} if typed.table else set())
        raise _refusal(read, read - good, findings)
    accepted = _accepted(con, contract, typed.rows, _ok(excluded))
    return Checked(accepted, findings, read, good, empty, stated)


def _stated_in_notes(con: duckdb.DuckDBPyConnection, bad: str) -> list[Stated]:
    """The units that rows with a few texts state, which are notes and no data."""
    records = con.execute(f"select record from {bad} order by id limit {_NOTES}").fetchall()
    rows = []
    for (record,) in records:
        cells = json.loads(record or "[]")
        texts = list(cells.values()) if isinstance(cells, dict) else cells
        if len([text for text in texts if text and text.strip()]) <= _FEW:
            rows.append(texts)
    return stated_in_rows(rows, NOTE)


def _table_of(con: duckdb.DuckDBPyConnection, ids: list[int]) -> str:
    name = new_name("ids")
    con.register("intake_ids", pa.table({"id": pa.array(ids, pa.int64())}))
    con.execute(f"create temp table {name} as from intake_ids")
    con.unregister("intake_ids")
    return name


def _with(findings: pa.Table, more: list[Finding]) -> pa.Table:
    """The findings with more of them, by row."""
    if not more:
        return findings
    rows = [*findings.to_pylist(), *(finding.as_row() for finding in more)]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: row["row"] or 0), FINDINGS)


def _ok(excluded: str | None) -> str:
    """SQL that is true for rows to accept; `excluded` is a table of the row_id of others."""
    return "row_state = 'ok'" + (f" and row_id not in (from {excluded})" if excluded else "")


def _shown(bad: int) -> int:
    return EXAMPLES if bad > MAX_BAD_ROWS else MAX_BAD_ROWS


def _held(raw: RawTable) -> list[str]:
    return [raw.source] if raw.stored else []


def _refusal(read: int, bad: int, findings: pa.Table) -> Refused:
    if read == 0:
        return refuse("not_a_table", "not_a_table.header_only")
    values: dict[str, object] = {"bad": f"{bad:,}", "limit": f"{MAX_BAD_ROWS:,}"}
    many = Finding("not_a_table", "not_a_table.too_many", values=values)
    return Refused(many, examples=findings)


def _drop(con: duckdb.DuckDBPyConnection, tables: set[str]) -> None:
    for name in tables:
        con.execute(f"drop table {name}")


def _bad_ids(con: duckdb.DuckDBPyConnection, rows: str, excluded: str | None, limit: int) -> str:
    """A table of the row_id of the first `limit` bad rows."""
    name = new_name("ids")
    also = f" or row_id in (from {excluded})" if excluded else ""
    con.execute(
        f"create temp table {name} as select row_id from {rows} where row_state = 'bad'{also} "
        f"order by row_id limit {limit}"
    )
    return name


def _empty_columns(con: duckdb.DuckDBPyConnection, raw: RawTable) -> frozenset[str]:
    """The nameless columns in which nothing stands (a scan has none)."""
    nameless = [column.sql for column in raw.columns if not column.named]
    if not nameless:
        return frozenset()
    filled = ", ".join(f"bool_or(trim({column}) <> '')" for column in nameless)
    found = con.execute(f"select {filled} from {raw.source}").fetchone() or ()
    return frozenset(column for column, holds in zip(nameless, found, strict=True) if not holds)


def _accepted(con: duckdb.DuckDBPyConnection, contract: Contract, rows: str, where: str) -> str:
    fields = ", ".join(f'"{field.name}"' for field in contract.fields)
    name = new_name("rows")
    con.execute(
        f"create temp view {name} as select {fields}, row_number_in_file as source_row "
        f"from {rows} where {where}"
    )
    return name


def _counts(
    con: duckdb.DuckDBPyConnection, contract: Contract, rows: str, where: str
) -> tuple[int, int, int, int]:
    """Rows, rows that hold something, rows in order, and different keys of the last (by hash)."""
    key = ", ".join(f'"{name}"' for name in contract.primary_key)
    found = con.execute(
        "select count(*), count(*) filter (filled), count(*) filter (ok), "
        f"count(distinct key_hash) filter (ok) from (select row_state <> 'blank' as filled, "
        f"{where} as ok, hash({key}) as key_hash from {rows})"
    ).fetchone()
    return found or (0, 0, 0, 0)


def _rows_in(con: duckdb.DuckDBPyConnection, table: str) -> int:
    found = con.execute(f"select count(*) from {table}").fetchone()
    return found[0] if found else 0


def _type(
    con: duckdb.DuckDBPyConnection,
    raw: RawTable,
    contract: Contract,
    options: Options,
    plan: Plan,
    latest: date,
) -> _Typed:
    """The typed fields and the state of each row, in the order of the file."""
    held = {column.field: column.sql for column in raw.columns if column.field}
    values, conditions = [], ["fault is null and marks is null"] if raw.stored else []
    plain = {f.name: sql for f in contract.fields if (sql := exact(f, held.get(f.name, "null")))}
    for field in contract.fields:
        column = held.get(field.name)
        plainly = f"plain_{field.name}" if column and field.name in plain else ""
        if column is None and field.name in options.supplied:
            column = literal(options.supplied[field.name])
        value = typed(field, column, plan, plainly) if column else "null"
        values.append(f'cast({value} as {field.duckdb_type}) as "{field.name}"')
        conditions.append(_condition(field, column, latest))
    if contract.rules:
        # only of values within their limits: what lies beyond could be too large to reckon with
        rules = " and ".join(_rule(rule, contract) for rule in contract.rules)
        conditions = [f"case when {' and '.join(conditions)} then {rules} else false end"]
    empty = [blank(column.sql) for column in raw.columns]
    empty += ["fault is null"] if raw.stored else []
    fields = ", ".join(f'"{field.name}"' for field in contract.fields)
    numbers = ", id as row_id, row as row_number_in_file" if raw.stored else ""
    plainly_read = "".join(f", {sql} as plain_{name}" for name, sql in plain.items())
    select = (
        f"select {fields}{numbers}, case when {' and '.join(conditions)} then 'ok' "
        f"when {' and '.join(empty)} then 'blank' else 'bad' end as row_state "
        f"from (select *, {', '.join(values)} from (select *{plainly_read} from {raw.source}))"
    )
    try:
        return _keep(con, raw, select)
    except (duckdb.OutOfMemoryException, duckdb.InterruptException):
        raise
    except duckdb.Error as fault:
        raise (fault if raw.stored or no_room(fault) else Unsure) from fault


def _keep(con: duckdb.DuckDBPyConnection, raw: RawTable, select: str) -> _Typed:
    """Run the one pass; a scan is numbered by its order, which a join would upset (ENGINE 3.1)."""
    con.execute("set preserve_insertion_order = true")
    name = new_name("typed")
    folder = _scratch(con) if not raw.stored and raw.bytes > LARGE else None
    if folder is None:
        con.execute(f"create temp table {name} as {select}")
        return _Typed(name if raw.stored else _numbered(name, "rowid", raw.offset), name)
    path = literal(str(folder / f"{name}.parquet"))
    con.execute(
        f"copy ({select}) to {path} (format parquet, compression lz4_raw, write_bloom_filter false)"
    )
    source = f"read_parquet({path}, file_row_number = true)"
    return _Typed(_numbered(source, "file_row_number", raw.offset), None)


def _numbered(source: str, place: str, offset: int) -> str:
    number = f"{place} + {offset}"
    return f"(select *, {number} as row_id, {number} as row_number_in_file from {source})"


def _scratch(con: duckdb.DuckDBPyConnection) -> Path | None:
    """The folder that the connection was given for what does not fit into memory."""
    found = con.execute("select current_setting('temp_directory')").fetchone()
    return Path(found[0]) if found and found[0] and Path(found[0]).is_dir() else None


def _expect(con: duckdb.DuckDBPyConnection, raw: RawTable, typed: _Typed, total: int) -> RawTable:
    """The raw table, certain of where its rows stand.

    Raises Unsure where the rows of the scan and the lines of the file differ in number for
    another reason than cells of several lines: then a blank line may have been passed over.
    """
    if raw.expected in (None, total):
        return raw
    if not raw.quoted or raw.blanks is None or raw.blanks():
        _drop(con, {typed.table} if typed.table else set())
        raise Unsure
    return replace(raw, lines=None)


def _condition(field: Field, column: str | None, latest: date) -> str:
    """SQL that is true where the cell is in order, and otherwise false or NULL."""
    name = f'"{field.name}"'
    kept = [f"not ({limit.broken})" for limit in limits(field, latest)]
    held = " and ".join(kept) or f"{name} is not null"
    if field.required:
        return held  # NULL where the value is
    return f"case when {name} is not null then {held} else {empty(field, column or 'null')} end"


def _rule(rule: Rule, contract: Contract) -> str:
    """SQL that is true where a rule holds; in a row in order what is required is not NULL."""
    known = all(contract.field(name).required for name in rule.fields)
    known = known and "/" not in rule.expression  # a division by nothing gives NULL, which passes
    return f"({rule.expression})" if known else f"coalesce({rule.expression}, true)"
