"""What if: the forecast as it is beside the forecast with a change, as figure and words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.domain.analytics.what_if import Outcome
from oneninex.figures.charts import style, target_arrival, target_fan
from oneninex.figures.charts import target_words as words
from oneninex.figures.charts.figure import Figure
from oneninex.figures.charts.target_words import Row

_AFTER = timedelta(days=40)


def figure(
    before: Sequence[Row], after: Sequence[Row], row: Row, lang: str, theme: str | None = None
) -> Figure:
    """The middle line as it is in grey, the supposed one with its interval in front."""
    colours = palette.of(theme)
    fig = style.figure(lang, theme, height=340)
    name = text("targets.what_if_before", lang)
    target_fan.middle(fig, before, row, name, colours.other, lang)
    target_fan.interval(fig, after, text("targets.fan", lang), colours.primary)
    name = text("targets.what_if_after", lang)
    target_fan.middle(fig, after, row, name, colours.primary, lang)
    goal = words.goal(row, lang)
    style.reference(fig, row["target"], goal, theme)
    due = text("targets.what_if_due", lang, day=formats.day(row["due"], lang))
    style.note_on_date(fig, row["due"], due, theme)
    days = [point["day"] for point in before]
    style.month_axis(fig, days, lang, most=3)
    fig.update_xaxes(tickangle=0, range=[min(days), max(days) + _AFTER])
    values = [point[key] for point in (*before, *after) for key in ("p10", "p90")]
    style.value_axis(fig, [*values, row["target"]], lang)
    fig.update_layout(margin={"t": 36, "r": 24})
    target_fan.legend(fig)
    return fig


def describe(before: Outcome, after: Outcome, row: Row, extra: float, lang: str) -> str:
    """How arrival moves, and what is reached when the target is due."""
    last = row["forecast_to"]
    said = {
        "before": _when(before, last, lang),
        "after": _when(after, last, lang),
        "at_due": words.amount(_round(after.at_due), row, lang),
        "was": words.amount(_round(before.at_due), row, lang),
        "due": formats.month(row["due"], lang),
        "extra": words.per_month(extra, row, lang),
    }
    return text("targets.what_if_same" if extra == 0 else "targets.what_if_moved", lang, **said)


def table(before: Sequence[Row], after: Sequence[Row]) -> pa.Table:
    """One row per month: the forecast as it is, and with the change."""
    columns = {"month": [point["month"] for point in before]}
    for name in ("p10", "p50", "p90"):
        columns[name] = [point[name] for point in before]
        columns[f"{name}_changed"] = [point[name] for point in after]
    return pa.table(columns)


def _when(outcome: Outcome, last: date, lang: str) -> str:
    months = (outcome.early, outcome.middle, outcome.late)
    return target_arrival.expected(months, last, lang)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
