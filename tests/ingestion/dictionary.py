"""docs/data-dictionary.md, made from data/contracts: python -m tests.ingestion.dictionary."""

from __future__ import annotations

import re

from oneninex.core.settings import ROOT
from oneninex.domain import contracts
from oneninex.domain.contracts import Contract, Field, Rule

PAGE = ROOT / "docs" / "data-dictionary.md"
PREAMBLE = """# Data dictionary · 数据字典

<!-- Made by `python -m tests.ingestion.dictionary`; a test says when it is out of date. -->

What each return holds, made from `data/contracts`, the one source of the checks and the Excel
form too. Headers may be written as the code, the Chinese or the English name or one of the
further names; columns in any order. Empty is missing, never 0.

各类报表的字段，由 `data/contracts` 生成；校验和填报模板也出自同一来源。表头可写字段代码、中文名、
英文名或别名，列的次序不限。空格表示缺失，不等于 0。
"""
TYPES = {
    "string": "文本 text",
    "integer": "整数 integer",
    "number": "数值 number",
    "date": "日期 date",
    "yearmonth": "月份 month",
    "boolean": "是否 yes or no",
    "datetime": "时间 time (UTC)",
}
HEADS = [
    "字段 field",
    "名称 name",
    "类型 type",
    "单位 unit",
    "必填 required",
    "取值 permitted",
    "说明 meaning",
    "示例 example",
]
CODES = {
    "units": "计划中的单元 units of the plan",
    "scopes": "`city` 或单元 or a unit",
    "indicators": "计划中的指标 indicators of the plan",
    "sectors": "计划中的领域 sectors of the plan",
    "links": "计划中的环节 links of the plan",
}
LATEST = {
    "today": "不晚于今天 not after today",
    "year_end": "不晚于今年年末 not after the end of this year",
}


def page() -> str:
    """The whole document."""
    return "\n".join([PREAMBLE, *(_kind(contracts.load(kind)) for kind in contracts.kinds())])


def _kind(contract: Contract) -> str:
    key = ", ".join(f"`{name}`" for name in contract.primary_key)
    replaced = ", ".join(f"`{name}`" for name in contract.replaces)
    lines = [
        f"## {contract.kind} · {contract.title} · {contract.title_en}",
        "",
        f"{contract.description} {contract.description_en}",
        "",
        f"主键 key: {key}. 重报替换相同的 a later return replaces the same: {replaced}.",
        "",
        _row(HEADS),
        "|" + "---|" * len(HEADS),
        *(_row(_field(field)) for field in contract.fields),
        "",
        *_rules(contract.rules),
        *_further_names(contract),
    ]
    return "\n".join(lines)


def _field(field: Field) -> list[str]:
    unit = " ".join(dict.fromkeys(filter(None, (field.unit, field.unit_en))))
    return [
        f"`{field.name}`",
        f"{field.title}<br>{field.title_en}",
        "季度 quarter" if field.reads == "quarter" else TYPES[field.type],
        unit,
        "是 yes" if field.required else "",
        "<br>".join(_permitted(field)),
        f"{field.description}<br>{field.description_en}",
        f"`{field.example}`" if field.example else "",
    ]


def _permitted(field: Field) -> list[str]:
    """Range, codes, length and form of a field's values."""
    found = []
    if field.minimum is not None:
        found.append(f"≥ {_bound(field.minimum)}")
    if field.maximum is not None:
        found.append(f"≤ {_bound(field.maximum)}")
    if field.latest:
        found.append(LATEST[field.latest])
    if field.codes:
        found.append(CODES[field.codes])
    for code in field.enum or field.labels:
        names = field.labels.get(code, ())
        found.append(f"`{code}` {' '.join(names[:2])}".rstrip())
    if field.separator:
        found.append(f"可多选 several, `{field.separator}` 分隔 between")
    if field.max_length:
        found.append(f"至多 {field.max_length} 字 at most {field.max_length} characters")
    if field.check == "uscc":
        found.append("18 位，校验码正确 18 characters with a correct check digit")
    elif field.pattern and not field.labels:
        found.append(f"`{field.pattern}`")
    return found


def _bound(bound: float | str) -> str:
    return bound if isinstance(bound, str) else f"{bound:,}"


def _rules(rules: tuple[Rule, ...]) -> list[str]:
    if not rules:
        return []
    rows = [
        _row([f"`{rule.name}`", f"`{rule.expression}`", "<br>".join(_messages(rule))])
        for rule in rules
    ]
    return [
        "| 规则 rule | 须成立 must hold | 否则提示 else it is said |",
        "|---|---|---|",
        *rows,
        "",
    ]


def _messages(rule: Rule) -> list[str]:
    """What is said in both languages, with the fields that it shows as code."""
    return [re.sub(r"\{(\w+)\}", r"`\1`", text) for text in (rule.message_zh, rule.message_en)]


def _further_names(contract: Contract) -> list[str]:
    listed = [
        f"- `{field.name}`: {'、'.join(field.aliases)}"
        for field in contract.fields
        if field.aliases
    ]
    return ["别名 further names of the headers:", "", *listed, ""] if listed else []


def _row(cells: list[str]) -> str:
    escaped = (re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in cells)
    return "| " + " | ".join(escaped) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
