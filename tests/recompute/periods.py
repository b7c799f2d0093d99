"""Days covered of days due, and why a figure changed, worked out from the rows of the files."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from tests.recompute.covered import OFF, cover, dates_of, working
from tests.recompute.exact import Row, minus, month_end, quotient, shift, total
from tests.recompute.returned import Returned
from tests.recompute.series import every_value

KINDS = ("enterprise_quarterly", "labeling_daily", "workforce_monthly")
PARTS = ("calendar", "missing", "entries", "volume", "mix", "rate", "events")
MEASURES = {
    "items_accepted": ("accepted", "reviewed"),
    "items_annotated": ("items", "items"),
    "first_pass_rate": ("accepted_first_pass", "reviewed"),
}
HOLIDAYS = {
    1: ("元旦", "New Year's Day"),
    2: ("春节", "Spring Festival"),
    4: ("清明节", "Tomb-Sweeping Day"),
    5: ("劳动节", "Labour Day"),
    6: ("端午节", "Dragon Boat Festival"),
    9: ("中秋节", "Mid-Autumn Festival"),
    10: ("国庆节", "National Day"),
}


def opening(returned: Returned) -> date:
    """The month that everything opens with."""
    counts = {
        month: sum(cover(returned, month, unit)["whole"] for unit in returned.units)
        for month in returned.worked_months
    }
    top = max(counts.values())
    return max(month for month, n in counts.items() if n and 2 * n >= top)


def period_coverage(returned: Returned) -> list[Row]:
    found = []
    for month in sorted({*returned.months, *returned.worked_months}):
        for unit in returned.units:
            found += [
                {"month": month, "unit_id": unit, "kind": kind, **line}
                for kind in KINDS
                if (line := _line(returned, month, unit, kind))
            ]
    return [{**row, "status": _status(row, found)} for row in found]


def _line(returned: Returned, month: date, unit: str, kind: str) -> Row | None:
    if kind == "labeling_daily":
        return cover(returned, month, unit) if month in returned.worked_months else None
    quarterly = kind == "enterprise_quarterly"
    if quarterly and month.month % 3:
        return None
    start = shift(month, -2) if quarterly else month
    due = len(working(start, month_end(month)))
    here = any(r["unit_id"] == unit and r["month"] == month for r in returned.rows[kind])
    return {
        "days_due": due,
        "days_covered": due if here else 0,
        "first_day": start if here else None,
        "last_day": month_end(month) if here else None,
        "whole": here,
    }


def _status(row: Row, rows: list[Row]) -> str:
    if row["first_day"] is None:
        return "missing"
    alike = [other for other in rows if other["kind"] == row["kind"] and other["first_day"]]
    newest = max(other["month"] for other in alike)
    nobody = not any(other["whole"] for other in alike if other["month"] == row["month"])
    return (
        "whole" if row["whole"] else "running" if row["month"] == newest and nobody else "partial"
    )


def rounded(value: float) -> int:
    """Half away from zero, as SQL does."""
    return int(math.copysign(math.floor(abs(value) + 0.5), value))


@cache
def _spans(returned: Returned) -> dict[tuple[str, str], tuple[date, date]]:
    months: dict[tuple[str, str], list[date]] = {}
    for row in returned.rows["labeling_daily"]:
        months.setdefault((row["unit_id"], row["enterprise_id"]), []).append(row["month"])
    return {key: (min(found), max(found)) for key, found in months.items()}


def _sum(rows: list[Row], name: str) -> Any:
    return total(row[name] for row in rows) or 0


def _of(rows: list[Row], measure: str) -> Any:
    name, below = MEASURES[measure]
    return total(row[below] for row in rows if row[name] is not None) or 0


class Cell:
    """One unit and modality, in two months."""

    def __init__(self, returned: Returned, now: date, base: date, unit: str, modality: str, m: str):
        name = MEASURES[m][0]
        rows, before = (returned.work(x, [unit], modality) for x in (now, base))
        there, then = (bool(returned.work(x, [unit])) for x in (now, base))
        c1, c0 = cover(returned, now, unit), cover(returned, base, unit)
        self.unit, self.modality = unit, modality
        self.comparable = c1["whole"] and c0["whole"]
        self.value, self.value_before = _sum(rows, name), _sum(before, name)
        self.of, self.of_before = _of(rows, m), _of(before, m)
        moved = {
            e for (u, e), (a, b) in _spans(returned).items() if u == unit and (a > base or b < now)
        }
        stay = [r for r in rows if r["enterprise_id"] not in moved]
        stayed = [r for r in before if r["enterprise_id"] not in moved]
        self.parts: dict[str, Any] = dict.fromkeys(PARTS, 0)
        self.now = self.now_of = self.before = self.before_of = 0.0
        if there and then:
            days = c0["days_covered"]
            pace = c1["days_covered"] / days
            gone = self.value_before - _sum(stayed, name)
            silent = c0["days_due"] - days + c1["days_covered"] - c1["days_due"]
            self.parts["calendar"] = rounded(
                self.value_before * ((c1["days_due"] - c0["days_due"]) / days)
            )
            self.parts["missing"] = rounded(self.value_before * (silent / days))
            self.parts["entries"] = rounded(self.value - _sum(stay, name) - gone * pace)
            self.now, self.now_of = _sum(stay, name), _of(stay, m)
            self.before, self.before_of = _sum(stayed, name) * pace, _of(stayed, m) * pace
        elif there and not any(d < now for d in dates_of(returned)[unit]):
            self.parts["entries"] = self.value
        else:
            self.parts["missing"] = self.value - self.value_before
        self.rest = self.value - self.value_before - sum(self.parts.values())
        self.r1, self.r0 = self._rates(self.now, self.now_of, self.before, self.before_of)

    @staticmethod
    def _rates(now: float, now_of: float, before: float, before_of: float) -> tuple[float, float]:
        r1 = now / now_of if now_of else before / before_of if before_of else 0
        r0 = before / before_of if before_of else now / now_of if now_of else 0
        return r1, r0


def change_explained(
    returned: Returned,
    month: date | None = None,
    comparison: str | None = None,
    unit_id: str | None = None,
    modality: str | None = None,
) -> list[Row]:
    found = []
    for at in returned.worked_months if month is None else [month]:
        for name, back in (("previous_month", 1), ("previous_year", 12)):
            base = shift(at, -back)
            if comparison in (None, name) and base in returned.worked_months:
                found += _pair(returned, at, base, name, unit_id, modality)
    return sorted(
        found,
        key=lambda r: (r["indicator_id"], r["month"], r["comparison"], PARTS.index(r["part"])),
    )


def _pair(
    returned: Returned, at: date, base: date, name: str, unit: str | None, modality: str | None
) -> list[Row]:
    units = returned.units if unit is None else [unit]
    names = sorted({r["modality"] for r in returned.rows["labeling_daily"]})
    lines: list[tuple[str, Row]] = []
    for measure in MEASURES:
        cells = [
            Cell(returned, at, base, u, m, measure)
            for u in units
            for m in names
            if modality in (None, m) and (returned.work(at, [u], m) or returned.work(base, [u], m))
        ]
        if not cells:
            continue
        if measure != "first_pass_rate":
            lines.append((measure, _flow(returned, cells, at)))
        if measure != "items_annotated":
            rate = "acceptance_rate" if measure == "items_accepted" else measure
            lines.append((rate, _rate(returned, cells, at)))
    there = [[bool(returned.work(x, [u])) for u in units] for x in (at, base)]
    compared = sum(
        cover(returned, at, u)["whole"] and cover(returned, base, u)["whole"] for u in units
    )
    for _, line in lines:
        line["current"] = line["current"] if any(there[0]) else None
        line["previous"] = line["previous"] if any(there[1]) else None
        line["units_compared"] = compared
    if modality is None:
        lines += _stocks(returned, at, base, units)
    return [row for which, line in lines for row in _rows(which, line, at, base, name)]


def _event(returned: Returned, unit: str, at: date) -> bool:
    return any(unit_id in (None, unit) and month == at for unit_id, month in returned.plan.events)


def _flow(returned: Returned, cells: list[Cell], at: date) -> Row:
    both = [cell for cell in cells if cell.comparable]
    return {
        "current": sum(cell.value for cell in cells),
        "previous": sum(cell.value_before for cell in cells),
        "parts": _flow_parts(returned, cells, at),
        "compared": _flow_parts(returned, both, at),
        "value_compared": total(cell.value for cell in both),
        "value_compared_before": total(cell.value_before for cell in both),
        "is_flow": True,
    }


def _flow_parts(returned: Returned, cells: list[Cell], at: date) -> dict[str, Any]:
    parts: dict[str, Any] = {part: sum(c.parts[part] for c in cells) for part in PARTS}
    for unit in sorted({cell.unit for cell in cells}):
        mine = [cell for cell in cells if cell.unit == unit]
        rest = sum(cell.rest for cell in mine)
        if _event(returned, unit, at):
            parts["events"] += rest
            continue
        of, before_of = sum(c.now_of for c in mine), sum(c.before_of for c in mine)
        middle = (
            (sum(c.now for c in mine) / of if of else 0)
            + (sum(c.before for c in mine) / before_of if before_of else 0)
        ) / 2
        mix = 0.0
        for cell in mine:
            s1 = cell.now_of / of if of else cell.before_of / before_of if before_of else 0
            s0 = cell.before_of / before_of if before_of else cell.now_of / of if of else 0
            mix += (of + before_of) / 2 * (s1 - s0) * ((cell.r1 + cell.r0) / 2 - middle)
        rate = rounded(sum((c.now_of + c.before_of) / 2 * (c.r1 - c.r0) for c in mine))
        parts["mix"] += rounded(mix)
        parts["rate"] += rate
        parts["volume"] += rest - rounded(mix) - rate
    return parts


def _rate(returned: Returned, cells: list[Cell], at: date) -> Row:
    both = [cell for cell in cells if cell.comparable]
    now = quotient(sum(c.value for c in cells), sum(c.of for c in cells))
    before = quotient(sum(c.value_before for c in cells), sum(c.of_before for c in cells))
    of, of_before = sum(c.of for c in both), sum(c.of_before for c in both)
    c1, c0 = (
        quotient(sum(c.value for c in both), of),
        quotient(sum(c.value_before for c in both), of_before),
    )
    parts: dict[str, Any] = dict.fromkeys(PARTS, 0)
    change = minus(now, before)
    parts["missing"] = change
    if c1 is not None and c0 is not None and change is not None:
        for cell in both:
            r1, r0 = quotient(cell.value, cell.of), quotient(cell.value_before, cell.of_before)
            r1, r0 = r1 if r1 is not None else r0, r0 if r0 is not None else r1
            if r1 is None or r0 is None:
                continue
            w1, w0 = Decimal(cell.of) / Decimal(of), Decimal(cell.of_before) / Decimal(of_before)
            parts["mix"] += (w1 - w0) * ((r1 + r0) / 2 - (c1 + c0) / 2)
            part = "events" if _event(returned, cell.unit, at) else "rate"
            parts[part] += (w1 + w0) / 2 * (r1 - r0)
        parts["missing"] = change - (c1 - c0)
    return {
        "current": now, "previous": before, "parts": parts, "compared": {**parts, "missing": 0},
        "value_compared": c1, "value_compared_before": c0,
        "is_flow": False,
    }  # fmt: skip


def _stocks(returned: Returned, at: date, base: date, units: list[str]) -> list[tuple[str, Row]]:
    found = []
    for name in ("labeling_enterprises", "hq_datasets", "workers"):
        series = {unit: every_value(returned)[name, unit] for unit in units}
        pairs = {
            unit: (rows[at]["value"], rows[base]["value"])
            for unit, rows in series.items()
            if at in rows and base in rows
        }
        if not pairs:
            continue
        parts: dict[str, Any] = dict.fromkeys(PARTS, 0)
        compared = dict(parts)
        for unit, (now, before) in pairs.items():
            first = min(
                (m for m, row in series[unit].items() if row["value"] is not None), default=None
            )
            if now is not None and before is not None:
                which = "entries" if name == "labeling_enterprises" else "volume"
                compared[which] += now - before
            elif first is not None and first > base:
                which = "entries"
            else:
                which = "missing"
            if not (which == "entries" and now is None):
                parts[which] += (now or 0) - (before or 0)
        both = [(n, b) for n, b in pairs.values() if n is not None and b is not None]
        line = {
            "current": total(n for n, _ in pairs.values()),
            "previous": total(b for _, b in pairs.values()),
            "parts": parts,
            "compared": compared,
            "value_compared": total(n for n, _ in both),
            "value_compared_before": total(b for _, b in both),
            "is_flow": False,
            "units_compared": len(both),
        }
        found.append((name, line))
    return found


def _rows(which: str, line: Row, at: date, base: date, name: str) -> list[Row]:
    change = minus(line["current"], line["previous"])
    parts = line["parts"] if change is not None else dict.fromkeys(PARTS)
    values = [value for value in parts.values() if value is not None]
    alone = None in (line["value_compared"], line["value_compared_before"])
    alike = all(v >= 0 for v in values) or all(v <= 0 for v in values)
    days, days_before = (len(working(x, month_end(x))) for x in (at, base))
    fewer = at if days < days_before else base if days > days_before else None
    zh, en = _named(fewer)
    return [
        {
            "indicator_id": which,
            "month": at,
            "comparison": name,
            "base_month": base,
            "previous": line["previous"],
            "current": line["current"],
            "change": change,
            "part": part,
            "value": parts[part],
            "share": _share(parts[part], change) if alike and change else None,
            "value_compared": line["value_compared"],
            "value_compared_before": line["value_compared_before"],
            "part_compared": None if alone else line["compared"][part],
            "units_compared": line["units_compared"],
            "per_day": quotient(line["value_compared"], days) if line["is_flow"] else None,
            "per_day_before": quotient(line["value_compared_before"], days_before)
            if line["is_flow"]
            else None,
            "working_days": days,
            "working_days_before": days_before,
            "holidays_zh": zh,
            "holidays_en": en,
            "suppressed": False,
        }
        for part in PARTS
    ]


def _share(part: Any, change: Any) -> Decimal:
    return round(Decimal(part) / Decimal(change), 6)


def _named(month: date | None) -> tuple[str | None, str | None]:
    """The holidays with a weekday off; the Mid-Autumn Festival of 2025 fell into National Day."""
    if month is None or month.year > 2026:  # no notice yet that would name them
        return None, None
    off = {day for day in OFF if day.startswith(f"{month:%Y-%m}")}
    if not off:
        return None, None
    if f"{month:%Y-%m}" == "2025-10":
        return "国庆节、中秋节", "National Day and Mid-Autumn Festival"
    if f"{month:%Y-%m}" == "2025-01":
        return "元旦、春节", "New Year's Day, Spring Festival"
    return HOLIDAYS[month.month]


# The notices of the State Council: days of the Spring Festival in January, and in all of it.
IN_JANUARY = {2024: 0.0, 2025: 0.67, 2026: 0.0}
FLOWS = {"annotated_volume": "volume_gb", "items_accepted": "accepted", "items_annotated": "items"}


def january_february(
    returned: Returned, unit_id: str | None = None, modality: str | None = None
) -> list[Row]:
    """January and February of years in which the festival lies otherwise than the year before."""
    units = returned.units if unit_id is None else [unit_id]
    found = []
    for name, column in FLOWS.items():
        for at in returned.worked_months:
            moved = IN_JANUARY.get(at.year, 0.0) != IN_JANUARY.get(at.year - 1, 0.0)
            if at.month <= 2 and moved and at.year <= 2026:
                found.append(_together(returned, at, name, column, units, modality))
    return found


def _together(
    returned: Returned, at: date, name: str, column: str, units: list[str], modality: str | None
) -> Row:
    def values(months: list[date], unit: str) -> Any:
        """What a unit did in these months; nothing where it has not all of them whole."""
        if not all(
            m in returned.worked_months and cover(returned, m, unit)["whole"] for m in months
        ):
            return None
        each = []
        for month in months:
            rows = returned.work(month, [unit], modality)
            found = total(row[column] for row in rows)
            each.append(0 if found is None and column != "volume_gb" else found)
        if None in each:
            return None
        return Decimal(sum(each)) / (1000 if column == "volume_gb" else 1)

    now = [date(at.year, 1, 1), date(at.year, 2, 1)]
    year, december = [shift(month, -12) for month in now], [date(at.year - 1, 12, 1)]
    on: Row = dict.fromkeys(("current", "previous", "per_day", "per_day_before"))
    counts = {"units_compared": 0, "units_per_day": 0}
    if at.month == 2:
        sides = {u: tuple(values(m, u) for m in (now, year, december)) for u in units}
        like = [(n, y) for n, y, _ in sides.values() if None not in (n, y)]
        pace = [(n, d) for n, _, d in sides.values() if None not in (n, d)]
        days, days_before = (
            sum(len(working(m, month_end(m))) for m in months) for months in (now, december)
        )
        on = {
            "current": total(n for n, _ in like),
            "previous": total(y for _, y in like),
            "per_day": quotient(total(n for n, _ in pace), days),
            "per_day_before": quotient(total(d for _, d in pace), days_before),
        }
        counts = {"units_compared": len(like), "units_per_day": len(pace)}
    named = {"holiday_zh": "春节", "holiday_en": "Spring Festival"}
    return {"indicator_id": name, "month": at, **named, **on, **counts}
