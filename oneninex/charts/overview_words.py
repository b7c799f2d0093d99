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
from oneninex.charts import target_words
from oneninex.charts.overview import signed
from oneninex.charts.target_words import Looks
from oneninex.i18n import text

Row = Mapping[str, Any]
Names = Mapping[str, str]
Against = Literal["year", "period"]
Direction = Literal["up", "down", "off"]

HEADLINES = (
    "items_accepted", "labeling_enterprises", "hq_datasets", "workers", "acceptance_rate",
)  # fmt: skip
# Small counts: "two more" says more than a per cent of a dozen.
_COUNTED = {"labeling_enterprises", "hq_datasets"}
_MOST = 6
_ARROWS: dict[Direction, str] = {"up": "↑ ", "down": "↓ ", "off": ""}
_KINDS = ("target", "missing_return", "outstanding_findings")
# By severity: 1 most urgent. The plan's lights use the same signs for red and yellow.
_SIGNS = {1: "■", 2: "▲", 3: "◇"}


@dataclass(frozen=True)
class Card:
    """One headline figure, ready to draw.

    `year` is 同比 with its `direction` and whether that is `good`, `period` 环比; None where
    there is no value to compare.
    """

    label: str
    value: str
    year: str | None
    direction: Direction
    good: bool | None
    period: str | None
    notes: tuple[str, ...]
    definition: str


@dataclass(frozen=True)
class Matter:
    """One entry of the decision list: headline, details, and the page and address for more."""

    words: str
    details: str
    page: str
    address: dict[str, str]


def cards(figures: pa.Table, targets: pa.Table, looks: Looks, month: date, lang: str) -> list[Card]:
    """The five headline figures of `month`, with the AI plan's goals where it has one.

    `figures` of comparable_indicators, `targets` of targets_progress, `looks` of the lights.
    """
    rows = {row["indicator_id"]: row for row in figures.to_pylist()}
    goals = {
        row["indicator_id"]: row
        for row in targets.to_pylist()
        if row["plan"] == "ai_plan" and row["scope"] == "city"
    }
    return [
        _card(rows[name], goals.get(name), looks, month, lang) for name in HEADLINES if name in rows
    ]


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


def missing_note(figures: pa.Table, units: Names, lang: str) -> str:
    """That like is compared with like, and who has not reported for each headline figure."""
    rows = {row["indicator_id"]: row for row in figures.to_pylist()}
    parts = [
        text(
            "overview.missing_units",
            lang,
            name=rows[name]["name"],
            units=formats.listing(
                [units[each] for each in rows[name]["missing_units"].split("|")], lang
            ),
        )
        for name in HEADLINES
        if name in rows and rows[name]["missing_units"]
    ]
    missing = text("overview.separator", lang).join(parts) or text("overview.nobody_missing", lang)
    return text("overview.fair", lang, missing=missing)


def matters_note(found: Sequence[Matter], lang: str) -> str:
    """What the signs mean and how many matters there are beyond those shown."""
    if not found:
        return text("overview.decision_none", lang)
    signs = text("overview.decision_signs", lang)
    if len(found) <= _MOST:
        return signs
    more = text("overview.decision_more", lang, shown=_MOST, total=len(found))
    return (" " if lang == "en" else "").join([more, signs])


def _card(row: Row, goal: Row | None, looks: Looks, month: date, lang: str) -> Card:
    # A value of an earlier month is not this month's: nothing is carried forward.
    value = row["value"] if row["month"] == month else None
    is_rate = row["unit"] == "%"
    # The name of a number of items says what is counted, and 万条 would not fit the card.
    says = lang == "en" or row["indicator_id"] == "items_accepted"
    year, step = _compared(row, "year", lang) if value is not None else (None, "off")
    period, turn = _compared(row, "period", lang) if value is not None else (None, "off")
    return Card(
        label=row["name"],
        value=formats.number(value, lang, unit=None if says and not is_rate else row["unit"]),
        year=year,
        direction=step,
        good=None if step == "off" else (step == "up") == (row["better"] == "up"),
        period=period and f"{_ARROWS[turn]}{period}",
        notes=(
            *_goal_notes(goal, looks, lang),
            *_basis(row, value, lang),
            *_standing(row, value, lang),
        ),
        definition=row["definition"] or "",
    )


