"""Targets in order of risk: progress, schedule, forecast, probability, owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oneninex.core import formats
from oneninex.figures import words
from oneninex.figures.charts import target_arrival, target_words
from oneninex.figures.registry import Ask, Column, Figure, Row, Scope, Shown, Tables, View
from oneninex.figures.specs import Bar, Bullet, Interval, Lamp, Point, Tone, state_of

_LAMPS: Mapping[str, Lamp] = {
    "far_behind": "red", "behind": "yellow", "on_schedule": "green", "met": "achieved",
    "unlikely": "red", "uncertain": "yellow", "likely": "green",
    "incomplete": "incomplete", "not_begun": "not_begun",
}  # fmt: skip
_DATASETS = {"hq_datasets", "datasets_built"}
_STAGES = ("planned", "built", "evaluated", "registered")
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
        "now": (progress, _progress_word(progress, view)),
        "ahead": (outlook, view.t(f"figures.outlook.{outlook}")),
        "worse": look["worse"],
        "bullet": _bullet(row, mark, _TONES.get(look["worse"], "fill")),
        "value": "—" if row["value"] is None else value,
        "goal": _goal(row, mark, view),
        "with_unit": words.amount(row["value"], row["unit"], view.lang),
        "gap": _gap(look, view),
        "needed": _needed(row, look, mark, view),
        "chance": chance(look),
        "owner": row["lead_office"] or view.t("figures.no_owner"),
        "tip": target_words.title(row, view.lang),
    }


def _progress_word(lamp: Lamp, view: View) -> str:
    """The word of a light as the office set it, else the product's own."""
    if lamp in view.looks:
        return view.t("figures.progress_word", word=view.looks[lamp]["word"])
    return view.t(f"figures.progress.{lamp}")


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
    if look["progress"] == "incomplete" and not look["missing_returns"]:
        return view.t("figures.no_value")
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


def _needed(row: Row, look: Row, mark: Row, view: View) -> str:
    """What has to come each month; where that is less than the whole rest, the rest."""
    pace = look["needed_per_month"]
    if look["progress"] == "met" or not pace:
        return "—"
    if target_words.needed_few(row, view.lang):
        left = words.amount(mark["goal"] - row["value"], row["unit"], view.lang)
        return view.t("figures.rest", amount=left)
    return view.t("figures.needed", amount=words.amount(pace, row["unit"], view.lang))


def chance(look: Row) -> str:
    """The probability within what its calibration supports; nothing is said to be certain."""
    if look["progress"] == "met" or look["probability"] is None:
        return "—"
    if look["probability_low"] == 0:
        return f"<{formats.percent(look['probability_high'], 'en', 0)}"
    if look["probability_high"] == 1:
        return f">{formats.percent(look['probability_low'], 'en', 0)}"
    return formats.percent(look["probability"], "en", 0)


def state_group(progress: str) -> str:
    """The group in which a target is counted: met, on_schedule, behind, not_stated, open."""
    return _COUNTED.get(progress, "open")


def counts(rows: list[dict[str, Any]]) -> dict[str, int]:
    """How many targets are met, on schedule, behind, not stated, and not to be judged."""
    found = {"all": len(rows), "met": 0, "on_schedule": 0, "behind": 0, "not_stated": 0, "open": 0}
    for row in rows:
        found[state_group(row["progress"])] += 1
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
    wanted = scope.get("state") or "all"
    kept = [row for row in rows if wanted in ("all", state_group(row["progress"]))]
    return Shown(
        statement(rows, view),
        {
            "rows": [row for row in kept if row["stated"]],
            "unstated": [row for row in kept if not row["stated"]],
            "open": wanted == "not_stated",
            "chosen": scope.get("target"),
            "schedule": formats.percent(term["time_share"], view.lang) if term else "",
        },
    )


