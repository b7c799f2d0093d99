"""Three conclusions of a month, each with its cause: output, targets, quality."""

from __future__ import annotations

from typing import Any

from oneninex.core import formats
from oneninex.figures import statements, words
from oneninex.figures.definitions import targets
from oneninex.figures.registry import Ask, Column, Figure, Row, Rows, Scope, Shown, Tables, View

# Below this a change per working day, or of a rate, is called steady.
_STEADY, _STEADY_RATE = 0.01, 0.002
MEASURE = {"indicator_id": "items_accepted"}
Part = dict[str, Any]


def _build(view: View, tables: Tables, scope: Scope) -> Shown:
    parts = [
        _output(view, tables, scope),
        _targets(view, tables, scope),
        _quality(view, tables, scope),
    ]
    said = " ".join(f"{part['lead']} {part['text']}" for part in parts)
    return Shown(said, {"parts": parts})


def _output(view: View, tables: Tables, scope: Scope) -> Part:
    days = next(
        (row for row in tables["output_by_working_day"] if row["month"] == scope["to_month"]), None
    )
    if days is None or days["accepted"] is None:
        return _part("none", view.t("figures.conclusions.no_output"), "")
    month = scope["to_month"]
    value = words.amount(days["accepted"], view.t("overview.items_unit"), view.lang)
    explained, joined = tables["change_explained"], tables["january_february"]
    at = words.month_of(tables["months"], month)
    running = bool(at and at["running"])
    clauses = statements.flow_changes(
        explained, joined, MEASURE["indicator_id"], month, view.lang, running=running
    )
    said = [
        view.t(
            "figures.conclusions.output_said",
            period=view.t("figures.conclusions.period", days=statements.period(at, view.lang))
            if at and running
            else "",
            value=value,
            compared="" if running else _compared(explained, joined, view),
            changes=statements.joined_words(clauses, view.lang),
        )
    ]
    trend = _trend(days, joined)
    if trend is None:
        return _part("none", view.t("figures.conclusions.output"), "".join(said))
    word = "steady" if abs(trend) < _STEADY else "up" if trend > 0 else "down"
    lamp = "yellow" if word == "down" else "green"
    return _part(lamp, view.t(f"figures.conclusions.output_{word}"), _sentences(said, view))


def _compared(explained: Rows, joined: Rows, view: View) -> str:
    """How many units are compared with last month, where it is not all of them."""
    rows = [row for row in explained if row["comparison"] == "previous_month"]
    units = joined[0]["units_compared"] if joined else rows[0]["units_compared"] if rows else 0
    if not units or units == len(view.units):
        return ""
    return view.t("figures.conclusions.compared", count=units)


def _trend(days: Row, joined: Rows) -> float | None:
    """The pace of a working day against last month's, in a distorted February December's."""
    row = joined[0] if joined else None
    now = row["per_day"] if row else days["mom_per_day"]
    before = row["per_day_before"] if row else days["mom_per_day_before"]
    return now / before - 1 if now is not None and before else None


def _targets(view: View, tables: Tables, scope: Scope) -> Part:
    rows = targets.register(view, tables, scope)
    number = targets.counts(rows)
    lead = view.t(
        "figures.conclusions.targets", count=number["all"], met=number["met"],
        behind=number["behind"],
    )  # fmt: skip
    said = [
        view.t(
            "figures.conclusions.targets_rest",
            on_schedule=number["on_schedule"],
            not_stated=number["not_stated"],
            open=number["open"],
        )
    ]
    late = [row for row in rows if row["progress"] in ("behind", "far_behind")]
    lamp = "green"
    if late:
        first = late[0]
        lamp = "red" if first["worse"] == "red" else "yellow"
        said.append(
            view.t(
                "figures.conclusions.target_late",
                name=first["name"],
                value=first["with_unit"],
                gap=first["sub"],
            )
        )
        said += _reason(first["id"], tables, view)
        if first["ahead"][0] == "red":
            said.append(view.t("figures.conclusions.unlikely"))
    return _part(lamp, lead, _sentences(said, view))


