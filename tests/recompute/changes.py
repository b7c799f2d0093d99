"""What changed from one month to another, by unit and for the city."""

from __future__ import annotations

from datetime import date

from tests.recompute.exact import Number, Row, minus, quotient, shift, total
from tests.recompute.output import COUNTS, coverage_of, gold, rates, sums
from tests.recompute.returned import Returned

DIFFERENCES = ("acceptance_rate", "first_pass_rate", "rework_rate", "gold_accuracy")


def accepted(returned: Returned, month: date, unit: str, modality: str | None) -> Number:
    """Accepted items of a unit's month; 0 of a modality that a reporting unit does not have."""
    rows = returned.work(month, [unit], modality)
    if not rows:
        return 0 if returned.work(month, [unit]) else None
    return total(row["accepted"] for row in rows)


def _compared(returned: Returned, now: date, base: date, modality: str | None) -> list[Row]:
    states = {(m["month"], m["unit_id"]): m["status"] for m in returned.unit_months}
    found = []
    for unit in returned.units:
        left, right = (accepted(returned, month, unit, modality) for month in (now, base))
        found.append(
            {
                "month": now,
                "unit_id": unit,
                "accepted": left,
                "accepted_before": right,
                "reason": _reason(left, right),
                "status": states.get((now, unit), "M"),
            }
        )
    return found


def _reason(now: Number, before: Number) -> str:
    if now is not None:
        return "newly_reported" if before is None else "change"
    return "neither" if before is None else "not_reported"


def _shared(rows: list[Row]) -> list[Row]:
    """With each unit's share of the change; the largest change first."""
    whole = total(row["change"] for row in rows)
    for row in rows:
        row["city_change"] = whole
        row["share_of_change"] = quotient(row["change"], whole)
    return sorted(rows, key=lambda r: (r["change"] is None, -abs(r["change"] or 0), r["unit_id"]))


def like_for_like(
    returned: Returned,
    to_month: date | None = None,
    modality: str | None = None,
    against: str = "period",
) -> list[Row]:
    now = to_month or returned.worked_months[-1]
    base = shift(now, -12 if against == "year" else -1)
    rows = _compared(returned, now, base, modality)
    both = [row for row in rows if row["reason"] == "change"]
    for row in rows:
        row["base_month"] = base
        row["change"] = minus(row["accepted"], row["accepted_before"])
        row["city_accepted"] = total(r["accepted"] for r in both)
        row["city_accepted_before"] = total(r["accepted_before"] for r in both)
        row["units_compared"], row["units_due"] = len(both), len(rows)
    return _shared(rows)


def throughput_by_month(
    returned: Returned, modality: str | None = None, unit_id: str | None = None
) -> list[Row]:
    units = returned.units if unit_id is None else [unit_id]
    found = []
    for month in returned.worked_months:
        lines = [m for m in returned.unit_months if m["month"] == month and m["unit_id"] in units]
        rows = returned.work(month, units, modality)
        covered = coverage_of(lines)
        nothing = 0 if covered["units_reported"] else None
        counted = sums(rows, COUNTS, nothing)
        found.append(
            {
                "month": month,
                **{name: counted[name] for name in ("items", "reviewed", "accepted")},
                **gold(rows),
                **rates(rows),
                **_since(returned, month, shift(month, -1), units, modality, "mom"),
                **_since(returned, month, shift(month, -12), units, modality, "yoy"),
                **covered,
            }
        )
    return found


def _since(
    returned: Returned, now: date, base: date, units: list[str], modality: str | None, name: str
) -> Row:
    """How the units that reported both months changed."""
    both = [u for u in units if returned.work(now, [u]) and returned.work(base, [u])]
    left, right = (returned.work(month, both, modality) for month in (now, base))
    rates_now, rates_before = rates(left), rates(right)
    nothing = 0 if both else None
    return {
        f"{name}_units": len(both),
        f"{name}_accepted": sums(left, ("accepted",), nothing)["accepted"],
        f"{name}_accepted_before": sums(right, ("accepted",), nothing)["accepted"],
        **{f"{name}_{rate}": minus(rates_now[rate], rates_before[rate]) for rate in DIFFERENCES},
    }
