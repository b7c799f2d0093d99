"""Labeling by unit, city, day, modality and way of measuring hours."""

from __future__ import annotations

from datetime import date

from tests.recompute import periods
from tests.recompute.exact import (
    Row,
    first_day,
    joined,
    known,
    part,
    quotient,
    rework,
    share,
    total,
    wilson,
)
from tests.recompute.returned import Returned, hours_basis

COUNTS = ("items", "objects", "hours", "reviewed", "accepted", "accepted_first_pass", "rejected")
COVERED = {"months_whole": "whole", "days_due": "days_due", "days_covered": "days_covered"}
GOLD = ("gold_items", "gold_correct", "prelabeled_items", "volume_gb")


def sums(rows: list[Row], names: tuple[str, ...], nothing: int | None = None) -> Row:
    """The sum of each measure; `nothing` where it is missing in all rows."""
    return {name: nothing if not rows else total(row[name] for row in rows) for name in names}


def output_by_unit_month(returned: Returned, modality: str | None = None) -> list[Row]:
    found = []
    for line in returned.unit_months:
        rows = returned.work(line["month"], [line["unit_id"]], modality)
        nothing = 0 if line["reported"] else None
        days = len({row["date"] for row in rows}) if rows else nothing
        found.append(
            {
                **{name: line[name] for name in ("month", "unit_id", "status", "version")},
                **sums(rows, COUNTS + GOLD, nothing),
                "hours_basis": hours_basis(rows),
                "reported_days": days,
                "received_on": line["received_on"],
                "explained": False,  # nobody answered a question: there is no case log here
            }
        )
    return found


def rates(rows: list[Row]) -> Row:
    """How good the work was."""
    low, high = gold_interval(rows)
    return {
        "acceptance_rate": share(rows, "accepted", "reviewed"),
        "first_pass_rate": share(rows, "accepted_first_pass", "reviewed"),
        "rework_rate": rework(rows),
        "gold_accuracy": share(rows, "gold_correct", "gold_items"),
        "gold_low": low,
        "gold_high": high,
    }


def gold(rows: list[Row], nothing: int | None = None) -> Row:
    """Gold items whose answer was told, and those that were right."""
    if not rows:
        return {"gold_items": nothing, "gold_correct": nothing}
    return {
        "gold_items": part(rows, "gold_items", "gold_correct"),
        "gold_correct": total(row["gold_correct"] for row in rows),
    }


def gold_interval(rows: list[Row]) -> tuple:
    counted = gold(rows)
    return wilson(counted["gold_correct"], counted["gold_items"])


def quality_by_unit_month(returned: Returned, modality: str | None = None) -> list[Row]:
    found = []
    for line in returned.unit_months:
        rows = returned.work(line["month"], [line["unit_id"]], modality)
        nothing = 0 if line["reported"] else None
        found.append(
            {
                **{name: line[name] for name in ("month", "unit_id", "status")},
                **sums(rows, ("reviewed",), nothing),
                **gold(rows, nothing),
                **rates(rows),
            }
        )
    return found


def coverage_of(lines: list[Row]) -> Row:
    """How many of the units due reported, and what that says of a total."""
    states = [line["status"] for line in lines]
    reported = sum(line["reported"] for line in lines)
    complete = all(status == "A" for status in states)
    return {
        "units_reported": reported,
        "units_due": len(lines),
        "status": "M" if not reported else "A" if complete else "P",
    }


def city_by_month(
    returned: Returned, modality: str | None = None, kind: str | None = None
) -> list[Row]:
    units = [u["unit_id"] for u in returned.plan.units if kind in (None, u["kind"])]
    found = []
    for month in returned.worked_months:
        lines = [m for m in returned.unit_months if m["month"] == month and m["unit_id"] in units]
        rows, covered = returned.work(month, units, modality), coverage_of(lines)
        nothing = 0 if covered["units_reported"] else None
        found.append(
            {
                "month": month,
                **sums(rows, COUNTS + GOLD, nothing),
                **gold(rows, nothing),
                **rates(rows),
                "prelabeled_share": share(rows, "prelabeled_items", "items"),
                **covered,
                "missing_units": joined(m["unit_id"] for m in lines if not m["reported"]),
                "units_whole": sum(m["whole"] for m in lines),
                "partial_units": joined(
                    m["unit_id"] for m in lines if m["reported"] and not m["whole"]
                ),
                "first_day": min(known(m["first_day"] for m in lines), default=None),
                "last_day": max(known(m["last_day"] for m in lines), default=None),
                "reported_on": max(known(m["received_on"] for m in lines), default=None),
                "provisional": any(m["status"] == "P" for m in lines),
            }
        )
    return found


