"""Is a unit's quality unusual? Funnel plot against its kind, control chart against itself."""

import math
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures.charts import style
from oneninex.figures.charts.figure import Figure

_SIGNS = {"zh": 8, "en": 16}  # of a line beside a point
Row = Mapping[str, Any]
Names = Mapping[str, str]

MEASURES = ("acceptance_rate", "gold_accuracy")
_KINDS = ("comprehensive", "characteristic")
_Z = {"95": 1.959963984540054, "998": 3.090232306167813}
_STEPS = 40
_MOST_MARKS = 3
# Columns behind the figures, and their names where they hold rates.
FUNNEL_COLUMNS = {
    "unit_id": "unit_id", "kind": "kind", "successes": "successes", "trials": "trials",
    "rate": "plain_rate", "centre": "centre_rate", "dispersion": "dispersion",
    "low_95": "low_95_rate", "high_95": "high_95_rate",
    "low_998": "low_998_rate", "high_998": "high_998_rate", "signal": "signal",
}  # fmt: skip
CHART_COLUMNS = {
    "month": "month", "unit_id": "unit_id", "value": "value_rate", "trials": "trials",
    "centre": "centre_rate", "lower": "lower_rate", "upper": "upper_rate", "signal": "signal",
    "status": "status",
}  # fmt: skip
_ENOUGH = 8  # months before a signal is one


def funnel(
    table: pa.Table, names: Names, chosen: str | None, lang: str, theme: str | None
) -> Figure:
    """A unit's rate over the number of items behind it, a panel for each kind of unit."""
    rows = [row for row in table.to_pylist() if row["rate"] is not None]
    titles = [_t(f"kind_{kind}", lang) for kind in _KINDS]
    fig = style.figure(lang, theme, height=360)
    fig.split(1, 2, shared_y=True, horizontal=0.04, titles=titles)
    fig.update_layout(margin={"t": 30})
    fig.update_annotations(font={"size": 13, "color": palette.of(theme).quiet})
    for column, kind in enumerate(_KINDS, 1):
        mine = [row for row in rows if row["kind"] == kind]
        if mine and mine[0]["centre"] is not None:
            _limits(fig, mine, lang, theme, column)
        if mine:
            _units(fig, mine, names, chosen, lang, theme, column)
    known = [row[end] for row in rows for end in ("rate", "low_998", "high_998")]
    style.value_axis(fig, known, lang, unit="%", zero=False)
    return fig


def describe_funnel(table: pa.Table, names: Names, measure: str, lang: str) -> str:
    """Which units lie outside the limits of their kind, and how much units differ at all."""
    rows = [row for row in table.to_pylist() if row["rate"] is not None]
    if not rows:
        return _t("funnel_none", lang)
    said = _t(f"measure_{measure}", lang)
    parts = []
    for signal in ("outside_998", "outside_95"):
        out = [row for row in rows if row["signal"] == signal]
        if out:
            listed = [_outside(row, names, lang) for row in out]
            parts.append(_t(f"funnel_{signal}", lang, units=formats.listing(listed, lang)))
    judged = [row for row in rows if row["signal"]]
    if judged and not parts:
        parts = [_t("funnel_within", lang)]
    alone = [names[row["unit_id"]] for row in rows if not row["signal"]]
    if alone:
        parts.append(_t("funnel_alone", lang, units=formats.listing(alone, lang)))
    joined = (" " if lang == "en" else "").join(parts)
    return _t("funnel_says", lang, measure=said, parts=joined, count=len(rows))


