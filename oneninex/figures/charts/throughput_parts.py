"""Figures of the page "How much, how good?" that take the output apart: how it is measured,
what it is made of, which unit and which day it came from.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures import statements
from oneninex.figures.charts import small_multiples, style
from oneninex.figures.charts.figure import Figure
from oneninex.figures.charts.throughput import hover_text

Names = Mapping[str, str]

# What units can be compared by, and the unit that formats.number wants.
UNIT_MEASURES = {"accepted": None, "acceptance_rate": "%", "gold_accuracy": "%"}
UNIT_QUERIES = {
    "accepted": "output_by_unit_month",
    "acceptance_rate": "quality_by_unit_month",
    "gold_accuracy": "quality_by_unit_month",
}
PATTERNS = ("", "/", "\\", "x", "-", "|", ".")
_SATURDAY = 5
_DAILY_MONTHS = 3
_FEW = 5  # month labels that fit under half the width of the page


def hours(table: pa.Table, names: Names, lang: str, theme: str | None) -> Figure:
    """Working hours by month, a panel with its own scale for each way of measuring them.

    `table`: hours_by_month; `names`: hours basis to name.
    """
    rows = table.to_pylist()
    series = []
    for basis in _bases(rows):
        mine = {row["month"]: row for row in rows if row["hours_basis"] == basis}
        months = _month_span(rows)
        values = [mine[month]["hours"] if month in mine else None for month in months]
        hover = [
            hover_text(month, names[basis], _hours(v, lang), lang)
            for month, v in zip(months, values, strict=True)
        ]
        series.append(small_multiples.Series(names[basis], months, values, hover))
    return small_multiples.grid(series, lang, theme, columns=2, shared=False)


def describe_hours(table: pa.Table, names: Names, lang: str) -> str:
    """The newest month's hours, each way of measuring apart."""
    rows = table.to_pylist()
    if not rows:
        return _t("hours_none", lang)
    newest = max(row["month"] for row in rows)
    parts = [
        _t("hours_part", lang, basis=names[row["hours_basis"]], hours=_hours(row["hours"], lang))
        for row in rows
        if row["month"] == newest
    ]
    listed = formats.listing(parts, lang)
    return _t("hours_say", lang, month=formats.month(newest, lang), parts=listed)


def modality_mix(table: pa.Table, names: Names, lang: str, theme: str | None) -> Figure:
    """Share of each modality in the items of the month, stacked to 100%.

    `table`: output_by_modality_month; `names`: modality to name, in the order of the stack.
    """
    rows = table.to_pylist()
    shown = [code for code in names if any(row["modality"] == code for row in rows)]
    months = _month_span(rows)
    colours = palette.of(theme).categorical
    fig = style.figure(lang, theme)
    for index, code in enumerate(shown):
        mine = {row["month"]: row for row in rows if row["modality"] == code}
        values = [mine[month]["items_share"] if month in mine else None for month in months]
        hover = [_share_hover(month, names[code], mine.get(month), lang) for month in months]
        colour, pattern = colours[index % len(colours)], PATTERNS[index % len(PATTERNS)]
        style.bars(fig, months, values, names[code], colour, hover=hover, pattern=pattern)
    _overlaid(fig, theme)
    fig.update_layout(barmode="stack", bargap=0.12, legend={"traceorder": "normal"})
    style.month_axis(fig, months, lang, most=_FEW)
    style.value_axis(fig, [0.0, 1.0], lang, unit="%")
    fig.update_yaxes(range=[0, 1.0])
    return fig


def describe_modality_mix(table: pa.Table, names: Names, lang: str) -> str:
    """The largest modality of the newest month, and its share."""
    rows = table.to_pylist()
    if not rows:
        return _t("mix_none", lang)
    newest = max(row["month"] for row in rows)
    known = [row for row in rows if row["month"] == newest and row["items"]]
    largest = statements.largest(known, lambda row: row["items"])
    month = formats.month(newest, lang)
    if not largest:  # one modality alone, or none
        alone = formats.listing([names[row["modality"]] for row in known], lang)
        return _t("mix_alone" if known else "mix_none", lang, month=month, modality=alone)
    return _t(
        "mix_says" if len(largest) == 1 else "mix_tied",
        lang,
        month=month,
        modality=formats.listing([names[row["modality"]] for row in largest], lang),
        share=formats.percent(largest[0]["items_share"], lang),
    )


def units(
    table: pa.Table,
    measure: str,
    names: Names,
    chosen: str | None,
    lang: str,
    theme: str | None,
) -> Figure:
    """A panel for each unit on one scale, in the plan's order; the chosen unit stands out.

    `table`: output_by_unit_month or quality_by_unit_month; `measure` of UNIT_MEASURES.
    """
    rows = table.to_pylist()
    colours = style.highlight(names, chosen, theme)
    unit = UNIT_MEASURES[measure]
    series = []
    for unit_id, name in names.items():
        mine = [row for row in rows if row["unit_id"] == unit_id]
        hover = [_unit_hover(row, measure, name, lang) for row in mine]
        ends: dict[str, list[float | None]] = {}
        if measure == "gold_accuracy":
            ends = {end: [row[f"gold_{end}"] for row in mine] for end in ("low", "high")}
        title = f"▶ {name}" if unit_id == chosen else name
        months, values = [row["month"] for row in mine], [row[measure] for row in mine]
        series.append(
            small_multiples.Series(title, months, values, hover, colour=colours[unit_id], **ends)
        )
    return small_multiples.grid(series, lang, theme, columns=3, unit=unit, zero=unit is None)


