"""The wallboard: ?view=wall fills the screen, turns its pages by itself and has no controls."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable

import streamlit as st
from streamlit.components.v2 import component

from oneninex.briefing import Briefing
from oneninex.briefing import svg as pictures
from oneninex.core.escape import html as escape
from oneninex.core.settings import ROOT
from oneninex.domain.audience import Audience
from oneninex.ui import context, session
from oneninex.ui.briefing import briefing_of
from oneninex.ui.context import is_empty, t
from oneninex.ui.filters import newest_month

SECONDS = 20
_MOST = 6  # lines on one page that can be read from five metres
_MONTHS = 9
# A browser that shows one page for weeks: it starts afresh four times a day, and only while the
# server answers, for a failed load would never try again.
_RELOAD = component(
    "wall_reload",
    js="""export default ({ data }) => {
      if (window.__wall) return;
      window.__wall = setInterval(
        () => fetch(data.health).then((answer) => answer.ok && location.reload()).catch(() => {}),
        data.hours * 3600000
      );
    }""",
)
_HOURS = 6


def is_wall() -> bool:
    """Whether the address asks for the wallboard and may have it; others come to the door."""
    return st.query_params.get("view") == "wall" and isinstance(session.reader(), Audience)


def wall() -> None:
    """Show the pages in turn; a new snapshot is taken up with the next one."""
    st.html(ROOT / "static" / "wall.css")
    _RELOAD(data={"health": "_stcore/health", "hours": _HOURS}, key="wall_reload")
    _turning()


@st.fragment(run_every=SECONDS)
def _turning() -> None:
    """One page, chosen by the clock, so that several screens show the same."""
    context.pin()
    with context.guard():
        if is_empty():
            st.html(_page(t("common.empty_store"), "", ""))
            return
        content = briefing_of(newest_month())
        shown = slides(content)
        st.html(shown[int(time.time() // SECONDS) % len(shown)])


def slides(content: Briefing) -> list[str]:
    """Every page of the wallboard as HTML."""
    return [slide for make in _SLIDES if (slide := make(content))]


def _page(title: str, body: str, foot: str, demo: str = "") -> str:
    mark = f'<p class="wall-demo">{escape(demo)}</p>' if demo else ""
    return (
        f'<section class="wall">{mark}<h1>{escape(title)}</h1>'
        f'<div class="wall-body">{body}</div><footer>{escape(foot)}</footer></section>'
    )


def _framed(content: Briefing, title: str, body: str) -> str:
    return _page(title, body, content.words["vintage"], content.words["demo"])


def _figures(content: Briefing) -> str:
    cards = "".join(
        f'<article><h2>{escape(card.label)}</h2><p class="wall-value">{escape(card.value)}</p>'
        + "".join(f"<p>{escape(line)}</p>" for line in card.lines)
        + "</article>"
        for card in content.cards
    )
    return _framed(content, content.words["title"], f'<div class="wall-cards">{cards}</div>')


def _trend(content: Briefing) -> str:
    """Columns of the last months; a missing month has none and says so."""
    chart = content.charts.get("trend")
    if chart is None:
        return ""
    values = chart.series[0].values[-_MONTHS:]
    top = max((value or 0 for value in values), default=0) or 1
    columns = []
    for month, value in zip(chart.categories[-_MONTHS:], values, strict=True):
        told = content.words["missing_mark"] if value is None else pictures.written(value, chart)
        tall = 0 if value is None else 100 * value / top
        columns.append(
            f'<div class="wall-column"><span>{escape(told)}</span>'
            f'<i style="height:{tall * 0.46:.1f}vh"></i><span>{escape(month[2:])}</span></div>'
        )
    return _framed(content, chart.title, f'<div class="wall-columns">{"".join(columns)}</div>')


def _targets(content: Briefing) -> str:
    """The targets that need a decision first: sign, name, value, gap."""
    table = content.tables["targets"]
    lines = []
    for row, light in list(zip(table.rows, table.lights, strict=True))[:_MOST]:
        colour = content.looks[light]["colour"] if light else "inherit"
        lines.append(
            f'<tr><td style="color:{escape(colour)}">{escape(row[0])}</td>'
            f"<td>{escape(row[1])}</td><td>{escape(row[2])}</td><td>{escape(row[4])}</td></tr>"
        )
    return _framed(content, table.title, f"<table>{''.join(lines)}</table>")


def _map(content: Briefing) -> str:
    # As a picture, for what is written into the page itself loses its drawings.
    svg = pictures.unit_map(content.map, "sans-serif", ids=True).encode()
    source = f"data:image/svg+xml;base64,{b64encode(svg).decode()}"
    drawn = f'<img src="{source}" alt="{escape(content.words["map_title"])}">'
    listed = "".join(
        f"<tr><td>{escape(place.unit_id)}</td><td>{escape(place.name)}</td>"
        f"<td>{escape(place.written)}</td></tr>"
        for place in sorted(content.places, key=lambda place: place.unit_id)
    )
    body = f'<div class="wall-map">{drawn}<table>{listed}</table></div>'
    return _framed(content, content.words["map_title"], body)


def _decisions(content: Briefing) -> str:
    section = content.section("decisions")
    if section is None:
        return ""
    lines = "".join(f"<li>{escape(each.text)}</li>" for each in section.sentences[:4])
    return _framed(content, section.title, f"<ol>{lines}</ol>")


_SLIDES: tuple[Callable[[Briefing], str], ...] = (_figures, _trend, _targets, _map, _decisions)
