"""The headline figures of "How much, how good?" in words.

`row` is one row of throughput_by_month, whose changes compare like with like.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from oneninex import formats
from oneninex.i18n import text

RATES = ("acceptance_rate", "first_pass_rate", "rework_rate", "gold_accuracy")
_AGAINST: tuple[tuple[str, Literal["year", "period"]], ...] = (("yoy", "year"), ("mom", "period"))


@dataclass(frozen=True)
class Card:
    """One headline figure: `changes` holds 同比, then 环比; `direction` is that of the first."""

    label: str
    value: str
    changes: tuple[str, str]
    direction: Literal["up", "down", "off"]
    good: bool | None
    notes: tuple[str, ...]
    definition: str


def cards(row: Mapping[str, Any], lang: str) -> list[Card]:
    """Accepted items, acceptance, first-pass and rework rate, gold accuracy of one month."""
    return [_output_card(row, lang), *(_rate_card(row, rate, lang) for rate in RATES)]


def headline(row: Mapping[str, Any], lang: str) -> str:
    """Which month the cards are about, and how firm it is."""
    month = formats.month(row["month"], lang)
    key = {"A": "headline_final", "P": "headline_provisional", "M": "headline_missing"}
    return _t(key[row["status"]], lang, month=month)


def comparison_note(row: Mapping[str, Any], lang: str) -> str:
    """Which units the changes rest on."""
    return _t("compared", lang, yoy=row["yoy_units"], mom=row["mom_units"])


def _output_card(row: Mapping[str, Any], lang: str) -> Card:
    bases = [(row[f"{c}_accepted"], row[f"{c}_accepted_before"], a) for c, a in _AGAINST]
    changes = [
        _no_base(against, lang) if before is None else formats.change(now, before, lang, against)
        for now, before, against in bases
    ]
    now, before, _ = bases[0]
    difference = now - before if before else None
    share = formats.number(row["items"], lang)
    return Card(
        label=_t("accepted_card", lang),
        value=formats.number(row["accepted"], lang),
        changes=(changes[0], changes[1]),
        direction=_direction(difference),
        good=_good(difference, True),
        notes=(_t("of_items", lang, items=share),) if row["items"] is not None else (),
        definition=_t("accepted_help", lang),
    )


def _rate_card(row: Mapping[str, Any], rate: str, lang: str) -> Card:
    changes = []
    for column, against in _AGAINST:
        difference = row[f"{column}_{rate}"]
        written = formats.points(difference, lang)
        words = text(f"formats.against_{against}", lang, value=written)
        changes.append(_no_base(against, lang) if difference is None else words)
    difference = row[f"yoy_{rate}"]
    return Card(
        label=_t(rate, lang),
        value=_rate(row, rate, lang),
        changes=(changes[0], changes[1]),
        direction=_direction(difference),
        good=_good(difference, rate != "rework_rate"),
        notes=_interval(row, lang) if rate == "gold_accuracy" else (),
        definition=_t(f"{rate}_help", lang),
    )


def _rate(row: Mapping[str, Any], rate: str, lang: str) -> str:
    """The rate, or why there is none: nothing reported, or nothing reviewed to take it from."""
    if row[rate] is None and row["reviewed"] is not None:
        return _t("no_gold" if rate == "gold_accuracy" else "no_review", lang)
    return formats.percent(row[rate], lang)


def _interval(row: Mapping[str, Any], lang: str) -> tuple[str, ...]:
    if row["gold_accuracy"] is None:
        return ()
    span = formats.interval(row["gold_low"], row["gold_high"], lang)
    items = formats.number(row["gold_items"], lang)
    return (_t("gold_interval", lang, interval=span, items=items),)


def _no_base(against: str, lang: str) -> str:
    return text(f"ui.no_{against}_before", lang)


def _direction(difference: float | None) -> Literal["up", "down", "off"]:
    if not difference:
        return "off"
    return "up" if difference > 0 else "down"


def _good(difference: float | None, up_is_better: bool) -> bool | None:
    return (difference > 0) == up_is_better if difference else None


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"throughput.{key}", lang, **values)
