"""An Excel form for a kind of return and a unit, made from the contract that will check it.

The first row holds the Chinese headings that intake reads; what else helps to fill the form in
(notes, lists, the unit's enterprises) stands in comments and on sheets that match no kind.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from oneninex import store
from oneninex.core.escape import formula
from oneninex.domain import contracts
from oneninex.domain.contracts import Contract, Field
from oneninex.domain.plan import Plan
from oneninex.store import Snapshot
from oneninex.template import entries, notes
from oneninex.template.words import both, word

Enterprise = tuple[str, str]
ROWS = 10_000  # rows that the form offers for entry
_LISTS = "lists"
# The same form has the same bytes whenever it is made.
_MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed stamp, no moment of any zone
_HEAD = {"bold": True, "font_color": "#ffffff", "bg_color": "#0b5f78", "border": 1}
_HEAD |= {"text_wrap": True, "valign": "vcenter", "align": "center", "locked": True}
_LAYOUTS = {"date": "yyyy-mm-dd", "yearmonth": "yyyy-mm", "integer": "0", "number": "0.######"}


class UnknownUnit(ValueError):
    """The plan has no such unit."""


@dataclass(frozen=True)
class _Book:
    workbook: Workbook
    contract: Contract
    sheet: Worksheet
    formats: dict[str, Format]


def form(kind: str, unit_id: str, plan: Plan, enterprises: Sequence[Enterprise] = ()) -> bytes:
    """The form as an XLSX file; `enterprises` are (code, name) of the unit's own.

    Raises KeyError for a kind that nobody sends, UnknownUnit for a unit that the plan lacks.
    """
    if kind not in contracts.sent_kinds():
        raise KeyError(kind)
    units = {row["unit_id"]: row for row in plan.units.to_pylist()}
    if unit_id not in units:
        raise UnknownUnit(unit_id)
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as workbook:
        contract = contracts.of_plan(kind, plan)
        workbook.set_properties({"title": contract.title, "author": "OneNineX", "created": _MADE})
        book = _Book(workbook, contract, workbook.add_worksheet(contract.title), _formats(workbook))
        given = entries.Given(unit_id, plan, tuple(enterprises))
        _entry_sheet(book, given)
        notes.write(workbook, contract, units[unit_id], book.formats)
        if enterprises:
            _enterprise_sheet(book, enterprises)
    return target.getvalue()


def own_enterprises(snapshot: Snapshot | None, unit_id: str) -> list[Enterprise]:
    """Code and Chinese name of the unit's active enterprises; empty without a registry."""
    if snapshot is None:
        return []
    rows = store.query("enterprise_list", snapshot=snapshot, unit_id=unit_id).to_pylist()
    return [(row["enterprise_id"], row["name_zh"] or "") for row in rows if row["active"]]


def file_name(kind: str, unit_id: str) -> str:
    """A name for the form that says what it is."""
    return f"{unit_id}-{contracts.load(kind).title}.xlsx"


def _formats(workbook: Workbook) -> dict[str, Format]:
    cells = {
        name: workbook.add_format({"locked": False, "num_format": layout})
        for name, layout in {**_LAYOUTS, "string": "@", "boolean": "@"}.items()
    }
    cells["head"] = workbook.add_format(_HEAD)
    cells["optional"] = workbook.add_format({**_HEAD, "bg_color": "#51636e", "bold": False})
    cells["text"] = workbook.add_format({"text_wrap": True, "valign": "top"})
    cells["strong"] = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    cells["code"] = workbook.add_format({"num_format": "@"})
    return cells


def _entry_sheet(book: _Book, given: entries.Given) -> None:
    lists = book.workbook.add_worksheet(_LISTS)
    lists.very_hidden()
    sheet = book.sheet
    for place, field in enumerate(book.contract.fields):
        _heading(book, place, field)
        sheet.set_column(place, place, _width(field), book.formats[field.type])
        options = entries.options(field, given)
        if options:
            lists.write_column(0, place, options, book.formats["code"])
        source = _range(place, len(options)) if options else None
        rule = entries.validation(field, given, source)
        sheet.data_validation(1, place, ROWS, place, rule)
    sheet.set_row(0, 36)
    sheet.freeze_panes(1, 0)
    sheet.protect("", dict.fromkeys(_ALLOWED, True))
    sheet.activate()


_ALLOWED = ("format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter")


def _heading(book: _Book, place: int, field: Field) -> None:
    look = book.formats["head" if field.required else "optional"]
    # Intake takes no notice of the star.
    book.sheet.write_string(0, place, f"{field.title} *" if field.required else field.title, look)
    comment = notes.comment(field)
    size = {"x_scale": 2.6, "y_scale": max(1.6, 0.28 * comment.count("\n") + len(comment) / 160)}
    book.sheet.write_comment(0, place, comment, {"author": "OneNineX", **size})


def _enterprise_sheet(book: _Book, enterprises: Sequence[Enterprise]) -> None:
    """Codes with names to look up, in the order of the drop-down list."""
    sheet = book.workbook.add_worksheet(word("sheet_enterprises"))
    for place, name in enumerate(("enterprise_code", "enterprise_name")):
        sheet.write_string(0, place, both(name), book.formats["head"])
    for row, (code, name) in enumerate(enterprises, 1):
        sheet.write_string(row, 0, code, book.formats["code"])
        sheet.write_string(row, 1, formula(name), book.formats["text"])
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 48)
    sheet.freeze_panes(1, 0)
    sheet.protect()


def _range(place: int, count: int) -> str:
    column = xlsxwriter.utility.xl_col_to_name(place)  # pyright: ignore[reportAttributeAccessIssue]
    return f"={_LISTS}!${column}$1:${column}${count}"


def _width(field: Field) -> float:
    wide = {"uscc": 46.0}.get(field.check or "", 0.0)
    return max(wide, 12.0, 2.1 * len(field.title) + 4, 36.0 if field.max_length else 0.0)
