"""Any two months, or any two units, side by side; which ones is in the address."""

import streamlit as st

from oneninex.core import formats
from oneninex.figures.charts import side_by_side
from oneninex.ui.components import figure
from oneninex.ui.context import lang, query, t, theme
from oneninex.ui.filters import choice, month_of, months, newest_month
from oneninex.ui.flow_changes import change_between
from oneninex.ui.labels import localised, names, unit_name

CITY = "city"


def compare_box() -> None:
    """The choice of two sides, and the headline indicators of both beside each other."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="pair_filters"):
        kinds = {"months": t("units.pair_months"), "units": t("units.pair_two_units")}
        kind = choice("pair", t("units.pair"), kinds, style="segments")
        sides = _units() if kind == "units" else _months()
    (scope, month, here), (base_scope, base_month, there) = sides
    rows = localised(
        query(
            "side_by_side",
            scope=scope,
            to_month=month,
            base_scope=base_scope,
            base_month=base_month,
        )
    )
    same = (scope, month) == (base_scope, base_month)
    flow = ""
    if kind == "months":
        unit = None if scope == CITY else scope
        flow = change_between("items_accepted", month, base_month, unit_id=unit)
    says = side_by_side.describe(rows, here, there, lang(), flow)
    title = t("units.pair_title", here=here, there=there)
    if kind == "units":
        title = t("units.pair_title_at", here=here, there=there, month=formats.month(month, lang()))
    figure(
        title,
        side_by_side.draw(rows, here, there, lang(), theme()),
        t("units.pair_same") if same else says,
        side_by_side.table(rows),
        query="side_by_side",
        titles=side_by_side.titles(here, there, lang()),
        codes=side_by_side.codes(lang()),
        month=max(month, base_month),
        note=_note(kind, scope, base_scope),
    )


def _months():
    """Two months of one place: the newest and the same a year before, where there is one."""
    options = months()
    newest = newest_month()
    year_before = f"{newest.year - 1}-{newest.month:02}"
    earlier = year_before if year_before in options else next(iter(options))
    places = {CITY: t("common.city"), **names("units")}
    scope = choice("pair_of", t("units.pair_of"), places)
    codes = [
        choice("pair_month", t("units.pair_month"), options, default=f"{newest:%Y-%m}"),
        choice("pair_base", t("units.pair_base"), options, default=earlier),
    ]
    found = []
    for code in codes:
        said = options[code]
        if scope != CITY:
            said = t("units.pair_side", unit=unit_name(scope), month=said)
        found.append((scope, month_of(code), said))
    return found


def _units():
    """Two units in one month: at first the first two of the plan."""
    places = names("units")
    first, second = [*places, *places][:2]
    options = months()
    chosen = [
        choice("pair_unit", t("units.pair_unit"), places, default=first),
        choice("pair_other", t("units.pair_other"), places, default=second),
    ]
    newest = f"{newest_month():%Y-%m}"
    at = month_of(choice("pair_at", t("common.filter.month"), options, default=newest))
    return [(unit, at, places[unit]) for unit in chosen]


def _note(kind: str, unit: str, other: str) -> str:
    """What keeps a reader from concluding too much."""
    if kind == "months":
        return t("units.pair_note_months")
    kinds = {row["unit_id"]: row["kind"] for row in query("units").to_pylist()}
    if kinds.get(unit) != kinds.get(other):
        return t("units.pair_note_kinds")
    return t("units.pair_note_units")
