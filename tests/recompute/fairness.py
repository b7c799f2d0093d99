"""Units compared fairly: productivity, funnel, control chart, output of a working day."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

import numpy as np

from tests.recompute.covered import MADE_UP, OFF
from tests.recompute.exact import Number, Row, Z, known, month_end, quotient, shift, total
from tests.recompute.returned import Returned

FAR = Decimal("3.090232306167813")
ALL_PAIRS = {  # normal quantile of 1 - 0.05 / (2 x pairs) among so many units
    2: Z,
    3: Decimal("2.3939797998185104"),
    4: Decimal("2.638257273476751"),
    5: Decimal("2.807033768343811"),
    6: Decimal("2.935199468866699"),
    7: Decimal("3.0380743049242116"),
}
# Days off that are weekdays, and weekends that were worked: notices of the State Council.


def working_days(month: date) -> int:
    """Weekdays that are not off, and weekends that were worked."""
    days = [month + timedelta(days=n) for n in range(month_end(month).day)]
    return sum(str(day) in MADE_UP or (day.weekday() < 5 and str(day) not in OFF) for day in days)


def _lines(
    returned: Returned, modality: str | None, first: date | None, last: date | None
) -> list[Row]:
    """Each project's month with its pace and the hours of its reviewed work."""
    groups = defaultdict(list)
    for row in returned.rows["labeling_daily"]:
        inside = (first is None or row["month"] >= first) and (last is None or row["month"] <= last)
        if inside and modality in (None, row["modality"]):
            names = ("unit_id", "enterprise_id", "month", "project_id", "modality", "task_type")
            groups[(*(row[name] for name in names), row["hours_basis"])].append(row)
    return [_line(key, rows) for key, rows in groups.items()]


def _line(key: tuple, rows: list[Row]) -> Row:
    timed = total(r["items"] for r in rows if r["hours"] is not None)
    reviewed = total(r["reviewed"] for r in rows if r["accepted"] is not None)
    pace = quotient(total(r["hours"] for r in rows), timed)
    return {
        "unit": key[0],
        "enterprise": key[1],
        "month": key[2],
        "sort": key[4:],
        "basis": key[6],
        "items": total(r["items"] for r in rows),
        "accepted": total(r["accepted"] for r in rows),
        "pace": pace,
        "hours": None if pace is None or reviewed is None else pace * reviewed,
    }


def _usable(line: Row) -> bool:
    told = line["basis"] is not None and line["accepted"] is not None
    return bool(told and line["pace"] and line["hours"])


def _like_with_like(lines: list[Row]) -> tuple[list[Row], list[Row]]:
    """The lines on each unit's main basis, and those of them that another unit does too."""
    usable = [line for line in lines if _usable(line)]
    main = {}
    for unit in {line["unit"] for line in usable}:
        sizes: dict[str, int] = defaultdict(int)
        for line in usable:
            if line["unit"] == unit:
                sizes[line["basis"]] += line["items"]
        main[unit] = min(sizes, key=lambda basis: (-sizes[basis], basis))
    measured = [line for line in usable if line["basis"] == main[line["unit"]]]
    compared = []
    for sort in {line["sort"] for line in measured}:
        same = [line for line in measured if line["sort"] == sort]
        standard = median(line["pace"] for line in same)
        if len({line["unit"] for line in same}) > 1:
            compared += [{**line, "earned": line["accepted"] * standard} for line in same]
    return measured, compared


def _pooled(compared: list[Row], index: dict[str, Decimal], by: str) -> tuple | None:
    """The relative variance of each unit's index, and how many deviations speak for it."""
    spread = free = freedom = Decimal(0)
    share = {}
    for unit, value in index.items():
        parts = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for line in compared:
            if line["unit"] == unit:
                parts[line[by]][0] += line["earned"]
                parts[line[by]][1] += line["hours"]
        hours = sum(h for _, h in parts.values())
        share[unit] = sum((h / hours) ** 2 for _, h in parts.values())
        spread += sum(h / hours * (e / h / value - 1) ** 2 for e, h in parts.values())
        free += 1 - share[unit]
        freedom += 1 / share[unit] - 1
    if freedom < 1:
        return None
    return {unit: spread / free * part for unit, part in share.items()}, freedom


def _errors(compared: list[Row], index: dict[str, Decimal]) -> tuple | None:
    """The variance of each unit's index: that of its enterprises and of its months."""
    sources = [found for by in ("enterprise", "month") if (found := _pooled(compared, index, by))]
    if not sources:
        return None
    variance = {}
    for unit in index:
        accepted = sum(line["accepted"] for line in compared if line["unit"] == unit)
        scatter = sum((found[0][unit] for found in sources), Decimal(0))
        variance[unit] = max(scatter, Decimal(1) / accepted)
    return variance, min(freedom for _, freedom in sources)


