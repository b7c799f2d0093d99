"""What the columns of a table mean, from the same list as docs/queries.md."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache

from oneninex.core.settings import ROOT


def meanings(columns: Iterable[str], lang: str) -> dict[str, str]:
    """Column to its meaning, for the columns that the list has; units stand in English only."""
    known = _described()
    found: dict[str, str] = {}
    for column in columns:
        row = known.get(column)
        if row:
            unit = f" [{row['unit']}]" if row["unit"] and lang == "en" else ""
            found[column] = row[lang] + unit
    return found


@cache
def _described() -> dict[str, dict[str, str]]:
    with (ROOT / "queries" / "columns.csv").open(encoding="utf-8", newline="") as file:
        return {row["column"]: row for row in csv.DictReader(file)}
