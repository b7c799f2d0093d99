"""Figures of the page "How do we stand?": the city beside what other places publish.

A place that counts otherwise (another kind: stock, flow, capacity, induced output, wider scope)
is shown with its figure, hatched and named, and never in a range or a comparison.
"""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures.charts import labelled_bars, withheld
from oneninex.figures.charts.cards import Card
from oneninex.figures.charts.figure import Figure

Row = Mapping[str, Any]
Indicators = Mapping[str, Row]
INDICATORS = (
    "workers", "labeling_enterprises", "hq_datasets", "models_served", "annotated_volume",
    "labeling_revenue", "datasets_traded", "dataset_trade_value", "dataset_volume",
    "workstations", "annotation_capacity",
)  # fmt: skip
BASES = ("per_enterprise", "per_worker", "value")
HEADLINES = (
    ("workers", "per_enterprise"),
    ("hq_datasets", "per_enterprise"),
    ("annotated_volume", "per_worker"),
    ("labeling_revenue", "per_worker"),
)
# A count per worker is a long fraction: per ten thousand workers it is a number to read.
_MANY = 10_000
_MEASURED = {"TB", "万元", "10k CNY"}
_SIGNS = {"exceed": ">", "about": "≈", "equal": ""}


def indicators(listed: pa.Table) -> dict[str, dict[str, Any]]:
    """The indicators that places publish, as far as the plan has them; `listed`: indicators."""
    rows = {row["indicator_id"]: row for row in listed.to_pylist()}
    return {name: rows[name] for name in INDICATORS if name in rows}


def bars(table: pa.Table, indicator: Row, basis: str, lang: str, theme: str | None) -> Figure:
    """The city first, then the places that count alike, largest first, then the others hatched.

    `table`: benchmarks of one indicator, localised; `indicator`: its row of indicators.
    """
    colours = palette.of(theme)
    drawn = []
    for row in ordered(table, basis):
        words = plain(row, indicator, basis, lang)
        name = row["place"]
        if not alike(row):
            name = f"{name} · ⚠ {text('plan.kind.' + row['kind'], lang)}"
        colour = colours.primary if row["here"] else colours.other
        told = written(row, indicator, basis, lang)
        hover = f"<b>{name}</b><br>{told}<br>{dated(row, basis, lang)}"
        shape = "" if alike(row) else "/"
        drawn.append(labelled_bars.Bar(name, row[basis], words, hover, colour, shape))
    return labelled_bars.figure(drawn, lang, theme)


def describe(table: pa.Table, indicator: Row, basis: str, city: str, lang: str) -> str:
    """The city's figure against the span of the places that count alike."""
    rows = ordered(table, basis)
    ours = next((row for row in rows if row["here"]), None)
    others = [row for row in rows if not row["here"] and alike(row)]
    unlike = [row for row in rows if not alike(row)]
    what = _what(indicator, basis, lang)
    hidden = is_withheld(table, basis)
    said = _t("withheld" if hidden else "not_here", lang, city=city, what=what)
    if ours is not None:
        value, date = written(ours, indicator, basis, lang), dated(ours, basis, lang)
        said = _t("says", lang, city=city, what=what, value=value, date=date)
    parts = [said, _span(others, indicator, basis, lang)]
    if unlike:
        places = formats.listing([row["place"] for row in unlike], lang)
        parts.append(_t("unlike", lang, places=places))
    return "".join(part for part in parts if part)


def warnings(table: pa.Table, lang: str) -> list[str]:
    """One sentence for each way in which places count otherwise than the city."""
    found: dict[str, list[str]] = {}
    for row in table.to_pylist():
        if row["caution"] and not row["here"]:
            found.setdefault(row["caution"], []).append(row["place"])
    return [
        _t(f"caution_{code}", lang, places=formats.listing(places, lang))
        for code, places in sorted(found.items(), key=lambda item: item[0] == "start")
    ]


