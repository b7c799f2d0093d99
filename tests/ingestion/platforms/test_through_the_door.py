"""Real exports through the door give what adding up their records by hand gives."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from oneninex import ingestion
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Options
from oneninex.ingestion.platform.model import State, Work
from tests.ingestion.platforms.helpers import SHANGHAI

FOLDER = ROOT.parent / "shared" / "exports"
NO_WORK = {"annotations", "comments", "issues", "labels", "projects", "users",
           "quality_conflicts", "quality_settings"}  # fmt: skip
OPTIONS = Options(
    unit_id="U1", enterprise_id="91320800DEM000101L", project_id="P-1", modality="text"
)


def _files() -> list[str]:
    platforms = ("cvat", "doccano", "label-studio", "labelbox", "mturk", "prodigy", "toloka")
    found = [
        str(path.relative_to(FOLDER))
        for platform in platforms
        for path in sorted((FOLDER / platform).rglob("*.*"))
        if path.stem not in NO_WORK
    ]
    return found or ["*"]


@pytest.mark.parametrize("name", _files())
def test_counts_and_days(shared: Path, plan: Plan, name: str) -> None:
    path = shared / "exports" / name
    reader = next(r for r in ingestion.READERS if r.recognises(path.read_bytes()[:65536], path))
    export = reader.open_export(path, Options())
    works = [record for record in export.records if isinstance(record, Work)]
    submitted = [work for work in works if work.state is State.SUBMITTED]
    if export.items_known:  # one item by one person counts once, the last time
        in_order = sorted(submitted, key=lambda work: str(work.submitted_at))
        last = {(work.item, work.who or work.row): work for work in in_order}
        submitted = list(last.values())
    with duckdb.connect() as con:
        batch = ingestion.read(path, con, OPTIONS, plan)
        daily = con.sql(f"from {batch.tables['labeling_daily']}").to_arrow_table().to_pylist()

    assert batch.platform == reader.PLATFORM
    expected: dict[str, Any] = {
        "submitted": _items(submitted),
        "skipped": _items(w for w in works if w.state is State.SKIPPED),
        "expired": _items(w for w in works if w.state is State.EXPIRED),
        "drafts": _items(w for w in works if w.state is State.DRAFT),
        "rejected": _items(w for w in submitted if w.accepted is False),
        "annotators": len({w.who for w in submitted if w.who is not None}),
    }
    assert {key: batch.counts[key] or 0 for key in expected} == expected
    days: Counter[date] = Counter()
    for work in submitted:
        if work.submitted_at and work.count:
            days[work.submitted_at.astimezone(SHANGHAI).date()] += work.count
    assert {row["date"]: row["items"] for row in daily if row["items"]} == dict(days)


def _items(works: Any) -> int:
    return sum(work.count for work in works)


@pytest.mark.parametrize(
    ("name", "union", "total"),
    [("drawings_Batch_3980777.csv", 47, 234), ("factcheck_Batch_2768981.csv", 6, 29)],
)
def test_hours_of_mechanical_turk_are_the_union(
    shared: Path, plan: Plan, name: str, union: int, total: int
) -> None:
    """Against a sweep over each worker's minutes by hand."""
    path = shared / "exports" / "mturk" / name
    (reader,) = [r for r in ingestion.READERS if r.PLATFORM == "mturk"]
    works = [w for w in reader.open_export(path, Options()).records if isinstance(w, Work)]
    held: dict[str, list[tuple[datetime, datetime]]] = {}
    for work in works:
        assert work.who
        assert work.started_at
        assert work.submitted_at
        held.setdefault(work.who, []).append((work.started_at, work.submitted_at))
    by_hand = sum((_united(spans) for spans in held.values()), timedelta())
    with duckdb.connect() as con:
        counts = ingestion.read(path, con, OPTIONS, plan).counts

    counted, over = counts["hours_seconds"] or 0, counts["hours_overlap_seconds"] or 0
    assert counted == by_hand.total_seconds()
    assert round(counted / 3600) == union
    assert round((counted + over) / 3600) == total


def _united(spans: list[tuple[datetime, datetime]]) -> timedelta:
    whole, reached = timedelta(), datetime.min.replace(tzinfo=SHANGHAI)
    for since, till in sorted(spans):
        whole += max(till - max(since, reached), timedelta())
        reached = max(reached, till)
    return whole
