"""When a target will be reached and how sure that is, in words; rows of targets_progress."""

from __future__ import annotations

from datetime import date

from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.figures.charts.target_words import Row

# Beyond these the record of the forecasts supports no number.
_NEARLY_NONE, _NEARLY_ALL = 0.05, 0.95


def is_ahead(row: Row) -> bool:
    """Whether a forecast of its value exists, a target number or not."""
    return row["forecast_model"] is not None


def arrival(row: Row, lang: str) -> str:
    """The month of arrival with its 80% interval, or why it is not said."""
    state = row["arrival_state"]
    if state == "too_early":
        return text("targets.arrival_too_early", lang, observed=row["observed_months"])
    if state == "arrived":
        return text("targets.arrived", lang, month=formats.month(row["arrival_p50"], lang))
    if state != "forecast":
        return text(f"targets.arrival_{state}", lang)
    months = (row["arrival_p10"], row["arrival_p50"], row["arrival_p90"])
    return expected(months, row["forecast_to"], lang)


def expected(months: tuple[date | None, ...], last: date, lang: str) -> str:
    """Early, middle and late month in words; None is after `last`, the end of the forecast."""
    early, middle, late = months
    said = {
        "early": formats.month(early, lang),
        "middle": formats.month(middle, lang),
        "late": formats.month(late, lang),
        "last": formats.month(last, lang),
    }
    if early is None:
        return text("targets.arrival_none", lang, **said)
    if middle is None:
        return text("targets.arrival_unlikely", lang, **said)
    if late is None:
        return text("targets.arrival_open", lang, **said)
    key = "targets.arrival_sure" if early == late else "targets.arrival_forecast"
    return text(key, lang, **said)


def probability(row: Row, lang: str) -> str:
    """如期达标概率 62%; empty where it cannot be said."""
    if row["probability"] is None:
        return ""
    held = row["arrival_state"] == "arrived"
    key = "targets.probability_held" if held else "targets.probability"
    return text(key, lang, share=chance(row["probability"], lang))


def chance(share: float, lang: str) -> str:
    """A probability in whole per cent, never 0% or 100%."""
    if share <= _NEARLY_NONE:
        return text("targets.chance_low", lang)
    if share >= _NEARLY_ALL:
        return text("targets.chance_high", lang)
    return formats.percent(share, lang, 0)
