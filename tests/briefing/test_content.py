"""Every number of every sentence is a figure, and every figure is what its query returns."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow as pa
import pytest

from oneninex import briefing, store
from oneninex.briefing import Briefing, phrases
from oneninex.briefing.model import Figure, Sentence
from oneninex.briefing.query_session import Answer
from oneninex.core.i18n import LOCALE, read_area, text
from oneninex.store import Snapshot, StoreError
from tests.briefing.conftest import LANGS, MARCH

NUMBER = re.compile(r"\d[\d,.]*\d|\d")
STEPS = {"万": 10**4, "亿": 10**8, "万亿": 10**12, "k": 10**3, "M": 10**6, "B": 10**9}


def sentences(content: Briefing) -> list[Sentence]:
    return [sentence for section in content.sections for sentence in section.sentences]


@pytest.mark.parametrize("lang", LANGS)
def test_no_sentence_without_a_figure(content: dict[str, Briefing], lang: str) -> None:
    said = sentences(content[lang])
    assert len(said) > 20
    for sentence in said:
        assert any(figure.cells for figure in sentence.figures), sentence.text


@pytest.mark.parametrize("lang", LANGS)
def test_every_number_of_a_sentence_is_a_figure(content: dict[str, Briefing], lang: str) -> None:
    for sentence in sentences(content[lang]):
        printed = [n for figure in sentence.figures for n in NUMBER.findall(figure.written)]
        for number in NUMBER.findall(sentence.text):
            assert number in printed, (number, sentence.text)
        for figure in sentence.figures:
            if figure.made not in ("coverage", "zero"):
                assert figure.written in sentence.text


@pytest.mark.parametrize("lang", LANGS)
def test_patterns_hold_no_number_of_their_own(lang: str) -> None:
    patterns = read_area(LOCALE / lang / "briefing.po")
    for key, pattern in patterns.items():
        if key.startswith(("briefing.say.", "briefing.mover")):
            assert not re.search(r"[1-9]", pattern), key


@pytest.mark.parametrize("lang", LANGS)
def test_every_cell_is_what_the_query_returns(
    content: dict[str, Briefing], snapshot: Snapshot, lang: str
) -> None:
    cells = {
        cell
        for said in sentences(content[lang])
        for figure in said.figures
        for cell in figure.cells
    }
    assert len({cell.query for cell in cells}) >= 8
    for cell in cells:
        table = store.query(cell.query, snapshot=snapshot, **dict(cell.parameters)).to_pylist()
        (row,) = [row for row in table if all(row[name] == value for name, value in cell.key)]
        assert row[cell.column] == cell.value, cell


def test_every_printed_value_follows_from_its_cells(content: dict[str, Briefing]) -> None:
    checked = 0
    for lang in LANGS:
        for sentence in sentences(content[lang]):
            for figure in sentence.figures:
                if (expected := _expected(figure)) is not None:
                    assert _close(figure.written, expected), (figure, expected)
                    checked += 1
    assert checked > 100


def _expected(figure: Figure) -> float | None:
    """The value by a formula of this test's own; None for words and months."""
    values: list[Any] = [cell.value for cell in figure.cells]
    rules: dict[str, Any] = {
        "value": lambda: values[0],
        "count": lambda: values[0],
        "share": lambda: values[0] * 100,
        "part": lambda: values[0] / values[1] * 100,
        "difference": lambda: abs(values[0] - values[1]),
        "points": lambda: abs(values[0] - values[1]) * 100,
        "growth": lambda: abs(values[0] / values[1] - 1) * 100,
        "size": lambda: abs(values[0]),
        "sum": lambda: sum(values),
        "rows": lambda: len(values),
        "gap": lambda: abs(values[0]),
    }
    return rules[figure.made]() if figure.made in rules and values[0] is not None else None


def _close(written: str, expected: float) -> bool:
    """Whether the printed number is the expected one rounded to the digits that are printed."""
    match = re.match(r"(-|−)?([\d,.]+)\s?(万亿|万|亿|k|M|B|%)?(元| CNY)?", written)
    assert match, written
    number = Decimal(match[2].replace(",", ""))
    value = Decimal(str(expected))
    if match[3] == "%" and abs(value) <= 1 and number != 0 and abs(number) > 1:
        value *= 100
    if match[4] or written.endswith("万元"):
        value *= 10_000
    value /= STEPS.get(match[3] or "", 1)
    if written.endswith("万元") and not match[4]:
        value /= 10_000
    places = Decimal(1).scaleb(number.as_tuple().exponent)  # pyright: ignore[reportArgumentType]
    return abs(value.quantize(places, ROUND_HALF_UP)) in (number, number + places, number - places)


