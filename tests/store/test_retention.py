"""Old snapshots go by rule; what stays answers as before, and a kill at any step does no harm."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from oneninex.core import audit_log
from oneninex.core.audit_log import Actor
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.domain.plan.config import Retention
from oneninex.store import Store, StoreError, StoreLocked, database, query, retention
from oneninex.store.atomic_io import exclusive
from oneninex.store.publication import Publication, Receipt
from tests.store.conftest import DAY, batch_of, labeling
from tests.store.killing import publish_once

NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=40)
RULE = Retention(all_days=30, months=0, audit_days=30)


def ruled(plan: Plan, **rule: int) -> Plan:
    config = plan.config.model_copy(update={"retention": RULE.model_copy(update=rule)})
    return replace(plan, config=config)


def items(store: Store, number: int) -> float:
    (row,) = query("output_by_unit_month", snapshot=store.get(number), unit_id="U1").to_pylist()
    return row["items"]


@pytest.fixture(scope="module")
def published(plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of four snapshots, each with another figure for the same month."""
    root = tmp_path_factory.mktemp("four") / "store"
    for number in range(1, 5):
        with duckdb.connect() as connection:
            publication = Publication(Store(root), plan, connection, imported_by="tester")
            rows = [labeling(items=number * 10 + 9)]
            publication.add(batch_of(connection, rows, f"{number}.csv"), Receipt(DAY, "", {}))
            publication.commit("")
    raw = root / "raw" / "ab"
    raw.mkdir(parents=True)
    (raw / "abcd").write_bytes(b"as sent")
    return root


@pytest.fixture
def four(published: Path, tmp_path: Path) -> Store:
    database.clear()
    return Store(Path(shutil.copytree(published, tmp_path / "store")))


def facts(store: Store) -> set[Path]:
    return set(store.facts.rglob("*.parquet"))


def test_recent_ones_the_last_of_a_month_named_ones_and_the_current_one_stay(four, plan) -> None:
    trail = four.root / "audit"
    audit_log.record(trail, "briefing", Actor(), snapshot=2, month="2026-03", documents=["zh docx"])
    recent = retention.retain(four, ruled(plan), trail, now=NOW)
    assert set(recent.kept.values()) == {"recent", "named", "current"}
    assert recent.removed == []
    month = retention.retain(four, ruled(plan, months=12), trail, now=LATER, dry_run=True)
    assert month.kept == {2: "named", 4: "current"}
    assert month.removed == [1, 3]
    assert [one.id for one in four.snapshots()] == [1, 2, 3, 4], "a dry run removes nothing"


def test_the_last_snapshot_of_each_month_stays(four, plan) -> None:
    there = [
        replace(one, created_at=datetime(2026, month, 1, tzinfo=UTC))
        for one, month in zip(four.snapshots(), (1, 2, 2, 6), strict=True)
    ]
    rule = RULE.model_copy(update={"months": 4})
    at = datetime(2026, 6, 20, tzinfo=UTC)
    kept = retention._kept(there, there[-1], rule, plan, set(), at)
    assert kept == {3: "month", 4: "current"}


def test_what_goes_and_what_stays(four, plan) -> None:
    (raw,) = four.raw.glob("??/*")
    before, needed = facts(four), {four.root / f.path for f in four.current().manifest.files}
    done = retention.retain(four, ruled(plan), four.root / "audit", now=LATER)
    assert done.removed == [1, 2, 3]
    assert facts(four) == needed < before
    assert raw.read_bytes() == b"as sent"
    assert [one.id for one in four.snapshots()] == [4]
    assert items(four, 4) == 49
    assert four.damage() == []
    again = retention.retain(four, ruled(plan), four.root / "audit", now=LATER)
    assert (again.removed, again.files) == ([], [])


def test_asking_for_a_removed_snapshot_says_so(four, plan) -> None:
    retention.retain(four, ruled(plan), four.root / "audit", now=LATER)
    with pytest.raises(StoreError) as refused:
        four.resolve("2", "Asia/Shanghai")
    assert refused.value.key == "store.snapshot_removed"
    assert refused.value.values["day"] == f"{LATER:%Y-%m-%d}"
    assert four.resolve("4", "Asia/Shanghai").id == 4


def test_a_named_snapshot_stays_when_the_trail_that_named_it_has_gone(four, plan) -> None:
    trail = four.root / "audit"
    audit_log.record(trail, "briefing", Actor(), snapshot=2, month="2026-03", documents=[])
    retention.retain(four, ruled(plan), trail, now=LATER)
    for path in audit_log.files(trail):
        path.unlink()
    retention.retain(four, ruled(plan), trail, now=LATER + timedelta(days=400))
    assert items(four, 2) == 29


def test_publishing_goes_on_after_snapshots_went(four, plan) -> None:
    retention.retain(four, ruled(plan), four.root / "audit", now=LATER)
    publish_once(four.root)
    assert items(four, 5) == 77


def test_it_waits_for_nobody_who_publishes(four, plan, monkeypatch) -> None:
    monkeypatch.setattr(retention, "exclusive", lambda path: exclusive(path, 0.1))
    with exclusive(four.lock), pytest.raises(StoreLocked):
        retention.retain(four, ruled(plan), four.root / "audit", now=LATER)


KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from dataclasses import replace
from oneninex.domain.plan import Plan
from oneninex.domain.plan.config import Retention
from oneninex.store import Store, retention
root, step, now = Path(sys.argv[1]), int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
left = [step]
def counted(real):
    def call(*given, **named):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)
    return call
os.replace, os.fsync = counted(os.replace), counted(os.fsync)
Path.unlink = counted(Path.unlink)
plan = Plan.load(Path("data/plan"))
rule = Retention(all_days=30, months=0, audit_days=30)
plan = replace(plan, config=plan.config.model_copy(update={"retention": rule}))
retention.retain(Store(root), plan, root / "audit", now=now)
print("done")
"""


@pytest.mark.parametrize("step", [1, 4, 8])
def test_killed_at_a_step_the_rest_answers_and_the_next_run_ends_it(four, plan, step) -> None:
    line = [sys.executable, "-c", KILLED, str(four.root), str(step), LATER.isoformat()]
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    died = subprocess.run(line, cwd=ROOT, env=path, capture_output=True, text=True, timeout=60)
    assert died.returncode == -signal.SIGKILL, died.stderr
    for one in four.snapshots():
        assert items(four, one.id) == one.id * 10 + 9
    assert four.damage() == []
    database.clear()
    retention.retain(four, ruled(plan), four.root / "audit", now=LATER)
    assert [one.id for one in four.snapshots()] == [4]
    assert sorted(path.name for path in four.snapshots_folder.glob("*.duckdb")) == [
        "00000004.duckdb"
    ]
    assert facts(four) == {four.root / f.path for f in four.current().manifest.files}
