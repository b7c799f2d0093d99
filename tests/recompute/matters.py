"""The ledger of returns, and what needs a decision."""

from __future__ import annotations

from collections import Counter
from datetime import date

from tests.recompute.ahead import target_outlook
from tests.recompute.exact import Row, first_day, joined, quotient
from tests.recompute.goals import judged_by
from tests.recompute.returned import Returned, Upload

BLANK = dict.fromkeys(("target_id", "indicator_id", "unit_id", "return_kind", "probability"))


def returns_ledger(returned: Returned) -> list[Row]:
    return returned.ledger


def needs_decision(returned: Returned, to_month: date | None = None) -> list[Row]:
    every = _targets(returned, to_month) + _missing(returned, to_month)
    every += _broken(returned, to_month)
    return sorted(every, key=_urgency)


def _urgency(row: Row) -> tuple:
    names = ("target_id", "month", "unit_id", "return_kind")
    known = [(row[name] is None, str(row[name] or "")) for name in names]
    return (row["severity"], row["kind"], *known)


def _targets(returned: Returned, to_month: date | None) -> list[Row]:
    ahead = {row["target_id"]: row for row in target_outlook(returned, to_month)}
    return [
        {
            **BLANK,
            "kind": "target",
            "severity": 1 if ahead[goal.target["target_id"]]["worse"] == "red" else 2,
            "target_id": goal.target["target_id"],
            "indicator_id": goal.target["indicator_id"],
            "unit_id": None if goal.target["scope"] == "city" else goal.target["scope"],
            "month": row["value_month"],
            "amount": row["gap_pp"],
            "probability": ahead[goal.target["target_id"]]["probability"],
        }
        for goal, row in judged_by(returned, to_month)
        if ahead[goal.target["target_id"]]["worse"] in ("yellow", "red")
    ]


def _missing(returned: Returned, to_month: date | None) -> list[Row]:
    return [
        {
            **BLANK,
            "kind": "missing_return",
            "severity": 1 if line["days_late"] > 30 else 2,
            "unit_id": line["unit_id"],
            "return_kind": line["kind"],
            "month": line["month"],
            "amount": line["days_late"],
        }
        for line in returned.ledger
        if line["status"] == "missing" and (to_month is None or line["month"] <= to_month)
    ]


def _broken(returned: Returned, to_month: date | None) -> list[Row]:
    left: Counter[tuple[str, date]] = Counter()
    for number in range(len(returned.uploads)):
        waiting = map(_place, _waiting(returned, number))
        left.update(p for p in waiting if to_month is None or p[1] <= to_month)
    return [
        {
            **BLANK,
            "kind": "outstanding_findings",
            "severity": 3,
            "unit_id": unit,
            "return_kind": "labeling_daily",
            "month": month,
            "amount": count,
        }
        for (unit, month), count in left.items()
    ]


def _place(row: Row) -> tuple[str, date]:
    return row["unit_id"], first_day(row["date"])


def _waiting(returned: Returned, number: int) -> list[Row]:
    """Daily rows of an upload that were refused, with no later return of their unit and month."""
    newest = {
        place: max((s.upload for s in returned.sent_for("labeling_daily", *place)), default=0)
        for place in map(_place, returned.uploads[number].broken)
    }
    return [row for row in returned.uploads[number].broken if newest[_place(row)] <= number]


def faulty_uploads(returned: Returned) -> list[Row]:
    found = []
    for number, upload in enumerate(returned.uploads):
        accepted = sum(len(rows) for rows in upload.rows.values())
        found.append(
            {
                "sha256": upload.sha256,
                "file": upload.name,
                "kind": next(iter(upload.rows)),
                "received_on": upload.received_on,
                "status": "partly",
                "rows_read": accepted + len(upload.broken),
                "rows_accepted": accepted,
                "rows_quarantined": len(upload.broken),
                "findings": len(upload.broken),
                "waiting": len(_waiting(returned, number)),
                "upload_id": upload.upload_id,
            }
        )
    return [row for row in reversed(found) if row["findings"]]


RETURN_STATES = ("on_time", "late", "revised", "awaiting_review", "missing")


def returns_by_month(returned: Returned) -> list[Row]:
    places = sorted({(line["month"], line["kind"]) for line in returned.ledger})
    return [_all_units(returned, month, kind) for month, kind in places]


def _all_units(returned: Returned, month: date, kind: str) -> Row:
    lines = [r for r in returned.ledger if (r["month"], r["kind"]) == (month, kind)]
    missing = [line for line in lines if line["status"] == "missing"]
    states = [line["status"] for line in lines]
    return {
        "month": month,
        "kind": kind,
        "due_on": lines[0]["due_on"],
        "is_due": lines[0]["due_on"] <= returned.today,
        "units_due": len(returned.units),
        "units_reported": len(lines) - len(missing),
        **{state: states.count(state) for state in RETURN_STATES},
        "missing_units": joined(line["unit_id"] for line in missing),
        "days_late": max((line["days_late"] for line in missing), default=None),
    }


def sender_scores(returned: Returned, unit_id: str | None = None) -> list[Row]:
    """Counts of rows, returns and files of each unit, and the share of those without a fault."""
    found = []
    for unit in sorted(returned.units):
        if unit_id not in (None, unit):
            continue
        broken = sum(r["unit_id"] == unit for u in returned.uploads for r in u.broken)
        rows = sum(_rows_of(upload, unit) for upload in returned.uploads) + broken
        lines = [line for line in returned.ledger if line["unit_id"] == unit]
        came = [line for line in lines if line["status"] != "missing"]
        counts = {
            "normative": (rows, rows),
            "complete": (len(came), len(lines)),
            "accurate": (rows, rows),
            "consistent": (rows - broken, rows),
            "timely": (sum(line["days_late"] <= 0 for line in came), len(lines)),
            "accessible": (None, None),
        }
        for dimension, (met, of) in counts.items():
            row = {"unit_id": unit, "dimension": dimension, "met": met, "total": of}
            found.append({**row, "share": None if met is None else quotient(met, of)})
    return found


def _rows_of(upload: Upload, unit: str) -> int:
    """Good rows that a file carried for a unit."""
    return sum(row.get("unit_id") == unit for rows in upload.rows.values() for row in rows)