def output_by_day(
    returned: Returned, modality: str | None = None, unit_id: str | None = None
) -> list[Row]:
    days: dict[date, list[Row]] = {}
    for row in returned.rows["labeling_daily"]:
        if modality in (None, row["modality"]) and unit_id in (None, row["unit_id"]):
            days.setdefault(row["date"], []).append(row)
    return [
        {
            "date": day,
            **sums(rows, (*COUNTS, "volume_gb")),
            "hours_basis": hours_basis(rows),
            "acceptance_rate": share(rows, "accepted", "reviewed"),
            "first_pass_rate": share(rows, "accepted_first_pass", "reviewed"),
            "units_reported": len({row["unit_id"] for row in rows}),
        }
        for day, rows in sorted(days.items())
    ]


def output_by_modality_month(returned: Returned, unit_id: str | None = None) -> list[Row]:
    units = None if unit_id is None else [unit_id]
    names = ("items", "objects", "hours", "reviewed", "accepted", "volume_gb")
    found = []
    for month in returned.worked_months:
        every = returned.work(month, units)
        for modality in sorted({row["modality"] for row in every}):
            rows = [row for row in every if row["modality"] == modality]
            found.append(
                {
                    "month": month,
                    "modality": modality,
                    **sums(rows, names),
                    "acceptance_rate": share(rows, "accepted", "reviewed"),
                    "items_share": quotient(
                        total(row["items"] for row in rows), total(row["items"] for row in every)
                    ),
                    "units_reported": len({row["unit_id"] for row in rows}),
                }
            )
    return found


def hours_by_month(
    returned: Returned, modality: str | None = None, unit_id: str | None = None
) -> list[Row]:
    units = None if unit_id is None else [unit_id]
    found = []
    for month in returned.worked_months:
        timed = [
            row
            for row in returned.work(month, units, modality)
            if row["hours"] is not None and row["hours_basis"] is not None
        ]
        for basis in sorted({row["hours_basis"] for row in timed}):
            rows = [row for row in timed if row["hours_basis"] == basis]
            units_here = {row["unit_id"] for row in rows}
            found.append(
                {
                    "month": month,
                    "hours_basis": basis,
                    **sums(rows, ("hours", "items")),
                    "units_reported": len(units_here),
                }
            )
    return found


def modalities(returned: Returned) -> list[Row]:
    rows = returned.rows["labeling_daily"]
    return [
        {
            "modality": modality,
            "first_month": first_day(min(r["date"] for r in rows if r["modality"] == modality)),
            "last_month": first_day(max(r["date"] for r in rows if r["modality"] == modality)),
            "items": total(r["items"] for r in rows if r["modality"] == modality),
        }
        for modality in sorted({row["modality"] for row in rows})
    ]


def months(returned: Returned) -> list[Row]:
    reports = returned.unit_months
    return [
        {
            "month": month,
            "reported_units": sum(m["reported"] for m in reports if m["month"] == month),
            "due_units": sum(m["month"] == month for m in reports),
            "whole_units": sum(_wholes(returned, month)),
            "last_day": max(
                (m["last_day"] for m in reports if m["month"] == month and m["last_day"]),
                default=None,
            ),
            "running": any(
                r["status"] == "running" and r["kind"] == "labeling_daily" and r["month"] == month
                for r in periods.period_coverage(returned)
            ),
            "provisional": returned.provisional(month),
            "opening": month == periods.opening(returned),
        }
        for month in returned.months
    ]


def _wholes(returned: Returned, month: date) -> list[bool]:
    return [periods.cover(returned, month, unit)["whole"] for unit in returned.units]


def coverage(returned: Returned) -> list[Row]:
    return [
        {
            "unit_id": unit,
            "months_due": sum(m["unit_id"] == unit for m in returned.unit_months),
            "months_reported": sum(
                m["reported"] for m in returned.unit_months if m["unit_id"] == unit
            ),
            **{
                name: sum(m[column] for m in returned.unit_months if m["unit_id"] == unit)
                for name, column in COVERED.items()
            },
        }
        for unit in returned.units
    ]


def work_set_aside_by_reason(returned: Returned, unit_id: str | None = None) -> list[Row]:
    every = [r for r in returned.rows["work_set_aside"] if unit_id in (None, r["unit_id"])]
    found = []
    for reason in sorted({row["reason"] for row in every}):
        rows = [row for row in every if row["reason"] == reason]
        found.append(
            {
                "reason": reason,
                "items": total(row["items"] for row in rows),
                "units_reported": len({row["unit_id"] for row in rows}),
                "projects": len(
                    {(r["unit_id"], r["enterprise_id"], r["project_id"]) for r in rows}
                ),
            }
        )
    return found


def agreement_by_project_month(returned: Returned, unit_id: str | None = None) -> list[Row]:
    rows = [r for r in returned.rows["agreement"] if unit_id in (None, r["unit_id"])]
    return [{name: value for name, value in row.items() if name != "date"} for row in rows]
