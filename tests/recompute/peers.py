"""Units next to each other: places of a month, steps of a change, and what is usual of a kind."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from tests.recompute.changes import accepted
from tests.recompute.covered import cover
from tests.recompute.exact import Number, Row, known, minus, quotient, shift, total
from tests.recompute.output import rates
from tests.recompute.returned import Returned

PEER_MEASURES = ("acceptance_rate", "first_pass_rate", "gold_accuracy")
BAND_MEASURES = ("accepted", "acceptance_rate", "first_pass_rate", "rework_rate", "gold_accuracy")


def _months(returned: Returned, to_month: date | None, against: str) -> tuple[date, date]:
    now = to_month or returned.worked_months[-1]
    return now, shift(now, -12 if against == "year" else -1)


def unit_ranking(
    returned: Returned, to_month: date | None = None, against: str = "period"
) -> list[Row]:
    now, base = _months(returned, to_month, against)
    states = {m["unit_id"]: m["status"] for m in returned.unit_months if m["month"] == now}
    counts = {unit: accepted(returned, now, unit, None) for unit in returned.units}
    found = []
    for unit, count in counts.items():
        mine, then = cover(returned, now, unit), cover(returned, base, unit)
        per_day = quotient(count, mine["days_covered"])
        earlier = quotient(accepted(returned, base, unit, None), then["days_covered"])
        whole = mine["whole"] and then["whole"]
        late = [
            line["days_late"]
            for line in returned.ledger
            if (line["month"], line["unit_id"], line["status"]) == (now, unit, "missing")
        ]
        more = [other for other in known(counts.values()) if count is not None and other > count]
        found.append(
            {
                "month": now,
                "base_month": base,
                "unit_id": unit,
                "accepted": count,
                "share": quotient(count, total(counts.values())),
                "per_day": per_day,
                "per_day_change": minus(quotient(per_day, earlier), 1) if whole else None,
                "acceptance_rate": rates(returned.work(now, [unit]))["acceptance_rate"],
                "missing_returns": len(late),
                "days_late": max(late, default=None),
                "place": None if count is None else 1 + len(more),
                "status": states.get(unit, "M"),
            }
        )
    return sorted(found, key=lambda r: (r["place"] is None, r["place"] or 0, r["unit_id"]))


def unit_peers(
    returned: Returned,
    unit_id: str | None = None,
    to_month: date | None = None,
    modality: str | None = None,
) -> list[Row]:
    lines = [m for m in returned.unit_months if to_month is None or m["month"] <= to_month]
    values: dict[tuple[str, str], dict[date, Number]] = {}
    for unit in returned.units:
        mine = [line for line in lines if line["unit_id"] == unit]
        work = {m["month"]: returned.work(m["month"], [unit], modality) for m in mine}
        for measure in PEER_MEASURES:
            values[unit, measure] = {month: rates(rows)[measure] for month, rows in work.items()}
        pace = {
            m["month"]: quotient(total(r["accepted"] for r in work[m["month"]]), m["days_covered"])
            for m in mine
        }
        first = known(pace.values())[:3]
        base = quotient(total(first), len(first))
        values[unit, "per_day"] = {month: quotient(value, base) for month, value in pace.items()}
    return [
        _usual(returned, values, measure, line)
        for unit in sorted(returned.units)
        for measure in (*PEER_MEASURES, "per_day")
        for line in lines
        if line["unit_id"] == unit and unit_id in (None, unit)
    ]


def _kin(returned: Returned, unit: str) -> list[str]:
    """The other units of the same kind."""
    kinds = {row["unit_id"]: row["kind"] for row in returned.plan.units}
    return [other for other in kinds if other != unit and kinds[other] == kinds[unit]]


def _usual(returned: Returned, values: dict, measure: str, line: Row) -> Row:
    unit, month = line["unit_id"], line["month"]
    others = known(values[other, measure].get(month) for other in _kin(returned, unit))
    return {
        "unit_id": unit,
        "measure": measure,
        "month": month,
        "own": values[unit, measure][month],
        "status": line["status"],
        "peers_low": min(others, default=None),
        "peers_middle": median(others) if others else None,
        "peers_high": max(others, default=None),
        "peers": len(others),
    }


def unit_against_peers(
    returned: Returned,
    unit_id: str | None = None,
    from_month: date | None = None,
    to_month: date | None = None,
) -> list[Row]:
    asked = [from_month, to_month] if from_month or to_month else returned.worked_months
    found = []
    for unit in sorted(returned.units):
        if unit_id not in (None, unit):
            continue
        for measure in BAND_MEASURES:
            months = [m for m in sorted(set(known(asked))) if returned.work(m, [unit])]
            found += [_against(returned, unit, measure, month) for month in months]
    return found


def _against(returned: Returned, unit: str, measure: str, month: date) -> Row:
    kin = _values(returned, _kin(returned, unit), measure, month)
    alike = len(kin) >= 3
    others = [other for other in returned.units if other != unit]
    peers = sorted(kin if alike else _values(returned, others, measure, month))
    low, middle, high = (_quartile(peers, part) for part in (1, 2, 3))
    value = _value(returned, unit, measure, month)
    stands = needed = None
    if value is not None and low is not None and middle is not None and high is not None:
        stands = "below" if value < low else "above" if value > high else "within"
        if measure in ("acceptance_rate", "first_pass_rate") and value < middle:
            good = "accepted" if measure == "acceptance_rate" else "accepted_first_pass"
            rows = [r for r in returned.work(month, [unit]) if r[good] is not None]
            needed = math.ceil((middle - value) * sum(r["reviewed"] for r in rows))
    return {
        "unit_id": unit,
        "measure": measure,
        "month": month,
        "value": value,
        "peers": len(peers),
        "of_its_kind": alike,
        "low": low,
        "middle": middle,
        "high": high,
        "stands": stands,
        "items_needed": needed,
    }


def _value(returned: Returned, unit: str, measure: str, month: date) -> Number:
    rows = returned.work(month, [unit])
    return total(r["accepted"] for r in rows) if measure == "accepted" else rates(rows)[measure]


def _values(returned: Returned, units: Iterable[str], measure: str, month: date) -> list[Any]:
    return known(_value(returned, unit, measure, month) for unit in units)


def _quartile(ordered: list[Any], quarters: int) -> Number:
    """Between two neighbours as far as the quarter of the way falls between them."""
    if not ordered:
        return None
    place = Decimal(quarters * (len(ordered) - 1)) / 4
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
