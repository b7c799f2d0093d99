"""Questions in both languages are read as meant, answered from queries, or declined."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from oneninex import questions
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.questions import words
from oneninex.questions.periods import Period

HERE = Path(__file__).parent
NEWEST, TODAY = date(2026, 10, 1), date(2026, 11, 30)


@pytest.fixture(scope="module")
def vocabulary() -> questions.Vocabulary:
    plan = Plan.load(ROOT / "data" / "plan")
    return questions.Vocabulary.load(
        plan.folder, plan.units.to_pylist(), [_named(row) for row in plan.indicators.to_pylist()]
    )


def _named(row: dict) -> dict:
    return {
        **row,
        **{f"name_{lang}": row.get(f"name_{lang}", row.get(lang)) for lang in ("zh", "en")},
    }


def listed(lang: str) -> list[tuple[str, ...]]:
    with (HERE / f"{lang}.tsv").open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def read(question: str, vocabulary: questions.Vocabulary) -> str:
    found = questions.understand(question, vocabulary, newest=NEWEST, today=TODAY)
    if isinstance(found, questions.Declined):
        return "decline"
    places = () if found.places == ("city",) else found.places  # the city is meant without a word
    return f"{found.what} {found.measure or '-'} {' '.join(places)}".strip()


@pytest.mark.parametrize(("lang", "at_least"), [("zh", 200), ("en", 100)])
def test_no_question_is_read_wrong_and_most_are_read(
    vocabulary: questions.Vocabulary, lang: str, at_least: int
) -> None:
    """A wrong reading is worse than asking back: none may be read as something else."""
    rows = listed(lang)
    wrong, declined = [], []
    for question, what, measure, places in rows:
        expected = "decline" if what == "decline" else f"{what} {measure or '-'} {places}".strip()
        found = read(question, vocabulary)
        if found != expected:
            (declined if found == "decline" else wrong).append((question, expected, found))
    assert len(rows) >= at_least
    assert wrong == []
    answerable = sum(row[1] != "decline" for row in rows)
    assert len(declined) <= answerable // 10, declined
    assert sum(row[1] == "decline" for row in rows) >= len(rows) // 10


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("上月产出", date(2026, 10, 1), date(2026, 10, 1)),
        ("9月产出", date(2026, 9, 1), date(2026, 9, 1)),
        ("12月产出", date(2025, 12, 1), date(2025, 12, 1)),
        ("去年8月产出", date(2025, 8, 1), date(2025, 8, 1)),
        ("今年以来产出", date(2026, 1, 1), date(2026, 10, 1)),
        ("三季度产出", date(2026, 7, 1), date(2026, 9, 1)),
        ("四季度产出", date(2026, 10, 1), date(2026, 12, 1)),
        ("上季度产出", date(2026, 7, 1), date(2026, 9, 1)),
        ("2025年下半年产出", date(2025, 7, 1), date(2025, 12, 1)),
        ("1—6月产出", date(2026, 1, 1), date(2026, 6, 1)),
        ("前三个月产出", date(2026, 1, 1), date(2026, 3, 1)),
        ("２０２６年３月产出", date(2026, 3, 1), date(2026, 3, 1)),
        ("output in q2 2025", date(2025, 4, 1), date(2025, 6, 1)),
        ("output in november", date(2025, 11, 1), date(2025, 11, 1)),
        ("output so far this year", date(2026, 1, 1), date(2026, 10, 1)),
        ("output in the second quarter of 2026", date(2026, 4, 1), date(2026, 6, 1)),
        ("output last year", date(2025, 1, 1), date(2025, 12, 1)),
    ],
)
def test_periods(vocabulary: questions.Vocabulary, question: str, first: date, last: date) -> None:
    found = questions.understand(question, vocabulary, newest=NEWEST, today=TODAY)
    assert isinstance(found, questions.Understanding)
    assert isinstance(found.period, Period)
    assert (found.period.first, found.period.last) == (first, last)


def test_last_month_is_counted_from_the_calendar_while_it_has_data(
    vocabulary: questions.Vocabulary,
) -> None:
    found = questions.understand("上月产出", vocabulary, newest=date(2026, 11, 1), today=TODAY)
    assert isinstance(found, questions.Understanding)
    assert found.period == Period(date(2026, 10, 1), date(2026, 10, 1))


def test_a_misspelt_word_is_read_and_said(vocabulary: questions.Vocabulary) -> None:
    found = questions.understand("aceptance rate", vocabulary, newest=NEWEST, today=TODAY)
    assert isinstance(found, questions.Understanding)
    assert found.read_as == (("aceptance", "acceptance"),)


def test_a_slip_between_two_measures_asks_back(vocabulary: questions.Vocabulary) -> None:
    """合格律 may be 合格率 or 合格量."""
    found = questions.understand("合格律", vocabulary, newest=NEWEST, today=TODAY)
    assert found == questions.Declined("unknown_words", ("合格律",))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "reason",
    ["empty", "too_long", "unknown_words", "several_periods", "several_measures",
     "several_places", "no_measure", "no_data", "no_such_month", "no_values", "one_month_only",
     "no_cause", "no_target"],
)  # fmt: skip
def test_each_refusal_has_words_and_three_questions_that_are_answered(
    vocabulary: questions.Vocabulary, lang: str, reason: str
) -> None:
    document = words.document(questions.Declined(reason, ("x",)), lang)
    assert document["declined"]
    assert len(document["can"]) == 3
    assert all(read(question, vocabulary) != "decline" for question in document["can"])
