"""What a browser is told to allow: headers on every answer, as strict as Streamlit's pages bear.

Scripts come from this server alone, inline ones only when they are those of the page as it was
sent (by fingerprint); nothing is fetched from elsewhere, nothing may frame the dashboard.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import zlib
from functools import lru_cache

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oneninex.server.monitoring_access import forwarded_by_https

_INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(?::\d{1,5})?|\[[0-9a-fA-F:]+\](?::\d{1,5})?")
# Data that a person took or sees: no shared and no local cache keeps it.
_NEVER_KEPT = ("/media/", "/_stcore/")
_HSTS = "max-age=31536000"
FIXED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
}


class Headers:
    """ASGI middleware that puts these headers on every answer; `base` is server.baseUrlPath."""

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self.app = app
        self.base = "/" + base.strip("/") if base.strip("/") else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer(scope, self.base, send)
        await self.app(scope, receive, answer.pass_on)


class _Answer:
    """One answer on its way out; a page is held until its inline scripts are known."""

    def __init__(self, scope: Scope, base: str, send: Send) -> None:
        self._send = send
        self._host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        self._encrypted = scope.get("scheme") == "https" or forwarded_by_https(scope)
        path = str(scope["path"]).removeprefix(base)
        self._never_kept = path.startswith(_NEVER_KEPT)
        self._start: Message | None = None
        self._held: list[Message] = []

    async def pass_on(self, message: Message) -> None:
        """Send a part of the answer, or hold it."""
        if message["type"] == "http.response.start":
            if _is_html(message):
                self._start = message
            else:
                await self._send(self._with_headers(message, ()))
        elif self._start is None:
            await self._send(message)
        else:
            self._held.append(message)
            if not message.get("more_body"):
                await self._release(self._start)

    def _cookie(self, name: bytes, value: bytes) -> bytes:
        """A cookie that goes over https goes back over nothing else."""
        plain = name.lower() != b"set-cookie" or not self._encrypted or _is_secure(value)
        return value if plain else value + b"; Secure"

    async def _release(self, start: Message) -> None:
        body = b"".join(part.get("body", b"") for part in self._held)
        scripts = fingerprints(body, dict(start["headers"]).get(b"content-encoding", b""))
        await self._send(self._with_headers(start, scripts))
        for part in self._held:
            await self._send(part)

    def _with_headers(self, start: Message, scripts: tuple[str, ...]) -> Message:
        ours = {**FIXED, "content-security-policy": policy(self._host, scripts)}
        if self._never_kept:
            ours["cache-control"] = "private, no-store"
        if self._encrypted:
            ours["strict-transport-security"] = _HSTS
        names = {name.encode() for name in ours}
        given = [(name, self._cookie(name, value)) for name, value in start["headers"]]
        kept = [(name, value) for name, value in given if name.lower() not in names]
        added = [(name.encode(), value.encode()) for name, value in ours.items()]
        return {**start, "headers": [*kept, *added]}


def _is_secure(cookie: bytes) -> bool:
    return any(part.strip().lower() == b"secure" for part in cookie.split(b";")[1:])


def policy(host: str, scripts: tuple[str, ...] = ()) -> str:
    """The content security policy of a page whose inline scripts have these fingerprints.

    WebAssembly is what deck.gl decodes with; no text is run as a script ('unsafe-eval'). Blobs are
    the workers and modules that the browser side makes of its own code; styles are inline all over
    Streamlit. `host` names the web socket for browsers whose 'self' leaves it out.
    """
    socket = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", "blob:", "'wasm-unsafe-eval'", *scripts]),
        "worker-src": "'self' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": f"'self' data: blob:{socket}",
        "media-src": "'self' blob:",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


@lru_cache(maxsize=32)
def fingerprints(body: bytes, encoding: bytes = b"") -> tuple[str, ...]:
    """CSP sources of the inline scripts of a page, gzipped or plain."""
    if encoding == b"gzip":
        try:
            body = gzip.decompress(body)
        except (OSError, EOFError, zlib.error):
            return ()
    found = (hashlib.sha256(script).digest() for script in _INLINE.findall(body))
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in found)


def _is_html(start: Message) -> bool:
    return dict(start["headers"]).get(b"content-type", b"").startswith(b"text/html")
