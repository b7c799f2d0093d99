"""Productivity of units, like with like: the index with its interval, and who is really ahead.

Tables are productivity_by_unit. Units that nobody can be compared with are drawn hollow, and no
place is given where intervals do not separate.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures.charts import style
from oneninex.figures.charts.figure import Figure

Row = Mapping[str, Any]
Names = Mapping[str, str]

_ROW = {"zh": 56, "en": 68}
_SIGNS = {"zh": 20, "en": 38}
_SOURCES = (
    "unit_id", "kind", "hours_basis", "index", "index_low", "index_high", "earned_hours", "hours",
    "items", "comparable", "rank_from", "rank_to", "unmeasured_share", "no_peer_share",
)  # fmt: skip
COLUMNS = tuple(
    {"index_low": "index_from", "index_high": "index_to"}.get(name, name) for name in _SOURCES
)
_TELL = 0.1  # a share of work left out that is said


def productivity(
    table: pa.Table, names: Names, bases: Names, chosen: str | None, lang: str, theme: str | None
) -> Figure:
    """Each unit's index with its 95% interval, under its kind and hours basis, in plan order."""
    lines = list(_lines(table, bases, lang))
    rows = [row for _, row in lines if row is not None]
    fig = style.figure(lang, theme, height=_ROW[lang] * len(lines) + 60)
    colours = style.highlight(names, chosen, theme)
    for row in rows:
        if row["index"] is not None:
            _point(fig, row, names, colours[row["unit_id"]], lang)
    low, high = _range(rows)
    for key, row in lines:
        _written(fig, key, row, names, lang, theme)
    order = [key for key, _ in lines][::-1]
    fig.update_yaxes(
        type="category", categoryorder="array", categoryarray=order, showgrid=False,
        range=[-0.6, len(order) - 0.2], tickvals=[], showline=False,
    )  # fmt: skip
    line = {"color": palette.of(theme).quiet, "dash": "dash", "width": 1.5}
    fig.add_vline(x=1, line=line, layer="below")
    style.value_axis(fig, [low, high], lang, axis="x", zero=False, title=_t("index_axis", lang))
    fig.update_xaxes(range=[low, high])
    return fig


def describe_productivity(table: pa.Table, names: Names, bases: Names, lang: str) -> str:
    """Who is surely ahead or behind in each group of peers, and who cannot be told apart."""
    return sentence(table.to_pylist(), names, bases, lang)


def sentence(rows: Sequence[Row], names: Names, bases: Names, lang: str) -> str:
    """Return the same from rows of productivity_by_unit."""
    found = []
    for (kind, basis), group in _groups([r for r in rows if r["comparable"]]):
        words = {
            "kind": _t(f"kind_{kind}", lang),
            "basis": bases.get(basis or "", ""),
            "count": len(group),
        }
        ahead = [r for r in group if r["surely_below"] and not r["surely_above"]]
        behind = [r for r in group if r["surely_above"] and not r["surely_below"]]
        if not ahead and not behind:
            found.append(_t("nobody_ahead", lang, **words))
        elif len(ahead) == 1:
            found.append(_t("ahead", lang, units=_listed(ahead, names, lang), **words))
        if behind:
            found.append(_t("behind", lang, units=_listed(behind, names, lang), **words))
    if not found:
        return _t("nobody_comparable", lang)
    return (" " if lang == "en" else "").join(found)


def place(row: Row, lang: str) -> str:
    """The place among the peers where it is sure, or why there is none."""
    if row["items"] is None and row["hours_basis"] is None:
        return _t("no_hours", lang)
    if row["index"] is None:
        return _t("no_peer_work", lang)
    if not row["comparable"]:
        return _t("no_peers", lang)
    ends = {"first": row["rank_from"], "last": row["rank_to"], "of": row["peers"] + 1}
    if row["rank_from"] == row["rank_to"]:
        return _t("place", lang, **ends)
    return _t("places", lang, **ends)