def _compared(row: Row, against: Against, lang: str) -> tuple[str, Direction]:
    """The change over the units that reported both times, in words, and its direction."""
    now, before = row[f"now_{against}"], row[f"before_{against}"]
    if now is None or before is None:
        return text(f"overview.no_{against}", lang), "off"
    if row["indicator_id"] in _COUNTED:
        words = signed(now - before, lang) if now != before else text("overview.level", lang)
        return text(f"overview.against_{against}", lang, value=words), _direction(words)
    if row["kind"] == "ratio":
        words = formats.points(now - before, lang)
    elif before > 0:
        words = formats.change(now, before, lang)
    else:
        return text(f"overview.base_zero_{against}", lang), "off"
    return text(f"formats.against_{against}", lang, value=words), _direction(words)


def _direction(words: str) -> Direction:
    """The direction of a change as it is printed: what rounds to nothing has none."""
    return "up" if words.startswith("+") else "down" if words.startswith(formats.MINUS) else "off"


def _standing(row: Row, value: float | None, lang: str) -> list[str]:
    """How many of the units due are in the value, and whether it may still change."""
    words = []
    if row["units_due"]:
        counts = {"reported": row["units_reported"], "due": row["units_due"]}
        words.append(text("overview.coverage", lang, **counts))
    if value is not None and row["status"] in ("P", "E"):
        words.append(text(f"plan.status.{row['status']}", lang))
    return [text("overview.dot", lang).join(words)] if words else []


def _basis(row: Row, value: float | None, lang: str) -> list[str]:
    """Over how many units is compared, where it is fewer than are in the value."""
    counts = [row["year_units"], row["period_units"]]
    if value is None or all(count in (None, row["units_reported"]) for count in counts):
        return []
    shown = [formats.number(count or 0, lang) for count in counts]
    return [text("overview.compared_units", lang, year=shown[0], period=shown[1])]


def _goal_notes(goal: Row | None, looks: Looks, lang: str) -> list[str]:
    """The plan's goal and how it stands, in one line; nothing where no number is stated."""
    if goal is None or not goal["stated"]:
        return []
    parts = [
        text(
            "overview.goal",
            lang,
            plan=text(f"plan.plan.{goal['plan']}", lang),
            goal=target_words.goal(goal, lang),
        )
    ]
    if target_words.judged(goal) and not target_words.as_it_stands(goal):
        parts.append(
            text(
                "overview.goal_progress",
                lang,
                sign=target_words.sign(goal["state"], goal["light"], looks),
                word=target_words.state_word(goal["state"], goal["light"], looks, lang),
                done=formats.percent(goal["done_share"], lang, 0),
                time=formats.percent(goal["time_share"], lang, 0),
            )
        )
    return [text("overview.dot", lang).join(parts)]


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
    address = {"unit": rows[0]["unit_id"], "month": f"{months[-1]:%Y-%m}"}
    return Matter(words, details, "unit_map", address)


def _findings(rows: Sequence[Row], units: Names, kinds: Names, sign: str, lang: str) -> Matter:
    words = text(
        "overview.findings",
        lang,
        sign=sign,
        unit=_unit(rows[0], units, lang),
        findings=formats.number(sum(row["amount"] for row in rows), lang),
    )
    details = text("overview.findings_details", lang, kinds=_kinds(rows, kinds, lang))
    if rows[0]["unit_id"]:
        return Matter(words, details, "unit_map", {"unit": rows[0]["unit_id"]})
    kind = rows[0]["return_kind"]
    address = {"section": "returns"} | ({"kind": kind} if kind else {})
    return Matter(words, details, "methods", address)


def _unit(row: Row, units: Names, lang: str) -> str:
    return units.get(row["unit_id"] or "", "") or text("overview.unknown_sender", lang)


def _kinds(rows: Sequence[Row], kinds: Names, lang: str) -> str:
    found = sorted({row["return_kind"] for row in rows if row["return_kind"]})
    named = [kinds.get(kind, kind) for kind in found]
    return formats.listing(named, lang) if named else text("overview.unknown_return", lang)
