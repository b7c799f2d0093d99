"""A figure by month as a line that says what is missing, incomplete and provisional."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures.charts import style, withheld
from oneninex.figures.charts.figure import Figure

_HEIGHT = 260


@dataclass(frozen=True)
class Point:
    """One month of a series: value (None = missing), coverage, and whether it may still change."""

    month: date
    value: float | None
    reported: int | None
    due: int | None
    provisional: bool
    withheld: bool = False

    @property
    def incomplete(self) -> bool:
        """Whether some, but not all of the units are in the value."""
        return self.value is not None and (self.reported or 0) < (self.due or 0)


def points(rows: pa.Table, column: str) -> list[Point]:
    """The months of a table with month, `column`, status, units_reported and units_due.

    A column `provisional` tells what may still change from what is only incomplete (status P
    in both cases); without it, P is provisional.
    """
    return [
        Point(
            row["month"],
            row[column],
            row["units_reported"],
            row["units_due"],
            row.get("provisional", row["status"] == "P"),
            row[column] is None and row["status"] == "C",
        )
        for row in rows.sort_by("month").to_pylist()
    ]


def trend(
    rows: pa.Table, column: str, lang: str, theme: str | None, *, unit: str, most: int = 5
) -> Figure:
    """`column` by month as a line: a gap where nobody reported, a diamond with its coverage
    where not every unit did, dashed and hollow where the figure is provisional.

    `rows` as `points` takes it, `unit` as formats.number takes it (% for fractions), `most`
    months are written below the axis.
    """
    series = points(rows, column)
    colours = palette.of(theme)
    fig = style.figure(lang, theme, height=_HEIGHT)
    first = next((n for n, point in enumerate(series) if point.provisional), len(series))
    for part, dash in ((series[:first], "solid"), (series[max(first - 1, 0) :], "dash")):
        if part and (dash == "solid" or first < len(series)):
            style.line(
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
    _mark_withheld(fig, series, lang, theme)
    style.month_axis(fig, [point.month for point in series], lang, most=most)
    fig.update_xaxes(range=_span(series))
    # A rate moves within a few points; from 0 on, its line would be flat.
    axis_unit = "%" if unit == "%" else None
    values = [point.value for point in series]
    style.value_axis(fig, values, lang, unit=axis_unit, zero=axis_unit is None)
    if series and all(point.withheld for point in series):
        fig.update_yaxes(visible=False)
    return fig


def describe_trend(rows: pa.Table, column: str, lang: str, *, unit: str) -> str:
    """One sentence: the newest month and how it stands to the highest one."""
    series = points(rows, column)
    known = [point for point in series if point.value is not None]
    if not known:
        hidden = any(point.withheld for point in series)
        return text("overview.trend_withheld" if hidden else "overview.trend_none", lang)
    last = series[-1]
    most = max(point.value for point in known if point.value is not None)
    tops = [point for point in known if point.value == most]
    top = tops[-1]
    key = "overview.trend_highest" if [last] == tops else "overview.trend"
    if len(tops) > 1:
        key = "overview.trend_tied" if last in tops else "overview.trend_tops"
    if len(tops) == len(known):
        key = "overview.trend_equal"
    key = "overview.trend_first" if [last] == known else key
    if last.value is None:
        key = "overview.trend_missing"
    return text(
        key,
        lang,
        month=formats.month(last.month, lang),
        value=withheld.word(lang) if last.withheld else _amount(last.value, lang, unit),
        count=len(tops),
        top_month=formats.month(top.month, lang),
        top_value=_amount(top.value, lang, unit),
    )


def trend_note(rows: pa.Table, column: str, lang: str) -> str | None:
    """What the marks of the line mean; only those that occur, None for none."""
    series = points(rows, column)
    marks = {
        "overview.mark_provisional": any(point.provisional for point in series),
        "overview.mark_incomplete": any(point.incomplete for point in series),
        "overview.mark_missing": any(p.value is None and not p.withheld for p in series),
        "overview.mark_withheld": any(point.withheld for point in series),
    }
    words = [text(key, lang) for key, shown in marks.items() if shown]
    return text("overview.separator", lang).join(words) or None


def table(rows: pa.Table, column: str, name: str | None = None) -> pa.Table:
    """The line's data for readers: month, `column` under `name`, coverage where several units
    are due, status.
    """
    kept = {"month": "month", column: name or column, "status": "status"}
    if any((due or 0) > 1 for due in rows.column("units_due").to_pylist()):
        kept |= {"units_reported": "reported_units", "units_due": "due_units"}
    return rows.select(list(kept)).rename_columns(list(kept.values()))


def _mark_withheld(fig: Figure, series: Sequence[Point], lang: str, theme: str | None) -> None:
    """The word once for each run of months that the reader may not see."""
    hidden = [n for n, point in enumerate(series) if point.withheld]
    starts = [n for n in hidden if n - 1 not in hidden]
    for start in starts:
        end = start
        while end + 1 in hidden:
            end += 1
        withheld.mark(fig, [series[(start + end) // 2].month], lang, theme)


def _mark_incomplete(
    fig: Figure, series: Sequence[Point], lang: str, theme: str | None, unit: str
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
    fig: Figure, series: Sequence[Point], lang: str, theme: str | None, unit: str
) -> None:
    last = series[-1] if series else None
    if last is not None and last.value is not None:
        words = _amount(last.value, lang, unit)
        fig.add_annotation(
            x=last.month,
            y=last.value,
            text=f"<b>{words}</b>",
            showarrow=False,
            xanchor="left",
            xshift=12,
            font={"color": palette.of(theme).primary},
        )
        # The label stands outside the axis; without room it would be cut off.
        fig.update_layout(margin={"r": 24 + _width(words)})


def _hover(point: Point, lang: str, unit: str) -> str:
    lines = [formats.month(point.month, lang), _amount(point.value, lang, unit)]
    if point.incomplete or point.value is None:
        counts = {"reported": point.reported or 0, "due": point.due or 0}
        lines.append(text("common.coverage_full", lang, **counts))
    if point.provisional:
        lines.append(text("common.provisional", lang))
    return "<br>".join(lines)


def _span(series: Sequence[Point]) -> list[date] | None:
    """The months with half a month of room on each side, however wide the marks are."""
    if not series:
        return None
    room = timedelta(days=15)
    return [series[0].month - room, series[-1].month + room]


def _width(words: str) -> int:
    """About how many pixels words take in bold type."""
    return sum(15 if ord(sign) > 0x2E80 else 9 for sign in words)


def _amount(value: float | None, lang: str, unit: str) -> str:
    return formats.number(value, lang, unit=unit)
