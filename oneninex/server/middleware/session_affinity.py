"""Before every request: tabs are counted, a tab is told its process, a leaving one takes no new.

A tab's state, files and downloads lie in the process that its websocket goes to, and nowhere
else. That process names itself in a cookie, with the page and once more when the websocket is
made, so that a proxy without a memory of its own sends every later request there
(deploy/nginx.conf), also after the tab has been taken over by another process.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oneninex.core import metrics
from oneninex.server.monitoring_access import forwarded_by_https
from oneninex.server.process_state import process_name, state

COOKIE = "oneninex_process"
_STREAM = "/_stcore/stream"
_RETRY = [(b"retry-after", b"1"), (b"content-type", b"text/plain; charset=utf-8")]
_LEAVING = "This process is being restarted. 此进程正在重启。".encode()


class Door:
    """ASGI middleware; the gate and the headers stand before it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.name = process_name()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one websocket."""
        if scope["type"] == "websocket" and scope["path"].endswith(_STREAM):
            await self._tab(scope, receive, send)
        elif scope["type"] != "http":
            await self.app(scope, receive, send)
        elif state.leaving and _asks_for_page(scope):
            await _answer(send, "http.response", 503, _LEAVING)
        else:
            await self.app(scope, receive, self._named(scope, send))

    async def _tab(self, scope: Scope, receive: Receive, send: Send) -> None:
        if state.leaving:
            # A refusal before the handshake, which lets a proxy ask the next process.
            await _answer(send, "websocket.http.response", 503, _LEAVING)
            return
        state.tabs += 1
        metrics.sessions.add()
        try:
            await self.app(scope, receive, self._named(scope, send))
        finally:
            state.tabs -= 1

    def _named(self, scope: Scope, send: Send) -> Send:
        """`send` that adds the cookie to a page and to a websocket, where the tab lacks it."""
        if self.name is None or _cookie(scope) == self.name:
            return send
        secure = "; Secure" if forwarded_by_https(scope) else ""
        value = f"{COOKIE}={self.name}; Path=/; HttpOnly; SameSite=Lax{secure}".encode()

        async def named(message: Message) -> None:
            if message["type"] == "websocket.accept" or _is_page(message):
                headers = [*message.get("headers", ()), (b"set-cookie", value)]
                message = {**message, "headers": headers}
            await send(message)

        return named


async def _answer(send: Send, kind: str, status: int, body: bytes) -> None:
    await send({"type": f"{kind}.start", "status": status, "headers": _RETRY})
    await send({"type": f"{kind}.body", "body": body})


def _asks_for_page(scope: Scope) -> bool:
    return b"text/html" in dict(scope["headers"]).get(b"accept", b"")


def _is_page(message: Message) -> bool:
    if message["type"] != "http.response.start":
        return False
    return dict(message["headers"]).get(b"content-type", b"").startswith(b"text/html")


def _cookie(scope: Scope) -> str | None:
    for line in (value for name, value in scope["headers"] if name == b"cookie"):
        for pair in line.decode("latin-1").split(";"):
            name, _, value = pair.strip().partition("=")
            if name == COOKIE:
                return value
    return None
