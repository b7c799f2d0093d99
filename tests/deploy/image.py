"""Build deploy/Containerfile and use the image as its head says: `python -m tests.deploy.image`.

Not one of the tests that run everywhere: it needs podman and the base image. Where no registry
of images can be reached, any image of that name with Python 3.11 will do; machines without
systemd or of their own kind take switches, such as `--run "--no-healthcheck"`.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from oneninex.core import formats
from oneninex.core.settings import ROOT
from oneninex.store import Store, query
from tests.browser import chromium, dashboard

FILE = ROOT / "deploy" / "Containerfile"
_SIGN_IN = """[auth]
redirect_uri = "http://127.0.0.1/oauth2callback"
cookie_secret = "for this trial only, nobody signs in"
client_id = "nobody"
client_secret = "nothing"
server_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"
"""


def main() -> None:
    """Raises AssertionError or CalledProcessError where the image is not as it is described."""
    options = _options()
    engine = shlex.split(options.engine)
    build = re.search(r"podman (build .*-t oneninex) \.$", FILE.read_text(encoding="utf-8"), re.M)
    assert build
    line = [*engine, *shlex.split(build[1]), *shlex.split(options.build), "."]
    subprocess.run(line, cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as folder:
        place = _place(Path(folder))
        with _started(engine, options.run, place) as (container, address):
            _ready(engine, container)
            _writes_only_where_it_must(engine, container)
            _shows_nothing(address)
        (place / "access.csv").write_text("who,audience\n*,public\n", encoding="utf-8")
        with _started(engine, options.run, place) as (container, address):
            _ready(engine, container)
            _shows_what_the_store_holds(address, place / "store")
    print("The image was built, runs on a read-only root and shows its store.")


def _place(folder: Path) -> Path:
    """A machine's folders: a store with the demo returns, an audit trail, settings."""
    folder.chmod(0o755)
    environment = {**os.environ, "ONENINEX_STORE": str(folder / "store")}
    line = ["sh", "scripts/store.sh", sys.executable]
    subprocess.run(line, cwd=ROOT, env=environment, check=True, capture_output=True)
    (folder / "audit").mkdir()
    (folder / "audit").chmod(0o777)
    (folder / "secrets.toml").write_text(_SIGN_IN, encoding="utf-8")
    (folder / "config.toml").write_text((ROOT / ".streamlit" / "config.toml").read_text())
    (folder / "access.csv").write_text("who,audience\n", encoding="utf-8")
    for path in folder.iterdir():
        path.chmod(path.stat().st_mode | 0o044)
    return folder


@contextmanager
def _started(engine: list[str], switches: str, place: Path) -> Iterator[tuple[str, str]]:
    """The container as the head of the file starts it, and its address; it ends by itself."""
    port = dashboard.free_port()
    line = [*engine, *_as_written(place, port), "-d", *shlex.split(switches)]
    line += ["-v", f"{place}/access.csv:/opt/oneninex/data/plan/access.csv:ro", "oneninex"]
    done = subprocess.run(line, check=True, capture_output=True, text=True)
    container = done.stdout.strip()
    try:
        yield container, f"http://127.0.0.1:{port}"
        subprocess.run([*engine, "stop", "--time", "45", container], check=True)
        ended = [*engine, "inspect", "--format", "{{.State.ExitCode}}", container]
        assert subprocess.check_output(ended, text=True).strip() == "0"
    finally:
        subprocess.run([*engine, "rm", "--force", container], check=True, capture_output=True)


def _as_written(place: Path, port: int) -> list[str]:
    """The words of `podman run …` in the head of the file, with this machine's folders."""
    head = re.sub(r"\s*\\?\n#\s*", " ", FILE.read_text(encoding="utf-8").split("\nFROM")[0])
    words = re.search(r"podman (run .*) oneninex$", head)
    assert words, head
    here = {
        "127.0.0.1:8501:": f"127.0.0.1:{port}:",
        "/srv/oneninex/store:/": f"{place}/store:/",
        "/var/lib/oneninex:/": f"{place}/audit:/",
        "/etc/oneninex/": f"{place}/",
    }
    line = words[1]
    for written, meant in here.items():
        assert written in line, written
        line = line.replace(written, meant)
    return shlex.split(line)


def _ready(engine: list[str], container: str) -> None:
    line = [*engine, "exec", container, ".venv/bin/python", "deploy/ready.py", "8501"]
    subprocess.run(line, check=True)


def _writes_only_where_it_must(engine: list[str], container: str) -> None:
    """Nobody in particular, on a root and a store that take nothing."""

    def may(command: str) -> bool:
        line = [*engine, "exec", container, "sh", "-c", command]
        return subprocess.run(line, check=False, capture_output=True).returncode == 0

    assert may('test "$(id -u)" = 10001')
    assert may("touch /var/lib/oneninex/it /run/oneninex/it")
    for folder in ("/opt/oneninex", "/srv/oneninex/store", "/etc"):
        assert not may(f"touch {folder}/it"), folder


def _shows_nothing(address: str) -> None:
    """Nobody is let in yet: a sign-in is asked for, and no figure is sent."""
    said = _page(address)
    assert "登录" in said
    assert not re.search(r"\d万", said)


def _shows_what_the_store_holds(address: str, store: Path) -> None:
    snapshot = Store(store).current()
    assert snapshot
    months = [row for row in query("months", snapshot=snapshot).to_pylist() if not row["running"]]
    rows = query(
        "comparable_indicators", snapshot=snapshot, audience="public", to_month=months[-1]["month"]
    ).to_pylist()
    accepted = next(row["value"] for row in rows if row["indicator_id"] == "items_accepted")
    assert formats.number(accepted, "zh") in _page(address)


def _page(address: str) -> str:
    """What the overview says to somebody who has not signed in."""
    with urllib.request.urlopen(f"{address}/healthz") as answer:
        assert answer.status == 200
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium.find()), args=chromium.ARGUMENTS
        )
        page = browser.new_page(locale="zh-CN")
        wrong: list[str] = []
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.goto(f"{address}/overview?lang=zh")
        page.wait_for_selector("h1, h2")
        page.wait_for_function(dashboard.IDLE, arg=dashboard.QUIET)
        said = page.inner_text("body")
        browser.close()
    assert not wrong, wrong
    return said


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", default="podman")
    parser.add_argument("--build", default="", help="More switches of `build`.")
    parser.add_argument("--run", default="", help="More switches of `run`.")
    return parser.parse_args()


if __name__ == "__main__":
    main()
