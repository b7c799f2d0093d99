"""What the page of the returns says in words: who is missing, what is wrong, what was revised."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.figures import statements
from oneninex.figures.charts.cards import Card

_FIRST = "labeling_daily"
_SMALL = 0.0005  # rounds to 0.0%
Row = Mapping[str, Any]
Names = Mapping[str, str]
COLUMNS = (
    *("first_print", "now", "difference", "difference_share", "nature", "reason", "revised_on"),
    *("versions", "measure", "due_on", "received_at", "first_received_on", "version"),
    *("days_late", "row", "field", "value", "message", "file", "record", "code", "rule"),
    *("received_on", "period", "outstanding", "sha256", "snapshot", "status"),
    *("return", "question", "compared", "subject", "rows_change", "accepted_change"),
    *("month", "unit_id"),
)


def column_titles(lang: str) -> dict[str, str]:
    """Headings of the columns that only this page shows."""
    return {name: text(f"returns.column.{name}", lang) for name in COLUMNS}


def kinds(by_month: pa.Table, names: Names) -> dict[str, str]:
    """Kinds with a due day to their title, the labeling return first."""
    present = set(by_month.column("kind").to_pylist())
    return {kind: names[kind] for kind in sorted(present, key=lambda kind: (kind != _FIRST, kind))}


def newest(by_month: pa.Table) -> Row:
    """The newest month of returns_by_month (one kind) whose due day has come, else the newest.

    Raises IndexError where there is no month.
    """
    rows = by_month.to_pylist()
    due = [row for row in rows if row["is_due"]]
    return (due or rows)[-1]


def headline(row: Row, ledger: pa.Table, kind: str, units: Names, lang: str) -> str:
    """Who is missing in the month of `row` (of returns_by_month), by name and days overdue."""
    values = {
        "month": formats.month(row["month"], lang),
        "kind": kind,
        "reported": row["units_reported"],
        "due": row["units_due"],
    }
    absent = [r for r in ledger.to_pylist() if r["month"] == row["month"] and _missing(r)]
    if not row["is_due"]:
        return _t("headline_early", lang, **values, day=formats.day(row["due_on"], lang))
    waiting = _waiting(row, ledger, units, lang)
    if not absent:
        key = "headline_waiting" if waiting else "headline_complete"
        return _t(key, lang, **values, waiting=waiting)
    named = [
        _t("absent", lang, unit=units.get(r["unit_id"], r["unit_id"]), days=r["days_late"])
        for r in absent
    ]
    said = _t("headline", lang, **values, missing=formats.listing(named, lang))
    return said + (_t("also_waiting", lang, waiting=waiting) if waiting else "")


def _waiting(row: Row, ledger: pa.Table, units: Names, lang: str) -> str:
    """The units whose return of the month has come and awaits review."""
    found = [
        units.get(each["unit_id"], each["unit_id"])
        for each in ledger.to_pylist()
        if each["month"] == row["month"] and each["status"] == "awaiting_review"
    ]
    return formats.listing(found, lang)


def cards(row: Row, faulty: pa.Table, lang: str) -> list[Card]:
    """Reported, late, revised of the month; findings that wait, in how many files.

    `faulty`: one row per file, `waiting` findings of it.
    """
    counts = [count for count in faulty.column("waiting").to_pylist() if count]
    waiting = sum(counts)
    month = formats.month(row["month"], lang)
    due = _t("due_on", lang, day=formats.day(row["due_on"], lang))
    reported = f"{row['units_reported']}/{row['units_due']}"
    found = _t("waiting_note" if waiting else "waiting_none", lang, files=len(counts))
    return [
        Card(_t("card_reported", lang, month=month), reported, notes=(due,)),
        Card(_t("card_late", lang, month=month), formats.exact(row["late"], lang),
             notes=(_t("late_note", lang),)),
        Card(_t("card_revised", lang, month=month), formats.exact(row["revised"], lang),
             notes=(_t("revised_note", lang),)),
        Card(_t("card_waiting", lang), formats.exact(waiting, lang), notes=(found,)),
    ]  # fmt: skip


def jump(lang: str) -> str:
    """Links to what a unit comes here to do, further down the page."""
    places = {"upload": "upload_title", "template": "template_title"}
    return " · ".join(f"[{_t(name, lang)}](#{place})" for place, name in places.items())


def cell_word(row: Row, lang: str) -> str:
    """A ledger entry in a word or two that fit a cell."""
    values = {"days": row["days_late"], "version": row["version"]}
    return text(f"returns.cell.{row['status']}", lang, **values)


def cell_note(row: Row, lang: str) -> str:
    """A ledger entry in full: due, received, versions, days late."""
    parts = [_t("due_on", lang, day=formats.day(row["due_on"], lang))]
    if _missing(row):
        parts.append(_t("overdue", lang, days=row["days_late"]))
        return _t("semicolon", lang).join(parts)
    parts.append(_t("first_on", lang, day=formats.day(row["first_received_on"], lang)))
    if row["days_late"]:
        parts.append(_t("late_by", lang, days=row["days_late"]))
    if (row["version"] or 0) > 1:
        day = formats.day(row["received_at"], lang)
        parts.append(_t("newest_on", lang, version=row["version"], day=day))
    return _t("semicolon", lang).join(parts)


def describe_ledger(by_month: pa.Table, lang: str) -> str:
    """How many of the returns that were due came on time, late, or not at all."""
    rows = [row for row in by_month.to_pylist() if row["is_due"]]
    sums = {name: sum(row[name] for row in rows) for name in _COUNTED}
    total = sum(sums.values())
    if not total:
        return _t("ledger_none", lang)
    key = "ledger_line_waiting" if sums["awaiting_review"] else "ledger_line"
    return _t(key, lang, total=total, months=len(rows), **sums)


_COUNTED = ("on_time", "late", "revised", "awaiting_review", "missing")


def files(rows: pa.Table, lang: str) -> dict[str, str]:
    """Key of each faulty file to a line that says which it is, in the order given."""
    return {
        row["key"]: _t(
            "file_line" if row["waiting"] else "file_mended",
            lang,
            file=row["file"],
            day=formats.day(row["received_on"], lang),
            findings=row["findings"],
            waiting=row["waiting"],
        )
        for row in rows.to_pylist()
    }


def describe_findings(row: Row, kinds_: Names, lang: str) -> str:
    """One file with findings: rows read, accepted, sent back."""
    if row["status"] == "refused":
        return _t("file_refused", lang, file=row["file"])
    return _t(
        "file_partly",
        lang,
        file=row["file"],
        kind=kinds_.get(row["kind"] or "", ""),
        read=formats.exact(row["rows_read"], lang),
        accepted=formats.exact(row["rows_accepted"], lang),
        quarantined=formats.exact(row["rows_quarantined"], lang),
    )


def describe_questions(questions: pa.Table, units: Names, lang: str) -> str:
    """How many figures are asked about, of which units."""
    asked = list(dict.fromkeys(questions.column("unit_id").to_pylist()))
    if not asked:
        return _t("questions_none", lang)
    named = [units.get(unit, unit) if unit else text("common.city", lang) for unit in asked]
    places = formats.listing(named, lang)
    return _t("questions_count", lang, count=questions.num_rows, units=places)


def question(row: Row, subject: str, measure: str, lang: str) -> str:
    """What is asked about one row of `questions`; `subject` and `measure` are names."""
    month = formats.month(row["month"], lang) if row["month"] else ""
    return text(
        f"questions.{row['rule']}",
        lang,
        month=month,
        subject=subject,
        measure=measure,
        value=formats.exact(row["value"], lang),
        compared=formats.exact(row["compared"], lang),
    )


def describe_revisions(revisions: pa.Table, units: Names, measures: Names, lang: str) -> str:
    """How many figures were revised, and the largest relative change."""
    rows = revisions.to_pylist()
    if not rows:
        return _t("revisions_none", lang)
    count = _t("revisions_count", lang, figures=len(rows),
               months=len({(r["month"], r["unit_id"]) for r in rows}))  # fmt: skip
    ranked = [row for row in rows if row["difference_share"] is not None]
    if not ranked:
        return count
    found = statements.largest(ranked, lambda row: abs(row["difference_share"]))
    if len(found) != 1:  # one revision alone, or several alike
        return count
    (most,) = found
    return count + _t(
        "revisions_most",
        lang,
        unit=units.get(most["unit_id"], most["unit_id"]),
        month=formats.month(most["month"], lang),
        measure=measures.get(most["measure"], most["measure"]),
        before=formats.number(most["first_print"], lang),
        now=formats.number(most["now"], lang),
    )


def revision_table(
    revisions: pa.Table, measure: str, units: Names, measures: Names, lang: str
) -> pa.Table:
    """The revised figures of a measure (or `all`) as texts, the newest month first."""
    chosen = [row for row in revisions.to_pylist() if measure in ("all", row["measure"])]
    rows = [
        {
            "month": formats.month(row["month"], lang),
            "unit_id": units.get(row["unit_id"], row["unit_id"]),
            "measure": measures.get(row["measure"], row["measure"]),
            "first_print": formats.exact(row["first_print"], lang),
            "now": formats.exact(row["now"], lang),
            "difference": _difference(row, lang),
            "nature": text(f"returns.nature.{row['nature']}", lang),
            "reason": row["reason"] or _t("no_reason", lang),
            "revised_on": formats.day(row["revised_on"], lang),
            "versions": formats.exact(row["versions"], lang),
        }
        for row in sorted(chosen, key=lambda row: row["month"], reverse=True)
    ]
    return pa.Table.from_pylist(rows)


def _difference(row: Row, lang: str) -> str:
    difference, share = _signed(row["difference"], lang), row["difference_share"]
    if share is None or abs(share) < _SMALL:
        return difference
    percent = formats.percent(share, lang)
    return _t("difference", lang, difference=difference,
              share=f"+{percent}" if share > 0 else percent)  # fmt: skip


def change_table(changes: pa.Table, kind_names: Names, units: Names, lang: str) -> pa.Table:
    """What a publication would change: rows and accepted items before → after.

    `changes`: kind, unit_id, period, measure, before, after (store.revisions.CHANGES).
    """
    grouped: dict[tuple[Any, ...], dict[str, Row]] = {}
    for row in changes.to_pylist():
        key = (row["kind"], row["unit_id"], row["period"])
        grouped.setdefault(key, {})[row["measure"]] = row
    rows = [
        {
            "return": kind_names.get(kind, kind),
            "unit_id": units.get(unit, unit or ""),
            "month": formats.month(period, lang) if period else _t("no_period", lang),
            "rows_change": _moved(found.get("rows"), lang),
            "accepted_change": _moved(found.get("accepted"), lang),
        }
        for (kind, unit, period), found in grouped.items()
    ]
    return pa.Table.from_pylist(rows)


def replaces(changes: pa.Table) -> bool:
    """Whether a publication would replace rows that were published before."""
    return any(
        row["measure"] == "rows" and (row["kept"] or 0) < (row["before"] or 0)
        for row in changes.to_pylist()
    )


def _moved(row: Row | None, lang: str) -> str:
    if row is None or (row["before"] is None and row["after"] is None):
        return ""
    before, after = row["before"], row["after"]
    if before is None:
        return _t("added", lang, after=formats.exact(after, lang))
    if before == after:
        return _t("same", lang, after=formats.exact(after, lang))
    values = {"before": formats.exact(before, lang), "after": formats.exact(after, lang)}
    return _t("moved", lang, **values, difference=_signed((after or 0) - before, lang))


def _signed(value: float | None, lang: str) -> str:
    if value is None:
        return formats.missing(lang)
    return f"+{formats.exact(value, lang)}" if value > 0 else formats.exact(value, lang)


def _missing(row: Row) -> bool:
    return row["status"] == "missing"


def _t(name: str, lang: str, **values: object) -> str:
    return text(f"returns.{name}", lang, **values)


def score(row: Row | None, lang: str) -> str:
    """The fraction of a row of sender_scores with its counts, or that it is not measured."""
    if row is None or row["total"] is None:
        return text("review.not_measured", lang)
    if not row["total"]:
        return formats.missing(lang)
    share = formats.percent(row["share"], lang)
    return text("review.fraction", lang, share=share, met=row["met"], total=row["total"])
