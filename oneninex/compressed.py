"""The browser's files, compressed once and kept: less than a third goes over the wire.

Streamlit leaves its own files as they are, for a proxy in front would compress them; OneNineX
runs alone. What may be served is still the app's decision: this only packs its answers.
"""

from __future__ import annotations

import gzip
import threading

from anyio import to_thread
from cachetools import LRUCache
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BYTES = 32 << 20
_LEVEL = 6  # a tenth larger than 9 and three times as quick
_KINDS = (b"text/", b"application/javascript", b"application/json", b"image/svg+xml")
_FOREVER = b"public, immutable, max-age=31536000"
_CHANGED = {b"content-length", b"content-encoding", b"accept-ranges", b"vary"}


class Compressed:
    """ASGI middleware for the paths /static/ and /app/static/ below `base`.

    A file of ours that is asked for with its fingerprint (?…) may be kept for ever.
    """

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self.app = app
        prefix = "/" + base.strip("/") if base.strip("/") else ""
        self.folders = (f"{prefix}/static/", f"{prefix}/app/static/")
        self._packed: LRUCache[tuple[str, bytes], bytes] = LRUCache(_BYTES, len)
        self._guard = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if not self._is_file(scope):
            await self.app(scope, receive, send)
            return
        held: list[Message] = []

        async def packed(message: Message) -> None:
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                for part in await self._pack(held, scope):
                    await send(part)

        await self.app(scope, receive, packed)

    def _is_file(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        asked = dict(scope["headers"])
        takes = b"gzip" in asked.get(b"accept-encoding", b"") and b"range" not in asked
        return takes and scope["path"].startswith(self.folders)

    async def _pack(self, messages: list[Message], scope: Scope) -> list[Message]:
        start, *parts = messages
        headers = dict(start["headers"])
        kind = headers.get(b"content-type", b"")
        if start["status"] != 200 or b"content-encoding" in headers or not kind.startswith(_KINDS):
            return messages
        body = b"".join(part.get("body", b"") for part in parts)
        key = scope["path"], headers.get(b"etag", b"")
        with self._guard:
            small = self._packed.get(key)
        if small is None:
            small = await to_thread.run_sync(gzip.compress, body, _LEVEL)
            with self._guard:
                self._packed[key] = small
        kept = [pair for pair in start["headers"] if pair[0] not in _CHANGED]
        kept += [(b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")]
        kept.append((b"content-length", str(len(small)).encode()))
        if scope.get("query_string") and b"cache-control" not in headers:
            kept.append((b"cache-control", _FOREVER))
        return [{**start, "headers": kept}, {"type": "http.response.body", "body": small}]
