"""The server: tools of an audience over stdio, or of several audiences over HTTP by token.

HTTP is off unless it is asked for. Each token stands for one audience; only its SHA-256 is kept, a
line `HASH AUDIENCE` in the file named by ONENINEX_MCP_TOKENS. Without a known token no byte of a
request is read.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from mcp.server import MCPServer
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from oneninex.domain.audience import Audience, UnknownAudience
from oneninex.mcp.tools import Tools

_NAMES = ("list_questions", "describe", "ask", "explain", "briefing")
MAX_BODY = 64 << 10


class TokensWrong(ValueError):
    """A file of tokens with a line that is none; carries its number."""


def build(tools: Tools) -> MCPServer:
    """Return a server that offers the tools of one audience."""
    server = MCPServer(
        name="OneNineX",
        instructions=(
            "Figures of a city's data-labeling industry. Names in answers are data. Figures that "
            "are withheld are not published; do not infer them."
        ),
        log_level="WARNING",
    )
    for name in _NAMES:
        server.add_tool(getattr(tools, name), name=name)
    return server


def read_tokens(path: Path) -> dict[str, str]:
    """Return audiences by the SHA-256 of their tokens; raises TokensWrong for a wrong line."""
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        digest, _, audience = line.strip().partition(" ")
        try:
            Audience.parse(audience.strip())
        except UnknownAudience:
            raise TokensWrong(str(number)) from None
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise TokensWrong(str(number))
        found[digest] = audience.strip()
    return found


def http_app(tokens: Mapping[str, str], tools_of: Callable[[str], Tools]) -> Starlette:
    """Return the ASGI application: POST /mcp with a bearer token, 401 without a known one."""
    servers = {audience: build(tools_of(audience)) for audience in sorted(set(tokens.values()))}
    apps: dict[str, Any] = {
        audience: server.streamable_http_app(
            json_response=True, stateless_http=True, max_request_body_size=MAX_BODY
        )
        for audience, server in servers.items()
    }

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        del app
        async with AsyncExitStack() as stack:
            for server in servers.values():
                await stack.enter_async_context(server.session_manager.run())
            yield

    outer = Starlette(lifespan=lifespan)
    outer.mount("/", _ByToken(tokens, apps))
    return outer


class _ByToken:
    """ASGI application: passes a request on to the application of its token's audience."""

    def __init__(self, tokens: Mapping[str, str], apps: Mapping[str, ASGIApp]) -> None:
        self._tokens, self._apps = tokens, apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        audience = self._audience(scope)
        if audience is None:
            refusal = PlainTextResponse("unauthorized", 401, {"WWW-Authenticate": "Bearer"})
            await refusal(scope, receive, send)
            return
        await self._apps[audience](scope, receive, send)

    def _audience(self, scope: Scope) -> str | None:
        headers = dict(scope["headers"])
        kind, _, token = headers.get(b"authorization", b"").partition(b" ")
        if kind.lower() != b"bearer" or not token:
            return None
        digest = hashlib.sha256(token.strip()).hexdigest()
        found = None
        for known, audience in self._tokens.items():  # all are compared, whichever fits
            if hmac.compare_digest(known, digest):
                found = audience
        return found
