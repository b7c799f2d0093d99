"""Tasks on the page: the register, one task with its history, and what its reader may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from oneninex.core import formats, settings
from oneninex.core.escape import html as escape
from oneninex.domain import tasks as domain
from oneninex.domain.plan import Plan
from oneninex.services import tasks as service
from oneninex.store import Snapshot, Store
from oneninex.ui.app_shell import link
from oneninex.ui.case_actions import Act, perform, show_outcome
from oneninex.ui.components import state
from oneninex.ui.context import audience, lang, query, reader, snapshot, t
from oneninex.ui.filters import choice
from oneninex.ui.labels import names
from oneninex.ui.tables import data_table
from oneninex.ui.task_matters import Matter, matters

if TYPE_CHECKING:
    from oneninex.briefing.letters import Letter

_SHAPES = {"red": ("■", "bad"), "yellow": ("▲", "warning"), "green": ("●", "good")}
_COLUMNS = ("id", "subject", "owner", "due_on", "state", "condition")
Row = Mapping[str, Any]


def task_register() -> None:
    """Show the tasks that the reader sees, one of them in full, and for the planner a form."""
    show_outcome()
    rows = query("tasks").to_pylist()
    if reader().sees_everything:
        asked = st.session_state.get("matter") or st.query_params.get("matter", "free")
        with st.expander(
            t("tasks.open_title"), asked != "free", icon=":material/add_task:", key="task_open"
        ):
            _open_form()
    if not rows:
        state("no_rows", t("tasks.none"))
        return
    st.html(_table(rows))
    if not (reader().sees_everything or reader().unit_id):
        return
    options = {row["id"]: f"{row['id']} {row['subject']}" for row in rows}
    chosen = choice("task", t("tasks.choose"), options)
    _task(next(row for row in rows if row["id"] == chosen))


def case_headers() -> None:
    """Show an auditor who did what and when: the headers of the case log."""
    found = query("task_events")
    titles = {name: t(f"tasks.header.{name}") for name in found.column_names}
    data_table(found, query="task_events", key="case_headers", titles=titles)


def is_auditor() -> bool:
    """Whether the reader sees the case log's headers and no figure."""
    return reader().kind == "auditor"


def unit_tasks(unit_id: str) -> None:
    """Show the open tasks of one unit."""
    rows = query("tasks", unit_id=unit_id, standing="open").to_pylist()
    if rows:
        st.html(_table(rows))
    else:
        st.caption(t("tasks.none"))


def task_link(*matter: str) -> None:
    """Lead the planner to the form that opens a task about a matter: kind and id, or any."""
    if reader().sees_everything:
        link("tasks", t("tasks.open_title"), {"matter": ".".join(matter) or "free"})


def task_summary() -> str:
    """Say how many tasks are open, by state."""
    open_rows = query("tasks", standing="open").to_pylist()
    counts = {name: sum(row["state"] == name for row in open_rows) for name in domain.STATES}
    parts = [
        t("tasks.count", state=t(f"tasks.state.{name}"), count=count)
        for name, count in counts.items()
        if count
    ]
    return t("tasks.summary", count=len(open_rows), parts=formats.listing(parts, lang()))


def _table(rows: list[dict[str, Any]]) -> str:
    heads = "".join(f"<th>{escape(t(f'tasks.column.{name}'))}</th>" for name in _COLUMNS)
    body = "".join(f"<tr>{_cells(row)}</tr>" for row in rows)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="tk">{table}</div>'


def _cells(row: Row) -> str:
    shape, colour = _SHAPES[row["light"]]
    words = t(f"tasks.state.{row['state']}")
    if row["overdue_days"]:
        words = t("tasks.overdue_by", days=row["overdue_days"])
    met = {True: "met", False: "not_met", None: "none"}[row["condition_met"]]
    shown = {
        "id": escape(row["id"]),
        "subject": escape(row["subject"]),
        "owner": escape(row[f"owner_{lang()}"] or row["owner"]),
        "due_on": escape(formats.day(row["due_on"], lang())),
        "state": f'<i class="tk-{colour}" aria-hidden="true">{shape}</i> {escape(words)}',
        "condition": escape(t(f"tasks.condition.{met}")),
    }
    return "".join(f'<td class="tk-{name}">{shown[name]}</td>' for name in _COLUMNS)


