"""Enterprises: the registry, links of the chain, growth, concentration."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from tests.recompute.exact import Number, Row, first_day, joined, month_end, quotient, shift, total
from tests.recompute.returned import Returned, active

ORIGINS = ("attracted", "grown")
FAST = Decimal("0.2")


def _registry(returned: Returned, unit_id: str | None = None) -> list[Row]:
    return [
        row
        for row in returned.enterprises
        if row["registered"] and unit_id in (None, row["unit_id"])
    ]


def _unregistered(returned: Returned, unit_id: str | None) -> int:
    return sum(
        not row["registered"] and unit_id in (None, row["unit_id"]) for row in returned.enterprises
    )


def chain_coverage(returned: Returned, to_month: date | None = None) -> list[Row]:
    end = month_end(returned.newest(to_month))
    found = []
    for unit in returned.units:
        mine = _registry(returned, unit)
        links = [set(row["links"].split("|")) for row in mine if active(row, end)]
        found += [
            {
                "unit_id": unit,
                "link": link["link"],
                "link_zh": link["name_zh"],
                "link_en": link["name_en"],
                "enterprises": sum(link["link"] in each for each in links) if mine else None,
            }
            for link in returned.plan.links
        ]
    return found


def enterprises_by_unit(returned: Returned, to_month: date | None = None) -> list[Row]:
    end = month_end(returned.newest(to_month))
    found = []
    for unit in returned.units:
        mine = _registry(returned, unit)
        here = [row for row in mine if active(row, end)]
        counts = {
            "active": len(here),
            **{origin: sum(row["origin"] == origin for row in here) for origin in ORIGINS},
            "labeling": sum("labeling" in row["links"].split("|") for row in here),
            "recognised": sum(bool(row["recognition"]) for row in here),
        }
        found.append(
            {
                "unit_id": unit,
                **(counts if mine else dict.fromkeys(counts)),
                "unregistered": _unregistered(returned, unit),
            }
        )
    return found


def enterprise_movements(returned: Returned, unit_id: str | None = None) -> list[Row]:
    registry = _registry(returned, unit_id)
    return [
        {"month": month, "origin": origin, **_moved(registry, origin, month)}
        for month in returned.months
        for origin in ORIGINS
    ]


def _moved(registry: list[Row], origin: str, month: date) -> Row:
    if not registry:
        return dict.fromkeys(("entries", "exits", "active"))
    mine = [row for row in registry if row["origin"] == origin]
    return {
        "entries": sum(first_day(row["joined_on"]) == month for row in mine),
        "exits": sum(bool(r["left_on"]) and first_day(r["left_on"]) == month for r in mine),
        "active": sum(active(row, month_end(month)) for row in mine),
    }


def enterprise_summary(
    returned: Returned, quarter: str | None = None, unit_id: str | None = None
) -> list[Row]:
    ends = {row["quarter"]: row["month"] for row in returned.rows["enterprise_quarterly"]}
    newest = quarter in (None, max(ends))
    month = returned.months[-1] if newest else ends[str(quarter)]
    end, registry = month_end(month), _registry(returned, unit_id)
    due = returned.units if unit_id is None else [unit_id]
    sent = {row["unit_id"] for row in registry}
    here = [row for row in registry if active(row, end)]
    year = date(end.year, 1, 1)
    counts = {
        "active": len(here),
        **{origin: sum(row["origin"] == origin for row in here) for origin in ORIGINS},
        "entries": sum(year <= row["joined_on"] <= end for row in registry),
        "exits": sum(bool(row["left_on"]) and year <= row["left_on"] <= end for row in registry),
    }
    return [
        {
            "month": month,
            "as_of": end,
            **(counts if registry else dict.fromkeys(counts)),
            "unregistered": _unregistered(returned, unit_id),
            "units_reported": len(sent),
            "units_due": len(due),
            "missing_units": joined(set(due) - sent),
        }
    ]


def _earlier(row: Row, years: int) -> tuple[str, date]:
    return row["enterprise_id"], shift(row["month"], -12 * years)


def enterprise_growth(returned: Returned) -> list[Row]:
    rows = returned.rows["enterprise_quarterly"]
    at = {(row["enterprise_id"], row["month"]): row for row in rows}
    names = {row["enterprise_id"]: row for row in returned.enterprises}
    told = ("enterprise_id", "quarter", "month", "unit_id", "revenue_10k_cny")
    told += ("labeling_revenue_10k_cny", "employees", "annotators")
    about = ("name_zh", "name_en", "registered", "origin", "recognition")
    found = []
    for row in sorted(rows, key=lambda r: (r["quarter"], r["enterprise_id"])):
        before, start = at.get(_earlier(row, 1)), at.get(_earlier(row, 3))
        yoy = _growth(row, before)
        found.append(
            {
                **{name: row[name] for name in told},
                **{name: names[row["enterprise_id"]][name] for name in about},
                "yoy": yoy,
                "base_state": _base_state(before),
                "high_growth": _high_growth(row, before, start, yoy),
                "suppressed": False,
            }
        )
    return found


def _growth(row: Row, before: Row | None) -> Decimal | None:
    base = before["revenue_10k_cny"] if before else None
    if base is None or base <= 0 or row["revenue_10k_cny"] is None:
        return None
    return Decimal(row["revenue_10k_cny"]) / Decimal(base) - 1


def _base_state(before: Row | None) -> str:
    base = before["revenue_10k_cny"] if before else None
    if base is None:
        return "missing"
    return "ok" if base > 0 else "zero" if base == 0 else "negative"


def _high_growth(row: Row, before: Row | None, start: Row | None, yoy: Decimal | None) -> str:
    if start and start["employees"] >= 10:
        wanted = (1 + FAST) ** 3
        for name in ("revenue_10k_cny", "employees"):
            if start[name] and row[name] and row[name] > wanted * start[name] > 0:
                return "qualifies"
    if yoy is None or before is None:
        return "too_early"
    return "on_pace" if yoy > FAST and before["employees"] >= 10 else "no"


def enterprise_list(returned: Returned, to_month: date | None = None) -> list[Row]:
    month = returned.newest(to_month)
    told = ("enterprise_id", "name_zh", "name_en", "unit_id", "origin", "links", "founded_on")
    told += ("joined_on", "left_on", "recognition", "registered")
    money = ("quarter", "revenue_10k_cny", "labeling_revenue_10k_cny", "employees", "annotators")
    work, quarters = defaultdict(list), defaultdict(list)
    for groups, kind in ((work, "labeling_daily"), (quarters, "enterprise_quarterly")):
        for row in returned.rows[kind]:
            if row["month"] <= month:
                groups[row["enterprise_id"]].append(row)
    found = []
    for firm in sorted(returned.enterprises, key=lambda r: (r["unit_id"], r["enterprise_id"])):
        done = work[firm["enterprise_id"]]
        now = [row for row in done if row["month"] == month]
        newest = max(
            quarters[firm["enterprise_id"]], key=lambda r: r["month"], default=dict.fromkeys(money)
        )
        found.append(
            {
                **{name: firm[name] for name in told},
                "active": active(firm, month_end(month)),
                "first_output": min((row["month"] for row in done), default=None),
                "last_output": max((row["month"] for row in done), default=None),
                "items": total(row["items"] for row in now),
                "accepted": total(row["accepted"] for row in now),
                **{name: newest[name] for name in money},
                "suppressed": False,
            }
        )
    return found


def enterprise_totals(returned: Returned, unit_id: str | None = None) -> list[Row]:
    every = returned.rows["enterprise_quarterly"]
    due = returned.units if unit_id is None else [unit_id]
    ends = sorted({(row["quarter"], row["month"]) for row in every})
    return [_totals(every, quarter, month, due) for quarter, month in ends]


def _totals(every: list[Row], quarter: str, month: date, due: list[str]) -> Row:
    now, before = (
        [row for row in every if row["month"] == at and row["unit_id"] in due]
        for at in (month, shift(month, -12))
    )
    units = {row["unit_id"] for row in now}
    both = units & {row["unit_id"] for row in before}

    def like(rows: list[Row], name: str) -> Number:
        return total(row[name] for row in rows if row["unit_id"] in both)

    return {
        "quarter": quarter,
        "month": month,
        "as_of": month_end(month),
        "enterprises": len({row["enterprise_id"] for row in now}) if now else None,
        **{
            name: total(row[name] for row in now)
            for name in ("revenue_10k_cny", "labeling_revenue_10k_cny", "employees")
        },
        "suppressed": False,
        "yoy_units": len(both),
        "yoy_revenue": like(now, "revenue_10k_cny"),
        "yoy_revenue_before": like(before, "revenue_10k_cny"),
        "yoy_employees": like(now, "employees"),
        "yoy_employees_before": like(before, "employees"),
        "units_reported": len(units),
        "units_due": len(due),
        "missing_units": joined(set(due) - units),
    }


def quarters(returned: Returned) -> list[Row]:
    return [
        {
            "quarter": row["quarter"],
            "month": row["month"],
            "enterprises": row["enterprises"],
            "units": row["units_reported"],
        }
        for row in reversed(enterprise_totals(returned))
    ]


def concentration(returned: Returned) -> list[Row]:
    amounts: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in returned.rows["enterprise_quarterly"]:
        for measure in ("labeling_revenue", "employees"):
            name = "labeling_revenue_10k_cny" if measure == "labeling_revenue" else measure
            amounts[row["quarter"], measure][row["enterprise_id"]] += row[name] or 0
    for row in returned.rows["labeling_daily"]:
        quarter = f"{row['date'].year}Q{(row['date'].month + 2) // 3}"
        amounts[quarter, "items"][row["unit_id"]] += row["items"] or 0
    found = [_concentrated(*key, list(of.values())) for key, of in sorted(amounts.items())]
    return [row for row in found if row["contributors"]]


def _concentrated(quarter: str, measure: str, amounts: list[Decimal]) -> Row:
    there = sorted((amount for amount in amounts if amount > 0), reverse=True)
    whole = sum(there)
    hhi = total((amount / whole) ** 2 for amount in there)
    ratios = [amount * len(there) / Decimal(whole) for amount in there]  # to the mean
    return {
        "quarter": quarter,
        "measure": measure,
        "hhi": hhi,
        "equivalent_number": quotient(1, hhi),
        "top5_share": quotient(sum(there[:5]), whole),
        "theil_t": quotient(total(ratio * ratio.ln() for ratio in ratios), len(there)),
        "theil_l": quotient(total(-ratio.ln() for ratio in ratios), len(there)),
        "contributors": len(there),
        "suppressed": False,
    }
