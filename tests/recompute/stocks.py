"""Datasets by stage, and each unit's month in one row."""

from __future__ import annotations

from datetime import date

from tests.recompute.changes import accepted
from tests.recompute.exact import Row, month_end, shift, total
from tests.recompute.output import rates, sums
from tests.recompute.returned import Returned
from tests.recompute.series import series_of

STAGES = ("planned", "built", "evaluated", "registered", "traded", "applied")
REGISTERED = {
    "enterprises": "labeling_enterprises",
    "workers": "workers",
    "workstations": "workstations",
    "datasets": "datasets_built",
    "hq_datasets": "hq_datasets",
}
RATES = ("acceptance_rate", "first_pass_rate", "gold_accuracy")


def dataset_pipeline(
    returned: Returned, to_month: date | None = None, unit_id: str | None = None
) -> list[Row]:
    end = month_end(returned.newest(to_month))
    mine = [row for row in returned.rows["datasets"] if unit_id in (None, row["unit_id"])]
    found = []
    for sector in returned.plan.sectors:
        for stage in STAGES:
            there = [
                row
                for row in mine
                if row["sector"] == sector["sector"]
                and row[f"{stage}_on"] is not None
                and row[f"{stage}_on"] <= end
            ]
            size = total(row["size_gb"] for row in there) if there else 0
            found.append(
                {
                    "sector": sector["sector"],
                    "stage": stage,
                    "sector_zh": sector["name_zh"],
                    "sector_en": sector["name_en"],
                    "in_plan": sector["in_plan"],
                    "datasets": len(there) if mine else None,
                    "size_gb": size if mine else None,
                }
            )
    return found


def unit_summary(
    returned: Returned, to_month: date | None = None, modality: str | None = None
) -> list[Row]:
    month = to_month or returned.worked_months[-1]
    before = shift(month, -1)
    lines = {m["unit_id"]: m for m in returned.unit_months if m["month"] == month}
    found = []
    for unit in returned.plan.units:
        name = unit["unit_id"]
        rows = returned.work(month, [name], modality)
        earlier = returned.work(before, [name], modality)
        every_day = {row["date"] for row in returned.work(month, [name])}
        nothing = 0 if lines[name]["reported"] else None
        good, was_good = rates(rows), rates(earlier)
        reported_before = 0 if returned.work(before, [name]) else None
        about = {key: value for key, value in unit.items() if not key.startswith("focus")}
        found.append(
            {
                **about,
                "month": month,
                **sums(rows, ("items", "hours", "volume_gb"), nothing),
                "accepted": accepted(returned, month, name, modality),
                **{rate: good[rate] for rate in RATES},
                "reported_days": len(every_day) or None,
                "whole": lines[name]["whole"],
                "first_day": lines[name]["first_day"],
                "last_day": lines[name]["last_day"],
                **_registered(returned, name, month),
                "suppressed": False,
                "status": lines[name]["status"],
                "previous_items": sums(earlier, ("items",), reported_before)["items"],
                "previous_accepted": accepted(returned, before, name, modality),
                "previous_acceptance_rate": was_good["acceptance_rate"],
            }
        )
    return found


def _registered(returned: Returned, unit: str, month: date) -> Row:
    """What the registries and the workforce return say at the end of the month."""
    value = series_of(returned).value
    counts = {name: value(which, (unit,), month) for name, which in REGISTERED.items()}
    return {name: None if n is None else int(n) for name, n in counts.items()}