def _task(row: Row) -> None:
    with st.container(border=True, key="task_one"):
        st.subheader(f"{row['id']} {row['subject']}", anchor=False)
        for name in ("figure", "requirement", "reply", "reason"):
            if row[name]:
                st.text(f"{t(f'tasks.field.{name}')}{row[name]}")
        with st.container(horizontal=True, key="task_actions"):
            _actions(row)
            _letter(row)
        events = query("task_events", task_id=row["id"]).to_pylist()
        st.html(_history(events))


def _history(events: list[dict[str, Any]]) -> str:
    zone = Plan.load(settings.load().plan).config.zone
    lines = []
    for each in events:
        at = each["recorded_at"].replace(tzinfo=UTC).astimezone(zone)
        who = _who(each["audience"])
        words = each["text"] or ""
        if each["until"]:
            words = f"{formats.day(each['until'], lang())} {words}"
        said = t(f"tasks.event.{each['event']}")
        told = escape(f"{who} {said} {words}")
        lines.append(f"<li><b>{at:%Y-%m-%d %H:%M}</b> {told}</li>")
    return f'<ol class="tk-log">{"".join(lines)}</ol>'


def _who(word: str) -> str:
    kind, _, unit = word.partition(":")
    return names("units").get(unit, unit) if unit else t(f"tasks.audience.{kind}")


def _actions(row: Row) -> None:
    """One control for each event that may follow and that the reader may add."""
    follow = {event for stage, event in domain.TRANSITIONS if stage == row["stage"]}
    if row["asked_until"] is None:
        follow -= {"grant", "refuse"}
    elif "extend" in follow:
        follow.discard("extend")
    planner, own = reader().sees_everything, reader().unit_id == row["owner"]
    for event in domain.EVENTS:
        if event in follow and (planner or (own and event in domain.OF_OWNER)):
            _action(row, event)


def _action(row: Row, event: str) -> None:
    key = f"{row['id']}_{event}_{row['events']}"
    words = t(f"tasks.do.{event}")
    unmet = event in ("accept", "close") and row["condition_met"] is False
    if event in ("sign", "accept", "grant"):
        st.button(words, key=f"task_do_{key}", on_click=_do, args=(row, event, key), disabled=unmet,
                  help=t("tasks.unmet") if unmet else None)  # fmt: skip
        return
    with st.popover(words, key=f"task_pop_{key}", disabled=unmet), st.form(f"task_form_{key}"):
        st.text_area(t("tasks.words"), key=f"task_words_{key}", max_chars=4000)
        if event == "reply":
            st.number_input(t("tasks.value"), value=None, key=f"task_value_{key}")
        if event == "extend":
            later = row["due_on"] + timedelta(days=7)
            st.date_input(t("tasks.until"), later, key=f"task_until_{key}", format="YYYY-MM-DD")
        st.form_submit_button(words, on_click=_do, args=(row, event, key))


def _do(row: Row, event: str, key: str) -> None:
    """Add an event to a task as the reader saw it; what became of it is said on the next run."""
    given = st.session_state
    words = given.get(f"task_words_{key}", "")
    until: date | None = given.get(f"task_until_{key}")
    body = {
        "text" if event == "reply" else "reason": words,
        "value": given.get(f"task_value_{key}"),
        "until": until.isoformat() if until else None,
    }
    act = partial(service.act, task_id=row["id"], event=event, seen=row["events"], **body)
    _perform(event, act)


def _perform(event: str, act: Act) -> None:
    perform(act, t("tasks.done", event=t(f"tasks.event.{event}")))


def _letter(row: Row) -> None:
    """The 督办单 as a document and as text to paste."""
    about = (snapshot(), lang(), row["id"], audience())
    st.download_button(
        t("tasks.letter_file"),
        partial(_letter_bytes, *about),
        file_name=f"{row['id']}.docx",
        key="task_letter",
        on_click="ignore",
    )
    with st.popover(t("tasks.letter_text"), key="task_letter_text"):
        from oneninex.briefing import letters

        made = letters.task_letter(snapshot(), lang(), row["id"], audience=audience())
        st.code(made.as_text(), language=None, wrap_lines=True)


def _letter_bytes(at: Snapshot, language: str, task_id: str, who: str) -> bytes:
    from oneninex.briefing import letters  # its library is loaded by whoever asks for a letter

    return letters.write(letters.task_letter(at, language, task_id, audience=who))


