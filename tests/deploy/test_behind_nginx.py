"""Two processes behind nginx with deploy/nginx.conf itself, on a store they may only read."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.web.server.starlette import starlette_app_utils as signing

from benchmarks.reader import Reader
from oneninex.core.i18n import text
from oneninex.core.settings import ROOT
from tests.deploy import office as place
from tests.deploy.office import PORTS, TRUSTING, Office, free_port, get, wait_until
from tests.pages.conftest import ENTERPRISE, publish, small_returns

SECRET = "of these tests alone, long enough"
READING = ("8501", "8502")
RETURN = (
    "date,unit_id,enterprise_id,project_id,modality,items,hours,hours_basis,reviewed,accepted,"
    "accepted_first_pass,rejected,annotators\n"
    f"2026-03-31,U1,{ENTERPRISE},P2,text,700,10,active_time,700,700,700,0,5\n"
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    nginx = place.nginx()
    if nginx is None:
        word = "nginx is not here: scripts/nginx.sh says how to get it"
        pytest.fail(word) if os.environ.get("CI") == "true" else pytest.skip(word)
    folder = tmp_path_factory.mktemp("office")
    store = publish(folder / "store", small_returns())
    place.install(folder)
    ports = {name: free_port() for name in PORTS}
    office = Office(folder, store, ports, free_port())
    _let_everybody_read(office)
    place.close_to_writers(store)
    line = [nginx, "-e", str(folder / "nginx.log"), "-c", str(place.configuration(office))]
    with (folder / "nginx.log").open("ab") as log:
        front = subprocess.Popen(line, stderr=log)
    try:
        office.start(*READING)
        yield office
    finally:
        front.terminate()
        office.close()
        front.wait()


def _let_everybody_read(office: Office) -> None:
    """A sign-in as an office configures it; whoever is not signed in reads as the public."""
    plan = office.folder / "plan"
    place.shutil.copytree(ROOT / "data" / "plan", plan)
    (plan / "access.csv").write_text("who,audience\n*,public\nboss,planner\n")
    (office.folder / "secrets.toml").write_text(
        f"""[auth]
