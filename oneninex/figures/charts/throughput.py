"""Figures of the page "How much, how good?".

Tables come from the queries of the same names; months that nobody reported are rows with NULL
and stay gaps.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures import statements
from oneninex.figures.charts import style
from oneninex.figures.charts.figure import Figure

RATES = ("acceptance_rate", "first_pass_rate")
_BAND = 0.22
_FEW = 5  # month labels that fit under half the width of the page
# Which columns stand behind a figure; hours are never among them where bases are mixed.
_COLUMNS = {
    "output": ("month", "items", "reviewed", "accepted", "units_reported", "units_due", "status"),
    "rates": ("month", "reviewed", "acceptance_rate", "first_pass_rate", "rework_rate", "status"),
    "gold": ("month", "gold_items", "gold_correct", "gold_accuracy", "gold_low", "gold_high"),
    "accepted": ("month", "unit_id", "items", "accepted", "status"),
    "acceptance_rate": ("month", "unit_id", "reviewed", "acceptance_rate", "status"),
    "gold_accuracy": (
        "month", "unit_id", "gold_items", "gold_accuracy", "gold_low", "gold_high", "status",
    ),
    "daily": ("date", "items", "reviewed", "accepted", "units_reported"),
    "mix": ("month", "modality", "items", "items_share", "units_reported"),
    "hours": ("month", "hours_basis", "hours", "items", "units_reported"),
}  # fmt: skip
# Without any value in it there is nothing to draw.
_NEEDED = {"output": "items", "rates": "acceptance_rate", "gold": "gold_accuracy"}


def columns(table: pa.Table, name: str) -> pa.Table:
    """What stands behind the figure `name`; no rows where nothing that it draws is known."""
    chosen = table.select(_COLUMNS[name])
    needed = chosen.column(_NEEDED.get(name, _COLUMNS[name][-2]))
    return chosen if needed.null_count < table.num_rows else chosen.slice(0, 0)


def output(table: pa.Table, lang: str, theme: str | None) -> Figure:
    """Items submitted and, inside them, accepted by month; provisional months are hatched.

    `table`: throughput_by_month.
    """
    rows = table.to_pylist()
    months = [row["month"] for row in rows]
    colours = palette.of(theme)
    fig = style.figure(lang, theme)
    hatch = ["/" if row["status"] == "P" else "" for row in rows]
    for measure, colour in (("items", colours.other), ("accepted", colours.primary)):
        values = [row[measure] for row in rows]
        hover = [_output_hover(row, measure, lang) for row in rows]
        style.bars(fig, months, values, _t(measure, lang), colour, hover=hover)
        fig.update_traces(marker_pattern_shape=hatch, selector={"name": _t(measure, lang)})
    fig.update_traces(marker_pattern={"fillmode": "overlay", "fgcolor": colours.background})
    fig.update_layout(barmode="group", bargap=0.25, bargroupgap=0)
    for row in rows:
        if row["status"] == "M":
            _missing_mark(fig, row["month"], lang, theme)
    style.month_axis(fig, months, lang)
    style.value_axis(fig, [row["items"] for row in rows], lang)
    return fig


def newest(table: pa.Table) -> date:
    """Return the newest month that has items, the last one where none has."""
    row = _newest(table, "items")
    return row["month"] if row else table.column("month").to_pylist()[-1]


def describe_output(
    table: pa.Table, lang: str, changes: Sequence[statements.Clause] = (), period: str = ""
) -> str:
    """What the newest month submitted and delivered, and how that changed.

    `period`: the month in words, or the days of it that are there.
    """
    row = _newest(table, "items")
    if row is None:
        return _t("output_none", lang)
    return _t(
        "output_says" if changes else "output_alone",
        lang,
        month=period or formats.month(row["month"], lang),
        items=formats.number(row["items"], lang),
        accepted=formats.number(row["accepted"], lang),
        changes=statements.joined_words(changes, lang),
    )


def rates(table: pa.Table, lang: str, theme: str | None) -> Figure:
    """Acceptance and first-pass rate by month; `table`: throughput_by_month."""
    rows = table.to_pylist()
    months = [row["month"] for row in rows]
    colours = palette.of(theme)
    fig = style.figure(lang, theme)
    styles = (("solid", "circle", colours.primary), ("dash", "square", colours.attention))
    for rate, (dash, symbol, colour) in zip(RATES, styles, strict=True):
        values = [row[rate] for row in rows]
        name = _t(rate, lang)
        hover = [
            hover_text(m, name, formats.percent(v, lang), lang)
            for m, v in zip(months, values, strict=True)
        ]
        opened = _first_provisional(rows)
        style.line(
            fig, months, values, name, colour,
            hover=hover, dash=dash, symbol=symbol, open_from=opened,
        )  # fmt: skip
    style.month_axis(fig, months, lang, most=_FEW)
    known = [row[rate] for row in rows for rate in RATES]
    style.value_axis(fig, known, lang, unit="%", zero=False)
    return fig


def describe_rates(table: pa.Table, lang: str, period: str = "") -> str:
    """Both rates of the newest month that has them; `period` as in describe_output."""
    row = _newest(table, "acceptance_rate")
    if row is None:
        return _t("rates_none", lang)
    return _t(
        "rates_say",
        lang,
        month=period or formats.month(row["month"], lang),
        acceptance=formats.percent(row["acceptance_rate"], lang),
        first_pass=formats.percent(row["first_pass_rate"], lang),
    )


def gold(table: pa.Table, lang: str, theme: str | None) -> Figure:
    """Gold accuracy by month with its Wilson 95% interval; `table`: throughput_by_month."""
    rows = table.to_pylist()
    months = [row["month"] for row in rows]
    colours = palette.of(theme)
    fig = style.figure(lang, theme)
    for run in _runs(rows, "gold_low"):
        there = [row["month"] for row in run]
        fig.add_scatter(
            x=[*there, *reversed(there)],
            y=[*(row["gold_high"] for row in run), *(row["gold_low"] for row in reversed(run))],
            fill="toself",
            fillcolor=_rgba(colours.primary, _BAND),
            mode="lines",
            line={"width": 1, "color": _rgba(colours.primary, 2 * _BAND)},
            hoverinfo="skip",
            showlegend=False,
        )
    values = [row["gold_accuracy"] for row in rows]
    hover = [_gold_hover(row, lang) for row in rows]
    name = _t("gold_accuracy", lang)
    style.line(
        fig, months, values, name, colours.primary,
        hover=hover, open_from=_first_provisional(rows), legend=False,
    )  # fmt: skip
    style.month_axis(fig, months, lang, most=_FEW)
    known = [row[end] for row in rows for end in ("gold_low", "gold_high")]
    style.value_axis(fig, known, lang, unit="%", zero=False)
    return fig


def describe_gold(table: pa.Table, lang: str) -> str:
    """The newest gold accuracy with its interval and how many items it rests on."""
    row = _newest(table, "gold_accuracy")
    if row is None:
        return _t("gold_none", lang)
    return _t(
        "gold_says",
        lang,
        month=formats.month(row["month"], lang),
        accuracy=formats.percent(row["gold_accuracy"], lang),
        interval=formats.interval(row["gold_low"], row["gold_high"], lang),
        items=formats.exact(row["gold_items"], lang),
    )


def _newest(table: pa.Table, column: str) -> dict[str, Any] | None:
    known = [row for row in table.to_pylist() if row[column] is not None]
    return known[-1] if known else None


def _runs(rows: Sequence[dict[str, Any]], column: str) -> list[list[dict[str, Any]]]:
    """Rows in unbroken stretches where `column` is known."""
    runs: list[list[dict[str, Any]]] = [[]]
    for row in rows:
        if row[column] is None:
            runs.append([])
        else:
            runs[-1].append(row)
    return [run for run in runs if run]


def _first_provisional(rows: Sequence[Mapping[str, Any]]) -> int | None:
    return next((i for i, row in enumerate(rows) if row["status"] == "P"), None)


def _missing_mark(fig: Figure, month: date, lang: str, theme: str | None) -> None:
    quiet = palette.of(theme).quiet
    word = formats.missing(lang)
    fig.add_annotation(
        x=month, y=0, text=word, showarrow=False, yanchor="bottom", textangle=-90,
        font={"size": 12, "color": quiet},
    )  # fmt: skip


def hover_text(month: date, name: str, written: str, lang: str) -> str:
    """What a point says: the month, what it is, and the value as it is written."""
    return f"<b>{formats.month(month, lang)}</b><br>{name}  {written}"


def _output_hover(row: Mapping[str, Any], measure: str, lang: str) -> str:
    head = hover_text(row["month"], _t(measure, lang), formats.exact(row[measure], lang), lang)
    counts = {"reported": row["units_reported"], "due": row["units_due"]}
    lines = [head, text("common.coverage_full", lang, **counts)]
    if row["status"] == "P":
        lines.append(text("common.provisional", lang))
    return "<br>".join(lines)


def _gold_hover(row: Mapping[str, Any], lang: str) -> str:
    accuracy = formats.percent(row["gold_accuracy"], lang)
    head = hover_text(row["month"], _t("gold_accuracy", lang), accuracy, lang)
    span = formats.interval(row["gold_low"], row["gold_high"], lang)
    return f"{head}<br>{_t('interval', lang)}  {span}"


def _rgba(colour: str, alpha: float) -> str:
    red, green, blue, _ = palette.rgb(colour)
    return f"rgba({red},{green},{blue},{alpha})"


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"throughput.{key}", lang, **values)


BY_MONTH = (
    ("output", output, describe_output),
    ("rates", rates, describe_rates),
    ("gold", gold, describe_gold),
)
