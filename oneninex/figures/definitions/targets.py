"""Targets in order of risk: progress, schedule, forecast, probability, owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oneninex.core import formats
from oneninex.figures import words
from oneninex.figures.charts import target_words
from oneninex.figures.registry import Ask, Column, Figure, Row, Scope, Shown, Tables, View
from oneninex.figures.specs import Bullet, Interval, Lamp, Point, Tone, state_of

_LAMPS: Mapping[str, Lamp] = {
    "far_behind": "red", "behind": "yellow", "on_schedule": "green", "met": "achieved",
    "unlikely": "red", "uncertain": "yellow", "likely": "green",
    "incomplete": "incomplete", "not_begun": "not_begun",
}  # fmt: skip
_TONES: Mapping[str, Tone] = {"red": "red", "yellow": "amber"}
_COUNTED = {
    "met": "met", "on_schedule": "on_schedule", "behind": "behind", "far_behind": "behind",
    "not_stated": "not_stated",
}  # fmt: skip


def register(view: View, tables: Tables, scope: Scope) -> list[dict[str, Any]]:
    """Every target, the one that is hardest to reach first."""
    marks = {row["target_id"]: row for row in tables["target_marks"]}
    rows = {row["target_id"]: row for row in tables["targets_progress"]}
    return [
        _row(rows[look["target_id"]], look, marks[look["target_id"]], view)
        for look in tables["target_outlook"]
    ]


def _row(row: Row, look: Row, mark: Row, view: View) -> dict[str, Any]:
    progress = _LAMPS.get(look["progress"], "none")
    outlook = _LAMPS.get(look["outlook"], "none")
    value, _ = words.apart(target_words.value(row, view.lang))
    return {
        "id": row["target_id"],
        "address": f"targets?target={row['target_id']}",
        "name": _name(row, view),
        "plan": view.t(f"targets.plan.{row['plan']}"),
        "sub": _sub(row, look, mark, view),
        "progress": look["progress"],
        "stated": row["stated"],
        "met": look["progress"] == "met",
        "now": (progress, view.t(f"figures.progress.{progress}")),
        "ahead": (outlook, view.t(f"figures.outlook.{outlook}")),
        "worse": look["worse"],
        "bullet": _bullet(row, mark, _TONES.get(look["worse"], "fill")),
        "value": value,
        "goal": _goal(row, mark, view),
        "with_unit": words.amount(row["value"], row["unit"], view.lang),
        "gap": _gap(look, view),
        "needed": _needed(row, look, view),
        "chance": chance(look),
        "owner": row["lead_office"] or view.t("figures.no_owner"),
        "tip": target_words.title(row, view.lang),
    }


def _name(row: Row, view: View) -> str:
    """The target's name; a working assumption says so."""
    name = row["name"]
    if row["plan"] == "working":
        return view.t("figures.working", name=name)
    return name


def _bullet(row: Row, mark: Row, tone: Tone) -> Bullet | None:
    if not row["stated"]:
        return None
    forecast = None
    if mark["p50_share"] is not None:
        forecast = Interval(
            mark["p10_share"], mark["p50_share"], mark["p90_share"], wide=mark["wide"]
        )
    value = Point(mark["value_share"], state_of(row["status"], mark["value_share"]))
    if value.state == "provisional":
        value = Point(value.value)  # one note in the foot says it for all of them
    return Bullet(value, mark["schedule_share"], forecast, tone)


def _goal(row: Row, mark: Row, view: View) -> str:
    if not row["stated"]:
        return ""
    if row["unit"] == "%":
        return f"/{formats.percent(mark['goal'], view.lang, 0)}"
    return f"/{words.amount(mark['goal'], row['unit'], view.lang)}"