redirect_uri = "{office.address}/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "oneninex"
client_secret = "of these tests"
server_metadata_url = "http://127.0.0.1:1/.well-known/openid-configuration"
"""
    )


def _tab(office: Office, process: str = "", page: str = "throughput") -> Reader:
    cookie = {"cookie": f"oneninex_process={process}"} if process else {}
    return Reader(office.address, page, headers=cookie, trust=TRUSTING)


def _signed_in(office: Office, process: str, page: str) -> Reader:
    """A tab with the cookie that the sign-in of whatever process has signed."""
    claims = {"sub": "boss", "exp": time.time() + 600}
    payload = {"origin": office.address, "is_logged_in": True, **claims}
    signed = signing.create_signed_value(SECRET, "_streamlit_user", json.dumps(payload))
    token = signing.generate_xsrf_token_string()
    cookie = f"oneninex_process={process}; _streamlit_xsrf={token}; _streamlit_user="
    headers = {"cookie": cookie + signed.decode("latin-1"), "origin": office.address}
    return Reader(office.address, page, headers=headers, token=token, trust=TRUSTING)


def _tabs(office: Office, process: str) -> int:
    found = re.search(
        r"^oneninex_sessions (\d+)$", get(f"{office.own(process)}/metrics").text, re.M
    )
    assert found
    return int(found[1])


def _run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 120))


def _snapshot(tab: Reader) -> str:
    assert tab.errors == []
    foot = [html.body for html in tab.of("html") if 'class="foot"' in html.body]
    found = re.search(r"第(\d+)期快照", " ".join(foot))
    assert found, foot
    return found[1]


def test_a_tab_keeps_its_process_and_tabs_are_shared_out(office: Office) -> None:
    async def work() -> None:
        chosen = get(office.address).process
        assert chosen in READING
        other = READING[1 - READING.index(chosen)]
        first = _tab(office, chosen)
        await first.open()
        assert (_tabs(office, chosen), _tabs(office, other)) == (1, 0)
        assert "set-cookie" not in first.answer_headers
        second = _tab(office)
        await second.open()
        assert f"oneninex_process={other}; Path=/; HttpOnly" in second.answer_headers["set-cookie"]
        assert (_tabs(office, chosen), _tabs(office, other)) == (1, 1)
        assert first.figures == second.figures != []
        await first.close()
        await second.close()
        for name in READING:
            wait_until(lambda name=name: _tabs(office, name) == 0)

    _run(work())


def test_what_is_for_watchers_does_not_pass(office: Office) -> None:
    assert get(f"{office.address}/healthz").status == 200
    assert json.loads(get(f"{office.address}/readyz").text) == {"ready": True, "snapshot": 1}
    for path in ("metrics", "_stcore/metrics", "_stcore/agent/sessions"):
        assert get(f"{office.address}/{path}").status == 404
    assert "oneninex_snapshot 1" in get(f"{office.own('8501')}/metrics").text
    page = get(office.address, cookie="oneninex_process=8501")
    assert (page.status, page.process) == (200, None)
    assert get(f"{office.address}/send").headers["location"].endswith("/returns")


def test_a_sign_in_holds_in_each_process_and_neither_may_write(office: Office) -> None:
    async def work() -> None:
        for process in READING:
            tab = _signed_in(office, process, "returns")
            await tab.open()
            assert tab.errors == []
            assert text("returns.reads_only", "zh") in [found.body for found in tab.of("alert")]
            assert not list(tab.of("file_uploader"))
            await tab.close()

    _run(work())


def test_each_process_shows_what_is_published(office: Office) -> None:
    async def work() -> None:
        tabs = [_tab(office, process) for process in READING]
        for tab in tabs:
            await tab.open()
        before = tabs[0].figures[0]
        assert [_snapshot(tab) for tab in tabs] == ["1", "1"]
        _import(office)
        for tab in tabs:
            await tab.run()
        assert [_snapshot(tab) for tab in tabs] == ["2", "2"]
        assert tabs[0].figures[0] == tabs[1].figures[0] != before
        for tab in tabs:
            await tab.close()

    _run(work())


def _import(office: Office) -> None:
    """The one writer publishes, with rights that the readers lack."""
    file = office.folder / "return.csv"
    file.write_text(RETURN)
    for path in (office.store, *office.store.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)
    line = [sys.executable, "-m", "oneninex", "--store", str(office.store), "import", str(file)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    place.close_to_writers(office.store)


def test_a_process_is_restarted_while_readers_are_served(office: Office) -> None:
    async def work() -> None:
        open_before = _tab(office, "8501")
        await open_before.open()
        process = office.tell_to_end("8501")
        wait_until(lambda: get(f"{office.own('8501')}/readyz").status == 503)
        assert get(office.address, cookie="oneninex_process=8501").process == "8502"
        new = _tab(office, "8501")
        await new.open()
        assert "oneninex_process=8502" in new.answer_headers["set-cookie"]
        await open_before.run()
        assert open_before.errors == []
        assert process.poll() is None
        await open_before.close()
        assert await asyncio.to_thread(process.wait, 60) == 0
        await new.run()
        assert new.errors == []
        assert get(office.address, cookie="oneninex_process=8501").process == "8502"
        await new.close()

    _run(work())
    lines = [json.loads(line) for line in _lines(office.folder / "8501.log")]
    assert "uvicorn.access" not in {line["logger"] for line in lines}
    events = [line["event"] for line in lines]
    assert [e for e in events if e in ("started", "leaving", "ended")] == [
        "started", "leaving", "ended",
    ]  # fmt: skip


def _lines(log: Path) -> list[str]:
    """The lines of the log; what Streamlit says at its start is for a terminal."""
    lines = log.read_text().splitlines()
    return [line for line in lines if line.strip() and not line.startswith("  ")]
