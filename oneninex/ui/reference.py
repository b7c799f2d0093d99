"""Definitions on screen: indicators, the plan's rules, what a return must hold."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import streamlit as st

from oneninex import contracts, formats
from oneninex.contracts import Field
from oneninex.ui.context import lang, query, t
from oneninex.ui.names import code_name, column_title


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
    return {
        "plan": info[f"name_{lang()}"],
        "start": formats.day(info["plan_start"], lang()),
        "end": formats.day(info["plan_end"], lang()),
        "green": formats.gap(info["light_green"], lang(), 0),
        "yellow": formats.gap(info["light_yellow"], lang(), 0),
        "provisional_months": str(info["provisional_months"]),
    }


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
    return pa.Table.from_pylist([_row(field) for field in contracts.load(kind).fields])


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
