"""How long a reader waits for a changed filter, beside a Dash page with the same six charts.

One run, on one store: OneNineX's overview and throughput, the Dash page on the facts and on the
snapshot's own totals, the first visit of a new reader, the start of the server. Each change is to a
value never asked before; the pages take turns. What is on screen is compared with the query, and
what lies below it once the reader has scrolled there; in a window of 4,500 pixels all is on screen.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks import flat_store, told
from benchmarks.screen_watch import PATIENCE, WATCH, click, first_visit, scrolled
from oneninex.core import formats
from oneninex.core.settings import ROOT
from oneninex.store import Snapshot, Store, query
from tests.browser import chromium, dashboard

UNITS = tuple(f"U{number}" for number in range(1, 9))
GOAL_MS, GOAL_RATIO, GOAL_VISIT_MS, GOAL_BYTES, GOAL_START_S = 300, 0.35, 2000, 3_000_000, 3.0
GOAL_ROWS = 20_000_000
_NO_CHART_SEEN = """![...document.querySelectorAll('.js-plotly-plot')].some(
    (chart) => chart.getBoundingClientRect().top < innerHeight)"""


@dataclass
class Subject:
    """One page under measurement and what was measured of it."""

    name: str
    page: Page
    times: list[float] = field(default_factory=list)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--changes", type=int, default=6, choices=range(2, len(UNITS) + 1))
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "screen")
    parser.add_argument("--height", type=int, default=900, help="of the window; 4500 shows all")
    parser.add_argument("--before", type=Path, help="a checkout of an earlier version to compare")
    given = parser.parse_args()
    base = flat_store.demo_store(given.folder / "demo")
    store = flat_store.make(base, given.folder / str(given.rows), given.rows).root
    found = chromium.find() or sys.exit(chromium.ABSENT)
    with TemporaryDirectory() as scratch, sync_playwright() as playwright, ExitStack() as servers:
        logs = Path(scratch)
        started, ours = _start(store, logs, servers)
        browser = playwright.chromium.launch(executable_path=str(found), args=chromium.ARGUMENTS)
        visits = [_visit(browser, ours, store) for _ in range(3)]
        dashes = {
            name: servers.enter_context(_dash(store, logs, *options))
            for name, options in {"Dash, facts": (), "Dash, totals": ("--cubes",)}.items()
        }
        pages = {"overview": f"{ours}/overview?lang=zh", "throughput": f"{ours}/throughput?lang=zh"}
        if given.before:
            before = servers.enter_context(_serve(given.before, store, logs))
            pages |= {f"{name}, before": f"{before}/{name}?lang=zh" for name in list(pages)}
        subjects = [_open(browser, given.height, *entry) for entry in (pages | dashes).items()]
        for turn in range(given.changes):
            for subject in subjects:
                subject.times.append(_change(subject, turn, store))
        browser.close()
    _report(subjects, visits, started, given.rows)


def _change(subject: Subject, turn: int, store: Path) -> float:
    """One change of a filter on a page, to a value that this server was never asked for."""
    snapshot = Store(store).current()
    assert snapshot
    if subject.name.startswith("overview"):
        return _change_month(subject.page, turn, snapshot)
    unit = UNITS[turn]
    rows = query("throughput_by_month", snapshot=snapshot, unit_id=unit).to_pylist()
    if subject.name.startswith("Dash"):
        subject.page.click("#unit")
        said = f"document.querySelector('#accepted').innerText === '{rows[-1]['accepted']}'"
        drawn = _drawn([row["items"] for row in rows])
        option = subject.page.get_by_role("option", name=unit, exact=True)
        return _timed(subject.page, option, said, drawn)
    names = query("units", snapshot=snapshot).to_pylist()
    name = next(row["name_zh"] for row in names if row["unit_id"] == unit)
    option = _opened(subject.page, "unit").get_by_role("option", name=name, exact=True)
    written = formats.number(rows[-1]["accepted"], "zh")
    drawn = _drawn([row["items"] for row in rows])
    return _timed(subject.page, option, _card(written), drawn)


def _change_month(page: Page, turn: int, snapshot: Snapshot) -> float:
    months = [row["month"] for row in query("months", snapshot=snapshot).to_pylist()]
    month = months[-3 - turn]
    rows = query("city_by_month", snapshot=snapshot, to_month=month).to_pylist()
    figures = query("comparable_indicators", snapshot=snapshot, to_month=month).to_pylist()
    accepted = next(row["value"] for row in figures if row["indicator_id"] == "items_accepted")
    values = [row["accepted"] for row in rows]
    option = _opened(page, "month").get_by_role(
        "option", name=formats.month(month, "zh"), exact=True
    )
    written = formats.number(accepted, "zh")
    return _timed(page, option, _card(written), _drawn(values))


def _timed(page: Page, option: Locator, said: str, drawn: str) -> float:
    """The time to the last paint of what is on the screen, all of which is right then.

    The charts below it have to be right once the reader comes to them.
    """
    taken = click(page, option, f"{said} && ({_NO_CHART_SEEN} || {drawn})")
    scrolled(page, drawn)
    return taken


def _opened(page: Page, key: str) -> Page:
    page.locator(f".st-key-{key}").get_by_role("combobox").click()
    page.get_by_role("option").first.wait_for(timeout=PATIENCE)
    return page


def _card(written: str) -> str:
    """The first headline figure says this, unit aside."""
    first = (
        "document.querySelector('.card-value, [data-testid=stMetricValue]')?.innerText.trim() ?? ''"
    )
    return f"({first}).startsWith({json.dumps(written)})"


def _drawn(values: list[float | None]) -> str:
    """The charts draw every one of these values that is known."""
    known = json.dumps([value for value in values if value is not None])
    return f"""((drawn) => {known}.every((value) => drawn.has(value)))(new Set(
        [...document.querySelectorAll('.js-plotly-plot')].flatMap((chart) =>
            (chart._fullData ?? []).flatMap((trace) => [...(trace.y ?? [])]))))"""


def _open(browser: Browser, height: int, name: str, address: str) -> Subject:
    page = browser.new_page(viewport={"width": 1280, "height": height}, locale="zh-CN")
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_selector(".main-svg", timeout=PATIENCE)
    page.wait_for_timeout(3000)
    return Subject(name, page)


def _visit(browser: Browser, address: str, store: Path) -> tuple[float, int]:
    """A new reader's first look at the overview."""
    snapshot = Store(store).current()
    assert snapshot
    figures = query("comparable_indicators", snapshot=snapshot, to_month=_newest(snapshot))
    accepted = next(
        row["value"] for row in figures.to_pylist() if row["indicator_id"] == "items_accepted"
    )
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.add_init_script(WATCH)
    holds = f"{_card(formats.number(accepted, 'zh'))} && document.querySelector('.main-svg')"
    found = first_visit(page, f"{address}/overview?lang=zh", holds)
    context.close()
    return found