def _student(z: Decimal, freedom: Decimal) -> Decimal:
    scaled = z * (8 * freedom + 3) / (8 * freedom + 1)
    return (freedom * ((scaled**2 / freedom).exp() - 1)).sqrt()


def productivity_by_unit(
    returned: Returned,
    modality: str | None = None,
    from_month: date | None = None,
    to_month: date | None = None,
) -> list[Row]:
    lines = _lines(returned, modality, from_month, to_month)
    measured, compared = _like_with_like(lines)
    index = {}
    for unit in sorted({line["unit"] for line in compared}):
        mine = [line for line in compared if line["unit"] == unit]
        index[unit] = sum(r["earned"] for r in mine) / sum(r["hours"] for r in mine)
    errors = _errors(compared, index)
    basis = {line["unit"]: line["basis"] for line in measured}
    rows = []
    for unit in returned.plan.units:
        name = unit["unit_id"]
        peers = _peers(returned, name, index, basis)
        rows.append(
            {
                "unit_id": name,
                "kind": unit["kind"],
                "hours_basis": basis.get(name),
                **_sums([line for line in compared if line["unit"] == name]),
                "index": index.get(name),
                **_bounds(name, index, errors),
                "comparable": len(peers) > 1,
                "peers": max(len(peers) - 1, 0),
                **_places(name, peers, index, errors),
                **_left_out(
                    *(
                        [line for line in some if line["unit"] == name]
                        for some in (lines, measured, compared)
                    )
                ),
            }
        )
    return rows


def _peers(returned: Returned, name: str, index: dict, basis: dict) -> list[str]:
    """Units of the same kind with the same hours basis, the unit itself among them."""
    kinds = {unit["unit_id"]: unit["kind"] for unit in returned.plan.units}
    if name not in index:
        return []
    return [u for u in index if (kinds[u], basis[u]) == (kinds[name], basis[name])]


def _sums(mine: list[Row]) -> Row:
    names = {"earned_hours": "earned", "hours": "hours", "items": "items"}
    return {column: total(line[name] for line in mine) for column, name in names.items()}


def _bounds(name: str, index: dict, errors: tuple | None) -> Row:
    if name not in index or errors is None:
        return {"index_low": None, "index_high": None}
    variance, freedom = errors
    margin = _student(Z, freedom) * variance[name].sqrt()
    return {
        "index_low": index[name] * (-margin).exp(),
        "index_high": index[name] * margin.exp(),
    }


def _places(name: str, peers: list[str], index: dict, errors: tuple | None) -> Row:
    if len(peers) < 2:
        return {"rank_from": None, "rank_to": None, "surely_above": 0, "surely_below": 0}
    mine = _bounds(name, index, errors)
    above = below = 0
    for other in peers:
        theirs = _bounds(other, index, errors)
        if other == name or errors is None:
            continue
        gap = abs((index[name] / index[other]).ln())
        variance, freedom = errors
        wide = (variance[name] + variance[other]).sqrt()
        needed = _student(ALL_PAIRS[len(peers)], freedom) * wide
        if gap > needed and mine["index_high"] < theirs["index_low"]:
            above += 1
        if gap > needed and theirs["index_high"] < mine["index_low"]:
            below += 1
    ends = {"rank_from": 1 + above, "rank_to": len(peers) - below}
    return {**ends, "surely_above": above, "surely_below": below}


def _left_out(lines: list[Row], measured: list[Row], compared: list[Row]) -> Row:
    every, timed, shared = (
        sum(line["items"] for line in some) for some in (lines, measured, compared)
    )
    return {
        "unmeasured_share": quotient(every - timed, every),
        "no_peer_share": quotient(timed - shared, every),
    }


def quality_funnel(returned: Returned, modality: str | None = None) -> list[Row]:
    sources = {
        "acceptance_rate": ("accepted", "reviewed"),
        "gold_accuracy": ("gold_correct", "gold_items"),
    }
    found = []
    for measure, (good, tried) in sources.items():
        rows = [_tried(returned, unit, good, tried, modality) for unit in returned.plan.units]
        for row in rows:
            kin = [r["rate"] for r in rows if r["kind"] == row["kind"] and r["trials"]]
            row.update(measure=measure, centre=median(kin) if len(kin) >= 4 else None)
        found += _limited(rows)
    return found


def _tried(returned: Returned, unit: Row, good: str, tried: str, modality: str | None) -> Row:
    rows = [
        row
        for row in returned.rows["labeling_daily"]
        if row["unit_id"] == unit["unit_id"] and modality in (None, row["modality"])
    ]
    told = [row for row in rows if row[good] is not None and row[tried]]
    successes, trials = total(r[good] for r in told), total(r[tried] for r in told)
    return {
        "unit_id": unit["unit_id"],
        "kind": unit["kind"],
        "successes": successes,
        "trials": trials,
        "rate": quotient(successes, trials),
    }


