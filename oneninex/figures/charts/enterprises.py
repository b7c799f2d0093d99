"""Figures of the page "Who is growing?". Tables come from the queries named in each docstring."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures.charts import style, withheld
from oneninex.figures.charts.enterprise_numbers import money, yoy
from oneninex.figures.charts.figure import Figure

Row = Mapping[str, Any]
ORIGINS = ("attracted", "grown")
_ROW_HEIGHT = 50
_NAME_SHIFT = 22
_LABELLED = 8
_NAME_SIGNS = {"zh": 20, "en": 40}


def movements(table: pa.Table, lang: str, theme: str | None) -> Figure:
    """Above, enterprises on the registry; below, entries up and exits down, by origin.

    `table`: enterprise_movements.
    """
    rows = table.to_pylist()
    months = sorted({row["month"] for row in rows})
    colours = palette.of(theme)
    fig = style.figure(lang, theme, height=400)
    fig.split(2, 1, vertical=0.15, heights=(0.55, 0.45))
    styles = {"attracted": (colours.primary, ""), "grown": (colours.attention, "/")}
    for origin, (colour, pattern) in styles.items():
        mine = {row["month"]: row for row in rows if row["origin"] == origin}
        for measure, sign, place in (("active", 1, 1), ("entries", 1, 2), ("exits", -1, 2)):
            values = [_signed(mine[month][measure], sign) for month in months]
            hover = [_movement_hover(mine[month], measure, lang) for month in months]
            fig.add_bar(
                x=months, y=values, name=_t(origin, lang), legendgroup=origin,
                showlegend=measure == "active", customdata=hover,
                hovertemplate="%{customdata}<extra></extra>",
                marker={"color": colour, "pattern": _pattern(pattern, theme)},
                row=place, col=1,
            )  # fmt: skip
    fig.update_layout(barmode="relative", bargap=0.2)
    style.month_axis(fig, months, lang)
    fig.update_yaxes(title_text=_t("active_axis", lang), row=1, col=1)
    # Whole enterprises only: a mark at half of one would mean nothing.
    fig.update_yaxes(title_text=_t("moves_axis", lang), row=2, col=1, tick0=0, dtick=_step(rows))
    return fig


def describe_movements(table: pa.Table, lang: str) -> str:
    """How many came and went over the months shown, and how many there are at the end."""
    rows = table.to_pylist()
    known = [row for row in rows if row["active"] is not None]
    if not known:
        return _t("movements_none", lang)
    first, last = (end(row["month"] for row in known) for end in (min, max))
    totals = {name: sum(row[name] for row in known) for name in ("entries", "exits")}
    active = sum(row["active"] for row in known if row["month"] == last)
    return _t(
        "movements_say",
        lang,
        first=formats.month(first, lang),
        last=formats.month(last, lang),
        active=active,
        **totals,
    )


def by_unit(
    table: pa.Table, units: Mapping[str, Row], chosen: str | None, lang: str, theme: str | None
) -> Figure:
    """Active enterprises of each unit, attracted and grown, with those not registered yet.

    `table`: enterprises_by_unit; `units`: unit to its row, with name and kind;
    the chosen unit is marked.
    """
    rows = table.to_pylist()[::-1]
    colours = palette.of(theme)
    labels = [_unit_label(units[row["unit_id"]], row["unit_id"] == chosen, lang) for row in rows]
    fig = style.figure(lang, theme, height=_ROW_HEIGHT * len(rows) + 90)
    shades = {
        "attracted": colours.primary,
        "grown": colours.attention,
        "unregistered": colours.other,
    }
    for group, colour in shades.items():
        name = _t(group, lang)
        values = [row[group] for row in rows]
        hover = [
            f"<b>{units[row['unit_id']]['name']}</b><br>{name}  {formats.exact(row[group], lang)}"
            for row in rows
        ]
        # The group's name on its bar: colour alone does not say it.
        told = [f"{name} {value}" if value else "" for value in values]
        style.bars(fig, values, labels, name, colour, hover=hover, labels=told, horizontal=True)
    fig.update_traces(
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        insidetextfont={"color": colours.background, "size": 12},
    )
    for row, label in zip(rows, labels, strict=True):
        # Above its bar, for beside it a long name would leave no room on a telephone.
        fig.add_annotation(
            x=0,
            y=label,
            text=label,
            showarrow=False,
            xanchor="left",
            yshift=_NAME_SHIFT,
            font={"color": colours.text, "size": 12},
        )
        if row["active"] is None:
            fig.add_annotation(
                x=0, y=label, text=formats.missing(lang), showarrow=False, xanchor="left",
                xshift=6, font={"color": colours.quiet, "size": 12},
            )  # fmt: skip
    fig.update_layout(barmode="stack", bargap=0.55, legend={"traceorder": "normal"})
    fig.update_xaxes(tick0=0, dtick=2, showgrid=True)
    fig.update_yaxes(type="category", visible=False)
    return fig


def describe_by_unit(
    table: pa.Table, units: Mapping[str, Row], chosen: str | None, lang: str
) -> str:
    """Totals by origin, and how many are seen in returns without being registered."""
    rows = table.to_pylist()
    known = [row for row in rows if row["active"] is not None]
    if not known:
        return _t("by_unit_none", lang)
    totals = {name: sum(row[name] for row in known) for name in ("active", *ORIGINS)}
    unregistered = sum(row["unregistered"] for row in rows)
    return _t("by_unit_says", lang, unregistered=unregistered, units=len(known), **totals)


def by_id(units: pa.Table) -> dict[str, Row]:
    """Unit to its row; `units`: the query units, localised."""
    return {row["unit_id"]: row for row in units.to_pylist()}


def revenue(table: pa.Table, chosen: str, lang: str, theme: str | None) -> Figure:
    """Revenue by quarter, the chosen quarter in full colour; `table`: enterprise_totals."""
    rows = table.to_pylist()
    colours = palette.of(theme)
    fig = style.figure(lang, theme)
    hover = [_revenue_hover(row, lang) for row in rows]
    # Every bar with its number while there is room, then the chosen one alone.
    labels = [
        # 元 stands in the heading: seven bars leave a telephone no room for it.
        money(row["revenue_10k_cny"], lang).removesuffix("元")
        if len(rows) <= _LABELLED or row["quarter"] == chosen
        else ""
        for row in rows
    ]
    shades = [colours.primary if row["quarter"] == chosen else colours.other for row in rows]
    quarters = [_two_lines(row["quarter"], lang) for row in rows]
    values = [row["revenue_10k_cny"] for row in rows]
    style.bars(fig, quarters, values, "", shades, hover=hover, labels=labels, legend=False)
    fig.update_traces(textangle=0, textfont={"size": 12}, constraintext="none")
    fig.update_xaxes(type="category", tickangle=0)
    fig.update_yaxes(visible=False)
    withheld.mark(fig, hidden_quarters(rows, lang), lang, theme)
    return fig


def hidden_quarters(rows: list[dict[str, Any]], lang: str) -> list[str]:
    """Places on the axis of the quarters that the reader may not see."""
    return [_two_lines(row["quarter"], lang) for row in rows if row["suppressed"]]


def describe_revenue(table: pa.Table, chosen: str, lang: str) -> str:
    """The chosen quarter's revenue with 同比 and how many enterprises report it."""
    row = next(row for row in table.to_pylist() if row["quarter"] == chosen)
    if row["revenue_10k_cny"] is None:
        return _t("revenue_withheld" if row["suppressed"] else "revenue_none", lang)
    return _t(
        "revenue_says",
        lang,
        quarter=formats.quarter(chosen, lang),
        enterprises=row["enterprises"],
        revenue=money(row["revenue_10k_cny"], lang, full=True),
        change=yoy(row, "revenue", lang),
    )


