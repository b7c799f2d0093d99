"""The browser's files go out packed, once for each, and nothing else is touched."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import pytest

from oneninex.server.middleware import gzip_cache
from oneninex.server.middleware.gzip_cache import Compressed

CODE = b"export const one = 1;\n" * 200


def serve(middleware: Compressed, path: str, **asked: str) -> tuple[dict[bytes, bytes], bytes]:
    """Headers and body of the answer to a browser; `asked` are its headers."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in asked.items()]
    path, _, query = path.partition("?")
    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": query.encode(),
        "headers": headers,
    }  # fmt: skip
    asyncio.run(middleware(scope, None, send))  # pyright: ignore[reportArgumentType]
    return dict(sent[0]["headers"]), b"".join(part["body"] for part in sent[1:])


def app(kind: bytes = b"text/javascript", status: int = 200, keep: bytes = b"") -> Any:
    """An app that answers every address with the same code in two parts."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", kind), (b"content-length", b"1"), (b"etag", b"e")]
        headers += [(b"cache-control", keep)] if keep else []
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": CODE[:9], "more_body": True})
        await send({"type": "http.response.body", "body": CODE[9:]})

    return answer


@pytest.mark.parametrize("path", ["/static/js/a.js", "/app/static/chart.js"])
def test_a_file_goes_out_packed_and_is_packed_once(monkeypatch, path):
    middleware = Compressed(app())
    headers, body = serve(middleware, path, accept_encoding="gzip, br")
    monkeypatch.setattr(gzip_cache.gzip, "compress", None)
    again = serve(middleware, path, accept_encoding="gzip")

    assert gzip.decompress(body) == CODE
    assert headers[b"content-encoding"] == b"gzip"
    assert headers[b"content-length"] == str(len(body)).encode()
    assert headers[b"vary"] == b"Accept-Encoding"
    assert b"cache-control" not in headers
    assert again == (headers, body)


def test_an_address_with_a_fingerprint_may_be_kept_for_ever() -> None:
    headers, _ = serve(Compressed(app()), "/app/static/chart.js?1a2b", accept_encoding="gzip")

    assert b"immutable" in headers[b"cache-control"]


@pytest.mark.parametrize(
    ("path", "asked", "kind", "status"),
    [
        ("/static/js/a.js", {}, b"text/javascript", 200),
        ("/static/js/a.js", {"accept_encoding": "gzip", "range": "bytes=0-9"}, b"text/css", 206),
        ("/static/media/a.woff2", {"accept_encoding": "gzip"}, b"font/woff2", 200),
        ("/static/js/a.js", {"accept_encoding": "gzip"}, b"text/javascript", 304),
        ("/media/return.csv", {"accept_encoding": "gzip"}, b"text/csv", 200),
    ],
)
def test_everything_else_passes_as_it_is(path, asked, kind, status):
    headers, body = serve(Compressed(app(kind, status)), path, **asked)

    assert body == CODE
    assert b"content-encoding" not in headers


@pytest.mark.parametrize("kind", [b"text/javascript", b"font/woff2"])
def test_what_the_app_calls_immutable_is_not_asked_for_again(kind):
    middleware = Compressed(app(kind, keep=b"public, immutable, max-age=31536000"))
    first = serve(middleware, "/static/js/a.js", accept_encoding="gzip")
    middleware.app = app(status=500)

    assert serve(middleware, "/static/js/a.js", accept_encoding="gzip") == first
    for condition in ("if_none_match", "if_modified_since", "range"):
        asked = {"accept_encoding": "gzip", condition: "e"}
        assert b"cache-control" not in serve(middleware, "/static/js/a.js", **asked)[0]


def test_what_may_change_is_asked_for_each_time() -> None:
    middleware = Compressed(app())
    serve(middleware, "/static/js/a.js", accept_encoding="gzip")
    middleware.app = app(b"text/css", status=404)

    headers, body = serve(middleware, "/static/js/a.js", accept_encoding="gzip")

    assert (headers[b"content-type"], body) == (b"text/css", CODE)


def test_the_page_that_stands_in_for_a_missing_file_takes_no_room() -> None:
    middleware = Compressed(app(b"text/html; charset=utf-8", keep=b"immutable"))
    serve(middleware, "/static/js/missing.js", accept_encoding="gzip")
    middleware.app = app(b"text/css")

    headers, _ = serve(middleware, "/static/js/missing.js", accept_encoding="gzip")

    assert headers[b"content-type"] == b"text/css"
