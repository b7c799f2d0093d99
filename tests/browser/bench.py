"""How long a user waits: import, each query, first visit and return to each page.

`make bench SCALE=10` multiplies the demo rows. The times are printed, never asserted: they belong
to the machine that they were taken on.
"""

from __future__ import annotations

import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from oneninex.settings import ROOT
from oneninex.store import Store, query
from tests.browser import chromium, dashboard

RUNS = 5


def main(scale: int) -> None:
    """Print one line for each thing measured: milliseconds, median and range of RUNS."""
    with tempfile.TemporaryDirectory() as scratch:
        store = Path(scratch) / "store"
        print(f"{platform.platform()}, Python {platform.python_version()}, scale {scale}")
        fill = partial(dashboard.fill_store, store, Path(scratch) / "returns", scale=scale)
        _line("demo and import", [_timed(fill)])
        snapshot = Store(store).current()
        assert snapshot, "the import published nothing"
        for name in sorted(path.stem for path in (ROOT / "queries").glob("*.sql")):
            work = partial(query, name, snapshot=snapshot)
            _line(f"query {name}", [_timed(work) for _ in range(RUNS)])
        for name, runs in _pages(store, Path(scratch)):
            _line(name, runs)


def _pages(store: Path, scratch: Path) -> Iterator[tuple[str, list[float]]]:
    path = chromium.find()
    if not path:
        print(f"not measured: pages, {chromium.ABSENT}")
        return
    with (
        sync_playwright() as playwright,
        dashboard.serve(store, scratch / "server.log") as address,
    ):
        browser = playwright.chromium.launch(executable_path=str(path), args=chromium.ARGUMENTS)
        for name in dashboard.page_names():
            first, again = [], []
            for _ in range(RUNS):
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                for lang, times in (("zh", first), ("en", again)):
                    work = partial(dashboard.open_page, page, address, name, lang)
                    times.append(_timed(work) - dashboard.QUIET)
                page.close()
            yield f"page {name}, first visit of a browser", first
            yield f"page {name}, browser cache filled", again
        browser.close()


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def _line(what: str, runs: list[float]) -> None:
    print(f"{what:52} {median(runs):9.1f} ms  [{min(runs):.1f} - {max(runs):.1f}]", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
