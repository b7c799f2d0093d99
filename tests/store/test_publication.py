"""Publishing: all or nothing, versions kept, readers never disturbed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from oneninex.store import CheckFailed, Store, StoreError, StoreLocked, query
from oneninex.store.atomic_io import exclusive, sha256_of
from tests.store import killing
from tests.store.conftest import labeling
from tests.store.killing import die_or_publish, ended, publish_once, start

CHECKOUT = Path(__file__).parents[2]


def items(snapshot, unit="U1", month="2026-03-01"):
    table = query("output_by_unit_month", snapshot=snapshot, from_month=month, to_month=month)
    return {row["unit_id"]: row["items"] for row in table.to_pylist()}[unit]


def test_an_empty_store_has_no_snapshot(store):
    assert store.current() is None
    assert store.snapshots() == []
    with pytest.raises(StoreError) as refusal:
        store.resolve(None, "Asia/Shanghai")
    assert refusal.value.key == "store.empty"


def test_published_rows_can_be_queried(store, publish):
    snapshot = publish([labeling(), labeling(date=date(2026, 3, 3), items=15)])

    assert store.current().id == snapshot.id == 1
    assert items(snapshot) == 25
    assert items(snapshot, "U2") is None


def test_a_new_return_replaces_its_own_rows_only(store, publish):
    publish([labeling(), labeling(unit_id="U2", items=30), labeling(project_id="P2", items=7)])
    old = store.current()
    new = publish([labeling(items=12)], name="corrected.csv", reason="recount")

    assert (items(old), items(old, "U2")) == (17, 30)
    assert (items(new), items(new, "U2")) == (19, 30)
    assert store.resolve("1", "Asia/Shanghai").id == old.id
    assert new.reason == "recount"


def test_months_that_did_not_change_keep_their_files(store, publish):
    publish([labeling(), labeling(date=date(2026, 4, 2))])
    before = {f.partition: f for f in store.current().manifest.of("labeling_daily")}
    publish([labeling(date=date(2026, 4, 2), items=99)], name="april.csv")
    after = {f.partition: f for f in store.current().manifest.of("labeling_daily")}

    assert before["2026-03"] == after["2026-03"]
    assert before["2026-04"].sha256 != after["2026-04"].sha256


def test_a_failed_check_publishes_nothing(store, publish):
    publish([labeling()])
    with pytest.raises(CheckFailed):
        publish([labeling(accepted=50)], name="impossible.csv")

    assert store.current().id == 1
    assert items(store.current()) == 10


def test_two_writers_do_not_meet(store, publish):
    second = exclusive(store.lock, wait_seconds=0.1)
    with exclusive(store.lock), pytest.raises(StoreLocked), second:
        pass
    assert publish([labeling()]).id == 1


def test_damage_is_named(store, publish):
    publish([labeling()])
    assert store.damage() == []
    file = store.root / store.current().manifest.of("labeling_daily")[0].path
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert store.damage() == [str(file.relative_to(store.root))]
    file.unlink()
    assert store.damage() == [str(file.relative_to(store.root))]


def test_manifest_names_every_file_with_its_fingerprint(store, publish):
    publish([labeling()])
    for file in store.current().manifest.files:
        assert sha256_of(store.root / file.path) == file.sha256


def test_left_at_any_rename_or_fsync_the_store_is_the_old_or_the_new(store, publish, tmp_path):
    """A process that is killed leaves what it has written: that is looked at for every step."""
    publish([labeling()])
    found = []
    for number, root in enumerate(killing.left_at_each_step(store.root, tmp_path / "left")):
        left = Store(root)
        found.append(left.current().id)
        assert items(left.current()) == (10 if found[-1] == 1 else 77)
        assert left.damage() == []
        if number % 8 == 0:  # and the next publication is not in the way of what was left
            publish_once(root)
            assert items(left.current()) == 77
            assert left.damage() == []
    assert found == sorted(found)
    assert set(found) == {1, 2}
    assert len(found) > 8


def test_killed_at_a_rename_or_fsync_the_store_is_the_old_or_the_new(store, publish):
    """Really killed, at every eighth durable step until the publication gets through."""
    publish([labeling()])
    outcomes = []
    for step in range(1, 200, 8):
        before = store.current().id
        code = ended(start(die_or_publish, store.root, step))
        after = store.current()
        assert after.id in (before, before + 1)
        assert items(after) == (10 if after.id == 1 else 77)
        assert store.damage() == []
        if code == 0:
            break
        assert code == -signal.SIGKILL
        outcomes.append(after.id - before)
    else:
        pytest.fail("the publication never got through")
    assert 0 in outcomes


READER = """
import sys, time
from pathlib import Path
from oneninex.store import Store, query
store = Store(Path(sys.argv[1]))
reads = 0
print("ready", flush=True)
while not (Path(sys.argv[1]) / "stop").exists():
    rows = query("output_by_unit_month", snapshot=store.current()).to_pylist()
    found = {r["unit_id"]: r["items"] for r in rows if r["items"] is not None}
    assert found["U1"] == found["U2"], found
    reads += 1
print(reads)
"""


def test_a_reader_in_another_process_never_sees_half(store, publish):
    publish([labeling(), labeling(unit_id="U2")])
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(store.root)],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout.readline() == "ready\n"
    for count in range(20, 25):
        publish([labeling(items=count), labeling(unit_id="U2", items=count)], name=f"{count}.csv")
    (store.root / "stop").touch()
    output, errors = reader.communicate(timeout=60)

    assert reader.returncode == 0, errors
    assert int(output) > 0
