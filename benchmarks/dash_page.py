"""The page that OneNineX is measured against: the same six charts by Dash, as written in an hour.

plotly express, a drop-down for the unit and one for the modality, one callback. It reads the facts
of the store's snapshot, as a page does that has no cubes, or with --cubes the snapshot's own.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import plotly.express as px
from dash import Dash, Input, Output, dcc, html

from oneninex.store import Store

CHARTS = ("output", "rates", "gold", "units", "daily", "mix")
_SUMS = ", ".join(
    f"sum({name}) as {name}"
    for name in (
        "items", "reviewed", "accepted", "accepted_first_pass", "gold_items", "gold_correct",
    )
)  # fmt: skip


class Data:
    """The totals that the charts want, for a unit and a modality; None means all."""

    def __init__(self, store: Store, cubes: bool) -> None:
        snapshot = store.current()
        assert snapshot, "the store is empty"
        if cubes:
            self._connection = duckdb.connect(str(snapshot.path), read_only=True)
            self._table = "output_daily"
        else:
            self._connection = duckdb.connect(config={"threads": 2})
            files = [file for file in snapshot.manifest.files if file.kind == "labeling_daily"]
            paths = [str(store.root / file.path) for file in files]
            self._connection.read_parquet(paths).create_view("facts")
            self._table = "facts"

    def by(self, group: str, unit: str | None, modality: str | None) -> pd.DataFrame:
        """Sums by one or more columns; month is the first day of the row's month."""
        return (
            self._connection.cursor()
            .execute(
                f"select {group}, {_SUMS} from (select *, date_trunc('month', date)::date as month "
                f"from {self._table} where ($u::varchar is null or unit_id = $u) and "
                f"($m::varchar is null or modality = $m)) group by {group} order by {group}",
                {"u": unit, "m": modality},
            )
            .df()
        )


def app(data: Data, units: list[str], modalities: list[str]) -> Dash:
    """The page."""
    page = Dash(__name__)
    page.layout = html.Div(
        [
            html.H1("Throughput"),
            dcc.Dropdown(["all", *units], "all", id="unit", clearable=False),
            dcc.Dropdown(["all", *modalities], "all", id="modality", clearable=False),
            html.H2(id="accepted"),
            *(dcc.Graph(id=name) for name in CHARTS),
        ]
    )

    @page.callback(
        Output("accepted", "children"),
        *(Output(name, "figure") for name in CHARTS),
        Input("unit", "value"),
        Input("modality", "value"),
    )
    def draw(unit: str, modality: str) -> tuple[Any, ...]:
        chosen = None if unit == "all" else unit, None if modality == "all" else modality
        months = data.by("month", *chosen)
        return f"{int(months['accepted'].iloc[-1])}", *figures(data, months, *chosen)

    return page


def figures(
    data: Data, months: pd.DataFrame, unit: str | None, modality: str | None
) -> tuple[Any, ...]:
    """The six charts."""
    months["acceptance"] = months["accepted"] / months["reviewed"]
    months["first_pass"] = months["accepted_first_pass"] / months["reviewed"]
    months["gold"] = months["gold_correct"] / months["gold_items"]
    rates = months.melt("month", ["acceptance", "first_pass"], "rate", "share")
    parts = data.by("month, modality", unit, None)
    parts["share"] = parts["items"] / parts.groupby("month")["items"].transform("sum")
    days = data.by("date", unit, modality).tail(92)
    units = data.by("unit_id, month", None, modality)
    return (
        px.bar(months, x="month", y=["items", "accepted"], barmode="group"),
        px.line(rates, x="month", y="share", color="rate", markers=True),
        px.line(months, x="month", y="gold", markers=True),
        px.line(units, x="month", y="accepted", facet_col="unit_id", facet_col_wrap=3),
        px.bar(days, x="date", y="items"),
        px.bar(parts, x="month", y="share", color="modality"),
    )


def main() -> None:
    """Serve the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--cubes", action="store_true")
    given = parser.parse_args()
    data = Data(Store(given.store), given.cubes)
    units, modalities = (list(data.by(name, None, None)[name]) for name in ("unit_id", "modality"))
    app(data, units, modalities).run(port=given.port, debug=False)


if __name__ == "__main__":
    main()
