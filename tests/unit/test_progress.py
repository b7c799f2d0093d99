"""A long work tells how far it is, from the thread of whoever waits."""

from __future__ import annotations

import threading
import time

import pytest

from oneninex.core import progress
from oneninex.core.progress import Stopped, Watch, attend


class Statements:
    """A connection whose statement comes to an end in steps."""

    def __init__(self) -> None:
        self.percent = -1.0
        self.interrupted = threading.Event()

    def query_progress(self) -> float:
        return self.percent

    def interrupt(self) -> None:
        self.interrupted.set()


@pytest.fixture(autouse=True)
def _often(monkeypatch):
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0.005)


def test_a_bar_moves_within_a_statement_and_never_back():
    watch, statements, seen, phases = Watch(2000), Statements(), [], []

    def work() -> str:
        for part, name in enumerate(("reading", "publishing")):
            watch.part(name, 1000 * part, 1000, "a.csv", running="checking" if not part else "")
            for statements.percent in (-1.0, 30.0, 60.0, 10.0, 90.0):
                time.sleep(0.03)
        return "done"

    def show(name: str, done: int, total: int) -> None:
        assert threading.current_thread() is threading.main_thread()
        seen.append((name, done, total))

    assert attend(work, watch, statements, show, phases.append) == "done"
    done = [step for _, step, _ in seen]
    assert done == sorted(done)
    assert {300, 600, 900, 1300} <= set(done)
    assert seen[-1] == ("", 2000, 2000)
    assert phases == ["reading", "checking", "publishing"]


def test_a_fault_of_the_work_reaches_whoever_waits():
    def work() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        attend(work, Watch(1), Statements(), progress.nothing, progress.nothing)


def test_whoever_leaves_stops_the_statement_and_what_would_follow():
    watch, statements, reached = Watch(2), Statements(), []

    def work() -> None:
        watch.part("reading", 0, 1)
        statements.interrupted.wait(10)
        with pytest.raises(Stopped):
            watch.part("publishing", 1, 1)
        reached.append("stopped")

    def leave(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attend(work, watch, statements, leave, progress.nothing)
    assert statements.interrupted.is_set()
    assert reached == ["stopped"]
