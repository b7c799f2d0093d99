"""What the demo returns say: contract rules, marks, days, late unit, plausible ratios."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from stdnum.cn import uscc

Row = dict[str, Any]
Rows = Callable[[str], list[Row]]
UNITS = [f"U{n}" for n in range(1, 10)]
NATIONAL_DAY = {date(2025, 10, d) for d in range(1, 9)} | {date(2026, 10, d) for d in range(1, 8)}
SPRING_FESTIVAL = {
    *(date(2025, 1, d) for d in range(28, 32)),
    *(date(2025, 2, d) for d in range(1, 5)),
    *(date(2026, 2, d) for d in range(16, 23)),
}


def _sum(rows: Iterable[Row], name: str) -> float:
    return sum(row.get(name) or 0 for row in rows)


def test_daily_rows_obey_the_contract(rows: Rows) -> None:
    daily = rows("labeling_daily")
    assert 25_000 <= len(daily) <= 35_000
    for row in daily:
        assert 0 <= row["accepted_first_pass"] <= row["accepted"] <= row["reviewed"], row
        assert row["reviewed"] <= row["items"]
        assert row["rejected"] == row["reviewed"] - row["accepted"]
        assert (row.get("gold_correct") or 0) <= (row.get("gold_items") or 0)
        assert (row.get("prelabeled_items") or 0) <= row["items"]
        assert row["items"] > 0
        assert row["annotators"] >= 1
        assert 0 < row["hours"] <= 24 * row["annotators"]
        assert row["hours_basis"]


def test_daily_keys_are_unique_and_lie_in_their_file(rows: Rows) -> None:
    key = ("date", "unit_id", "enterprise_id", "project_id", "modality", "task_type")
    daily = rows("labeling_daily")
    assert len({tuple(row[name] for name in key) for row in daily}) == len(daily)
    assert all(f"_{r['unit_id']}_{r['date']:%Y-%m}." in r["file"] for r in daily)


def test_other_returns_obey_the_contract(rows: Rows) -> None:
    for row in rows("enterprise_quarterly"):
        assert row["labeling_revenue_10k_cny"] <= row["revenue_10k_cny"]
        assert row["certified_annotators"] <= row["annotators"] <= row["employees"]
        if row["employees"]:
            assert 1 <= row["revenue_10k_cny"] / row["employees"] <= 500
    for row in rows("workforce_monthly"):
        assert row["workstations_used"] <= row["workstations"]
    for row in rows("datasets"):
        stages = ("planned_on", "built_on", "evaluated_on", "registered_on", "traded_on")
        days = [row[stage] for stage in stages]
        reached = [day for day in days if day is not None]
        assert days[: len(reached)] == reached == sorted(reached)
    for row in rows("enterprises"):
        assert row["founded_on"] <= row["joined_on"] <= (row["left_on"] or date.max)
        assert row["joined_on"] <= date(2026, 10, 31)


def test_everything_carries_the_demo_mark(rows: Rows) -> None:
    kinds = ("labeling_daily", "enterprises", "enterprise_quarterly")
    for kind in kinds:
        for number in {row["enterprise_id"] for row in rows(kind)}:
            assert uscc.is_valid(number)
            assert number[8:12] == "DEM0"
    assert all(row["name_zh"].startswith("演示企业") for row in rows("enterprises"))
    assert all(row["dataset_id"].startswith("DEMO-") for row in rows("datasets"))
    assert all(row["source"].startswith("演示") for row in rows("indicator_values"))


def test_weekends_are_lower_and_festivals_near_zero(rows: Rows) -> None:
    by_day: dict[date, float] = defaultdict(float)
    for row in rows("labeling_daily"):
        by_day[row["date"]] += row["items"]
    days_2026 = {day: items for day, items in by_day.items() if day >= date(2026, 3, 1)}
    free = NATIONAL_DAY | SPRING_FESTIVAL
    workday = [n for d, n in days_2026.items() if d.weekday() < 5 and d not in free]
    weekend = [n for d, n in days_2026.items() if d.weekday() >= 5 and d not in free]
    ordinary = sorted(workday)[len(workday) // 2]
    assert sorted(weekend)[len(weekend) // 2] < 0.35 * ordinary
    for day in free:
        assert by_day[day] < 0.04 * ordinary, day


def test_output_grows_and_february_dips(rows: Rows) -> None:
    by_month: dict[str, float] = defaultdict(float)
    for row in rows("labeling_daily"):
        by_month[f"{row['date']:%Y-%m}"] += row["items"]
    assert len(by_month) == 22
    assert min(by_month) == "2025-01"
    assert max(by_month) == "2026-10"
    assert by_month["2026-09"] > 1.3 * by_month["2025-09"]
    assert by_month["2026-02"] < 0.7 * by_month["2026-01"]


@pytest.mark.parametrize("kind", ["labeling_daily", "workforce_monthly"])
def test_one_unit_is_late_this_month(returns: Path, kind: str) -> None:
    def sent(month: str) -> set[str]:
        return {p.name.split("_")[2] for p in returns.glob(f"{kind}_*_{month}.*")}

    assert sent("2026-09") == set(UNITS)
    assert sent("2026-10") == set(UNITS) - {"U9"}


def test_one_unit_lags(rows: Rows) -> None:
    recent = [row for row in rows("labeling_daily") if row["date"] >= date(2026, 1, 1)]
    rate = {}
    for unit in UNITS:
        own = [row for row in recent if row["unit_id"] == unit]
        rate[unit] = _sum(own, "accepted") / _sum(own, "reviewed")
    assert min(rate, key=lambda unit: rate[unit]) == "U6"
    assert rate["U6"] < min(rate[unit] for unit in UNITS if unit != "U6") - 0.04


def test_one_unit_shifts_its_modality(rows: Rows) -> None:
    def share(month: str) -> float:
        own = [
            row
            for row in rows("labeling_daily")
            if row["unit_id"] == "U5" and f"{row['date']:%Y-%m}" == month
        ]
        return _sum((r for r in own if r["modality"] == "image"), "hours") / _sum(own, "hours")

    assert share("2025-02") > 0.8
    assert share("2026-10") < 0.3


def test_units_differ_in_what_they_can_tell(rows: Rows) -> None:
    bases, without_gold = defaultdict(set), set()
    for row in rows("labeling_daily"):
        bases[row["unit_id"]].add(row["hours_basis"])
        if row.get("gold_items") is None:
            without_gold.add(row["unit_id"])
    assert all(len(found) == 1 for found in bases.values())
    assert len(set().union(*bases.values())) == 4
    assert without_gold == {"U4", "U7", "U9"}


def test_the_special_enterprises_are_there(rows: Rows) -> None:
    registry = {row["enterprise_id"]: row for row in rows("enterprises")}
    working = {row["enterprise_id"] for row in rows("labeling_daily")}
    assert len(working - registry.keys()) == 1
    assert max(len(row["name_zh"]) for row in registry.values()) > 60
    assert sum(row["left_on"] is not None for row in registry.values()) == 1
    assert any(row["joined_on"] >= date(2026, 9, 1) for row in registry.values())
    assert {row["origin"] for row in registry.values()} == {"attracted", "grown"}
    idle = [r for r in rows("enterprise_quarterly") if r["revenue_10k_cny"] == 0]
    assert [(row["quarter"], row["unit_id"]) for row in idle] == [("2025Q3", "U5")]


def test_the_chain_has_gaps(rows: Rows) -> None:
    cells = {(r["unit_id"], link) for r in rows("enterprises") for link in r["links"].split("|")}
    assert {link for _, link in cells} == {
        *("circulation", "aggregation", "governance", "labeling", "application")
    }
    assert 20 < len(cells) < 45


def test_ratios_are_those_that_bases_publish(rows: Rows) -> None:
    """DOMAIN 2.3: workers and output for each enterprise, volume for each dataset and worker."""
    present = [row for row in rows("enterprises") if row["left_on"] is None]
    quarters = [r for r in rows("enterprise_quarterly") if r["quarter"] >= "2025Q4"]
    newest = [r for r in quarters if r["quarter"] == "2026Q3"]
    workers = _sum(newest, "employees")
    assert 33 <= len(present) <= 37
    assert 50 <= workers / len(newest) <= 260
    assert 14.3 <= _sum(quarters, "revenue_10k_cny") / (_sum(quarters, "employees") / 4) <= 21.9
    assert 1_400 <= _sum(quarters, "revenue_10k_cny") / len(newest) <= 4_000
    assert 0.3 <= _sum(rows("labeling_daily"), "volume_gb") / 1000 / workers <= 0.7
    datasets = rows("datasets")
    assert 18 <= len(datasets) <= 30
    assert 52 <= _sum(datasets, "size_gb") / 1000 / len(datasets) <= 62
    traded = [row for row in datasets if row["traded_on"]]
    assert 200 <= _sum(traded, "trade_value_10k_cny") / len(traded) <= 500


def test_people_of_the_days_are_within_the_staff(rows: Rows) -> None:
    staff = {(row["month"], row["unit_id"]): row for row in rows("workforce_monthly")}
    by_day: dict[tuple[date, str], float] = defaultdict(float)
    for row in rows("labeling_daily"):
        by_day[row["date"], row["unit_id"]] += row["annotators"]
    for (day, unit), people in by_day.items():
        there = staff[f"{day:%Y-%m}", unit]
        assert people <= there["full_time"] + there["part_time"], (day, unit)


def test_the_platform_export_is_one_project_of_its_own(returns: Path, rows: Rows) -> None:
    (path,) = returns.glob("label_studio_*.json")
    tasks = json.loads(path.read_text("utf-8"))
    annotations = [a for task in tasks for a in task["annotations"]]
    assert 300 <= len(annotations) <= 500
    assert all(isinstance(a["completed_by"], int) for a in annotations)
    assert any(a["was_cancelled"] for a in annotations)
    assert any(a["reviews"] for a in annotations)
    assert any(task["drafts"] for task in tasks)
    assert max(a["lead_time"] for a in annotations) > 3600
    assert "@" not in path.read_text("utf-8")
    assert "B02-LS-01" not in {row["project_id"] for row in rows("labeling_daily")}
