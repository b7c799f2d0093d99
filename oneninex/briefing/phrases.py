"""Phrases with the figures in them: value, change, coverage, written by rules.

The difference of two rates is in percentage points, a small count changes by a count, the rest by
per cent; a zero base has no rate. A suppressed or missing value says so and is never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from oneninex.briefing.model import Cell, Figure, Row, Sentence
from oneninex.briefing.query_session import Answer, Asked
from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.figures import statements

# What is counted by the piece: "two more" says more than a per cent of a dozen.
COUNTED = {
    "labeling_enterprises", "hq_datasets", "datasets_built", "datasets_traded",
    "units_in_operation", "models_served", "demonstration_parks",
}  # fmt: skip
# A unit of measurement follows an English number; what is counted stands in its name.
MEASURES = {"%", "个百分点", *formats.MONEY, *formats.GIGABYTES}


@dataclass(frozen=True)
class Phrase:
    """Words and the figures in them."""

    text: str
    figures: tuple[Figure, ...] = ()


def unit_of(row: Row, lang: str) -> str | None:
    """The unit that is printed after a number."""
    return row["unit"] if lang == "zh" or row["unit"] in MEASURES else None


def written(value: Any, row: Row, lang: str) -> str:
    """A value of an indicator with its unit, or the word for why there is none."""
    if value is None:
        return absent(row, lang)
    if row["unit"] == "%":
        return formats.percent(value, lang)
    return formats.number(value, lang, unit=unit_of(row, lang))


def absent(row: Row, lang: str) -> str:
    """Return the word of a value that is not there: suppressed, waiting or missing."""
    if row.get("status") == "W":
        return text("common.waiting", lang)
    hidden = row.get("status") == "C" or row.get("suppressed")
    return text("briefing.suppressed", lang) if hidden else formats.missing(lang)


def value(answer: Answer, row: Row, lang: str, column: str = "value") -> Phrase:
    """One value as it stands."""
    words = written(row[column], row, lang)
    return Phrase(words, (Figure(words, "value", (answer.cell(row, column),)),))


def plain(answer: Answer, row: Row, column: str, lang: str) -> Phrase:
    """A count without a unit."""
    words = formats.number(row[column], lang)
    return Phrase(words, (Figure(words, "count", (answer.cell(row, column),)),))


def share(answer: Answer, row: Row, column: str, lang: str) -> Phrase:
    """A fraction as per cent."""
    words = formats.percent(row[column], lang)
    return Phrase(words, (Figure(words, "share", (answer.cell(row, column),)),))


def month(at: date, lang: str) -> Phrase:
    """A month; it comes from the question, not from an answer."""
    words = formats.month(at, lang)
    return Phrase(words, (Figure(words, "period", ()),))


def quarter(at: date, lang: str) -> Phrase:
    """The quarter that ends in a month."""
    words = formats.quarter(f"{at.year}Q{(at.month + 2) // 3}", lang)
    return Phrase(words, (Figure(words, "period", ()),))


def name(asked: Asked, unit_id: str) -> Phrase:
    """The name of a unit, which may hold a number itself."""
    answer = asked("units", "unit_id")
    row = answer.row(unit_id)
    words = asked.unit_name(unit_id)
    cells = (answer.cell(row, f"name_{asked.lang}"),) if row else ()
    return Phrase(words, (Figure(words, "name", cells),))


def missing_units(asked: Asked, row: Row) -> list[Phrase]:
    """The names of the units that a figure lacks, each with 已报待审 if its return awaits review.

    `row`: missing_units, and indicator_id or a figure of the labeling returns.
    """
    about = asked("indicators", "indicator_id").row(row.get("indicator_id"))
    kinds = about["source"].split(", ") if about else ["labeling_daily"]
    month = row.get("month") or asked.month
    found = []
    for unit in filter(None, (row["missing_units"] or "").split("|")):
        named = name(asked, unit)
        if any(asked.awaits_review(unit, kind, month) for kind in kinds):
            words = text("briefing.awaiting_review", asked.lang, unit=named.text)
            named = Phrase(words, named.figures)
        found.append(named)
    return found


def change(answer: Answer, row: Row, against: str, lang: str, step: str = "month") -> Phrase:
    """同比 (`against` year) or 环比 (period) over the units that reported both times.

    `step` is the period that 环比 looks back: month or quarter.
    """
    now, before = row[f"now_{against}"], row[f"before_{against}"]
    when = "year" if against == "year" else step
    if now is None or before is None:
        why = "withheld" if row.get(f"{against}_suppressed") else "no"
        return Phrase(text(f"briefing.{why}_{when}", lang))
    cells = (answer.cell(row, f"now_{against}"), answer.cell(row, f"before_{against}"))
    if row.get("indicator_id") in COUNTED:
        return _by_count(row, now - before, cells, when, lang)
    if row["kind"] == "ratio":
        return _by_points(now - before, cells, when, lang)
    columns = (f"now_{against}", f"before_{against}")
    return clause(statements.relative_change(row, *columns, when, lang), answer)


def _by_count(row: Row, step: float, cells: tuple[Cell, ...], when: str, lang: str) -> Phrase:
    if not step:
        return Phrase(text(f"briefing.level_{when}", lang))
    words = formats.number(abs(step), lang, unit=unit_of(row, lang))
    way = "more" if step > 0 else "fewer"
    said = text(f"briefing.{way}_{when}", lang, value=words)
    return Phrase(said, (Figure(words, "difference", cells),))


def _by_points(step: float, cells: tuple[Cell, ...], when: str, lang: str) -> Phrase:
    words = formats.number(round(abs(step) * 100, 9), lang, 1)
    if not any(sign in words for sign in "123456789"):
        return Phrase(text(f"briefing.level_{when}", lang))
    way = "higher" if step > 0 else "lower"
    said = text(f"briefing.{way}_{when}", lang, value=words)
    return Phrase(said, (Figure(words, "points", cells),))


def clause(said: statements.Clause, *answers: Answer) -> Phrase:
    """Return a clause of the statements with the cells of its numbers in these answers."""
    figures = []
    for number in said.numbers:
        answer = next((each for each in answers if number.row in each.rows), answers[0])
        cells = tuple(answer.cell(dict(number.row), column) for column in number.columns)
        figures.append(Figure(number.written, number.made, cells))
    return Phrase(said.text, tuple(figures))


def basis(asked: Asked, answer: Answer, row: Row) -> Phrase:
    """Who is in a value and whether it may change: （8/9个单元报送，缺…，初步数）.

    The same missing units are named once in a section.
    """
    lang = asked.lang
    parts: list[str] = []
    figures: list[Figure] = []
    if row.get("units_due"):
        counts = {"reported": row["units_reported"], "due": row["units_due"]}
        parts.append(text("briefing.coverage", lang, **counts))
        cells = (answer.cell(row, "units_reported"), answer.cell(row, "units_due"))
        figures.append(Figure("{reported}/{due}".format(**counts), "coverage", cells))
    if row.get("missing_units") and row["missing_units"] not in asked.named:
        asked.named.add(row["missing_units"])
        named = missing_units(asked, row)
        parts.append(
            text(
                "briefing.missing",
                lang,
                units=formats.listing([each.text for each in named], lang),
            )
        )
        figures += [figure for each in named for figure in each.figures]
    if row.get("status") in ("P", "E"):
        parts.append(text(f"plan.status.{row['status']}", lang))
    if not parts:
        return Phrase("")
    inside = text("briefing.comma", lang).join(parts)
    return Phrase(text("briefing.brackets", lang, inside=inside), tuple(figures))


def basis_of_sum(answer: Answer, row: Row, lang: str) -> Phrase:
    """Who is in a sum over months, and how many of them in every month."""
    counts = {"reported": row["units_in_value"], "due": row["units_due"]}
    parts = [text("briefing.coverage", lang, **counts)]
    cells = (answer.cell(row, "units_in_value"), answer.cell(row, "units_due"))
    figures = [Figure("{reported}/{due}".format(**counts), "coverage", cells)]
    if 0 < row["units_reported"] < row["units_in_value"]:
        every = formats.number(row["units_reported"], lang)
        parts.append(text("briefing.every_month", lang, units=every))
        figures.append(Figure(every, "count", (answer.cell(row, "units_reported"),)))
    if row.get("status") in ("P", "E"):
        parts.append(text(f"plan.status.{row['status']}", lang))
    inside = text("briefing.comma", lang).join(parts)
    return Phrase(text("briefing.brackets", lang, inside=inside), tuple(figures))


def compared(answer: Answer, row: Row, lang: str) -> Phrase:
    """Over how many units was compared, where it is fewer than are in the value."""
    counted = row["year_units"]
    if not counted or counted == row.get("units_reported"):
        return Phrase("")
    words = formats.number(counted, lang)
    said = text("briefing.compared", lang, units=words)
    return Phrase(said, (Figure(words, "count", (answer.cell(row, "year_units"),)),))


def sentence(key: str, lang: str, /, light: str = "", **parts: Phrase | str) -> Sentence:
    """The sentence of a catalogue's pattern, with the figures of all its parts in order."""
    words = {name: part.text if isinstance(part, Phrase) else part for name, part in parts.items()}
    figures = [
        figure for part in parts.values() if isinstance(part, Phrase) for figure in part.figures
    ]
    return Sentence(text(f"briefing.say.{key}", lang, **words), tuple(figures), light)


def joined(phrases: list[Phrase], lang: str) -> Phrase:
    """Phrases in a row with commas, empty ones left out."""
    return run_on(phrases, text("briefing.comma", lang))


def run_on(phrases: list[Phrase], between: str = "") -> Phrase:
    """Phrases in a row with nothing, or what is given, between them; empty ones left out."""
    told = [phrase for phrase in phrases if phrase.text]
    figures = tuple(figure for phrase in told for figure in phrase.figures)
    return Phrase(between.join(phrase.text for phrase in told), figures)


def listed(phrases: list[Phrase], lang: str) -> Phrase:
    """Phrases as a list in words: 甲、乙和丙."""
    figures = tuple(figure for phrase in phrases for figure in phrase.figures)
    return Phrase(formats.listing([phrase.text for phrase in phrases], lang), figures)
