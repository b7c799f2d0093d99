"""Targets by 序时进度 and what needs a decision: sentences, and the red-amber-green table."""

from __future__ import annotations

from itertools import groupby

from oneninex.briefing import phrases, sections
from oneninex.briefing.model import Cell, Figure, Row, Section, Sentence, Table
from oneninex.briefing.phrases import Phrase
from oneninex.briefing.query_session import Answer, Asked
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.figures.charts import target_words
from oneninex.figures.charts.target_words import Looks

COLUMNS = ("light", "target", "value", "progress", "gap", "office", "next")
SHARES = (14, 27, 12, 14, 13, 11, 19)
_BEHIND = ("far_behind", "behind")


def answer(asked: Asked) -> Answer:
    """Every target as at the month."""
    return asked.at_month("targets_progress", "target_id")


def outlooks(asked: Asked) -> Answer:
    """Progress and outlook of every target as at the month, the worse first."""
    return asked.at_month("target_outlook", "target_id")


def ordered(asked: Asked) -> list[Row]:
    """The targets in order of risk: the worse of progress and outlook first."""
    found = answer(asked)
    rows = [found.row(look["target_id"]) for look in outlooks(asked).rows]
    return [row for row in rows if row]


def targets(asked: Asked, looks: Looks) -> Section:
    """How many targets stand how, and each one that is behind."""
    behind = [row for row in ordered(asked) if row["state"] in _BEHIND]
    said = [_states(asked, looks), _time(asked), *(_behind(asked, row, looks) for row in behind)]
    title = text("briefing.section.targets", asked.lang)
    return Section("targets", title, tuple(each for each in said if each))


def decisions(asked: Asked, looks: Looks) -> Section:
    """Targets behind, returns missing, rows refused and not sent again."""
    said: list[Sentence] = []
    found = asked.at_month("needs_decision", "kind", "target_id", "unit_id", "return_kind", "month")
    rows = sorted(found.rows, key=lambda row: (row["severity"], *_group(row)))
    for (kind, _), members in groupby(rows, key=_group):
        group = list(members)
        if kind == "target":
            said.append(_ask(asked, group[0], looks))
        elif kind == "missing_return":
            said.append(_missing(asked, found, group))
        else:
            said.append(_findings(asked, found, group))
    title = text("briefing.section.decisions", asked.lang)
    return Section("decisions", title, tuple(said))


def table(asked: Asked, looks: Looks) -> Table:
    """The red-amber-green table with lead office and next step, most urgent first."""
    lang = asked.lang
    rows = ordered(asked)
    looked = outlooks(asked).rows
    return Table(
        key="targets",
        title=text("briefing.table.targets", lang),
        columns=tuple(text(f"briefing.column.{name}", lang) for name in COLUMNS),
        rows=tuple(_line(row, look, looks, lang) for row, look in zip(rows, looked, strict=True)),
        shares=SHARES,
        lights=tuple("" if look["worse"] == "none" else look["worse"] for look in looked),
    )


def _line(row: Row, look: Row, looks: Looks, lang: str) -> tuple[str, ...]:
    sign = target_words.sign(row["state"], row["light"], looks)
    word = _word(row, look, looks, lang)
    plan = text(f"targets.plan.{row['plan']}", lang)
    title = text("briefing.target_of", lang, title=target_words.title(row, lang), plan=plan)
    shares = "—"
    if target_words.judged(row) and not target_words.as_it_stands(row):
        shares = text(
            "briefing.done_of_time",
            lang,
            done=formats.percent(row["done_share"], lang),
            time=formats.percent(row["time_share"], lang),
        )
    office = row["lead_office"] or text("briefing.not_stated", lang)
    value = target_words.value(row, lang) if row["value"] is not None else _absent(row, lang)
    gap = target_words.gap(row, lang) if target_words.judged(row) else "—"
    return (f"{sign} {word}", title, value, shares, gap, office, next_step(row, lang))


def _word(row: Row, look: Row, looks: Looks, lang: str) -> str:
    """The word of the progress, and that of the outlook where it has a light of its own."""
    word = target_words.state_word(row["state"], row["light"], looks, lang)
    if look["outlook"] not in ("likely", "uncertain", "unlikely"):
        return word
    ahead = text(f"figures.outlook.{look['outlook_light']}", lang)
    return text("briefing.both_lights", lang, progress=word, outlook=ahead)


def _absent(row: Row, lang: str) -> str:
    hidden = row["status"] == "C"
    return text("briefing.suppressed" if hidden else "targets.state.no_value", lang)


def next_step(row: Row, lang: str) -> str:
    """What follows from the state by rule, with the number that says how much."""
    state = row["state"]
    if not target_words.judged(row):
        return text(f"briefing.next.{state}", lang)
    if state == "achieved":
        return text("briefing.next.achieved", lang)
    if target_words.as_it_stands(row):
        key = "on_schedule" if state == "on_schedule" else "direct"
        return text(f"briefing.next.{key}", lang, goal=target_words.goal(row, lang))
    pace = target_words.needed(row, lang)
    return text("briefing.next.pace", lang, pace=pace) if state in _BEHIND else pace


