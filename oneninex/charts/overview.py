"""The figures of the pages overview and unit_map: output by month, and who made the change."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa

from oneninex import formats, palette
from oneninex.charts import base
from oneninex.i18n import text
from oneninex.settings import ROOT

_GEO = ROOT / "data" / "geo"
# What maps.units_map draws on, as its arguments.
LAND = {"divisions": _GEO / "divisions.geojson", "water": _GEO / "water.geojson"}

Row = dict[str, Any]
Names = Mapping[str, str]

# Signs of a unit's name in one line beside a bar.
_SIGNS = {"zh": 10, "en": 24}
_ROW_HEIGHT = 38


@dataclass(frozen=True)
class Point:
    """One month of a series: value (None = missing), coverage, and whether it may still change."""

    month: date
    value: float | None
    reported: int | None
    due: int | None
    provisional: bool

    @property
    def incomplete(self) -> bool:
        """Whether some, but not all of the units are in the value."""
        return self.value is not None and (self.reported or 0) < (self.due or 0)


def points(rows: pa.Table, column: str) -> list[Point]:
    """The months of a table with month, `column`, status, units_reported and units_due.

    Provisional are those at the end whose status is P; an earlier P is only incomplete.
    """
    found = rows.sort_by("month").to_pylist()
    settled = max((n for n, row in enumerate(found, 1) if row["status"] != "P"), default=0)
    return [
        Point(row["month"], row[column], row["units_reported"], row["units_due"], number > settled)
        for number, row in enumerate(found, 1)
    ]


def trend(
    rows: pa.Table, column: str, lang: str, theme: str | None, *, unit: str, height: int = 260
) -> go.Figure:
    """`column` by month as a line: a gap where nobody reported, a diamond with its coverage
    where not every unit did, dashed and hollow where the figure is provisional.

    `rows` as `points` takes it, `unit` as formats.number takes it (% for fractions).
    """
    series = points(rows, column)
    colours = palette.of(theme)
    fig = base.figure(lang, theme, height=height)
    first = next((n for n, point in enumerate(series) if point.provisional), len(series))
    for part, dash in ((series[:first], "solid"), (series[max(first - 1, 0) :], "dash")):
        if part and (dash == "solid" or first < len(series)):
            base.line(
                fig,
                [point.month for point in part],
                [point.value for point in part],
                text("common.provisional", lang) if dash == "dash" else "",
                colours.primary,
                hover=[_hover(point, lang, unit) for point in part],
                dash=dash,
                open_from=None if dash == "solid" else min(first, 1),
                legend=False,
            )
    _mark_incomplete(fig, series, lang, theme, unit)
    _label_last(fig, series, lang, theme, unit)
    base.month_axis(fig, [point.month for point in series], lang)
    # A rate moves within a few points; from 0 on, its line would be flat.
    base.value_axis(fig, [point.value for point in series], lang, unit=unit, zero=unit != "%")
    return fig


def describe_trend(rows: pa.Table, column: str, lang: str, *, unit: str) -> str:
    """One sentence: the newest month and how it stands to the highest one."""
    series = points(rows, column)
    known = [point for point in series if point.value is not None]
    if not known:
        return text("overview.trend_none", lang)
    last, top = series[-1], max(known, key=lambda point: (point.value, point.month))
    key = "overview.trend_highest" if last == top else "overview.trend"
    return text(
        key,
        lang,
        month=formats.month(last.month, lang),
        value=_amount(last.value, lang, unit),
        top_month=formats.month(top.month, lang),
        top_value=_amount(top.value, lang, unit),
    )


def trend_note(rows: pa.Table, column: str, lang: str) -> str | None:
    """What the marks of the line mean; only those that occur, None for none."""
    series = points(rows, column)
    marks = {
        "overview.mark_provisional": any(point.provisional for point in series),
        "overview.mark_incomplete": any(point.incomplete for point in series),
        "overview.mark_missing": any(point.value is None for point in series),
    }
    words = [text(key, lang) for key, shown in marks.items() if shown]
    return text("overview.separator", lang).join(words) or None


def contributions(rows: pa.Table, names: Names, lang: str, theme: str | None) -> go.Figure:
    """Each unit's part in the change of accepted items, largest first; the parts add up to it.

    `rows` of like_for_like. A unit that cannot be compared has a word in place of a bar.
    """
    units = rows.to_pylist()
    colours = palette.of(theme)
    compared = [row for row in units if row["change"] is not None]
    fig = base.figure(lang, theme, height=_ROW_HEIGHT * len(units) + 20)
    base.bars(
        fig,
        [row["change"] for row in compared],
        [row["unit_id"] for row in compared],
        text("overview.change", lang),
        [colours.attention if row["change"] < 0 else colours.primary for row in compared],
        hover=[_part_hover(row, names, lang) for row in compared],
        labels=[signed(row["change"], lang) for row in compared],
        horizontal=True,
        legend=False,
    )
    for row in units:
        if row["change"] is None:
            _write_absent(fig, row["unit_id"], row["reason"], lang, colours.quiet)
    order = [row["unit_id"] for row in reversed(units)]
    fig.update_yaxes(
        categoryorder="array",
        categoryarray=order,
        range=[-0.6, len(order) - 0.4],
        tickvals=order,
        ticktext=[_wrapped(names[unit_id], lang) for unit_id in order],
    )
    fig.update_xaxes(showticklabels=False, ticks="", zeroline=True, range=_room(compared))
    return fig


def describe_contributions(rows: pa.Table, names: Names, lang: str) -> str:
    """The change like with like in one sentence, and by name who is not compared."""
    units = rows.to_pylist()
    compared = [row for row in units if row["change"] is not None]
    sentences = [_change_sentence(compared, names, lang)]
    for reason in ("not_reported", "newly_reported", "neither"):
        absent = [names[row["unit_id"]] for row in units if row["reason"] == reason]
        if absent:
            month, before = units[0]["month"], units[0]["base_month"]
            sentences.append(
                text(
                    f"overview.absent_{reason}",
                    lang,
                    units=formats.listing(absent, lang),
                    month=formats.month(month, lang),
                    before=formats.month(before, lang),
                )
            )
    return (" " if lang == "en" else "").join(sentences)


def signed(value: float | None, lang: str, unit: str | None = None) -> str:
    """A difference with its sign, compact: +12.3万, −4.5万, 0."""
    written = formats.number(value, lang, unit=unit)
    return f"+{written}" if value is not None and value > 0 else written


def _change_sentence(compared: Sequence[Row], names: Names, lang: str) -> str:
    if not compared:
        return text("overview.change_none", lang)
    first = compared[0]
    total, unit = first["city_change"], text("overview.items_unit", lang)
    words = {
        "before": formats.month(first["base_month"], lang),
        "compared": first["units_compared"],
        "amount": formats.number(abs(total), lang, unit=unit),
        "rate": formats.change(first["city_accepted"], first["city_accepted_before"], lang),
        "up": sum(row["change"] > 0 for row in compared),
        "down": sum(row["change"] < 0 for row in compared),
    }
    if total == 0:
        return text("overview.change_level", lang, **words)
    # The unit that did most for the change: in its direction, not merely the widest swing.
    most = max(compared, key=lambda row: row["change"] * (1 if total > 0 else -1))
    words |= {
        "unit": names[most["unit_id"]],
        "part": signed(most["change"], lang, unit),
        "share": formats.percent(most["share_of_change"], lang, 0),
    }
    return text("overview.change_up" if total > 0 else "overview.change_down", lang, **words)


def _mark_incomplete(
    fig: go.Figure, series: Sequence[Point], lang: str, theme: str | None, unit: str
) -> None:
    """A diamond around each month that lacks units, with how many reported."""
    marked = [point for point in series if point.incomplete]
    colours = palette.of(theme)
    fig.add_scatter(
        x=[point.month for point in marked],
        y=[point.value for point in marked],
        mode="markers+text",
        marker={
            "symbol": "diamond-open",
            "size": 15,
            "color": colours.attention,
            "line": {"width": 2},
        },
        text=[f"{point.reported}/{point.due}" for point in marked],
        textposition="bottom center",
        textfont={"color": colours.attention, "size": 13},
        cliponaxis=False,
        customdata=[_hover(point, lang, unit) for point in marked],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
    )


def _label_last(
    fig: go.Figure, series: Sequence[Point], lang: str, theme: str | None, unit: str
) -> None:
    last = series[-1] if series else None
    if last is not None and last.value is not None:
        words = _amount(last.value, lang, unit)
        base.label_end(fig, last.month, last.value, words, palette.of(theme).primary)
        # The label stands outside the axis; without room it would be cut off.
        fig.update_layout(margin={"r": 24 + 11 * len(words)})


def _hover(point: Point, lang: str, unit: str) -> str:
    lines = [formats.month(point.month, lang), _amount(point.value, lang, unit)]
    if point.incomplete or point.value is None:
        counts = {"reported": point.reported or 0, "due": point.due or 0}
        lines.append(text("common.coverage_full", lang, **counts))
    if point.provisional:
        lines.append(text("common.provisional", lang))
    return "<br>".join(lines)


def _part_hover(row: Row, names: Names, lang: str) -> str:
    change = formats.change(row["accepted"], row["accepted_before"], lang)
    lines = [
        names[row["unit_id"]],
        f"{formats.exact(row['accepted_before'], lang)} → {formats.exact(row['accepted'], lang)}",
        f"{signed(row['change'], lang)} ({change})",
    ]
    return "<br>".join(lines)


def _write_absent(fig: go.Figure, unit_id: str, reason: str, lang: str, colour: str) -> None:
    words = text(f"overview.bar_{reason}", lang)
    fig.add_annotation(
        x=0, y=unit_id, text=words, showarrow=False, xanchor="center", font={"color": colour}
    )


def _room(compared: Sequence[Row]) -> list[float]:
    """The range of the bars with room for the numbers at their ends."""
    changes = [row["change"] for row in compared]
    low, high = min([0, *changes]), max([0, *changes])
    spare = 0.34 * ((high - low) or 1)
    return [low - spare if low < 0 else -spare / 3, high + spare if high > 0 else spare / 3]


def _wrapped(name: str, lang: str) -> str:
    return "<br>".join(textwrap.wrap(name, _SIGNS[lang], break_long_words=True))


def _amount(value: float | None, lang: str, unit: str) -> str:
    return formats.number(value, lang, unit=unit)


def computable(units: pa.Table) -> pa.Table:
    """The rows of indicator_by_unit without those that were reported but hold nothing to divide."""
    return units.filter(
        pa.array([row["value"] is not None or not row["reported"] for row in units.to_pylist()])
    )


def ranking(units: pa.Table, measure: str) -> pa.Table:
    """The rows of indicator_by_unit for a table, the value under the name of its indicator."""
    columns = ["unit_id", "value", "status", "kind", "named_in", "location_basis"]
    chosen = units.select(columns)
    return chosen.rename_columns([measure if name == "value" else name for name in columns])


def unit_notes(units: pa.Table, names: Names, lang: str) -> list[str]:
    """What the map of indicator_by_unit cannot show: shared points, nothing to divide by."""
    rows = units.to_pylist()
    notes = []
    for point in sorted({(row["lon"], row["lat"]) for row in rows}):
        here = sorted(row["unit_id"] for row in rows if (row["lon"], row["lat"]) == point)
        if len(here) > 1:
            listed = formats.listing([names[unit_id] for unit_id in here], lang)
            notes.append(text("unit_map.shared_point", lang, units=listed))
    empty = [names[row["unit_id"]] for row in rows if row["reported"] and row["value"] is None]
    if empty:
        notes.append(text("unit_map.nothing_to_divide", lang, units=formats.listing(empty, lang)))
    return notes
