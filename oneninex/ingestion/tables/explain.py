"""Why rows are not in order: one finding for each cell or broken rule, written by SQL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from dataclasses import field as attribute
from datetime import date

import duckdb
import pyarrow as pa

from oneninex.domain.contracts import Contract, Field
from oneninex.domain.plan import Plan
from oneninex.ingestion.findings import FINDINGS, messages
from oneninex.ingestion.tables.cells import blank, codes, empty, literal
from oneninex.ingestion.tables.hints import hints
from oneninex.ingestion.tables.limits import limits
from oneninex.ingestion.tables.raw import RawTable, mark, new_name, sheet_prefix
from oneninex.ingestion.tables.special import LIMIT, SORTS, sort_of_row

SHOWN = 60
OPTIONS_SHOWN = 12
ROWS_IN_FULL = 20_000  # of the bad rows of a file; each later one gets its first finding
_NO_DOUBLES = (
    "(select null::bigint as row_id, null::boolean as identical, "
    "null::bigint as first_number, null::varchar as numbers where false)"
)
# Control characters (but line breaks and tabs) and those that turn the direction of writing.
_STEERING = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}\x{202a}-\x{202e}\x{2066}-\x{2069}]"
# Each sort of value of across.wrong_values: code, key of the message below findings., rule.
_VALUES = {
    "check_digit": ("rule", "rule.check_digit", None),
    "spelling": ("rule", "rule.spelling", "one_spelling"),
    "placeholder": ("required", "cell.placeholder", None),
    "ditto": ("required", "cell.ditto", None),
    "error": ("type", "cell.error", None),
    "formula": ("type", "cell.formula", None),
    "damaged": ("encoding", "cell.damaged", None),
    "date": ("type", "cell.date_in_code", None),
    "power": ("type", "cell.power", None),
}
# Each sort of mark of a cell (raw.mark): code of its finding, key of the message.
MARKS = {
    "error": ("type", "cell.error"),
    "formula": ("type", "cell.formula"),
    "date_in_code": ("type", "cell.date_in_code"),
    "date_in_text": ("type", "cell.date_in_text"),
    "date_format": ("type", "cell.date_format"),
    "duration": ("type", "cell.duration"),
    "decimal": ("type", "cell.decimal_code"),
    "digits": ("type", "cell.power"),
    "percent": ("type", "cell.percent"),
    "unit": ("range", "cell.unit_in_format"),
    "scaled": ("range", "cell.scaled"),
    "merged": ("required", "cell.merged"),
    "struck": ("rule", "cell.struck"),
}
CAPPED = 200  # characters of a cell that are kept with its finding


@dataclass(frozen=True)
class Case:
    """A fault: where `condition` holds, `field` gets a finding with `code` and these texts.

    A text may name the cell as {value} and other columns of `bad` by their names in braces.
    """

    field: Field | None
    condition: str
    code: str
    zh: str
    en: str
    rule: str | None = None
    fills: dict[str, str] = attribute(default_factory=dict)


def period(contract: Contract) -> str:
    """SQL for the first day of the month or quarter of a row, where it can be one."""
    if contract.period is None:
        return "null::date"
    field = contract.field(contract.period)
    name = f'"{field.name}"'
    if field.duckdb_type == "DATE":
        first, year = f"date_trunc('month', {name})::date", f"year({name})"
    else:
        year = f"left({name}, 4)::int"
        first = f"make_date({year}, right({name}, 1)::int * 3 - 2, 1)"
    return f"case when {year} between 1900 and 2100 then {first} end"


def unit(contract: Contract) -> str:
    """SQL for the unit of a row."""
    name = next((name for name in ("unit_id", "scope") if contract.has(name)), None)
    return f'"{name}"' if name else "null::varchar"


def bad_table(
    con: duckdb.DuckDBPyConnection,
    raw: RawTable,
    texts: str,
    contract: Contract,
    typed: str,
    doubles: str | None,
    ids: str,
) -> str:
    """The rows with these ids: text, typed fields, record as JSON, sort of row."""
    name = new_name("bad")
    doubles = doubles or _NO_DOUBLES
    fields = ", ".join(f't."{field.name}"' for field in contract.fields)
    con.execute(
        f"create temp table {name} as select *, {_record(raw)} as record, {sort_of_row(raw)} as "
        f"special, {unit(contract)} as unit_of_row, {period(contract)} as period_of_row "
        f"from (select r.*, {fields}, d.identical, d.first_number, d.numbers "
        f"from {texts} as r join {typed} as t on r.id = t.row_id "
        f"left join {doubles} as d on r.id = d.row_id where r.id in (from {ids}))"
    )
    return name


def _record(raw: RawTable) -> str:
    """SQL for the row as JSON; lists, for there may be a thousand columns."""
    headers = ", ".join(literal(column.header) for column in raw.columns)
    cells = ", ".join(column.sql for column in raw.columns)
    kept = f"list_transform([{cells}], lambda cell: {_capped('cell')})"
    whole = f"cast(to_json(map([{headers}], {kept})) as varchar)"
    return f"case when broken is null then {whole} else broken end"


def _capped(cell: str) -> str:
    """SQL for a cell's text as far as it is worth keeping, without what would steer a screen."""
    kept = f"left({cell}, {CAPPED}) || case when length({cell}) > {CAPPED} then '…' else '' end"
    return f"regexp_replace({kept}, '{_STEERING}', '\ufffd', 'g')"


