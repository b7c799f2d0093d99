"""Units at like work: speed with its interval and quality with its limits, peers together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oneninex.core import formats
from oneninex.figures.charts import units as speed
from oneninex.figures.registry import Ask, Column, Figure, Row, Rows, Scope, Shown, Tables, View
from oneninex.figures.specs import Interval, Point, State
from oneninex.figures.specs import Row as Dots

Card = dict[str, Any]
# The city's median pace, drawn as a narrow band behind the dots.
_MIDDLE = (0.997, 1.003)


def _build(view: View, tables: Tables, scope: Scope) -> Shown:
    rows = tables["productivity_by_unit"]
    quality = {
        row["unit_id"]: row
        for row in tables["quality_funnel"]
        if row["measure"] == "acceptance_rate"
    }
    axes = _axis(rows), _rates(quality.values())
    groups = [
        {"title": _title(group, view), "rows": [_row(r, quality, axes, scope, view) for r in group]}
        for group in _groups(rows)
    ]
    ticks = _ticks(axes[0], view), _ticks(axes[1], view, percent=True)
    return Shown(_statement(rows, view), {"groups": groups, "ticks": ticks})


def _statement(rows: Rows, view: View) -> str:
    return speed.sentence(rows, view.units, view.bases, view.lang)


def _groups(rows: Rows) -> list[list[Row]]:
    """Units of a kind and hours basis together; groups with peers first, the fastest first."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["kind"] or "", row["hours_basis"] or ""), []).append(row)
    for group in found.values():
        group.sort(key=lambda row: (row["index"] is None, -(row["index"] or 0), row["unit_id"]))
    return sorted(found.values(), key=lambda group: (-len(group), group[0]["unit_id"]))


def _title(group: list[Row], view: View) -> dict[str, str]:
    first = group[0]
    basis = view.bases.get(first["hours_basis"] or "", formats.missing(view.lang))
    key = "figures.unit_speed.peers" if first["comparable"] else "figures.unit_speed.alone"
    return {
        "kind": view.t(f"units.kind_{first['kind']}"),
        "basis": view.t(key, basis=basis, count=len(group)),
    }


def _axis(rows: Rows) -> tuple[float, float]:
    """Lowest and highest index of the axis, on tenths; 1 is always on it."""
    ends = [row[name] for row in rows for name in ("index_low", "index_high") if row[name]]
    low, high = min([1.0, *ends]), max([1.0, *ends])
    return int(low * 10) / 10, -int(-high * 10 // 1) / 10


def _rates(rows: Any) -> tuple[float, float]:
    ends = [row[name] for row in rows for name in ("rate", "low_998", "high_998") if row[name]]
    if not ends:
        return 0.0, 1.0
    return max(int(min(ends) * 50) / 50, 0.0), min(-int(-max(ends) * 50 // 1) / 50, 1.0)


def _ticks(axis: tuple[float, float], view: View, *, percent: bool = False) -> list[Card]:
    """Three marks of an axis with their place in per cent of its width."""
    low, high = axis
    values = (low, 1.0, high) if not percent and low < 1.0 < high else (low, (low + high) / 2, high)
    write = formats.percent if percent else formats.number
    return [
        {"words": write(value, view.lang, 0 if percent else 1), "at": 2 + 96 * (value - low) / span}
        for value in values
        if (span := high - low)
    ]


def _row(
    row: Row,
    quality: Mapping[str, Row],
    axes: tuple[tuple[float, float], tuple[float, float]],
    scope: Scope,
    view: View,
) -> Card:
    rate = quality.get(row["unit_id"])
    state: State = "observed" if row["comparable"] else "unranked"
    interval = None
    if row["index"] is not None and row["index_low"] is not None:
        interval = Interval(row["index_low"], row["index"], row["index_high"])
    behind = row["comparable"] and row["surely_above"] and not row["surely_below"]
    signal = rate["signal"] if rate else None
    return {
        "id": row["unit_id"],
        "number": view.number_of(row["unit_id"]),
        "name": view.unit(row["unit_id"]),
        "mine": row["unit_id"] == scope.get("unit_id"),
        "dots": Dots(
            Point(row["index"], state if row["index"] is not None else "unranked"),
            interval,
            _MIDDLE,
            axes[0][0],
            axes[0][1],
            bool(behind),
        )
        if row["index"] is not None
        else None,
        "index": formats.number(row["index"], view.lang, 2) if row["index"] is not None else "",
        "behind": bool(behind),
        "quality": _quality(rate, axes[1]) if rate and rate["rate"] is not None else None,
        "rate": formats.percent(rate["rate"], view.lang) if rate and rate["rate"] else "—",
        "signal": signal if signal in ("outside_95", "outside_998") else "",
        "place": _place(row, view),
        "tip": _tip(row, view),
    }


def _quality(rate: Row, axis: tuple[float, float]) -> Dots:
    """The rate, with what is usual for so many items of its kind as the band."""
    return Dots(
        Point(rate["rate"]),
        None,
        (rate["low_95"], rate["high_95"]) if rate["low_95"] is not None else None,
        axis[0],
        axis[1],
        rate["signal"] == "outside_998",
    )


def _place(row: Row, view: View) -> str:
    """The places that the unit may hold; none where no other does like work."""
    if not row["comparable"] or row["rank_from"] is None:
        return "—"
    if row["rank_from"] == row["rank_to"]:
        return view.t("figures.unit_speed.place", place=row["rank_from"])
    return view.t("figures.unit_speed.places", first=row["rank_from"], last=row["rank_to"])


def _tip(row: Row, view: View) -> str:
    if row["index"] is None:
        return view.t("figures.unit_speed.no_like_work")
    if row["index_low"] is None:
        index = formats.number(row["index"], view.lang, 2)
        return view.t("figures.unit_speed.tip_alone", index=index)
    low, high = (formats.number(row[name], view.lang, 2) for name in ("index_low", "index_high"))
    return view.t(
        "figures.unit_speed.tip",
        index=formats.number(row["index"], view.lang, 2),
        low=low,
        high=high,
    )


FIGURE = Figure(
    "unit_speed",
    (
        # limits and peers are those of all units, whichever one is looked at
        Ask("productivity_by_unit", {"unit_id": None}),
        Ask("quality_funnel", {"unit_id": None, "measure": None}),
    ),
    _build,
    "unit_speed.html",
    scope=("from_month", "to_month", "modality"),
    columns=(
        Column("unit_id", "unit"), Column("kind", "text"), Column("hours_basis", "text"),
        Column("index"), Column("index_low"), Column("index_high"), Column("items"),
        Column("rank_from"), Column("rank_to"), Column("unmeasured_share", "percent"),
        Column("no_peer_share", "percent"),
    ),
)  # fmt: skip
