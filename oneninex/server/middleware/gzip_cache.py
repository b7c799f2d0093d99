"""The browser's files, compressed once and kept: less than a third goes over the wire.

Streamlit leaves its own files as they are, for a proxy in front would compress them; OneNineX
runs alone. What may be served is still the app's decision: this only packs its answers, and
repeats those that the app calls immutable. A first visit asks for some ninety small files, and
the page waits for the last of them (docs/performance.md).
"""

from __future__ import annotations

import gzip
import threading
from typing import NamedTuple

from anyio import to_thread
from cachetools import LRUCache
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BYTES = 32 << 20
_LEVEL = 6  # a tenth larger than 9 and three times as quick
_KINDS = (b"text/", b"application/javascript", b"application/json", b"image/svg+xml")
_FOREVER = b"public, immutable, max-age=31536000"
_CHANGED = {b"content-length", b"content-encoding", b"accept-ranges", b"vary"}
# A part of a file, or one that the browser may have already: for the app to answer.
_PARTLY = (b"range", b"if-none-match", b"if-modified-since")


class _Answer(NamedTuple):
    """An answer as it goes out; `etag` is of the file that it was made of."""

    etag: bytes
    start: Message
    body: bytes
    immutable: bool = False

    async def go(self, send: Send) -> None:
        await send(self.start)
        await send({"type": "http.response.body", "body": self.body})


class Compressed:
    """ASGI middleware for the paths /static/ and /app/static/ below `base`.

    A file of ours that is asked for with its fingerprint (?…) may be kept for ever.
    """

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self.app = app
        prefix = "/" + base.strip("/") if base.strip("/") else ""
        self.folders = (f"{prefix}/static/", f"{prefix}/app/static/")
        self._kept: LRUCache[tuple[str, bool], _Answer] = LRUCache(
            _BYTES, lambda answer: len(answer.body)
        )
        self._guard = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if not self._is_file(scope):
            await self.app(scope, receive, send)
            return
        if (kept := self._find(scope)) and kept.immutable:
            await kept.go(send)
            return
        held: list[Message] = []

        async def packed(message: Message) -> None:
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                await (await self._pack(held, scope)).go(send)

        await self.app(scope, receive, packed)

    def _is_file(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        asked = dict(scope["headers"])
        whole = not any(name in asked for name in _PARTLY)
        takes = whole and b"gzip" in asked.get(b"accept-encoding", b"")
        return takes and scope["path"].startswith(self.folders)

    async def _pack(self, messages: list[Message], scope: Scope) -> _Answer:
        start, *parts = messages
        headers = dict(start["headers"])
        etag, kind = headers.get(b"etag", b""), headers.get(b"content-type", b"")
        answer = _Answer(etag, start, b"".join(part.get("body", b"") for part in parts))
        # Streamlit answers with its page where there is no such file.
        if start["status"] != 200 or kind.startswith(b"text/html"):
            return answer
        if (kept := self._find(scope)) and kept.etag == etag:
            return kept
        if b"content-encoding" not in headers and kind.startswith(_KINDS):
            small = await to_thread.run_sync(gzip.compress, answer.body, _LEVEL)
            answer = _Answer(etag, {**start, "headers": _headers(scope, start, small)}, small)
        answer = answer._replace(immutable=b"immutable" in headers.get(b"cache-control", b""))
        if len(answer.body) <= _BYTES:
            with self._guard:
                self._kept[_key(scope)] = answer
        return answer

    def _find(self, scope: Scope) -> _Answer | None:
        with self._guard:
            return self._kept.get(_key(scope))


def _key(scope: Scope) -> tuple[str, bool]:
    return scope["path"], bool(scope.get("query_string"))


def _headers(scope: Scope, start: Message, small: bytes) -> list[tuple[bytes, bytes]]:
    kept = [pair for pair in start["headers"] if pair[0] not in _CHANGED]
    kept += [(b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")]
    kept.append((b"content-length", str(len(small)).encode()))
    if scope.get("query_string") and b"cache-control" not in dict(start["headers"]):
        kept.append((b"cache-control", _FOREVER))
    return kept
