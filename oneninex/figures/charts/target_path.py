"""One target by month: observed values against the line where they should be (序时线).

`series` holds the rows of one target of target_series, `row` its localised row of
targets_progress; `looks` is light to colour, shape and word, as plan.toml has them.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures.charts import style, target_arrival, target_fan
from oneninex.figures.charts import target_words as words
from oneninex.figures.charts.figure import Figure
from oneninex.figures.charts.target_words import Looks, Row

_BEFORE, _AFTER = timedelta(days=12), timedelta(days=40)
_SYMBOLS = {"circle": "circle", "triangle": "triangle-up", "square": "square", "diamond": "diamond"}


def path(
    series: pa.Table,
    row: Row,
    looks: Looks,
    lang: str,
    theme: str | None = None,
    fan: pa.Table | None = None,
) -> Figure:
    """Observed values by month against the line where the target should be (序时线).

    Provisional points are hollow, missing ones leave a gap. A rate, compared as it stands, has a
    level line instead. `fan` of target_forecast is drawn up to the due date.
    """
    colours = palette.of(theme)
    fig = style.figure(lang, theme, height=320)
    points = series.to_pylist()
    ahead = target_fan.within(fan.to_pylist(), row["due"]) if fan else []
    target_fan.add(fig, ahead, row, lang, colours)
    _scheduled(fig, points, row, lang, colours)
    _today(fig, points, row, looks, lang, theme)
    _observed(fig, points, row, lang, colours)
    days = [point["day"] for point in points]
    style.month_axis(fig, days, lang, most=3)
    # As far as the due date for every target: what is left is part of the answer.
    span = [min(days) - _BEFORE, max(days) + _AFTER] if days else None
    fig.update_xaxes(tickangle=0, range=span)
    values = [point[key] for point in points for key in ("value", "scheduled")]
    values += [point[key] for point in ahead for key in ("p10", "p90")]
    style.value_axis(fig, [*values, row["target"]], lang, unit=_axis_unit(row))
    if row["stated"] and words.as_it_stands(row):
        goal = words.goal(row, lang)
        style.reference(fig, row["target"], goal, theme)
        fig.update_annotations(x=1, xanchor="right", selector={"text": goal})
    fig.update_layout(margin={"t": 36, "r": 24})
    if ahead:
        _over_fan(fig, lang, colours)
    return fig


def describe_path(series: pa.Table, row: Row, lang: str) -> str:
    """Value, where it should be, gap, pace and arrival of one target in a few sentences."""
    parts = [target_arrival.arrival(row, lang), target_arrival.probability(row, lang)]
    ahead = text("targets.pace_separator", lang).join(part for part in parts if part)
    first = _standing(series, row, lang)
    return text("targets.path_arrival", lang, first=first, arrival=ahead)


def _standing(series: pa.Table, row: Row, lang: str) -> str:
    said = {
        "title": words.title(row, lang),
        "name": row["name"],
        "value": words.value(row, lang),
        "month": words.period(row, lang),
        "gap": words.gap(row, lang),
    }
    if row["value"] is None and row["status"] == "C":
        return text("targets.path_suppressed", lang, **said)
    if row["value"] is None:
        return text("targets.path_no_value", lang, **said)
    if not row["stated"]:
        return text("targets.path_not_stated", lang, **said)
    if words.as_it_stands(row):
        return text("targets.path_direct", lang, **said)
    should = scheduled_at(series, row["value_month"])
    first = text(
        "targets.path",
        lang,
        **said,
        scheduled=_expected(should, row, lang),
        done=formats.percent(row["done_share"], lang),
        time=formats.percent(row["time_share"], lang),
    )
    pace = [words.needed(row, lang)]
    if row["state"] != "achieved":
        pace += [words.recent(row, lang), words.catch_up(row, lang)]
    rest = text("targets.pace_separator", lang).join(part for part in pace if part)
    return text("targets.path_with_pace", lang, first=first, pace=rest)


def _expected(value: float | None, row: Row, lang: str) -> str:
    """What should be there by now, whole where things are counted."""
    return words.amount(None if value is None else words.whole(value, row, up=False), row, lang)


def scheduled_at(series: pa.Table, month: date) -> float | None:
    """Where the schedule asked the target to be at the end of `month`."""
    return next((p["scheduled"] for p in series.to_pylist() if p["month"] == month), None)


def _scheduled(
    fig: Figure, points: Sequence[Row], row: Row, lang: str, colours: palette.Palette
) -> None:
    line = [point for point in points if point["scheduled"] is not None]
    if not line:
        return
    hover = [_hover("targets.scheduled_hover", p, p["scheduled"], row, lang) for p in line]
    fig.add_scatter(
        x=[point["day"] for point in line],
        y=[point["scheduled"] for point in line],
        name=text("targets.schedule", lang),
        mode="lines",
        line={"color": colours.quiet, "width": 2, "dash": "longdash"},
        customdata=hover,
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
    )
    end = line[-1]
    goal = text("targets.due_label", lang, goal=words.goal(row, lang))
    fig.add_scatter(
        x=[end["day"]],
        y=[row["target"]],
        name=goal,
        mode="markers",
        marker={"symbol": "star-diamond-open", "size": 14, "color": colours.text},
        customdata=[hover[-1]],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
        cliponaxis=False,
    )
    _label(fig, end["day"], row["target"], goal, colours.text, "right", "bottom", yshift=8)
    # Far from the day the data speak up to, where the other labels stand.
    halfway = row["time_share"] is not None and row["time_share"] > 0.5
    spot = line[len(line) * (3 if halfway else 8) // 10]
    name = text("targets.schedule_label", lang)
    _label(fig, spot["day"], spot["scheduled"], name, colours.quiet, "right", "bottom")


def _over_fan(fig: Figure, lang: str, colours: palette.Palette) -> None:
    """Labels stay readable over lines and band; the schedule's name goes to the legend."""
    fig.drop_annotations(text=text("targets.schedule_label", lang))
    fig.update_annotations(bgcolor=colours.background, opacity=0.85)
    fig.update_traces(showlegend=True, selector={"name": text("targets.schedule", lang)})


