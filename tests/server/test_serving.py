"""One process of several: who may ask, what it answers, how it names itself and leaves."""

from __future__ import annotations

import json
import logging
import re
import weakref
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket
from streamlit.runtime import Runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from oneninex import server as serving
from oneninex.core import logging as logs
from oneninex.core import metrics
from oneninex.server import monitoring_access, session_cleanup
from oneninex.server.process_state import state
from oneninex.store import Store, database, query
from tests.pages.conftest import small_store

__all__ = ["small_store"]

PAGE = {"accept": "text/html"}


async def _page(request: Request) -> HTMLResponse:
    return HTMLResponse("<html>")


async def _stream(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(str(state.tabs))
    await socket.close()


def _client(client: str = "127.0.0.1") -> TestClient:
    routes = [
        *serving.routes(),
        Route("/", _page),
        WebSocketRoute("/_stcore/stream", _stream),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(serving.Door)])
    return TestClient(app, base_url="http://127.0.0.1", client=(client, 5000))


@pytest.fixture
def leaving() -> Iterator[None]:
    state.leaving = True
    yield
    state.leaving = False


def test_a_process_names_itself_to_a_tab_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONENINEX_PROCESS", "8502")
    client = _client()
    page = client.get("/", headers={**PAGE, "x-forwarded-proto": "https"})
    said = page.headers["set-cookie"]
    assert said == "oneninex_process=8502; Path=/; HttpOnly; SameSite=Lax; Secure"
    assert "set-cookie" not in client.get("/", headers={"cookie": "oneninex_process=8502"}).headers
    taken_over = {"cookie": "a=b; oneninex_process=8501"}
    with client.websocket_connect("/_stcore/stream", headers=taken_over) as socket:
        told = dict(socket.extra_headers or [])
        assert told[b"set-cookie"].startswith(b"oneninex_process=8502;")
        assert socket.receive_text() == "1"


def test_a_leaving_process_takes_no_new_tab_and_serves_what_is_open(leaving: None) -> None:
    client = _client()
    assert client.get("/", headers=PAGE).status_code == 503
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        client.websocket_connect("/_stcore/stream"),
    ):
        pass
    assert refused.value.status_code == 503
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "way out" in answer.json()["reason"]["en"]


def test_a_process_is_ready_when_its_store_can_be_read(
    small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = _client()
    monkeypatch.setenv("ONENINEX_STORE", str(small_store))
    assert client.get("/readyz").json() == {"ready": True, "snapshot": 1}
    copy = tmp_path / "store" / "snapshots"
    copy.mkdir(parents=True)
    (copy.parent / "CURRENT").write_text("1")
    (copy / "00000001.json").write_bytes((small_store / "snapshots/00000001.json").read_bytes())
    monkeypatch.setenv("ONENINEX_STORE", str(copy.parent))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "00000001.duckdb" in answer.json()["reason"]["zh"]
    assert "reason" not in client.get("/readyz", headers={"x-forwarded-for": "1.2.3.4"}).json()
    monkeypatch.setenv("ONENINEX_STORE", str(tmp_path / "not_mounted"))
    assert "mounted" in client.get("/readyz").json()["reason"]["en"]


def test_numbers_are_for_watchers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    path = "/metrics"
    monkeypatch.setenv("ONENINEX_WATCHERS", "10.0.8.0/24, 10.1.0.5")
    assert _client().get(path).status_code == 200
    assert _client("10.0.8.77").get(path).status_code == 200
    assert _client("10.2.0.1").get(path).status_code == 404
    assert _client().get(path, headers={"x-forwarded-for": "10.0.8.77"}).status_code == 404
    assert monitoring_access.closed({"type": "http", "headers": [], "client": None})


def test_metrics_say_what_prometheus_reads(
    small_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONENINEX_STORE", str(small_store))
    snapshot = Store(small_store).current()
    assert snapshot
    before = _numbers(_client().get("/metrics").text)
    for _ in range(2):
        query("output_by_unit_month", snapshot=snapshot, unit_id="U1")
    after = _numbers(_client().get("/metrics").text)

    def grown(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert grown('oneninex_queries_total{answered_by="store"}') == 1
    assert grown('oneninex_queries_total{answered_by="cache"}') == 1
    assert grown("oneninex_query_seconds_count") == 1
    assert grown('oneninex_query_seconds_bucket{le="+Inf"}') == 1
    assert grown("oneninex_cache_bytes") > 1000
    assert after["oneninex_snapshot"] == 1
    assert after["oneninex_snapshot_age_seconds"] >= 0


def _numbers(text: str) -> dict[str, float]:
    """The samples of a text; each line is one as the format has it, named and typed before."""
    found: dict[str, float] = {}
    for line in filter(None, text.split("\n")):
        match = re.fullmatch(r'([a-z_]+)(\{[a-z_]+="[^"]*"\})? (\S+)', line)
        assert match or re.match(r"# (HELP|TYPE) [a-z_]+ \S", line), line
        if match:
            found[match[1] + (match[2] or "")] = float(match[3])
    return found


def test_a_line_of_the_log_holds_no_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(logs.VARIABLE, "json")
    kept, level = list(logging.root.handlers), logging.root.level
    server = logging.getLogger("uvicorn.test")
    server.addHandler(logging.NullHandler())
    server.propagate = False
    try:
        logs.configure()
        logs.event("leaving", tabs=3)
        server.warning("from %s", "10.9.8.7")
        logging.getLogger("uvicorn.access").info('%s - "%s"', "10.9.8.7", "GET /")
        try:
            raise ValueError("王小明 13800000000")
        except ValueError:
            logging.getLogger("oneninex.ui").exception("page failed, reference %s", "ab12cd34")
    finally:
        logging.root.handlers[:] = kept
        logging.root.setLevel(level)
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    assert [line["event"] for line in lines] == [
        "leaving",
        "from %s",
        "page failed, reference ab12cd34",
    ]
    assert lines[0]["tabs"] == 3
    assert lines[2]["error"] == "ValueError"
    assert "test_serving.py" in lines[2]["places"][-1]
    assert "王小明" not in written
    assert "10.9.8.7" not in written


class _Tab:
    """As much of a closed tab as the memory of them looks at."""

    def __init__(self) -> None:
        self.session = self
        self.id = "closed"


def test_a_closed_tab_is_forgotten_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = MemorySessionStorage(ttl_seconds=0)
    nothing: Any = None
    manager = WebsocketSessionManager(storage, nothing, nothing, nothing)
    monkeypatch.setattr(Runtime, "_instance", SimpleNamespace(_session_mgr=manager))
    tab: Any = _Tab()
    gone = weakref.ref(tab)
    storage.save(tab)
    tab.session = None
    del tab
    assert gone() is not None
    assert session_cleanup.forget() == 1
    assert gone() is None


def test_small_results_are_counted_with_what_they_weigh() -> None:
    table = pa.table({"a": [1], "b": [2]})
    assert database._size(table) > table.nbytes + 2000


def test_memory_is_told_where_the_system_tells_it() -> None:
    found = metrics.resident_bytes()
    assert found is None or found > 10_000_000
