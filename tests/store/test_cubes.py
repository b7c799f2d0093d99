"""Cubes are made of rows added up once, and say what they say of the rows themselves."""

from __future__ import annotations

import random
from datetime import date, timedelta

import duckdb
import pytest

from oneninex.domain import contracts
from oneninex.store import Store, build, facts, sql_catalog
from tests.store.conftest import batch_of, labeling

TOLD = (
    *("objects", "reviewed", "accepted", "accepted_first_pass", "rejected"),
    *("gold_items", "gold_correct", "prelabeled_items", "volume_gb"),
)


def random_rows(seed: int, days: int) -> list[dict]:
    """Rows of few keys, so that many add up; any measure may be missing."""
    dice = random.Random(seed)
    rows = []
    for number in range(200):
        items = dice.randrange(1, 500)
        row = labeling(
            date=date(2026, 3, 1) + timedelta(days=dice.randrange(days)),
            unit_id=dice.choice(["U1", "U2"]),
            project_id=f"P{number}",
            modality=dice.choice(["text", "image"]),
            task_type=dice.choice([None, "classification"]),
            items=items,
        )
        named = [name for name in TOLD if dice.random() < 0.6]
        row |= {name: dice.randrange(items) if name in named else None for name in TOLD}
        row["hours_basis"] = dice.choice([None, "reported"])
        if dice.random() < 0.7:
            row |= {"hours": dice.random() * 9}
        rows.append(row)
    return rows


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("days", [31, 80])
def test_each_cube_is_what_its_statement_makes_of_the_rows(
    store: Store, seed: int, days: int
) -> None:
    """For one month and for several in one go."""
    with duckdb.connect() as connection:
        (table,) = batch_of(connection, random_rows(seed, days), "rows.csv").tables.values()
        rows = f"select *, 'upload' as upload_id from {table}"
        period = facts.period_sql(contracts.load(build.LABELING))
        months = facts.write_partitions(
            connection, f"select *, {period} as file_period from ({rows})", store, build.LABELING
        )
        made = build.cubes(store, months)
        connection.execute(f"create temp view fact_{build.LABELING} as {rows}")
        for name in sql_catalog.names(build.CUBES):
            files = [file for file in made if file.kind == f"{build.CUBE}/{name}"]
            found = connection.sql(f"from {facts.read_sql(store, files)}").fetchall()
            expected = connection.sql(sql_catalog.text(name, build.CUBES)).fetchall()
            assert len(files) == len(months)
            assert sorted(map(str, found)) == sorted(map(str, expected))
