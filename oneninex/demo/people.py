"""Staff over time, and the returns that follow from it: registry, quarters, workforce."""

from datetime import date

import pyarrow as pa

from oneninex.demo.parameters import Enterprise, Parameters, Unit
from oneninex.demo.rules import Pair
from oneninex.demo.span import between, generator, month_end, quarter_name, shift


def ramp(given: Parameters, month: date) -> float:
    """0 at the beginning of the ramp, 1 at its end and after."""
    first, last = given.demo.period.ramp
    return min(1.0, max(0.0, between(first, month) / between(first, last)))


def along(pair: Pair, share: float) -> float:
    """The value a share of the way from the first to the second."""
    return pair[0] + (pair[1] - pair[0]) * share


def staff(given: Parameters, enterprise: Enterprise, month: date, seed: int) -> int:
    """Employees at the end of the month: from the first to the second value, with some noise."""
    if not enterprise.works_in(month):
        return 0
    first, last = given.demo.period.ramp
    start = max(first, enterprise.works_from or enterprise.joined_on.replace(day=1))
    share = min(1.0, max(0.0, between(start, month) / max(1, between(start, last))))
    smooth = share * share * (3 - 2 * share)
    noise = generator(seed, "staff", enterprise.code, month).normal(1.0, 0.015)
    return max(1, round(along(enterprise.staff, smooth) * float(noise)))


def enterprises(given: Parameters, unit: Unit, last: date) -> pa.Table:
    """The registry of a unit at the end of the last month, those who left included."""
    rows = [
        {
            "enterprise_id": given.enterprise_ids[e.code],
            "name_zh": e.name_zh or given.demo.marks.enterprise_zh.format(code=e.code),
            "name_en": e.name_en or given.demo.marks.enterprise_en.format(code=e.code),
            "unit_id": unit.unit_id,
            "founded_on": e.founded_on,
            "joined_on": e.joined_on,
            "left_on": e.left_on,
            "origin": e.origin,
            "links": "|".join(e.links),
            "recognition": e.recognition,
        }
        for e in given.of_unit(unit)
        if e.registered and e.joined_on <= month_end(last)
    ]
    days = {"founded_on", "joined_on", "left_on"}
    names = given.columns["enterprises"]
    schema = pa.schema([(n, pa.date32() if n in days else pa.string()) for n in names])
    return pa.Table.from_pylist(rows, schema)


def quarterly(given: Parameters, unit: Unit, quarter: date, seed: int) -> pa.Table:
    """The quarter (given by its first month) of the registered enterprises of a unit."""
    end = shift(quarter, 2)
    rows = [
        _quarter(given, unit, e, quarter, seed)
        for e in given.of_unit(unit)
        if e.registered and e.joined_on <= month_end(end) and (e.left_on or end) >= end
    ]
    return pa.Table.from_pylist(rows, _schema(given, "enterprise_quarterly", _QUARTER_TEXT, _MONEY))


_QUARTER_TEXT = {"quarter", "enterprise_id", "unit_id"}
_MONEY = {
    "revenue_10k_cny",
    "labeling_revenue_10k_cny",
    "rd_expense_10k_cny",
    "backlog_10k_cny",
}


def _quarter(
    given: Parameters, unit: Unit, enterprise: Enterprise, quarter: date, seed: int
) -> dict[str, object]:
    """One enterprise and quarter; one that has not begun to work has neither staff nor revenue."""
    money, rng = given.demo.money, generator(seed, "quarter", enterprise.code, quarter)
    months = [shift(quarter, n) for n in range(3)]
    people = [staff(given, enterprise, m, seed) for m in months]
    factor = money.quarter_factor[quarter.month // 3] * (0.5 + 0.5 * unit.output)
    monthly = money.output_per_worker_year / 12 * factor * float(rng.normal(1.0, 0.05))
    revenue = sum(people) * monthly
    # A quarter's figure counts against the staff at its end, so a newcomer may not look idle.
    revenue = max(revenue, people[-1] * 1.2)
    employees = people[-1]
    share = along(money.labeling_share, float(rng.random()))
    certified = along(given.demo.people.certified_share, ramp(given, months[-1]))
    annotators = round(employees * given.demo.work.annotator_share)
    return {
        "quarter": quarter_name(quarter),
        "enterprise_id": given.enterprise_ids[enterprise.code],
        "unit_id": unit.unit_id,
        "revenue_10k_cny": round(revenue, 1),
        "labeling_revenue_10k_cny": round(revenue * share, 1),
        "employees": employees,
        "annotators": annotators,
        "certified_annotators": round(annotators * certified),
        "rd_expense_10k_cny": round(revenue * along(money.rd_share, float(rng.random())), 1),
        "backlog_10k_cny": round(revenue / 3 * along(money.backlog_months, float(rng.random())), 1),
        "patents": int(rng.poisson(0.012 * employees)),
        "standards": int(rng.random() < 0.06),
    }


def workforce(given: Parameters, unit: Unit, month: date, seed: int) -> pa.Table:
    """The people and seats of a unit at the end of a month (one row)."""
    rng = generator(seed, "workforce", unit.unit_id, month)
    workers = sum(staff(given, e, month, seed) for e in given.of_unit(unit))
    people = given.demo.people
    part_time = round(workers * people.part_time_share)
    certified = workers * along(people.certified_share, ramp(given, month))
    # Seats are fitted in steps of twenty, ahead of the people.
    seats = -(-round(workers * people.seats_per_worker) // 20) * 20
    row = {
        "month": f"{month:%Y-%m}",
        "unit_id": unit.unit_id,
        "workstations": seats,
        "workstations_used": min(seats, round(workers * people.seats_used_share)),
        "full_time": workers - part_time,
        "part_time": part_time,
        "trainees": int(rng.poisson(workers * people.trainee_share)),
        "reserve": int(rng.poisson(workers * people.reserve_share)),
        "trained": int(rng.poisson(workers * people.trained_share)),
        "school_partners": round(unit.schools * (0.5 + 0.5 * ramp(given, month))),
    } | {
        f"certified_{level}": round(certified * share)
        for level, share in enumerate(people.certified_levels, start=1)
    }
    return pa.Table.from_pylist(
        [row], _schema(given, "workforce_monthly", {"month", "unit_id"}, set())
    )


def _schema(given: Parameters, kind: str, text: set[str], decimal: set[str]) -> pa.Schema:
    return pa.schema(
        (name, pa.string() if name in text else pa.float64() if name in decimal else pa.int64())
        for name in given.columns[kind]
    )
