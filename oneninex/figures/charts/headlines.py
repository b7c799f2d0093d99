"""The five headline figures of the city, ready to draw; rows come localised."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import pyarrow as pa

from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.figures.charts import target_arrival, target_words, withheld
from oneninex.figures.charts.cards import Card, toned
from oneninex.figures.charts.overview import signed
from oneninex.figures.charts.target_words import Looks

Row = Mapping[str, Any]
Names = Mapping[str, str]
Against = Literal["year", "period"]
Direction = Literal["up", "down", "off"]

HEADLINES = (
    "items_accepted", "labeling_enterprises", "hq_datasets", "workers", "acceptance_rate",
)  # fmt: skip
# Small counts: "two more" says more than a per cent of a dozen.
_COUNTED = {"labeling_enterprises", "hq_datasets"}
_ARROWS: dict[Direction, str] = {"up": "↑ ", "down": "↓ ", "off": ""}


def cards(figures: pa.Table, targets: pa.Table, looks: Looks, month: date, lang: str) -> list[Card]:
    """The five headline figures of `month`, with the goal of the first plan that states one.

    `figures` of comparable_indicators, `targets` of targets_progress, `looks` of the lights.
    """
    rows = {row["indicator_id"]: row for row in figures.to_pylist()}
    stated = [row for row in targets.to_pylist() if row["stated"] and row["scope"] == "city"]
    stated.sort(key=lambda row: target_words.PLANS.index(row["plan"]), reverse=True)
    goals = {row["indicator_id"]: row for row in stated}
    return [
        _card(rows[name], goals.get(name), looks, month, lang) for name in HEADLINES if name in rows
    ]


def missing_note(figures: pa.Table, units: Names, lang: str) -> str:
    """That like is compared with like, and which units are missing from which figures."""
    absent: dict[str, list[str]] = {}
    for row in figures.to_pylist():
        if row["indicator_id"] in HEADLINES and row["missing_units"]:
            absent.setdefault(row["missing_units"], []).append(row["name"])
    parts = [
        text(
            "overview.missing_units",
            lang,
            names=formats.listing(named, lang),
            units=formats.listing([units[each] for each in missing.split("|")], lang),
        )
        for missing, named in absent.items()
    ]
    missing = text("overview.separator", lang).join(parts) or text("overview.nobody_missing", lang)
    return text("overview.fair", lang, missing=missing)


def _card(row: Row, goal: Row | None, looks: Looks, month: date, lang: str) -> Card:
    # A value of an earlier month is not this month's: nothing is carried forward.
    value = row["value"] if row["month"] == month else None
    is_rate = row["unit"] == "%"
    # The name of a number of items says what is counted, and 万条 would not fit the card.
    says = lang == "en" or row["indicator_id"] == "items_accepted"
    year, step = _compared(row, "year", lang) if value is not None else ("", "off")
    period, turn = _compared(row, "period", lang) if value is not None else ("", "off")
    return Card(
        label=row["name"],
        value=withheld.word(lang)
        if value is None and row["month"] == month and row["status"] == "C"
        else formats.number(value, lang, unit=None if says and not is_rate else row["unit"]),
        changes=(_marked(year, step, row), f"{_ARROWS[turn]}{period}"),
        notes=(
            *_goal_notes(goal, looks, lang),
            *_basis(row, value, lang),
            *_standing(row, value, lang),
        ),
        definition=row["definition"] or "",
    )


def _marked(words: str, step: Direction, row: Row) -> str:
    up = step == "up"
    return words if step == "off" else toned(words, up=up, good=up == (row["better"] == "up"))


def _compared(row: Row, against: Against, lang: str) -> tuple[str, Direction]:
    """The change over the units that reported both times, in words, and its direction."""
    now, before = row[f"now_{against}"], row[f"before_{against}"]
    if now is None or before is None:
        why = "withheld" if row[f"{against}_suppressed"] else "no"
        return text(f"overview.{why}_{against}", lang), "off"
    if row["indicator_id"] in _COUNTED:
        if now == before:
            return text(f"overview.level_{against}", lang), "off"
        words = signed(now - before, lang)
        return text(f"overview.against_{against}", lang, value=words), _direction(words)
    if row["kind"] == "ratio":
        words = formats.points(now - before, lang)
    elif before > 0:
        words = formats.change(now, before, lang)
    else:
        return text(f"overview.base_zero_{against}", lang), "off"
    return text(f"overview.rate_{against}", lang, value=words), _direction(words)


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
    if few := target_words.needed_few(goal, lang):
        parts.append(few)
    if likely := target_arrival.probability(goal, lang):
        parts.append(likely)
    return [text("overview.dot", lang).join(parts)]
