"""Serve the dashboard on a free port and look at it: shared by tests, screenshots and bench."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from oneninex.core.settings import ROOT

PATIENCE = 90.0  # seconds; generous, since a shared CI core may be slow
LOCAL_HOSTS = {"127.0.0.1", "localhost"}
REQUIRED_PAGES = {"overview", "unit_map", "throughput", "enterprises", "targets", "methods"}

QUIET = 500  # milliseconds without a change that make a page idle

# Streamlit says what its script does in an attribute; the rest says that the page is drawn. A
# script may run again at once (a component answers, the URL is put right), so that all of it has
# to hold for QUIET, in which nothing on the page changes.
IDLE = """quiet => {
    const app = document.querySelector('[data-testid="stApp"]');
    if (!app) return false;
    if (!window.watched) {
        window.watched = {since: performance.now()};
        const changed = () => { window.watched.since = performance.now(); };
        new MutationObserver(changed).observe(
            document.body, {childList: true, characterData: true, subtree: true});
    }
    const drawn = (frame, inside) =>
        [...document.querySelectorAll(frame)].every(found => found.querySelector(inside));
    const unfinished = '[data-testid*="Skeleton"], [data-stale="true"], [data-testid="stSpinner"]';
    const idle = app.dataset.testScriptState === 'notRunning'
        && app.dataset.testConnectionState === 'CONNECTED'
        && !app.querySelector(unfinished)
        && drawn('.chart', '.main-svg')
        && drawn('[data-testid="stDeckGlJsonChart"]', 'canvas')
        && document.fonts.status === 'loaded';
    if (!idle) window.watched.since = performance.now();
    return performance.now() - window.watched.since > quiet;
}"""


def page_names() -> list[str]:
    """The dashboard's pages: those that have to be there and every other script in pages/."""
    return sorted(REQUIRED_PAGES | {path.stem for path in (ROOT / "pages").glob("[!_]*.py")})


def fill_store(store: Path, returns: Path, *, scale: int = 1) -> None:
    """Write the demo returns and import them, then the revised ones, as `make run` does."""
    command(store, "demo", "--out", str(returns), "--scale", str(scale))
    command(store, "import", str(returns))
    command(store, "import", str(returns / "revised"))


def wait_for(holds: Callable[[], bool], what: str) -> None:
    """Return when `holds` does; raises TimeoutError that names `what` after a long while."""
    end = time.monotonic() + 5 * PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.2)


def command(store: Path, *arguments: str) -> str:
    """What `python -m oneninex` prints; raises RuntimeError with its words when it fails."""
    line = [sys.executable, "-m", "oneninex", "--store", str(store), *arguments]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        said = f"{done.stdout}\n{done.stderr}"
        raise RuntimeError(f"{' '.join(line)} ended with {done.returncode}:\n{said}")
    return done.stdout


@contextmanager
def serve(
    store: Path,
    log: Path,
    script: Path = ROOT / "serve.py",
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """The address of a dashboard that shows `store`; it ends with the block.

    Everything but the script is as in production: .streamlit/config.toml is the project's.
    """
    port = free_port()
    line = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    line += options
    given = {**os.environ, "ONENINEX_STORE": str(store), "PYTHONPATH": str(ROOT)}
    with log.open("wb") as written:
        server = subprocess.Popen(
            line,
            cwd=ROOT,
            env={**given, **(environment or {})},
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _await_health(server, address, log)
            yield address
        finally:
            server.terminate()
            server.wait()


def wait_until_idle(page: Page) -> None:
    """Return when the script has run and everything on the page is drawn."""
    page.wait_for_function(IDLE, arg=QUIET, timeout=PATIENCE * 1000)


def wait_until_drawn_for(page: Page, theme: str) -> None:
    """Return when the page is drawn in the colours of a theme: the server has to draw it anew."""
    drawn = page.locator(f"html[data-drawn-for={theme}]")
    drawn.wait_for(state="attached", timeout=PATIENCE * 1000)
    wait_until_idle(page)


def open_page(page: Page, address: str, name: str, lang: str) -> None:
    """Open one page of the dashboard in one language and wait until it is drawn."""
    page.goto(f"{address}/{name}?lang={lang}")
    wait_until_idle(page)


def axe(page: Page, *, only: Sequence[str] = ()) -> list[str]:
    """The serious and critical accessibility findings, each with the elements it is about.

    `only` names the rules that are looked at; by default all of them.
    """
    options = {"runOnly": {"type": "rule", "values": list(only)}} if only else None
    violations = Axe().run(page, options=options).response["violations"]
    return [
        f"{found['id']}: {found['help']}: {[node['target'] for node in found['nodes']]}"
        for found in violations
        if found["impact"] in ("serious", "critical")
    ]


def plain(message: str) -> str:
    """A message as it stands on the screen: without Markdown signs and icon names."""
    return " ".join(re.sub(r":material/\w+:|[*`]|^#+ ", "", message).split())


@dataclass
class Watch:
    """Notes each console error, uncaught exception and request that leaves this machine."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> Watch:
        """Watch every page of `context`, those it has and those it opens later."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("request", lambda request: self._address(request.url))
        context.on("page", self._page)
        for page in context.pages:
            self._page(page)
        return self

    def assert_quiet(self) -> None:
        """Fail when anything was noted."""
        assert not self.outside, f"requests that leave this machine: {self.outside}"
        assert not self.errors, f"errors in the browser's console: {self.errors}"

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location})")

    def _page(self, page: Page) -> None:
        page.on("websocket", lambda socket: self._address(socket.url))

    def _address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname not in LOCAL_HOSTS:
            self.outside.append(url)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await_health(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _healthy(address):
        try:
            server.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            if time.monotonic() < deadline:
                continue
        raise RuntimeError(f"the dashboard did not start:\n{log.read_text(errors='replace')}")


def _healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