def _open_form() -> None:
    """Open a task about a target, an overdue return, a question, or a free matter."""
    found = matters()
    source = choice("matter", t("tasks.source"), {key: each.label for key, each in found.items()})
    matter = found[source]
    if matter.figure:
        st.caption(f"{t('tasks.field.figure')}{matter.figure}")
    with st.form(f"task_new_{source}", border=False):
        st.text_input(
            t("tasks.column.subject"),
            matter.subject,
            key=f"new_subject_{source}",
            max_chars=200,
        )
        with st.container(horizontal=True):
            _office_inputs(f"new_{source}", matter.owner, ())
            st.number_input(t("tasks.days"), 1, 500, domain.DAYS_TO_DO, key=f"new_days_{source}")
        st.text_area(t("tasks.requirement"), key=f"new_requirement_{source}", max_chars=4000)
        st.form_submit_button(
            t("tasks.do.open"), type="primary", on_click=_open, args=(source, matter)
        )


def _open(source: str, matter: Matter) -> None:
    given = st.session_state

    def act(store: Store, plan: Plan, actor: Any) -> None:
        service.open_task(
            store,
            plan,
            actor,
            subject=given[f"new_subject_{source}"],
            owner=given[f"lead_new_{source}"] or "",
            supporting=tuple(given[f"supporting_new_{source}"]),
            working_days=int(given[f"new_days_{source}"]),
            requirement=given[f"new_requirement_{source}"],
            figure=matter.figure,
            matter=matter.kind,
            ref=matter.ref,
            condition=matter.condition,
        )

    _perform("open", act)


def offices_form(target: Row) -> None:
    """Let the planner say who leads and who supports a target; kept in the case log."""
    if not reader().sees_everything:
        return
    name = target["target_id"]
    with (
        st.popover(t("tasks.offices_title"), key=f"offices_{name}"),
        st.form(f"offices_form_{name}"),
    ):
        supporting = (target["supporting_office_ids"] or "").split("|")
        _office_inputs(name, target["lead_office_id"] or "", supporting)
        st.caption(t("tasks.offices_note"))
        st.form_submit_button(t("tasks.offices_save"), on_click=_assign, args=(name,))


def _assign(name: str) -> None:
    lead, supporting = st.session_state[f"lead_{name}"], st.session_state[f"supporting_{name}"]
    act = partial(
        service.set_offices, target_id=name, lead=lead or "", supporting=tuple(supporting)
    )
    perform(act, t("tasks.offices_done"))


def _office_inputs(name: str, lead: str, supporting: Sequence[str]) -> None:
    """Two inputs, `lead_NAME` and `supporting_NAME`, over the plan's offices and units."""
    offices = {row["office_id"]: row[f"name_{lang()}"] for row in query("offices").to_pylist()}
    codes = list(offices)
    st.selectbox(
        t("tasks.column.owner"),
        codes,
        codes.index(lead) if lead in codes else None,
        format_func=offices.__getitem__,
        key=f"lead_{name}",
    )
    st.multiselect(
        t("tasks.column.supporting"),
        codes,
        [code for code in supporting if code in codes],
        format_func=offices.__getitem__,
        key=f"supporting_{name}",
    )


def reminder_box() -> None:
    """Offer the planner the 催报函 to each unit with overdue returns, as document and as text."""
    if not reader().sees_everything:
        return
    overdue = [
        r["unit_id"] for r in query("returns_ledger").to_pylist() if r["status"] == "missing"
    ]
    if not overdue:
        return
    units = names("units")
    shown = {
        unit: t("tasks.reminder_choice", unit=units.get(unit, unit), count=overdue.count(unit))
        for unit in sorted(set(overdue))
    }
    with st.container(horizontal=True, vertical_alignment="bottom", key="reminder"):
        unit = choice("remind", t("tasks.reminder_unit"), shown)
        about = (snapshot(), lang(), unit, audience())
        st.download_button(
            t("tasks.reminder_file"),
            partial(_reminder_bytes, *about),
            file_name=f"{unit}.docx",
            key="reminder_file",
            on_click="ignore",
        )
        with st.popover(t("tasks.reminder_text"), key="reminder_text"):
            st.code(_reminder(*about).as_text(), language=None, wrap_lines=True)


def _reminder(at: Snapshot, language: str, unit: str, who: str) -> Letter:
    from oneninex.briefing import letters

    plan = Plan.load(settings.load().plan)
    return letters.reminder(at, plan, language, unit, audience=who)


def _reminder_bytes(at: Snapshot, language: str, unit: str, who: str) -> bytes:
    from oneninex.briefing import letters

    return letters.write(_reminder(at, language, unit, who))