def _limited(rows: list[Row]) -> list[Row]:
    for row in rows:
        row["error"] = None
        if row["trials"] and row["centre"] is not None:
            row["error"] = (row["centre"] * (1 - row["centre"]) / row["trials"]).sqrt()
    scores = [abs(r["rate"] - r["centre"]) / r["error"] for r in rows if r["error"]]
    middle = median(scores) / Decimal("0.6745") if scores else Decimal(1)
    return [_judged(row, max(middle**2, Decimal(1))) for row in rows]


def _judged(row: Row, dispersion: Decimal) -> Row:
    error = row.pop("error")
    ends: Row = dict.fromkeys(("low_95", "high_95", "low_998", "high_998"))
    signal = None
    if error is not None:
        wide = error * dispersion.sqrt()
        for name, z in (("95", Z), ("998", FAR)):
            ends[f"low_{name}"] = max(row["centre"] - z * wide, Decimal(0))
            ends[f"high_{name}"] = min(row["centre"] + z * wide, Decimal(1))
        away = abs(row["rate"] - row["centre"]) / wide
        signal = "outside_998" if away > FAR else "outside_95" if away > Z else "within"
    known_spread = None if row["centre"] is None else dispersion
    return {**row, "dispersion": known_spread, **ends, "signal": signal}


def control_chart(
    returned: Returned, measure: str = "acceptance_rate", modality: str | None = None
) -> list[Row]:
    good, tried = {
        "acceptance_rate": ("accepted", "reviewed"),
        "first_pass_rate": ("accepted_first_pass", "reviewed"),
        "gold_accuracy": ("gold_correct", "gold_items"),
    }[measure]
    found = []
    for unit in returned.units:
        mine = [line for line in returned.unit_months if line["unit_id"] == unit]
        rows = []
        for line in mine:
            work = returned.work(line["month"], [unit], modality)
            told = [row for row in work if row[good] is not None]
            trials = total(row[tried] for row in told)
            value = quotient(total(row[good] for row in told), trials)
            names = ("month", "unit_id", "status")
            rows.append({**{n: line[n] for n in names}, "value": value, "trials": trials})
        found += rows
    _charted(found)
    return sorted(found, key=lambda row: (row["month"], row["unit_id"]))


def _charted(rows: list[Row]) -> None:
    """Angles of the rates, less what moves all units; a line for each unit; limits about it."""
    units = sorted({row["unit_id"] for row in rows})
    months = sorted({row["month"] for row in rows})
    place = {(row["unit_id"], row["month"]): row for row in rows}
    angle = np.full((len(units), len(months)), np.nan)
    chance = np.full_like(angle, np.nan)
    for i, unit in enumerate(units):
        for j, month in enumerate(months):
            row = place[unit, month]
            if row["trials"]:
                good = float(row["value"]) * row["trials"] + 0.375
                angle[i, j] = math.asin(math.sqrt(good / (row["trials"] + 0.75)))
                chance[i, j] = 0.25 / row["trials"]
    usual = np.array([[_median(line)] for line in angle])
    there = np.isfinite(angle)
    common = np.array(
        [_median((angle - usual)[:, j]) if there[:, j].sum() >= 4 else 0.0
         for j in range(len(months))]
    )  # fmt: skip
    rest = angle - usual - common
    steps = np.diff(rest, axis=1) / np.sqrt(chance[:, 1:] + chance[:, :-1])
    pooled = max(1.0, _median(np.abs(steps).ravel()) / 0.6745)
    charts = int((there.sum(axis=1) >= 8).sum())
    for i, unit in enumerate(units):
        own = steps[i][np.isfinite(steps[i])]
        squares = np.minimum(own**2, 9 * pooled**2)
        spread = max(1.0, (20 * pooled**2 + squares.sum()) / (20 + own.size))
        line = _Line(rest[i], chance[i] * spread)
        points = int(there[i].sum())
        for j, month in enumerate(months):
            row = place[unit, month]
            row.update(dict.fromkeys(("centre", "lower", "upper", "basis", "signal")))
            row.update(points=points, charts=charts)
            if there[i, j]:
                row.update(line.row(j, angle[i, j]))
                if points < 8:
                    row["signal"] = None


def _median(values: np.ndarray) -> float:
    there = values[np.isfinite(values)]
    return float(np.median(there)) if there.size else math.nan


