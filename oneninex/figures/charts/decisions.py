"""What needs a decision, in words: targets behind, missing returns, findings not yet corrected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.figures.charts import target_arrival, target_words
from oneninex.figures.charts.target_words import Looks

Row = Mapping[str, Any]
Names = Mapping[str, str]

_MOST = 6
_KINDS = ("target", "missing_return", "outstanding_findings")
# By severity, 1 most urgent; the signs of the plan's red and yellow lights come first.
_SIGNS = {1: "■", 2: "▲", 3: "◇"}


@dataclass(frozen=True)
class Matter:
    """One entry of the decision list: headline, details, and the page and address for more."""

    words: str
    details: str
    page: str
    address: dict[str, str]


def matters(
    rows: pa.Table, targets: pa.Table, units: Names, kinds: Names, looks: Looks, lang: str
) -> list[Matter]:
    """The matters of needs_decision, most urgent first, a unit's missing returns in one line.

    `targets` of targets_progress; `units` and `kinds` name units and return kinds.
    """
    goals = {row["target_id"]: row for row in targets.to_pylist()}
    ordered = sorted(rows.to_pylist(), key=_group)
    found: list[tuple[tuple[int, int], Matter]] = []
    for (kind, _), group in groupby(ordered, key=_group):
        members = list(group)
        severity = min(row["severity"] for row in members)
        sign = _SIGNS[severity]
        if kind == "target":
            matter = _target(members[0], goals[members[0]["target_id"]], looks, lang)
        elif kind == "missing_return":
            matter = _missing(members, units, kinds, sign, lang)
        else:
            matter = _findings(members, units, kinds, sign, lang)
        found.append(((severity, _KINDS.index(kind)), matter))
    return [matter for _, matter in sorted(found, key=lambda each: each[0])]


def shown(found: Sequence[Matter]) -> Sequence[Matter]:
    """The first few, for a reader with five minutes."""
    return found[:_MOST]


def matters_note(found: Sequence[Matter], lang: str) -> str:
    """What the signs mean and how many matters there are beyond those shown."""
    if not found:
        return text("overview.decision_none", lang)
    signs = text("overview.decision_signs", lang)
    if len(found) <= _MOST:
        return signs
    more = text("overview.decision_more", lang, shown=_MOST, total=len(found))
    return (" " if lang == "en" else "").join([more, signs])


def _group(row: Row) -> tuple[str, str]:
    """What goes into one line: a target, a unit's missing returns, a return's findings."""
    if row["kind"] == "target":
        return row["kind"], row["target_id"]
    if row["kind"] == "missing_return":
        return row["kind"], row["unit_id"] or ""
    return row["kind"], f"{row['unit_id'] or '~'} {row['return_kind'] or ''}"


def _target(row: Row, goal: Row, looks: Looks, lang: str) -> Matter:
    key = "overview.below_target" if target_words.as_it_stands(goal) else "overview.behind_schedule"
    words = text(
        key,
        lang,
        sign=target_words.sign(goal["state"], goal["light"], looks),
        word=target_words.state_word(goal["state"], goal["light"], looks, lang),
        name=goal["name"],
        gap=text("formats.points", lang, value=formats.number(abs(row["amount"]), lang, 1)),
    )
    details = text(
        "overview.target_details",
        lang,
        value=target_words.amount(goal["value"], goal, lang),
        plan=text(f"plan.plan.{goal['plan']}", lang),
        goal=target_words.goal(goal, lang),
        ahead=target_arrival.probability(goal, lang) or target_arrival.arrival(goal, lang),
    )
    return Matter(words, details, "targets", {"target": row["target_id"]})


def _missing(rows: Sequence[Row], units: Names, kinds: Names, sign: str, lang: str) -> Matter:
    months = sorted({row["month"] for row in rows})
    span = formats.month(months[0], lang)
    if len(months) > 1:
        span = text("overview.span", lang, first=span, last=formats.month(months[-1], lang))
    words = text(
        "overview.missing_returns",
        lang,
        sign=sign,
        unit=_unit(rows[0], units, lang),
        returns=len(rows),
    )
    details = text(
        "overview.missing_details",
        lang,
        months=span,
        kinds=_kinds(rows, kinds, lang),
        days=formats.number(max(row["amount"] for row in rows), lang),
    )
    late = {row["return_kind"] for row in rows}
    kind = "labeling_daily" if "labeling_daily" in late else min(late)
    return Matter(words, details, "returns", {"kind": kind})


def _findings(rows: Sequence[Row], units: Names, kinds: Names, sign: str, lang: str) -> Matter:
    words = text(
        "overview.findings",
        lang,
        sign=sign,
        unit=_unit(rows[0], units, lang),
        findings=formats.number(sum(row["amount"] for row in rows), lang),
    )
    details = text("overview.findings_details", lang, kinds=_kinds(rows, kinds, lang))
    return Matter(words, details, "returns", {})


def _unit(row: Row, units: Names, lang: str) -> str:
    return units.get(row["unit_id"] or "", "") or text("overview.unknown_sender", lang)


def _kinds(rows: Sequence[Row], kinds: Names, lang: str) -> str:
    found = sorted({row["return_kind"] for row in rows if row["return_kind"]})
    named = [kinds.get(kind, kind) for kind in found]
    return formats.listing(named, lang) if named else text("overview.unknown_return", lang)
