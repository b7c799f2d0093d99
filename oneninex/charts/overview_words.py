"""What the overview says in words: the headline figures, and what needs a decision.

Rows come localised (a pair of columns x_zh, x_en is one column x).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Literal

import pyarrow as pa

from oneninex import formats
from oneninex.charts.overview import signed
from oneninex.i18n import text

Row = Mapping[str, Any]
Names = Mapping[str, str]
Against = Literal["year", "period"]

HEADLINES = (
    "items_accepted", "labeling_enterprises", "hq_datasets", "workers", "acceptance_rate",
)  # fmt: skip
# Small counts: "two more" says more than a per cent of a dozen.
_COUNTED = {"labeling_enterprises", "hq_datasets"}
_MOST = 6
_KINDS = ("target", "missing_return", "outstanding_findings")
# By severity: 1 most urgent. The plan's lights use the same signs for red and yellow.
_SIGNS = {1: "■", 2: "▲", 3: "◇"}


@dataclass(frozen=True)
class Card:
    """One headline figure, ready to draw.

    `changes` holds 同比, then 环比; `direction` is that of the first: up, down or off.
    """

    label: str
    value: str
    changes: tuple[str, ...]
    direction: Literal["up", "down", "off"]
    good: bool | None
    notes: tuple[str, ...]
    reported: int | None
    due: int | None
    missing: tuple[str, ...]
    definition: str


@dataclass(frozen=True)
class Matter:
    """One line of the decision list: its words, the page that shows more, and its address."""

    words: str
    page: str
    address: dict[str, str]


def cards(figures: pa.Table, targets: pa.Table, month: date, lang: str) -> list[Card]:
    """The five headline figures of `month`, with the AI plan's goals where it has one.

    `figures` of comparable_indicators, `targets` of targets_progress.
    """
    rows = {row["indicator_id"]: row for row in figures.to_pylist()}
    goals = {
        row["indicator_id"]: row
        for row in targets.to_pylist()
        if row["plan"] == "ai_plan" and row["scope"] == "city"
    }
    return [_card(rows[name], goals.get(name), month, lang) for name in HEADLINES if name in rows]


def matters(
    rows: pa.Table, targets: pa.Table, units: Names, kinds: Names, lang: str
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
            matter = _target(members[0], goals[members[0]["target_id"]], sign, lang)
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


def _card(row: Row, goal: Row | None, month: date, lang: str) -> Card:
    # A value of an earlier month is not this month's: nothing is carried forward.
    value = row["value"] if row["month"] == month else None
    unit = row["unit"]
    if lang == "en" and unit != "%":
        unit = None  # the label says what is counted
    compared = [_compared(row, against, lang) for against in ("year", "period")]
    step = compared[0][1] if value is not None else 0
    notes = [*_goal_notes(goal, lang)]
    if value is not None:
        notes += _standing(row, lang)
    return Card(
        label=row["name"],
        value=formats.number(value, lang, unit=unit),
        changes=tuple(words for words, _ in compared) if value is not None else (),
        direction="up" if step > 0 else "down" if step < 0 else "off",
        good=None if step == 0 else (step > 0) == (row["better"] == "up"),
        notes=tuple(notes),
        reported=row["units_reported"],
        due=row["units_due"],
        missing=tuple((row["missing_units"] or "").split("|")) if row["missing_units"] else (),
        definition=row["definition"] or "",
    )


def _compared(row: Row, against: Against, lang: str) -> tuple[str, float]:
    """The change over the units that reported both times, in words, and its direction."""
    now, before = row[f"now_{against}"], row[f"before_{against}"]
    if now is None or before is None:
        return text(f"overview.no_{against}", lang), 0
    difference = now - before
    if row["indicator_id"] in _COUNTED:
        words = signed(difference, lang)
        if difference == 0:
            words = text("overview.level", lang)
        return text(f"overview.against_{against}", lang, value=words), difference
    if row["kind"] == "ratio":
        words = formats.points(difference, lang)
    elif before > 0:
        words = formats.change(now, before, lang)
    else:
        return text(f"overview.base_zero_{against}", lang), 0
    return text(f"formats.against_{against}", lang, value=words), difference


def _standing(row: Row, lang: str) -> list[str]:
    """Whether the figure is provisional, and that only like is compared with like."""
    words = []
    if row["status"] in ("P", "E"):
        words.append(text(f"plan.status.{row['status']}", lang))
    counts = {row["year_units"], row["period_units"]} - {None}
    if counts and row["units_due"] and min(counts) < row["units_due"]:
        span = formats.number(min(counts), lang)
        if len(counts) > 1:
            span = text(
                "overview.two_counts", lang, year=row["year_units"], period=row["period_units"]
            )
        words.append(text("overview.compared_units", lang, units=span))
    return [text("overview.separator", lang).join(words)] if words else []


def _goal_notes(goal: Row | None, lang: str) -> list[str]:
    if goal is None or not goal["stated"]:
        return []
    notes = [
        text(
            "overview.goal",
            lang,
            plan=text(f"plan.plan.{goal['plan']}", lang),
            operator=text(f"plan.operator.{goal['operator']}", lang),
            target=formats.number(goal["target"], lang),
            due=formats.month(goal["due"], lang),
        )
    ]
    if goal["done_share"] is not None and goal["time_share"] is not None:
        notes.append(
            text(
                "overview.goal_progress",
                lang,
                light=text(f"ui.code.light.{goal['light']}", lang),
                done=formats.percent(goal["done_share"], lang, 0),
                time=formats.percent(goal["time_share"], lang, 0),
            )
        )
    return notes


def _group(row: Row) -> tuple[str, str]:
    """What goes into one line: a target, a unit's missing returns, a return's findings."""
    if row["kind"] == "target":
        return row["kind"], row["target_id"]
    if row["kind"] == "missing_return":
        return row["kind"], row["unit_id"] or ""
    return row["kind"], f"{row['unit_id'] or '~'} {row['return_kind'] or ''}"


def _target(row: Row, goal: Row, sign: str, lang: str) -> Matter:
    key = "overview.behind_schedule" if goal["time_share"] is not None else "overview.below_target"
    unit = goal["unit"]
    words = text(
        key,
        lang,
        sign=sign,
        name=goal["name"],
        plan=text(f"plan.plan.{goal['plan']}", lang),
        value=formats.number(goal["value"], lang, unit=unit),
        operator=text(f"plan.operator.{goal['operator']}", lang),
        target=formats.number(goal["target"], lang, unit=unit),
        gap=text("formats.points", lang, value=formats.number(abs(row["amount"]), lang, 1)),
    )
    return Matter(words, "targets", {"target": row["target_id"]})


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
        months=span,
        kinds=_kinds(rows, kinds, lang),
        returns=len(rows),
        days=formats.number(max(row["amount"] for row in rows), lang),
    )
    address = {"unit": rows[0]["unit_id"], "month": f"{months[-1]:%Y-%m}"}
    return Matter(words, "unit_map", address)


def _findings(rows: Sequence[Row], units: Names, kinds: Names, sign: str, lang: str) -> Matter:
    words = text(
        "overview.findings",
        lang,
        sign=sign,
        unit=_unit(rows[0], units, lang),
        kinds=_kinds(rows, kinds, lang),
        findings=formats.number(sum(row["amount"] for row in rows), lang),
    )
    if rows[0]["unit_id"]:
        return Matter(words, "unit_map", {"unit": rows[0]["unit_id"]})
    kind = rows[0]["return_kind"]
    return Matter(words, "methods", {"section": "returns"} | ({"kind": kind} if kind else {}))


def _unit(row: Row, units: Names, lang: str) -> str:
    return units.get(row["unit_id"] or "", "") or text("overview.unknown_sender", lang)


def _kinds(rows: Sequence[Row], kinds: Names, lang: str) -> str:
    found = sorted({row["return_kind"] for row in rows if row["return_kind"]})
    named = [kinds.get(kind, kind) for kind in found]
    return formats.listing(named, lang) if named else text("overview.unknown_return", lang)
