"""Definitions on screen: indicators, the plan's rules, what a return must hold."""

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import streamlit as st

from oneninex.core import formats
from oneninex.domain import contracts
from oneninex.domain.analytics import forecast
from oneninex.domain.contracts import Field
from oneninex.figures.charts.target_words import GLYPHS
from oneninex.ui.context import lang, query, t
from oneninex.ui.labels import code_name, column_title
from oneninex.ui.plan import city, plan_if_sound, remark
from oneninex.ui.status_styles import light_looks

# Months ahead at which the record is shown, and the command that makes it.
_AT_DUE, _RECORD_COMMAND = "13", "python -m benchmarks.forecast --write"


def facts(
    row: Mapping[str, Any],
    *,
    title: str,
    lead: str | None = None,
    codes: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """One record in full: column `title` as heading, `lead` as text, the rest as a short list."""
    rest = {
        column_title(column): _fact(column, value, (codes or {}).get(column))
        for column, value in row.items()
        if column not in (title, lead)
    }
    with st.container(border=True):
        st.subheader(row[title], anchor=False)
        if lead and row[lead]:
            st.markdown(row[lead])
        st.table(rest, border="horizontal", alt=row[title])


def plan_rules() -> dict[str, str]:
    """What texts about methods quote of the plan: its term, lights, provisional months."""
    info = query("snapshot_info").to_pylist()[0]
    looks = light_looks()
    return {
        "city": city(),
        "plan": info[f"name_{lang()}"],
        "start": formats.day(info["plan_start"], lang()),
        "end": formats.day(info["plan_end"], lang()),
        "green": formats.gap(info["light_green"], lang(), 0),
        "yellow": formats.gap(info["light_yellow"], lang(), 0),
        "provisional_months": str(info["provisional_months"]),
        "lights_remark": remark("lights") or "",
        "min_contributors": str(info["min_contributors"]),
        "dominance_contributors": str(info["dominance_contributors"]),
        "dominance_share": formats.percent(info["dominance_share"], lang(), 0),
        **{f"look_{light}": f"{GLYPHS[look['shape']]} {look['word']}"
           for light, look in looks.items()},
    }  # fmt: skip


def forecast_record() -> str:
    """How forecasts held by process, and how often what was given a probability was met.

    Markdown; benchmarks/forecast.py writes both files.
    """
    rows = _record("forecast_record")
    parts = [t("methods.record_title", series=rows[0]["series"], command=_RECORD_COMMAND)]
    for group in ("tuned", "unseen"):
        ahead: dict[tuple[str, str], dict[str, Mapping[str, str]]] = {}
        for row in rows:
            if row["group"] == group:
                key = row["process"], row["known_months"]
                ahead.setdefault(key, {})[row["months_ahead"]] = row
        reliability = [row for row in _record("forecast_reliability") if row["group"] == group]
        parts += [
            t(f"methods.record_{group}"),
            _markdown(t("methods.record_head"), [_record_line(each) for each in ahead.values()]),
            _markdown(t("methods.reliability_head"), [_reliability(row) for row in reliability]),
        ]
    return "\n\n".join([*parts, t("methods.record_note")])


def _markdown(head: str, lines: list[list[str]]) -> str:
    rule = "|---" * (head.count("|") - 1) + "|"
    return "\n".join([head, rule, *(f"| {' | '.join(line)} |" for line in lines)])


@cache
def _record(name: str) -> list[dict[str, str]]:
    path = Path(str(forecast.__file__)).with_name(f"{name}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _record_line(ahead: Mapping[str, Mapping[str, str]]) -> list[str]:
    """One process and number of months known; `ahead`: its row of each horizon."""
    row = ahead[_AT_DUE]
    early = formats.percent(float(row["too_early"]), lang(), 0)
    held = [
        formats.percent(float(each["held"]), lang(), 0) if each["held"] else "—"
        for _, each in sorted(ahead.items(), key=lambda item: int(item[0]))
    ]
    ratios = [
        formats.number(float(row[name]), lang(), 2) if row[name] else "—"
        for name in ("width", "crps_over_naive")
    ]
    process = t(f"methods.process_{row['process']}")
    return [process, row["known_months"], early, " / ".join(held), *ratios]


def _reliability(row: Mapping[str, str]) -> list[str]:
    said = formats.interval(float(row["said_from"]), float(row["said_to"]), lang(), 0)
    met = formats.percent(float(row["met"]), lang(), 0) if row["met"] else "—"
    return [said, row["targets"], met]


def _fact(column: str, value: Any, names: Mapping[str, str] | None) -> str:
    if value is None or value == "":
        return t("ui.not_named")
    if isinstance(value, date):
        return formats.day(value, lang())
    # Several codes in a cell are parted by a bar or a comma.
    parts = [part.strip() for part in str(value).replace("|", ",").split(",")]
    return formats.listing([code_name(column, part, names) for part in parts], lang())


def return_kinds() -> dict[str, str]:
    """Kind to title of every return that a unit sends."""
    return {kind: contracts.load(kind).name_in(lang()) for kind in contracts.sent_kinds()}


def return_description(kind: str) -> str:
    """What one row of the return is."""
    contract = contracts.load(kind)
    return contract.description if lang() == "zh" else contract.description_en


def return_fields(kind: str) -> pa.Table:
    """One row per field of a return: field, name, required, unit, values, meaning."""
    plan = plan_if_sound()
    contract = contracts.of_plan(kind, plan) if plan else contracts.load(kind)
    return pa.Table.from_pylist([_row(field) for field in contract.fields])


def _row(field: Field) -> dict[str, object]:
    chinese = lang() == "zh"
    return {
        "field_name": field.name_in(lang()),
        "field": field.name,
        "required": field.required,
        "unit": field.unit if chinese else field.unit_en,
        "values": _values(field),
        "meaning": field.description if chinese else field.description_en,
        "example": field.example,
    }


def _values(field: Field) -> str:
    if field.enum:
        named = [field.labels.get(code, (code, code))[lang() == "en"] for code in field.enum]
        return " / ".join(named)
    if field.minimum is not None and field.maximum is not None:
        return f"{field.minimum}–{field.maximum}"
    if field.minimum is not None:
        return t("ui.at_least", value=field.minimum)
    return t("ui.at_most", value=field.maximum) if field.maximum is not None else ""
