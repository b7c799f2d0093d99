"""Every indicator computed another way: plain Python over the rows that were sent."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from tests.queries.given import Given, month

Rows = list[dict[str, Any]]
Value = float | None


def recount(given: Given, indicator: str, scope: str, at: date) -> Value:
    """The value of an indicator for the city or a unit in the month `at`."""
    rows = {
        kind: [
            row for row in given.rows.get(f"fact_{kind}", []) if scope in ("city", row["unit_id"])
        ]
        for kind in RETURNS
    }
    return INDICATORS[indicator](rows, at)


def known(values: Iterable[Any]) -> list[Any]:
    """Those that are not missing."""
    return [value for value in values if value is not None]


def total(values: Iterable[Any]) -> Value:
    """The sum of what is known, missing when nothing is."""
    there = known(values)
    return float(sum(there)) if there else None


def share(numerator: str, denominator: str) -> Callable[[dict[str, Rows], date], Value]:
    """The ratio of two columns of labeling over rows that have both."""

    def value(rows: dict[str, Rows], at: date) -> Value:
        both = [r for r in _labeling(rows, at) if r.get(numerator) is not None]
        whole = total(row.get(denominator) for row in both)
        return sum(row[numerator] for row in both) / whole if whole else None

    return value


def _labeling(rows: dict[str, Rows], at: date) -> Rows:
    return [row for row in rows["labeling_daily"] if row["date"].replace(day=1) == at]


def _sum(column: str, factor: float = 1) -> Callable[[dict[str, Rows], date], Value]:
    def value(rows: dict[str, Rows], at: date) -> Value:
        found = total(row.get(column) for row in _labeling(rows, at))
        return None if found is None else found * factor

    return value


def _rework(rows: dict[str, Rows], at: date) -> Value:
    first_pass = share("accepted_first_pass", "reviewed")(rows, at)
    return None if first_pass is None else 1 - first_pass


def _running(units: Iterable[str] | None) -> Callable[[dict[str, Rows], date], Value]:
    def value(rows: dict[str, Rows], at: date) -> Value:
        output: dict[str, int] = {}
        for row in _labeling(rows, at):
            output[row["unit_id"]] = output.get(row["unit_id"], 0) + row["items"]
        if not output:
            return None
        return float(sum(n > 0 for unit, n in output.items() if units is None or unit in units))

    return value


def _end(at: date) -> date:
    return at.replace(day=monthrange(at.year, at.month)[1])


def _active(rows: dict[str, Rows], at: date) -> Rows:
    end = _end(at)
    return [
        row
        for row in rows["enterprises"]
        if row["joined_on"] <= end and not (row["left_on"] and row["left_on"] <= end)
    ]


def _enterprises(
    test: Callable[[dict[str, Any]], bool],
) -> Callable[[dict[str, Rows], date], Value]:
    def value(rows: dict[str, Rows], at: date) -> Value:
        if not rows["enterprises"]:
            return None
        return float(len([row for row in _active(rows, at) if test(row)]))

    return value


def _links(rows: dict[str, Rows], at: date) -> Value:
    if not rows["enterprises"]:
        return None
    return float(len({link for row in _active(rows, at) for link in row["links"].split("|")}))


def _datasets(
    day: str, amount: str | None = None, factor: float = 1, also: str | None = None
) -> Callable[[dict[str, Rows], date], Value]:
    def value(rows: dict[str, Rows], at: date) -> Value:
        if not rows["datasets"]:
            return None
        there = [row for row in rows["datasets"] if row[day] and row[day] <= _end(at)]
        there = [row for row in there if also is None or row[also]]
        if amount is None or not there:
            return float(len(there))
        found = total(row[amount] for row in there)
        return None if found is None else found * factor

    return value


def _additive_amount(amount: str, day: str) -> Callable[[dict[str, Rows], date], Value]:
    """A unit whose amounts are all unknown is missing; one without such datasets adds 0."""

    def value(rows: dict[str, Rows], at: date) -> Value:
        units = {row["unit_id"] for row in rows["datasets"]}
        parts = []
        for unit in units:
            mine = {"datasets": [row for row in rows["datasets"] if row["unit_id"] == unit]}
            parts.append(_datasets(day, amount)(mine, at))
        return total(parts)

    return value


def _sectors(rows: dict[str, Rows], at: date) -> Value:
    if not rows["datasets"]:
        return None
    built = [row for row in rows["datasets"] if row["built_on"] and row["built_on"] <= _end(at)]
    return float(len({row["sector"] for row in built} - {"other"}))


def _workforce(rows: dict[str, Rows], at: date) -> Rows:
    return [row for row in rows["workforce_monthly"] if row["month"] == at]


def _head_count(*columns: str) -> Callable[[dict[str, Rows], date], Value]:
    def value(rows: dict[str, Rows], at: date) -> Value:
        return total(row.get(column) for row in _workforce(rows, at) for column in columns)

    return value


def _seats_used(rows: dict[str, Rows], at: date) -> Value:
    both = [
        row
        for row in _workforce(rows, at)
        if row["workstations"] is not None and row["workstations_used"] is not None
    ]
    seats = sum(row["workstations"] for row in both)
    return sum(row["workstations_used"] for row in both) / seats if seats else None


def _revenue(rows: dict[str, Rows], at: date) -> Value:
    if at.month % 3:
        return None
    quarter = f"{at.year}Q{at.month // 3}"
    mine = [row for row in rows["enterprise_quarterly"] if row["quarter"] == quarter]
    return total(row["labeling_revenue_10k_cny"] for row in mine)


def _growth(rows: dict[str, Rows], at: date) -> Value:
    """Over the units that reported both quarters."""
    before = at.replace(year=at.year - 1)
    quarterly = rows["enterprise_quarterly"]
    pairs = [
        (_revenue(own, at), _revenue(own, before))
        for unit in sorted({row["unit_id"] for row in quarterly})
        for own in [{**rows, "enterprise_quarterly": _of(quarterly, unit)}]
    ]
    both = [(now, base) for now, base in pairs if now is not None and base is not None]
    now, base = sum(now for now, _ in both), sum(base for _, base in both)
    return now / base - 1 if both and base > 0 else None


def _of(rows: Rows, unit: str) -> Rows:
    return [row for row in rows if row["unit_id"] == unit]


RETURNS = ("labeling_daily", "enterprises", "datasets", "workforce_monthly", "enterprise_quarterly")
INDICATORS: dict[str, Callable[[dict[str, Rows], date], Value]] = {
    "items_annotated": _sum("items"),
    "items_accepted": _sum("accepted"),
    "annotated_volume": _sum("volume_gb", 1 / 1000),
    "acceptance_rate": share("accepted", "reviewed"),
    "first_pass_rate": share("accepted_first_pass", "reviewed"),
    "rework_rate": _rework,
    "gold_accuracy": share("gold_correct", "gold_items"),
    "units_in_operation": _running(None),
    "data_factory_in_operation": _running({"U1"}),
    "labeling_enterprises": _enterprises(lambda row: "labeling" in row["links"].split("|")),
    "benchmark_enterprises": _enterprises(lambda row: bool(row["recognition"])),
    "links_covered": _links,
    "datasets_built": _datasets("built_on"),
    "hq_datasets": _datasets("registered_on", also="evaluated_on"),
    "datasets_traded": _datasets("traded_on"),
    "dataset_trade_value": _additive_amount("trade_value_10k_cny", "traded_on"),
    "dataset_volume": _datasets("built_on", "size_gb", 1 / 1000),
    "models_served": _additive_amount("models_served", "applied_on"),
    "sectors_covered": _sectors,
    "workers": _head_count("full_time", "part_time"),
    "workstations": _head_count("workstations"),
    "workstation_use": _seats_used,
    "certified_annotators": _head_count(*[f"certified_{level}" for level in range(1, 6)]),
    "labeling_revenue": _revenue,
    "labeling_revenue_growth": _growth,
}
MONTHS = [month(f"2025-{n:02}") for n in (11, 12)] + [month(f"2026-{n:02}") for n in range(1, 11)]
