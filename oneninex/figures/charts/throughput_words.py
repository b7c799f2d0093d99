"""The headline figures of "How much, how good?" in words.

`row` is one row of throughput_by_month, whose changes compare like with like.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pyarrow as pa

from oneninex.core import formats
from oneninex.core.i18n import keys, text
from oneninex.figures import statements
from oneninex.figures.charts.cards import Card, toned

RATES = ("acceptance_rate", "first_pass_rate", "rework_rate", "gold_accuracy")
_AGAINST: tuple[tuple[str, Literal["year", "period"]], ...] = (("yoy", "year"), ("mom", "period"))


def cards(row: Mapping[str, Any], changes: Sequence[statements.Clause], lang: str) -> list[Card]:
    """Accepted items, acceptance, first-pass and rework rate, gold accuracy of one month.

    `changes`: 同比 and 环比 of the accepted items.
    """
    return [_output_card(row, changes, lang), *(_rate_card(row, rate, lang) for rate in RATES)]


def comparison_note(row: Mapping[str, Any], lang: str) -> str:
    """Which units the changes rest on."""
    return _t("compared", lang, yoy=row["yoy_units"], mom=row["mom_units"])


def describe_aside(table: pa.Table, lang: str) -> str:
    """How much work was counted apart from the output; `table`: work_set_aside_by_reason."""
    if not table.num_rows:
        return _t("aside_none", lang)
    items = sum(table.column("items").to_pylist())
    return _t("aside_says", lang, items=formats.exact(items, lang))


def describe_agreement(table: pa.Table, lang: str) -> str:
    """How far people agree on the same items; `table`: agreement_by_project_month.

    The lowest alpha is named, never a mean. Without rows: which exports could tell.
    """
    known = [row for row in table.to_pylist() if row["alpha"] is not None]
    if not known:
        return _t("agreement_none", lang)
    least = min(row["alpha"] for row in known)
    lowest = [row for row in known if row["alpha"] == least]
    key = "agreement_says" if len(lowest) == 1 else "agreement_tied"
    return _t(
        "agreement_one" if len(known) == 1 else key,
        lang,
        count=len(known),
        alpha=f"{least:.2f}",
        project=formats.listing([row["project_id"] for row in lowest], lang),
        items=formats.exact(lowest[0]["items"], lang),
    )


def column_titles(lang: str) -> dict[str, str]:
    """Headings of the columns of this page's tables."""
    prefix = "throughput.column."
    return {
        key.removeprefix(prefix): text(key, lang) for key in keys(lang) if key.startswith(prefix)
    }


def aside_titles(lang: str) -> dict[str, str]:
    """Headings of the table of work set aside: its items were not submitted."""
    return {**column_titles(lang), "items": _t("aside_items", lang)}


def _output_card(row: Mapping[str, Any], changes: Sequence[statements.Clause], lang: str) -> Card:
    return Card(
        label=_t("accepted_card", lang),
        value=formats.number(row["accepted"], lang),
        changes=_told(row, [change.text for change in changes], lang),
        notes=(_submitted(row, lang),),
        definition=_t("accepted_help", lang),
    )


def _rate_card(row: Mapping[str, Any], rate: str, lang: str) -> Card:
    changes = []
    for column, against in _AGAINST:
        difference = row[f"{column}_{rate}"]
        written = formats.points(difference, lang)
        words = text(f"formats.against_{against}", lang, value=written)
        up_is_better = rate != "rework_rate"
        changes.append(_marked(None if difference is None else words, up_is_better, against, lang))
    return Card(
        label=_t(rate, lang),
        value=_rate(row, rate, lang),
        changes=_told(row, changes, lang),
        notes=(_interval(row, lang) if rate == "gold_accuracy" else _t(f"{rate}_short", lang),),
        definition=_t(f"{rate}_help", lang),
    )


def _told(row: Mapping[str, Any], changes: list[str], lang: str) -> tuple[str, ...]:
    """Without the month itself there is nothing to compare, whatever the other months say."""
    return (_t("not_compared", lang),) if row["status"] == "M" else tuple(changes)


def _marked(words: str | None, up_is_better: bool, against: str, lang: str) -> str:
    """A change with arrow and colour; one that rounds to nothing has neither."""
    if words is None:
        return text(f"ui.no_{against}_before", lang)
    up, down = "+" in words, formats.MINUS in words
    if not up and not down:
        return words
    return toned(words, up=up, good=up == up_is_better)


def _rate(row: Mapping[str, Any], rate: str, lang: str) -> str:
    """The rate, or why there is none: nothing reported, or nothing reviewed to take it from."""
    if row[rate] is None and row["reviewed"] is not None:
        return _t("no_gold" if rate == "gold_accuracy" else "no_review", lang)
    return formats.percent(row[rate], lang)


def _submitted(row: Mapping[str, Any], lang: str) -> str:
    if row["items"] is None:
        return ""
    items, reviewed = (formats.number(row[name], lang) for name in ("items", "reviewed"))
    return _t("submitted_note", lang, items=items, reviewed=reviewed)


def _interval(row: Mapping[str, Any], lang: str) -> str:
    if row["gold_accuracy"] is None:
        return ""
    span = formats.interval(row["gold_low"], row["gold_high"], lang)
    items = formats.number(row["gold_items"], lang)
    return _t("gold_interval", lang, interval=span, items=items)


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"throughput.{key}", lang, **values)
