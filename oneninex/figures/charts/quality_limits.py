"""Is a unit's quality unusual? A control chart of its months against each other."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures.charts import style
from oneninex.figures.charts.figure import Figure

Row = Mapping[str, Any]
Names = Mapping[str, str]

MEASURES = ("acceptance_rate", "gold_accuracy")
CHART_COLUMNS = {
    "month": "month", "unit_id": "unit_id", "value": "value_rate", "trials": "trials",
    "centre": "centre_rate", "lower": "lower_rate", "upper": "upper_rate", "signal": "signal",
    "status": "status",
}  # fmt: skip
_ENOUGH = 8  # months before a signal is one


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