def _sub(row: Row, look: Row, mark: Row, view: View) -> str:
    """The line under the name: what separates the target from being met."""
    if look["progress"] == "incomplete":
        return view.t("figures.incomplete", count=look["missing_returns"])
    if look["progress"] not in ("on_schedule", "behind", "far_behind"):
        return ""
    parts = [] if row["operator"] == "reach" else [target_words.goal(row, view.lang)]
    if look["progress"] != "on_schedule" and look["gap_pp"] is not None:
        key = "figures.below_goal" if row["time_share"] is None else "figures.behind_schedule"
        gap = view.t("formats.points", value=formats.number(abs(look["gap_pp"]), view.lang, 1))
        parts.append(view.t(key, gap=gap))
    elif look["countable"] and mark["goal"] is not None and row["value"] is not None:
        left = max(mark["goal"] - row["value"], 0)
        parts.append(view.t("figures.left", amount=words.amount(left, row["unit"], view.lang)))
    if mark["wide"]:
        parts.append(view.t("figures.wide"))
    return view.t("figures.comma").join(parts)


def _gap(look: Row, view: View) -> str:
    """Against schedule, or against the target for a rate, in percentage points."""
    if look["gap_pp"] is None:
        return "—"
    return formats.change(1 + look["gap_pp"] / 100, 1, view.lang).removesuffix("%")


def _needed(row: Row, look: Row, view: View) -> str:
    if look["progress"] == "met" or not look["needed_per_month"]:
        return "—"
    few = target_words.needed_few(row, view.lang)
    pace = words.amount(look["needed_per_month"], row["unit"], view.lang)
    return few or view.t("figures.needed", amount=pace)


def chance(look: Row) -> str:
    """The probability within what its calibration supports; nothing is said to be certain."""
    if look["progress"] == "met" or look["probability"] is None:
        return "—"
    if look["probability_low"] == 0:
        return f"<{formats.percent(look['probability_high'], 'en', 0)}"
    if look["probability_high"] == 1:
        return f">{formats.percent(look['probability_low'], 'en', 0)}"
    return formats.percent(look["probability"], "en", 0)


def counts(rows: list[dict[str, Any]]) -> dict[str, int]:
    """How many targets are met, on schedule, behind, not stated, and not to be judged."""
    found = {"all": len(rows), "met": 0, "on_schedule": 0, "behind": 0, "not_stated": 0, "open": 0}
    for row in rows:
        found[_COUNTED.get(row["progress"], "open")] += 1
    return found


def statement(rows: list[dict[str, Any]], view: View) -> str:
    """15 targets: how many are met, on schedule, behind, without a number."""
    number = counts(rows)
    parts = [
        view.t(f"figures.count_{name}", count=number[name])
        for name in ("met", "on_schedule", "behind", "not_stated", "open")
        if number[name]
    ]
    said = view.t("figures.comma").join(parts)
    return view.t("figures.targets_state", count=number["all"], parts=said)


def _build(view: View, tables: Tables, scope: Scope) -> Shown:
    rows = register(view, tables, scope)
    term = next(iter(tables["plan_term"]), None)
    return Shown(
        statement(rows, view),
        {
            "rows": [row for row in rows if row["stated"]],
            "unstated": [row for row in rows if not row["stated"]],
            "counts": counts(rows),
            "chosen": scope.get("target"),
            "schedule": formats.percent(term["time_share"], view.lang) if term else "",
        },
    )


_ASKS = (
    Ask("targets_progress"), Ask("target_outlook"), Ask("target_marks"), Ask("plan_term"),
)  # fmt: skip
_COLUMNS = (
    Column("name", "text"), Column("plan", "text"), Column("operator", "text"), Column("target"),
    Column("value"), Column("value_month", "month"), Column("done_share", "percent"),
    Column("time_share", "percent"), Column("gap_pp", "points"), Column("state", "text"),
    Column("needed_per_month"), Column("recent_per_month"), Column("probability", "percent"),
    Column("lead_office", "text"), Column("due", "month"),
)  # fmt: skip
STRIP = Figure("targets", _ASKS, _build, "targets.html", columns=_COLUMNS)
REGISTER = Figure("target_register", _ASKS, _build, "target_register.html", columns=_COLUMNS)
