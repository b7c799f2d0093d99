"""Rows that are wrong as a whole: totals, notes, signatures, a second header, broken ones."""

from __future__ import annotations

from oneninex.domain import contracts
from oneninex.domain.contracts import Field
from oneninex.ingestion.tables import text_values
from oneninex.ingestion.tables.cells import blank, folded, literal, trimmed
from oneninex.ingestion.tables.raw import MAX_CELL, Column, RawTable
from oneninex.ingestion.tables.total_words import ANY, STRONG

_SPAN = (
    "(本|当|上|全|该|[0-9一二三四五六七八九十]+|第|至|-|日|周|旬|月份?|季度?|年度?|半年|期|"
    "项目|单元|企业|部门)*"
)
_SORT = (
    "(合计|总计|小计|共计|累计|总和|平均|均值|合计数|累计数|平均数|平均值|"
    "total|subtotal|grandtotal|totals|sum|average|mean|cumulative|monthlytotal|yeartodate)"
)
_TOTALS = rf"{_SPAN}{_SORT}(\(.*\))?[:：]?"
_SIGNED = (
    "((单位|部门|统计|项目|财务)?(负责人|主管|经办人)|填表人?|填报人?|制表人?|审核人?|复核人?|审批人?|"
    "报送人|联系人|联系电话|联系方式|电话|手机号?码?|签字|签名|签章|盖章|"
    "preparedby|filledinby|reviewedby|checkedby|approvedby|signature|signedby|contact|telephone|phone)"
)
_SIGNATURE = rf"(?s){_SIGNED}(\(.*\))?([:：].*)?"
_FEW = 4  # with fewer columns a row with one cell is no sign of a note

# Each sort of row: the code of its finding, and the key of its message below findings.
SORTS = {
    "cells": ("not_a_table", "not_a_table.cells"),
    "quote": ("not_a_table", "not_a_table.quote"),
    "json": ("not_a_table", "not_a_table.json"),
    "cell_too_long": ("too_large", "too_large.cell"),
    "sign_off": ("not_a_table", "not_a_table.sign_off"),
    "note_row": ("not_a_table", "not_a_table.note_row"),
    "repeated_header": ("not_a_table", "not_a_table.repeated_header"),
    "total_row": ("rule", "rule.total_row"),
    "struck": ("rule", "not_a_table.struck"),
}
LIMIT = f"{MAX_CELL:,}"


def sort_of_row(raw: RawTable) -> str:
    """SQL for the sort of a row, NULL for a row of data: its cells then have their own findings.

    What concerns many columns is written as one list: an expression that nests once for each of
    a thousand columns is more than the engine takes.
    """
    columns = [column.sql for column in raw.columns]
    named = [column for column in raw.columns if column.named]
    texts = f"[{', '.join(columns)}]"
    pairs = ", ".join(f"{trimmed(c.sql)} = {literal(c.header)}" for c in named)
    same = f"len(list_filter([{pairs}], lambda same: same))"
    filled = f"len(list_filter({texts}, lambda cell: not ({blank('cell')})))"
    note = f"when {filled} = 1 then 'note_row' " if len(columns) >= _FEW else ""
    adding = " or ".join(_adds_up(c) for c in columns_that_name(raw)) or "false"
    broken = "cast(coalesce(broken, '[]') as json)::varchar[]"
    # 审核 may be a task too, but then the row is a full one
    signed = f"{_any(texts, _SIGNATURE)} and 3 * {filled} <= {2 * len(columns)}"
    return (
        f"case when fault is not null and {_any(broken, _SIGNATURE)} then 'sign_off' "
        "when fault is not null then fault "
        f"when {_any(texts, _TOTALS)} or {adding} then 'total_row' when {signed} then 'sign_off' "
        f"when {same} >= {max(2, (len(named) + 1) // 2)} then 'repeated_header' {note}end"
    )


def columns_that_name(raw: RawTable) -> list[Column]:
    """The columns in which a row of totals says what it is: of codes, names and dates."""
    contract = contracts.load(raw.kind)
    texts = [c for c in raw.columns if c.field and contract.field(c.field).type != "number"]
    return [c for c in texts if _says_what(contract.field(c.field or ""))]


def _says_what(field: Field) -> bool:
    prose = text_values.is_judged(field) and not field.required
    return field.type != "integer" and (not prose or text_values.is_code(field))


def _adds_up(column: Column) -> str:
    """SQL that is true where a cell names a total, among other words: HK-07 汇总."""
    pattern = STRONG if column.field == "title_zh" else ANY
    text = f"lower({folded(column.sql)})"
    return f"coalesce(regexp_matches({text}, {literal(pattern)}), false)"


def _any(cells: str, pattern: str) -> str:
    """Whether a cell of the list is wholly of the pattern, spaces and case aside."""
    tight = f"lower(replace({folded('cell')}, ' ', ''))"
    like = f"regexp_full_match({tight}, {literal(pattern)})"
    return f"len(list_filter({cells}, lambda cell: {like})) > 0"
