"""Twenty readers on one process: changes a second, wrong answers, and where the memory goes.

`python -m benchmarks.readers --readers 20 --changes 2000 --publications 20`. Each change asks for
a unit, a modality and months that nobody asked for before, so that no answer lies ready; every
figure that was shown is compared afterwards with the query, run apart, on the snapshot that the
page names. What one reader alone gets in the same run is the baseline.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path

from benchmarks import told
from benchmarks.reader import Reader, together
from oneninex.core import formats, i18n
from oneninex.domain import contracts
from oneninex.figures.charts import throughput_words
from oneninex.store import Store, query
from tests.browser import dashboard

GOAL_CHANGES = 8.0  # a second
GOAL_AFTER = 2000  # changes, of which the goal is
GOAL_GROWTH = 1.1  # memory of the last quarter of the changes against the second one
LANG = "zh"
_LABELS = {field.name: field for field in contracts.load("labeling_daily").fields}[
    "modality"
].labels
KEPT_FOR = 5  # seconds for which the server keeps a closed tab, 120 where nothing is measured
_FIRST = 6  # months to begin with
ALONE = 40  # changes of the one reader
_HEAD = (
    "date,unit_id,enterprise_id,project_id,modality,items,hours,hours_basis,reviewed,accepted,"
    "accepted_first_pass,rejected,annotators\n"
)


@dataclass(frozen=True)
class Choice:
    """What a reader asks of the page throughput."""

    unit: str | None
    modality: str | None
    first: date
    last: date
    words: dict[str, str] = field(compare=False)


@dataclass
class Seen:
    """What the page showed for a choice."""

    choice: Choice
    snapshot: int
    figures: list[str]


@dataclass
class Run:
    """The course of one measurement."""

    seen: list[Seen] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Changes a second."""
        return len(self.seen) / self.seconds

    def wait(self, share: float) -> float:
        """The wait that this share of the changes did not exceed, in seconds."""
        return sorted(self.waits)[int(share * (len(self.waits) - 1))]


def main() -> None:
    """Measure and print; ends with 1 where an answer was wrong or missing."""
    options = _options()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        store = folder / "store"
        if options.store:
            subprocess.run(["cp", "-r", str(options.store), str(store)], check=True)
        else:
            dashboard.fill_store(store, folder / "returns")
        keep = ["--server.disconnectedSessionTTL", str(KEPT_FOR)]
        with dashboard.serve(store, folder / "server.log", options=keep) as address:
            sys.exit(asyncio.run(_measure(address, store, options)))


async def _measure(address: str, store: Path, options: argparse.Namespace) -> int:
    choices = _choices(store)
    alone, many, busy = Run(), Run(), Run()
    opened = await _open(address, 1)
    await _change(address, opened, choices, ALONE, alone)
    print(f"1 reader: {alone.rate:.1f} changes/s, half waited {alone.wait(0.5):.2f} s", flush=True)
    opened += await _open(address, options.readers - 1)
    quiet = options.changes // 4
    await _change(address, opened, choices, quiet, many)
    _tell(f"{options.readers} readers", many, alone)
    publishing = asyncio.create_task(_publish(store, options.publications))
    await _change(address, opened, choices, options.changes - quiet, busy)
    _tell(f"the same, {await publishing} publications meanwhile", busy, alone)
    await _close(opened)
    after = await _settled(address)
    wrong = sum(not _right(store, seen) for run in (alone, many, busy) for seen in run.seen)
    errors = [fault for run in (alone, many, busy) for fault in run.errors]
    changes, during = len(many.seen) + len(busy.seen), [*many.memory, *busy.memory]
    _tell_memory(changes, during, after, await _again(address, options, choices))
    seen = sum(len(run.seen) for run in (alone, many, busy))
    print(f"{seen} changes, {len(errors)} errors, {wrong} wrong answers", *errors[:3], sep="\n")
    return int(bool(errors or wrong))


def _tell(who: str, run: Run, alone: Run) -> None:
    print(
        f"{who}: {run.rate:.1f} changes/s (goal {GOAL_CHANGES:g}), {run.rate / alone.rate:.2f} x "
        f"one reader; waits {run.wait(0.5):.2f} s half, {run.wait(0.95):.2f} s 95%",
        flush=True,
    )
    told.ratio(f"changes a second, {who}", "one reader", [run.rate / alone.rate])


