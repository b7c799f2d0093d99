"""Review of returns on the page: the queue with its decisions, and the senders' scores."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from oneninex.core import formats, settings
from oneninex.core.escape import html as escape
from oneninex.domain.plan import Plan
from oneninex.figures.charts import returns_words as words
from oneninex.services import reviews
from oneninex.ui.case_actions import perform, show_outcome
from oneninex.ui.context import lang, query, reader, t
from oneninex.ui.filters import choice
from oneninex.ui.labels import names

STATES = ("awaiting", "accepted", "returned")
_COLUMNS = ("file", "kind", "unit", "months", "rows", "received_on", "reason")
_DIMENSIONS = ("normative", "complete", "accurate", "consistent", "timely", "accessible")
Row = Mapping[str, Any]


def review_queue() -> None:
    """Show the returns that await review, are accepted or returned; the planner decides here.

    A unit sees its own returns. Other readers see nothing.
    """
    if not (reader().sees_everything or reader().unit_id):
        return
    with st.container(border=True, key="figure_reviews"):
        st.subheader(t("review.title"), anchor="reviews")
        show_outcome()
        rows = _rows()
        counts = {state: len({row["id"] for row in rows[state]}) for state in STATES}
        st.markdown(_summary(counts))
        if any(counts.values()):
            shown = {state: t(f"review.count.{state}", count=counts[state]) for state in STATES}
            state = choice("review", t("review.column.state"), shown, style="segments")
            _returns(rows[state], state)
            if state == "awaiting" and reader().sees_everything:
                _decisions(rows[state])
        st.markdown(f"**{t('review.scores_title')}**")
        st.html(_score_table(query("sender_scores", unit_id=reader().unit_id).to_pylist()))
        st.caption(t("review.scores_note"))


def _rows() -> dict[str, list[dict[str, Any]]]:
    own = reader().unit_id
    return {
        state: query("return_reviews", state=state, unit_id=own).to_pylist() for state in STATES
    }


def _summary(counts: Mapping[str, int]) -> str:
    if any(counts.values()):
        return t("review.summary", **counts)
    rule = Plan.load(settings.load().plan).config.review.rule
    return t(f"review.none_{rule}")


def _returns(rows: list[dict[str, Any]], state: str) -> None:
    if not rows:
        st.caption(t("review.none_in_state"))
        return
    units = names("units")
    shown = _COLUMNS if state == "returned" else _COLUMNS[:-1]
    heads = [t(f"review.column.{name}") for name in shown]
    body = [
        [
            row["file"] or "",
            t(f"plan.kind.{row['kind']}"),
            units.get(row["unit_id"], row["unit_id"]) or t("review.several"),
            row["carried_months"].replace("|", " ") or formats.missing(lang()),
            formats.number(row["rows"], lang()),
            formats.day(row["received_on"], lang()),
            *([row["reason"] or ""] if state == "returned" else []),
        ]
        for row in rows
    ]
    st.html(_table(heads, body))


def _decisions(rows: list[dict[str, Any]]) -> None:
    """Accept one return or send it back with a reason."""
    by_id = {row["id"]: f"{row['file']}（{row['id']}）" for row in rows}
    if not by_id:
        return
    chosen = choice("return", t("review.choose"), by_id)
    with st.container(horizontal=True, key="review_actions"):
        st.button(
            t("review.do.accept"),
            key=f"review_accept_{chosen}",
            type="primary",
            on_click=_decide,
            args=("accepted", partial(reviews.accept, name=chosen)),
        )
        with (
            st.popover(t("review.do.return"), key=f"review_pop_{chosen}"),
            st.form(f"review_form_{chosen}", border=False),
        ):
            key = f"review_reason_{chosen}"
            st.text_area(t("review.column.reason"), key=key, max_chars=2000)
            st.form_submit_button(t("review.do.return"), on_click=_send_back, args=(chosen, key))


def _send_back(name: str, key: str) -> None:
    reason = st.session_state.get(key, "")
    _decide("returned", partial(reviews.send_back, name=name, reason=reason))


def _decide(state: str, act: Any) -> None:
    perform(act, t("review.done", state=t(f"review.state.{state}")))


def _score_table(rows: list[dict[str, Any]]) -> str:
    units = names("units")
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        found.setdefault(row["unit_id"], {})[row["dimension"]] = row
    heads = [t("review.column.unit"), *(t(f"review.dimension.{name}") for name in _DIMENSIONS)]
    body = [
        [units.get(unit, unit), *(words.score(scores.get(name), lang()) for name in _DIMENSIONS)]
        for unit, scores in found.items()
    ]
    return _table(heads, body)


def _table(heads: list[str], rows: list[list[str]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    body = "".join(f"<tr>{_cells(heads, row)}</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="tk tk-labelled">{table}</div>'


def _cells(heads: list[str], row: list[str]) -> str:
    """Cells that carry their heading, which a phone shows in front of each."""
    return "".join(
        f'<td data-label="{escape(head)}">{escape(cell)}</td>'
        for head, cell in zip(heads, row, strict=True)
    )
