"""The real server: what it refuses and what it tells."""

from __future__ import annotations

import base64
import http.client
import os
import re
import socket

import pytest
from playwright.sync_api import Browser

from tests.browser.dashboard import wait_until_idle

INNER = re.compile(r"Traceback|site-packages|\.py\b|streamlit|/srv|/data/|Starlette|uvicorn", re.I)
HOSTILE = [
    "/media/x", "/media/../../etc/hostname", "/app/static/none", "/app/static/..%2f..%2fserve.py",
    "/static/js/none.js%00", "/_stcore/none/x", "/_stcore/metrics", "/_stcore/agent/openapi.json",
    "/component/none/x", "//evil.example/x", "/%ff%fe", "/_stcore/upload_file/a/b",
]  # fmt: skip


def ask(
    address: str, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], str]:
    """Status, headers and body of an answer, with the headers exactly as given."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)
    try:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, given)
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, told, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def shake_hands(address: str, frame: bytes = b"", **headers: str) -> bytes:
    """What comes back to somebody who wants a web socket, and after a frame if one is sent."""
    host, _, port = address.removeprefix("http://").partition(":")
    key = base64.b64encode(os.urandom(16)).decode()
    given = {
        "Host": f"{host}:{port}", "Upgrade": "websocket", "Connection": "Upgrade",
        "Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Protocol": "streamlit", **headers,
    }  # fmt: skip
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    with socket.create_connection((host, int(port)), timeout=20) as wire:
        wire.sendall(f"GET /_stcore/stream HTTP/1.1\r\n{lines}\r\n".encode())
        told = wire.recv(4096)
        if frame:
            wire.sendall(frame)
            while part := wire.recv(4096):
                told += part
        return told


@pytest.mark.parametrize("path", HOSTILE)
def test_an_odd_address_gives_nothing_away(empty_app: str, path: str) -> None:
    status, headers, body = ask(empty_app, path)
    assert status < 500
    if not headers.get("content-type", "").startswith("text/html"):
        assert status >= 300
        assert not INNER.search(body), body
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_a_method_that_nobody_needs_is_refused(empty_app: str, method: str) -> None:
    status, _, body = ask(empty_app, "/", method, b"x=1")
    assert status == 405
    assert not INNER.search(body)


def test_a_forged_host_is_refused(empty_app: str) -> None:
    status, _, body = ask(empty_app, "/", Host="evil.example")
    assert status == 400
    assert "evil" not in body


def test_an_upload_without_a_session_or_its_token_is_refused(empty_app: str) -> None:
    status, _, body = ask(empty_app, "/_stcore/upload_file/none/none", "PUT", b"x" * 10)
    assert status in (400, 403)
    assert "/work" not in body
    big = {"Content_Length": str(10**12)}
    assert ask(empty_app, "/_stcore/upload_file/none/none", "PUT", None, **big)[0] in (
        403,
        413,
        429,
    )


def test_only_our_own_page_gets_a_web_socket(empty_app: str) -> None:
    assert b" 101 " in shake_hands(empty_app, Origin=empty_app)
    for origin in ("https://evil.example", "null", "http://localhost:1", "http://127.0.0.1:1"):
        assert b" 403 " in shake_hands(empty_app, Origin=origin)
    assert b" 403 " in shake_hands(empty_app, Host="evil.example", Origin="http://evil.example")


@pytest.mark.parametrize("kind", [0x82, 0x81], ids=["binary", "text"])
def test_nonsense_on_a_web_socket_closes_it_and_gives_nothing_away(
    empty_app: str, kind: int
) -> None:
    nonsense = b"\xff" * 9
    frame = bytes([kind, 0x80 | len(nonsense)]) + bytes(4) + nonsense  # masked with nothing
    told = shake_hands(empty_app, frame, Origin=empty_app)
    assert b" 101 " in told
    after = told.partition(b"\r\n\r\n")[2]
    assert b"\x88" in after, "no close frame"
    assert not re.search(rb"Traceback|\.py|Error", after)


def test_data_is_kept_by_no_cache_and_pictures_and_fonts_are(empty_app: str) -> None:
    assert ask(empty_app, "/media/x")[1]["cache-control"] == "private, no-store"
    assert ask(empty_app, "/", Accept="text/html")[1]["cache-control"] == "no-cache"


def test_the_policy_holds_where_a_page_is_attacked(browser: Browser, empty_app: str) -> None:
    """In a context beside the watched one, since errors are wanted here."""
    page = browser.new_page()
    page.goto(empty_app)
    wait_until_idle(page)
    with page.expect_console_message(lambda told: "Content Security Policy" in told.text):
        ran = page.evaluate(
            """() => {
                const script = document.createElement('script');
                script.textContent = 'window.attacked = true';
                document.head.append(script);
                // What the debugger itself evaluates may do so; what runs later may not.
                return new Promise(told => setTimeout(() => {
                    let text = false;
                    try { text = new Function('return true')(); } catch (refused) {}
                    told([window.attacked === true, text]);
                }));
            }"""
        )
    assert ran == [False, False]
    page.context.close()
