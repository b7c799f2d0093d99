"""The map of the units on the divisions: table in, map out; pure, and never online.

`units_map` is one to move and enlarge (pydeck), `drawn` one of plain shapes, for paper, and `svg`
the same for a page that has more to say.
"""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pydeck as pdk

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.core.theme import Palette
from oneninex.figures.maps import layers
from oneninex.figures.maps.deck import QuickDeck
from oneninex.figures.maps.layers import FONT, LABELS, UNITS
from oneninex.figures.maps.marks import HEIGHT, Measure, named, placed, sort_of
from oneninex.figures.maps.picture import Drawn, drawn, svg

__all__ = [
    "HEIGHT", "LABELS", "UNITS", "Drawn", "Measure", "describe_units_map", "drawn", "legend",
    "svg", "units_map",
]  # fmt: skip


def units_map(
    units: pa.Table,
    *,
    measure: str,
    lang: str,
    theme: str | None,
    divisions: Path | str | None = None,
    water: Path | None = None,
    unit: str | None = None,
    kind: Measure = "amount",
    selected: str | None = None,
    height: int = HEIGHT,
) -> pdk.Deck:
    """The units as marks with names and values on the divisions.

    `units` has unit_id, lon, lat, value (NULL = not reported), named_in, name or name_zh/name_en
    and, where a value is suppressed, status C. `measure` names the value, `unit` is as
    formats.number takes it. An amount sets the size of a mark, a rate (a fraction) its depth.
    """
    colours = palette.of(theme)
    at = placed(
        units, measure=measure, lang=lang, colours=colours, divisions=divisions, water=water,
        unit=unit, kind=kind, height=height,
    )  # fmt: skip
    rows, view = at.rows, at.view
    drawn = [
        layers.areas("divisions", at.land, colours.land, colours.land_edge, 1.5),
        layers.areas("water", at.lakes, colours.water, colours.water, 0),
        layers.areas("borders", at.land, None, colours.land_edge, 1.5),
        layers.text("area_names", at.names, colours, pickable=False),
        layers.ring([row for row in rows if row["unit_id"] == selected], colours),
        layers.marks(rows, colours),
        layers.holes([row for row in rows if row["named_in"] == "assumed"], colours),
        layers.text(LABELS, rows, colours, pickable=True),
    ]
    return QuickDeck(
        layers=[layer for layer in drawn if layer is not None],
        initial_view_state=pdk.ViewState(
            longitude=view["lon"],
            latitude=view["lat"],
            zoom=view["zoom"],
            # Out to the neighbours, in to a quarter of a town, however large the city is.
            min_zoom=min(6, view["zoom"] - 1),
            max_zoom=max(11, view["zoom"] + 2),
        ),
        # Only the absence of a style keeps Streamlit from asking a public tile server.
        map_provider=None,  # pyright: ignore[reportArgumentType]
        tooltip=_tooltip(colours),  # pyright: ignore[reportArgumentType]
    )


def describe_units_map(units: pa.Table, *, measure: str, lang: str, unit: str | None = None) -> str:
    """One sentence: the highest and the lowest unit, and who has not reported."""
    rows = named(units, lang)
    known = sorted(
        (row for row in rows if row["value"] is not None and row["whole"]),
        key=lambda row: row["value"],
    )
    partial = [row["name"] for row in rows if row["value"] is not None and not row["whole"]]
    absent = [row["name"] for row in rows if sort_of(row) == "missing"]
    hidden = sum(sort_of(row) == "suppressed" for row in rows)
    single = "maps.only_one_shown" if hidden else "maps.only_one"
    parts = []
    if known:
        tops, lows = (
            [row for row in known if row["value"] == known[end]["value"]] for end in (-1, 0)
        )
        key = "maps.extremes" if len(known) > 1 else single
        parts.append(
            text(
                "maps.equal" if len(known) > 1 and tops == lows else key,
                lang,
                measure=measure,
                count=len(known),
                top=formats.listing([row["name"] for row in tops], lang),
                top_value=formats.number(tops[0]["value"], lang, unit=unit),
                low=formats.listing([row["name"] for row in lows], lang),
                low_value=formats.number(lows[0]["value"], lang, unit=unit),
            )
        )
    if partial:
        parts.append(text("maps.partial", lang, units=formats.listing(partial, lang)))
    if hidden:
        parts.append(text("maps.withheld", lang, count=hidden))
    if absent:
        parts.append(text("maps.absent", lang, units=formats.listing(absent, lang)))
    return "".join(parts) if lang == "zh" else " ".join(parts)


def legend(units: pa.Table, lang: str, kind: Measure = "amount") -> list[tuple[str, str]]:
    """Sign and words for each sort of mark that the map really shows."""
    rows = named(units, lang)
    present = {sort_of(row) for row in rows}
    assumed = any(row["named_in"] == "assumed" for row in rows)
    signs = [("●", f"maps.legend_{kind}", "value" in present)]
    signs += [
        ("◎", "maps.legend_assumed", assumed),
        ("•", "maps.legend_zero", "zero" in present),
        ("○", "maps.legend_missing", "missing" in present),
        ("⊘", "maps.legend_suppressed", "suppressed" in present),
        (rows[0]["unit_id"] if rows else "", "maps.legend_id", bool(rows)),
    ]
    return [(sign, text(key, lang)) for sign, key, shown in signs if shown]


def _tooltip(colours: Palette) -> dict[str, Any]:
    """Plain text, not HTML: a name out of a plan file must not become markup."""
    return {
        "text": "{name}\n{measure}: {value_text}\n{note}",
        "style": {
            "backgroundColor": colours.panel,
            "color": colours.text,
            "border": f"1px solid {colours.line}",
            "fontFamily": FONT,
        },
    }
