"""Is a page as fast with 200 million facts as with one, and does a publication cost its month?

`python -m benchmarks.flat --rows 1000000 20000000 200000000`. What counts are the ratios: of the
queries that three pages ask, between the stores; of the publication of one month to a bare COPY
of that month; of the database of a snapshot, between the stores.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import resource
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

import duckdb

from benchmarks import flat_store, told
from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Batch
from oneninex.ingestion.findings import FINDINGS
from oneninex.store import Store, build, database, facts, sql_catalog
from oneninex.store.publication import Publication, Receipt

PAGES = ("overview", "throughput", "units")
GOAL_LATENCY, GOAL_SECONDS, GOAL_BYTES = 1.2, 1.0, 2_000_000_000


@dataclass
class Size:
    """A store and what was measured on it, in seconds."""

    rows: int
    store: Store
    pages: list[float] = field(default_factory=list)
    builds: list[float] = field(default_factory=list)
    publications: list[float] = field(default_factory=list)
    copies: list[float] = field(default_factory=list)


def main() -> None:
    """Make the stores, measure in turns, print ratios, remove the stores."""
    options = _options()
    options.folder.mkdir(parents=True, exist_ok=True)
    base = flat_store.demo_store(options.base or options.folder / "demo")
    sizes = []
    for rows in options.rows:
        start = time.perf_counter()
        store = flat_store.make(base, options.folder / str(rows), rows)
        sizes.append(Size(_facts(store), store))
        print(f"{sizes[-1].rows:,} facts: made in {time.perf_counter() - start:.0f} s", flush=True)
    try:
        _measure(sizes, options.rounds)
        _report(sizes)
    finally:
        if not options.keep:
            for size in sizes:
                shutil.rmtree(size.store.root)


def _measure(sizes: list[Size], rounds: int) -> None:
    names = sorted(_asked())
    for turn in range(rounds + 1):
        for size in sizes:
            found = _timed(lambda size=size: _ask(size.store, names))
            if turn:  # the first turn only warms up
                size.pages.append(found)
    for _ in range(max(rounds // 3, 2)):
        for size in sizes:
            size.builds.append(_timed(lambda size=size: _build(size.store)))
            copied, published = _publish(size.store)
            size.copies.append(copied)
            size.publications.append(published)


def _asked() -> set[str]:
    """The queries that the pages name, with those of the frame around every page."""
    files = [ROOT / "pages" / f"{name}.py" for name in PAGES]
    files += (ROOT / "oneninex" / "ui").glob("*.py")
    named = re.findall(r'query\(\s*"(\w+)"', "".join(f.read_text("utf-8") for f in files))
    return {name for name in named if not sql_catalog.parameters(name) & {"upload_id"}}


def _ask(store: Store, names: list[str]) -> None:
    """Run the queries as a page does, without the cache of results."""
    snapshot = store.current()
    assert snapshot
    for name in names:
        bound = dict.fromkeys(sql_catalog.parameters(name))
        with database.connection(snapshot).cursor() as cursor:
            cursor.execute(sql_catalog.text(name), bound or None).to_arrow_table()


def _build(store: Store) -> None:
    snapshot = store.current()
    assert snapshot
    path = store.root / "bench.duckdb"
    build.database(store, snapshot.manifest, Plan.load(flat_store.PLAN), path)
    path.unlink()


def _publish(store: Store) -> tuple[float, float]:
    """Seconds of a bare COPY of a month, and of publishing that month's return of every unit."""
    snapshot = store.current()
    assert snapshot
    month = snapshot.manifest.of(flat_store.KIND)[-2]
    with duckdb.connect() as connection:
        source = facts.read_sql(store, [month])
        # Other values than before: what rests on them has to be worked out anew.
        connection.execute(
            "create temp table rows as select * exclude (upload_id) replace (items + 1 as items, "
            f"hours * 1.01 as hours, volume_gb * 1.01 as volume_gb) from {source}"
        )
        connection.execute("create temp view incoming as select * from rows")
        bare = str(store.root / "bare.parquet")
        select = f"copy (select * from rows) to '{bare}' (format parquet, compression zstd)"
        copied = _timed(lambda: connection.execute(select))
        Path(bare).unlink()
        plan = Plan.load(flat_store.PLAN)
        publication = Publication(store, plan, connection, imported_by="benchmark")
        publication.add(_upload(month.rows, snapshot.id), Receipt(date(2026, 11, 1), "", {}))
        return copied, _timed(lambda: publication.commit("benchmark"))


def _upload(rows: int, number: int) -> Batch:
    return Batch(
        name="month.parquet", sha256=hashlib.sha256(str(number).encode()).hexdigest(), bytes=0,
        kind=flat_store.KIND, encoding=None, status="accepted", rows_read=rows,
        rows_accepted=rows, rows_quarantined=0, tables={flat_store.KIND: "incoming"},
        findings=FINDINGS.empty_table(), counts={}, raw=b"",
    )  # fmt: skip


def _report(sizes: list[Size]) -> None:
    least = sizes[0]
    for size in sizes:
        pages = median(size.pages) / median(least.pages)
        built = median(size.builds) / median(least.builds)
        publication = median(size.publications)
        ratios = sorted(p / c for p, c in zip(size.publications, size.copies, strict=True))
        print(
            f"{size.rows:>12,} facts: page queries {median(size.pages) * 1000:.0f} ms, "
            f"{pages:.2f} of the smallest; database {median(size.builds):.2f} s, {built:.2f}; "
            f"publication of a month {publication:.2f} s [{min(size.publications):.2f}-"
            f"{max(size.publications):.2f}], {median(ratios):.1f} × a bare COPY"
        )
        if size is not least:
            of, on = f"{size.rows:,} facts", f"{least.rows:,}"
            paired = [a / b for a, b in zip(size.pages, least.pages, strict=True)]
            told.ratio(f"page queries, {of}", on, paired, most=GOAL_LATENCY)
            told.ratio(f"publication of a month, {of}", "bare COPY of it", ratios)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak *= 1 if sys.platform == "darwin" else 1024
    print(
        f"goals: latency within {GOAL_LATENCY} ×, publication into 20 million under "
        f"{GOAL_SECONDS} s, memory {GOAL_BYTES / 1e6:,.0f} MB; peak {peak / 1e6:,.0f} MB"
    )


def _facts(store: Store) -> int:
    snapshot = store.current()
    return sum(f.rows for f in snapshot.manifest.of(flat_store.KIND)) if snapshot else 0


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 20_000_000])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "flat")
    parser.add_argument("--base", type=Path, help="A store with the demo returns.")
    parser.add_argument("--keep", action="store_true", help="Leave the stores for another run.")
    return parser.parse_args()


if __name__ == "__main__":
    main()
