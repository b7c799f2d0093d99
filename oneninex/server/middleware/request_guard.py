"""Who may ask the server at all, and how often: forged hosts, other sites, odd methods, floods.

What is refused here never reaches Streamlit. That matters for another reason too: for a web socket
of another site it would look up this machine's public address at an outside service.
"""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oneninex.core.rate_limit import Budget, Rate
from oneninex.core.senders import senders

_LOG = logging.getLogger(__name__)
_READING = {"GET", "HEAD", "OPTIONS"}
_SENDING = {"PUT", "DELETE"}
_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]{1,100})/[^/]{1,100}")
# Another way to drive the pages, and the process's inner figures: neither is offered.
_CLOSED = ("/_stcore/agent/", "/_stcore/metrics")
_ALL = "all"
_MOMENT = 30.0  # seconds after which memory may be free again
_MESSAGE = 1 << 20  # bytes of a message of a browser: states of widgets
_SILENCE = 30.0  # seconds without a byte after which a half-sent upload ends
_WORDS = {
    400: "请求不合规。 / Bad request.",
    403: "拒绝访问。 / Forbidden.",
    404: "没有这个地址。 / Not found.",
    405: "不支持这种请求。 / Method not allowed.",
    411: "上传须注明大小。 / An upload has to state its length.",
    429: "上传过于频繁，请在 {wait} 秒后再试。 / Too many uploads; try again in {wait} seconds.",
    500: "服务器出错，编号 {reference}。 / The server failed, reference {reference}.",
}


@dataclass(frozen=True)
class Bounds:
    """Uploads that are taken within a window: files and bytes of a person and of all.

    One person's part is smaller than the whole, so that a reserve is left for the others. `held`
    bounds the bytes that lie in memory at once, those on their way included.
    """

    of_person: Budget
    of_all: Budget
    bytes_of_person: Budget
    bytes_of_all: Budget
    held: float


@dataclass
class Rules:
    """Whom the gate lets in: `hosts` as server.allowedHosts, further `origins`, `bounds`."""

    hosts: list[str]
    origins: list[str]
    bounds: Bounds
    base: str = ""
    sender: Callable[[str], str | None] = senders.person
    held: Callable[[], float] = lambda: 0.0
    _coming: float = 0.0
    _rates: dict[str, Rate] = field(init=False)

    def __post_init__(self) -> None:
        self.base = "/" + self.base.strip("/") if self.base.strip("/") else ""
        self._rates = {
            "files": Rate(self.bounds.of_person),
            "bytes": Rate(self.bounds.bytes_of_person),
            "files of all": Rate(self.bounds.of_all),
            "bytes of all": Rate(self.bounds.bytes_of_all),
        }

    def refusal(self, scope: Scope) -> int | None:
        """The status of the answer to a request that is not let in."""
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        if not self._knows(host):
            return 400
        if not self._is_own(headers.get(b"origin", b"").decode("latin-1"), host):
            return 403
        path = str(scope["path"]).removeprefix(self.base)
        if scope["type"] == "websocket":
            return None
        if f"{path}/".startswith(_CLOSED) or path.startswith(_CLOSED):
            return 404
        allowed = _READING | (_SENDING if _UPLOAD.fullmatch(path) else set())
        return None if scope["method"] in allowed else 405

    def _knows(self, host: str) -> bool:
        name = _hostname(host)
        if name is None:
            return False
        patterns = [one.strip().lower().rstrip(".") for one in self.hosts]
        wild = any(name.endswith(one[1:]) for one in patterns if one.startswith("*."))
        return not patterns or "*" in patterns or name in patterns or wild

    def _is_own(self, origin: str, host: str) -> bool:
        """A page of this server asks, or no page at all; programs send no origin."""
        return not origin or _netloc(origin) == host.lower() or origin in self.origins

    def spend(self, person: str, size: int) -> float:
        """Take an upload into account; else the seconds until there is room again."""
        if self.held() + self._coming + size > self.bounds.held:
            return _MOMENT
        taken: list[tuple[str, str, float]] = []
        for name, key, cost in _costs(person, size):
            if wait := self._rates[name].wait(key, cost):
                for earlier in taken:
                    self._rates[earlier[0]].undo(*earlier[1:])
                return wait
            taken.append((name, key, cost))
        self._coming += size
        return 0.0

    def arrived(self, person: str, size: int, *, taken: bool) -> None:
        """End an upload; one that the server did not take does not count."""
        self._coming -= size
        for name, key, cost in () if taken else _costs(person, size):
            self._rates[name].undo(key, cost)


def _costs(person: str, size: int) -> tuple[tuple[str, str, float], ...]:
    return (
        ("files", person, 1),
        ("bytes", person, size),
        ("files of all", _ALL, 1),
        ("bytes of all", _ALL, size),
    )


class Gate:
    """ASGI middleware that refuses by the rules, and keeps faults of the server to itself."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self.app = app
        self.rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif status := self.rules.refusal(scope):
            await _refuse(scope, receive, send, status)
        elif scope["type"] == "http" and scope["method"] == "PUT":
            await self._upload(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _UPLOAD.fullmatch(str(scope["path"]).removeprefix(self.rules.base))
        length = dict(scope["headers"]).get(b"content-length", b"")
        if not found or not length.isdigit():
            await _refuse(scope, receive, send, 411)
            return
        person, size = self.rules.sender(found[1]), int(length)
        if person is None:
            await _refuse(scope, receive, send, 403)
            return
        if wait := self.rules.spend(person, size):
            await _refuse(scope, receive, send, 429, wait=int(wait) + 1)
            return
        status = 500
        try:
            status = await self._answer(scope, _in_time(receive), send)
        finally:
            self.rules.arrived(person, size, taken=0 < status < 400)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Pass a request on; gives the status. A fault goes to the log, its number to the asker."""
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        heard = _bounded(receive) if scope["type"] == "websocket" else receive
        try:
            await self.app(scope, heard, noted)
        except Exception:
            reference = uuid.uuid4().hex[:8]
            _LOG.exception("request failed, reference %s", reference)
            if status == 0 and scope["type"] == "http":
                await _refuse(scope, receive, send, 500, reference=reference)
            return 500
        return status


def _bounded(receive: Receive) -> Receive:
    """`receive` that ends a web socket on a message larger than a page ever sends."""

    async def bounded() -> Message:
        message = await receive()
        if max(len(message.get("bytes") or b""), len(message.get("text") or "")) > _MESSAGE:
            return {"type": "websocket.disconnect", "code": 1009}
        return message

    return bounded


def _in_time(receive: Receive) -> Receive:
    """`receive` that gives up a request whose sender has fallen silent."""

    async def timed() -> Message:
        try:
            return await asyncio.wait_for(receive(), _SILENCE)
        except TimeoutError:
            return {"type": "http.disconnect"}

    return timed


async def _refuse(
    scope: Scope, receive: Receive, send: Send, status: int, **values: object
) -> None:
    """Answer with the words for a status; a web socket is closed before it opens."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    body = _WORDS[status].format(**values).encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    headers += [(b"content-length", str(len(body)).encode()), (b"connection", b"close")]
    if "wait" in values:
        headers.append((b"retry-after", str(values["wait"]).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _hostname(host: str) -> str | None:
    """The name of a Host header, None for one that is none."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return None
    odd = parts.username is not None or parts.path or parts.query or parts.fragment
    return None if odd or not parts.hostname else parts.hostname.rstrip(".")


def _netloc(origin: str) -> str | None:
    """Host and port of an origin; None for one that has none, such as `null`."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None
