"""The case log keeps what was written, shows what was changed, and survives a kill."""

from __future__ import annotations

import json
import shutil
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oneninex.domain.plan import Plan
from oneninex.services import tasks
from oneninex.store import Store, StoreDamaged, StoreError, case_log, maintenance, query, retention
from oneninex.store.snapshot import Snapshot
from tests.cases.conftest import OPENED, PLANNER, current
from tests.store import killing
from tests.store.conftest import labeling


def damaged(store: Store) -> list[str]:
    """What `check` names; the rows of these stores came from no file."""
    return [path for path in maintenance.damage(store) if not path.startswith("raw/")]


def open_once(root: Path) -> None:
    plan = Plan.load(Path(__file__).parents[2] / "data" / "plan")
    tasks.open_task(Store(root), plan, PLANNER, subject="第二件", owner="U4", today=OPENED)


def open_or_die(root: Path, step: int) -> None:
    killing.die_at(step)
    open_once(root)


def test_entries_follow_one_another_and_stay(store: Store, open_task):
    first, second = open_task(), open_task(subject="另一件")

    found = case_log.entries(store.root)

    assert [entry.id for entry in found] == [first, second] == ["D2026-001", "D2026-002"]
    assert found[0].previous == ""
    assert found[1].previous == found[0].sha256
    assert damaged(store) == []


@pytest.mark.parametrize(
    "tamper",
    [
        lambda path: path.write_text(path.read_text().replace("补报", "免报")),
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"[" * 100_000),
    ],
)
def test_a_changed_or_absent_entry_is_named(store: Store, open_task, tamper):
    for number in range(3):
        open_task(subject=f"补报第{number}件")
    copy = Store(store.root.with_name("copy"))
    shutil.copytree(store.root, copy.root)

    tamper(copy.root / "cases" / "00000002.json")

    assert damaged(copy) == ["cases/00000002.json"]


def test_an_entry_written_again_with_its_own_fingerprint_breaks_the_next(store: Store, open_task):
    for number in range(3):
        open_task(subject=f"补报第{number}件")
    path = store.root / "cases" / "00000002.json"
    fields = json.loads(path.read_text())
    fields["body"]["subject"] = "免报"
    del fields["sha256"]
    fields["sha256"] = case_log._fingerprint(fields)

    path.write_bytes(case_log._bytes(fields))

    assert case_log.damage(store.root) == ["cases/00000003.json"]


def test_an_end_that_was_cut_off_is_named(store: Store, open_task):
    open_task()
    open_task()
    copy = Store(store.root.with_name("copy"))
    shutil.copytree(store.root, copy.root)

    (copy.root / "cases" / "00000002.json").unlink()

    assert damaged(copy) == ["cases/00000002.json"]


def test_a_damaged_log_is_refused_and_not_added_to(store: Store, open_task):
    open_task()
    copy = Store(store.root.with_name("copy"))
    shutil.copytree(store.root, copy.root)
    (copy.root / "cases" / "00000001.json").write_text("{}")

    with pytest.raises(StoreDamaged):
        case_log.entries(copy.root)
    with pytest.raises(StoreDamaged):
        open_once(copy.root)


def test_a_kill_at_any_step_leaves_the_old_log_or_the_new(store: Store, open_task, tmp_path: Path):
    open_task()
    seen = set()
    for step in range(1, 20):
        root = tmp_path / f"kill{step}"
        shutil.copytree(store.root, root)
        code = killing.ended(killing.start(open_or_die, root, step))
        left = Store(root)
        seen.add(case_log.position(root))
        assert damaged(left) == []
        assert case_log.entries(root)[0].body["subject"] == "补报3月产量"
        open_once(root)  # whoever comes next is not held up
        assert damaged(left) == []
        if code == 0:
            break
        assert code == -signal.SIGKILL
    else:
        pytest.fail("never done")
    assert seen == {1, 2}


def test_a_snapshot_and_a_position_give_the_same_answer_again(
    store: Store, plan: Plan, open_task, publish
):
    name = open_task()
    pinned = store.pinned(current(store))
    before = query("tasks", snapshot=pinned).to_pylist()
    word = f"{pinned.id}+{pinned.cases}"

    tasks.act(store, plan, PLANNER, name, "sign", today=OPENED)
    open_task(subject="后来的")
    publish([labeling(items=20)], name="later.csv")

    assert query("tasks", snapshot=store.resolve(word, "Asia/Shanghai")).to_pylist() == before
    assert len(query("tasks", snapshot=current(store))) == 2


def test_as_of_an_earlier_snapshot_shows_the_log_of_its_time(
    store: Store, plan: Plan, open_task, publish
):
    name = open_task()
    publish([labeling(items=20)], name="later.csv")
    tasks.act(store, plan, PLANNER, name, "sign", today=OPENED)

    (then,) = query("tasks", snapshot=store.resolve("1", "Asia/Shanghai")).to_pylist()
    (now,) = query("tasks", snapshot=store.resolve("2", "Asia/Shanghai")).to_pylist()

    assert (then["stage"], now["stage"]) == ("unsigned", "in_progress")


@pytest.mark.parametrize("word", ["1+9", "9+0", "1+", "+1", "1+-1"])
def test_a_position_that_is_not_there_is_refused(store: Store, open_task, word: str):
    open_task()
    with pytest.raises(StoreError) as refused:
        store.resolve(word, "Asia/Shanghai")
    assert refused.value.key == "store.no_such_snapshot"


def test_retention_keeps_the_log_and_the_snapshots_that_it_names(
    store: Store, plan: Plan, open_task, publish
):
    open_task()  # names snapshot 1
    for items in (20, 30):
        publish([labeling(items=items)], name=f"{items}.csv")

    later = datetime.now(UTC) + timedelta(days=2000)
    done = retention.retain(store, plan, store.root / "audit", now=later)

    assert done.kept == {1: "named", 3: "current"}
    assert done.removed == [2]
    assert case_log.position(store.root) == 1
    assert damaged(store) == []


def test_the_log_changes_no_fact(store: Store, published: Snapshot, open_task):
    manifest = published.manifest_path.read_bytes()
    before = query("output_by_unit_month", snapshot=published).to_pylist()

    open_task()

    assert store.current() == published
    assert published.manifest_path.read_bytes() == manifest
    assert query("output_by_unit_month", snapshot=published).to_pylist() == before


def test_a_clock_set_back_keeps_the_order(store: Store, open_task, monkeypatch):
    open_task()
    first = case_log.entries(store.root)[0].at

    class Earlier(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2020, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(case_log, "datetime", Earlier)
    open_task()

    assert case_log.entries(store.root)[1].at == first