class _Line:
    """What a unit's months are to be expected at: a level, a trend, or two levels."""

    def __init__(self, rest: np.ndarray, variance: np.ndarray) -> None:
        self.rest, self.error = rest, np.sqrt(variance)
        there = np.flatnonzero(np.isfinite(rest))
        near = np.array([_median(rest[max(j - 2, 0) : j + 3]) for j in range(rest.size)])
        fit = np.clip(rest, near - 3 * self.error, near + 3 * self.error)[there]
        w, t = 1 / variance[there], there.astype(float)
        self.fitted = np.full(rest.size, np.nan)
        self.shift, self.basis, self.up = None, "level", False
        if not there.size:
            return
        mean = np.average(fit, weights=w)
        x = fit - mean
        curve = np.column_stack([np.ones_like(t), t, np.log1p(t)])
        enough = there.size >= 3
        root = np.sqrt(w)
        best = np.linalg.lstsq(curve * root[:, None], x * root, rcond=None)[0] if enough else None
        trend = curve @ best if best is not None else np.zeros_like(x)
        gain = float((w * x**2).sum() - (w * (x - trend) ** 2).sum())
        splits = [
            (round(float(w[:k] @ x[:k]) ** 2 * w.sum() / (w[:k].sum() * w[k:].sum()), 6), -k)
            for k in range(3, there.size - 2)
        ]
        level, step = np.zeros_like(x), max(splits, default=(0.0, 0))
        self.basis = "trend" if splits and gain > 9 else "level"
        if splits and step[0] > 17 and step[0] > gain + 2:
            k = -step[1]
            before, after = np.average(x[:k], weights=w[:k]), np.average(x[k:], weights=w[k:])
            level = np.where(np.arange(x.size) < k, before, after)
            self.basis, self.shift, self.up = "shift", int(there[k]), bool(after > before)
        elif self.basis == "trend":
            level = trend
        self.fitted[there] = mean + level

    def row(self, j: int, angle: float) -> Row:
        off = self.rest[j] - self.fitted[j]
        ends = {"centre": 0.0, "lower": -4.2 * self.error[j], "upper": 4.2 * self.error[j]}
        z, signal = off / self.error[j], None
        if abs(z) > 4.2:
            signal = "above" if z > 0 else "below"
        if j == self.shift:
            signal = "shift_above" if self.up else "shift_below"
        lines = {
            name: math.sin(min(max(angle - off + end, 0.0), math.pi / 2)) ** 2
            for name, end in ends.items()
        }
        return {**lines, "basis": self.basis, "signal": signal}


def output_by_working_day(
    returned: Returned,
    combine: str | None = None,
    modality: str | None = None,
    unit_id: str | None = None,
) -> list[Row]:
    units = returned.units if unit_id is None else [unit_id]
    periods: dict[date, list[date]] = defaultdict(list)
    for month in returned.worked_months:
        joined = combine == "jan_feb" and month.month == 2
        periods[shift(month, -1) if joined else month].append(month)
    done = {
        (start, unit): _done(returned, months, unit, modality)
        for start, months in periods.items()
        for unit in units
    }
    starts = list(periods)
    found = []
    for number, start in enumerate(starts):
        months = periods[start]
        last_year = shift(start, -12)
        same = [shift(m, -12) for m in months] == periods.get(last_year)
        before = {"mom": starts[number - 1] if number else None, "yoy": last_year if same else None}
        told = known(done[start, unit] for unit in units)
        days = sum(map(working_days, months))
        status = {
            line["status"]
            for line in returned.unit_months
            if line["month"] in months and line["unit_id"] in units
        }
        found.append(
            {
                "month": months[0],
                "last_month": months[-1],
                "accepted": total(told),
                "working_days": days,
                "per_day": quotient(total(told), days),
                **_against(done, units, periods, start, before["mom"], "mom"),
                **_against(done, units, periods, start, before["yoy"], "yoy"),
                "announced": True,
                "units_reported": len(told),
                "units_due": len(units),
                "status": "M" if not told else "A" if status == {"A"} else "P",
            }
        )
    return found


def _done(returned: Returned, months: Iterable[date], unit: str, modality: str | None) -> Number:
    """What a unit accepted in the months; missing where one of them is."""
    parts = []
    for month in months:
        if not returned.work(month, [unit]):
            return None
        rows = returned.work(month, [unit], modality)
        parts.append(total(row["accepted"] for row in rows) if rows else 0)
    return None if None in parts else total(parts)


def _against(
    done: dict, units: list[str], periods: dict, now: date, base: date | None, name: str
) -> Row:
    columns = (f"{name}_per_day", f"{name}_per_day_before", f"{name}_units")
    both = [u for u in units if base and None not in (done[now, u], done.get((base, u)))]
    if not both or base is None:
        return dict(zip(columns, (None, None, 0), strict=True))
    values = [
        quotient(total(done[p, u] for u in both), sum(map(working_days, periods[p])))
        for p in (now, base)
    ]
    return dict(zip(columns, (*values, len(both)), strict=True))
