"""The ledger of returns: due, late, missing, revised; findings that still wait for an answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.queries.given import Given, month


@pytest.fixture
def march(given: Given) -> Given:
    """Labeling of U1 for March 2026, asked for on 10 May."""
    given.rows["build_info"][0]["created_at"] = "2026-05-09T17:00:00"  # 10 May in Shanghai
    return given


def sent(given: Given, upload: str, received_on: str, rows: int, in_force: int) -> None:
    """An upload with labeling of U1 for March, of which some rows are still in force."""
    given.uploaded(upload, "labeling_daily")
    given.returned("labeling_daily", "U1", "2026-03-01", upload, rows=rows, received_on=received_on)
    for number in range(in_force):
        given.add("labeling_daily", date=f"2026-03-{number + 2:02}", upload_id=upload)


def entry(given: Given, at: str = "2026-03", kind: str = "labeling_daily") -> dict[str, Any]:
    """The ledger's entry for U1."""
    rows = given.run("returns_ledger", unit_id="U1", kind=kind)
    return next(row for row in rows if row["month"] == month(at))


@pytest.mark.parametrize(
    ("received_on", "days_late", "status"),
    [("2026-04-05", 0, "on_time"), ("2026-04-06", 1, "late"), ("2026-04-01", 0, "on_time")],
)
def test_on_time_until_the_due_day(march: Given, received_on: str, days_late: int, status: str):
    sent(march, "000001-0000", received_on, rows=1, in_force=1)

    row = entry(march)

    assert row["due_on"] == date(2026, 4, 5)
    assert (row["days_late"], row["status"], row["version"]) == (days_late, status, 1)


def test_what_is_due_and_has_not_come_is_missing(march: Given):
    march.add("labeling_daily", date="2026-03-02", unit_id="U2")

    row = entry(march)

    assert (row["status"], row["received_at"], row["version"]) == ("missing", None, None)
    assert row["days_late"] == 35


def test_what_is_not_due_yet_is_not_in_the_ledger(march: Given):
    march.add("labeling_daily", date="2026-03-02", unit_id="U2")

    months = {row["month"] for row in march.run("returns_ledger", kind="labeling_daily")}

    assert months == {month("2026-03"), month("2026-04")}


def test_a_replaced_return_makes_a_revision(march: Given):
    sent(march, "000001-0000", "2026-04-02", rows=3, in_force=1)
    sent(march, "000002-0000", "2026-04-20", rows=2, in_force=2)

    row = entry(march)

    assert (row["status"], row["version"], row["days_late"]) == ("revised", 2, 0)
    assert (row["first_received_on"], row["received_at"]) == (date(2026, 4, 2), date(2026, 4, 20))
    (unit_month,) = march.run("output_by_unit_month", unit_id="U1")
    assert (unit_month["version"], unit_month["received_on"]) == (2, date(2026, 4, 20))


def test_files_that_complete_each_other_are_one_version(march: Given):
    sent(march, "000001-0000", "2026-04-02", rows=1, in_force=1)
    sent(march, "000001-0001", "2026-04-03", rows=2, in_force=2)

    row = entry(march)

    assert (row["status"], row["version"]) == ("on_time", 1)


def test_a_quarterly_return_is_due_after_its_last_month(march: Given):
    march.add("labeling_daily", date="2026-01-05")
    march.add("enterprise_quarterly", quarter="2026Q1", upload_id="000001-0000", employees=3)
    march.uploaded("000001-0000", "enterprise_quarterly")
    march.returned(
        "enterprise_quarterly", "U1", "2026-01-01", "000001-0000", received_on="2026-04-16"
    )

    rows = march.run("returns_ledger", unit_id="U1", kind="enterprise_quarterly")

    assert [(r["month"], r["due_on"]) for r in rows] == [(month("2026-03"), date(2026, 4, 15))]
    assert (rows[0]["status"], rows[0]["days_late"]) == ("late", 1)


