"""The what-if box of a target: choices that live in the address, arithmetic from metrics."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import streamlit as st

from oneninex.core import formats
from oneninex.domain.analytics import what_if
from oneninex.figures.charts import target_arrival
from oneninex.figures.charts import target_what_if as charts
from oneninex.figures.charts import target_words as words
from oneninex.ui.components import figure, state
from oneninex.ui.context import lang, query, t, theme
from oneninex.ui.filters import choice
from oneninex.ui.labels import names, row_of
from oneninex.ui.targets import target_titles

Row = Mapping[str, Any]
CITY = "city"
_TIMES = ("1", "0.5", "0.75", "1.25", "1.5", "2", "3", "5")
_PEOPLE = ("0", "10", "20", "50", "100", "200", "500")
# Indicators made by people at work, so that more people make more of them.
_MADE_BY_PEOPLE = ("labeling_daily", "datasets")


def what_if_box(row: Row, fan: pa.Table | None, parts: pa.Table, month: date) -> None:
    """Choose scope, pace, start and people; see arrival move.

    `row` of targets_progress localised, `fan` of target_forecast, `parts` of
    target_contributions, all of one target.
    """
    st.subheader(t("targets.what_if_title"), anchor=False)
    if reason := _nothing(row, fan):
        kind = row["arrival_state"]
        shown = kind if kind in ("too_early", "not_stated", "suppressed") else "no_rows"
        state(shown, t("targets.what_if_none", reason=reason))
        return
    before = fan.to_pylist() if fan else []
    scopes = {part["unit_id"]: part for part in parts.to_pylist() if part["value"] is not None}
    with st.container(horizontal=True, key="what_if"):
        scope = choice("wi_scope", t("targets.what_if_scope"), _scopes(scopes))
        times = choice("wi_pace", t("targets.what_if_pace"), {n: _times(n) for n in _TIMES})
        start = choice("wi_start", t("targets.what_if_start"), _months(before, row["due"]))
        added = choice("wi_people", t("targets.what_if_people"), {n: _added(n) for n in _PEOPLE})
    pace, origin = _pace(scope, scopes, row, before)
    people = _people(scope, row, month)
    change = what_if.Change(
        pace, date.fromisoformat(f"{start}-01"), float(times), people, int(added)
    )
    after = what_if.moved(before, change)
    goal = row["target"], row["operator"], row["due"]
    figure(
        words.title(row, lang()),
        charts.figure(before, after, row, lang(), theme()),
        charts.describe(
            what_if.outcome(before, *goal), what_if.outcome(after, *goal), row, change.extra, lang()
        ),
        charts.table(before, after),
        query="target_forecast",
        key="what_if",
        note=_note(scope, pace, origin, people, row) + t("targets.what_if_note"),
        titles=target_titles(),
    )


def _nothing(row: Row, fan: pa.Table | None) -> str:
    """Why there is nothing to change; empty where there is."""
    if row["kind"] in ("ratio", "growth"):
        return t("targets.what_if_rate")
    if row["arrival_state"] != "forecast" or not fan:
        return target_arrival.arrival(row, lang())
    return ""


def _scopes(units: Mapping[str, Row]) -> dict[str, str]:
    return {CITY: t("common.city"), **{unit: names("units").get(unit, unit) for unit in units}}


def _times(times: str) -> str:
    if times == "1":
        return t("targets.what_if_now")
    return t("targets.what_if_pace_times", times=formats.number(float(times), lang(), None))


def _added(people: str) -> str:
    key = "targets.what_if_nobody" if people == "0" else "targets.what_if_added"
    return t(key, people=people)


def _months(fan: Sequence[Row], due: date) -> dict[str, str]:
    ahead = [point["month"] for point in fan[1:] if point["month"] <= due]
    return {f"{month:%Y-%m}": formats.month(month, lang()) for month in ahead}


def _pace(scope: str, units: Mapping[str, Row], row: Row, fan: Sequence[Row]) -> tuple[float, str]:
    """What the scope adds a month, and where that number comes from."""
    part = row if scope == CITY else units[scope]
    if part["recent_per_month"] is not None and part["recent_per_month"] > 0:
        return part["recent_per_month"], "recent"
    share = 1.0 if scope == CITY else part["share"] or 0.0
    return what_if.usual_pace(fan, row["due"]) * share, "share"


def _people(scope: str, row: Row, month: date) -> float | None:
    """Workers of the scope, where the target is made by them; None otherwise."""
    source = row_of(query("indicators"), "indicator_id", row["indicator_id"])["source"]
    if source not in _MADE_BY_PEOPLE:
        return None
    series = query(
        "indicator_series", indicator_id="workers", scope=scope, from_month=month, to_month=month
    ).to_pylist()
    return series[0]["value"] if series else None


def _note(scope: str, pace: float, origin: str, people: float | None, row: Row) -> str:
    said = t(
        "targets.what_if_basis",
        scope=t("common.city") if scope == CITY else names("units")[scope],
        pace=words.per_month(pace, row, lang()),
        **{"from": t(f"targets.what_if_from_{origin}")},
    )
    if people is None:
        said += t("targets.what_if_people_unused")
    else:
        said += t("targets.what_if_people_known", people=formats.exact(people, lang()))
    return said + t("targets.full_stop")
