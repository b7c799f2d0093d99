"""First print, now, difference, why: what a publication remembers of the figures it changes."""

from __future__ import annotations

from datetime import date

import duckdb

from oneninex.store import query
from oneninex.store.publication import Publication, Receipt
from tests.store.conftest import batch_of, labeling

MARCH = date(2026, 3, 1)


def revisions(snapshot, **parameters):
    return query("revisions", snapshot=snapshot, **parameters).to_pylist()


def of(snapshot, measure="items"):
    (row,) = revisions(snapshot, measure=measure)
    return row


def test_three_versions_show_the_first_and_the_newest(publish):
    publish([labeling(items=10, accepted=9)])
    publish([labeling(items=14, accepted=9)], name="second.csv", reason="late batch")
    third = publish([labeling(items=12, accepted=9)], name="third.csv", reason="recount")

    row = of(third)

    assert (row["month"], row["unit_id"], row["kind"]) == (MARCH, "U1", "labeling_daily")
    assert (row["first_print"], row["now"], row["difference"]) == (10, 12, 2)
    assert row["difference_share"] == 0.2
    assert row["reason"] == "late batch | recount"
    assert (row["versions"], row["nature"], row["snapshot"]) == (3, "corrected", 3)
    assert row["revised_on"] == date(2026, 4, 1)


def test_only_measures_that_moved_are_revised(publish):
    publish([labeling(items=10), labeling(items=10, date=date(2026, 4, 2)), labeling(unit_id="U2")])
    second = publish([labeling(items=14)], name="second.csv")

    rows = revisions(second)

    assert {(row["month"], row["unit_id"], row["measure"]) for row in rows} == {
        (MARCH, "U1", "items")
    }


def test_an_earlier_snapshot_shows_the_earlier_state(store, publish):
    publish([labeling(items=10)])
    publish([labeling(items=14)], name="second.csv", reason="late batch")
    publish([labeling(items=12)], name="third.csv", reason="recount")

    def at(number):
        return revisions(store.resolve(number, "Asia/Shanghai"), measure="items")

    assert at("1") == []
    (second,) = at("2")
    assert (second["first_print"], second["now"], second["reason"]) == (10, 14, "late batch")


def test_a_first_return_and_the_same_figures_again_revise_nothing(publish):
    publish([labeling(items=10)])
    second = publish([labeling(items=10), labeling(unit_id="U2")], name="second.csv")

    assert revisions(second) == []


def test_rows_that_are_added_complete_a_figure(publish):
    publish([labeling(items=10)])
    second = publish([labeling(items=5, project_id="P2")], name="second.csv")

    row = of(second)

    assert (row["first_print"], row["now"], row["nature"]) == (10, 15, "completed")


def test_two_files_of_one_publication_were_never_two_prints(store, plan):
    with duckdb.connect() as connection:
        publication = Publication(store, plan, connection, imported_by="tester")
        for number, items in enumerate((10, 14)):
            batch = batch_of(connection, [labeling(items=items)], f"{number}.csv")
            publication.add(batch, Receipt(date(2026, 4, 1), "", {}))
        snapshot = publication.commit("")

    assert revisions(snapshot) == []


def test_hours_do_not_move_by_the_order_of_their_rows(publish):
    days = [date(2026, 3, day) for day in range(2, 12)]
    rows = [labeling(date=day, hours=0.1 * n, hours_basis="reported") for n, day in enumerate(days)]
    publish(rows)
    second = publish(list(reversed(rows)), name="second.csv")

    assert revisions(second) == []


def test_changes_are_told_before_anything_is_published(store, publish, plan):
    publish([labeling(items=10), labeling(project_id="P2", items=7)])
    with duckdb.connect() as connection:
        publication = Publication(store, plan, connection, imported_by="tester")
        batch = batch_of(connection, [labeling(items=12), labeling(unit_id="U2", items=3)], "b.csv")
        publication.add(batch, Receipt(date(2026, 4, 1), "", {}))
        found = publication.changes().to_pylist()

    told = {(row["unit_id"], row["measure"]): (row["before"], row["after"]) for row in found}
    assert told["U1", "items"] == (17, 19)
    assert told["U1", "rows"] == (2, 2)
    assert told["U2", "items"] == (None, 3)
    assert store.current().id == 1


def test_figures_by_the_cubes_are_those_by_the_rows(store, publish, plan):
    days = [date(2026, 3, day) for day in range(2, 30)]
    rows = [
        labeling(date=day, unit_id=f"U{1 + n % 2}", items=n, reviewed=n, volume_gb=0.1 * n)
        | ({"hours": 0.1 + n / 7, "hours_basis": "reported"} if n % 3 else {})
        for n, day in enumerate(days)
    ]
    publish(rows)
    less = [row | {"items": row["items"] + 1} for row in rows[1:]]
    with duckdb.connect() as connection:
        publication = Publication(store, plan, connection, imported_by="tester")
        batch = batch_of(connection, less, "less.csv")
        publication.add(batch, Receipt(date(2026, 4, 1), "", {}))
        by_rows = publication.changes()
        publication.commit("")

    assert by_rows.num_rows > 10
    assert publication.changed.to_pylist() == by_rows.to_pylist()
