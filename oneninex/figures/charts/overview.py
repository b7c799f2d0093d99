"""What the pages overview and unit_map show of the units: who made the change, and where."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures.charts import style
from oneninex.figures.charts.figure import Figure

# What can be seen on the map, and the figures of a unit's card.
MEASURES = (
    "items_accepted", "items_annotated", "acceptance_rate", "first_pass_rate",
    "labeling_enterprises", "workers", "hq_datasets", "datasets_built",
)  # fmt: skip
FIGURES = ("items_accepted", "acceptance_rate", "labeling_enterprises", "workers")

Row = dict[str, Any]
Names = Mapping[str, str]

# Signs of a unit's name in one line beside a bar.
_SIGNS = {"zh": 8, "en": 24}
_ROW_HEIGHT = {"zh": 38, "en": 56}


def figures(latest: pa.Table) -> list[Row]:
    """The figures of a unit's card, as far as the plan has them; `latest`: latest_indicators."""
    rows = {row["indicator_id"]: row for row in latest.to_pylist()}
    return [rows[code] for code in FIGURES if code in rows]


def contributions(rows: pa.Table, names: Names, lang: str, theme: str | None) -> Figure:
    """Each unit's part in the change of accepted items, largest first; the parts add up to it.

    `rows` of like_for_like. A unit that cannot be compared has a word in place of a bar.
    """
    units = rows.to_pylist()
    colours = palette.of(theme)
    compared = [row for row in units if row["change"] is not None]
    fig = style.figure(lang, theme, height=_ROW_HEIGHT[lang] * len(units) + 20)
    style.bars(
        fig,
        [row["change"] for row in compared],
        [row["unit_id"] for row in compared],
        text("overview.change", lang),
        [colours.attention if row["change"] < 0 else colours.primary for row in compared],
        hover=[_part_hover(row, names, lang) for row in compared],
        labels=[signed(row["change"], lang) for row in compared],
        horizontal=True,
        legend=False,
    )
    for row in units:
        if row["change"] is None:
            side = "right" if sum(each["change"] for each in compared) < 0 else "left"
            words = text(f"overview.bar_{row['reason']}", lang)
            fig.add_annotation(
                x=0,
                y=row["unit_id"],
                text=words,
                showarrow=False,
                xanchor=side,
                font={"color": colours.quiet},
            )
    order = [row["unit_id"] for row in reversed(units)]
    # The type is given, for without a bar there is none to guess it from.
    fig.update_yaxes(
        type="category",
        showgrid=False,
        categoryorder="array",
        categoryarray=order,
        range=[-0.6, len(order) - 0.4],
        tickvals=order,
        ticktext=[style.in_lines(names[unit_id], _SIGNS[lang]) for unit_id in order],
    )
    fig.update_xaxes(showticklabels=False, ticks="", zeroline=True, range=_room(compared))
    return fig


def describe_contributions(rows: pa.Table, names: Names, lang: str) -> str:
    """The change like with like in one sentence, and by name who is not compared."""
    units = rows.to_pylist()
    compared = [row for row in units if row["change"] is not None]
    sentences = [_change_sentence(compared, names, lang)]
    for reason in ("not_whole", "not_reported", "newly_reported", "neither"):
        absent = [names[row["unit_id"]] for row in units if row["reason"] == reason]
        # Where nobody has a month to compare with, the data only begin: no one failed to report.
        begins = reason == "newly_reported" and len(absent) == len(units)
        if absent and not begins:
            month, before = units[0]["month"], units[0]["base_month"]
            sentences.append(
                text(
                    f"overview.absent_{reason}",
                    lang,
                    units=formats.listing(absent, lang),
                    month=formats.month(month, lang),
                    before=formats.month(before, lang),
                )
            )
    return (" " if lang == "en" else "").join(sentences)


def change_table(rows: pa.Table) -> pa.Table:
    """The columns of like_for_like that readers need."""
    return rows.select(
        ["unit_id", "change", "share_of_change", "accepted", "accepted_before", "reason"]
    )


def change_words(lang: str) -> dict[str, dict[str, str]]:
    """Headings of `change_table` and names of its reasons, as `titles` and `codes`."""
    columns = ("accepted_before", "accepted", "change", "share_of_change", "reason")
    reasons = ("change", "not_whole", "not_reported", "newly_reported", "neither")
    return {
        "titles": {name: text(f"overview.column_{name}", lang) for name in columns},
        "reasons": {name: text(f"overview.bar_{name}", lang) for name in reasons},
    }


