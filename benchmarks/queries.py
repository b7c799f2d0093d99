"""How many cube queries a process answers a second, for 1, 8 and 32 readers at once.

`python -m benchmarks.queries --store DIR`. The queries are those of the throughput page, each with
months and a unit drawn at random, past the cache of results. The baseline is a bare DuckDB cursor
that adds up the same cube by month and unit, in the same run.
"""

from __future__ import annotations

import argparse
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

from benchmarks import flat_store, told
from oneninex.core.settings import ROOT
from oneninex.store import Snapshot, database, sql_catalog

NAMES = (
    "output_by_unit_month", "quality_by_unit_month", "output_by_modality_month",
    "throughput_by_month",
)  # fmt: skip
READERS = (1, 8, 32)
GOAL_RATE, GOAL_P95 = 150, 0.150
BARE = """
select date_trunc('month', date) as month, unit_id, modality, sum(items) as items,
    sum(hours) as hours, sum(accepted) / nullif(sum(reviewed_with_accepted), 0) as rate
from output_daily where date between ? and ? and (? is null or unit_id = ?)
group by all order by all
"""


def main() -> None:
    """Print queries a second and their times for each number of readers."""
    options = _options()
    snapshot = flat_store.demo_store(options.store).current()
    assert snapshot
    for threads in options.threads:
        database.clear()
        database._LIMITS["threads"] = threads
        months = _months(snapshot)
        print(f"DuckDB threads = {threads}")
        for readers in READERS:
            found: dict[str, list[float]] = {}
            for what, ask in (("bare cursor", _bare), ("queries", _query)):
                work = ask(snapshot, months)
                _run(work, 2, 0.5)
                found[what] = _run(work, readers, options.seconds)
                _told(what, readers, found[what], options.seconds)
            rates = [len(found["queries"]) / len(found["bare cursor"])]
            told.ratio(f"queries a second, {readers} readers", "one by hand, bare cursor", rates)
    print(f"goals at 8 readers: {GOAL_RATE} a second, p95 {GOAL_P95 * 1000:.0f} ms")


def _query(snapshot: Snapshot, months: list) -> Callable[[random.Random], None]:
    def ask(chance: random.Random) -> None:
        name = chance.choice(NAMES)
        known = sql_catalog.parameters(name)
        given = {key: value for key, value in _drawn(chance, months).items() if key in known}
        database._run(database._Question.of(name, snapshot, "planner", given))

    return ask


def _bare(snapshot: Snapshot, months: list) -> Callable[[random.Random], None]:
    connection = database.connection(snapshot)

    def ask(chance: random.Random) -> None:
        given = _drawn(chance, months)
        bound = [given["from_month"], given["to_month"], given["unit_id"], given["unit_id"]]
        with connection.cursor() as cursor:
            cursor.sql(BARE, params=bound).to_arrow_table()

    return ask


def _drawn(chance: random.Random, months: list) -> dict:
    first, last = sorted(chance.sample(months, 2))
    unit = chance.choice([None, *(f"U{n}" for n in range(1, 10))])
    return {"from_month": first, "to_month": last, "unit_id": unit}


def _months(snapshot: Snapshot) -> list:
    return database.query("months", snapshot=snapshot).column("month").to_pylist()


def _run(work: Callable[[random.Random], None], readers: int, seconds: float) -> list[float]:
    """Seconds of each answer that `readers` threads got within the time."""
    end = time.perf_counter() + seconds
    found: list[float] = []

    def read(seed: int) -> None:
        chance = random.Random(seed)
        while (start := time.perf_counter()) < end:
            work(chance)
            found.append(time.perf_counter() - start)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _told(what: str, readers: int, times: list[float], seconds: float) -> None:
    p95 = quantiles(times, n=20)[-1]
    print(
        f"  {what:12} {readers:2} readers: {len(times) / seconds:6.0f} a second, "
        f"median {median(times) * 1000:5.1f} ms, p95 {p95 * 1000:5.1f} ms",
        flush=True,
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, default=ROOT / "build" / "flat" / "demo")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--threads", nargs="+", default=["1", "2"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
