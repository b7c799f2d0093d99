"""One, Nine and X: datasets, the data factory, and Huai'an beside other places."""

from __future__ import annotations

from datetime import date

from tests.recompute.exact import Number, Row, joined, known, month_end, quotient, shift, total
from tests.recompute.returned import Returned, active
from tests.recompute.series import every_value
from tests.recompute.stocks import STAGES

MEASURES = {
    "items": "items_annotated",
    **{name: name for name in ("datasets_built", "hq_datasets", "dataset_volume")},
    **{name: name for name in ("models_served", "labeling_enterprises", "workers")},
}
# The planner may see everything.
NOTHING_HIDDEN = dict.fromkeys(
    ("suppressed", "per_worker_suppressed", "per_enterprise_suppressed"), False
)


def dataset_list(returned: Returned, to_month: date | None = None) -> list[Row]:
    end = month_end(returned.newest(to_month))
    told = ("dataset_id", "title_zh", "title_en", "sector", "unit_id", "enterprise_id", "size_gb")
    told += ("scenario", "evaluation_rule", *(f"{stage}_on" for stage in STAGES))
    sectors = {row["sector"]: row for row in returned.plan.sectors}
    order = list(sectors)
    found = []
    for row in returned.rows["datasets"]:
        reached = [s for s in STAGES if row[f"{s}_on"] and row[f"{s}_on"] <= end]
        found.append(
            {
                **{name: row[name] for name in told},
                "in_plan": sectors[row["sector"]]["in_plan"],
                "stage": reached[-1] if reached else "none",
                "models_served": row["models_served"] if "applied" in reached else None,
                "trade_value_10k_cny": row["trade_value_10k_cny"] if "traded" in reached else None,
            }
        )
    return sorted(found, key=lambda r: (order.index(r["sector"]), r["unit_id"], r["dataset_id"]))


def dataset_summary(
    returned: Returned, to_month: date | None = None, unit_id: str | None = None
) -> list[Row]:
    month = returned.newest(to_month)
    end = month_end(month)
    due = returned.units if unit_id is None else [unit_id]
    mine = [row for row in returned.rows["datasets"] if row["unit_id"] in due]
    sectors = [row["sector"] for row in returned.plan.sectors if row["in_plan"]]

    def by(stage: str) -> list[Row]:
        return [row for row in mine if row[f"{stage}_on"] and row[f"{stage}_on"] <= end]

    used = by("applied")
    counts = {
        "built": len(by("built")),
        "high_quality": sum(bool(row["evaluated_on"]) for row in by("registered")),
        "traded": len(by("traded")),
        "applied": len(used),
        "models_served": total(row["models_served"] for row in used) if used else 0,
        "scenarios": len({row["scenario"] for row in used if row["scenario"]}),
        "sectors_covered": len({r["sector"] for r in by("built") if r["sector"] in sectors}),
    }
    empty = [
        (sector, stage)
        for sector in sectors
        for stage in STAGES
        if not any(row["sector"] == sector for row in by(stage))
    ]
    firms = [r for r in returned.enterprises if r["registered"] and r["unit_id"] in due]
    units, linked = {row["unit_id"] for row in mine}, {row["unit_id"] for row in firms}
    cells = [(unit, link["link"]) for unit in linked for link in returned.plan.links]
    there = {
        (row["unit_id"], link)
        for row in firms
        if active(row, end)
        for link in row["links"].split("|")
    }
    return [
        {
            "month": month,
            "as_of": end,
            **(counts if mine else dict.fromkeys(counts)),
            "sectors_planned": len(sectors),
            "stages_empty": len(empty) if mine else None,
            "stages_planned": len(sectors) * len(STAGES),
            "links_empty": sum(cell not in there for cell in cells) if cells else None,
            "links_due": len(cells),
            "units_reported": len(units),
            "units_due": len(due),
            "missing_units": joined(set(due) - units),
            "links_units": len(linked),
            "links_missing": joined(set(due) - linked),
        }
    ]


def data_factory(returned: Returned, to_month: date | None = None) -> list[Row]:
    month = returned.newest(to_month)
    series = every_value(returned)
    places = [u["unit_id"] for u in returned.plan.units if "data_factory" in u["roles"]]
    if not places:
        return []
    found = []
    for measure, indicator in MEASURES.items():
        first = date(month.year, 1, 1) if measure == "items" else month
        ours, city = (
            total(row["value"] for at, row in series[indicator, scope].items()
                  if first <= at <= month)
            for scope in (places[0], "city")
        )  # fmt: skip
        newest = series[indicator, "city"].get(month, {})
        found.append(
            {
                "measure": measure,
                "month": month,
                "factory": ours,
                "city": city,
                "share": quotient(ours, city),
                "units_reported": newest.get("units_reported"),
                "units_due": newest.get("units_due"),
            }
        )
    return found