def cases(
    contract: Contract, raw: RawTable, plan: Plan, wrong: dict[str, str], latest: date
) -> list[tuple[str, Case]]:
    """Every fault that a row can have, with the SQL of the cell that it shows.

    `wrong` names, for each field with a check digit, the relation of codes that fail it; `latest`
    is the last day of which the return can tell.
    """
    held = {column.field: column.sql for column in raw.columns if column.field}
    found: list[tuple[str, Case]] = []
    for field in contract.fields:
        column = held.get(field.name, "null::varchar")
        cases = _cell_cases(field, column, plan, latest)
        if field.name in wrong:
            cases += _value_cases(field, wrong[field.name])
        if field.name in held:
            marked = _marked(column)
            cases = [replace(c, condition=f"not {marked} and ({c.condition})") for c in cases]
            cases += _mark_cases(field, column)
        found += [(column, case) for case in cases]
    for rule in contract.rules:
        first = contract.field(rule.fields[0])
        # a cell that cannot be read has its own finding, which says enough
        read = [f'("{n}" is not null or {blank(held.get(n, "null"))})' for n in rule.fields]
        # nor can a value beyond its limits be reckoned with
        beyond = [limit.broken for n in rule.fields for limit in limits(contract.field(n), latest)]
        beyond_them = f"coalesce({' or '.join(beyond) or 'false'}, false)"
        holds = f"case when {beyond_them} then true else coalesce({rule.expression}, true) end"
        condition = " and ".join([f"not {holds}", *read])
        case = Case(first, condition, rule.code, rule.message_zh, rule.message_en, rule.name)
        found.append((held.get(first.name, "null::varchar"), case))
    return found + [("null::varchar", case) for case in _double_cases(contract)]


def _cell_cases(field: Field, column: str, plan: Plan, latest: date) -> list[Case]:
    name = f'"{field.name}"'
    values: dict[str, object] = {
        "title": (field.title, field.title_en),
        "name": field.name,
        "value": "{value}",
        "example": field.example,
        "unit": (field.unit, field.unit_en),
    }
    nothing = empty(field, column)
    code, key, extra = _unreadable(field, plan)
    found = []
    unread = f"{name} is null and not ({nothing})"
    for condition, hint in hints(field, column):
        found.append(Case(field, f"{unread} and {condition}", code, *messages(hint, **values)))
        unread += f" and not ({condition})"
    found.append(Case(field, unread, code, *messages(key, **values, **extra)))
    if field.required:
        number = field.type in ("integer", "number")
        texts = messages("required" if number else "required_text", **values)
        found.append(Case(field, f"{name} is null and {nothing}", "required", *texts))
    for limit in limits(field, latest):
        texts = messages(limit.message, **values, limit=limit.limit)
        found.append(Case(field, limit.broken, "range", *texts))
    return found


