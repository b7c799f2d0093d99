"""A unit's home: what is due, its tasks and questions, its figures against its peers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from oneninex.core import formats
from oneninex.core.escape import html as escape
from oneninex.services import reviews
from oneninex.store import Snapshot
from oneninex.ui.case_actions import perform, show_outcome
from oneninex.ui.context import audience, lang, query, reader, snapshot, t
from oneninex.ui.filters import choice
from oneninex.ui.labels import names

_RATES = ("acceptance_rate", "first_pass_rate", "rework_rate", "gold_accuracy")
Row = Mapping[str, Any]


def my_unit() -> str:
    """The unit whose home is shown: the reader's own, or one that the planner chooses."""
    own = reader().unit_id
    if own:
        st.header(names("units").get(own, own), anchor=False)
        return own
    return choice("home", t("my_unit.unit"), names("units"))


def unit_summary(unit_id: str) -> str:
    """Say how many returns are missing and how many await a review."""
    states = query("returns_ledger", unit_id=unit_id).column("status").to_pylist()
    return t(
        "my_unit.summary",
        missing=states.count("missing"),
        waiting=states.count("awaiting_review"),
    )


def unit_due(unit_id: str) -> None:
    """Say what is missing and what is under review."""
    show_outcome()
    rows = query("returns_ledger", unit_id=unit_id).to_pylist()
    waiting = [row for row in rows if row["status"] in ("missing", "awaiting_review")]
    if not waiting:
        st.markdown(t("my_unit.nothing_due"))
        return
    lines = [
        t(f"my_unit.{row['status']}", kind=t(f"plan.kind.{row['kind']}"),
          month=formats.month(row["month"], lang()), due=formats.day(row["due_on"], lang()),
          days=row["days_late"])
        for row in sorted(waiting, key=lambda row: (row["due_on"], row["kind"]))
    ]  # fmt: skip
    st.markdown("\n".join(f"- {line}" for line in lines))


def unit_questions(unit_id: str) -> None:
    """Each question about the unit's figures, with 情况属实 and 更正."""
    rows = query("questions", unit_id=unit_id).to_pylist()
    if not rows:
        st.caption(t("my_unit.no_questions"))
    for row in rows:
        with st.container(border=True):
            st.markdown(_question(row))
            if row["answer"] == "stands":
                st.caption(t("my_unit.answered", reason=row["explanation"]))
                continue
            key = f"{row['question_id']}_{row['value']}"
            with st.form(f"explain_{key}", border=False):
                st.text_input(t("my_unit.reason"), key=f"why_{key}", max_chars=500)
                with st.container(horizontal=True):
                    for answer in reviews.ANSWERS:
                        st.form_submit_button(
                            t(f"review.answer.{answer}"),
                            key=f"answer_{answer}_{key}",
                            on_click=_explain,
                            args=(row["question_id"], answer, f"why_{key}"),
                        )


def unit_peers(unit_id: str) -> None:
    """The unit's figures of two months against the band of its peers, and what would move them."""
    months = [row["month"] for row in query("months").to_pylist() if not row["running"]]
    if not months:
        return
    shown = {f"{month:%Y-%m}": formats.month(month, lang()) for month in reversed(months)}
    codes = list(shown)
    with st.container(horizontal=True, key="unit_months"):
        newer = choice("newer", t("my_unit.month"), shown)
        older = choice("older", t("my_unit.against"), shown, default=codes[min(1, len(codes) - 1)])
    first, last = sorted(date.fromisoformat(f"{each}-01") for each in (newer, older))
    rows = query("unit_against_peers", unit_id=unit_id, from_month=first, to_month=last)
    st.html(_band_table(rows.to_pylist(), first, last))
    for line in unit_moves(rows.to_pylist(), last, lang()):
        st.markdown(f"- {line}")
    st.caption(t("my_unit.band_note"))
    about = (snapshot(), lang(), unit_id, first, last, audience())
    st.download_button(
        t("my_unit.sheet"),
        partial(_sheet, *about),
        file_name=f"{unit_id}-{last:%Y-%m}.docx",
        key="unit_sheet",
        icon=":material/description:",
        on_click="ignore",
    )


def unit_moves(rows: list[dict[str, Any]], month: date, language: str) -> list[str]:
    """What would bring the unit's rates of a month to the median of its peers."""
    from oneninex.briefing import unit_sheet

    return unit_sheet.moves(rows, month, language)


def _band_table(rows: list[dict[str, Any]], first: date, last: date) -> str:
    by_key = {(row["measure"], row["month"]): row for row in rows}
    measures = list(dict.fromkeys(row["measure"] for row in rows))
    heads = [t("my_unit.measure"), *(formats.month(m, lang()) for m in (first, last)),
             t("my_unit.band"), t("my_unit.stands")]  # fmt: skip
    lines = []
    for measure in measures:
        now, before = by_key.get((measure, last)), by_key.get((measure, first))
        band = _band(now, measure) if now else ""
        where = t(f"my_unit.stands_{now['stands']}") if now and now["stands"] else ""
        cells = [t(f"my_unit.measure_{measure}"), _value(before, measure), _value(now, measure),
                 band, where]  # fmt: skip
        lines.append("".join(f"<td>{escape(cell)}</td>" for cell in cells))
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return (
        f'<div class="tk"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _value(row: Row | None, measure: str) -> str:
    return _written(row["value"] if row else None, measure)


def _band(row: Row, measure: str) -> str:
    if row["low"] is None:
        return formats.missing(lang())
    low, high = _written(row["low"], measure), _written(row["high"], measure)
    return t("my_unit.from_to", low=low, high=high, peers=row["peers"])


def _written(value: float | None, measure: str) -> str:
    if value is None:
        return formats.missing(lang())
    return formats.percent(value, lang()) if measure in _RATES else formats.number(value, lang())


def _question(row: Row) -> str:
    where = formats.month(row["month"], lang()) if row["month"] else row["subject"]
    return t(
        "my_unit.question",
        where=where,
        measure=t(f"review.measure.{row['measure']}"),
        rule=t(f"my_unit.asked_{row['rule']}"),
        value=formats.number(row["value"], lang()),
        compared=formats.number(row["compared"], lang()),
        answer=t(f"review.answer.{row['answer'] or 'none'}"),
    )


def _explain(question_id: str, answer: str, key: str) -> None:
    reason = st.session_state.get(key, "")
    perform(
        partial(reviews.explain, question_id=question_id, answer=answer, reason=reason),
        t(f"review.answer.{answer}"),
    )


def _sheet(at: Snapshot, language: str, unit: str, first: date, last: date, who: str) -> bytes:
    from oneninex.briefing import letters, unit_sheet

    return letters.write(unit_sheet.sheet(at, language, unit, first, last, audience=who))