def benchmarks(returned: Returned, to_month: date | None = None) -> list[Row]:
    published = returned.plan.benchmarks
    found = []
    for indicator in sorted({row["indicator_id"] for row in published}):
        ours = _here(returned, indicator, returned.newest(to_month))
        lines = [ours]
        for place in sorted({r["place_en"] for r in published if r["indicator_id"] == indicator}):
            rows = [r for r in published if r["place_en"] == place]
            lines.append(_there(indicator, rows, ours))
        found += lines
    return found


def _here(returned: Returned, indicator: str, month: date) -> Row:
    (about,) = [r for r in returned.plan.indicators if r["indicator_id"] == indicator]
    since = None
    if indicator == "labeling_revenue":
        quarters = {r["month"] for r in returned.rows["enterprise_quarterly"]}
        month = max(each for each in quarters if each <= month)
        since = shift(month, -11)
    if indicator == "annotated_volume":
        since = returned.months[0]
    series = every_value(returned)

    def rows(scope: str) -> list[Row]:
        there = series[indicator, scope].items()
        return [row for at, row in there if (since or month) <= at <= month]

    def value(scope: str) -> Number:
        if indicator == "labeling_revenue" and len(known(r["value"] for r in rows(scope))) < 4:
            return None
        return total(row["value"] for row in rows(scope))

    def ratio(divisor: str) -> Number:
        pairs = [
            (value(unit), series[divisor, unit].get(month, {}).get("value"))
            for unit in returned.units
        ]
        both = [pair for pair in pairs if None not in pair]
        return quotient(total(one for one, _ in both), total(other for _, other in both))

    amount = value("city")
    return {
        "here": True,
        "place_en": "Huai'an",
        "place_zh": "淮安",
        "indicator_id": indicator,
        "value": amount,
        "operator": "equal",
        "per_worker": ratio("workers") if indicator != "workers" else None,
        "per_enterprise": ratio("labeling_enterprises")
        if indicator != "labeling_enterprises"
        else None,
        "ratio_as_of": month_end(month),
        "kind": "cumulative" if indicator == "annotated_volume" else about["kind"],
        "comparable": True,
        "caution": "not_here" if amount is None else None,
        "as_of": month_end(month),
        "since": since,
        "source": about["source"],
        **dict.fromkeys(("certainty", "note_zh", "note_en")),
        **NOTHING_HIDDEN,
        "units_reported": min(known(r["units_reported"] for r in rows("city")), default=None),
        "units_due": max(known(r["units_due"] for r in rows("city")), default=None),
    }


def _there(indicator: str, rows: list[Row], ours: Row) -> Row:
    mine = sorted((r for r in rows if r["indicator_id"] == indicator), key=lambda r: r["as_of"])
    newest, ratio = mine[-1], None
    for row in reversed(mine):
        both = [_divided(row, rows, name) for name in ("workers", "labeling_enterprises")]
        if ratio is None and any(part is not None for part in both):
            ratio = (*both, row["as_of"])
    per_worker, per_enterprise, as_of = ratio or (None, None, None)
    alike = newest["kind"] == ours["kind"]
    start = "start" if newest["kind"] == "cumulative" else None
    return {
        "here": False,
        **{name: newest[name] for name in newest if name not in ("indicator_id", "checked_on")},
        "indicator_id": indicator,
        "per_worker": per_worker,
        "per_enterprise": per_enterprise,
        "ratio_as_of": as_of,
        "comparable": alike,
        "caution": newest["kind"] if not alike else "not_here" if ours["value"] is None else start,
        **dict.fromkeys(("since", "units_reported", "units_due")),
        **NOTHING_HIDDEN,
    }


def _divided(row: Row, rows: list[Row], divisor: str) -> Number:
    """The figure by another that the place published for the same day and scope."""
    if row["indicator_id"] == divisor:
        return None
    return next(
        (
            quotient(row["value"], each["value"])
            for each in rows
            if each["indicator_id"] == divisor
            and each["as_of"] == row["as_of"]
            and each["kind"] in ("stock", row["kind"])
        ),
        None,
    )