def _detail(view: View, tables: Tables, scope: Scope) -> Shown:
    """One target: where it stands, what should be there, what is needed, how likely it is."""
    chosen = scope["target"]
    row = next(row for row in tables["targets_progress"] if row["target_id"] == chosen)
    look = next(row for row in tables["target_outlook"] if row["target_id"] == chosen)
    line = next(each for each in register(view, tables, scope) if each["id"] == chosen)
    facts = [
        target_words.goal(row, view.lang),
        view.t("figures.detail.due", day=formats.day(row["due"], view.lang)),
        view.t(f"plan.plan.{row['plan']}"),
        target_words.baseline(row, view.lang),
        target_words.coverage(row, view.lang),
        view.t("figures.detail.owner", owner=line["owner"]),
    ]
    stats = [
        (view.t("figures.detail.value"), line["with_unit"], target_words.period(row, view.lang)),
        (view.t("figures.detail.expected"), _expected(row, look, view), line["gap"]),
        (view.t("figures.detail.needed"), line["needed"], _recent(row, view)),
        (view.t("figures.detail.chance"), line["chance"], target_arrival.arrival(row, view.lang)),
    ]
    said = view.t(
        "figures.detail.said",
        name=line["name"], value=line["with_unit"], progress=line["now"][1],
        outlook=line["ahead"][1],
    )  # fmt: skip
    sentence = row["sentence"] or ""
    return Shown(said, {"row": line, "facts": facts, "stats": stats, "sentence": sentence})


def _expected(row: Row, look: Row, view: View) -> str:
    if look["expected_now"] is None:
        return "—"
    return words.amount(look["expected_now"], row["unit"], view.lang)


def _recent(row: Row, view: View) -> str:
    if row["recent_per_month"] is None:
        return ""
    pace = target_words.per_month(row["recent_per_month"], row, view.lang)
    return view.t("figures.detail.recent", amount=pace)


def _parts(view: View, tables: Tables, scope: Scope) -> Shown:
    """What the units add to a target and, for datasets, how far those on their way have come."""
    row = next(row for row in tables["targets_progress"] if row["target_id"] == scope["target"])
    parts = [part for part in tables["target_contributions"] if part["additive"]]
    most = max((part["value"] or 0 for part in parts), default=0) or 1
    units = [(view.unit(part["unit_id"]), _part(part, most, row, view)) for part in parts]
    stages: dict[str, float] = {}
    for each in tables["dataset_pipeline"]:
        stages[each["stage"]] = stages.get(each["stage"], 0) + (each["datasets"] or 0)
    pipeline = []
    if row["indicator_id"] in _DATASETS:
        longest = max((stages.get(stage, 0) for stage in _STAGES), default=0) or 1
        pipeline = [
            (view.t(f"figures.stage.{stage}"), _bar(stages.get(stage, 0), "A", longest, row, view))
            for stage in _STAGES
        ]
    key = "figures.parts.said" if units else "figures.parts.whole"
    return Shown(view.t(key, count=len(units)), {"units": units, "pipeline": pipeline})


def _part(part: Row, most: float, row: Row, view: View) -> Bar:
    """A unit's bar with its share of the city's value."""
    bar = _bar(part["value"], part["status"], most, row, view)
    if not part["value"] or part["share"] is None:
        return bar
    share = formats.percent(part["share"], view.lang)
    return Bar(bar.value, view.t("figures.parts.share", amount=bar.words, share=share))


def _bar(value: float | None, status: str, most: float, row: Row, view: View) -> Bar:
    if value is None:
        key = "suppressed" if status == "C" else "missing"
        return Bar(Point(None, state_of(status, None)), view.t(f"ui.state_word.{key}"))
    return Bar(Point(value / most), words.amount(value, row["unit"], view.lang))


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
DETAIL = Figure(
    "target_detail", _ASKS[:3], _detail, "target_detail.html", ("to_month", "target"), _COLUMNS
)
PARTS = Figure(
    "target_parts",
    (
        Ask("target_contributions", takes={"target_id": "target"}),
        Ask("targets_progress"),
        Ask("dataset_pipeline"),
    ),
    _parts,
    "target_parts.html",
    ("to_month", "target"),
    (
        Column("unit_id", "unit"), Column("value"), Column("share", "percent"),
        Column("recent_per_month"), Column("status", "text"),
    ),
)  # fmt: skip
