"""What units are asked about."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from datetime import date
from statistics import median
from typing import Any

from oneninex.core.settings import ROOT
from tests.recompute.exact import Number, Row, quotient, total
from tests.recompute.returned import Returned

RULES = tomllib.loads((ROOT / "data" / "plan" / "plan.toml").read_text("utf-8"))["questions"]
TO_JUDGE, FEWEST = 3, 6


def questions(returned: Returned) -> list[Row]:
    every = [*_jumps(returned), *_falls(returned), *_volumes(returned), *_sizes(returned)]
    return sorted(every, key=_place)


def _place(row: Row) -> tuple[Any, ...]:
    last = row["month"] is None, row["month"] or date.min
    return (*last, row["kind"], row["unit_id"] or "", row["rule"], row["subject"] or "",
            row["measure"])  # fmt: skip


def _question(kind: str, rule: str, measure: str, value: Number, compared: Number, **of: Any):
    blank: Row = {"unit_id": None, "month": None, "subject": None}
    about = {"kind": kind, "code": "rule", "rule": rule, "measure": measure}
    found = {**blank, **about, "value": value, "compared": compared, **of}
    named = (
        *(kind, found["unit_id"] or "city", str(found["month"] or "any")[:7], rule),
        *(found["subject"] or "all", measure),
    )
    # Nobody answered: there is no case log here.
    unanswered = dict.fromkeys(("answer", "explanation", "answered_on"))
    return {**found, "question_id": ".".join(named), **unanswered}


def _jumps(returned: Returned) -> list[Row]:
    factor, found = RULES["jump_factor"], []
    for (kind, measure, unit), months in _measured(returned).items():
        for place in range(TO_JUDGE, len(months)):
            month, value = months[place]
            usual = quotient(total(v for _, v in months[place - TO_JUDGE : place]), TO_JUDGE)
            assert usual is not None
            low = value * factor < usual and not returned.running(month)
            if value > usual * factor or low:
                found.append(_question(kind, "jump", measure, value, usual,
                                       unit_id=unit, month=month))  # fmt: skip
    return found


def _measured(returned: Returned) -> dict[tuple[str, str, str], list[tuple[date, Any]]]:
    """For each return, measure and unit the months that tell it, in order."""
    found = defaultdict(list)
    for month in returned.worked_months:
        for unit in returned.units:
            rows = returned.work(month, [unit])
            for measure in ("items", "hours"):
                if (value := total(row[measure] for row in rows)) is not None:
                    found["labeling_daily", measure, unit].append((month, value))
    for row in sorted(returned.rows["workforce_monthly"], key=lambda row: row["month"]):
        if (value := total((row["full_time"], row["part_time"]))) is not None:
            found["workforce_monthly", "workers", row["unit_id"]].append((row["month"], value))
    return found


def _falls(returned: Returned) -> list[Row]:
    kinds = {i["indicator_id"]: i["kind"] for i in returned.plan.indicators}
    highest: dict[tuple[str, str], Any] = {}
    found = []
    for row in sorted(returned.rows["indicator_values"], key=lambda row: row["period"]):
        key = row["indicator_id"], row["scope"]
        if kinds.get(key[0]) != "cumulative" or row["value"] is None:
            continue
        if key in highest and row["value"] < highest[key]:
            unit = None if key[1] == "city" else key[1]
            found.append(_question("indicator_values", "cumulative_falls", "value", row["value"],
                                   highest[key], unit_id=unit, month=row["period"],
                                   subject=key[0]))  # fmt: skip
        highest[key] = max(highest.get(key, row["value"]), row["value"])
    return found


def _volumes(returned: Returned) -> list[Row]:
    sizes: dict[str, list[tuple[Any, date, str]]] = defaultdict(list)
    for month in returned.worked_months:
        for unit in returned.units:
            rows = returned.work(month, [unit])
            for modality in {row["modality"] for row in rows}:
                mine = [row for row in rows if row["modality"] == modality and row["volume_gb"]]
                volume = total(row["volume_gb"] for row in mine)
                size = quotient(volume, total(row["items"] for row in mine))
                if size:
                    sizes[modality].append((size, month, unit))
    factor, found = RULES["volume_factor"], []
    for modality, every in sizes.items():
        usual = median(size for size, _, _ in every)
        for size, month, unit in every if len(every) >= FEWEST else []:
            if size > usual * factor or size * factor < usual:
                found.append(_question("labeling_daily", "volume_unit", "volume_gb", size, usual,
                                       unit_id=unit, month=month, subject=modality))  # fmt: skip
    return found


def _sizes(returned: Returned) -> list[Row]:
    low, high = RULES["dataset_gb_low"], RULES["dataset_gb_high"]
    return [
        _question("datasets", "dataset_size", "size_gb", row["size_gb"],
                  low if row["size_gb"] < low else high, unit_id=row["unit_id"],
                  subject=row["dataset_id"])
        for row in returned.rows["datasets"]
        if row["size_gb"] is not None and not low <= row["size_gb"] <= high
    ]  # fmt: skip
