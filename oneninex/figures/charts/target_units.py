"""What each unit contributes to a target; rows of target_contributions of one target."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures.charts import style
from oneninex.figures.charts import target_words as words
from oneninex.figures.charts.figure import Figure
from oneninex.figures.charts.target_words import Row

Names = Mapping[str, str]
# Four lines of an English name stand beside a bar.
_ROW, _FRAME = {"zh": 34, "en": 66}, 30
_SIGNS = {"zh": 9, "en": 22}


def additive(parts: pa.Table) -> pa.Table:
    """The parts, if they add up to the city's value; no rows otherwise."""
    return parts.filter(parts.column("additive"))


def contributions(
    parts: pa.Table, row: Row, units: Names, lang: str, theme: str | None = None
) -> Figure:
    """A bar for each unit, largest on top; a unit that is missing has words and no bar."""
    rows = _ordered(parts)[::-1]
    colours = palette.of(theme)
    fig = style.figure(lang, theme, height=_FRAME + _ROW[lang] * max(len(rows), 1))
    style.bars(
        fig,
        [part["value"] for part in rows],
        [_name(part, units, lang) for part in rows],
        row["name"],
        colours.primary,
        hover=[_told(part, row, units, lang) for part in rows],
        labels=[_label(part, row, lang) for part in rows],
        horizontal=True,
        legend=False,
    )
    for part in rows:
        if part["value"] is None:
            fig.add_annotation(
                x=0,
                y=_name(part, units, lang),
                text=formats.missing(lang),
                showarrow=False,
                xanchor="left",
                font={"color": colours.quiet, "size": 13},
            )
    known = [part["value"] or 0 for part in rows]
    fig.update_xaxes(visible=False, range=[min([0, *known]), max([1, *known]) * 1.6])
    fig.update_yaxes(ticks="", showline=False, showgrid=False)
    return fig


def describe(parts: pa.Table, row: Row, units: Names, lang: str) -> str:
    """The largest contributor, and who has not reported; or why there are no parts."""
    rows = _ordered(additive(parts))
    known = [part for part in rows if part["value"] is not None]
    if not known:
        return text("targets.parts_none", lang, name=row["name"])
    first = known[0]
    said = text(
        "targets.parts",
        lang,
        unit=units.get(first["unit_id"], first["unit_id"]),
        value=words.amount(first["value"], row, lang),
        share=formats.percent(first["share"], lang),
        total=words.value(row, lang),
    )
    missing = [units.get(p["unit_id"], p["unit_id"]) for p in rows if p["value"] is None]
    if not missing:
        return said
    named = formats.listing(missing, lang)
    return said + text("targets.parts_missing", lang, units=named)


def table(parts: pa.Table) -> pa.Table:
    """unit_id, value, share, pace and status, largest first; empty where parts do not add up."""
    names = ("unit_id", "value", "share", "recent_per_month", "status")
    rows = _ordered(additive(parts))
    return pa.table({name: [part[name] for part in rows] for name in names})


def _ordered(parts: pa.Table) -> list[Row]:
    """Largest first, missing last."""
    return sorted(
        parts.to_pylist(),
        key=lambda part: (part["value"] is None, -(part["value"] or 0), part["unit_id"]),
    )


def _label(part: Row, row: Row, lang: str) -> str:
    if part["value"] is None:
        return ""
    share = formats.percent(part["share"], lang, 0) if part["share"] is not None else ""
    value = words.amount(part["value"], row, lang)
    return text("targets.part_label", lang, value=value, share=share) if share else value


def _told(part: Row, row: Row, units: Names, lang: str) -> str:
    name = units.get(part["unit_id"], part["unit_id"])
    return f"<b>{name}</b><br>{_label(part, row, lang) or formats.missing(lang)}"


def _name(part: Row, units: Names, lang: str) -> str:
    return style.in_lines(units.get(part["unit_id"], part["unit_id"]), _SIGNS[lang])