def test_nothing_is_due_before_the_plan_starts(march: Given):
    march.add("labeling_daily", date="2025-06-02")

    months = {row["month"] for row in march.run("returns_ledger")}

    assert min(months) == month("2026-01")


def test_the_on_time_rate_counts_first_versions_of_what_was_due(march: Given):
    march.replace("plan_calendar", [])
    march._row("plan_calendar", {"kind": "labeling_daily", "frequency": "monthly", "due_day": 5})
    sent(march, "000001-0000", "2026-04-02", rows=1, in_force=1)

    rows = march.run("indicator_series", indicator_id="on_time_return_rate")

    rates = {(row["scope"], row["month"].month): row["value"] for row in rows}
    assert (rates["U1", 3], rates["U2", 3]) == (1.0, 0.0)
    assert rates["city", 3] == pytest.approx(1 / 9)


def outstanding(given: Given) -> list[bool]:
    """Of each finding in the order of uploads."""
    rows = given.sql("select outstanding from findings order by upload_id")
    return [row["outstanding"] for row in rows]


def test_a_finding_waits_until_its_return_comes_again(march: Given):
    sent(march, "000001-0000", "2026-04-02", rows=1, in_force=0)
    march.found("000001-0000", "labeling_daily", unit_id="U1", period="2026-03-01")
    sent(march, "000002-0000", "2026-04-20", rows=1, in_force=1)
    march.found("000002-0000", "labeling_daily", unit_id="U1", period="2026-03-01")

    assert outstanding(march) == [False, True]
    matters = [r for r in march.run("needs_decision") if r["kind"] == "outstanding_findings"]
    assert [(m["unit_id"], m["month"], m["amount"]) for m in matters] == [
        ("U1", month("2026-03"), 1)
    ]


def test_a_return_of_another_unit_answers_nothing(march: Given):
    march.uploaded("000001-0000", "labeling_daily")
    march.found("000001-0000", "labeling_daily", unit_id="U2", period="2026-03-01")
    sent(march, "000002-0000", "2026-04-20", rows=1, in_force=1)

    assert outstanding(march) == [True]


@pytest.mark.parametrize(("name", "waits"), [("march.csv", False), ("april.csv", True)])
def test_a_finding_without_unit_waits_for_its_file(march: Given, name: str, waits: bool):
    march.uploaded("000001-0000", "datasets", name="march.csv")
    march.found("000001-0000", "datasets")
    march.uploaded("000002-0000", "datasets", name=name)

    assert outstanding(march) == [waits]


def test_what_a_format_cannot_tell_is_only_a_notice(march: Given):
    march.uploaded("000001-0000", "labeling_daily")
    march.found("000001-0000", "labeling_daily", code="missing_capability")

    assert outstanding(march) == [False]


def test_a_figure_leads_to_its_files(march: Given):
    sent(march, "000001-0000", "2026-04-02", rows=2, in_force=1)
    sent(march, "000002-0000", "2026-04-20", rows=1, in_force=1)

    rows = march.run("sources_of", unit_id="U1", from_month=month("2026-03"))

    assert [(r["name"], r["version"], r["rows"], r["rows_in_force"]) for r in rows] == [
        ("000001-0000.csv", 1, 2, 1),
        ("000002-0000.csv", 2, 1, 1),
    ]


def test_matters_are_ordered_by_urgency(march: Given):
    march.add("labeling_daily", date="2026-03-31", unit_id="U2", items=1)
    march.add("targets", target_id="T", indicator_id="units_in_operation", value=999.0)

    rows = march.run("needs_decision")

    assert [row["severity"] for row in rows] == sorted(row["severity"] for row in rows)
    target = next(row for row in rows if row["kind"] == "target")
    assert (target["severity"], target["target_id"]) == (2, "T")
    late = [r for r in rows if r["kind"] == "missing_return" and r["month"] == month("2026-03")]
    assert {(r["severity"], r["amount"]) for r in late if r["return_kind"] == "labeling_daily"} == {
        (1, 35.0)
    }
