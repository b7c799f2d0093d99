"""For a process that is to die in the middle of a publication."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import duckdb

from oneninex.cli import main
from oneninex.domain.plan import Plan
from oneninex.store import Store
from oneninex.store.publication import Publication, Receipt
from tests.store.conftest import batch_of, labeling

# A server that has loaded all modules and opened nothing yet forks each process: one that loads
# them itself takes a second before it does anything.
_WARM = multiprocessing.get_context("forkserver")
_WARM.set_forkserver_preload(
    ["tests.store.killing", "oneninex.services.import_service", "oneninex.cli.import_"]
)
_PATIENCE = 120.0


def start(task: Callable[..., None], *arguments: object) -> BaseProcess:
    """A process of its own that is about to begin its task."""
    ready = _WARM.Event()
    process = _WARM.Process(target=_begin, args=(ready, task, arguments))
    # A process starts by running what its parent ran first: after a test of a page that is a page.
    with patch.dict(sys.modules, {"__main__": ModuleType("__main__")}):
        process.start()
    assert ready.wait(_PATIENCE)
    return process


def ended(process: BaseProcess) -> int:
    """The exit code of a process: 0 done, negative where a signal ended it."""
    process.join(_PATIENCE)
    assert process.exitcode is not None
    return process.exitcode


def _begin(ready: Event, task: Callable[..., None], arguments: tuple[object, ...]) -> None:
    ready.set()
    task(*arguments)


def command(*arguments: str) -> None:
    """`python -m oneninex` in this process; what it prints goes nowhere."""
    with open(os.devnull, "w") as nowhere:
        sys.stdout = sys.stderr = nowhere
        sys.exit(main(list(arguments)))


def die_or_publish(root: Path, step: int) -> None:
    """Publish a corrected return, killed before the `step`-th fsync or rename if there is one."""
    die_at(step)
    publish_once(root)


def die_at(step: int) -> None:
    """Have the process killed before its `step`-th fsync or rename."""
    left = [step]

    def counted(real):
        def call(*arguments, **options):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **options)

        return call

    os.fsync = counted(os.fsync)
    os.replace = counted(os.replace)


def left_at_each_step(root: Path, folder: Path) -> list[Path]:
    """Publish a corrected return; what lay on the disk before each fsync or rename, as a store."""
    left: list[Path] = []
    one_at_a_time = threading.RLock()  # nothing is renamed while it is copied

    def copied_before(real):
        def call(*arguments, **options):
            with one_at_a_time:
                left.append(folder / str(len(left)))
                shutil.copytree(root, left[-1], copy_function=_copy)
                return real(*arguments, **options)

        return call

    with (
        patch("os.fsync", copied_before(os.fsync)),
        patch("os.replace", copied_before(os.replace)),
    ):
        publish_once(root)
    return left


def _copy(source: str, target: str) -> None:
    """A file of another thread may be gone by now, as it may be when a process is killed."""
    with suppress(FileNotFoundError):
        shutil.copyfile(source, target)


def publish_once(root: Path) -> None:
    """Publish a corrected return into the store at `root`."""
    plan = Plan.load(Path(__file__).parents[2] / "data" / "plan")
    with duckdb.connect() as connection:
        publication = Publication(Store(root), plan, connection, imported_by="tester")
        batch = batch_of(connection, [labeling(items=77)], "corrected.csv")
        publication.add(batch, Receipt(date(2026, 4, 2), "", {}))
        publication.commit("corrected")
