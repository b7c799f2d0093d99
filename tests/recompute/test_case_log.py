"""Queries of the case log, the releases and the divisions, worked out a second time.

No file of returns holds them, so rows are made here and every figure is computed again by code
that shares nothing with the queries.
"""

from __future__ import annotations

import json
import math
import random
from datetime import date, timedelta
from typing import Any

import pytest

from oneninex.core.settings import ROOT
from tests.queries.given import Given
from tests.recompute.covered import working

TODAY = date(2026, 11, 20)
WORKERS = {"U1": 120, "U2": 80}
Row = dict[str, Any]


def random_task(dice: random.Random, number: int) -> Row:
    """A task as the case log holds it; half of them have a condition."""
    due = TODAY + timedelta(days=dice.randint(-25, 25))
    task: Row = {
        "id": f"D2026-{number:03}", "subject": "s", "matter": "free", "owner": "U1",
        "opened_on": date(2026, 10, 1), "due_on": due, "events": 1,
        "stage": dice.choice(["unsigned", "in_progress", "replied", "closed"]),
        "is_late": dice.random() < 0.3,
    }  # fmt: skip
    if dice.random() < 0.5:
        task |= {
            "condition_kind": "indicator", "condition_ref": "workers",
            "condition_unit_id": dice.choice(["U1", "U2", "U3"]),
            "condition_operator": dice.choice(["reach", "exceed", "at_most"]),
            "condition_value": dice.choice([79.0, 80.0, 81.0, 120.0, 121.0]),
        }  # fmt: skip
    return task


def judged(task: Row) -> Row:
    """State, light, days overdue and condition of a task on TODAY."""
    before = working(task["due_on"] - timedelta(days=30), task["due_on"] - timedelta(days=1))
    state = task["stage"]
    if state not in ("closed", "replied"):
        if task["due_on"] < TODAY:
            state = "overdue"
        elif before[-3] <= TODAY:
            state = "due_soon"
    light = "yellow" if state == "due_soon" or task["is_late"] else "green"
    now, wanted = WORKERS.get(task.get("condition_unit_id", "")), task.get("condition_value")
    met = None
    if now is not None and wanted is not None:
        operator = task["condition_operator"]
        met = now >= wanted if operator == "reach" else now > wanted
        met = now <= wanted if operator == "at_most" else met
    return {
        "id": task["id"],
        "state": state,
        "light": "red" if state == "overdue" else light,
        "overdue_days": (TODAY - task["due_on"]).days if state == "overdue" else 0,
        "condition_now": now,
        "condition_met": met,
    }


@pytest.mark.parametrize("seed", range(3))
def test_tasks(seed: int):
    dice = random.Random(seed)
    made = [random_task(dice, number) for number in range(60)]
    given = Given()
    for unit, count in WORKERS.items():
        given.add("workforce_monthly", unit_id=unit, month="2026-10-01", full_time=count)
    for task in made:
        given.case("case_tasks", **task)

    found = given.run("tasks", today=TODAY)

    order = sorted(made, key=lambda t: (t["stage"] == "closed", t["due_on"], t["id"]))
    wanted = [judged(task) for task in order]
    assert [{name: row[name] for name in wanted[0]} for row in found] == wanted
    assert {row["state"] for row in found} >= {"overdue", "due_soon", "replied", "closed"}
    assert {row["condition_met"] for row in found} == {True, False, None}


def test_footnotes():
    dice = random.Random(4)
    given, sums, said = Given(), {}, []
    for unit in ("U1", "U2", "U3"):
        for number in (8, 9, 10):
            month = date(2026, number, 1)
            parts = [(dice.randint(1, 90), dice.randint(1, 60) / 4) for _ in range(3)]
            for day, (items, hours) in enumerate(parts, 3):
                given.add("labeling_daily", unit_id=unit, date=month.replace(day=day), items=items,
                          hours=hours, hours_basis="reported")  # fmt: skip
            sums[unit, month] = {
                "items": sum(i for i, _ in parts),
                "hours": sum(h for _, h in parts),
            }
    for (unit, month), values in sums.items():
        for measure, value in values.items():
            row = {"kind": "labeling_daily", "unit_id": unit, "month": month, "measure": measure,
                   "rule": dice.choice(["jump", "jump", "volume"]),
                   "answer": dice.choice(["stands", "stands", "corrected"]),
                   "value": value + dice.choice([0, 0, 1]), "reason": "r"}  # fmt: skip
            said.append(row)
            given.case("case_explanations", **row)

    found = given.run("footnotes")

    wanted = [
        (row["month"], row["unit_id"], row["measure"], row["value"])
        for row in said
        if (row["rule"], row["answer"]) == ("jump", "stands")
        and row["value"] == sums[row["unit_id"], row["month"]][row["measure"]]
    ]
    assert 0 < len(wanted) < len(said)
    keys = ("month", "unit_id", "measure", "value")
    assert [tuple(row[key] for key in keys) for row in found] == sorted(wanted)


