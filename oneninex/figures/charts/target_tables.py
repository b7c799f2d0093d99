"""The tables behind the figures of the targets.

A table on screen says 缺报 for every NULL. Here an empty cell means other things too: a number
that nobody stated, a month to come, nothing to compare. Each is said in words; numbers keep
their digits.
"""

from collections.abc import Callable, Mapping

import pyarrow as pa

from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.figures.charts import target_words as words
from oneninex.figures.charts.target_words import Row

Cells = Mapping[str, Callable[[Row], object]]


def series(points: pa.Table, row: Row, lang: str, fan: pa.Table | None = None) -> pa.Table:
    """One row per month of the target `row`: value, status, what should be reached, coverage.

    With `fan` of target_forecast, also what is forecast for the month.
    """
    ahead = {point["month"]: point for point in fan.to_pylist()} if fan else {}
    cells: Cells = {
        "month": lambda point: point["month"],
        "value": lambda point: _observed(point, row, lang),
        "status": lambda point: point["status"] or text("targets.not_due", lang),
        "scheduled": lambda point: _exact(point["scheduled"], row, "targets.not_applicable", lang),
        "coverage": lambda point: words.coverage(point, lang),
    }
    if not ahead:
        return _table(points, cells)
    lines = {"p10": "p10", "p50": "p50", "p90": "p90"}
    lines |= {"baseline_forecast": "baseline", "needed": "needed"}
    rows = points.to_pylist()
    forecast = {
        name: [
            _exact(ahead.get(p["month"], {}).get(line), row, "targets.not_applicable", lang)
            for p in rows
        ]
        for name, line in lines.items()
    }
    return pa.table({**_table(points, cells).to_pydict(), **forecast})


def _table(rows: pa.Table, cells: Cells) -> pa.Table:
    given = rows.to_pylist()
    return pa.table({name: [cell(row) for row in given] for name, cell in cells.items()})


def _observed(point: Row, row: Row, lang: str) -> str:
    if point["status"] is None:
        return text("targets.not_due", lang)
    return _exact(point["value"], row, _absent(point, "formats.missing"), lang)


def _absent(row: Row, otherwise: str) -> str:
    return "common.suppressed" if row["status"] == "C" else otherwise


def _exact(value: float | None, row: Row, otherwise: str, lang: str) -> str:
    if value is None:
        return text(otherwise, lang)
    return formats.percent(value, lang, 2) if row["unit"] == "%" else formats.exact(value, lang)