def _tell_memory(changes: int, during: list[int], after: int, again: int) -> None:
    quarter = max(1, len(during) // 4)
    early, late = during[quarter : 2 * quarter], during[-quarter:]
    grown = (sum(late) / len(late)) / (sum(early) / len(early))
    # In a short run the results that are kept still grow to their bound.
    most = GOAL_GROWTH if changes >= GOAL_AFTER else None
    told.ratio("memory of many readers, last quarter", "second", [grown], most=most)
    print(
        f"memory: {grown:.2f} x from the second to the last quarter (goal {GOAL_GROWTH:g}); "
        f"all tabs closed {after / max(during):.2f} x the highest, closed a second time "
        f"{again / after:.2f} x the first"
    )


async def _again(address: str, options: argparse.Namespace, choices: Iterator[Choice]) -> int:
    """Memory after as many tabs were opened, used and closed once more."""
    readers = await _open(address, options.readers)
    await _change(address, readers, choices, 3 * options.readers, Run())
    await _close(readers)
    return await _settled(address)


async def _open(address: str, number: int) -> list[Reader]:
    readers = [Reader(address, "throughput", LANG) for _ in range(number)]
    await together(readers)
    return readers


async def _close(readers: list[Reader]) -> None:
    await asyncio.gather(*(reader.close() for reader in readers))


async def _settled(address: str) -> int:
    """Memory when what closed tabs held was to be freed."""
    await asyncio.sleep(KEPT_FOR + 17)
    return _memory(address)


async def _change(
    address: str, readers: list[Reader], choices: Iterator[Choice], number: int, run: Run
) -> None:
    """`number` changes by all readers at once, each as soon as it has the last answer."""
    left = iter(range(number))
    begin = time.perf_counter()

    async def work(reader: Reader) -> None:
        for turn in left:
            choice, start = next(choices), time.perf_counter()
            try:
                await reader.choose(**choice.words)
            except LookupError:  # the page before had failed: its filters are not there
                run.errors += reader.errors or ["a page without its filters"]
                await reader.run()
                continue
            run.waits.append(time.perf_counter() - start)
            run.errors += reader.errors
            run.seen.append(Seen(choice, _snapshot(reader), reader.figures))
            if turn % 25 == 0:
                run.memory.append(await asyncio.to_thread(_memory, address))

    await asyncio.gather(*map(work, readers))
    run.seconds = time.perf_counter() - begin


def _choices(store: Path) -> Iterator[Choice]:
    """Every choice once, in a chance order that is the same each time."""
    snapshot = Store(store).current()
    assert snapshot, "the store is empty"
    months = query("months", snapshot=snapshot).column("month").to_pylist()
    kinds = [None, *_LABELS]
    # A last month that the box does not offer while an earlier choice stands is no reader's doing.
    periods = list(product(months[:_FIRST], months[_FIRST:]))
    named = _unit_names(store)
    every = [
        Choice(unit, kind, *period, _words(named[unit], kind, *period))
        for unit, kind, period in product(named, kinds, periods)
    ]
    random.Random(0).shuffle(every)
    return iter(every)


def _words(unit: str, kind: str | None, first: date, last: date) -> dict[str, str]:
    """A choice as it is written on screen."""
    return {
        "unit": unit,
        "modality": _LABELS[kind][0] if kind else i18n.text("common.all", LANG),
        "from_month": formats.month(first, LANG),
        "to_month": formats.month(last, LANG),
    }


def _unit_names(store: Path) -> dict[str | None, str]:
    snapshot = Store(store).current()
    assert snapshot
    rows = query("units", snapshot=snapshot).to_pylist()
    named = {row["unit_id"]: row["name_zh"] for row in rows}
    return {None: i18n.text("common.all_units", LANG), **named}


def _snapshot(reader: Reader) -> int:
    """The snapshot that the page says it shows."""
    line = i18n.text("common.snapshot_line", LANG, snapshot=r"(\d+)", created="|")
    pattern = line.partition("|")[0]
    found = (re.search(pattern, words) for words in reader.words)
    return next((int(match[1]) for match in found if match), 0)


def _right(store: Path, seen: Seen) -> bool:
    """Whether the figures are those that the query gives apart."""
    asked = seen.choice
    if not seen.snapshot:
        return False
    rows = query(
        "throughput_by_month",
        snapshot=Store(store).get(seen.snapshot),
        unit_id=asked.unit,
        modality=asked.modality,
        from_month=asked.first,
        to_month=asked.last,
    ).to_pylist()
    cards = throughput_words.cards(rows[-1], [], LANG) if rows else []
    return seen.figures == [card.value for card in cards]


async def _publish(store: Path, number: int) -> int:
    """Return after return of one project, each with another count; how many were published."""
    published = 0
    for turn in range(number):
        items = 10_000 + turn
        file = store.parent / f"return{turn}.csv"
        file.write_text(
            f"{_HEAD}2026-10-30,U1,{_enterprise(store)},BENCH,text,{items},100,active_time,"
            f"{items},{items},{items},0,50\n"
        )
        line = [sys.executable, "-m", "oneninex", "--store", str(store), "import", str(file)]
        work = await asyncio.create_subprocess_exec(*line, stdout=subprocess.DEVNULL)
        published += await work.wait() == 0
    return published


def _enterprise(store: Path) -> str:
    snapshot = Store(store).current()
    assert snapshot
    return query("enterprise_growth", snapshot=snapshot).column("enterprise_id")[0].as_py()


def _memory(address: str) -> int:
    with urllib.request.urlopen(f"{address}/metrics", timeout=60) as answer:
        text = answer.read().decode()
    found = re.search(r"^process_resident_memory_bytes (\S+)$", text, re.MULTILINE)
    return int(float(found[1])) if found else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--changes", type=int, default=2000)
    parser.add_argument("--publications", type=int, default=20)
    parser.add_argument("--store", type=Path, help="a store to copy; else one with demo returns")
    return parser.parse_args()


if __name__ == "__main__":
    main()
