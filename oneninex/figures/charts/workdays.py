"""Output of a working day: what a short month or the Spring Festival would hide."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures.charts import style
from oneninex.figures.charts.figure import Figure

Row = Mapping[str, Any]

COLUMNS = (
    "month", "last_month", "accepted", "working_days", "per_day", "mom_per_day_before",
    "yoy_per_day_before", "units_reported", "units_due", "announced", "status",
)  # fmt: skip


def per_day(table: pa.Table, lang: str, theme: str | None) -> Figure:
    """Accepted items of a working day in each period; a period without returns is a gap."""
    rows = table.to_pylist()
    colours = palette.of(theme)
    fig = style.figure(lang, theme)
    style.bars(
        fig, [row["month"] for row in rows], [row["per_day"] for row in rows],
        _t("per_day", lang), colours.primary, hover=[_hover(row, lang) for row in rows],
        legend=False,
    )  # fmt: skip
    fig.update_traces(
        marker_pattern={
            "shape": ["/" if row["status"] == "P" else "" for row in rows],
            "fillmode": "overlay",
            "fgcolor": colours.background,
        }
    )
    for row in rows:
        if row["status"] == "M":
            fig.add_annotation(
                x=row["month"], y=0, text=formats.missing(lang), showarrow=False,
                yanchor="bottom", font={"color": colours.quiet},
            )  # fmt: skip
    _period_axis(fig, rows, lang)
    style.value_axis(fig, [row["per_day"] for row in rows], lang)
    return fig


def describe_per_day(table: pa.Table, lang: str, running: str = "") -> str:
    """The newest period's output of a working day with 同比 and 环比, like with like.

    `running`: the days of the newest month that are there, while it is running.
    """
    known = [row for row in table.to_pylist() if row["per_day"] is not None]
    if not known:
        return _t("per_day_none", lang)
    row = known[-1]
    if running:
        per_day = formats.number(row["per_day"], lang)
        return _t("per_day_running", lang, period=running, per_day=per_day)
    return _t(
        "per_day_says",
        lang,
        period=period(row["month"], row["last_month"], lang),
        per_day=formats.number(row["per_day"], lang),
        days=row["working_days"],
        yoy=_against(row, "yoy", "year", lang),
        mom=_against(row, "mom", "period", lang),
        announced="" if row["announced"] else _t("not_announced", lang),
    )


def period(first: date, last: date, lang: str) -> str:
    """A month, or two of them as one period: 2026年1–2月."""
    if first == last:
        return formats.month(first, lang)
    return _t("two_months", lang, year=first.year)


def table(rows: pa.Table) -> pa.Table:
    """The columns that stand behind the figure."""
    return rows.select(COLUMNS)


def _against(row: Row, name: str, against: Any, lang: str) -> str:
    if row[f"{name}_per_day"] is None:
        return _t(f"no_{name}", lang)
    return formats.change(row[f"{name}_per_day"], row[f"{name}_per_day_before"], lang, against)


def _hover(row: Row, lang: str) -> str:
    return _t(
        "per_day_hover",
        lang,
        period=period(row["month"], row["last_month"], lang),
        per_day=formats.number(row["per_day"], lang),
        accepted=formats.number(row["accepted"], lang),
        days=formats.number(row["working_days"], lang),
    )


def _period_axis(fig: Figure, rows: list[Row], lang: str) -> None:
    """Months in words; a period of two months says so under its bar."""
    shown = rows[::-1][:: max(1, -(-len(rows) // 6))][::-1]
    ticks = [row["month"] for row in shown]
    words = []
    for row in shown:
        written = period(row["month"], row["last_month"], lang)
        gap, broken = ("年", "年<br>") if lang == "zh" else (" ", "<br>")
        words.append(written.replace(gap, broken, 1))
    fig.update_xaxes(type="date", tickvals=ticks, ticktext=words, tickangle=0)


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"units.{key}", lang, **values)