def _newest(snapshot: Snapshot) -> object:
    rows = query("months", snapshot=snapshot).to_pylist()
    return [row["month"] for row in rows if not row["running"]][-1]


def _start(store: Path, logs: Path, servers: ExitStack) -> tuple[list[float], str]:
    """Seconds from `make run` on a kept store to the first page served, and the last server."""
    times, address = [], ""
    for last in (False, False, True):
        begun = time.perf_counter()
        environment = {**os.environ, "ONENINEX_STORE": str(store)}
        line = ["sh", "scripts/store.sh", sys.executable]
        subprocess.run(line, cwd=ROOT, env=environment, check=True, capture_output=True)
        with ExitStack() as this:
            address = this.enter_context(dashboard.serve(store, logs / "ours.log"))
            urllib.request.urlopen(address, timeout=PATIENCE).read()
            times.append(time.perf_counter() - begun)
            if last:
                servers.push(this.pop_all())
    return times, address


@contextmanager
def _serve(checkout: Path, store: Path, logs: Path) -> Iterator[str]:
    """An earlier version of OneNineX on the same store."""
    line = [sys.executable, "-m", "streamlit", "run", "serve.py", "--server.port"]
    settings = {"ONENINEX_STORE": str(store), "PYTHONPATH": str(checkout.resolve())}
    with _process(line, checkout, settings, logs / "before.log", "/_stcore/health") as address:
        yield address


@contextmanager
def _dash(store: Path, logs: Path, *options: str) -> Iterator[str]:
    line = [sys.executable, "-m", "benchmarks.dash_page", str(store), *options, "--port"]
    log = logs / f"dash{len(options)}.log"
    with _process(line, ROOT, {}, log, "/") as address:
        yield address


@contextmanager
def _process(
    line: list[str], folder: Path, settings: dict[str, str], log: Path, ready: str
) -> Iterator[str]:
    port = dashboard.free_port()
    with log.open("wb") as written:
        server = subprocess.Popen(
            [*line, str(port)], cwd=folder, env={**os.environ, **settings},
            stdout=written, stderr=subprocess.STDOUT,
        )  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        try:
            dashboard.wait_for(lambda: _answers(address + ready), log.read_text(errors="replace"))
            yield address
        finally:
            server.terminate()
            server.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def _report(
    subjects: list[Subject], visits: list[tuple[float, int]], started: list[float], rows: int
) -> None:
    print(f"{rows:,} facts, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    times = {subject.name: subject.times for subject in subjects}
    for name, found in times.items():
        spread = f"[{min(found):.0f} - {max(found):.0f}]"
        print(f"{name:24} {median(found):7.0f} ms {spread:>16}", flush=True)
    for name in ("overview", "throughput"):
        for base in ("Dash, facts", "Dash, totals", f"{name}, before"):
            if base in times:
                ratios = [a / b for a, b in zip(times[name], times[base], strict=True)]
                goal = _goal(median(ratios), GOAL_RATIO) if base == "Dash, facts" else ""
                spread = f"[{min(ratios):.2f} - {max(ratios):.2f}]"
                print(f"{name} / {base}: {median(ratios):.2f} {spread} {goal}")
                most = GOAL_RATIO if base == "Dash, facts" and rows >= GOAL_ROWS else None
                told.ratio(f"changed filter, {name}", base, ratios, most=most)
        print(f"{name}: {GOAL_MS} ms or less: {_goal(median(times[name]), GOAL_MS)}")
    bytes_ = max(size for _, size in visits)
    visit = median(taken for taken, _ in visits)
    print(f"first visit: {bytes_ / 1e6:.2f} MB over the wire, {_goal(bytes_, GOAL_BYTES)}")
    print(f"first visit: {visit / 1000:.1f} s, {_goal(visit, GOAL_VISIT_MS)}")
    print(f"start on a kept store: {median(started):.1f} s, {_goal(median(started), GOAL_START_S)}")


def _goal(value: float, most: float) -> str:
    return "goal met" if value <= most else "goal not met"


if __name__ == "__main__":
    main()
