"""The same SQL on a real Spark cluster, to the digit: a master and two workers on loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from oneninex import engine as engines
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.engine.dialect import in_spark
from oneninex.rollup import roll_up
from oneninex.store import sql_catalog
from tests.engine import cluster, recount

PLAN = Plan.load(ROOT / "data" / "plan")
FOLDERS = ("rollup", "build/cubes")
STATEMENTS = [(folder, name) for folder in FOLDERS for name in sql_catalog.names(folder)]


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    reason = cluster.missing()
    if reason and os.environ.get("CI") != "true":
        pytest.skip(reason)
    assert reason is None, reason
    folder = tmp_path_factory.mktemp("cluster")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in cluster.surroundings(folder).items():
            patch.setenv(name, value)
        with cluster.cluster(folder) as address:
            yield address


def same(found: pa.Table, expected: pa.Table) -> None:
    """Equal in every value and type; whether a column may hold NULL is not told alike."""
    assert found.schema.types == expected.schema.types
    assert found.to_pylist() == expected.to_pylist()
    assert found.num_rows > 0


@pytest.mark.parametrize(("folder", "name"), STATEMENTS)
def test_a_statement_can_be_said_in_spark(folder: str, name: str) -> None:
    assert in_spark(sql_catalog.text(name, folder))


def test_spark_adds_up_what_duckdb_does(master: str, tmp_path: Path) -> None:
    events = recount.random_events(5, 600)
    files = [
        recount.write_csv(events[:400], tmp_path / "events.csv"),
        recount.write_parquet(events[400:], tmp_path / "events.parquet"),
    ]
    here = roll_up(files, PLAN, tmp_path / "here")
    there = roll_up(files, PLAN, tmp_path / "there", engine="spark", master=master)
    same(there.daily, here.daily)
    same(there.findings, here.findings)
    assert here.faults == there.faults
    assert here.repeated == there.repeated > 0
    assert [file.read_bytes() for file in here.files] == [f.read_bytes() for f in there.files]


def test_spark_makes_the_cubes_that_duckdb_makes(master: str, tmp_path: Path) -> None:
    events = recount.write_csv(recount.random_events(6, 400), tmp_path / "events.csv")
    daily = roll_up([events], PLAN, tmp_path / "daily").daily
    origin = {"upload_id": pa.array(["000001-0000"] * daily.num_rows)}
    rows = pa.table({**dict(zip(daily.column_names, daily.columns, strict=True)), **origin})
    rows = rows.append_column("source_row", pa.array(range(daily.num_rows), pa.int64()))
    pq.write_table(rows, tmp_path / "facts.parquet")
    facts = engines.Files((tmp_path / "facts.parquet",))
    zone = PLAN.config.timezone
    with (
        engines.start("duckdb", master=None, timezone=zone, scratch=tmp_path) as here,
        engines.start("spark", master=master, timezone=zone, scratch=tmp_path) as there,
    ):
        for engine in (here, there):
            engine.define("fact_labeling_daily", facts)
        for name in sql_catalog.names("build/cubes"):
            statement = sql_catalog.text(name, "build/cubes")
            same(there.fetch(statement), here.fetch(statement))