def _unreadable(field: Field, plan: Plan) -> tuple[str, str, dict[str, object]]:
    """Code and message for a cell that has no typed value."""
    if field.codes:
        known = codes(field, plan)
        return "unknown_code", f"unknown_code.{field.codes}", {"options": _short(known)}
    if field.labels:
        zh = "、".join(f"{names[0]}（{code}）" for code, names in field.labels.items())
        en = ", ".join(f"{names[1]} ({code})" for code, names in field.labels.items())
        return "unknown_code", "unknown_code.label", {"options": (zh, en)}
    return "type", f"type.{field.reads or field.check or field.type}", {}


def _short(known: dict[str, str]) -> tuple[str, str]:
    """The first of the codes, in Chinese and in English punctuation."""
    listed = list(dict.fromkeys(known.values()))
    shown = listed[:OPTIONS_SHOWN] + (["…"] if len(listed) > OPTIONS_SHOWN else [])
    return "、".join(shown), ", ".join(shown)


def _marked(column: str) -> str:
    """SQL that is true where the look or the type of a cell casts doubt on it."""
    return f"contains(coalesce(marks, ''), '|{column.removeprefix('c')}:')"


def _mark_cases(field: Field, column: str) -> list[Case]:
    values: dict[str, object] = {
        "title": (field.title, field.title_en),
        "name": field.name,
        "value": "{value}",
        "unit": (field.unit, field.unit_en),
        "example": field.example,
    }
    place = int(column.removeprefix("c"))
    return [
        Case(
            field,
            f"contains(coalesce(marks, ''), {literal(mark(place, sort))})",
            code,
            *messages(key, **values),
        )
        for sort, (code, key) in MARKS.items()
    ]


def _value_cases(field: Field, wrong: str) -> list[Case]:
    """Values of a text field that are none; `wrong` is a table of across.wrong_values."""
    values: dict[str, object] = {
        "title": (field.title, field.title_en),
        "name": field.name,
        "value": "{value}",
        "other": "{other}",
        "example": field.example,
    }
    found = []
    for sort, (code, key, rule) in _VALUES.items():
        zh, en = messages(key, **values)
        condition = f"\"{field.name}\" in (select code from {wrong} where sort = '{sort}')"
        named = f"{field.name}_check_digit" if sort == "check_digit" else rule
        other = f'(select any_value(other) from {wrong} where code = "{field.name}")'
        found.append(Case(field, condition, code, zh, en, named, {"other": other}))
    return found


def _double_cases(contract: Contract) -> list[Case]:
    keys = [contract.field(name) for name in contract.primary_key]
    key = "、".join(f.title for f in keys), ", ".join(f.title_en for f in keys)
    found = []
    for rule, condition in (("identical", "identical"), ("conflicting", "not identical")):
        zh, en = messages(
            f"duplicate_key.{rule}", key=key, first="{first_number}", numbers="{numbers}"
        )
        found.append(Case(keys[0], condition, "duplicate_key", zh, en, rule))
    return found


def _special_cases(raw: RawTable) -> list[Case]:
    values: dict[str, object] = {"found": "{found}", "expected": len(raw.columns)}
    return [
        Case(None, f"special = '{name}'", code, *messages(key, limit=LIMIT, **values), name)
        for name, (code, key) in SORTS.items()
    ]


