"""The parts that every page is put together from: header, card, figure, state."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import pyarrow as pa
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from oneninex.core import formats
from oneninex.core.formats import Number
from oneninex.core.i18n import keys
from oneninex.figures.charts import caption
from oneninex.figures.charts.cards import Card
from oneninex.figures.charts.cards import html as cards_html
from oneninex.figures.charts.figure import Figure
from oneninex.ui import chart_component, events, filter_summary
from oneninex.ui.app_shell import ensure_frame
from oneninex.ui.context import asked, fragment, is_empty, lang, query, snapshot, t, theme
from oneninex.ui.coverage import Coverage, coverage_text
from oneninex.ui.provenance import how_made
from oneninex.ui.tables import table_with_files

State = Literal["no_rows", "missing", "not_stated", "suppressed", "waiting", "too_early"]
Against = Literal["year", "period"]
Earlier = Number | Literal["none", "suppressed"]
# Each state has a shape of its own, so that none depends on its colour.
_STATE_ICONS = {
    "no_rows": ":material/filter_alt_off:",
    "missing": ":material/hourglass_empty:",
    "not_stated": ":material/help_center:",
    "suppressed": ":material/lock:",
    "waiting": ":material/pending_actions:",
    "too_early": ":material/schedule:",
}
_ABSENT: dict[str, State] = {"C": "suppressed", "W": "waiting"}
_SEPARATOR = "  ·  "


def header(page: str) -> DeltaGenerator:
    """Draw the page's name; return the place for its answer in one or two sentences.

    Every page calls it first. Cut-off, coverage, snapshot and demo mark stand in the frame.
    """
    frame(page)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="heading"):
        st.title(t(f"common.page.{page}.title"), anchor=False, width="content")
        answer = st.container(key="answer", width="stretch")
        filter_summary.place()
    return answer


def frame(page: str) -> None:
    """Make sure that a page runs in its frame; an empty store ends it here, in words."""
    ensure_frame()
    if is_empty():
        st.title(t(f"common.page.{page}.title"), anchor=False)
    snapshot()


def source_line(
    coverage: Coverage | None = None, month: date | None = None, cutoff: date | None = None
) -> str:
    """Coverage, cut-off and status of a figure in one line.

    `month` is the newest month in the figure: while it is provisional, the line says so.
    `cutoff` is the day of a register; in a running month it is the newest day of the data.
    """
    cut_off = query("snapshot_info").column("cut_off")[0].as_py()
    if cutoff and not (cut_off and cutoff > cut_off and _running(cutoff)):
        cut_off = cutoff
    parts = [coverage_text(coverage)] if coverage else []
    if cut_off:
        parts.append(t("common.cut_off", day=formats.day(cut_off, lang())))
    if month and _provisional(month):
        parts.append(t("common.provisional_note", month=formats.month(month, lang())))
    return _SEPARATOR.join(parts)


def figure(
    title: str,
    fig: Figure | str,
    alt: str,
    table: pa.Table,
    *,
    query: str,
    coverage: Coverage | None = None,
    month: date | None = None,
    cutoff: date | None = None,
    titles: Mapping[str, str] | None = None,
    codes: Mapping[str, Mapping[str, str]] | None = None,
    key: str | None = None,
    note: str | None = None,
) -> None:
    """A chart with its takeaway, coverage, cut-off, status and the same data as a table.

    `fig` is a figure of plotly, or HTML whose texts are escaped already.
    `alt` is the one-sentence takeaway; `query` names the query the table comes from and, with
    `key` (default: the query), makes the widgets' keys.
    """
    name, parameters = key or query, dict(asked(query))
    explained = events.of_chart(fig, table, parameters.get("unit_id"))
    if explained and isinstance(fig, Figure):
        events.mark(fig, explained)
        table = events.in_table(table, explained)
    source = source_line(coverage, month, cutoff)
    above = caption.head(title, alt)
    below = caption.foot((source, note, events.in_words(explained) if explained else None))
    given = {"query": query, "key": name, "titles": titles, "codes": codes, "source": source}
    with st.container(border=True, key=f"figure_{name}"):
        if not table.num_rows:
            st.html(above)
            state("no_rows")
            told = chart_component.told(None, below=below)
        elif isinstance(fig, str):
            told = chart_component.told(None, above=above + fig, below=below)
        else:
            told = chart_component.told(fig, spoken(alt), above, below)
        _figure(told, table, given, parameters, month)


@fragment
def _figure(
    told: bytes,
    table: pa.Table,
    given: Mapping[str, Any],
    parameters: Mapping[str, Any],
    month: date | None,
) -> None:
    """A figure and what is folded under it: who opens that has no more of the page drawn."""
    data, made = (
        chart_component.Part("data", t("common.show_table")),
        chart_component.Part("made", t("ui.made_title")),
    )
    opened = chart_component.show(told, given["key"], (data, made) if table.num_rows else (made,))
    if data.name in opened:
        st.markdown(f"**{t('ui.data_title')}**")
        table_with_files(table, **given)
    if made.name in opened:
        st.markdown(f"**{made.words}**")
        how_made(given["query"], given["key"], parameters, month)


def notes(*lines: str | None) -> None:
    """Small print, each line a paragraph; one element, since each costs the browser time."""
    st.caption("\n\n".join(line for line in lines if line))


def spoken(sentence: str) -> str:
    """A sentence without the signs of Markdown, which a screen reader would read out."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", sentence).replace("**", "")