def signed(value: float | None, lang: str, unit: str | None = None) -> str:
    """A difference with its sign, compact: +12.3万, −4.5万, 0."""
    written = formats.number(value, lang, unit=unit)
    return f"+{written}" if value is not None and value > 0 else written


def _change_sentence(compared: Sequence[Row], names: Names, lang: str) -> str:
    if not compared:
        return text("overview.change_none", lang)
    first = compared[0]
    total, unit = first["city_change"], text("overview.items_unit", lang)
    up, down = (
        sum(row["change"] > 0 for row in compared),
        sum(row["change"] < 0 for row in compared),
    )
    moves = "all_up" if up == len(compared) else "all_down" if down == len(compared) else "moves"
    words = {
        "before": formats.month(first["base_month"], lang),
        "compared": first["units_compared"],
        "amount": formats.number(abs(total), lang, unit=unit),
        "rate": formats.change(first["city_accepted"], first["city_accepted_before"], lang),
        "moves": text(f"overview.{moves}", lang, up=up, down=down),
    }
    if total == 0:
        return text("overview.change_level", lang, **words)
    # The unit that did most for the change: in its direction, not merely the widest swing.
    most = max(compared, key=lambda row: row["change"] * (1 if total > 0 else -1))
    words |= {
        "unit": names[most["unit_id"]],
        "part": signed(most["change"], lang, unit),
    }
    key = "overview.change_up" if total > 0 else "overview.change_down"
    if most["share_of_change"] is None:  # units moved both ways: no part is a share of the sum
        return text(f"{key}_mixed", lang, **words)
    share = formats.percent(most["share_of_change"], lang, 0)
    return text(key, lang, **words, share=share)


def _part_hover(row: Row, names: Names, lang: str) -> str:
    change = formats.change(row["accepted"], row["accepted_before"], lang)
    lines = [
        names[row["unit_id"]],
        f"{formats.exact(row['accepted_before'], lang)} → {formats.exact(row['accepted'], lang)}",
        f"{signed(row['change'], lang)} ({change})",
    ]
    return "<br>".join(lines)


def _room(compared: Sequence[Row]) -> list[float]:
    """The range of the bars with room for the numbers at their ends, on a telephone too."""
    changes = [row["change"] for row in compared]
    low, high = min([0, *changes]), max([0, *changes])
    span = (high - low) or 1
    spare, edge = 0.75 * span, 0.05 * span
    return [low - spare if low < 0 else -edge, high + spare if high > 0 else edge]


def computable(units: pa.Table) -> pa.Table:
    """The rows of indicator_by_unit without those that were reported but hold nothing to divide."""
    return units.filter(pa.array([not _nothing_to_divide(row) for row in units.to_pylist()]))


def _nothing_to_divide(row: Row) -> bool:
    return row["reported"] and row["value"] is None and row["status"] != "C"


def ranking(units: pa.Table, measure: str) -> pa.Table:
    """The rows of indicator_by_unit for a table, the value under the name of its indicator."""
    columns = ["unit_id", "value", "named_in", "location_basis"]
    hidden = [status == "C" for status in units.column("status").to_pylist()]
    chosen = units.select(columns).append_column("suppressed", pa.array(hidden, pa.bool_()))
    columns.append("suppressed")
    return chosen.rename_columns([measure if name == "value" else name for name in columns])


def unit_notes(units: pa.Table, names: Names, lang: str) -> list[str]:
    """What the map of indicator_by_unit cannot show: shared points, nothing to divide by."""
    rows = units.to_pylist()
    notes = []
    for point in sorted({(row["lon"], row["lat"]) for row in rows}):
        here = sorted(row["unit_id"] for row in rows if (row["lon"], row["lat"]) == point)
        if len(here) > 1:
            listed = formats.listing([names[unit_id] for unit_id in here], lang)
            notes.append(text("unit_map.shared_point", lang, units=listed))
    empty = [names[row["unit_id"]] for row in rows if _nothing_to_divide(row)]
    if empty:
        notes.append(text("unit_map.nothing_to_divide", lang, units=formats.listing(empty, lang)))
    return notes
