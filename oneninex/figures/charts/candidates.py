"""The candidates for the benchmark enterprises, with each criterion beside what it is met by."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.figures.charts import withheld
from oneninex.figures.charts.enterprises import money

Row = Mapping[str, Any]
STANDINGS = ("candidate", "undecided", "no")
# Criterion: the column that it looks at, and how that is written.
CRITERIA = {
    "revenue": ("revenue_10k_cny", "money"),
    "growth": ("yoy", "change"),
    "employees": ("employees", "count"),
    "rd": ("rd_share", "share"),
    "certified": ("certified_share", "share"),
}
_MARKS = {True: "✓", False: "✗", None: "?"}
_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("enterprise", "standing", "met", *CRITERIA)]
    + [(name, pa.string()) for name in ("unit_id", "origin", "recognition", "enterprise_id")]
)


def candidates(table: pa.Table, lang: str) -> pa.Table:
    """The table that people read; `table`: benchmark_candidates, localised."""
    return pa.Table.from_pylist([_row(row, lang) for row in table.to_pylist()], _SCHEMA)


def describe(table: pa.Table, lang: str) -> str:
    """How many meet every criterion, how many cannot be decided, and who the first are.

    A reader who may not see every enterprise is told how many are withheld.
    """
    rows = table.to_pylist()
    if not rows:
        return _t("none", lang)
    counts = Counter(row["standing"] for row in rows)
    told: dict[str, Any] = {name: counts[name] for name in STANDINGS}
    quarter = formats.quarter(rows[0]["quarter"], lang)
    names = [_name(row, lang) for row in rows if row["standing"] == "candidate"]
    listed = _t("named", lang, names=formats.listing(names[:5], lang)) if names else ""
    hidden = sum(row["suppressed"] for row in rows)
    if hidden == len(rows):
        return _t("withheld", lang, quarter=quarter, enterprises=len(rows))
    key = "says_part" if hidden else "says"
    told |= {"quarter": quarter, "enterprises": len(rows), "listed": listed, "hidden": hidden}
    return _t(key, lang, **told)


def headings(lang: str) -> dict[str, str]:
    """Headings of the columns of the table that people read."""
    return {name: _t(f"column.{name}", lang) for name in ("standing", "met", *CRITERIA)}


def _row(row: Row, lang: str) -> dict[str, str | None]:
    origin = row["origin"]
    return {
        "enterprise": _name(row, lang),
        "standing": _standing(row, lang),
        "met": _met(row, lang),
        **{name: _criterion(row, name, lang) for name in CRITERIA},
        "unit_id": row["unit_id"],
        "origin": text(f"enterprises.{origin or 'not_registered'}", lang),
        "recognition": row["recognition"] or text("enterprises.no_recognition", lang),
        "enterprise_id": row["enterprise_id"],
    }


def _standing(row: Row, lang: str) -> str:
    hidden = row["standing"] is None
    return withheld.word(lang) if hidden else _t(f"standing_{row['standing']}", lang)


def _met(row: Row, lang: str) -> str:
    met = row["criteria_met"]
    return withheld.word(lang) if met is None else f"{met}/{len(CRITERIA)}"


def _criterion(row: Row, name: str, lang: str) -> str:
    column, kind = CRITERIA[name]
    value = row[column]
    if value is None and row["suppressed"]:
        return withheld.word(lang)
    mark = _MARKS[row[f"meets_{name}"]]
    if value is None:
        return f"{mark} {_t('unknown', lang)}"
    written = {
        "money": lambda: money(value, lang, full=True),
        "change": lambda: formats.change(1 + value, 1, lang),
        "count": lambda: formats.exact(value, lang),
        "share": lambda: formats.percent(value, lang),
    }[kind]()
    return f"{mark} {written}"


def _name(row: Row, lang: str) -> str:
    return row["name"] or text("enterprises.nameless", lang)


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"enterprises.candidates.{key}", lang, **values)