def control(table: pa.Table, names: Names, lang: str, theme: str | None) -> Figure:
    """One unit's monthly rate with mean and limits; signals stand out by shape and colour."""
    rows = table.to_pylist()
    colours = palette.of(theme)
    fig = style.figure(lang, theme, height=360)
    months = [row["month"] for row in rows]
    hover = [_month_hover(row, lang) for row in rows]
    values = [row["value"] for row in rows]
    first_open = next((i for i, row in enumerate(rows) if row["status"] == "P"), None)
    style.line(
        fig, months, values, "value", colours.primary,
        hover=hover, open_from=first_open, legend=False,
    )  # fmt: skip
    marked = [row for row in rows if row["signal"]]
    fig.add_scatter(
        x=[row["month"] for row in marked],
        y=[row["value"] for row in marked],
        mode="markers",
        name="signal",
        marker={
            "symbol": "diamond-open",
            "size": 15,
            "color": colours.attention,
            "line": {"width": 2},
        },
        hoverinfo="skip",
        showlegend=False,
    )
    _control_lines(fig, rows, lang, theme)
    style.month_axis(fig, months, lang, most=4)
    known = [row[end] for row in rows for end in ("value", "lower", "upper")]
    style.value_axis(fig, known, lang, unit="%", zero=False)
    fig.update_layout(margin={"r": 70})
    return fig


def describe_control(table: pa.Table, names: Names, measure: str, lang: str) -> str:
    """What the signals of the unit's chart mean, in one sentence."""
    rows = table.to_pylist()
    known = [row for row in rows if row["value"] is not None]
    if not known:
        return _t("control_none", lang)
    words = {
        "unit": names[known[0]["unit_id"]],
        "measure": _t(f"measure_{measure}", lang),
        "points": len(known),
    }
    if known[0]["points"] < _ENOUGH:
        return _t("control_too_early", lang, **words)
    marked = [row for row in known if row["signal"]]
    words["charts"] = known[0]["charts"]
    if not marked:
        return _t("control_steady", lang, **words)
    newest = marked[-1]
    return _t(
        "control_signals",
        lang,
        count=len(marked),
        month=formats.month(newest["month"], lang),
        value=formats.percent(newest["value"], lang),
        meaning=_t(f"signal_{newest['signal']}", lang),
        **words,
    )


def most_signals(table: pa.Table, names: Names) -> str:
    """The unit whose chart has most to say; the plan's first where none has."""
    count = dict.fromkeys(names, 0)
    for row in table.to_pylist():
        count[row["unit_id"]] += row["signal"] is not None
    return max(names, key=lambda name: count[name])


def of_unit(table: pa.Table, unit_id: str) -> pa.Table:
    """The rows of one unit."""
    wanted = [unit == unit_id for unit in table.column("unit_id").to_pylist()]
    return table.filter(pa.array(wanted, pa.bool_()))


def columns(table: pa.Table, named: Mapping[str, str]) -> pa.Table:
    """The columns of FUNNEL_COLUMNS or CHART_COLUMNS under the names that readers' tables want."""
    return table.select(list(named)).rename_columns(list(named.values()))


def titles(named: Mapping[str, str], lang: str) -> dict[str, str]:
    """Headings of those columns, but for the ones that every table names alike."""
    common = {"unit_id", "kind", "month", "status"}
    return {name: _t(f"column_{name}", lang) for name in named.values() if name not in common}


def _limits(fig: Figure, rows: list[Row], lang: str, theme: str | None, column: int) -> None:
    """The funnel itself: the centre and both pairs of limits over the number of items."""
    colours = palette.of(theme)
    centre, dispersion = rows[0]["centre"], rows[0]["dispersion"]
    trials = [row["trials"] for row in rows]
    ends = math.log(min(trials) / 1.6), math.log(max(trials) * 1.6)
    xs = [math.exp(ends[0] + (ends[1] - ends[0]) * n / _STEPS) for n in range(_STEPS + 1)]
    error = [math.sqrt(dispersion * centre * (1 - centre) / x) for x in xs]
    for name, dash in (("95", "dash"), ("998", "solid")):
        for sign in (-1, 1):
            ys = [min(1.0, max(0.0, centre + sign * _Z[name] * e)) for e in error]
            _curve(fig, xs, ys, colours.other, dash, f"{name}{sign:+d}", column)
    _curve(fig, xs, [centre] * len(xs), colours.quiet, "dot", "centre", column)
    marks = _round_marks(*ends)
    words = [formats.number(mark, lang) for mark in marks]
    fig.update_xaxes(type="log", tickangle=0, tickvals=marks, ticktext=words, col=column)


