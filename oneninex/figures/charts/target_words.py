"""What is said of a target: goal, value, pace, state; rows of targets_progress, localised."""

import math
from collections.abc import Mapping
from typing import Any

from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.figures.charts import withheld

Row = Mapping[str, Any]
Looks = Mapping[str, Mapping[str, str]]

# The order of queries/target_states.sql: what needs a decision first.
STATES = ("far_behind", "behind", "incomplete", "no_value", "not_stated", "on_schedule", "achieved")
STATES += ("not_begun", "suppressed")
GLYPHS = {"circle": "●", "triangle": "▲", "square": "■", "diamond": "◆"}
# States that are no light of their own have a sign of their own.
_SIGNS = {"achieved": "✔", "not_stated": "◇", "no_value": "○", "suppressed": "□"}
_SIGNS |= {"incomplete": "◌", "not_begun": "·"}
_MEASURES = {"%", *formats.MONEY, *formats.GIGABYTES}


def title(row: Row, lang: str) -> str:
    """Name and goal: 数据标注企业数，超过35家."""
    return text("targets.title", lang, name=row["name"], goal=goal(row, lang))


def amount(value: float | None, row: Row, lang: str) -> str:
    """A value of the target's indicator with its unit; English names say what is counted."""
    unit = row["unit"] if lang == "zh" or row["unit"] in _MEASURES else None
    whole = unit == "%" and value is not None and abs(value * 100 - round(value * 100)) < 1e-9
    return formats.number(value, lang, 0 if whole else None, unit)


def per_month(value: float, row: Row, lang: str) -> str:
    """A pace with its unit; of a small count two decimals say enough."""
    small = row["unit"] not in _MEASURES and 0.01 <= abs(value) < 10
    unit = row["unit"] if lang == "zh" or row["unit"] in _MEASURES else None
    return formats.number(value, lang, 2 if small else None, unit)


def goal(row: Row, lang: str) -> str:
    """Operator and target in words: 达到50个; 未明确 where the plan states no number.

    Our own working assumptions say so wherever they appear.
    """
    if not row["stated"]:
        return text("targets.not_stated", lang)
    operator = text(f"plan.operator.{row['operator']}", lang)
    key = "targets.goal_working" if row["plan"] == "working" else "targets.goal"
    return text(key, lang, operator=operator, value=amount(row["target"], row, lang))


def as_it_stands(row: Row) -> bool:
    """Whether the value is compared with the target directly, not pro-rated by time."""
    return row["time_share"] is None


def judged(row: Row) -> bool:
    """Whether the target has a number and a whole value to compare with it."""
    return row["state"] in ("achieved", "on_schedule", "behind", "far_behind")


def unjudged(row: Row, lang: str) -> str:
    """Why a figure of the comparison is not there: withheld, or not worked out."""
    hidden = row["state"] == "suppressed"
    return withheld.word(lang) if hidden else text("targets.not_judged", lang)


def sign(state: str, light: str, looks: Looks) -> str:
    """The shape of a state as a character."""
    return _SIGNS.get(state) or GLYPHS[looks[light]["shape"]]


def colour(state: str, light: str, looks: Looks, quiet: str) -> str:
    """The colour of a state: its light's, `quiet` for a state without a light."""
    return looks[light]["colour"] if light in looks else quiet


def state_word(state: str, light: str, looks: Looks, lang: str) -> str:
    """The word of a state: the light's own word from plan.toml, else the catalogue's."""
    return text(f"targets.state.{state}", lang) if state in _SIGNS else looks[light]["word"]


def months_left(row: Row) -> int:
    """Whole months from the value's month to the month when the target is due, 0 at least."""
    at, due = row["value_month"], row["due"]
    return max((due.year - at.year) * 12 + due.month - at.month, 0)


def gap(row: Row, lang: str) -> str:
    """The gap in percentage points with its sign, or why there is none."""
    if not judged(row):
        return unjudged(row, lang)
    return formats.gap(row["gap_pp"], lang)


def gap_in_words(row: Row, lang: str) -> str:
    """The gap, and against what: the schedule, or the target as it stands."""
    key = "targets.gap_direct" if as_it_stands(row) else "targets.gap_schedule"
    return text(key, lang, gap=gap(row, lang))


