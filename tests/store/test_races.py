"""One file sent several times at once, and a clock that goes back."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta

from oneninex.store import Store, publication
from tests.store.killing import ended
from tests.store.test_faults import returns, run, start_import


def test_one_file_three_times_at_once_is_one_revision(tmp_path):
    store = Store(tmp_path / "store")
    path = returns(tmp_path / "a.csv", 10)
    assert [ended(process) for process in [start_import(store, path) for _ in range(3)]] == [0] * 3
    assert store.current().id == 1


def test_a_clock_that_goes_back_leaves_publications_in_their_order(tmp_path, monkeypatch):
    store = Store(tmp_path / "store")
    assert run(store, "import", returns(tmp_path / "a.csv", 10)) == 0
    first = store.current().created_at

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) - timedelta(days=3)

    monkeypatch.setattr(publication, "datetime", Clock)
    assert run(store, "import", returns(tmp_path / "b.csv", 20)) == 0
    assert store.current().id == 2
    assert first < store.current().created_at < datetime.now(UTC) + timedelta(seconds=1)


def test_a_new_store_is_for_its_owner_alone(tmp_path):
    store = Store(tmp_path / "store")
    assert run(store, "import", returns(tmp_path / "a.csv", 10)) == 0
    assert stat.S_IMODE(store.root.stat().st_mode) == 0o700
