"""What made the headline figures change: volume, mix and rate of each unit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.recompute.changes import accepted
from tests.recompute.exact import Number, Row, minus, shift, total
from tests.recompute.returned import Returned
from tests.recompute.series import every_value

COUNTED = ("hq_datasets", "labeling_enterprises", "workers")
Cell = tuple[Decimal, Decimal]  # reviewed, accepted
NOTHING: Cell = (Decimal(0), Decimal(0))


def what_changed(
    returned: Returned,
    to_month: date | None = None,
    modality: str | None = None,
    against: str = "period",
) -> list[Row]:
    now = to_month or returned.worked_months[-1]
    base = shift(now, -12 if against == "year" else -1)
    found = _rates(returned, now, base, modality) + _items(returned, now, base, modality)
    if modality is None:
        found += [row for name in COUNTED for row in _counts(returned, name, now, base)]
    for row in found:
        row.update(month=now, base_month=base)
    return sorted(
        found,
        key=lambda r: (
            r["indicator_id"],
            r["change"] is None,
            -abs(r["change"] or 0),
            r["unit_id"],
        ),
    )


def _row(name: str, unit: str, told: tuple, status: str, **values: object) -> Row:
    reasons = {
        (True, True): "change",
        (False, True): "not_reported",
        (True, False): "newly_reported",
        (False, False): "neither",
    }
    blank = dict.fromkeys(("value", "value_before", "change", "volume", "mix", "rate"))
    there = (told[0] is not None, told[1] is not None)
    return {
        "indicator_id": name, "unit_id": unit, **blank, "reason": reasons[there],
        "status": status, **values,
    }  # fmt: skip


def _whole(rows: list[Row], now: Number, before: Number) -> list[Row]:
    for row in rows:
        row["city_value"], row["city_value_before"] = now, before
        row["city_change"] = minus(now, before)
        row["city_suppressed"] = False
        row["units_compared"] = sum(r["reason"] == "change" for r in rows)
        row["units_due"] = len(rows)
    return rows


def _counts(returned: Returned, name: str, now: date, base: date) -> list[Row]:
    values = every_value(returned)
    rows = []
    for unit in returned.units:
        series = values.get((name, unit), {})
        left, right = (series.get(month, {}).get("value") for month in (now, base))
        step = minus(left, right)
        status = series.get(now, {}).get("status", "M")
        more = {"value": left, "value_before": right, "change": step, "volume": step}
        rows.append(_row(name, unit, (left, right), status, **more))
    both = [row for row in rows if row["reason"] == "change"]
    return _whole(
        rows, *(total(row[column] for row in both) for column in ("value", "value_before"))
    )


def _cells(returned: Returned, month: date, unit: str, modality: str | None) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for row in returned.work(month, [unit], modality):
        told = row["accepted"] is not None
        tried, good = cells.get(row["modality"], NOTHING)
        more = (row["reviewed"] or 0) if told else 0
        cells[row["modality"]] = (tried + more, good + (row["accepted"] or 0))
    return cells


def _status(returned: Returned, month: date, unit: str) -> str:
    lines = {(m["month"], m["unit_id"]): m["status"] for m in returned.unit_months}
    return lines.get((month, unit), "M")


def _sum(cells: dict[str, Cell]) -> Cell:
    return sum(c[0] for c in cells.values()) + Decimal(0), sum(
        c[1] for c in cells.values()
    ) + Decimal(0)


def _rate(cell: Cell, other: Cell) -> Decimal:
    """Of one month, or else of the other."""
    for tried, good in (cell, other):
        if tried:
            return good / tried
    return Decimal(0)


def _share(part: Cell, whole: Cell, other_part: Cell, other_whole: Cell) -> Decimal:
    for mine, all_of_it in ((part, whole), (other_part, other_whole)):
        if all_of_it[0]:
            return mine[0] / all_of_it[0]
    return Decimal(0)


def _items(returned: Returned, now: date, base: date, modality: str | None) -> list[Row]:
    rows = []
    for unit in returned.units:
        told = tuple(accepted(returned, month, unit, modality) for month in (now, base))
        row = _row("items_accepted", unit, told, _status(returned, now, unit))
        row["value"], row["value_before"] = told
        rows.append(row)
        if row["reason"] == "change":
            c1, c0 = (_cells(returned, month, unit, modality) for month in (now, base))
            w1, w0 = _sum(c1), _sum(c0)
            q1 = q0 = mix = rate = Decimal(0)
            for name in c1.keys() | c0.keys():
                one, zero = c1.get(name, NOTHING), c0.get(name, NOTHING)
                r1, r0 = _rate(one, zero), _rate(zero, one)
                s1, s0 = _share(one, w1, zero, w0), _share(zero, w0, one, w1)
                q1, q0 = q1 + s1 * r1, q0 + s0 * r0
                mix += (s1 - s0) * (r1 + r0) / 2
                rate += (s1 + s0) / 2 * (r1 - r0)
            middle = (w1[0] + w0[0]) / 2
            parts = {"volume": (w1[0] - w0[0]) * (q1 + q0) / 2, "mix": middle * mix}
            row.update(change=minus(*told), rate=middle * rate, **parts)
    both = [row for row in rows if row["reason"] == "change"]
    return _whole(
        rows, *(total(row[column] for row in both) for column in ("value", "value_before"))
    )


def _rates(returned: Returned, now: date, base: date, modality: str | None) -> list[Row]:
    rows, pairs = [], {}
    for unit in returned.units:
        told = tuple(accepted(returned, month, unit, modality) for month in (now, base))
        rows.append(_row("acceptance_rate", unit, told, _status(returned, now, unit)))
        if None not in told:
            pairs[unit] = tuple(_cells(returned, month, unit, modality) for month in (now, base))
    tried1, good1 = _sum({u: _sum(p[0]) for u, p in pairs.items()})
    tried0, good0 = _sum({u: _sum(p[1]) for u, p in pairs.items()})
    city1 = good1 / tried1 if tried1 else None
    city0 = good0 / tried0 if tried0 else None
    for row in rows:
        if row["unit_id"] not in pairs or city1 is None or city0 is None:
            continue
        c1, c0 = pairs[row["unit_id"]]
        mix = rate = Decimal(0)
        for name in c1.keys() | c0.keys():
            one, zero = c1.get(name, NOTHING), c0.get(name, NOTHING)
            r1, r0 = _rate(one, zero), _rate(zero, one)
            w1, w0 = one[0] / tried1, zero[0] / tried0
            mix += (w1 - w0) * ((r1 + r0) / 2 - (city1 + city0) / 2)
            rate += (w1 + w0) / 2 * (r1 - r0)
        if c1 or c0:
            (t1, g1), (t0, g0) = _sum(c1), _sum(c0)
            row.update(change=mix + rate, mix=mix, rate=rate)
            row["value"] = g1 / t1 if t1 else None
            row["value_before"] = g0 / t0 if t0 else None
    return _whole(rows, city1, city0)