def concentration(table: pa.Table, chosen: str, lang: str, theme: str | None) -> Figure:
    """The Herfindahl-Hirschman index by quarter, the chosen one filled; `table`: concentration."""
    rows = table.to_pylist()
    colours = palette.of(theme)
    fig = style.figure(lang, theme, height=280)
    quarters = [_two_lines(row["quarter"], lang) for row in rows]
    values = [row["hhi"] for row in rows]
    hover = [
        f"<b>{formats.quarter(row['quarter'], lang)}</b><br>{_shares(row, lang)}" for row in rows
    ]
    style.line(fig, quarters, values, "HHI", colours.primary, hover=hover, legend=False)
    symbols = ["circle" if row["quarter"] == chosen else "circle-open" for row in rows]
    fig.update_traces(
        mode="lines+markers+text",
        marker={"symbol": symbols, "size": 9},
        text=["" if value is None else f"{value:.3f}" for value in values],
        textposition="top center",
        cliponaxis=False,
    )
    fig.update_xaxes(type="category", tickangle=0)
    top = max((value for value in values if value is not None), default=1)
    fig.update_yaxes(visible=False, range=[0, top * 1.25])
    withheld.mark(fig, hidden_quarters(rows, lang), lang, theme)
    return fig


def describe_concentration(table: pa.Table, chosen: str, lang: str) -> str:
    """HHI, equivalent number and share of the five largest in the chosen quarter."""
    row = next((row for row in table.to_pylist() if row["quarter"] == chosen), None)
    if row is None:
        return _t("concentration_none", lang)
    quarter = formats.quarter(chosen, lang)
    measure = _t(f"measure_{row['measure']}", lang)
    shares = _shares(row, lang)
    return _t("concentration_says", lang, quarter=quarter, measure=measure, shares=shares)