def chart(fig: Figure, alt: str, key: str) -> None:
    """A figure of plotly alone, for a page that says everything else itself."""
    chart_component.draw(fig, alt, key)


def panel(
    title: str,
    draw: Callable[..., Figure | str],
    say: Callable[..., str],
    *given: Any,
    query: str,
    table: pa.Table | None = None,
    **more: Any,
) -> None:
    """A figure whose title is the message `title`, x_title, drawn and told from what is `given`.

    `draw` gets what is given, language and theme, `say` the same without the theme. The table
    is the first thing given, unless another is named; the message x_note stands below.
    """
    note = f"{title.removesuffix('_title')}_note"
    figure(
        t(title),
        draw(*given, lang(), theme()),
        say(*given, lang()),
        given[0] if table is None else table,
        query=query,
        **{"note": t(note) if note in keys(lang()) else None, **more},
    )


def cards(figures: Sequence[Card]) -> None:
    """Headline figures side by side."""
    st.html(cards_html(figures, lang(), theme()))


def metric_card(
    label: str,
    value: Number,
    *,
    unit: str | None = None,
    digits: int | None = None,
    year_before: Earlier = "none",
    period_before: Earlier = "none",
    said: Sequence[str] = (),
    rate: bool = False,
    better: str | None = "up",
    state: State | None = None,
    coverage: Coverage | None = None,
    note: str | None = None,
    help: str | None = None,
) -> None:
    """One number in large type with unit, 同比 / 环比 and coverage.

    `rate`: the value is a fraction and changes are in percentage points. `better`: up, down or
    None where neither is. `year_before`, `period_before`: the number to compare with (see
    `earlier`); None is one that was not reported, leaving it out shows no comparison. `said`
    takes the place of both, `state` the value's place.
    """
    bases: list[tuple[Any, Against]] = [(year_before, "year"), (period_before, "period")]
    changes = [
        _change(value, before, against, rate)
        for before, against in bases
        if before != "none" and state is None and not said
    ]
    written = formats.percent(value, lang(), 1 if digits is None else digits)
    if not rate:
        written = formats.number(value, lang(), digits=digits, unit=unit)
    direction = changes[0][1] if changes else 0
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(
            label,
            state_word(state) if state else written,
            delta=changes[0][0] if changes else None,
            delta_color=_colour(direction, better),
            delta_arrow=("off", "up", "down")[direction],
            help=help,
        )
        more = [words for words, _ in changes[1:]]
        for line in (
            *more,
            *(said if state is None else ()),
            note,
            coverage_text(coverage) if coverage else None,
        ):
            if line:
                st.caption(line)


def state(kind: State, words: str | None = None) -> None:
    """Say why there is nothing to see."""
    with st.container(border=True):
        st.markdown(f"{_STATE_ICONS[kind]} {words or t(f'ui.state.{kind}')}")


def absence(row: Mapping[str, Any]) -> State | None:
    """Return why a row with value and status has no value; None where it has one."""
    if row["value"] is not None:
        return None
    return _ABSENT.get(row["status"], "missing")


def earlier(row: Mapping[str, Any], name: Literal["year_before", "previous"]) -> Earlier:
    """The earlier value of a row of latest_indicators, or `suppressed`."""
    return "suppressed" if row[f"{name}_status"] == "C" else row[f"{name}_value"]


def state_word(kind: State) -> str:
    """The state as one word that can stand where a number would."""
    return t(f"ui.state_word.{kind}")


def _running(day: date) -> bool:
    """Check whether the month of a day is not over in the data."""
    month = day.replace(day=1)
    return any(row["running"] for row in query("months").to_pylist() if row["month"] == month)


def _provisional(month: date) -> bool:
    return any(row["provisional"] for row in query("months").to_pylist() if row["month"] == month)


def _change(value: Number, before: Any, against: Against, rate: bool) -> tuple[str, int]:
    """The change in words and its direction: 1 up, 2 (= last) down, 0 none."""
    if before == "suppressed":
        return t(f"ui.withheld_{against}_before"), 0
    if value is None or before is None:
        return t(f"ui.no_{against}_before"), 0
    difference = value - before
    if rate:
        key = "formats.against_year" if against == "year" else "formats.against_period"
        words = t(key, value=formats.points(difference, lang()))
    else:
        words = formats.change(value, before, lang(), against)
    known = rate or before > 0
    return words, (1 if difference > 0 else 2 if difference < 0 else 0) if known else 0


def _colour(direction: int, better: str | None) -> Literal["green", "red", "gray"]:
    if not direction or better is None:
        return "gray"
    return "green" if (direction == 1) == (better == "up") else "red"
