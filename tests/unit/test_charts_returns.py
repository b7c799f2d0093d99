"""The ledger's grid and the sentences of the page of the returns: tables in, texts out."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from oneninex.core.i18n import text
from oneninex.figures.charts import returns
from oneninex.figures.charts import returns_words as words

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
UNITS = {"U1": "单元一", "U2": "<b>二</b>"}


def entry(unit: str, month: date, status: str, **changes: Any) -> dict[str, Any]:
    came = None if status == "missing" else date(2026, 4, 2)
    row = {"month": month, "unit_id": unit, "kind": "labeling_daily", "due_on": date(2026, 4, 5)}
    row |= {"received_at": came, "first_received_on": came, "version": 1, "days_late": 0}
    return {**row, "status": status, **changes}


LEDGER = pa.Table.from_pylist(
    [
        entry("U1", MARCH, "revised", version=3),
        entry("U2", MARCH, "missing", version=None, days_late=19),
        entry("U1", APRIL, "late", days_late=4),
    ]
)


def by_month(**changes: Any) -> dict[str, Any]:
    row = {"month": MARCH, "kind": "labeling_daily", "due_on": date(2026, 4, 5), "is_due": True}
    counts = {"units_due": 9, "units_reported": 8, "on_time": 6, "late": 1, "revised": 1}
    return {**row, **counts, "awaiting_review": 0, "missing": 1, **changes}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_cell_says_its_state_in_shape_and_word(lang: str) -> None:
    shown = returns.grid(LEDGER, UNITS, "t", lang, "light")

    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", shown)
    first, second = (re.findall(r"<td.*?</td>", row) for row in rows)
    assert "◆" in first[0]
    assert text("returns.cell.revised", lang, version=3) in first[0]
    assert "▲" in first[1]
    assert text("returns.cell.late", lang, days=4) in first[1]
    assert "○" in second[0]
    assert text("returns.overdue", lang, days=19) in second[0]
    assert text("returns.grid.not_due", lang) in second[1]


def test_names_and_values_cannot_be_markup() -> None:
    found = {"row": 2, "field": "<i>f", "value": "<script>alert(1)</script>", "message": "a<b"}
    grid = returns.grid(LEDGER, UNITS, '"><script>', "zh", None)
    listed = returns.findings([found], "zh", None)

    assert "<b>二" not in grid
    assert "<script" not in grid + listed
    assert "&lt;script&gt;" in listed


def test_a_finding_about_the_whole_file_and_one_about_an_empty_cell() -> None:
    rows = [
        {"row": None, "field": None, "value": None, "message": "m"},
        {"row": 7, "field": "items", "value": None, "message": "m"},
    ]
    whole, empty = re.findall(r"<tr><td.*?</tr>", returns.findings(rows, "en", "dark"))

    assert text("returns.grid.whole_file", "en") in whole
    assert text("returns.grid.empty_cell", "en") not in whole
    assert ">7</td>" in empty
    assert text("returns.grid.empty_cell", "en") in empty


def test_the_newest_month_is_one_whose_due_day_has_come() -> None:
    rows = pa.Table.from_pylist([by_month(), by_month(month=APRIL, is_due=False)])

    assert words.newest(rows)["month"] == MARCH
    assert words.newest(rows.slice(1))["month"] == APRIL


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_headline_for_missing_complete_and_early(lang: str) -> None:
    missing = words.headline(by_month(), LEDGER, "k", {"U2": "二"}, lang)
    complete = words.headline(by_month(missing=0), LEDGER.slice(0, 1), "k", UNITS, lang)
    early = words.headline(by_month(is_due=False), LEDGER, "k", UNITS, lang)

    assert text("returns.absent", lang, unit="二", days=19) in missing
    assert "19" not in complete
    assert "19" not in early
    assert len({missing, complete, early}) == 3


def test_the_ledger_line_counts_only_what_was_due() -> None:
    rows = pa.Table.from_pylist([by_month(), by_month(month=APRIL, is_due=False, late=5)])

    line = words.describe_ledger(rows, "zh")

    assert line == text("returns.ledger_line", "zh", total=9, months=1, on_time=6, late=1,
                        revised=1, missing=1)  # fmt: skip
    assert words.describe_ledger(rows.slice(1), "zh") == text("returns.ledger_none", "zh")
    waiting = pa.Table.from_pylist([by_month(missing=0, awaiting_review=1)])
    assert words.describe_ledger(waiting, "zh") == text(
        "returns.ledger_line_waiting", "zh", total=9, months=1, on_time=6, late=1, revised=1,
        awaiting_review=1, missing=0)  # fmt: skip


def change(measure: str, before: float | None, kept: float | None, after: float | None):
    row = {"kind": "labeling_daily", "unit_id": "U1", "period": MARCH, "measure": measure}
    return {**row, "before": before, "kept": kept, "after": after}


def test_a_correction_is_told_from_an_addition() -> None:
    added = pa.Table.from_pylist([change("rows", 3.0, 3.0, 5.0)])
    replaced = pa.Table.from_pylist([change("rows", 3.0, 1.0, 3.0)])

    assert not words.replaces(added)
    assert words.replaces(replaced)


def test_before_and_after_in_words() -> None:
    rows = [change("rows", 3.0, 1.0, 3.0), change("accepted", 90.0, 30.0, 70.0)]
    rows.append({**change("rows", None, None, 2.0), "unit_id": "U2", "period": None})

    first, second = words.change_table(
        pa.Table.from_pylist(rows), {"labeling_daily": "日报"}, UNITS, "zh"
    ).to_pylist()

    assert first["rows_change"] == text("returns.same", "zh", after="3")
    assert first["accepted_change"] == "90 → 70（−20）"
    assert second["rows_change"] == text("returns.added", "zh", after="2")
    assert second["month"] == text("returns.no_period", "zh")


def test_one_revised_figure_is_no_plural():
    row = {"month": date(2026, 3, 1), "unit_id": "U1", "measure": "items", "first_print": 1.0,
           "now": 2.0, "difference_share": None}  # fmt: skip
    told = words.describe_revisions(pa.Table.from_pylist([row]), {}, {}, "en")
    assert "1 figures" not in told
    assert "Revised figures: 1" in told
