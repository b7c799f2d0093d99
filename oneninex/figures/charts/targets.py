"""Where the targets stand against the schedule, all at once (target_path: one by month).

Tables are those of targets_progress and target_states with their texts localised; `looks` is
light to colour, shape and word, as plan.toml has them.
"""

from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core import theme as palette
from oneninex.core.i18n import text
from oneninex.figures.charts import style
from oneninex.figures.charts import target_words as words
from oneninex.figures.charts.figure import Figure
from oneninex.figures.charts.target_words import Looks, Row

# Further to the right a bar says no more, and the others would shrink to nothing.
_WIDEST = 1.25
_ROW, _FRAME = 48, 56


def describe_states(states: pa.Table, targets: pa.Table, looks: Looks, lang: str) -> str:
    """How many targets are in each state, and which one most needs a decision."""
    counts = [
        text(
            "targets.summary_count",
            lang,
            word=words.state_word(row["state"], row["light"], looks, lang),
            count=row["targets"],
        )
        for row in states.to_pylist()
        if row["targets"]
    ]
    said = text(
        "targets.summary",
        lang,
        total=sum(states.column("targets").to_pylist()),
        counts=text("targets.summary_separator", lang).join(counts),
    )
    lagging = [row for row in targets.to_pylist() if row["light"] in ("red", "yellow")]
    if not lagging:
        return text("targets.summary_none", lang, counts=said)
    first = min(lagging, key=words.urgency)
    return text(
        "targets.summary_worst",
        lang,
        counts=said,
        title=words.title(first, lang),
        plan=text(f"targets.plan.{first['plan']}", lang),
        gap=words.gap_in_words(first, lang),
    )


def prorated(targets: pa.Table) -> pa.Table:
    """The targets whose done share can be held against the time share, most urgent first."""
    kept = [words.judged(row) and not words.as_it_stands(row) for row in targets.to_pylist()]
    return words.by_urgency(targets.filter(pa.array(kept, pa.bool_())))


def progress(targets: pa.Table, looks: Looks, lang: str, theme: str | None = None) -> Figure:
    """Done share of each target as a bar, the share of time passed as a mark on it."""
    rows = prorated(targets).to_pylist()[::-1]
    colours = palette.of(theme)
    fig = style.figure(lang, theme, height=_FRAME + _ROW * max(len(rows), 1))
    places = list(range(len(rows)))
    style.bars(
        fig,
        [max(0.0, min(row["done_share"], _WIDEST)) for row in rows],
        places,
        text("targets.done", lang),
        [words.colour(row["state"], row["light"], looks, colours.quiet) for row in rows],
        hover=[_progress_hover(row, looks, lang) for row in rows],
        horizontal=True,
        legend=False,
    )
    fig.update_traces(width=0.34, offset=-0.36)
    _time_marks(fig, rows, lang, colours)
    for place, row in zip(places, rows, strict=True):
        name = f"{words.sign(row['state'], row['light'], looks)} {words.title(row, lang)}"
        _row_text(fig, place, name, "left", colours.text)
        # The unit stands once, over the column: on a telephone there is no room for more.
        _row_text(fig, place, words.gap(row, lang).partition(" ")[0], "right", colours.text)
    widest = max([1.0, *(min(row["done_share"], _WIDEST) for row in rows)])
    marks = [0, 0.25, 0.5, 0.75, 1]
    labels = [formats.percent(mark, lang, 0) for mark in marks]
    fig.update_xaxes(range=[0, widest * 1.005], tickvals=marks, ticktext=labels, ticks="")
    fig.update_yaxes(visible=False, range=[-0.55, max(len(rows), 1) - 0.2])
    return fig


def describe_progress(targets: pa.Table, lang: str) -> str:
    """How many pro-rated targets have done at least the share of time passed, and the last one."""
    rows = prorated(targets).to_pylist()
    if not rows:
        return text("targets.progress_none", lang)
    ahead = sum(row["done_share"] >= row["time_share"] for row in rows)
    last = min(rows, key=lambda row: row["gap_pp"])
    key = "targets.progress_all" if ahead == len(rows) else "targets.progress_some"
    return text(
        key,
        lang,
        count=len(rows),
        ahead=ahead,
        title=words.title(last, lang),
        done=formats.percent(last["done_share"], lang),
        time=formats.percent(last["time_share"], lang),
        gap=words.gap(last, lang),
    )


def _progress_hover(row: Row, looks: Looks, lang: str) -> str:
    return text(
        "targets.progress_hover",
        lang,
        title=words.title(row, lang),
        state=words.state_word(row["state"], row["light"], looks, lang),
        value=words.value(row, lang),
        done=formats.percent(row["done_share"], lang),
        time=formats.percent(row["time_share"], lang),
        gap=words.gap(row, lang),
        standing=text("targets.separator", lang).join(words.standing(row, lang)),
    )


def _time_marks(fig: Figure, rows: list[Any], lang: str, colours: palette.Palette) -> None:
    """A short line across each bar; the word stands once, over the topmost."""
    fig.add_scatter(
        x=[row["time_share"] for row in rows],
        y=[place - 0.19 for place in range(len(rows))],
        mode="markers",
        name=text("targets.time", lang),
        marker={"symbol": "line-ns", "size": 10, "line": {"width": 3, "color": colours.text}},
        hoverinfo="skip",
        showlegend=False,
    )
    if rows:
        share = rows[-1]["time_share"]
        label = text("targets.time_mark", lang, share=formats.percent(share, lang))
        fig.add_annotation(
            x=share, y=1, yref="paper", text=label, showarrow=False, yanchor="bottom"
        )
        unit = text("targets.gap_column", lang)
        fig.add_annotation(
            x=1,
            y=1,
            xref="paper",
            yref="paper",
            text=unit,
            showarrow=False,
            xanchor="right",
            yanchor="bottom",
            font={"color": colours.quiet, "size": 13},
        )
        fig.update_layout(margin={"t": 30})


def _row_text(fig: Figure, place: int, words_: str, side: str, colour: str) -> None:
    fig.add_annotation(
        x=0 if side == "left" else 1,
        xref="paper",
        y=place + 0.02,
        text=words_,
        showarrow=False,
        xanchor=side,
        yanchor="bottom",
        font={"color": colour, "size": 14},
    )