def _observed(
    fig: Figure, points: Sequence[Row], row: Row, lang: str, colours: palette.Palette
) -> None:
    due = [point for point in points if point["status"] is not None]
    provisional = [index for index, point in enumerate(due) if point["status"] == "P"]
    style.line(
        fig,
        [point["day"] for point in due],
        [point["value"] for point in due],
        text("targets.observed", lang),
        colours.primary,
        hover=[_hover("targets.observed_hover", p, p["value"], row, lang) for p in due],
        open_from=provisional[0] if provisional else None,
        legend=False,
    )


def _today(
    fig: Figure, points: Sequence[Row], row: Row, looks: Looks, lang: str, theme: str | None
) -> None:
    """The day the data speak up to, and how far the value is from where it should be."""
    now = next((p for p in points if p["month"] == row["value_month"]), None)
    if now is None or now["value"] is None:
        return
    colours = palette.of(theme)
    style.note_on_date(
        fig, now["day"], text("targets.as_at", lang, day=formats.day(now["day"], lang)), theme
    )
    actual = text("targets.actual_label", lang, value=words.value(row, lang))
    if now["scheduled"] is None:
        below = row["stated"] and now["value"] < row["target"]
        side = "top" if below else "bottom"
        _label(fig, now["day"], now["value"], actual, colours.primary, "left", side)
        return
    behind = now["value"] < now["scheduled"]
    shade = words.colour(row["state"], row["light"], looks, colours.quiet)
    look = looks.get(row["light"])
    fig.add_scatter(
        x=[now["day"], now["day"]],
        y=[now["value"], now["scheduled"]],
        mode="lines+markers",
        line={"color": shade, "width": 4},
        marker={
            "symbol": [_SYMBOLS[look["shape"]] if look else "circle", "line-ew-open"],
            "size": 12,
        },
        hoverinfo="skip",
        showlegend=False,
    )
    should = text("targets.should_label", lang, value=_expected(now["scheduled"], row, lang))
    sides = ("top", "bottom") if behind else ("bottom", "top")
    _label(fig, now["day"], now["value"], actual, colours.primary, "left", sides[0])
    _label(fig, now["day"], now["scheduled"], should, colours.quiet, "right", sides[1], xshift=-8)


def _label(
    fig: Figure,
    x: object,
    y: float,
    words_: str,
    colour: str,
    xanchor: str,
    yanchor: str,
    **shift: int,
) -> None:
    fig.add_annotation(
        x=x,
        y=y,
        text=words_,
        showarrow=False,
        xanchor=xanchor,
        yanchor=yanchor,
        font={"color": colour, "size": 14},
        **{"xshift": 8 if xanchor == "left" else 0, **shift},
    )


def _hover(key: str, point: Row, value: float | None, row: Row, lang: str) -> str:
    status = point["status"] if point["value"] is not None else None
    mark = text(f"plan.status.{status}", lang) if status not in (None, "A") else ""
    return text(
        key,
        lang,
        month=formats.month(point["month"], lang),
        value=words.amount(value, row, lang),
        mark=f"<br>{mark}" if mark else "",
    )


def _axis_unit(row: Row) -> str | None:
    """Measures go with each mark; a count's unit stands in title and labels already."""
    return row["unit"] if row["unit"] in {"%", *formats.MONEY, *formats.GIGABYTES} else None
