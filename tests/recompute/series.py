"""Indicators by month: the city's and each unit's, from the recount that the query tests have.

`tests/queries/recount.py` is plain Python over rows; here it gets the rows of the files.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from tests.queries.recount import INDICATORS
from tests.recompute.covered import cover
from tests.recompute.exact import Row, joined, quotient, shift
from tests.recompute.returned import Returned

CITY = "city"
REGISTRIES = ("enterprises", "datasets", "workforce_monthly", "enterprise_quarterly")
# A count over the whole city is not the sum of the units' counts, and growth has a base.
NO_PARTS = {"sectors_covered": "datasets", "links_covered": "enterprises"}
GROWTH = "labeling_revenue_growth"
NOTHING = ("month", "value", "status", "units_reported", "units_due")


class Series:
    """Every indicator of `returned`, for any set of units and month."""

    def __init__(self, returned: Returned) -> None:
        self.returned = returned
        self.value = cache(self._value)
        self.rows = cache(self._rows)

    def _rows(self, units: tuple[str, ...], month: date) -> dict[str, list[Row]]:
        """The rows that an indicator of some units and a month is made of."""
        kept = {
            kind: [row for row in self.returned.rows[kind] if row["unit_id"] in units]
            for kind in REGISTRIES
        }
        planned = {row["sector"] for row in self.returned.plan.sectors if row["in_plan"]}
        # The recount knows one field that no plan names: other.
        kept["datasets"] = [
            row if row["sector"] in planned else {**row, "sector": "other"}
            for row in kept["datasets"]
        ]
        return {**kept, "labeling_daily": self.returned.work(month, units)}

    def _value(self, indicator: str, units: tuple[str, ...], month: date) -> Any:
        if indicator == "on_time_return_rate":
            return _on_time(self.returned, units, month)
        return INDICATORS[indicator](self.rows(units, month), month)

    def in_value(self, indicator: str, month: date, units: Iterable[str]) -> list[str]:
        """The units whose returns are in a value."""
        if indicator in NO_PARTS:
            there = {row["unit_id"] for row in self.returned.rows[NO_PARTS[indicator]]}
            return [unit for unit in units if unit in there]
        if indicator == GROWTH:
            both = self.in_value("labeling_revenue", shift(month, -12), units)
            return self.in_value("labeling_revenue", month, both)
        return [unit for unit in units if self.value(indicator, (unit,), month) is not None]


def _on_time(returned: Returned, units: tuple[str, ...], month: date) -> Any:
    """Returns whose first version came by the day they were due, of those due by today."""
    due = [
        line
        for line in returned.ledger
        if line["month"] == month and line["unit_id"] in units and line["due_on"] <= returned.today
    ]
    good = sum(
        line["first_received_on"] is not None and line["first_received_on"] <= line["due_on"]
        for line in due
    )
    return quotient(good, len(due))


@cache
def series_of(returned: Returned) -> Series:
    """One for each set of returns: its values are worth keeping."""
    return Series(returned)


@cache
def every_value(returned: Returned) -> dict[tuple[str, str], dict[date, Row]]:
    """For each indicator and scope the months with a value due, oldest first."""
    found: dict[tuple[str, str], dict[date, Row]] = {}
    for indicator in returned.plan.indicators:
        name = indicator["indicator_id"]
        sent = [r for r in returned.rows["indicator_values"] if r["indicator_id"] == name]
        computed = _computed(returned, indicator)
        for scope in (*returned.units, CITY):
            mine = {row["period"]: row for row in sent if row["scope"] == scope}
            rows = {month: _row(returned, name, scope, month) for month in computed}
            rows |= {month: _sent_row(row) for month, row in mine.items()}
            found[name, scope] = dict(sorted(rows.items()))
    return found


def _computed(returned: Returned, indicator: Row) -> list[date]:
    """The months of an indicator that is made of returns: from its first value on."""
    source, name = indicator["source"], indicator["indicator_id"]
    if source == "indicator_values":
        return []
    quarterly = source == "enterprise_quarterly"
    months = [m for m in returned.months if not quarterly or m.month % 3 == 0]
    series, city = series_of(returned), tuple(returned.units)
    scopes = [city, *((unit,) for unit in city)]
    known = [m for m in months if any(series.value(name, s, m) is not None for s in scopes)]
    return [month for month in months if not known or month >= known[0]]


def _row(returned: Returned, name: str, scope: str, month: date) -> Row:
    units = returned.units if scope == CITY else [scope]
    series = series_of(returned)
    value = series.value(name, tuple(units), month)
    provisional = "P" if returned.provisional(month) else "A"
    return {
        "month": month,
        "value": value,
        "status": "M" if value is None else provisional,
        "units_reported": len(series.in_value(name, month, units)),
        "units_due": len(units),
    }


def _sent_row(row: Row) -> Row:
    """A value that an office sent as a whole."""
    whole = {"month": row["period"], "value": row["value"], "status": row["status"]}
    return {**whole, "units_reported": None, "units_due": None}


def indicator_series(returned: Returned) -> list[Row]:
    about = {row["indicator_id"]: row for row in returned.plan.indicators}
    return [
        {
            "indicator_id": name,
            "scope": scope,
            **{key: about[name][key] for key in ("kind", "unit_zh", "unit_en")},
            **row,
        }
        for (name, scope), rows in every_value(returned).items()
        for row in rows.values()
    ]


def _up_to(returned: Returned, name: str, scope: str, to_month: date | None) -> list[Row]:
    last = returned.newest(to_month)
    return [row for month, row in every_value(returned)[name, scope].items() if month <= last]


def _named(indicator: Row, *more: str) -> Row:
    names = ("indicator_id", "name_zh", "name_en", "unit_zh", "unit_en", "kind", "better")
    return {name: indicator[name] for name in (*names, *more)}


def latest_indicators(
    returned: Returned, to_month: date | None = None, scope: str = CITY
) -> list[Row]:
    nothing: Row = dict.fromkeys(NOTHING)
    found = []
    for indicator in returned.plan.indicators:
        rows = _up_to(returned, indicator["indicator_id"], scope, to_month)
        newest = rows[-1] if rows else nothing
        previous = rows[-2] if len(rows) > 1 else nothing
        year = shift(newest["month"], -12) if rows else None
        before = next((row for row in rows if row["month"] == year), nothing)
        found.append(
            {
                **_named(indicator),
                **newest,
                "previous_month": previous["month"],
                "previous_value": previous["value"],
                "previous_status": previous["status"],
                "year_before_month": before["month"],
                "year_before_value": before["value"],
                "year_before_status": before["status"],
            }
        )
    return found


def comparable_indicators(returned: Returned, to_month: date | None = None) -> list[Row]:
    found = []
    for indicator in returned.plan.indicators:
        name = indicator["indicator_id"]
        rows = _up_to(returned, name, CITY, to_month)
        newest: Row = rows[-1] if rows else dict.fromkeys(NOTHING)
        previous = rows[-2]["month"] if len(rows) > 1 else None
        year = shift(newest["month"], -12) if rows else None
        found.append(
            {
                **_named(indicator, "definition_zh", "definition_en"),
                **newest,
                "missing_units": _missing(returned, indicator, newest),
                **_like(returned, indicator, newest["month"], previous, "period"),
                **_like(returned, indicator, newest["month"], year, "year"),
                "period_suppressed": False,
                "year_suppressed": False,
            }
        )
    return found


def _has_parts(indicator: Row) -> bool:
    """Whether its value over some units is made of those of each."""
    name = indicator["indicator_id"]
    return name not in NO_PARTS and name != GROWTH and indicator["source"] != "indicator_values"


def _missing(returned: Returned, indicator: Row, newest: Row) -> str | None:
    if not _has_parts(indicator) or newest["month"] is None:
        return None
    name, month = indicator["indicator_id"], newest["month"]
    there = series_of(returned).in_value(name, month, returned.units)
    return joined(set(returned.units) - set(there))


def _like(
    returned: Returned, indicator: Row, now: date | None, base: date | None, name: str
) -> Row:
    """An indicator now and then, over the units that are in both values."""
    blank = dict.fromkeys((f"now_{name}", f"before_{name}", f"{name}_units"))
    # Before the first month of the data nobody had reported, whatever a registry tells of it.
    if not _has_parts(indicator) or now is None or base is None or base < returned.months[0]:
        return blank
    series, which = series_of(returned), indicator["indicator_id"]
    then = series.in_value(which, base, returned.units)
    both = tuple(series.in_value(which, now, then))
    if not both:
        return blank
    return {
        f"now_{name}": series.value(which, both, now),
        f"before_{name}": series.value(which, both, base),
        f"{name}_units": len(both),
    }


OF_LABELING = {
    "items_annotated", "items_accepted", "annotated_volume", "acceptance_rate", "first_pass_rate",
    "rework_rate", "gold_accuracy", "units_in_operation", "data_factory_in_operation",
}  # fmt: skip


def indicator_by_unit(
    returned: Returned, indicator_id: str = "items_accepted", to_month: date | None = None
) -> list[Row]:
    month = returned.newest(to_month)
    places = ("unit_id", "name_zh", "name_en", "kind", "named_in", "location_basis", "lon", "lat")
    found = []
    for unit in returned.plan.units:
        row = every_value(returned)[indicator_id, unit["unit_id"]].get(month, {})
        value = row.get("value")
        found.append(
            {
                **{name: unit[name] for name in places},
                "indicator_id": indicator_id,
                "month": month,
                "value": value,
                "reported": value is not None or bool(row.get("units_reported")),
                "status": row.get("status", "M"),
                "whole": indicator_id not in OF_LABELING
                or month not in returned.worked_months
                or not returned.work(month, [unit["unit_id"]])
                or cover(returned, month, unit["unit_id"])["whole"],
            }
        )
    (about,) = [i for i in returned.plan.indicators if i["indicator_id"] == indicator_id]
    sign = 1 if about["better"] == "down" else -1
    return sorted(found, key=lambda r: (r["value"] is None, sign * (r["value"] or 0), r["unit_id"]))


def year_to_date(returned: Returned, to_month: date | None = None) -> list[Row]:
    last = returned.newest(to_month)
    this = [date(last.year, number, 1) for number in range(1, last.month + 1)]
    before = [date(last.year - 1, number, 1) for number in range(1, last.month + 1)]
    found = []
    for indicator in returned.plan.indicators:
        if indicator["kind"] == "flow" and indicator["source"] == "labeling_daily":
            found.append(_added_up(returned, indicator["indicator_id"], this, before))
    return found


def _added_up(returned: Returned, name: str, this: list[date], before: list[date]) -> Row:
    def known(scope: str, months: list[date]) -> list[Any]:
        rows = (every_value(returned)[name, scope].get(month, {}) for month in months)
        return [row["value"] for row in rows if row.get("value") is not None]

    whole = [unit for unit in returned.units if len(known(unit, this)) == len(this)]
    every = [u for u in whole if all(returned.cover(m, u)["whole"] for m in this)]
    both = [
        unit
        for unit in every
        if len(known(unit, before)) == len(before)
        and all(returned.cover(m, unit)["whole"] for m in before)
    ]
    city = known(CITY, this)
    complete = len(every) == len(returned.units)
    provisional = any(returned.provisional(month) for month in this)
    return {
        "indicator_id": name,
        "since": this[0],
        "month": this[-1],
        "value": sum(city) if city else None,
        "units_reported": len(whole),
        "units_whole": len(every),
        "units_in_value": sum(bool(known(unit, this)) for unit in returned.units),
        "units_due": len(returned.units),
        "missing_units": joined(set(returned.units) - set(whole)),
        "now_year": sum(sum(known(unit, this)) for unit in both) if both else None,
        "before_year": sum(sum(known(unit, before)) for unit in both) if both else None,
        "year_units": len(both),
        "status": "M" if not city else "P" if provisional or not complete else "A",
    }