def note(table: pa.Table, names: Names, lang: str) -> str:
    """How much work is not compared, by unit where it is more than a tenth, and how to read it."""
    parts = []
    for row in table.to_pylist():
        out = (row["unmeasured_share"] or 0) + (row["no_peer_share"] or 0)
        if out >= _TELL:
            share = formats.percent(out, lang, 0)
            parts.append(_t("left_out_unit", lang, unit=names[row["unit_id"]], share=share))
    listed = formats.listing(parts, lang) if parts else _t("left_out_none", lang)
    return f"{_t('left_out', lang, parts=listed)} {_t('productivity_note', lang)}"


def table(rows: pa.Table) -> pa.Table:
    """The columns that stand behind the figure; an index is no rate, whatever its ends."""
    return rows.select(_SOURCES).rename_columns(COLUMNS)


def _lines(table: pa.Table, bases: Names, lang: str) -> Iterator[tuple[str, Row | None]]:
    """A heading for each kind and hours basis, then its units."""
    for (kind, basis), group in _groups(table.to_pylist()):
        measured = bases.get(basis, basis) if basis else _t("no_basis", lang)
        kind_name = _t(f"kind_{kind}", lang)
        yield _t("group", lang, kind=kind_name, basis=measured), None
        for row in group:
            yield row["unit_id"], row


def _groups(rows: list[Row]) -> Iterator[tuple[tuple[str, str | None], list[Row]]]:
    def key(row: Row) -> tuple[bool, bool, str]:
        return row["kind"] != "comprehensive", row["hours_basis"] is None, row["hours_basis"] or ""

    for _, group in groupby(sorted(rows, key=lambda row: (key(row), row["unit_id"])), key=key):
        found = list(group)
        yield (found[0]["kind"], found[0]["hours_basis"]), found


def _point(fig: Figure, row: Row, names: Names, colour: str, lang: str) -> None:
    """A unit's index with its interval; hollow where it has no peer."""
    index = row["index"]
    fig.add_scatter(
        x=[index],
        y=[row["unit_id"]],
        mode="markers",
        name=row["unit_id"],
        marker={
            "color": colour,
            "size": 11,
            "symbol": "circle" if row["comparable"] else "circle-open",
            "line": {"width": 2, "color": colour},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [(row["index_high"] or index) - index],
            "arrayminus": [index - (row["index_low"] or index)],
            "thickness": 2,
            "width": 4,
            "color": colour,
        },
        customdata=[_hover(row, names, lang)],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
    )


def _hover(row: Row, names: Names, lang: str) -> str:
    return _t(
        "hover",
        lang,
        unit=names[row["unit_id"]],
        index=index_words(row["index"], lang),
        low=index_words(row["index_low"], lang),
        high=index_words(row["index_high"], lang),
        earned=formats.number(row["earned_hours"], lang),
        hours=formats.number(row["hours"], lang),
    )


def index_words(value: float | None, lang: str) -> str:
    """An index with two decimals."""
    return formats.number(value, lang, digits=2)


def _range(rows: list[Row]) -> tuple[float, float]:
    known = [
        value
        for row in rows
        for value in (row["index"], row["index_low"], row["index_high"])
        if value is not None
    ]
    low, high = min([0.8, *known]), max([1.2, *known])
    return low - 0.04 * (high - low), high


def _written(
    fig: Figure, key: str, row: Row | None, names: Names, lang: str, theme: str | None
) -> None:
    """A heading, or above a unit's interval its name and its place: beside it there is no room."""
    colours = palette.of(theme)
    words = f"<b>{key}</b>"
    if row is not None:
        quiet = f"<span style='color:{colours.quiet}'>{place(row, lang)}</span>"
        words = f"{style.in_lines(names[key], _SIGNS[lang])}<br>{quiet}"
    fig.add_annotation(
        x=0, xref="paper", y=key, text=words, showarrow=False, align="left",
        xanchor="left", yanchor="middle" if row is None else "bottom",
        yshift=10 if row is None else 6, font={"color": colours.text, "size": 13},
        bgcolor=colours.background,
    )  # fmt: skip


def _listed(rows: list[Row], names: Names, lang: str) -> str:
    written = [
        _t("unit_index", lang, unit=names[row["unit_id"]], index=index_words(row["index"], lang))
        for row in rows
    ]
    return formats.listing(written, lang)


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"units.{key}", lang, **values)
