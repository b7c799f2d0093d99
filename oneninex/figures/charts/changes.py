"""What changed since last month or last year: volume, mix and rate of each unit.

Tables are what_changed. Each number of the sentences is a link to the rows that make it.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures import statements
from oneninex.figures.charts import style, withheld
from oneninex.figures.charts.figure import Figure
from oneninex.figures.charts.overview import signed

Row = Mapping[str, Any]
Names = Mapping[str, str]

HEADLINES = ("items_accepted", "acceptance_rate", "labeling_enterprises", "hq_datasets", "workers")
PARTS = ("volume", "mix", "rate")
_PATTERNS = {"volume": "", "mix": "/", "rate": "x"}
_ROW = {"zh": 40, "en": 58}
_SIGNS = {"zh": 8, "en": 26}
COLUMNS = ("unit_id", "value_before", "value", "change", *PARTS, "reason", "status")


def sentence(
    table: pa.Table,
    indicator: str,
    names: Names,
    lang: str,
    *,
    explained: Sequence[Row] = (),
    joined: Sequence[Row] = (),
) -> str:
    """One indicator's change like with like, its cause and parts, its largest unit, who is missing.

    Numbers are links to the page of units with the rows that they come from. `explained`: the
    rows of change_explained of the month; `joined`: january_february.
    """
    rows = [row for row in table.to_pylist() if row["indicator_id"] == indicator]
    if not rows:
        return ""
    cause = _cause(rows[0], explained, joined, lang)
    if cause and any(row["month"] == rows[0]["month"] for row in joined):
        return (" " if lang == "en" else "").join([*cause, *_absent(rows, names, lang)])
    return (" " if lang == "en" else "").join(
        [*cause, _change(rows, names, not cause, lang), *_absent(rows, names, lang)]
    )


def _cause(first: Row, explained: Sequence[Row], joined: Sequence[Row], lang: str) -> list[str]:
    """The relative change of a flow with its main cause, as every other place says it."""
    if first["indicator_id"] not in statements.FLOWS or first["city_change"] is None:
        return []
    if any(row["month"] == first["month"] for row in joined):
        said = statements.flow_changes(
            explained, joined, first["indicator_id"], first["month"], lang
        )
    else:
        base = _MONTHS[_against(first)]
        rows = [row for row in explained if row["comparison"] == base]
        said = [statements.flow_change(rows, base, lang)] if rows else []
    if not said:
        return []
    words = statements.joined_words(said, lang)
    return [_t("cause", lang, words=words[:1].upper() + words[1:])]


def parts(
    table: pa.Table, names: Names, chosen: str | None, lang: str, theme: str | None
) -> Figure:
    """Each unit's part in the change, split into what made it; one indicator's rows."""
    rows = table.to_pylist()
    fig = style.figure(lang, theme, height=_ROW[lang] * len(rows) + 60)
    colours = palette.of(theme)
    fill = {"volume": colours.primary, "mix": colours.other, "rate": colours.attention}
    compared = [row for row in rows if row["change"] is not None]
    for part in PARTS:
        known = [row for row in compared if row[part] is not None]
        if known:
            style.bars(
                fig, [row[part] for row in known], [row["unit_id"] for row in known],
                _t(f"part_{part}", lang), fill[part], horizontal=True, pattern=_PATTERNS[part],
                hover=[_hover(row, names, lang) for row in known],
            )  # fmt: skip
    fig.update_traces(marker_pattern={"fillmode": "overlay", "fgcolor": colours.background})
    fig.update_layout(barmode="relative", bargap=0.35)
    # A word in place of a bar stands where the bars are, or a telephone would cut it.
    side = "right" if sum(row["change"] for row in compared) < 0 else "left"
    for row in rows:
        known = row["change"] is not None
        words = reason_word(row["reason"], lang)
        if known:
            words = _amount(row["change"], row["indicator_id"], lang)
        fig.add_annotation(
            x=sum(max(row[part] or 0, 0) for part in PARTS), y=row["unit_id"], text=words,
            showarrow=False, xanchor="left" if known else side, xshift=4 if known else 0,
            font={"color": colours.text if known else colours.quiet},
        )  # fmt: skip
    _unit_axis(fig, rows, names, chosen, lang)
    fig.update_xaxes(showticklabels=False, ticks="", zeroline=True, range=_room(compared))
    return fig


def shown(table: pa.Table, chosen: str | None) -> pa.Table:
    """The columns that readers need, of all units or of one; a rate has no volume."""
    units = table.column("unit_id").to_pylist()
    wanted = table.filter(pa.array([chosen in (None, unit) for unit in units], pa.bool_()))
    named = [name for name in COLUMNS if table.column(name).null_count < table.num_rows]
    if table.num_rows and table.column("indicator_id")[0].as_py() == "acceptance_rate":
        return _in_points(wanted.select(named))
    return wanted.select(named)


def words(lang: str) -> dict[str, dict[str, str]]:
    """Headings and names of reasons for `shown`."""
    reasons = ("change", "not_whole", "not_reported", "newly_reported", "neither", "suppressed")
    columns = (*COLUMNS[1:-1], *_POINTS.values())
    return {
        "titles": {name: _t(f"column_{name}", lang) for name in columns},
        "reasons": {name: reason_word(name, lang) for name in reasons},
    }


def reason_word(reason: str, lang: str) -> str:
    """Why a unit has no bar; that its figures are withheld is no missing return."""
    hidden = reason == "suppressed"
    return withheld.word(lang) if hidden else text(f"overview.bar_{reason}", lang)


_POINTS = {
    "value_before": "before_rate", "value": "now_rate",
    "change": "change_pp", "mix": "mix_pp", "rate": "rate_pp",
}  # fmt: skip


def _in_points(table: pa.Table) -> pa.Table:
    """Rates under names that print as per cent, differences in percentage points."""
    for index, name in enumerate(table.column_names):
        if name in PARTS or name == "change":
            values = [None if v is None else round(100 * v, 4) for v in table[name].to_pylist()]
            table = table.set_column(index, name, pa.array(values, pa.float64()))
    return table.rename_columns([_POINTS.get(name, name) for name in table.column_names])


def _change(rows: list[Row], names: Names, alone: bool, lang: str) -> str:
    """The amount of the change; `alone`: the relative change is said nowhere else."""
    first, indicator = rows[0], rows[0]["indicator_id"]
    month, before = (formats.month(first[name], lang) for name in ("month", "base_month"))
    said = {"month": month, "before": before, "indicator": _t(f"indicator_{indicator}", lang)}
    if first["city_suppressed"]:
        return _t("change_suppressed", lang, **said)
    if first["city_change"] is None:
        return _t("change_none", lang, **said)
    said |= {
        "compared": first["units_compared"],
        "change": _link(first["city_change"], first, None, lang),
        "now": _linked(_value(first["city_value"], indicator, lang), first, None, lang),
    }
    if first["city_change"] == 0:
        return _t("change_level", lang, **said)
    relative = ""
    if alone and indicator != "acceptance_rate":
        rate = formats.change(first["city_value"], first["city_value_before"], lang)
        relative = _t("relative", lang, rate=rate)
    if any(row["reason"] == "suppressed" for row in rows):
        return _t("change_whole", lang, **said, relative=relative)
    compared = [row for row in rows if row["change"] is not None]
    split = [
        _t(f"split_{part}", lang, value=_link(total, first, None, lang))
        for part in PARTS
        if (total := _total(compared, part)) is not None
    ]
    direction = 1 if first["city_change"] > 0 else -1
    most = statements.largest(compared, lambda row: row["change"] * direction)
    said |= {
        "relative": relative,
        "split": _t("split", lang, parts=formats.listing(split, lang)) if len(split) > 1 else "",
        "most": _most(most, names, lang) if len(most) < len(compared) else "",
    }
    return _t("change_split", lang, **said)


def _most(most: list[Row], names: Names, lang: str) -> str:
    """The unit with the largest part, or all that share it."""
    if not most:
        return ""
    units = formats.listing([names[row["unit_id"]] for row in most], lang)
    alone = most[0]["unit_id"] if len(most) == 1 else None
    part = _link(most[0]["change"], most[0], alone, lang)
    return _t("most" if len(most) == 1 else "most_tied", lang, unit=units, part=part)


def _absent(rows: list[Row], names: Names, lang: str) -> list[str]:
    """By name who is kept apart, and that it is no fall."""
    found = []
    for reason in ("suppressed", "not_whole", "not_reported", "newly_reported", "neither"):
        absent = [names[row["unit_id"]] for row in rows if row["reason"] == reason]
        if absent and len(absent) < len(rows):
            listed = formats.listing(absent, lang)
            found.append(_t(f"absent_{reason}", lang, units=listed))
    return found


def _total(rows: list[Row], part: str) -> float | None:
    known = [row[part] for row in rows if row[part] is not None]
    return sum(known) if known else None


def _link(value: float, row: Row, unit_id: str | None, lang: str) -> str:
    """A difference as a link to the rows that it is made of."""
    return _linked(_amount(value, row["indicator_id"], lang), row, unit_id, lang)


def _linked(written: str, row: Row, unit_id: str | None, lang: str) -> str:
    address = {
        "lang": lang,
        "indicator": row["indicator_id"],
        "to_month": f"{row['month']:%Y-%m}",
        "against": _against(row),
    }
    if unit_id:
        address["unit"] = unit_id
    return f"[{written}](units?{urlencode(address)})"


_MONTH_DAYS = 31
_MONTHS = {"period": "previous_month", "year": "previous_year"}


def _against(row: Row) -> str:
    days = (row["month"] - row["base_month"]).days
    return "year" if days > _MONTH_DAYS else "period"


def _amount(value: float, indicator: str, lang: str) -> str:
    """A difference in the indicator's own unit: items, or percentage points."""
    if indicator == "acceptance_rate":
        return formats.points(value, lang, 2)
    return signed(round(value), lang)


