"""How a figure was made: definition, query, snapshot, the files behind it and their rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import streamlit as st

from oneninex.core import formats, settings
from oneninex.store import Store, provenance
from oneninex.store.atomic_io import sha256_of
from oneninex.ui.column_descriptions import meanings
from oneninex.ui.context import audience, lang, query, snapshot, t
from oneninex.ui.labels import localised
from oneninex.ui.reference import return_kinds
from oneninex.ui.tables import table

_FILES = (
    "kind", "unit_id", "period", "version", "name", "received_on", "rows", "rows_in_force",
    "first_row", "last_row", "status", "imported_by", "reason",
)  # fmt: skip
_REVISED = ("month", "unit_id", "kind", "measure", "first_print", "now", "reason", "revised_on")


def how_made(name: str, key: str, parameters: Mapping[str, Any], at: date | None) -> None:
    """Below a figure; `parameters` are those that its query was asked with.

    From here to the rows of a file is one click: choose the file.
    """
    _recipe(name, parameters)
    _meanings(name, key, parameters)
    kinds = _kinds(name, parameters)
    if kinds:
        _sources(key, kinds, parameters.get("unit_id"), at or parameters.get("to_month"))


def _recipe(name: str, parameters: Mapping[str, Any]) -> None:
    """Query, parameters and snapshot, and the command that gives the same table to a script."""
    given = {key: value for key, value in sorted(parameters.items()) if value is not None}
    told = ", ".join(f"{key}={value}" for key, value in given.items()) or t("ui.made_none")
    st.markdown(
        t(
            "ui.made_query",
            query=name,
            parameters=told,
            snapshot=snapshot().id,
            hash=sha256_of(snapshot().manifest_path)[:12],
        )
    )
    options = " ".join(f"-p {key}={value}" for key, value in given.items())
    line = f"python -m oneninex query {name} {options}".rstrip()
    st.code(f"{line} --as-of {snapshot().id}", language=None)


def _meanings(name: str, key: str, parameters: Mapping[str, Any]) -> None:
    """The definition of each column, as docs/queries.md has it."""
    answer = query(name, **parameters).column_names
    rows = [
        {"column": column, "meaning": told} for column, told in meanings(answer, lang()).items()
    ]
    titles = {"column": t("ui.made_column"), "meaning": t("ui.made_meaning")}
    table(pa.Table.from_pylist(rows), titles=titles, key=f"meanings_{key}", height=180)


def _kinds(name: str, parameters: Mapping[str, Any]) -> list[str]:
    """The returns behind the figure: of one indicator where one was asked for."""
    kinds = provenance.kinds_of(name)
    if indicator := parameters.get("indicator_id"):
        rows = query("indicators").to_pylist()
        source = next((r["source"] for r in rows if r["indicator_id"] == indicator), "")
        kinds = tuple(kind for kind in kinds if kind in source)
    return list(kinds)


def _sources(key: str, kinds: list[str], unit: str | None, at: date | None) -> None:
    """The files of the figure's newest month; a chosen one shows its rows."""
    found = query("sources_of", unit_id=unit, from_month=at, to_month=at)
    rows = [row for row in found.to_pylist() if row["kind"] in kinds]
    month = formats.month(at, lang()) if at else t("ui.made_every_month")
    st.markdown(t("ui.made_files", month=month, files=len(rows)))
    if not rows:
        return
    shown = pa.Table.from_pylist(rows, schema=found.schema).select(_FILES)
    codes = {"kind": return_kinds()}
    chosen = table(shown, key=f"files_{key}", codes=codes, height=260, selectable=True)
    if chosen is not None:
        _rows_of(key, rows[chosen])
    _earlier(key, kinds, unit, at)


def _rows_of(key: str, file: Mapping[str, Any]) -> None:
    """The rows that a file gave and that are in force, each with its line in the file."""
    st.markdown(t("ui.made_rows", name=file["name"], hash=file["sha256"][:12]))
    if audience() != "planner":
        st.info(t("ui.made_planner_only"), icon=":material/lock:")
        return
    found = provenance.rows_of(
        Store(settings.load().store),
        snapshot(),
        kind=file["kind"],
        upload_id=file["upload_id"],
        unit_id=file["unit_id"],
        period=file["period"],
    )
    if found.num_rows:
        table(localised(found), key=f"rows_{key}", codes={"enterprise_id": {}}, height=260)
    else:
        st.caption(t("ui.made_replaced"))


def _earlier(key: str, kinds: list[str], unit: str | None, at: date | None) -> None:
    """What was published before in the same month, and why it changed."""
    found = query("revisions", unit_id=unit, from_month=at, to_month=at)
    rows = [row for row in found.to_pylist() if row["kind"] in kinds]
    if not rows:
        st.caption(t("ui.made_unrevised"))
        return
    st.markdown(t("ui.made_earlier", revisions=len(rows)))
    shown = pa.Table.from_pylist(rows, schema=found.schema).select(_REVISED)
    table(shown, key=f"earlier_{key}", codes={"kind": return_kinds()})
