"""How many of the units due have reported, as every total has to say."""

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import streamlit as st

from oneninex.core import formats
from oneninex.ui.context import lang, query, t
from oneninex.ui.labels import unit_name

_NAMED = 4


@dataclass(frozen=True)
class Coverage:
    """`reported` of `due` units; `missing` holds the ids of the others, `partly` of which some
    months are there; `partial` are in with every month, but not with every working day.
    """

    reported: int
    due: int
    missing: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    months: int = 1
    awaiting: tuple[str, ...] = ()  # of the missing: their returns have come and await review


def coverage(
    *, from_month: date | None = None, to_month: date | None = None, unit_id: str | None = None
) -> Coverage:
    """Which units reported every month of the period; nothing given means all of the data."""
    rows = query("coverage", from_month=from_month, to_month=to_month, unit_id=unit_id).to_pylist()
    complete = [row for row in rows if row["months_reported"] >= row["months_due"]]
    missing = [row for row in rows if row not in complete]
    return Coverage(
        reported=len(complete),
        due=len(rows),
        missing=tuple(row["unit_id"] for row in missing),
        partly=tuple(row["unit_id"] for row in missing if row["months_reported"]),
        partial=tuple(
            row["unit_id"] for row in complete if row["months_whole"] < row["months_reported"]
        ),
        months=max((row["months_due"] for row in rows), default=1),
        awaiting=_awaiting(from_month, to_month, unit_id) if missing else (),
    )


def _awaiting(
    from_month: date | None, to_month: date | None, unit_id: str | None
) -> tuple[str, ...]:
    """Units of which no labeling return of the period is missing and some await review."""
    states: dict[str, set[str]] = {}
    ledger = query("returns_ledger", kind="labeling_daily", unit_id=unit_id,
                   from_month=from_month, to_month=to_month)  # fmt: skip
    for row in ledger.to_pylist():
        states.setdefault(row["unit_id"], set()).add(row["status"])
    found = (u for u, seen in states.items() if "awaiting_review" in seen and "missing" not in seen)
    return tuple(sorted(found))


def coverage_of(table: pa.Table) -> Coverage:
    """The coverage of a table with the columns unit_id and status, where M is missing."""
    marks: dict[str, list[str | None]] = {}
    units, statuses = table.column("unit_id").to_pylist(), table.column("status").to_pylist()
    for unit, status in zip(units, statuses, strict=True):
        marks.setdefault(unit, []).append(status)
    missing = tuple(unit for unit, found in marks.items() if "M" in found)
    partly = tuple(unit for unit in missing if set(marks[unit]) != {"M"})
    return Coverage(len(marks) - len(missing), len(marks), missing, partly)


def coverage_text(given: Coverage) -> str:
    """8/9 个单元已报送；缺报：…；仅报送部分日期：…"""
    counts = {"reported": given.reported, "due": given.due}
    if not given.missing:
        said = t("common.coverage_full", **counts)
    elif len(given.missing) == given.due > 1 and not given.partly:
        said = t("common.coverage_none", due=given.due)
    else:
        said = _listed(given)
    if not given.partial:
        return said
    everybody = len(given.partial) == given.reported
    if given.months > 1:
        key = "common.coverage_partial_months"
        said += t("common.coverage_partial_months_all") if everybody else t(key, units=_of(given))
        return said
    if everybody:
        return said + t("common.coverage_partial_all")
    return said + t("common.coverage_partial", units=_of(given))


def coverage_note(given: Coverage | pa.Table) -> None:
    """Print the coverage; a table needs the columns unit_id and status."""
    st.caption(coverage_text(given if isinstance(given, Coverage) else coverage_of(given)))


def _listed(given: Coverage) -> str:
    listing = _names([_mark(unit, given) for unit in given.missing])
    # "0/1 reported" beside bars of its other months would contradict them.
    key = "common.coverage_partly" if given.partly else "common.coverage"
    return t(key, reported=given.reported, due=given.due, missing_units=listing)


def _of(given: Coverage) -> str:
    return _names([unit_name(unit) for unit in given.partial])


def _names(names: list[str]) -> str:
    listing = formats.listing(names[:_NAMED], lang())
    more = len(names) - _NAMED
    return t("ui.and_more", names=listing, more=more) if more > 0 else listing


def _mark(unit: str, given: Coverage) -> str:
    if unit in given.awaiting:
        return t("ui.awaiting_review", unit=unit_name(unit))
    partly = unit in given.partly
    return t("ui.partly_reported", unit=unit_name(unit)) if partly else unit_name(unit)
