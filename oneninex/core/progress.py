"""How far a long work has come: told by the thread that works, shown by the one that waits.

A single statement over millions of rows says nothing until it ends; while the work goes on in
another thread, DuckDB can be asked how much of the statement is done.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Protocol, TypeVar

# Name of what is worked on, done, total (in steps of no unit); done = total at the end.
Progress = Callable[[str, int, int], None]
Phases = Callable[[str], None]
Within = Callable[[float], None]  # the share of a part that is done, 0 to 1
Result = TypeVar("Result")

STEPS = 1000
EVERY_SECONDS = 0.2


class Statements(Protocol):
    """A DuckDB connection, of which two methods are for other threads."""

    def query_progress(self) -> float:
        """Percent of the running statement, negative if there is none."""
        ...

    def interrupt(self) -> None:
        """Stop the running statement."""
        ...


class Stopped(Exception):
    """Whoever waited for the work has gone."""


@dataclass
class Watch:
    """Where a work stands: `done` of `total` steps, within a part of `span` steps.

    `phase` names the part, and `running` the part once a statement runs. `share` is what the work
    itself says of the part.
    """

    total: int
    name: str = ""
    phase: str = ""
    running: str = ""
    done: int = 0
    span: int = 0
    share: float = 0.0
    own: bool = False
    stopped: bool = False

    def part(
        self, phase: str, done: int, span: int, name: str = "", running: str = "", own: bool = False
    ) -> None:
        """A part of the work begins; raises Stopped if nobody waits for it any more.

        Of a part that tells its share itself (`own`) no statement says how far it is: each of
        its many statements would run to the end of the bar.
        """
        if self.stopped:
            raise Stopped
        self.name, self.phase, self.running = name, phase, running or phase
        self.done, self.span, self.share, self.own = done, span, 0.0, own

    def within(self, share: float) -> None:
        """Say which share of the part is done, where no statement does; raises Stopped."""
        if self.stopped:
            raise Stopped
        self.share = share


def part_of(within: Within, start: float, end: float) -> Within:
    """What to tell of a piece of a part that lies between two shares of it."""

    def told(share: float) -> None:
        within(start + share * (end - start))

    return told


def nothing(*_: object) -> None:
    """For those who do not want to be told."""


def attend(
    work: Callable[[], Result],
    watch: Watch,
    statements: Statements,
    show: Progress,
    phases: Phases,
) -> Result:
    """Do the work in another thread and show how far it is from this one, until it ends.

    `show` is called from the thread of the caller only, never backwards, and last of all with
    done = total. An interrupt stops the statement that runs.
    """
    shown = _Shown(watch, show, phases)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(work)
        try:
            while wait([running], EVERY_SECONDS).not_done:
                running_share = 0.0 if watch.own else statements.query_progress() / 100
                shown.update(max(running_share, watch.share, 0.0))
        except BaseException:
            watch.stopped = True
            statements.interrupt()
            raise
        result = running.result()
    show("", watch.total, watch.total)
    return result


class _Shown:
    """What was shown last, so that a bar never moves back."""

    def __init__(self, watch: Watch, show: Progress, phases: Phases) -> None:
        self._watch, self._show, self._phases = watch, show, phases
        self._done = 0
        self._phase = ""

    def update(self, share: float) -> None:
        """Show that `share` of the present part is done."""
        watch = self._watch
        phase = watch.running if share > 0 or self._phase == watch.running else watch.phase
        if phase != self._phase:
            self._phase = phase
            self._phases(phase)
        self._done = max(self._done, min(watch.done + int(share * watch.span), watch.total - 1))
        self._show(watch.name, self._done, watch.total)
