"""Withheld cells in tables and files: 保密 or 待报齐 where the number would stand."""

from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.figures.charts import withheld
from oneninex.ui.context import lang

_CODES = ("base_state", "high_growth", "light", "state")
_FRACTIONS = ("_rate", "_accuracy", "_share", "yoy", "mom", "probability")


def flags(data: pa.Table) -> list[bool]:
    """Which rows are withheld at least in part: by their column suppressed, or status C or W."""
    given = {name: data.column(name).to_pylist() for name in data.column_names}
    suppressed = given.get("suppressed", [])
    statuses = given.get("status", [])
    return [
        bool(suppressed and suppressed[row] is True)
        or bool(statuses and statuses[row] in ("C", "W"))
        for row in range(data.num_rows)
    ]


def worded(data: pa.Table, *, exact: bool = False) -> pa.Table:
    """The table with 保密 or 待报齐 in the empty cells of withheld rows.

    Other numbers of these columns are text, as people read them or, with `exact`, as they are.
    """
    rows = flags(data)
    if not any(rows):
        return data
    statuses = data.column("status").to_pylist() if "status" in data.column_names else []
    waiting = text("common.waiting", lang())
    absent = [
        waiting if statuses and statuses[row] == "W" else withheld.word(lang())
        for row in range(data.num_rows)
    ]
    for index, field in enumerate(data.schema):
        if not (_is_number(field.type) or field.name in _CODES):
            continue
        cells = data.column(index).to_pylist()
        hidden = [flag and cell is None for flag, cell in zip(rows, cells, strict=True)]
        if any(hidden):
            words = [
                word if gone else _text(field.name, cell, exact)
                for gone, cell, word in zip(hidden, cells, absent, strict=True)
            ]
            data = data.set_column(index, field.name, pa.array(words, pa.string()))
    return data


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind)


def _text(name: str, cell: Any, exact: bool) -> str | None:
    if cell is None or isinstance(cell, str) or exact:
        return None if cell is None else str(cell)
    if name.endswith(_FRACTIONS):
        return formats.percent(cell, lang())
    return formats.exact(cell, lang())