def test_return_reviews():
    dice = random.Random(5)
    made = []
    for number in range(40):
        months = [date(2026, m, 1) for m in sorted(dice.sample(range(1, 11), dice.randint(1, 3)))]
        made.append({
            "id": f"R{number:02}", "file": "f.csv", "kind": "labeling_daily", "rows": number,
            "unit_id": dice.choice(["U1", "U2"]), "months": months,
            "state": dice.choice(["awaiting", "accepted", "returned"]),
            "received_on": date(2026, 11, dice.randint(1, 9)),
        })  # fmt: skip
    given = Given()
    given.rows["case_reviews"] = made

    found = given.run("return_reviews")

    order = sorted(made, key=lambda r: (r["state"] != "awaiting", r["received_on"], r["id"]))
    wanted = [(r["id"], "|".join(f"{m:%Y-%m}" for m in r["months"]), r["rows"]) for r in order]
    assert [(r["id"], r["carried_months"], r["rows"]) for r in found] == wanted


def test_releases():
    given, firms = Given(), {}
    dice = random.Random(6)
    for unit, count in (("U1", 6), ("U2", 5), ("U3", 1)):
        for number in range(count):
            figures = {"revenue": dice.randint(90, 130), "labeling_revenue": dice.randint(40, 80),
                       "employees": dice.randint(20, 30)}  # fmt: skip
            firms[unit, f"E{number}{unit}"] = figures
            given.add("enterprises", enterprise_id=f"E{number}{unit}", unit_id=unit)
            given.add(
                "enterprise_quarterly", enterprise_id=f"E{number}{unit}", unit_id=unit,
                quarter="2026Q3", revenue_10k_cny=figures["revenue"],
                employees=figures["employees"],
                labeling_revenue_10k_cny=figures["labeling_revenue"], annotators=5,
            )  # fmt: skip

    found = given.run("releases", family="enterprise_quarterly")

    out = {(row["scope"], row["measure"]): row for row in found if row["value"] is not None}
    wanted = {
        (unit, measure): sum(f[measure] for (u, _), f in firms.items() if u == unit)
        for unit in ("U1", "U2")
        for measure in ("revenue", "labeling_revenue", "employees")
    }
    assert {key: row["value"] for key, row in out.items()} == wanted
    for (unit, _), row in out.items():
        members = sum(u == unit for u, _ in firms)
        assert (row["contributors"], row["contributors_due"]) == (members, members)
        assert row["month"] == date(2026, 9, 1)
    # One enterprise alone: its figure follows from the city's total, so neither is out.
    states = {row["scope"]: row["release_state"] for row in found if row["value"] is None}
    assert states["U3"] == "primary"
    assert states["city"] == "never"


def ring_area(ring: list[list[float]]) -> float:
    """The area of a ring in km2 on a sphere that has the surface of the earth (authalic)."""
    radius, total = 6371.0072, 0.0
    for (lon0, lat0), (lon1, lat1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        heights = math.sin(math.radians(lat0)) + math.sin(math.radians(lat1))
        total += math.radians(lon1 - lon0) * heights / 2
    return abs(total) * radius**2


def test_division_areas():
    found = Given().run("division_areas")

    path = ROOT / "data" / "plan" / "geo" / "divisions.geojson"
    whole = json.loads(path.read_text("utf-8"))["features"]
    assert len(found) == len(whole)
    for row in found:
        shape = json.loads(row["geometry"])
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        area = sum(ring_area(p[0]) - sum(map(ring_area, p[1:])) for p in polygons)
        assert row["area_km2"] == pytest.approx(area, rel=0.01), row["division"]
