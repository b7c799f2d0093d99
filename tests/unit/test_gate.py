"""Who is let in: hosts, origins, methods, uploads; and what every answer tells the browser."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import time
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oneninex.core.rate_limit import Budget, Rate
from oneninex.core.senders import Senders
from oneninex.server.middleware import request_guard
from oneninex.server.middleware.request_guard import Bounds, Gate, Rules
from oneninex.server.middleware.security_headers import FIXED, Headers, fingerprints, policy

HOST = b"monitor.example:8443"
UPLOAD = "/_stcore/upload_file/session/file"
FILES, ALL, BYTES = 3, 5, 1_000


def rules(**more: Any) -> Rules:
    bounds = Bounds(
        Budget(FILES, 60), Budget(ALL, 60), Budget(BYTES, 60), Budget(2 * BYTES, 60), 3 * BYTES
    )
    more = {"sender": lambda session: None if session == "stranger" else session, **more}
    return Rules(["monitor.example", "*.inside.example"], [], bounds, **more)


class Asked:
    """A server behind a gate; `seen` are the requests that reached it."""

    def __init__(self, gate: Rules, status: int = 200, fault: Exception | None = None) -> None:
        self.seen: list[Any] = []
        self._status, self._fault = status, fault
        self._app = Headers(Gate(self._server, gate))

    async def _server(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(scope)
        if self._fault:
            raise self._fault
        await send({"type": "http.response.start", "status": self._status, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})

    def __call__(
        self, method: str = "GET", path: str = "/", kind: str = "http", **headers: bytes
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        """Status, headers and body of the answer; of a closed web socket its code."""
        sent = self._sent(method, path, kind, headers)
        if sent[0]["type"] == "websocket.close":
            return sent[0]["code"], {}, b""
        return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]

    def raw(self, **headers: bytes) -> list[tuple[bytes, bytes]]:
        """The headers of an answer as they were sent, equal names included."""
        return self._sent("GET", "/", "http", headers)[0]["headers"]

    def _sent(self, method: str, path: str, kind: str, headers: dict[str, bytes]) -> list[Any]:
        given = {"host": HOST, **headers}
        raw = [(name.replace("_", "-").encode(), value) for name, value in given.items()]
        scope = {"type": kind, "method": method, "path": path, "headers": raw}
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "websocket.connect"}

        asyncio.run(self._app(scope, receive, send))
        return sent


@pytest.mark.parametrize(
    "host",
    [
        b"evil.example", b"", b"monitor.example.evil.example", b"a@monitor.example",
        b"monitor.example/x", b"monitor.example:port", b"[::1", b"inside.example",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_a_forged_host_is_refused(host: bytes, kind: str) -> None:
    asked = Asked(rules())
    assert asked(kind=kind, host=host)[0] == {"http": 400, "websocket": 1008}[kind]
    assert asked.seen == []


@pytest.mark.parametrize("host", [HOST, b"MONITOR.example.", b"a.inside.example"])
def test_a_host_of_ours_is_let_in(host: bytes) -> None:
    assert Asked(rules())(host=host)[0] == 200


@pytest.mark.parametrize(
    "origin",
    [b"https://evil.example", b"null", b"http://monitor.example", b"http://localhost:3000", b"["],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_another_site_is_refused_before_streamlit_sees_it(origin: bytes, kind: str) -> None:
    asked = Asked(rules())
    assert asked(kind=kind, origin=origin)[0] == {"http": 403, "websocket": 1008}[kind]
    assert asked.seen == []


def test_our_own_page_and_programs_are_let_in() -> None:
    asked = Asked(rules())
    assert asked(origin=b"https://" + HOST)[0] == 200
    assert asked()[0] == 200
    assert len(asked.seen) == 2


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/targets", 200), ("HEAD", "/", 200), ("OPTIONS", "/", 200),
        ("POST", "/", 405), ("PUT", "/targets", 405), ("DELETE", "/media/x", 405),
        ("TRACE", "/", 405), ("PATCH", UPLOAD, 405), ("DELETE", UPLOAD, 200),
        ("GET", "/_stcore/metrics", 404), ("POST", "/_stcore/agent/mcp", 404),
        ("GET", "/_stcore/agent/openapi.json", 404),
    ],
)  # fmt: skip
def test_methods_and_closed_doors(method: str, path: str, status: int) -> None:
    assert Asked(rules())(method, path)[0] == status
    assert Asked(rules(base="/city/"))(method, f"/city{path}")[0] == status


def put(asked: Asked, session: str = "session", size: bytes = b"10") -> int:
    return asked("PUT", UPLOAD.replace("session", session), content_length=size)[0]


def test_uploads_of_a_session_and_of_all_are_bounded() -> None:
    asked = Asked(rules())
    assert [put(asked) for _ in range(FILES + 1)] == [200] * FILES + [429]
    assert [put(asked, "another") for _ in range(3)] == [200, 200, 429]
    status, headers, body = asked("PUT", UPLOAD, content_length=b"1")
    assert (status, headers[b"retry-after"]) == (429, b"60")
    assert "60 秒" in body.decode()
    assert "60 seconds" in body.decode()


def test_bytes_are_bounded_and_a_length_is_needed() -> None:
    asked = Asked(rules())
    assert [put(asked, size=size) for size in (b"900", b"200", b"50")] == [200, 429, 200]
    assert put(asked, size=b"-1") == 411
    assert asked("PUT", UPLOAD)[0] == 411


def test_a_session_that_no_page_admitted_sends_nothing() -> None:
    asked = Asked(rules())
    assert [put(asked, "stranger") for _ in range(ALL + 1)] == [403] * (ALL + 1)
    assert asked.seen == []
    assert put(asked) == 200, "strangers left the budget as it was"


def test_one_person_leaves_room_for_others() -> None:
    asked = Asked(rules())
    assert put(asked, "greedy", str(BYTES).encode()) == 200
    assert put(asked, "greedy", b"1") == 429
    assert put(asked, "another", b"500") == 200


def test_bytes_in_memory_are_bounded() -> None:
    asked = Asked(rules(held=lambda: 2.95 * BYTES))
    assert [put(asked, size=size) for size in (b"51", b"49")] == [429, 200]


def test_who_may_send_is_admitted_by_name_until_the_sign_in_ends() -> None:
    known = Senders()
    assert known.person("a") is None
    known.admit("a", "anna", time.time() + 60)
    known.admit("b", "bert", time.time() - 1)
    known.admit("c", "carl")
    assert [known.person(session) for session in "abc"] == ["anna", None, "carl"]
    known.dismiss("a")
    assert known.person("a") is None


def test_a_half_sent_upload_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_guard, "_SILENCE", 0.05)

    async def never() -> Any:
        await asyncio.sleep(60)

    async def ask() -> Any:
        return await request_guard._in_time(never)()

    assert asyncio.run(ask()) == {"type": "http.disconnect"}


def test_what_the_server_did_not_take_does_not_count() -> None:
    gate = rules()
    assert [put(Asked(gate, 400)) for _ in range(20)] == [400] * 20
    assert put(Asked(gate)) == 200


def test_a_fault_is_told_by_its_number_alone(caplog: pytest.LogCaptureFixture) -> None:
    secret = "/srv/store is broken"
    status, headers, body = Asked(rules(), fault=ValueError(secret))()
    assert status == 500
    assert secret not in body.decode()
    reference = body.decode().split("reference ")[1].strip(".")
    assert reference in caplog.text
    assert headers[b"x-content-type-options"] == b"nosniff"


def test_every_answer_has_the_headers_and_data_is_kept_nowhere() -> None:
    for ask in (("GET", "/"), ("GET", "/media/x"), ("POST", "/"), ("GET", "/_stcore/health")):
        status, headers, _ = Asked(rules())(*ask)
        assert {name.encode() for name in FIXED} <= headers.keys(), (ask, status)
        assert b"default-src 'none'" in headers[b"content-security-policy"]
        data = ask[1].startswith(("/media", "/_stcore"))
        assert (headers.get(b"cache-control") == b"private, no-store") is data or status == 405


@pytest.mark.parametrize("way", [{"x_forwarded_proto": b"https"}, {}])
def test_over_https_cookies_are_secure_and_plain_http_is_over(way: dict[str, bytes]) -> None:
    cookies = [b"a=1; Path=/", b"b=2; Secure; Path=/", b"c=secure"]

    async def server(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"set-cookie", cookie) for cookie in cookies]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    asked = Asked(rules())
    asked._app = Headers(server)
    sent = asked.raw(**way)
    given = [value for name, value in sent if name == b"set-cookie"]
    hsts = dict(sent).get(b"strict-transport-security")
    if way:
        assert given == [b"a=1; Path=/; Secure", b"b=2; Secure; Path=/", b"c=secure; Secure"]
        assert hsts == b"max-age=31536000"
    else:
        assert (given, hsts) == (cookies, None)


def test_a_message_larger_than_a_page_sends_ends_the_socket() -> None:
    async def receive(size: int) -> Any:
        async def one() -> Any:
            return {"type": "websocket.receive", "bytes": b"x" * size}

        return await request_guard._bounded(one)()

    assert asyncio.run(receive(10))["type"] == "websocket.receive"
    assert asyncio.run(receive(request_guard._MESSAGE + 1))["code"] == 1009


def test_inline_scripts_run_only_as_they_were_sent() -> None:
    page = b"<head><script>first()</script><script type='module' src='a.js'></script></head>"
    digest = b64encode(hashlib.sha256(b"first()").digest()).decode()
    assert fingerprints(page) == (f"'sha256-{digest}'",)
    assert fingerprints(gzip.compress(page), b"gzip") == fingerprints(page)
    allowed = policy("a.example", fingerprints(page)).split("script-src ")[1].split(";")[0]
    assert "unsafe" not in allowed.replace("'wasm-unsafe-eval'", "")
    assert "*" not in policy("a.example")


@given(st.text(max_size=40))
def test_a_host_cannot_write_into_the_policy(host: str) -> None:
    assert policy(host).count(";") == policy("a.example").count(";")
    assert policy(host).count("\n") == 0


@given(st.lists(st.tuples(st.floats(0, 30), st.sampled_from("ab")), max_size=60))
def test_a_budget_is_never_overspent(steps: list[tuple[float, str]]) -> None:
    now, taken = 0.0, []
    rate = Rate(Budget(3, 60), lambda: now)
    for pause, key in steps:
        now += pause
        wait = rate.wait(key)
        if wait == 0:
            taken.append((now, key))
        else:
            assert 0 < wait <= 60
        assert sum(at > now - 60 and who == key for at, who in taken) <= 3