def describe_units(
    table: pa.Table, measure: str, names: Names, chosen: str | None, lang: str
) -> str:
    """The newest month's span over the units, or the chosen unit's value; no ranking."""
    rows = table.to_pylist()
    newest = max(row["month"] for row in rows)
    known = {
        row["unit_id"]: row[measure]
        for row in rows
        if row["month"] == newest and row[measure] is not None
    }
    values = {"month": formats.month(newest, lang), "measure": _t(measure, lang)}
    if chosen:
        written = _measure(known.get(chosen), measure, lang)
        return _t("unit_says", lang, unit=names[chosen], value=written, **values)
    if not known:
        return _t("units_unknown", lang, **values)
    low, high = (_measure(end(known.values()), measure, lang) for end in (min, max))
    counts = {"known": len(known), "due": len(names)}
    key = "units_equal" if low == high else "units_say"
    return _t(key, lang, low=low, high=high, **counts, **values)


def daily(table: pa.Table, _: Names, lang: str, theme: str | None) -> Figure:
    """Items submitted each day; weekends are hatched, a day that nobody worked stays empty.

    `table`: output_by_day, of which the newest three months are drawn.
    """
    rows = newest_days(table).to_pylist()
    colours = palette.of(theme)
    fig = style.figure(lang, theme)
    groups = {"weekday": (colours.primary, ""), "weekend": (colours.attention, "/")}
    for group, (colour, pattern) in groups.items():
        mine = [row for row in rows if (row["date"].weekday() >= _SATURDAY) == (group == "weekend")]
        hover = [_day_hover(row, group, lang) for row in mine]
        days = [row["date"] for row in mine]
        items = [row["items"] for row in mine]
        style.bars(fig, days, items, _t(group, lang), colour, hover=hover, pattern=pattern)
    _overlaid(fig, theme)
    fig.update_layout(barmode="overlay", bargap=0.15)
    firsts = sorted({row["date"].replace(day=1) for row in rows})
    style.month_axis(fig, firsts, lang)
    style.value_axis(fig, [row["items"] for row in rows], lang)
    return fig


def describe_daily(table: pa.Table, _: Names, lang: str) -> str:
    """The busiest day, and how many days of the period nobody recorded any work."""
    rows = newest_days(table).to_pylist()
    if not rows:
        return _t("daily_none", lang)
    most = max(row["items"] for row in rows)
    busiest = [row["date"] for row in rows if row["items"] == most]
    first, last = rows[0]["date"].replace(day=1), rows[-1]["date"]
    return _t(
        "daily_says" if len(busiest) == 1 else "daily_tied",
        lang,
        first=formats.day(first, lang),
        last=formats.day(last, lang),
        day=formats.day(busiest[0], lang),
        days=len(busiest),
        items=formats.number(most, lang),
        idle=(last - first).days + 1 - len(rows),
    )


def newest_days(table: pa.Table, months: int = _DAILY_MONTHS) -> pa.Table:
    """The rows of the newest `months` months of output_by_day."""
    firsts = [day.replace(day=1) for day in table.column("date").to_pylist()]
    wanted = sorted(set(firsts))[-months:]
    return table.filter(pa.array([first in wanted for first in firsts], pa.bool_()))


def _month_span(rows: Sequence[Mapping[str, Any]]) -> list[date]:
    """Every month from the first to the last of the rows, whether or not it has one."""
    months = [row["month"] for row in rows]
    if not months:
        return []
    span, month = [], min(months)
    while month <= max(months):
        span.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return span


def _bases(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return sorted({row["hours_basis"] for row in rows})


def _hours(value: float | None, lang: str) -> str:
    return formats.number(value, lang, unit=_t("hours_unit", lang))


def _share_hover(month: date, name: str, row: Mapping[str, Any] | None, lang: str) -> str:
    if row is None:
        return hover_text(month, name, _t("none", lang), lang)
    share = formats.percent(row["items_share"], lang)
    return f"{hover_text(month, name, share, lang)}<br>{formats.exact(row['items'], lang)}"


def _overlaid(fig: Figure, theme: str | None) -> None:
    """Draw patterns on the full colour, not in its place."""
    ground = palette.of(theme).background
    fig.update_traces(marker_pattern={"fillmode": "overlay", "fgcolor": ground})


def _unit_hover(row: Mapping[str, Any], measure: str, name: str, lang: str) -> str:
    head = hover_text(row["month"], name, _measure(row[measure], measure, lang), lang)
    if measure != "gold_accuracy" or row[measure] is None:
        return head
    span = formats.interval(row["gold_low"], row["gold_high"], lang)
    return f"{head}<br>{_t('interval', lang)}  {span}"


def _day_hover(row: Mapping[str, Any], group: str, lang: str) -> str:
    items = formats.exact(row["items"], lang)
    units = _t("units_working", lang, units=row["units_reported"])
    day = formats.day(row["date"], lang)
    return f"<b>{day}</b>  {_t(group, lang)}<br>{_t('items', lang)}  {items}<br>{units}"


def _measure(value: float | None, measure: str, lang: str) -> str:
    return formats.number(value, lang, unit=UNIT_MEASURES[measure])


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"throughput.{key}", lang, **values)


PARTS = (
    ("daily", "output_by_day", daily, describe_daily),
    ("mix", "output_by_modality_month", modality_mix, describe_modality_mix),
    ("hours", "hours_by_month", hours, describe_hours),
)
# The column whose codes a figure names.
NAMED = {"daily": "modality", "mix": "modality", "hours": "hours_basis"}