def _shares(row: Row, lang: str) -> str:
    if row["suppressed"]:
        return withheld.word(lang)
    return _t(
        "shares",
        lang,
        hhi=f"{row['hhi']:.3f}",
        number=formats.number(row["equivalent_number"], lang, digits=1),
        share=formats.percent(row["top5_share"], lang),
        contributors=row["contributors"],
        theil_t=f"{row['theil_t']:.3f}",
        theil_l=f"{row['theil_l']:.3f}",
    )


def _revenue_hover(row: Row, lang: str) -> str:
    amount = row["revenue_10k_cny"]
    lines = [
        f"<b>{formats.quarter(row['quarter'], lang)}</b>",
        withheld.word(lang) if row["suppressed"] else money(amount, lang, full=True),
        yoy(row, "revenue", lang),
        _t("reporting", lang, enterprises=row["enterprises"] or 0),
    ]
    return "<br>".join(lines)


def _movement_hover(row: Row, measure: str, lang: str) -> str:
    month: date = row["month"]
    what = f"{_t(row['origin'], lang)} · {_t(measure, lang)}"
    return f"<b>{formats.month(month, lang)}</b><br>{what}  {formats.exact(row[measure], lang)}"


def _signed(value: int | None, sign: int) -> int | None:
    return None if value is None else sign * value


def _step(rows: list[dict[str, Any]]) -> int:
    most = max((row[name] or 0 for row in rows for name in ("entries", "exits")), default=1)
    return max(1, most // 3)


def _pattern(shape: str, theme: str | None) -> dict[str, Any]:
    ground = palette.of(theme).background
    return {"shape": shape, "fillmode": "overlay", "fgcolor": ground, "size": 6, "fgopacity": 0.6}


def _two_lines(quarter: str, lang: str) -> str:
    """2026年<br>三季度 / Q3<br>2026: the axis of a narrow figure."""
    year, _, number = quarter.partition("Q")
    return _t("quarter_lines", lang, year=year, name=_t(f"quarter_{number}", lang))


def _unit_label(unit: Row, chosen: bool, lang: str) -> str:
    most = _NAME_SIGNS[lang]
    name = unit["name"]
    shown = name if len(name) <= most else f"{name[: most - 1]}…"
    mark = "▶ " if chosen else ""
    return f"{mark}{_t('kind_' + unit['kind'], lang)} · {shown}"


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"enterprises.{key}", lang, **values)
