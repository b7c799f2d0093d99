"""The fuzzer: spoiled files in a process of its own, which may neither fail, hang nor swell.

What fails is told, with its traceback, and kept under tests/fixtures/fuzz, whence it is taken
again first by every later run.
"""

from __future__ import annotations

import hashlib
import itertools
import logging
import multiprocessing
import random
import signal
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from tests import memory
from tests.fuzz.mutate import mutated
from tests.fuzz.seeds import KEPT, Seed, seeds

BUSY = 30.0  # seconds of processor time that no input of this size may take
HANGS = 300.0  # seconds after which one that does nothing is given up, on a machine with other work
SWELLS = 400_000_000  # bytes that one input may add to the most that the process has taken


@dataclass
class Outcome:
    """How many inputs were read, and what failed: last line of why to input and the whole."""

    inputs: int = 0
    failed: dict[str, tuple[Seed, str]] = field(default_factory=dict)

    def note(self, seed: Seed, fault: str) -> None:
        """Take a failure, unless the same was seen before."""
        signature = fault.strip().splitlines()[-1][:160]
        if signature not in self.failed:
            print(f"FAILED {seed.reader} {seed.name}: {signature}", flush=True)
            self.failed[signature] = seed, fault


def run(seconds: float, number: int, start: list[Seed] | None = None) -> Outcome:
    """Spoil and read files for some seconds; the same `number` gives the same inputs."""
    end = time.monotonic() + seconds
    outcome, begin, start = Outcome(), 0, start or seeds()
    while begin is not None and time.monotonic() < end:
        with _reading(number, begin, start) as answers:
            begin = _watch(answers, number, begin, start, end, outcome)
    return outcome


def _watch(
    answers: Connection, number: int, begin: int, start: list[Seed], end: float, outcome: Outcome
) -> int | None:
    """Follow a process; gives the input to go on with after it ended, None when time is up."""
    for at in itertools.count(begin):
        limit, fault = time.monotonic() + HANGS, ""
        try:
            while not answers.poll(0.2):
                if time.monotonic() > end:
                    return None
                if time.monotonic() > limit:
                    outcome.note(_input(number, at, start), f"hangs for {HANGS:.0f} s")
                    return at + 1
            fault = answers.recv()
        except EOFError:
            words = f"ended the process, or took more than {BUSY:.0f} s of processor time"
            outcome.note(_input(number, at, start), words)
            return at + 1
        outcome.inputs += 1
        if fault:
            outcome.note(_input(number, at, start), fault)
    return None


@contextmanager
def _reading(number: int, begin: int, start: list[Seed]) -> Iterator[Connection]:
    """The answers of a process that reads the inputs from `begin` on."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(prefix="oneninex-fuzz-") as folder:
        given = (theirs, folder, number, begin, start)
        process = context.Process(target=_work, args=given, daemon=True)
        process.start()
        theirs.close()
        try:
            if ours.poll(120):
                ours.recv()  # it has loaded everything
            yield ours
        finally:
            process.kill()
            process.join()


def _work(answers: Connection, folder: str, number: int, begin: int, start: list[Seed]) -> None:
    """Read one input after another and say what was wrong, if anything."""
    from tests.fuzz.target import Readers

    logging.disable(logging.CRITICAL)
    readers = Readers(Path(folder))
    answers.send("ready")
    for at in itertools.count(begin):
        answers.send(_fault(readers, _input(number, at, start)))


def _fault(readers, seed: Seed) -> str:
    before = memory.peak()
    # When it runs out the system ends the process, also where no Python code comes to run.
    signal.setitimer(signal.ITIMER_PROF, BUSY)
    try:
        readers.take(seed)
    except BaseException:
        return traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    grown = memory.peak() - before
    return f"takes {grown / 1e6:,.0f} MB more memory" if grown > SWELLS else ""


def _input(number: int, at: int, start: list[Seed]) -> Seed:
    """The input of that place: first the seeds as they are, then spoiled ones."""
    if at < len(start):
        return start[at]
    dice = random.Random(f"{number} {at}")
    chosen = dice.choice(start)
    others = [seed.content for seed in start if seed.reader == chosen.reader]
    return Seed(chosen.name, mutated(dice, chosen, others), chosen.reader)


def keep(outcome: Outcome, folder: Path = KEPT) -> list[Path]:
    """Write what failed under a name that says reader and file, to be taken again."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for seed, _ in outcome.failed.values():
        mark = hashlib.sha256(seed.content).hexdigest()[:12]
        path = folder / f"{seed.reader}-{mark}.{seed.name}"
        path.write_bytes(seed.content)
        paths.append(path)
    return paths
