"""One unit beside its peers, measure by measure: own line, lowest to highest peer, their median."""

from __future__ import annotations

from typing import Any

from oneninex.core import formats
from oneninex.figures.registry import Ask, Column, Figure, Rows, Scope, Shown, Tables, View
from oneninex.figures.specs import Interval, Line, Point, state_of

_RATES = ("acceptance_rate", "first_pass_rate", "gold_accuracy")


def _build(view: View, tables: Tables, scope: Scope) -> Shown:
    rows = tables["unit_peers"]
    first = scope.get("unit_id") or next(iter(view.units), "")
    rows = [row for row in rows if row["unit_id"] == first]
    measures: dict[str, list[Any]] = {}
    for row in rows:
        measures.setdefault(row["measure"], []).append(row)
    unit = rows[0]["unit_id"] if rows else ""
    panels = [_panel(name, series, view) for name, series in measures.items()]
    said = [panel["said"] for panel in panels if panel["said"]]
    statement = view.t(
        "figures.unit_peers.said",
        unit=view.unit(unit),
        parts=view.t("figures.semicolon").join(said),
    )
    return Shown(
        statement if said else view.t("figures.unit_peers.none", unit=view.unit(unit)),
        {"panels": panels, "unit": view.unit(unit), "number": view.number_of(unit)},
    )


def _panel(name: str, series: Rows, view: View) -> dict[str, Any]:
    points = tuple(Point(row["own"], state_of(row["status"], row["own"])) for row in series)
    peers = tuple(
        Interval(row["peers_low"], row["peers_middle"], row["peers_high"]) if row["peers"] else None
        for row in series
    )
    known = [row for row in series if row["own"] is not None]
    newest = known[-1] if known else None
    line = Line(
        points,
        height=96,
        area=False,
        peers=peers,
        ends=(view.month(series[0]["month"]), view.month(series[-1]["month"])) if series else None,
    )
    return {
        "name": view.t(f"figures.unit_peers.{name}"),
        "value": _written(name, newest["own"], view) if newest else formats.missing(view.lang),
        "said": _compared(name, newest, view) if newest else "",
        "line": line,
    }


def _written(name: str, value: float | None, view: View) -> str:
    if name in _RATES:
        return formats.percent(value, view.lang)
    return formats.number(None if value is None else value * 100, view.lang, 0)


def _compared(name: str, row: Any, view: View) -> str:
    """The newest own value against the peers' median of that month."""
    title = view.t(f"figures.unit_peers.{name}")
    own = _written(name, row["own"], view)
    if row["peers_middle"] is None:
        return view.t("figures.unit_peers.alone", measure=title, value=own)
    middle = _written(name, row["peers_middle"], view)
    difference = row["own"] - row["peers_middle"]
    if own == middle:
        return view.t("figures.unit_peers.same", measure=title, value=own)
    key = "above" if difference > 0 else "below"
    return view.t(f"figures.unit_peers.{key}", measure=title, value=own, middle=middle)


FIGURE = Figure(
    "unit_peers",
    (Ask("unit_peers"),),
    _build,
    "unit_peers.html",
    scope=("to_month", "unit_id", "modality"),
    columns=(
        Column("unit_id", "unit"), Column("measure", "text"), Column("month", "month"),
        Column("own"), Column("peers_low"),
        Column("peers_middle"), Column("peers_high"), Column("peers"), Column("status", "text"),
    ),
)  # fmt: skip
