"""Who moves the city's revenue, and which cohorts of enterprises stayed."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures.charts import heatmap_table, labelled_bars, withheld
from oneninex.figures.charts.enterprises import money
from oneninex.figures.charts.figure import Figure

Row = Mapping[str, Any]
MOVEMENTS = ("continuing", "entered", "left")
_SHOWN = 8
_SHAPES = {"continuing": "", "entered": "/", "left": "x"}


def contribution(table: pa.Table, lang: str, theme: str | None) -> Figure:
    """The enterprises that move most, in percentage points of the city's growth.

    `table`: growth_contribution of one quarter, localised.
    """
    first = sorted(_largest(_known(table)), key=lambda row: -row["contribution"])
    colours = palette.of(theme)
    bars = [
        labelled_bars.Bar(
            _name(row, lang),
            row["contribution"],
            _points(row["contribution"], lang),
            _hover(row, lang),
            colours.primary if row["contribution"] >= 0 else colours.attention,
            _SHAPES[row["movement"]],
        )
        for row in first
    ]
    return labelled_bars.figure(bars, lang, theme)


def describe_contribution(table: pa.Table, lang: str) -> str:
    """The city's growth, split into those who stayed, came and went.

    A reader who may not see every enterprise is told of those that may be seen.
    """
    known = _known(table)
    hidden = sum(row["suppressed"] for row in table.to_pylist())
    if not known and not hidden:
        return _t("none", lang)
    growth = _growth(table, lang)
    if not known:
        return _t("withheld", lang, growth=growth, count=hidden)
    parts = []
    for movement in MOVEMENTS:
        mine = [row["contribution"] for row in known if row["movement"] == movement]
        if mine:
            told = _points(sum(mine), lang)
            parts.append(_t(f"part_{movement}", lang, count=len(mine), points=told))
    told = formats.listing(parts, lang)
    if hidden:
        return _t("says_part", lang, growth=growth, parts=told, count=hidden)
    largest = sum(row["contribution"] for row in _largest(known))
    whole = sum(row["contribution"] for row in known)
    return _t(
        "says",
        lang,
        growth=growth,
        parts=told,
        shown=min(_SHOWN, len(known)),
        largest=_points(largest, lang),
        rest=_points(whole - largest, lang),
    )


def _growth(table: pa.Table, lang: str) -> str:
    growth = table.column("city_growth")[0].as_py()
    return withheld.word(lang) if growth is None else formats.change(1 + growth, 1, lang)


def survival(table: pa.Table, lang: str, theme: str | None) -> str:
    """Cohort × months since joining: the share still there; `table`: enterprise_survival."""
    rows = table.to_pylist()
    spans = sorted({row["months"] for row in rows})
    cells = {(row["cohort"], row["months"]): row for row in rows}
    lines = [
        heatmap_table.Line(
            _t("cohort", lang, year=cohort),
            [_survived(cells[cohort, span], lang) for span in spans],
            _t("joined", lang, count=cells[cohort, spans[0]]["joined"]),
        )
        for cohort in sorted({row["cohort"] for row in rows})
    ]
    heads = [_t("months", lang, months=span) for span in spans]
    return heatmap_table.grid(heads, lines, theme)


def describe_survival(table: pa.Table, lang: str) -> str:
    """How many of those that can be watched for a year were still there."""
    year = [row for row in table.to_pylist() if row["months"] == 12]
    observed = sum(row["observed"] for row in year)
    if not observed:
        return _t("survival_none", lang)
    survived = sum(row["survived"] for row in year)
    share = formats.percent(survived / observed, lang)
    return _t("survival_says", lang, observed=observed, survived=survived, share=share)


def _survived(row: Row, lang: str) -> heatmap_table.Cell:
    if row["survival_share"] is None:
        return heatmap_table.Cell(text("enterprises.state_too_early", lang), kind="missing")
    told = formats.percent(row["survival_share"], lang, 0)
    counts = f"{row['survived']}/{row['observed']}"
    return heatmap_table.Cell(told, counts, level=row["survival_share"])


def _known(table: pa.Table) -> list[dict[str, Any]]:
    return [row for row in table.to_pylist() if row["contribution"] is not None]


def _largest(known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_size = sorted(known, key=lambda row: (-abs(row["contribution"]), row["enterprise_id"]))
    return by_size[:_SHOWN]


def _name(row: Row, lang: str) -> str:
    name = row["name"] or text("enterprises.nameless", lang)
    if row["movement"] == "continuing":
        return name
    return f"{name} · {_t(row['movement'], lang)}"


def _hover(row: Row, lang: str) -> str:
    lines = [
        f"<b>{_name(row, lang)}</b>",
        _t("change", lang, amount=money(row["change_10k_cny"], lang, full=True)),
        _points(row["contribution"], lang),
    ]
    return "<br>".join(lines)


def _points(fraction: float, lang: str) -> str:
    return formats.points(fraction, lang)


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"enterprises.contribution.{key}", lang, **values)