def _states(asked: Asked, looks: Looks) -> Sentence | None:
    """N targets: so many reached, on schedule, behind, without a number."""
    found, lang = asked.at_month("target_states", "state"), asked.lang
    if not found.rows:
        return None
    cells = tuple(found.cell(row, "targets") for row in found.rows)
    total = formats.number(sum(row["targets"] for row in found.rows), lang)
    parts = []
    for row in sorted(found.rows, key=lambda each: (each["state"] == "suppressed", -each["sort"])):
        if row["targets"]:
            count = phrases.plain(found, row, "targets", lang)
            word = target_words.state_word(row["state"], row["light"], looks, lang)
            said = text("briefing.state_count", lang, word=word, count=count.text)
            parts.append(Phrase(said, count.figures))
    return phrases.sentence(
        "states",
        lang,
        when=sections.as_at(asked),
        total=Phrase(total, (Figure(total, "sum", cells),)),
        parts=phrases.joined(parts, lang),
    )


def _time(asked: Asked) -> Sentence | None:
    found, lang = asked.at_month("plan_term", "plan_start"), asked.lang
    if not found.rows:
        return None
    row = found.rows[0]
    passed = formats.number(row["months_passed"], lang)
    return phrases.sentence(
        "time",
        lang,
        total=phrases.plain(found, row, "months_total", lang),
        passed=Phrase(passed, (Figure(passed, "count", (found.cell(row, "months_passed"),)),)),
        share=phrases.share(found, row, "time_share", lang),
    )


def _behind(asked: Asked, row: Row, looks: Looks) -> Sentence:
    """One target behind: where it stands, where it should, what is needed."""
    found, lang = answer(asked), asked.lang
    gap = formats.number(round(abs(row["gap_pp"]), 9), lang, 1)
    parts: dict[str, Phrase | str] = {
        "title": _title(found, row, lang),
        "plan": text(f"targets.plan.{row['plan']}", lang),
        "value": _amount(found, row, "value", lang),
        "gap": Phrase(gap, (Figure(gap, "gap", (found.cell(row, "gap_pp"),)),)),
        "word": target_words.state_word(row["state"], row["light"], looks, lang),
        "when": phrases.month(row["value_month"], lang),
    }
    if target_words.as_it_stands(row):
        return phrases.sentence("below_target", lang, light=row["light"], **parts)
    parts["done"] = phrases.share(found, row, "done_share", lang)
    parts["needed"] = _pace(found, row, lang)
    return phrases.sentence("behind_schedule", lang, light=row["light"], **parts)


def _title(found: Answer, row: Row, lang: str) -> Phrase:
    cells: tuple[Cell, ...] = (found.cell(row, "target"),) if row["stated"] else ()
    told = target_words.title(row, lang)
    return Phrase(told, (Figure(told, "target", cells),))


def _amount(found: Answer, row: Row, column: str, lang: str) -> Phrase:
    told = target_words.amount(row[column], row, lang)
    return Phrase(told, (Figure(told, "target", (found.cell(row, column),)),))


def _pace(found: Answer, row: Row, lang: str) -> Phrase:
    """What is needed each month; its number of months comes from the due date."""
    told = target_words.needed(row, lang)
    cells = tuple(found.cell(row, name) for name in ("needed_per_month", "target", "value", "due"))
    return Phrase(told, (Figure(told, "pace", cells),))


def _group(row: Row) -> tuple[str, str]:
    if row["kind"] == "target":
        return row["kind"], row["target_id"]
    return row["kind"], row["unit_id"] or ""


def _ask(asked: Asked, row: Row, looks: Looks) -> Sentence:
    """A target that asks for a decision: who leads and what the next step is."""
    found, lang = answer(asked), asked.lang
    target, look = (each.row(row["target_id"]) for each in (found, outlooks(asked)))
    assert target is not None
    assert look is not None
    office = target["lead_office"] or text("briefing.not_stated", lang)
    step = next_step(target, lang)
    cells = tuple(
        found.cell(target, name) for name in ("needed_per_month", "target", "value", "due")
    )
    return phrases.sentence(
        "ask",
        lang,
        light=look["worse"],
        title=_title(found, target, lang),
        word=_word(target, look, looks, lang),
        office=office,
        step=Phrase(step, (Figure(step, "pace", cells),)),
    )


def _missing(asked: Asked, found: Answer, rows: list[Row]) -> Sentence:
    """A unit's returns that are due and have not come."""
    lang = asked.lang
    kinds = sorted({row["return_kind"] for row in rows})
    longest = max(rows, key=lambda row: row["amount"])
    months = sorted({row["month"] for row in rows})
    count = formats.number(len(rows), lang)
    days = formats.number(longest["amount"], lang)
    cells = tuple(found.cell(row, "amount") for row in rows)
    return phrases.sentence(
        "missing_returns",
        lang,
        unit=phrases.name(asked, rows[0]["unit_id"]),
        months=phrases.listed([phrases.month(month, lang) for month in months], lang),
        kinds=formats.listing([text(f"plan.kind.{kind}", lang) for kind in kinds], lang),
        count=Phrase(count, (Figure(count, "rows", cells),)),
        days=Phrase(days, (Figure(days, "count", (found.cell(longest, "amount"),)),)),
    )


def _findings(asked: Asked, found: Answer, rows: list[Row]) -> Sentence:
    """Rows of a unit that were refused and have not been sent again."""
    lang = asked.lang
    total = formats.number(sum(row["amount"] for row in rows), lang)
    cells = tuple(found.cell(row, "amount") for row in rows)
    unit = rows[0]["unit_id"]
    name = phrases.name(asked, unit) if unit else text("overview.unknown_sender", lang)
    return phrases.sentence(
        "findings", lang, unit=name, count=Phrase(total, (Figure(total, "sum", cells),))
    )
