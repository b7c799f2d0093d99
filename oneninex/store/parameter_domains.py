"""Domains of query parameters: which values a parameter takes, and what to say of another one.

`queries/parameters.csv` names the domain of each parameter, of one query or (empty) of all:
`month` (first day of a month), `quarter` (2026Q3), `number`, `text` (any), or the allowed values
joined by |, where `table.column` stands for the codes of the snapshot that a reader may see.
"""

from __future__ import annotations

import csv
import difflib
import math
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import duckdb

from oneninex.store import sql_catalog
from oneninex.store.errors import WrongParameter

FILE = sql_catalog.QUERIES / "parameters.csv"
_QUARTER = re.compile(r"\d{4}Q[1-4]")
_COLUMN = re.compile(r"[a-z_]+\.[a-z_]+")
_LONGEST = 80  # characters of a wrong value that are repeated
_MOST = 60  # values that are listed
_RANGES = (("from_month", "to_month"),)


@lru_cache(maxsize=1)
def _declared() -> dict[tuple[str, str], str]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {(row["query"], row["parameter"]): row["domain"] for row in csv.DictReader(file)}


def domain(query: str, parameter: str) -> str | None:
    """Return the declared domain of a parameter, None where there is none."""
    declared = _declared()
    return declared.get((query, parameter), declared.get(("", parameter)))


def check(query: str, bound: Mapping[str, Any], cursor: duckdb.DuckDBPyConnection) -> None:
    """Refuse a value that lies outside its parameter's domain.

    `cursor` already reads as the audience, so that no code is listed that it may not see.

    Raises WrongParameter.
    """
    for name in sorted(bound):
        if bound[name] is not None:
            _check_one(query, name, bound[name], cursor)
    for first, last in _RANGES:
        start, end = bound.get(first), bound.get(last)
        if start is not None and end is not None and str(start)[:10] > str(end)[:10]:
            raise WrongParameter(
                "store.months_reversed", name=query, first=str(start)[:10], last=str(end)[:10]
            )


def _check_one(query: str, name: str, value: Any, cursor: duckdb.DuckDBPyConnection) -> None:
    kind = domain(query, name)
    said = {"name": query, "parameter": name, "value": str(value)[:_LONGEST]}
    if kind == "month":
        if not _is_month(value):
            raise WrongParameter("store.not_a_month", **said)
    elif kind == "quarter":
        if not _QUARTER.fullmatch(str(value)):
            raise WrongParameter("store.not_a_quarter", **said)
    elif kind == "number":
        if not _is_number(value):
            raise WrongParameter("store.not_a_number", **said)
    elif kind is not None and kind != "text":
        allowed = _values(kind, cursor)
        if str(value) not in allowed:
            raise WrongParameter("store.outside_domain", **said, allowed=_listed(allowed, value))


def _values(kind: str, cursor: duckdb.DuckDBPyConnection) -> list[str]:
    found: list[str] = []
    for part in kind.split("|"):
        if _COLUMN.fullmatch(part):
            table, column = part.split(".")
            codes = cursor.execute(f"select distinct {column} from {table}").fetchall()
            found += sorted(str(code) for (code,) in codes)
        else:
            found.append(part)
    return found


def _listed(allowed: list[str], value: Any) -> str:
    """The allowed values, the nearest first; a long list is cut."""
    near = difflib.get_close_matches(str(value), allowed, 3)
    ordered = [*near, *(code for code in allowed if code not in near)]
    return ", ".join(ordered[:_MOST]) + (" …" if len(ordered) > _MOST else "")


def _is_month(value: Any) -> bool:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return False
    return day.day == 1


def _is_number(value: Any) -> bool:
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError):
        return False
