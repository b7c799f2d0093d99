"""Figures as they were first published, against what stands now."""

from __future__ import annotations

from datetime import date

from tests.recompute.exact import Number, Row, quotient, total
from tests.recompute.files import HEADERS, TEXTS
from tests.recompute.returned import Returned, Upload

Place = tuple[str, date]
# The kinds of which a unit's month or quarter is one figure; no other is sent twice here.
KINDS = ("labeling_daily", "enterprise_quarterly", "workforce_monthly")
# People present each day: over the days of a month they add up to no headcount.
NOT_SUMMED = {("labeling_daily", "annotators")}


def revisions(returned: Returned) -> list[Row]:
    """What the second publication changed of what the first had shown."""
    first = [upload for upload in returned.uploads if upload.publication == 1]
    before = Returned(first, returned.plan, returned.today)
    found = [row for kind in KINDS for row in _of_kind(before, returned, kind)]
    return sorted(found, key=lambda r: (r["month"], r["unit_id"], r["kind"], r["measure"]))


def _of_kind(before: Returned, now: Returned, kind: str) -> list[Row]:
    old, new = _by_place(before, kind), _by_place(now, kind)
    # What the second publication did not touch needs no look.
    touched = [place for place, rows in new.items() if place in old and rows != old[place]]
    measures = [
        name
        for name in HEADERS[kind].values()
        if _is_number(name) and (kind, name) not in NOT_SUMMED
    ]
    found = []
    for place in touched:
        for measure in measures:
            was, stands = (total(r[measure] for r in rows) for rows in (old[place], new[place]))
            if was != stands:
                about = _about(now, kind, place, old[place], new[place])
                found.append({**about, "measure": measure, **_difference(was, stands)})
    return found


def _by_place(returned: Returned, kind: str) -> dict[Place, list[Row]]:
    groups: dict[Place, list[Row]] = {}
    for row in returned.rows[kind]:
        groups.setdefault((row["unit_id"], row["month"]), []).append(row)
    return groups


def _is_number(name: str) -> bool:
    return name not in TEXTS and name not in ("date", "month")


def _difference(was: Number, stands: Number) -> Row:
    step = None if was is None or stands is None else stands - was
    share = quotient(step, abs(was)) if was is not None else None
    return {"first_print": was, "now": stands, "difference": step, "difference_share": share}


def _about(now: Returned, kind: str, place: Place, old: list[Row], new: list[Row]) -> Row:
    unit, month = place
    causes = [upload for upload in now.uploads if _carried(upload, kind, place)]
    return {
        "month": month,
        "unit_id": unit,
        "kind": kind,
        "nature": "completed" if all(row in new for row in old) else "corrected",
        "reason": " | ".join(sorted({u.reason for u in causes} - {""})) or None,
        "revised_on": max(upload.received_on for upload in causes),
        "versions": 2,
        "snapshot": 2,
    }


def _carried(upload: Upload, kind: str, place: Place) -> bool:
    """Whether it came with the second publication and had rows for the unit and month."""
    if upload.publication != 2:
        return False
    rows = upload.rows.get(kind, [])
    return any((row["unit_id"], row["date"].replace(day=1)) == place for row in rows)
