"""What the page "Who is growing?" says in words: headline figures and the table of growth."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core.i18n import keys, text
from oneninex.figures.charts import withheld
from oneninex.figures.charts.cards import Card, toned
from oneninex.figures.charts.enterprise_numbers import money, yoy

STATES = ("qualifies", "on_pace", "no", "too_early")
SORTS = ("yoy", "revenue_10k_cny", "employees")
MEASURES = ("labeling_revenue", "employees")
Row = Mapping[str, Any]


def cards(summary: Row, totals: Row, lang: str) -> list[Card]:
    """Active, attracted and grown as in enterprise_summary; revenue and employees of the quarter.

    `totals`: the quarter's row of enterprise_totals.
    """
    month = formats.month(summary["month"], lang)
    known = summary["active"] is not None
    origin = _t("origin_value", lang, **summary) if known else formats.missing(lang)
    moves = _t("moves", lang, **summary) if known else ""
    count = summary["unregistered"]
    unregistered = _t("unregistered_note", lang, count=count) if count else ""
    return [
        Card(_t("active_card", lang), formats.number(summary["active"], lang), (moves,),
             (_t("as_at", lang, month=month),)),
        Card(_t("origin_card", lang), origin, (), (unregistered,)),
        _quarter_card("revenue", totals, lang),
        _quarter_card("employees", totals, lang),
    ]  # fmt: skip


def _quarter_card(name: str, totals: Row, lang: str) -> Card:
    value = totals["revenue_10k_cny" if name == "revenue" else name]
    change = yoy(totals, name, lang)
    quarter = formats.quarter(totals["quarter"], lang)
    if value is None:
        word = withheld.word(lang) if totals["suppressed"] else formats.missing(lang)
        return Card(_t(f"{name}_card", lang), word, (), (quarter,))
    note = _t("quarter_note", lang, quarter=quarter, enterprises=totals["enterprises"])
    written = money(value, lang) if name == "revenue" else formats.number(value, lang)
    return Card(_t(f"{name}_card", lang), written, (_marked(change),), (note,))


def _marked(words: str) -> str:
    up = "+" in words
    return toned(words, up=up, good=up) if up or formats.MINUS in words else words


def growth(table: pa.Table, sort: str, lang: str) -> pa.Table:
    """The table that people read: enterprise_growth with words where there is no number.

    `table` is localised (name); `sort` of SORTS, largest first, what has no value last.
    """
    ordered = table.sort_by([(sort, "descending"), ("enterprise_id", "ascending")])
    return pa.Table.from_pylist([_growth_row(row, lang) for row in ordered.to_pylist()], _GROWTH)


_GROWTH = pa.schema(
    [
        ("enterprise", pa.string()),
        ("yoy", pa.string()),
        ("revenue_10k_cny", pa.float64()),
        ("growth", pa.string()),
        ("employees", pa.int64()),
        ("unit_id", pa.string()),
        ("registry", pa.string()),
        ("recognition", pa.string()),
        ("enterprise_id", pa.string()),
        ("suppressed", pa.bool_()),
    ]
)


def _growth_row(row: Row, lang: str) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("enterprise_id", "unit_id", "suppressed")},
        "growth": growth_word(row, lang),
        **{name: row[name] for name in ("revenue_10k_cny", "employees")},
        "enterprise": row["name"] or _t("nameless", lang),
        "yoy": yoy_words(row, lang),
        "registry": _t("registered" if row["registered"] else "not_registered", lang),
        "recognition": row["recognition"] or _t("no_recognition", lang),
    }


def growth_word(row: Row, lang: str) -> str:
    """The state of high growth in words, or 保密."""
    if row["suppressed"]:
        return withheld.word(lang)
    return _t(f"state_{row['high_growth']}", lang)


def yoy_words(row: Row, lang: str) -> str:
    """An enterprise's 同比, or 无同期, 基数为0, 基数为负, 保密."""
    if row["suppressed"]:
        return withheld.word(lang)
    if row["base_state"] == "missing":
        return _t("no_base", lang)
    if row["base_state"] != "ok":
        return text(f"formats.base_{row['base_state']}", lang)
    return formats.change(1 + row["yoy"], 1, lang)


def describe_growth(table: pa.Table, quarter: str, lang: str) -> str:
    """How many enterprises reported the quarter, and how many stand in each state."""
    if not table.num_rows:
        return _t("growth_none", lang)
    hidden = sum(table.column("suppressed").to_pylist())
    if hidden == table.num_rows:
        return _t(
            "growth_withheld",
            lang,
            quarter=formats.quarter(quarter, lang),
            enterprises=table.num_rows,
        )
    counts = Counter(table.column("high_growth").to_pylist())
    parts = [
        _t(
            "state_part",
            lang,
            state=_t(f"state_{state}", lang),
            count=counts[state],
        )
        for state in STATES
    ]
    return _t(
        "growth_partly" if hidden else "growth_says",
        lang,
        hidden=hidden,
        quarter=formats.quarter(quarter, lang),
        enterprises=table.num_rows,
        parts=formats.listing(parts, lang),
    )


def covered(row: Row) -> tuple[int, int, tuple[str, ...]]:
    """Units reported, units due and the ids of the missing, for a row with those columns."""
    missing = row["missing_units"]
    return row["units_reported"], row["units_due"], tuple(missing.split("|")) if missing else ()


def labelled(quotients: pa.Table) -> tuple[int, int, tuple[str, ...]]:
    """The same for location_quotient: a unit without items has reported nothing."""
    units: dict[str, bool] = {}
    for row in quotients.to_pylist():
        units[row["unit_id"]] = row["unit_items"] is not None
    missing = tuple(unit for unit, there in units.items() if not there)
    return len(units) - len(missing), len(units), missing


def comparison_note(totals: Row, lang: str) -> str:
    """Which units 同比 rests on."""
    return _t("compared", lang, units=totals["yoy_units"])


def column_titles(lang: str) -> dict[str, str]:
    """Headings of the columns of this page's tables."""
    prefix = "enterprises.column."
    return {
        key.removeprefix(prefix): text(key, lang) for key in keys(lang) if key.startswith(prefix)
    }


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"enterprises.{key}", lang, **values)
