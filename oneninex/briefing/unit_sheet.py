"""A unit's page of A4: what is due, its tasks and questions, its figures against its peers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from oneninex.briefing import letters
from oneninex.briefing.letters import Letter
from oneninex.briefing.model import Row
from oneninex.briefing.query_session import Asked
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.store import NotForAudience, Snapshot

RATES = ("acceptance_rate", "first_pass_rate", "rework_rate", "gold_accuracy")


def sheet(
    snapshot: Snapshot,
    lang: str,
    unit_id: str,
    first: date,
    last: date,
    *,
    audience: str = "planner",
) -> Letter:
    """Compose the page of a unit for two months, as an audience may see it."""
    asked = letters.session(snapshot, lang, audience)
    parts = [*_due(asked, unit_id), *_tasks(asked, unit_id), *_questions(asked, unit_id),
             *_figures(asked, unit_id, first, last)]  # fmt: skip
    return replace(
        letters.frame(asked),
        masthead=text("my_unit.sheet_head", lang),
        title=asked.unit_name(unit_id),
        number=formats.month(last, lang),
        paragraphs=tuple(parts),
    )


def moves(rows: list[Row], month: date, lang: str) -> list[str]:
    """Say what would bring the rates of a month to the median of the peers."""
    return [
        text(
            "my_unit.move",
            lang,
            measure=text(f"my_unit.measure_{row['measure']}", lang),
            middle=formats.percent(row["middle"], lang),
            items=formats.number(row["items_needed"], lang),
        )
        for row in rows
        if row["month"] == month and row["items_needed"]
    ]


def _due(asked: Asked, unit_id: str) -> list[tuple[str, str]]:
    lang = asked.lang
    rows = asked("returns_ledger", "month", "kind", unit_id=unit_id).rows
    said = [
        text(f"my_unit.{row['status']}", lang, kind=text(f"plan.kind.{row['kind']}", lang),
             month=formats.month(row["month"], lang), due=formats.day(row["due_on"], lang),
             days=row["days_late"])
        for row in rows
        if row["status"] in ("missing", "awaiting_review")
    ]  # fmt: skip
    return _part(asked, "due", said or [text("my_unit.nothing_due", lang)])


def _tasks(asked: Asked, unit_id: str) -> list[tuple[str, str]]:
    lang = asked.lang
    rows = asked("tasks", "id", unit_id=unit_id, standing="open").rows
    said = [
        text("briefing.digest.task", lang, id=row["id"], subject=row["subject"],
             due=formats.day(row["due_on"], lang), state=text(f"tasks.state.{row['state']}", lang))
        for row in rows
    ]  # fmt: skip
    return _part(asked, "tasks", said or [text("tasks.none", lang)])


def _questions(asked: Asked, unit_id: str) -> list[tuple[str, str]]:
    lang = asked.lang
    try:
        rows = asked("questions", "question_id", unit_id=unit_id).rows
    except NotForAudience:
        return []
    said = [
        text("my_unit.question", lang,
             where=formats.month(row["month"], lang) if row["month"] else row["subject"],
             measure=text(f"review.measure.{row['measure']}", lang),
             rule=text(f"my_unit.asked_{row['rule']}", lang),
             value=formats.number(row["value"], lang),
             compared=formats.number(row["compared"], lang),
             answer=text(f"review.answer.{row['answer'] or 'none'}", lang))
        for row in rows
    ]  # fmt: skip
    return _part(asked, "questions", said or [text("my_unit.no_questions", lang)])


def _figures(asked: Asked, unit_id: str, first: date, last: date) -> list[tuple[str, str]]:
    lang = asked.lang
    rows = asked("unit_against_peers", "measure", "month", unit_id=unit_id, from_month=first,
                 to_month=last).rows  # fmt: skip
    said = []
    for row in (row for row in rows if row["month"] == last):
        before = next(
            (r for r in rows if r["month"] == first and r["measure"] == row["measure"]), None
        )
        said.append(
            text(
                "my_unit.figure",
                lang,
                measure=text(f"my_unit.measure_{row['measure']}", lang),
                value=written(row["value"], row["measure"], lang),
                before=written(before["value"] if before else None, row["measure"], lang),
                first=formats.month(first, lang),
                low=written(row["low"], row["measure"], lang),
                high=written(row["high"], row["measure"], lang),
                stands=text(f"my_unit.stands_{row['stands'] or 'unknown'}", lang),
            )
        )
    return _part(asked, "figures", [*said, *moves(rows, last, lang)])


def written(value: float | None, measure: str, lang: str) -> str:
    """A figure of the band in words."""
    if value is None:
        return formats.missing(lang)
    return formats.percent(value, lang) if measure in RATES else formats.number(value, lang)


def _part(asked: Asked, name: str, lines: list[str]) -> list[tuple[str, str]]:
    return [(text(f"my_unit.part_{name}", asked.lang), ""), *(("", line) for line in lines)]
