"""A bar on a terminal for a person who waits: how far, and how long it will take from here.

It appears only after two seconds, on standard error, and goes away when the work is done. What is
left is told from the pace so far, and not before there is a pace to tell it from.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TextColumn
from rich.text import Text

from oneninex.core.i18n import text
from oneninex.core.progress import Phases, nothing
from oneninex.core.progress import Progress as Callback

PATIENCE = 2.0  # seconds that nobody needs a bar for
_ENOUGH = 0.03  # the share of the work after which its pace says something
_ROUND = (1, 5, 10, 30, 60)  # what is left is no more exact than this, in seconds


def waiting(lang: str, *, quiet: bool) -> tuple[Callback, Phases]:
    """A bar on standard error for a person who waits; nothing for a script."""
    if quiet or not sys.stderr.isatty():
        return nothing, nothing
    return bar(lang)


def bar(
    lang: str, clock: Callable[[], float] = time.monotonic, console: Console | None = None
) -> tuple[Callback, Phases]:
    """What to tell the bar of steps done, and what of phases."""
    shown = Progress(
        TextColumn("{task.fields[phase]}"),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        _Left(lang),
        console=console or Console(stderr=True),
        transient=True,
        get_time=clock,
    )
    task = shown.add_task("", total=None, phase="")
    began = clock()

    def show(name: str, done: int, total: int) -> None:
        shown.update(task, description=name[:32], completed=done, total=total)
        if done == total:
            shown.stop()
        elif clock() - began >= PATIENCE:
            shown.start()

    def phase(name: str) -> None:
        shown.update(task, phase=text(f"cli.phase_{name}", lang))

    return show, phase


def left(elapsed: float, share: float) -> float | None:
    """Seconds left after `elapsed` seconds in which `share` was done; None if that says little.

    Rounded up to what an estimate can promise: longer waits are told more coarsely.
    """
    if elapsed < PATIENCE or share < _ENOUGH:
        return None
    seconds = elapsed * (1 - share) / share
    step = next(size for size in reversed(_ROUND) if size == 1 or seconds >= 4 * size)
    return math.ceil(seconds / step) * step


class _Left(ProgressColumn):
    """Time left in the words of a language."""

    max_refresh = 0.5

    def __init__(self, lang: str) -> None:
        super().__init__()
        self._lang = lang

    def render(self, task: Task) -> Text:
        """What is left now."""
        seconds = left(task.elapsed or 0.0, (task.percentage or 0.0) / 100)
        if seconds is None:
            return Text(text("cli.left_unknown", self._lang))
        key, value = ("cli.left_minutes", seconds / 60) if seconds > 90 else ("cli.left", seconds)
        return Text(text(key, self._lang, time=math.ceil(value)))
