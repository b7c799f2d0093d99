"""The HTML page that reaches the browser: its language, its title, where its server is."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

from oneninex.server.middleware.html_rewrite import Page

SHIPPED = Path(str(distribution("streamlit").locate_file("streamlit/static/index.html")))
HTML = b"text/html; charset=utf-8"


def answer(
    body: bytes,
    *,
    content_type: bytes = HTML,
    accept: bytes = b"text/html",
    query: bytes = b"",
    base: str = "",
) -> tuple[dict[bytes, bytes], bytes]:
    """The headers and the body that reach a browser that asked with `accept` and `query`."""
    seen: list[MutableMapping[str, Any]] = []

    async def streamlit(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)
        headers = [(b"content-type", content_type), (b"content-length", b"%d" % len(body))]
        headers.append((b"etag", b"shipped"))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body[:10], "more_body": True})
        await send({"type": "http.response.body", "body": body[10:]})

    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request"}

    headers = [(b"accept", accept), (b"accept-encoding", b"gzip")]
    scope = {"type": "http", "query_string": query, "headers": headers}
    asyncio.run(Page(streamlit, "zh", base)(scope, receive, send))
    return dict(sent[0]["headers"]), b"".join(part["body"] for part in sent[1:])


@pytest.mark.parametrize(
    ("query", "lang"),
    [(b"", "zh-CN"), (b"lang=en", "en"), (b"a=1&lang=zh", "zh-CN"), (b"lang=xx", "zh-CN")],
)
def test_streamlits_own_page_gets_the_readers_language_and_our_title(query, lang):
    _, body = answer(SHIPPED.read_bytes(), query=query)

    html = body.decode()
    assert f'<html lang="{lang}">' in html
    assert "<title>OneNineX</title>" in html
    assert "Streamlit</title>" not in html


@pytest.mark.parametrize(
    ("base", "address"), [("", 'location.origin+""'), ("/city/", 'location.origin+"/city"')]
)
def test_the_page_says_where_its_server_is_before_any_script_runs(base, address):
    _, body = answer(SHIPPED.read_bytes(), base=base)

    html = body.decode()
    assert f"BACKEND_BASE_URL:{address}" in html
    assert html.index("BACKEND_BASE_URL") < html.index("index.")


def test_length_fits_and_the_shipped_pages_tag_is_gone():
    headers, body = answer(SHIPPED.read_bytes())

    assert int(headers[b"content-length"]) == len(body)
    assert b"etag" not in headers


@pytest.mark.parametrize("asked", [{"content_type": b"text/css"}, {"accept": b"*/*"}])
def test_everything_else_passes_as_it_is(asked):
    headers, body = answer(b"<head> is a word in this file", **asked)

    assert body == b"<head> is a word in this file"
    assert headers[b"etag"] == b"shipped"


@pytest.mark.parametrize(("query", "said"), [(b"", "需要启用"), (b"lang=en", "needs JavaScript")])
def test_a_browser_without_scripts_is_told_in_its_language(query: bytes, said: str) -> None:
    _, page = answer(SHIPPED.read_bytes(), query=query)

    assert said in page.decode()
    assert "You need to enable" not in page.decode()
