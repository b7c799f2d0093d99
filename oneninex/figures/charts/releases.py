"""What is released to readers who are not the planner, what waits and why, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core.i18n import text

COLUMNS = (
    "period", "family", "scope", "measure", "state", "value", "of", "released_on", "waits_for",
)  # fmt: skip
_SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])


def titles(lang: str) -> dict[str, str]:
    """Return the heading of each column."""
    return {name: text(f"releases.{name}", lang) for name in COLUMNS}


def listing(
    table: pa.Table, names: Mapping[str, str], rules: Mapping[str, str], lang: str
) -> pa.Table:
    """Return the table that people read.

    `table`: releases; `names`: units by their id; `rules`: the plan's rule of suppression in words.
    """
    rows = [_row(row, names, rules, lang) for row in table.to_pylist()]
    return pa.Table.from_pylist(rows, _SCHEMA)


def _row(
    row: Mapping[str, Any], names: Mapping[str, str], rules: Mapping[str, str], lang: str
) -> dict[str, str]:
    family, scope, value = row["family"], row["scope"], row["value"]
    waits = [names.get(one, one) for one in (row["waits_for"] or "").split("|") if one]
    known = row["contributors"] is not None
    return {
        "period": formats.month(row["month"], lang),
        "family": text(f"releases.family_{family}", lang),
        "scope": text(f"releases.scope_{scope}", lang)
        if scope in ("city", "rest")
        else names.get(scope, scope),
        "measure": text(f"releases.measure_{row['measure']}", lang) if row["measure"] else "",
        "state": text(f"releases.state_{row['release_state']}", lang, **rules),
        "value": formats.exact(value, lang) if value is not None else "",
        "of": f"{row['contributors']}/{row['contributors_due']}" if known else "",
        "released_on": row["released_on"].isoformat() if row["released_on"] else "",
        "waits_for": formats.listing(waits, lang) if waits else "",
    }