def findings(
    con: duckdb.DuckDBPyConnection, bad: str, raw: RawTable, found: list[tuple[str, Case]]
) -> pa.Table:
    """The findings of the rows in `bad`, by row and then in the order of the cases.

    Of a file with very many bad rows, each row gets at least its first finding.
    """
    places = {column.field: column.sql for column in raw.columns if column.field}
    rows = con.execute(f"select count(*) from {bad}").fetchone()
    also = ""
    if rows and rows[0] > ROWS_IN_FULL:
        bad = _with_first(con, bad, [case.condition for _, case in found])
        also = " and (in_full or first_place = {place})"
    selects = [
        _select(
            bad,
            f"special is null and ({case.condition}){also.format(place=place)}",
            column,
            case,
            place,
            places,
            _address(raw, column),
        )
        for place, (column, case) in enumerate(found)
    ]
    first = "json_extract_string(broken, '$[0]')"
    selects += [
        _select(bad, case.condition, first, case, 0, places, _address(raw, ""))
        for case in _special_cases(raw)
    ]
    names = ", ".join(FINDINGS.names)
    found_rows = con.execute(
        f"select {names} from ({' union all '.join(selects)}) order by id, place"
    )
    return found_rows.to_arrow_table().cast(FINDINGS)


def _with_first(con: duckdb.DuckDBPyConnection, bad: str, conditions: list[str]) -> str:
    """The bad rows with the place of the first condition that holds, and who is told in full."""
    name = new_name("firsts")
    whens = " ".join(f"when {held} then {place}" for place, held in enumerate(conditions))
    con.execute(
        f"create temp table {name} as select *, case {whens} end as first_place, "
        f"row_number() over (order by id) <= {ROWS_IN_FULL} as in_full from {bad}"
    )
    return name


def _select(
    bad: str,
    condition: str,
    column: str,
    case: Case,
    place: int,
    places: dict[str, str],
    cell: str,
) -> str:
    fills = {"value": column, "found": "json_array_length(broken)", **places}
    fills |= {"first_number": "first_number", "numbers": "numbers", **case.fills}
    zh, en = (_filled(text, fills) for text in (case.zh, case.en))
    prefix_zh, prefix_en = messages("in_sheet", sheet="{sheet}")
    field = literal(case.field.name) if case.field else "null"
    rule = literal(case.rule) if case.rule else "null"
    # who signed a return is nothing to keep
    record, value = ("null", "null") if case.rule == "sign_off" else ("record", _capped(column))
    return (
        f"select id, {place} as place, row, {field} as field, {value} as value, "
        f"{literal(case.code)} as code, {rule} as rule, "
        f"{_with_sheet(prefix_zh)} || {zh} as message_zh, "
        f"{_with_sheet(prefix_en)} || {en} as message_en, {record} as record, "
        f"unit_of_row as unit_id, period_of_row as period, {cell} as cell "
        f"from {bad} where {condition}"
    )


def _address(raw: RawTable, column: str) -> str:
    """SQL for the address of a cell in a workbook; of a row as a whole that of its first."""
    if not raw.letters:
        return "null::varchar"
    whens = []
    for sheet, columns in raw.letters.items():
        letter = columns.get(column) or min(columns.values(), key=lambda x: (len(x), x))
        found = literal(sheet_prefix(sheet) + letter)
        whens.append(
            f"when sheet is not distinct from {literal(sheet) if sheet else 'null'} then {found}"
        )
    return f"case {' '.join(whens)} end || row"


def _with_sheet(prefix: str) -> str:
    return f"case when sheet is null then '' else {_filled(prefix, {'sheet': 'sheet'})} end"


def _filled(text: str, fills: dict[str, str]) -> str:
    """SQL for a text with its placeholders replaced by the row's own values."""
    sql = literal(text)
    for name, column in fills.items():
        if f"{{{name}}}" in text:
            text_shown = f"left(coalesce(cast({column} as varchar), ''), {SHOWN})"
            shown = f"regexp_replace({text_shown}, '{_STEERING}', '\ufffd', 'g')"
            sql = f"replace({sql}, '{{{name}}}', {shown})"
    return sql
