"""What enterprises are made of: cohorts, groups, contributions, specialisation, candidates."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from tests.recompute.exact import Number, Row, month_end, quotient, shift, total
from tests.recompute.returned import Returned, active

SPANS = (6, 12, 18, 24, 36)
GROUPS = {
    "origin": ("attracted", "grown", "unregistered"),
    "size": ("smallest", "small", "medium", "large", "unknown"),
}
CRITERIA = ("revenue", "growth", "employees", "rd", "certified")


def enterprise_survival(
    returned: Returned,
    to_month: date | None = None,
    unit_id: str | None = None,
    origin: str | None = None,
) -> list[Row]:
    end = month_end(returned.newest(to_month))
    cohorts = defaultdict(list)
    for row in returned.enterprises:
        wanted = unit_id in (None, row["unit_id"]) and origin in (None, row["origin"])
        if row["registered"] and wanted and row["joined_on"] <= end:
            cohorts[str(row["joined_on"].year)].append(row)
    return [
        _survived(cohort, span, rows, end)
        for cohort, rows in sorted(cohorts.items())
        for span in SPANS
    ]


def _survived(cohort: str, span: int, rows: list[Row], end: date) -> Row:
    days = [(row, _later(row["joined_on"], span)) for row in rows]
    seen = [(row, day) for row, day in days if day <= end]
    there = [row for row, day in seen if active(row, day)]
    return {
        "cohort": cohort,
        "months": span,
        "joined": len(rows),
        "observed": len(seen),
        "survived": len(there),
        "survival_share": quotient(len(there), len(seen)),
    }


def _later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    first = shift(day.replace(day=1), months)
    return first.replace(day=min(day.day, month_end(first).day))


def _quarters(returned: Returned) -> list[tuple[str, date]]:
    return sorted({(r["quarter"], r["month"]) for r in returned.rows["enterprise_quarterly"]})


def _at(returned: Returned, month: date, unit_id: str | None = None) -> dict[Any, Row]:
    return {
        (row["unit_id"], row["enterprise_id"]): row
        for row in returned.rows["enterprise_quarterly"]
        if row["month"] == month and unit_id in (None, row["unit_id"])
    }


def enterprise_structure(returned: Returned, unit_id: str | None = None) -> list[Row]:
    found = []
    for quarter, month in _quarters(returned):
        now, before = (_at(returned, at, unit_id) for at in (month, shift(month, -12)))
        both = {key[0] for key in now} & {key[0] for key in before}
        for dimension, groups in GROUPS.items():
            for group in groups:
                line = _group(returned, dimension, group, now, before, both)
                if line:
                    found.append({"quarter": quarter, "dimension": dimension, **line})
    return found


def _group(
    returned: Returned,
    dimension: str,
    group: str,
    now: dict[Any, Row],
    before: dict[Any, Row],
    both: set[str],
) -> Row | None:
    here = [key for key, row in now.items() if _member(returned, dimension, row) == group]
    gone = [
        key
        for key, row in before.items()
        if key not in now and key[0] in both and _member(returned, dimension, row) == group
    ]
    if not here and not gone:
        return None
    low, high = _bounds(returned, group)
    like = [key for key in here if key[0] in both]
    past = [key for key in [*like, *gone] if key in before]
    return {
        "member": group,
        "employees_from": low,
        "employees_to": high,
        "enterprises": len({key[1] for key in here}),
        "suppressed": False,
        "employees": total(now[key]["employees"] for key in here),
        "revenue_10k_cny": total(now[key]["revenue_10k_cny"] for key in here),
        "labeling_revenue_10k_cny": total(now[key]["labeling_revenue_10k_cny"] for key in here),
        "yoy_revenue": total(now[key]["revenue_10k_cny"] for key in like),
        "yoy_revenue_before": total(before[key]["revenue_10k_cny"] for key in past),
    }


def _member(returned: Returned, dimension: str, row: Row) -> str:
    if dimension == "size":
        bounds = zip(returned.plan.sizes, ("smallest", "small", "medium"), strict=True)
        if row["employees"] is None:
            return "unknown"
        return next((name for bound, name in bounds if row["employees"] < bound), "large")
    (firm,) = [r for r in returned.enterprises if r["enterprise_id"] == row["enterprise_id"]]
    return firm["origin"] if firm["registered"] else "unregistered"


def _bounds(returned: Returned, group: str) -> tuple[Number, Number]:
    small, medium, large = returned.plan.sizes
    return {
        "smallest": (0, small - 1),
        "small": (small, medium - 1),
        "medium": (medium, large - 1),
        "large": (large, None),
    }.get(group, (None, None))


def growth_contribution(returned: Returned, unit_id: str | None = None) -> list[Row]:
    firms = {row["enterprise_id"]: row for row in returned.enterprises}
    found = []
    for quarter, month in _quarters(returned):
        now, before = _at(returned, month), _at(returned, shift(month, -12))
        both = {key[0] for key in now} & {key[0] for key in before}
        keys = [key for key in {**now, **before} if key[0] in both]
        base = total(before[key]["revenue_10k_cny"] for key in keys if key in before)
        whole = total(now[key]["revenue_10k_cny"] for key in keys if key in now)
        grown = None if base is None or whole is None else whole - base
        growth = quotient(grown, base if base and base > 0 else None)
        rows = [_contribution(key, now.get(key), before.get(key), base) for key in keys]
        rows.sort(
            key=lambda r: (
                r["change_10k_cny"] is None,
                -(r["change_10k_cny"] or 0),
                r["enterprise_id"],
                r["unit_id"],
            )
        )
        for row in rows:
            firm = firms[row["enterprise_id"]]
            about = {name: firm[name] for name in ("name_zh", "name_en", "origin")}
            if unit_id in (None, row["unit_id"]):
                row |= {"city_growth": growth, "suppressed": False}
                found.append({"quarter": quarter, **row, **about})
    return found


def _contribution(key: Any, now: Row | None, before: Row | None, base: Number) -> Row:
    revenue = now["revenue_10k_cny"] if now else None
    earlier = before["revenue_10k_cny"] if before else None
    if (now and revenue is None) or (before and earlier is None):
        movement = "unknown"
    else:
        movement = "continuing" if now and before else "entered" if now else "left"
    change = None if movement == "unknown" else (revenue or 0) - (earlier or 0)
    return {
        "enterprise_id": key[1],
        "unit_id": key[0],
        "movement": movement,
        "revenue_10k_cny": revenue,
        "revenue_before_10k_cny": earlier,
        "change_10k_cny": change,
        "contribution": quotient(change, base if base and base > 0 else None),
    }


def location_quotient(returned: Returned, quarter: str | None = None) -> list[Row]:
    items: dict[str, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for row in returned.rows["labeling_daily"]:
        named = f"{row['date'].year}Q{(row['date'].month + 2) // 3}"
        items[named][row["unit_id"], row["modality"]] += row["items"]
    chosen = quarter or max(items)
    here = items[chosen]
    modalities = sorted({modality for _, modality in here})
    city = sum(here.values())
    found = []
    for unit in sorted(returned.units):
        mine = {m: n for (u, m), n in here.items() if u == unit}
        whole = sum(mine.values()) if mine else None
        for modality in modalities:
            every = sum(n for (_, m), n in here.items() if m == modality)
            part = mine.get(modality, 0) if mine else None
            found.append(
                {
                    "quarter": chosen,
                    "unit_id": unit,
                    "modality": modality,
                    "items": part,
                    "unit_items": whole,
                    "modality_items": every,
                    "city_items": city,
                    "location_quotient": quotient(quotient(part, whole), quotient(every, city)),
                }
            )
    return found


def benchmark_candidates(
    returned: Returned, quarter: str | None = None, **asked: float | None
) -> list[Row]:
    quarters = dict(_quarters(returned))
    chosen = quarter or max(quarters)
    now, before = (_at(returned, at) for at in (quarters[chosen], shift(quarters[chosen], -12)))
    last_year = {key[1]: row for key, row in before.items()}
    firms = {row["enterprise_id"]: row for row in returned.enterprises}
    rules = {name: returned.plan.criteria[name] for name in CRITERIA}
    names = ("min_revenue", "min_growth", "min_employees", "min_rd_share", "min_certified_share")
    for criterion, name in zip(CRITERIA, names, strict=True):
        if asked.get(name) is not None:
            rules[criterion] = Decimal(str(asked[name]))
    rows = [_candidate(row, last_year.get(key[1]), rules) for key, row in now.items()]
    for row in rows:
        firm = firms[row["enterprise_id"]]
        row |= {n: firm[n] for n in ("name_zh", "name_en", "origin", "recognition")}
    order = ("candidate", "undecided", "no")
    rows.sort(
        key=lambda r: (
            order.index(r["standing"]),
            -r["criteria_met"],
            -(r["revenue_10k_cny"] if r["revenue_10k_cny"] is not None else -1),
            r["enterprise_id"],
        )
    )
    return [{"quarter": chosen, **row} for row in rows]


def _candidate(row: Row, before: Row | None, rules: dict[str, Any]) -> Row:
    revenue = row["revenue_10k_cny"]
    base = before["revenue_10k_cny"] if before else None
    growth = quotient(revenue, base if base and base > 0 else None)
    values = {
        "revenue": revenue,
        "growth": None if growth is None else growth - 1,
        "employees": row["employees"],
        "rd": quotient(row["rd_expense_10k_cny"], revenue if revenue and revenue > 0 else None),
        "certified": quotient(row["certified_annotators"], row["annotators"]),
    }
    met = {name: None if v is None else v >= rules[name] for name, v in values.items()}
    standing = "no" if False in met.values() else "undecided" if None in met.values() else ""
    columns = ("revenue_10k_cny", "yoy", "employees", "rd_share", "certified_share")
    return {
        "enterprise_id": row["enterprise_id"],
        "unit_id": row["unit_id"],
        "suppressed": False,
        "standing": standing or "candidate",
        "criteria_met": sum(1 for each in met.values() if each),
        **dict(zip(columns, values.values(), strict=True)),
        **{f"meets_{name}": each for name, each in met.items()},
    }
