"""Official letters of one task or unit: 督办单 and 催报函, as text and in the layout of GB/T 9704.

The same snapshot and position in the case log give the same letter, to the byte.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from oneninex.briefing import docx
from oneninex.briefing.docx_parts import border, fonts_of, page_number, plain_styles, run
from oneninex.briefing.model import Row
from oneninex.briefing.query_session import Asked
from oneninex.briefing.reproducible_zip import settled
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.domain.analytics import workdays
from oneninex.domain.plan import Plan
from oneninex.store import Snapshot, Store, StoreError

DAYS_TO_SEND = 3  # working days that a reminder gives
_FIELDS = ("subject", "lead", "supporting", "figure", "requirement", "due", "condition", "state")


@dataclass(frozen=True)
class Letter:
    """One letter: what frames it, and its paragraphs as (heading or "", text)."""

    lang: str
    masthead: str
    number: str
    title: str
    addressee: str
    paragraphs: tuple[tuple[str, str], ...]
    closing: str
    day: str
    note: str  # fonts, source
    mark: str  # of demo data
    made_at: datetime

    def as_text(self) -> str:
        """The letter to paste into a message."""
        indent = "\u3000\u3000" if self.lang == "zh" else ""
        lines = [self.mark, self.masthead, self.number, self.title, self.addressee]
        for heading, words in self.paragraphs:
            lines.append(indent + (f"{heading}{words}" if heading else words))
        lines += [indent + self.closing, self.day, self.note]
        return "\n".join(line for line in lines if line.strip()) + "\n"


def task_letter(
    snapshot: Snapshot, lang: str, task_id: str, *, audience: str = "planner"
) -> Letter:
    """Write the 督办单 of a task; StoreError where the audience sees no such task."""
    asked = session(snapshot, lang, audience)
    row = asked("tasks", "id").row(task_id)
    if row is None:
        raise StoreError("tasks.refused.unknown", id=task_id)
    names = {each["office_id"]: each["name"] for each in asked("offices", "office_id").rows}
    values = _task_values(row, names, lang)
    paragraphs = [
        (text(f"tasks.letter.{name}", lang), values[name]) for name in _FIELDS if values[name]
    ]
    year, _, number = task_id.removeprefix("D").partition("-")
    return replace(
        frame(asked),
        masthead=text("tasks.letter.masthead", lang),
        number=text("tasks.letter.number", lang, year=year, number=number.lstrip("0")),
        title=text("tasks.letter.title", lang, subject=row["subject"]),
        addressee=text("tasks.letter.to", lang, name=names.get(row["owner"], row["owner"])),
        paragraphs=(("", text("tasks.letter.opening", lang)), *paragraphs),
        closing=text("tasks.letter.closing", lang, due=formats.day(row["due_on"], lang)),
    )


def reminder(
    snapshot: Snapshot, plan: Plan, lang: str, unit_id: str, *, audience: str = "planner"
) -> Letter:
    """Write the 催报函 to a unit; StoreError where no return of it is overdue."""
    asked = session(snapshot, lang, audience)
    found = asked("returns_ledger", "month", "unit_id", "kind", unit_id=unit_id).rows
    missing = [row for row in found if row["status"] == "missing"]
    if not missing:
        raise StoreError("tasks.refused.nothing_missing", unit=unit_id)
    today = _today(asked)
    until = workdays.shift(today, DAYS_TO_SEND, plan.holidays)
    items = [("", _overdue(row, number, lang)) for number, row in enumerate(missing, 1)]
    opening = text("tasks.reminder.opening", lang, day=formats.day(today, lang), count=len(missing))
    asking = text("tasks.reminder.asking", lang, until=formats.day(until, lang))
    return replace(
        frame(asked),
        masthead=text("tasks.reminder.masthead", lang),
        title=text("tasks.reminder.title", lang),
        addressee=text("tasks.letter.to", lang, name=asked.unit_name(unit_id)),
        paragraphs=(("", opening), *items, ("", asking)),
        closing=text("tasks.reminder.closing", lang),
    )


def _overdue(row: Row, number: int, lang: str) -> str:
    return text(
        "tasks.reminder.item",
        lang,
        number=number,
        month=formats.month(row["month"], lang),
        kind=text(f"plan.kind.{row['kind']}", lang),
        due=formats.day(row["due_on"], lang),
        days=row["days_late"],
    )


def write(letter: Letter) -> bytes:
    """The letter as a Word document in GB/T 9704; the same letter gives the same bytes."""
    word = Document()
    plain_styles(word, letter.lang)
    docx.set_page(word, letter.lang, letter.mark)
    for footer, side in _footers(word):
        page_number(footer.paragraphs[0], side, letter.lang)
    lang, body = letter.lang, docx.SIZES["body"] if letter.lang == "zh" else 12
    head = _line(word, WD_ALIGN_PARAGRAPH.CENTER)
    run(head, letter.masthead, "song", docx.SIZES["masthead"], lang, docx.RED, bold=lang == "en")
    head.paragraph_format.line_spacing = None
    number = _line(word, WD_ALIGN_PARAGRAPH.CENTER)
    run(number, letter.number, "fang", body, lang)
    border(number, "bottom", "D00000", 18)
    title = _line(word, WD_ALIGN_PARAGRAPH.CENTER)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(14)
    title.paragraph_format.line_spacing = None
    run(title, letter.title, "song", docx.SIZES["title"], lang, bold=lang == "en")
    run(_line(word, WD_ALIGN_PARAGRAPH.LEFT), letter.addressee, "fang", body, lang)
    for heading, words in (*letter.paragraphs, ("", letter.closing)):
        line = _line(word, WD_ALIGN_PARAGRAPH.JUSTIFY)
        line.paragraph_format.first_line_indent = Pt(2 * body) if lang == "zh" else Pt(0)
        if heading:
            run(line, heading, "hei", body, lang, bold=lang == "en")
        run(line, words, "fang", body, lang)
    signed = _line(word, WD_ALIGN_PARAGRAPH.RIGHT)
    signed.paragraph_format.space_before = docx.LINE
    signed.paragraph_format.right_indent = Pt(4 * body)
    run(signed, letter.day, "fang", body, lang)
    note = word.add_paragraph()
    run(note, letter.note, "fang", docx.SIZES["small"], lang)
    border(note, "top", "000000", 6)
    about = word.core_properties
    about.title, about.subject = letter.title, letter.number
    about.author = about.last_modified_by = "OneNineX"
    about.language = {"zh": "zh-CN", "en": "en-GB"}[lang]
    about.comments = fonts_of(lang)
    about.created = about.modified = letter.made_at.replace(tzinfo=None)
    out = io.BytesIO()
    word.save(out)
    return settled(out.getvalue(), letter.made_at)


def _footers(word: Word) -> list[tuple[Any, str]]:
    section = word.sections[0]
    return [(section.footer, "right"), (section.even_page_footer, "left")]


def _line(word: Word, alignment: WD_ALIGN_PARAGRAPH) -> Paragraph:
    line = word.add_paragraph()
    line.alignment = alignment
    line.paragraph_format.line_spacing = docx.LINE
    return line


def session(snapshot: Snapshot, lang: str, audience: str) -> Asked:
    """Return the questions to one snapshot with one position in the case log."""
    pinned = Store(snapshot.manifest_path.parent.parent).pinned(snapshot)
    return Asked(pinned, audience, lang, date.min)


def _today(asked: Asked) -> date:
    return asked("case_position", "position").rows[0]["today"]


def frame(asked: Asked) -> Letter:
    """Return a letter without words, with its day, source and mark."""
    lang, snapshot = asked.lang, asked.snapshot
    info = asked("snapshot_info", "snapshot").rows[0]
    made = snapshot.created_at.astimezone(ZoneInfo(info["timezone"]))
    source = text("tasks.letter.source", lang, snapshot=f"{snapshot.id}+{snapshot.cases}",
                  cut_off=formats.day(info["cut_off"], lang))  # fmt: skip
    fonts = text("briefing.frame.fonts", lang)
    return Letter(
        lang=lang,
        masthead="",
        number="",
        title="",
        addressee="",
        paragraphs=(),
        closing="",
        day=formats.day(_today(asked), lang),
        note=f"{source}{'' if lang == 'zh' else ' '}{fonts}",
        mark=text("briefing.frame.demo", lang) if info["demo"] else "",
        made_at=made,
    )


def _task_values(row: Row, names: dict[str, str], lang: str) -> dict[str, str]:
    supporting = [names.get(each) or each for each in row["supporting"].split("|") if each]
    met = {True: "met", False: "not_met", None: "none"}[row["condition_met"]]
    return {
        "subject": row["subject"],
        "lead": names.get(row["owner"]) or row["owner"],
        "supporting": formats.listing(supporting, lang),
        "figure": row["figure"] or "",
        "requirement": row["requirement"] or "",
        "due": formats.day(row["due_on"], lang),
        "condition": text(f"tasks.condition.{met}", lang) if row["condition_kind"] else "",
        "state": text(f"tasks.state.{row['state']}", lang),
    }
