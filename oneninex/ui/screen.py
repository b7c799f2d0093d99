"""A page as one message: figures of the registry, drawn to HTML and SVG in one component."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pyarrow as pa
import streamlit as st
from streamlit.components.v2 import component

from oneninex import store
from oneninex.core import static_assets
from oneninex.figures import registry
from oneninex.figures.registry import Ask, Figure, Shown, View
from oneninex.figures.render import html
from oneninex.store import sql_catalog
from oneninex.ui import app_shell, context
from oneninex.ui.context import asked, lang, query, t
from oneninex.ui.labels import choices, localised, names
from oneninex.ui.plan import land
from oneninex.ui.provenance import how_made
from oneninex.ui.reference import return_kinds
from oneninex.ui.status_styles import light_looks
from oneninex.ui.tables import data_table


def view() -> View:
    """Who looks: the reader's language and the names that figures write."""
    return View(
        lang(), names("units"), return_kinds(), choices("hours_basis"), light_looks(), land()
    )


def screen(
    page: str,
    layout: str,
    figures: Sequence[str],
    *,
    select: str | None = None,
    **scope: Any,
) -> str | None:
    """Draw the figures of a page in a layout; return the row that was chosen.

    `scope` is what the page fixes for all of them: to_month, against, target. Links and menus
    are followed here. A row is the page's own business, or goes into the choice `select`.
    """
    found = [registry.figure(name) for name in figures]
    who = view()
    tables = _tables(found, scope)
    shown = {figure.name: _shown(figure, tables, who, scope) for figure in found}
    cards = {figure.name: html.card(figure, shown[figure.name], who) for figure in found}
    title = t(f"common.page.{page}.title")
    key = f"screen_{layout}"

    def choose() -> None:
        if select and (row := st.session_state[key].row):
            st.session_state[select] = row

    chosen = _component()(
        data={"html": html.page(layout, title, cards, who)},
        key=key,
        on_row_change=choose,
        on_go_change=_nothing,
        on_menu_change=_nothing,
    )
    if chosen.go:
        _go(chosen.go)
    if chosen.menu:
        _menu(registry.figure(chosen.menu), shown[chosen.menu], tables, scope)
    return chosen.row


def _nothing() -> None:
    """The run that follows a trigger is all that is wanted."""


def _asks(figures: Sequence[Figure], scope: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each query of these figures once, with the parameters of the scope that it takes."""
    wanted: dict[str, dict[str, Any]] = {}
    for figure in figures:
        for ask in figure.asks:
            given = _parameters(ask, scope)
            if wanted.setdefault(ask.query, given) != given:
                raise ValueError(f"{figure.name} asks {ask.query} otherwise than its page")
    return wanted


def _parameters(ask: Ask, scope: Mapping[str, Any]) -> dict[str, Any]:
    known = sql_catalog.parameters(ask.query)
    chosen = {name: value for name, value in scope.items() if name in known}
    taken = {name: scope[given] for name, given in ask.takes.items()}
    return {**chosen, **taken, **ask.fixed}


def _tables(figures: Sequence[Figure], scope: Mapping[str, Any]) -> dict[str, pa.Table]:
    """Answers of every query; all but the first are worked out while that one is asked."""
    wanted = _asks(figures, scope)
    rest = list(wanted.items())[1:]
    store.ahead(rest, snapshot=context.snapshot(), audience=context.audience())
    return {name: localised(query(name, **given)) for name, given in wanted.items()}


def _shown(
    figure: Figure, tables: Mapping[str, pa.Table], who: View, scope: Mapping[str, Any]
) -> Shown:
    rows = {ask.query: tables[ask.query].to_pylist() for ask in figure.asks}
    return figure.build(who, rows, scope)


def _go(address: str) -> None:
    """Follow a link of the message to another page and its choices."""
    parts = urlsplit(address)
    info = next((info for info in app_shell.PAGES if info.name == parts.path), None)
    if info is not None:
        st.switch_page(info.file, query_params=dict(parse_qsl(parts.query)))


def open_row(row: str) -> None:
    """Open the page of a row: a target, or a unit as `unit:ID` or its mark on the map."""
    kind, _, code = row.rpartition(":")
    if kind == "unit" or code in names("units"):
        st.switch_page("pages/unit_map.py", query_params={"unit": code})
    st.switch_page("pages/targets.py", query_params={"target": code})


def _menu(
    figure: Figure, shown: Shown, tables: Mapping[str, pa.Table], scope: Mapping[str, Any]
) -> None:
    """Open what stands behind a figure: its statement, its table with files, how it was made."""
    parameters = dict(asked(figure.query))

    @st.dialog(t(figure.title_key), width="large")
    def opened() -> None:
        st.markdown(shown.statement)
        table = figure.typed(tables[figure.query])
        data_table(table, query=figure.query, key=f"menu_{figure.name}")
        how_made(figure.query, f"menu_{figure.name}", parameters, scope.get("to_month"))

    opened()


@cache
def _component() -> Any:
    code = f"""
    const base = window.__streamlit?.BACKEND_BASE_URL ?? location.origin;
    const code = import(`${{base}}/{static_assets.address_of(static_assets.FIGURES)}`);
    export default async ({{ data, parentElement, setTriggerValue }}) => {{
      const {{ show }} = await code;
      show(parentElement, data.html, setTriggerValue);
    }}
    """
    return component("oneninex_figures", js=code, isolate_styles=False)
