"""What a cell of the form accepts, and the list that it offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from oneninex.core import escape
from oneninex.domain.contracts import Field
from oneninex.domain.plan import Plan
from oneninex.template import notes
from oneninex.template.words import both, word

_FURTHEST = date(2099, 12, 31)
_LARGEST = 10**15
_MESSAGE, _TITLE = 255, 32  # what Excel allows
_USCC = 18


@dataclass(frozen=True)
class Given:
    """What the form is made for: a unit of a plan, with codes and names of its enterprises."""

    unit_id: str
    plan: Plan
    enterprises: tuple[tuple[str, str], ...]


def options(field: Field, given: Given) -> list[str]:
    """What the field's drop-down offers, as intake reads it; empty where there is none."""
    if field.check == "uscc":
        return [f"{code} {escape.formula(name)}".strip() for code, name in given.enterprises]
    if field.reads == "quarter":
        return _quarters(given.plan)
    if field.codes == "units":
        return [given.unit_id]
    if field.codes == "scopes":
        return [given.unit_id, "全市"]
    if field.codes == "indicators":
        return [row["name_zh"] for row in given.plan.indicators.to_pylist()]
    return [field.labels[code][0] for code in field.enum or field.labels]


def validation(field: Field, given: Given, source: str | None) -> dict[str, Any]:
    """The field's rule for xlsxwriter's data_validation; `source` is the range of its list."""
    rule = _listed(field, source) if source else _measured(field)
    return {
        "ignore_blank": True,
        "input_title": field.title[:_TITLE],
        "input_message": notes.prompt(field)[:_MESSAGE],
        "error_title": word("error_title")[:_TITLE],
        "error_message": _error(field, given)[:_MESSAGE],
        **rule,
    }


def _listed(field: Field, source: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"validate": "list", "source": source}
    if field.separator:
        # Several may stand in a cell, which a list cannot check.
        return {**rule, "show_error": False}
    if field.check == "uscc" or field.reads == "quarter":
        # The registry may be late, and an older quarter may be sent again.
        return {**rule, "error_type": "warning"}
    return rule


def _measured(field: Field) -> dict[str, Any]:
    makers: dict[str, Callable[[Field], dict[str, Any]]] = {
        "integer": _whole,
        "number": _decimal,
        "date": _date,
        "yearmonth": _date,
    }
    return makers.get(field.type, _text)(field)


def _whole(field: Field) -> dict[str, Any]:
    return {"validate": "integer", **_between(field)}


def _decimal(field: Field) -> dict[str, Any]:
    return {"validate": "decimal", **_between(field)}


def _between(field: Field) -> dict[str, Any]:
    low = -_LARGEST if field.minimum is None else field.minimum
    high = _LARGEST if field.maximum is None else field.maximum
    return {"criteria": "between", "minimum": low, "maximum": high}


def _date(field: Field) -> dict[str, Any]:
    first = str(field.minimum or "2000-01-01")
    low = date.fromisoformat(first if len(first) > len("2000-01") else f"{first}-01")
    return {"validate": "date", "criteria": "between", "minimum": low, "maximum": _FURTHEST}


def _text(field: Field) -> dict[str, Any]:
    if field.check == "uscc":
        return {"validate": "length", "criteria": "==", "value": _USCC}
    longest = field.max_length or _MESSAGE
    return {"validate": "length", "criteria": "<=", "value": longest}


def _error(field: Field, given: Given) -> str:
    if field.check == "uscc" and given.enterprises:
        return both("error_enterprise")
    if field.codes == "units":
        return both("error_unit", unit=given.unit_id)
    return both("error", title=field.title, allowed=notes.allowed(field, "zh") or field.example)


def _quarters(plan: Plan) -> list[str]:
    """The quarters of the plan's term and of the year before it, which 同比 needs."""
    first, last = plan.config.start.year - 1, plan.config.end.year
    return [f"{year}Q{quarter}" for year in range(first, last + 1) for quarter in range(1, 5)]