ROW = {
    "indicator_id": "items_accepted", "kind": "flow", "unit": "条", "now_year": 150.0,
    "year_suppressed": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "zh", "en"),
    [
        ({"before_year": 100.0}, "同比增长50.0%", "up 50.0% on a year earlier"),
        ({"before_year": 200.0}, "同比下降25.0%", "down 25.0% on a year earlier"),
        ({"before_year": 150.0}, "同比持平", "unchanged on a year earlier"),
        (
            {"before_year": 0.0},
            "上年同期基数为0，不计算同比",
            "no rate on a year earlier (base is 0)",
        ),
        ({"before_year": None}, "上年同期无可比数", "no comparable figure a year earlier"),
        (
            {"before_year": None, "year_suppressed": True},
            "同比保密",
            "the change on a year earlier is withheld",
        ),
        (
            {"kind": "ratio", "now_year": 0.963, "before_year": 0.951},
            "同比提高1.2个百分点",
            "1.2 percentage points higher than a year earlier",
        ),
        (
            {"indicator_id": "hq_datasets", "now_year": 12, "before_year": 2, "unit": "个"},
            "同比增加10个",
            "10个 more than a year earlier",
        ),
    ],
)
def test_changes_are_said_by_rule(row: dict[str, Any], zh: str, en: str) -> None:
    given = {**ROW, **row}
    answer = Answer("q", (), ("indicator_id",), [given])

    assert phrases.change(answer, given, "year", "zh").text == zh
    if given["unit"] != "个":
        assert phrases.change(answer, given, "year", "en").text == en


def test_money_is_in_hundred_millions_and_a_quarter_is_called_one(
    content: dict[str, Briefing],
) -> None:
    said = " ".join(sentence.text for sentence in sentences(content["zh"]))
    assert "2026年一季度，全市数据标注营业收入1.35亿元" in said
    assert "2026年1—3月" in said


def test_a_suppressed_value_stays_suppressed(content: dict[str, Briefing]) -> None:
    row = {"value": None, "status": "C", "unit": "万元"}
    assert phrases.written(None, row, "zh") == text("briefing.suppressed", "zh")
    assert phrases.written(None, {**row, "status": "M"}, "zh") == "缺报"


@pytest.mark.parametrize("lang", LANGS)
def test_missing_units_provisional_months_and_the_vintage_are_said(
    content: dict[str, Briefing], snapshot: Snapshot, lang: str
) -> None:
    made = content[lang]
    name = store.query("units", snapshot=snapshot).to_pylist()[8][f"name_{lang}"]
    assert name in made.section("output").sentences[0].text
    assert text("plan.status.P", lang) in made.section("output").sentences[0].text
    notes = " ".join(made.notes)
    assert name in notes
    assert made.vintage.sha256 in notes
    assert made.vintage.sha256[:12] in made.words["vintage"]


def test_a_month_that_is_not_there_is_refused(snapshot: Snapshot) -> None:
    with pytest.raises(StoreError, match=r"briefing\.no_such_month"):
        briefing.compose(snapshot, date(2030, 1, 1), "zh", looks=briefing.looks_of(None, "zh"))


def test_the_audience_reaches_the_queries(snapshot: Snapshot, monkeypatch) -> None:
    asked = set()
    ask = store.query

    def listen(name: str, **given: Any) -> Any:
        asked.add(given.get("audience"))
        return ask(name, **{**given, "audience": "planner"})

    monkeypatch.setattr(store, "query", listen)
    looks = briefing.looks_of(None, "zh")
    briefing.compose(snapshot, MARCH, "zh", audience="leadership", looks=looks)
    assert asked == {"leadership"}


HIDDEN = {"workers", "labeling_revenue"}


def test_what_a_query_withholds_is_in_no_part_of_the_briefing(
    content: dict[str, Briefing], snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = store.query

    def withholding(name: str, **given: Any) -> pa.Table:
        table = ask(name, **given)
        rows = table.to_pylist()
        for row in rows:
            of_indicator = name == "comparable_indicators" and row["indicator_id"] in HIDDEN
            if of_indicator or (name == "indicator_by_unit" and row["unit_id"] == "U7"):
                numbers = ("value", "now_year", "before_year", "now_period", "before_period")
                row.update({key: None for key in numbers if key in row} | {"status": "C"})
        return pa.Table.from_pylist(rows, schema=table.schema)

    monkeypatch.setattr(store, "query", withholding)
    looks = briefing.looks_of(None, "zh")
    made = briefing.compose(snapshot, MARCH, "zh", looks=looks)

    told = " ".join(sentence.text for sentence in sentences(made))
    assert "全市从业人员保密" in told
    assert "1.35亿元" not in told
    assert "验收合格条数最多的是" not in told
    (place,) = [place for place in made.places if place.unit_id == "U7"]
    (open_place,) = [place for place in content["zh"].places if place.unit_id == "U7"]
    assert (place.value, place.written) == (None, "保密")
    document = briefing.render(made, "docx")
    assert open_place.written not in _words_of(document)
    assert {row.written for row in made.annex if row.name == "从业人员"} >= {"保密"}


def _words_of(document: bytes) -> str:
    """Text and alternative texts of a Word document."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return archive.read("word/document.xml").decode()


def test_the_worse_of_progress_and_outlook_leads_the_table(
    content: dict[str, Briefing], snapshot: Snapshot
) -> None:
    looks = store.query("target_outlook", snapshot=snapshot, to_month=MARCH).to_pylist()
    table = content["zh"].tables["targets"]

    assert list(table.lights) == ["" if row["worse"] == "none" else row["worse"] for row in looks]
    for line, row in zip(table.rows, looks, strict=True):
        assert ("研判" in line[0]) == (row["outlook"] in ("likely", "uncertain", "unlikely"))
