"""Rows, sheets and groups of rows that equal the sum of the others: totals that no word names.

Only tables that a person may have added up are looked at; a chance is ruled out by the weight of
the figures that agree.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from oneninex.domain.contracts import Contract, Field
from oneninex.ingestion.findings import Finding, messages
from oneninex.ingestion.tables.raw import RawTable
from oneninex.ingestion.tables.total_words import is_total

MAX_ROWS = 100_000
# People of several days or companies may be the same, so they need not add up.
NOT_SUMMED = ("annotators", "employees")
_WEIGHT = 1e5  # product of the different figures that agree: chance makes no such sum
_PARTS = 1e6  # of which whole numbers are compared, for hours have decimals

Vector = tuple[int, ...]


@dataclass(frozen=True)
class Total:
    """Rows that add up others: their ids, and what is said of them."""

    ids: tuple[int, ...]
    finding: Finding


@dataclass(frozen=True)
class _Row:
    id: int
    number: int
    sheet: str | None
    keys: tuple[object, ...]
    figures: tuple[Any, ...]
    people: Vector


def is_summed(field: Field) -> bool:
    """Whether the figures of different rows of a field may be added."""
    return field.type in ("integer", "number") and field.name not in NOT_SUMMED


def find(
    con: duckdb.DuckDBPyConnection, contract: Contract, raw: RawTable, rows: str, where: str
) -> list[Total]:
    """The totals among the rows for which `where` holds."""
    if not contract.has("unit_id"):  # a city-wide value is the sum of its units by right
        return []
    held = {column.field for column in raw.columns}
    fields = [f for f in contract.fields if f.name in held and is_summed(f)]
    people = [f for f in contract.fields if f.name in held and f.name in NOT_SUMMED]
    found = _read(con, contract, raw, fields + people, rows, where) if fields else []
    if not found:
        return []
    complete = [n for n in range(len(fields)) if all(row.figures[n] is not None for row in found)]
    if not complete:
        return []
    lines = [_line(row, complete, len(fields)) for row in found]
    sheets = _sheets(lines)
    used = {id for total in sheets for id in total.ids}
    lines = [line for line in lines if line.id not in used]
    single = _rows(lines)
    used = {id for total in single for id in total.ids}
    lines = [line for line in lines if line.id not in used]
    totals = [*sheets, *single, *_groups(lines, contract)]
    by_id = {row.id: row for row in found}
    return [_with_address(total, raw, by_id[total.ids[0]]) for total in totals]


def _with_address(total: Total, raw: RawTable, first: _Row) -> Total:
    cell = raw.address(first.sheet, first.number, total.finding.field)
    return replace(total, finding=replace(total.finding, cell=cell))


def _read(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    raw: RawTable,
    fields: Sequence[Field],
    rows: str,
    where: str,
) -> list[_Row]:
    counted = con.execute(f"select count(*) from {rows} where {where}").fetchone()
    if not counted or not 2 < counted[0] <= MAX_ROWS:
        return []
    keys = ", ".join(f't."{name}"' for name in contract.primary_key)
    figures = ", ".join(f't."{field.name}"' for field in fields)
    sheet, joined = "null", ""
    if raw.stored:
        sheet, joined = "r.sheet", f" left join {raw.source} as r on r.id = t.row_id"
    listed = con.execute(
        f"select t.row_id, t.row_number_in_file, {sheet}, {keys}, {figures} from (select * "
        f"from {rows} where {where}) as t{joined} order by t.row_id"
    ).fetchall()
    first = 3 + len(contract.primary_key)
    return [_Row(r[0], r[1], r[2], r[3:first], r[first:], ()) for r in listed]


def _line(row: _Row, complete: Sequence[int], fields: int) -> _Row:
    figures = tuple(round(float(row.figures[n]) * _PARTS) for n in complete)
    people = tuple(round(float(n or 0) * _PARTS) for n in row.figures[fields:])
    return _Row(row.id, row.number, row.sheet, row.keys, figures, people)


def _weight(figures: Iterable[int]) -> float:
    different = {abs(figure) / _PARTS for figure in figures if figure}
    return math.prod(max(figure, 1.0) for figure in different) if len(different) > 1 else 0.0


def _added(rows: Iterable[_Row], people: bool = False) -> Vector:
    vectors = [row.people if people else row.figures for row in rows]
    return tuple(map(sum, zip(*vectors, strict=True)))


def _agrees(total: Sequence[_Row], parts: Sequence[_Row]) -> bool:
    """Whether rows are the sum of others, by figures that chance does not bring together."""
    figures = _added(total)
    if figures != _added(parts):
        return False
    people, others = _added(total, True), _added(parts, True)
    same = [a for a, b in zip(people, others, strict=True) if a == b]
    return _weight([*figures, *same]) >= _WEIGHT


def _sheets(lines: Sequence[_Row]) -> list[Total]:
    """Sheets that call themselves a summary beside their parts, or equal the sum of the others."""
    by_sheet: dict[str, list[_Row]] = defaultdict(list)
    for line in lines:
        by_sheet[line.sheet or ""].append(line)
    if len(by_sheet) < 2:
        return []
    named = [name for name in by_sheet if is_total(name)]
    if named and len(named) < len(by_sheet):
        return [_sheet_total(name, by_sheet[name], "rule.summary_sheet") for name in named]
    for name, rows in by_sheet.items():
        others = [line for other, found in by_sheet.items() if other != name for line in found]
        # two sheets of equal length and sum may hold two months that are alike
        unlike = len(by_sheet) > 2 or len(rows) < len(others)
        if unlike and _agrees(rows, others):
            return [_sheet_total(name, rows, "rule.sum_of_sheets")]
    return []


def _sheet_total(name: str, rows: Sequence[_Row], key: str) -> Total:
    values: dict[str, object] = {"sheet": name, "rows": f"{len(rows):,}"}
    finding = Finding("rule", key, row=rows[0].number, rule="equals_sum", values=values)
    return Total(tuple(row.id for row in rows), finding)


def _rows(lines: Sequence[_Row]) -> list[Total]:
    """Single rows that equal the rows above or below them, or all others with one of their keys."""
    filled = [line for line in lines if any(line.figures)]
    found = _blocks(filled)
    found |= {id: parts for id, parts in _blocks(filled[::-1]).items() if id not in found}
    for place in range(len(lines[0].keys) if lines else 0):
        groups: dict[object, list[_Row]] = defaultdict(list)
        for line in filled:
            if line.id not in found:
                groups[line.sheet, line.keys[place]].append(line)
        for group in groups.values():
            found |= _one_of(group)
    found |= _one_of([line for line in filled if line.id not in found])
    by_id = {line.id: line for line in lines}
    return [_row_total(by_id[id], parts) for id, parts in sorted(found.items())]


def _blocks(lines: Sequence[_Row]) -> dict[int, list[_Row]]:
    """Rows that equal a run of at least two rows just before them, totals left out."""
    found: dict[int, list[_Row]] = {}
    sheet: str | None = None
    run: list[_Row] = []
    places: dict[Vector, int] = {}
    total: Vector = ()
    for line in lines:
        if not run or line.sheet != sheet:
            sheet, run, total = line.sheet, [], tuple(0 for _ in line.figures)
            places = {total: 0}
        before = tuple(a - b for a, b in zip(total, line.figures, strict=True))
        start = places.get(before)
        if start is not None and len(run) - start > 1 and _agrees([line], run[start:]):
            found[line.id] = run[start:]
            continue
        run.append(line)
        total = tuple(a + b for a, b in zip(total, line.figures, strict=True))
        places[total] = len(run)
    return found


def _one_of(group: Sequence[_Row]) -> dict[int, list[_Row]]:
    """The row of a group of three or more that equals the sum of the others, if there is one."""
    if len(group) < 3:
        return {}
    added = _added(group)
    for line in group:
        if tuple(2 * figure for figure in line.figures) == added:
            parts = [other for other in group if other is not line]
            return {line.id: parts} if _agrees([line], parts) else {}
    return {}


def _row_total(line: _Row, parts: Sequence[_Row]) -> Total:
    numbers = sorted(part.number for part in parts)
    shown = "、".join(map(str, numbers[:6])) + ("…" if len(numbers) > 6 else "")
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        shown = f"{numbers[0]}–{numbers[-1]}"
    sheet = messages("in_sheet", sheet=line.sheet) if line.sheet else ("", "")
    values: dict[str, object] = {"numbers": (shown, shown.replace("、", ", ")), "sheet": sheet}
    finding = Finding("rule", "rule.sum_of_rows", row=line.number, rule="equals_sum", values=values)
    return Total((line.id,), finding)


def _groups(lines: Sequence[_Row], contract: Contract) -> list[Total]:
    """All rows with one value of a key where they equal the rows of all other values together."""
    # a row that comes again is a repeated key, and no day is the total of the others
    lines = list({tuple(line.keys): line for line in reversed(lines)}.values())[::-1]
    for place, name in enumerate(contract.primary_key):
        if name == contract.period:
            continue
        groups: dict[object, list[_Row]] = defaultdict(list)
        for line in lines:
            groups[line.keys[place]].append(line)
        if len(groups) < 3:
            continue
        for value, rows in groups.items():
            others = [line for other, found in groups.items() if other != value for line in found]
            if len(rows) > 1 and _agrees(rows, others):
                field = contract.field(name)
                values: dict[str, object] = {
                    "title": (field.title, field.title_en),
                    "value": str(value),
                    "rows": f"{len(rows):,}",
                }
                finding = Finding(
                    "rule",
                    "rule.sum_of_group",
                    row=rows[0].number,
                    field=name,
                    value=str(value),
                    rule="equals_sum",
                    values=values,
                )
                return [Total(tuple(row.id for row in rows), finding)]
    return []