def _value(value: float | None, indicator: str, lang: str) -> str:
    if indicator == "acceptance_rate":
        return formats.percent(value, lang, 2)
    return formats.number(value, lang)


def _hover(row: Row, names: Names, lang: str) -> str:
    known = [
        f"{_t(f'part_{part}', lang)}  {_amount(row[part], row['indicator_id'], lang)}"
        for part in PARTS
        if row[part] is not None
    ]
    whole = _amount(row["change"], row["indicator_id"], lang)
    return "<br>".join([f"<b>{names[row['unit_id']]}</b>  {whole}", *known])


def _unit_axis(fig: Figure, rows: list[Row], names: Names, chosen: str | None, lang: str) -> None:
    order = [row["unit_id"] for row in reversed(rows)]
    labels = []
    for unit in order:
        name = style.in_lines(names[unit], _SIGNS[lang])
        labels.append(f"<b>▶ {name}</b>" if unit == chosen else name)
    fig.update_yaxes(
        type="category", showgrid=False, categoryorder="array", categoryarray=order,
        range=[-0.6, len(order) - 0.4], tickvals=order, ticktext=labels,
    )  # fmt: skip


def _room(rows: list[Row]) -> list[float]:
    """The range of the bars with room for the numbers at their right."""
    low = min([0.0, *(sum(min(row[p] or 0, 0) for p in PARTS) for row in rows)])
    high = max([0.0, *(sum(max(row[p] or 0, 0) for p in PARTS) for row in rows)])
    span = (high - low) or 1.0
    return [low - 0.05 * span, high + 0.6 * span]


def _t(key: str, lang: str, /, **values: object) -> str:
    return text(f"units.{key}", lang, **values)