def _round_marks(low: float, high: float) -> list[int]:
    """One to three round numbers (1, 2 or 5) between two logarithms, well apart."""
    every = [m * 10**n for n in range(10) for m in (1, 2, 5) if low < math.log(m * 10**n) < high]
    return every[:: max(1, -(-len(every) // _MOST_MARKS))]


def _curve(fig: Figure, xs: list, ys: list, colour: str, dash: str, name: str, column: int) -> None:
    fig.add_scatter(
        x=xs, y=ys, mode="lines", line={"color": colour, "dash": dash, "width": 1.5}, name=name,
        hoverinfo="skip", showlegend=False, row=1, col=column,
    )  # fmt: skip


def _units(
    fig: Figure, rows: list[Row], names: Names, chosen: str | None,
    lang: str, theme: str | None, column: int,
) -> None:  # fmt: skip
    colours = palette.of(theme)
    outside = [row["signal"] in ("outside_95", "outside_998") for row in rows]
    named = [out or row["unit_id"] == chosen for out, row in zip(outside, rows, strict=True)]
    fig.add_scatter(
        x=[row["trials"] for row in rows],
        y=[row["rate"] for row in rows],
        mode="markers+text",
        name="units",
        marker={
            "size": 11,
            "symbol": ["diamond" if out else "circle" for out in outside],
            "color": [
                colours.primary
                if row["unit_id"] == chosen
                else colours.attention
                if out
                else colours.other
                for out, row in zip(outside, rows, strict=True)
            ],
        },
        text=[
            style.in_lines(names[row["unit_id"]], _SIGNS[lang]) if show else ""
            for show, row in zip(named, rows, strict=True)
        ],
        textposition=_sides([row["trials"] for row in rows]),
        cliponaxis=False,
        customdata=[_unit_hover(row, names, lang) for row in rows],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
        row=1,
        col=column,
    )


def _sides(trials: list[int]) -> list[str]:
    """Names of points in the right half are written to the left, away from the edge."""
    middle = math.sqrt(min(trials) * max(trials))
    return ["top left" if each > middle else "top right" for each in trials]


def _unit_hover(row: Row, names: Names, lang: str) -> str:
    return _t(
        "funnel_hover",
        lang,
        unit=names[row["unit_id"]],
        rate=formats.percent(row["rate"], lang),
        trials=formats.exact(row["trials"], lang),
        low=_interval(row, "95", lang),
        wide=_interval(row, "998", lang),
    )


def _interval(row: Row, name: str, lang: str) -> str:
    low, high = row[f"low_{name}"], row[f"high_{name}"]
    return "—" if low is None else formats.interval(low, high, lang)


def _outside(row: Row, names: Names, lang: str) -> str:
    key = "above_limit" if row["rate"] > row["centre"] else "below_limit"
    rate = formats.percent(row["rate"], lang)
    return _t(key, lang, unit=names[row["unit_id"]], rate=rate)


def _control_lines(fig: Figure, rows: list[Row], lang: str, theme: str | None) -> None:
    """Centre and limits month by month; their names with the newest values."""
    colours = palette.of(theme)
    known = [row for row in rows if row["centre"] is not None]
    for name, dash in (("centre", "dot"), ("upper", "dash"), ("lower", "dash")):
        if known:
            fig.add_scatter(
                x=[row["month"] for row in known],
                y=[row[name] for row in known],
                mode="lines",
                name=name,
                line={"color": colours.other, "dash": dash, "width": 1.5},
                hoverinfo="skip",
                showlegend=False,
            )
            newest = known[-1][name]
            fig.add_annotation(
                x=1, xref="paper", y=newest, xanchor="left", showarrow=False,
                text=_t(f"line_{name}", lang, value=formats.percent(newest, lang)),
                font={"color": colours.quiet, "size": 12},
            )  # fmt: skip


def _month_hover(row: Row, lang: str) -> str:
    month = formats.month(row["month"], lang)
    head = f"<b>{month}</b>  {formats.percent(row['value'], lang)}"
    return f"{head}<br>{_t('signal_' + row['signal'], lang)}" if row["signal"] else head


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"units.{key}", lang, **values)
