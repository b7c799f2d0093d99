"""The candidates for the benchmark enterprises: criteria that a reader can see and change."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from oneninex.figures.charts import candidates
from oneninex.ui.components import source_line
from oneninex.ui.context import lang, query, t
from oneninex.ui.coverage import Coverage
from oneninex.ui.filters import number
from oneninex.ui.labels import localised
from oneninex.ui.tables import download, table

# Parameter of the query: the column of the plan, the most that is asked, step, per cent.
_CRITERIA: Mapping[str, tuple[str, float, float, bool]] = {
    "min_revenue": ("min_revenue_10k_cny", 100_000, 50.0, False),
    "min_growth": ("min_growth", 1000, 5.0, True),
    "min_employees": ("min_employees", 10_000, 10.0, False),
    "min_rd_share": ("min_rd_share", 100, 1.0, True),
    "min_certified_share": ("min_certified_share", 100, 5.0, True),
}


def candidates_box(
    quarter: str, unit_id: str | None, titles: Mapping[str, str], told: Coverage, cutoff: date
) -> None:
    """The criteria as fields, and each enterprise of the quarter against them."""
    with st.container(border=True, key="candidates"):
        st.subheader(t("enterprises.candidates_title"), anchor=False)
        st.markdown(t("enterprises.candidates_criteria"))
        chosen = _criteria()
        rows = localised(query("benchmark_candidates", quarter=quarter, unit_id=unit_id, **chosen))
        st.markdown(candidates.describe(rows, lang()))
        if rows.num_rows:
            headings = {**titles, **candidates.headings(lang())}
            table(candidates.candidates(rows, lang()), titles=headings, key="candidates_table")
            download(rows, query="benchmark_candidates", key="candidates_download", titles=titles)
        st.caption(source_line(told, cutoff=cutoff))
        st.caption(t("enterprises.candidates_note"))


def _criteria() -> dict[str, float]:
    """What the reader asks for, at first what the plan's file says."""
    rules = query("snapshot_info").to_pylist()[0]
    chosen = {}
    with st.container(horizontal=True, vertical_alignment="bottom", key="criteria"):
        for name, (column, most, step, percent) in _CRITERIA.items():
            label = t(f"enterprises.criterion.{name}")
            default = rules[column] or 0
            chosen[name] = number(name, label, default, most=most, step=step, percent=percent)
    return chosen