def _reason(target_id: str, tables: Tables, view: View) -> list[str]:
    """Of registered datasets: how many are built and wait."""
    row = next(row for row in tables["targets_progress"] if row["target_id"] == target_id)
    if row["indicator_id"] != "hq_datasets":
        return []
    stages: dict[str, int] = {}
    for each in tables["dataset_pipeline"]:
        stages[each["stage"]] = stages.get(each["stage"], 0) + (each["datasets"] or 0)
    built, registered = stages.get("built", 0), stages.get("registered", 0)
    if built <= registered:
        return []
    return [view.t("figures.conclusions.pipeline", built=built, waiting=built - registered)]


def _quality(view: View, tables: Tables, scope: Scope) -> Part:
    rows = {row["indicator_id"]: row for row in tables["comparable_indicators"]}
    rate = rows.get("acceptance_rate")
    if rate is None or rate["value"] is None:
        return _part("none", view.t("figures.conclusions.no_quality"), "")
    value = formats.percent(rate["value"], view.lang)
    at = words.month_of(tables["months"], scope["to_month"])
    days = statements.period(at, view.lang) if at and at["running"] else ""
    period = view.t("figures.conclusions.period", days=days) if days else ""
    said = [view.t("figures.conclusions.rate", value=value, period=period)]
    word = "steady"
    if rate["before_year"] is not None and rate["now_year"] is not None:
        change = rate["now_year"] - rate["before_year"]
        word = "steady" if abs(change) < _STEADY_RATE else "up" if change > 0 else "down"
        points = formats.points(change, view.lang)
        said = [view.t("figures.conclusions.rate_year", value=value, change=points)]
    low = [row for row in tables["quality_funnel"] if words.is_low(row)]
    if low:
        names = formats.listing([view.unit(row["unit_id"]) for row in low[:2]], view.lang)
        said.append(view.t("figures.conclusions.low", names=names, count=len(low)))
    lamp = "yellow" if low or word == "down" else "green"
    missing = [row for row in tables["unit_ranking"] if row["missing_returns"]]
    on_time = rows.get("on_time_return_rate")
    if on_time and on_time["value"] is not None:
        said.append(_on_time(on_time["value"], missing, view))
        lamp = "yellow" if missing else lamp
    return _part(lamp, view.t(f"figures.conclusions.quality_{word}"), _sentences(said, view))


def _on_time(value: float, missing: Rows, view: View) -> str:
    share = formats.percent(value, view.lang)
    if not missing:
        return view.t("figures.conclusions.on_time", value=share)
    names = formats.listing([view.unit(row["unit_id"]) for row in missing[:2]], view.lang)
    count = sum(row["missing_returns"] for row in missing)
    return view.t("figures.conclusions.on_time_missing", value=share, names=names, count=count)


def _part(lamp: str, lead: str, said: str) -> Part:
    return {"lamp": lamp, "lead": lead, "text": said}


def _sentences(said: list[str], view: View) -> str:
    between = "" if view.lang == "zh" else " "
    return between.join(said)


FIGURE = Figure(
    "conclusions",
    (
        Ask("output_by_working_day"),
        Ask("change_explained", MEASURE, {"month": "to_month"}),
        Ask("january_february", MEASURE, {"month": "to_month"}),
        Ask("months"),
        Ask("targets_progress"),
        Ask("target_outlook"),
        Ask("target_marks"),
        Ask("dataset_pipeline"),
        Ask("comparable_indicators"),
        Ask("quality_funnel"),
        Ask("unit_ranking"),
    ),
    _build,
    "conclusions.html",
    columns=(
        Column("month", "month"), Column("accepted"), Column("working_days"), Column("per_day"),
        Column("mom_per_day"), Column("mom_per_day_before"), Column("yoy_per_day"),
        Column("yoy_per_day_before"), Column("status", "text"),
    ),
)  # fmt: skip