def whole(value: float, row: Row, *, up: bool) -> float:
    """Whole things where things are counted: a need rounded up, what is expected by now down."""
    if row["unit"] in _MEASURES:
        return value
    return float(math.ceil(value - 1e-9) if up else math.floor(value + 1e-9))


def needed(row: Row, lang: str) -> str:
    """What is needed per month over the months left, or why it is not said."""
    if row["state"] == "achieved":
        return text("targets.nothing_needed", lang)
    if not judged(row) or as_it_stands(row):
        return unjudged(row, lang)
    if row["needed_per_month"] is None:
        return text("targets.past_due", lang)
    if few := needed_few(row, lang):
        return few
    pace = whole(row["needed_per_month"], row, up=True)
    value = (per_month if row["unit"] in _MEASURES else amount)(pace, row, lang)
    return text("targets.needed", lang, value=value, months=months_left(row))


def needed_few(row: Row, lang: str) -> str:
    """What is missing as a whole, where less than one a month is needed; empty otherwise.

    At the very number that has to be exceeded nothing a month is needed, but one more is.
    """
    pace = row["needed_per_month"]
    if row["state"] == "achieved" or not judged(row) or as_it_stands(row) or pace is None:
        return ""
    said = {"months": months_left(row), "target": amount(row["target"], row, lang)}
    if row["unit"] in _MEASURES:
        return "" if pace else text("targets.needed_above", lang, **said)
    missing = row["target"] - row["value"] + (row["operator"] == "exceed")
    if pace >= 1 or missing != round(missing):
        return ""
    return text("targets.needed_few", lang, missing=amount(missing, row, lang), **said)


def recent(row: Row, lang: str) -> str:
    """The mean of the last three complete months, or why there is none."""
    if row["recent_per_month"] is not None:
        return text("targets.recent", lang, value=per_month(row["recent_per_month"], row, lang))
    direct = row["kind"] in ("growth", "ratio")
    if not direct and "suppressed" in (row["state"], row["arrival_state"]):
        return text("targets.recent_suppressed", lang)
    return text("targets.recent_direct" if direct else "targets.recent_gap", lang)


def catch_up(row: Row, lang: str) -> str:
    """How many times the recent pace is needed, or why that cannot be said; empty if not asked."""
    # At the very number that has to be exceeded, 0 times the pace would say that all is done.
    if not row["needed_per_month"] or row["state"] == "achieved" or not judged(row):
        return ""
    if row["catch_up"] is not None:
        key = "targets.catch_up" if row["catch_up"] > 1 else "targets.pace_enough"
        return text(key, lang, value=formats.number(row["catch_up"], lang, 2))
    if row["recent_per_month"] is None:
        return ""
    key = "targets.pace_zero" if row["recent_per_month"] == 0 else "targets.pace_away"
    return text(key, lang)


def baseline(row: Row, lang: str) -> str:
    """The baseline with its day; 未公布，按0计 when none is stated."""
    if row["baseline_stated"]:
        value = amount(row["baseline"], row, lang)
        day = formats.day(row["baseline_on"], lang)
        return text("targets.baseline", lang, value=value, day=day)
    key = "targets.baseline_unused" if as_it_stands(row) else "targets.baseline_zero"
    return text(key, lang)


def coverage(row: Row, lang: str) -> str:
    """7/9 个单元; a value sent as a whole has no units behind it."""
    if row["units_due"] is None:
        return text("targets.coverage_whole" if row["value"] is not None else "targets.none", lang)
    return text("targets.coverage", lang, reported=row["units_reported"], due=row["units_due"])


def period(row: Row, lang: str) -> str:
    """The month of the value; of a flow, which is added up from the start, the months from it."""
    month = formats.month(row["value_month"], lang)
    if row["kind"] != "flow" or row["value_month"] is None:
        return month
    return text("targets.added_up", lang, start=formats.month(row["start"], lang), month=month)


def value(row: Row, lang: str) -> str:
    """The value, or that it is withheld or not there yet."""
    if row["value"] is None and row["status"] == "C":
        return withheld.word(lang)
    if row["value"] is None:
        return text("targets.state.no_value", lang)
    return amount(row["value"], row, lang)