def cards(table: pa.Table, indicators: Indicators, lang: str) -> list[Card]:
    """The headline ratios: the city's value, and below it what the others publish."""
    found = []
    for name, basis in HEADLINES:
        if name not in indicators:
            continue
        one = of_indicator(table, name)
        rows = ordered(one, basis)
        ours = next((row for row in rows if row["here"]), None)
        others = [row for row in rows if not row["here"] and alike(row)]
        gone = withheld.word(lang) if is_withheld(one, basis) else formats.missing(lang)
        value = plain(ours, indicators[name], basis, lang) if ours else gone
        note = _span(others, indicators[name], basis, lang)
        if not others and len(rows) > 1:
            note = _t("unlike_only", lang)
        found.append(Card(_what(indicators[name], basis, lang), value, notes=(note,)))
    return found


def of_indicator(table: pa.Table, indicator_id: str) -> pa.Table:
    """The rows of one indicator."""
    ids = table.column("indicator_id").to_pylist()
    return table.filter(pa.array([each == indicator_id for each in ids], pa.bool_()))


def ordered(table: pa.Table, basis: str) -> list[dict[str, Any]]:
    """The rows with a figure on that basis: here, alike from the largest, the others."""
    rows = [row for row in table.to_pylist() if row[basis] is not None]
    return sorted(rows, key=lambda row: (not row["here"], not alike(row), -row[basis]))


def is_withheld(table: pa.Table, basis: str) -> bool:
    """Whether the reader may not see the city's figure on that basis."""
    flag = "suppressed" if basis == "value" else f"{basis}_suppressed"
    return any(row["here"] and row[basis] is None and row[flag] for row in table.to_pylist())


def alike(row: Row) -> bool:
    """Whether the place counts as the city does; the city itself does."""
    return bool(row["here"] or row["comparable"])


def written(row: Row, indicator: Row, basis: str, lang: str) -> str:
    """The figure with its sign (> and ≈ as published; a ratio of such is about) and unit."""
    many = basis == "per_worker" and indicator["unit"] not in _MEASURED
    per = "" if basis == "value" else _t("per_many" if many else f"unit_{basis}", lang)
    return f"{plain(row, indicator, basis, lang)}{per}"


def plain(row: Row, indicator: Row, basis: str, lang: str) -> str:
    """The same without "per worker", where a heading says that already."""
    value, unit = row[basis], indicator["unit"]
    sign = _SIGNS[row["operator"]]
    if basis == "per_worker" and unit not in _MEASURED:
        value = value * _MANY
    if basis != "value" and sign:
        sign = _SIGNS["about"]
    # English units of counts are words such as "people", which the name says already.
    shown = unit if lang == "zh" or unit in _MEASURED else None
    return f"{sign}{formats.number(value, lang, unit=shown)}"


def dated(row: Row, basis: str, lang: str) -> str:
    """The month of the figure, with the city's coverage."""
    day = row["as_of"] if basis == "value" else row["ratio_as_of"] or row["as_of"]
    month = formats.month(day, lang)
    if not row["here"] or row["units_due"] is None:
        return month
    counts = {"reported": row["units_reported"], "due": row["units_due"]}
    return _t("covered", lang, month=month, **counts)


def _span(others: list[dict[str, Any]], indicator: Row, basis: str, lang: str) -> str:
    """What the places that count alike publish."""
    if not others:
        return _t("nobody", lang)
    high, low = others[0], others[-1]
    if len(others) == 1:
        place = high["place"]
        return _t("one", lang, place=place, value=plain(high, indicator, basis, lang))
    ends = [plain(row, indicator, basis, lang) for row in (low, high)]
    if ends[0] == ends[1]:
        return _t("equal", lang, count=len(others), value=ends[0])
    lows, highs = (
        formats.listing(
            [row["place"] for row in others if plain(row, indicator, basis, lang) == end], lang
        )
        for end in ends
    )
    return _t(
        "span",
        lang,
        count=len(others),
        low=ends[0],
        low_place=lows,
        high=ends[1],
        high_place=highs,
    )


def _what(indicator: Row, basis: str, lang: str) -> str:
    return _t(f"what_{basis}", lang, name=indicator["name"])


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"benchmarks.{key}", lang, **values)
