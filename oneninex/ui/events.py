"""Events that explain a month: marked on charts by month, told below them and in their table."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.figures.charts.figure import Figure
from oneninex.ui.context import lang, query, t, theme
from oneninex.ui.labels import localised, unit_name

_FIRST_SIGN = 0x2460  # a circled 1, which ties a mark to its words
_MOST = 20  # as many circled numbers there are
Event = Mapping[str, Any]


def of_chart(fig: object, table: pa.Table, unit_id: str | None) -> list[Event]:
    """The events within the months of a chart by month; of the unit that it is about, or of all."""
    if not isinstance(fig, Figure) or "month" not in table.column_names or not table.num_rows:
        return []
    layout = fig.to_dict()["layout"]
    if layout.get("xaxis", {}).get("type") != "date" or "xaxis2" in layout:
        return []
    months: list[date] = [month for month in table.column("month").to_pylist() if month]
    if len(set(months)) < 2:
        return []
    rows = query("events", from_month=min(months), to_month=max(months), unit_id=unit_id)
    return localised(rows).to_pylist()[:_MOST]


def mark(fig: Figure, events: list[Event]) -> None:
    """A small sign on the axis of each event, with its words when a mouse is over it."""
    colours = palette.of(theme())
    for month in dict.fromkeys(event["month"] for event in events):
        here = [n for n, event in enumerate(events) if event["month"] == month]
        fig.add_annotation(
            x=month,
            y=0,
            yref="paper",
            yanchor="middle",
            text="".join(_sign(n) for n in here),
            hovertext="<br>".join(_words(n, events[n]) for n in here),
            showarrow=False,
            bgcolor=colours.background,
            borderpad=0,
            font={"color": colours.attention, "size": 14},
        )


def in_words(events: list[Event]) -> str:
    """Every event with the sign that it has on the axis."""
    told = [_words(n, event) for n, event in enumerate(events)]
    return t("ui.event_title", events=t("ui.event_between").join(told))


def in_table(table: pa.Table, events: list[Event]) -> pa.Table:
    """The table with the events of each row's month as its last column; of none, as it is."""
    told: dict[date, list[str]] = {}
    for event in events:
        told.setdefault(event["month"], []).append(_told(event))
    months = table.column("month").to_pylist()
    cells = [t("ui.event_between").join(told.get(month, [])) for month in months]
    return table.append_column("event", pa.array(cells, pa.string()))


def _sign(number: int) -> str:
    return chr(_FIRST_SIGN + number)


def _words(number: int, event: Event) -> str:
    return f"{_sign(number)} {formats.month(event['month'], lang())} {_told(event)}"


def _told(event: Event) -> str:
    """Where, of what kind, and what."""
    where = [unit_name(event["unit_id"])] if event["unit_id"] else []
    return t("ui.event_dot").join([*where, t(f"ui.event_{event['kind']}"), event["text"]])
