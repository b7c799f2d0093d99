"""One indicator on the nine units."""

from __future__ import annotations

from tests.queries.given import UNITS, Given, month


def test_units_come_highest_first_and_the_missing_last(given: Given):
    given.add("labeling_daily", date="2026-05-10", unit_id="U2", reviewed=9, accepted=3)
    given.add("labeling_daily", date="2026-05-10", unit_id="U5", reviewed=9, accepted=7)

    rows = given.run("indicator_by_unit")

    assert [row["unit_id"] for row in rows] == ["U5", "U2", *(u for u in UNITS if u not in "U5U2")]
    assert [row["value"] for row in rows] == [7, 3, *[None] * 7]
    assert [row["reported"] for row in rows] == [True, True, *[False] * 7]
    assert {row["status"] for row in rows[2:]} == {"M"}


def test_the_lowest_comes_first_where_lower_is_better(given: Given):
    for unit, accepted, first in (("U2", 8, 2), ("U5", 8, 7), ("U7", 8, 5)):
        given.add(
            "labeling_daily", date="2026-05-10", unit_id=unit, items=9, reviewed=8,
            accepted=accepted, accepted_first_pass=first, rejected=8 - first,
        )  # fmt: skip

    rows = given.run("indicator_by_unit", indicator_id="rework_rate")

    assert [row["unit_id"] for row in rows[:3]] == ["U5", "U7", "U2"]
    assert [row["value"] for row in rows[3:]] == [None] * 6


def test_nothing_to_divide_by_is_not_the_same_as_not_reported(given: Given):
    given.add("labeling_daily", date="2026-05-10", unit_id="U2", reviewed=0, accepted=0)

    rows = {
        row["unit_id"]: row
        for row in given.run("indicator_by_unit", indicator_id="acceptance_rate")
    }

    assert (rows["U2"]["value"], rows["U2"]["reported"]) == (None, True)
    assert (rows["U3"]["value"], rows["U3"]["reported"]) == (None, False)


def test_another_month_has_its_own_values(given: Given):
    given.add("labeling_daily", date="2026-04-10", reviewed=9, accepted=3)
    given.add("labeling_daily", date="2026-05-10", reviewed=9, accepted=8)

    (first, *_) = given.run("indicator_by_unit", to_month=month("2026-04"))

    assert (first["unit_id"], first["month"], first["value"]) == ("U1", month("2026-04"), 3)
