"""Prefetched queries run once, on another thread, with the same answers and refusals."""

from __future__ import annotations

import threading
import time

import pytest

from oneninex import store as front
from oneninex.store import NotForAudience, database
from tests.store.conftest import labeling


@pytest.fixture
def run(monkeypatch):
    """Names of the queries that DuckDB ran, in which thread, and a gate that holds them."""
    ran, gate = [], threading.Event()
    real = database._run
    gate.set()

    def noted(question):
        ran.append((question.name, threading.current_thread() is threading.main_thread()))
        assert gate.wait(20)
        return real(question)

    monkeypatch.setattr(database, "_run", noted)
    return ran, gate


def _wait_for(ran: list, count: int) -> None:
    until = time.monotonic() + 20
    while len(ran) < count:
        assert time.monotonic() < until, f"{len(ran)} of {count} queries began"
        time.sleep(0.001)


def test_what_was_announced_is_answered_once_and_beside(publish, run):
    snapshot = publish([labeling(items=10)])
    ran, _ = run

    front.ahead([("months", {})] * 2, snapshot=snapshot, audience="planner")
    _wait_for(ran, 1)
    found = front.query("months", snapshot=snapshot)

    assert found.num_rows == 1
    assert ran == [("months", False)]


def test_nobody_waits_behind_another_readers_queries(publish, run):
    snapshot = publish([labeling(items=10)])
    ran, gate = run
    gate.clear()
    busy = database._helpers._max_workers
    others = [("output_by_day", {"unit_id": f"U{n}"}) for n in range(busy)]
    front.ahead([*others, ("months", {})], snapshot=snapshot, audience="planner")
    _wait_for(ran, busy)
    threading.Timer(0.3, gate.set).start()

    front.query("months", snapshot=snapshot)

    assert ("months", True) in ran
    assert [name for name, _ in ran].count("months") == 1


def test_what_an_audience_may_not_ask_stays_refused(publish):
    snapshot = publish([labeling(items=10)])
    front.ahead([("faulty_uploads", {})], snapshot=snapshot, audience="public")

    with pytest.raises(NotForAudience):
        front.query("faulty_uploads", snapshot=snapshot, audience="public")
    assert not any(key[0] == snapshot.path for key in database._results)
