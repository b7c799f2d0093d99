"""What the enterprises are made of: by origin, by size, and what each unit is specialised in."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures.charts import heatmap_table, style, withheld
from oneninex.figures.charts.enterprises import money
from oneninex.figures.charts.figure import Figure

Row = Mapping[str, Any]
Names = Mapping[str, str]
MEASURES = ("revenue_10k_cny", "employees", "enterprises")
# A narrower part of a bar has no room for its name; it is in the hover text and the table.
_ROOM = {"zh": 0.13, "en": 0.2}
# A location quotient of two fills the shade.
_FULL = 2.0


def structure(table: pa.Table, lang: str, theme: str | None) -> Figure:
    """Shares of each group in enterprises, employees and revenue.

    `table`: enterprise_structure of one quarter and dimension.
    """
    rows = table.to_pylist()
    colours = palette.of(theme)
    fig = style.figure(lang, theme, height=215)
    for index, row in enumerate(rows):
        shares = [share(rows, row, measure) for measure in MEASURES]
        name = group(row, lang)
        words = [
            f"{name} {formats.percent(part, lang, 0)}" if (part or 0) >= _ROOM[lang] else ""
            for part in shares
        ]
        hover = [_hover(row, part, m, lang) for part, m in zip(shares, MEASURES, strict=True)]
        fig.add_bar(
            x=shares, y=list(range(len(MEASURES))), name=name, orientation="h", text=words,
            textposition="inside", insidetextanchor="middle", textangle=0,
            insidetextfont={"color": colours.background, "size": 12}, constraintext="none",
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>", showlegend=True,
            marker={"color": colours.categorical[index],
                    "line": {"color": colours.background, "width": 1.5}},
        )  # fmt: skip
    for place, measure in enumerate(MEASURES):
        head = _t(f"by_{measure}", lang)
        if _hidden(rows, measure):
            head = _t("head_withheld", lang, measure=head, word=withheld.word(lang))
        fig.add_annotation(
            x=0, y=place, text=head, showarrow=False, xanchor="left",
            yshift=22, font={"color": colours.text, "size": 12},
        )  # fmt: skip
    fig.update_layout(barmode="stack", bargap=0.55, legend={"traceorder": "normal"})
    fig.update_xaxes(visible=False, range=[0, 1])
    fig.update_yaxes(visible=False, range=[-0.5, len(MEASURES) - 0.2])
    return fig


def describe_structure(table: pa.Table, lang: str) -> str:
    """The share of each group in enterprises and in revenue, with the growth of its revenue."""
    rows = [row for row in table.to_pylist() if row["enterprises"]]
    if not rows:
        return _t("none", lang)
    if [row["member"] for row in rows] == ["withheld"]:
        return _t("sizes_withheld", lang, enterprises=rows[0]["enterprises"])
    parts = text("enterprises.semicolon", lang).join(_told(rows, row, lang) for row in rows)
    if any(row["suppressed"] for row in rows):
        return _t("says_part", lang, parts=parts)
    return _t("says", lang, parts=parts)


def _told(rows: list[dict[str, Any]], row: Row, lang: str) -> str:
    said = {"group": group(row, lang), "enterprises": row["enterprises"]}
    if row["suppressed"]:
        return _t("group_withheld_says", lang, **said)
    part = share(rows, row, "revenue_10k_cny")
    if part is None and _hidden(rows, "revenue_10k_cny"):
        amount = money(row["revenue_10k_cny"], lang)
        return _t("group_alone", lang, **said, amount=amount, change=_change(row, lang))
    share_said = formats.percent(part, lang)
    return _t("group_says", lang, **said, share=share_said, change=_change(row, lang))


def _hidden(rows: list[Row] | list[dict[str, Any]], measure: str) -> bool:
    """Whether a group's part of a measure is withheld, and so its shares in the whole."""
    return measure != "enterprises" and any(row["suppressed"] for row in rows)


def _change(row: Row, lang: str) -> str:
    if row["yoy_revenue_before"] is None:
        return text("ui.no_year_before", lang)
    return formats.change(row["yoy_revenue"], row["yoy_revenue_before"], lang, "year")


def share(rows: list[Row] | list[dict[str, Any]], row: Row, measure: str) -> float | None:
    """The group's part of all groups; None where nothing is known, or not all may be."""
    if _hidden(rows, measure):
        return None
    whole = sum(each[measure] or 0 for each in rows)
    return None if row[measure] is None or not whole else row[measure] / whole


def group(row: Row, lang: str) -> str:
    """引进, 培育, 未登记; 100–299人."""
    low, high = row["employees_from"], row["employees_to"]
    if low is None:
        return _t(f"group_{row['member']}", lang)
    if low == 0:
        return _t("band_below", lang, below=high + 1)
    return _t("band_from" if high is None else "band", lang, low=low, high=high)


def quotients(
    table: pa.Table, units: Names, modalities: Names, lang: str, theme: str | None
) -> str:
    """A grid of location quotients, unit × modality; `table`: location_quotient."""
    rows = table.to_pylist()
    columns = sorted({row["modality"] for row in rows}, key=list(modalities).index)
    cells = {(row["unit_id"], row["modality"]): row for row in rows}
    lines = [
        heatmap_table.Line(units[unit], [_quotient(cells[unit, name], lang) for name in columns])
        for unit in sorted({row["unit_id"] for row in rows})
    ]
    return heatmap_table.grid([modalities[name] for name in columns], lines, theme, first="30%")


def describe_quotients(table: pa.Table, units: Names, modalities: Names, lang: str) -> str:
    """The three strongest specialisations."""
    known = [row for row in table.to_pylist() if row["location_quotient"] is not None]
    if not known:
        return _t("quotients_none", lang)
    first = sorted(known, key=lambda row: (-row["location_quotient"], row["unit_id"]))[:3]
    parts = [
        _t(
            "quotient_says",
            lang,
            unit=units[row["unit_id"]],
            modality=modalities[row["modality"]],
            value=formats.number(row["location_quotient"], lang, 2),
        )
        for row in first
    ]
    quarter = formats.quarter(first[0]["quarter"], lang)
    parts_said = text("enterprises.semicolon", lang).join(parts)
    return _t("quotients_say", lang, quarter=quarter, parts=parts_said)


def _quotient(row: Row, lang: str) -> heatmap_table.Cell:
    value = row["location_quotient"]
    if value is None:
        return heatmap_table.Cell(formats.missing(lang), kind="missing")
    mark = "▲ " if value > 1 else ""
    return heatmap_table.Cell(f"{mark}{formats.number(value, lang, 2)}", level=value / _FULL)


def _hover(row: Row, part: float | None, measure: str, lang: str) -> str:
    if row["suppressed"] and row[measure] is None:
        amount = withheld.word(lang)
    elif measure == "revenue_10k_cny":
        amount = money(row[measure], lang, full=True)
    else:
        amount = formats.exact(row[measure], lang)
    told = amount if part is None else f"{amount} · {formats.percent(part, lang)}"
    return f"<b>{group(row, lang)}</b><br>{_t(f'by_{measure}', lang)}  {told}"


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"enterprises.structure.{key}", lang, **values)
