"""The form to fill in: choose a return and a unit, take the Excel file."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from oneninex import template
from oneninex.core import settings
from oneninex.domain.plan import Plan
from oneninex.store import Store
from oneninex.ui.context import lang, owns, t
from oneninex.ui.filters import choice
from oneninex.ui.reference import return_kinds

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def template_box(kind: str | None = None) -> None:
    """Choose kind and unit and download the form; works on an empty store too.

    `kind` is what the page shows: the form follows it, and the unit follows the page's.
    """
    plan = Plan.load(settings.load().plan)
    named = plan.names("units", lang())
    units = {unit: named[unit] for unit in named if owns(unit)}
    _preset("form", kind, return_kinds())
    _preset("form_unit", st.session_state.get("unit"), units)
    with st.container(horizontal=True, vertical_alignment="bottom", key="template"):
        kind = choice("form", t("returns.template_kind"), return_kinds())
        unit = choice("form_unit", t("returns.template_unit"), units)
        st.download_button(
            t("returns.template_download"),
            data=partial(_form, kind, unit),
            file_name=template.file_name(kind, unit),
            mime=_XLSX,
            key="download_template",
            icon=":material/description:",
            on_click="ignore",
        )


def _preset(key: str, shown: str | None, options: Mapping[str, str]) -> None:
    """Let a choice follow what the page shows, until the reader chooses or the link says."""
    before = st.session_state.get(f"_{key}_shown")
    if shown not in options or shown == before:
        return
    st.session_state[f"_{key}_shown"] = shown
    if before is not None or key not in st.query_params:
        st.session_state[key] = shown


def _form(kind: str, unit: str) -> bytes:
    chosen = settings.load()
    enterprises = template.own_enterprises(Store(chosen.store).current(), unit)
    return template.form(kind, unit, Plan.load(chosen.plan), enterprises)
