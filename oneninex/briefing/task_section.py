"""Tasks in the briefing: what is being followed up, and what became of what was opened before."""

from __future__ import annotations

from datetime import date

from oneninex.briefing import phrases
from oneninex.briefing.model import Figure, Row, Section, Sentence
from oneninex.briefing.phrases import Phrase
from oneninex.briefing.query_session import Answer, Asked
from oneninex.core import formats
from oneninex.core.i18n import text

_MOST = 8  # tasks that are named one by one
_ORDER = ("overdue", "due_soon", "replied", "unsigned", "in_progress", "closed")


def tasks(asked: Asked) -> Section:
    """督办事项: what was opened since the month ended and is not closed."""
    found = [row for row in _answer(asked).rows if row["opened_on"] >= _after(asked.month)]
    return _section(asked, "tasks", [row for row in found if row["stage"] != "closed"])


def earlier_tasks(asked: Asked) -> Section:
    """上期事项办理情况: opened before the month ended, and open or closed since it began."""
    found = [row for row in _answer(asked).rows if row["opened_on"] < _after(asked.month)]
    still = [row for row in found if not row["closed_on"] or row["closed_on"] >= asked.month]
    return _section(asked, "earlier_tasks", still)


def _answer(asked: Asked) -> Answer:
    return asked("tasks", "id")


def _after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _section(asked: Asked, key: str, rows: list[Row]) -> Section:
    lang = asked.lang
    title = text(f"briefing.section.{key}", lang)
    if not rows:
        return Section(key, title, ())
    ordered = sorted(rows, key=lambda row: (_ORDER.index(row["state"]), row["due_on"], row["id"]))
    said = [_summary(asked, key, rows), *(_task(asked, row) for row in ordered[:_MOST])]
    if more := ordered[_MOST:]:
        said.append(phrases.sentence("tasks_more", lang, count=_count(asked, more)))
    return Section(key, title, tuple(said))


def _summary(asked: Asked, key: str, rows: list[Row]) -> Sentence:
    lang = asked.lang
    day = formats.day(rows[0]["as_at_day"], lang)
    answer = _answer(asked)
    parts = []
    for state in reversed(_ORDER):
        those = [row for row in rows if row["state"] == state]
        if those:
            count = _count(asked, those)
            word = text(f"tasks.state.{state}", lang)
            said = text("briefing.task_count", lang, state=word, count=count.text)
            parts.append(Phrase(said, count.figures))
    return phrases.sentence(
        key,
        lang,
        day=Phrase(day, (Figure(day, "day", (answer.cell(rows[0], "as_at_day"),)),)),
        count=_count(asked, rows),
        parts=phrases.joined(parts, lang),
    )


def _count(asked: Asked, rows: list[Row]) -> Phrase:
    words = formats.number(len(rows), asked.lang)
    cells = tuple(_answer(asked).cell(row, "state") for row in rows)
    return Phrase(words, (Figure(words, "rows", cells),))


def _task(asked: Asked, row: Row) -> Sentence:
    """One task: what, who leads, until when, where it stands."""
    lang, answer = asked.lang, _answer(asked)
    due = formats.day(row["due_on"], lang)
    state = text(f"tasks.state.{row['state']}", lang)
    stands = Phrase(state)
    if row["overdue_days"]:
        days = phrases.plain(answer, row, "overdue_days", lang)
        stands = Phrase(text("briefing.task_overdue", lang, days=days.text), days.figures)
    if row["condition_met"] is not None:
        met = text(f"tasks.condition.{'met' if row['condition_met'] else 'not_met'}", lang)
        stands = phrases.joined([stands, Phrase(met)], lang)
    return phrases.sentence(
        "task",
        lang,
        light=row["light"] if row["light"] != "green" else "",
        subject=_words(answer, row, "subject", row["subject"]),
        owner=_words(answer, row, "owner", row["owner_name"] or row["owner"]),
        due=Phrase(due, (Figure(due, "day", (answer.cell(row, "due_on"),)),)),
        state=stands,
    )


def _words(answer: Answer, row: Row, column: str, words: str) -> Phrase:
    return Phrase(words, (Figure(words, "name", (answer.cell(row, column),)),))
