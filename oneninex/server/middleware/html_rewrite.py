"""The HTML page that starts the dashboard in a reader's browser, put right on its way out.

Streamlit ships one page for everybody. It says that it is English, it is titled "Streamlit", and
on a link such as /targets it first looks for a server below /targets, which puts two errors into
the reader's console and costs a round trip. Arriving on a page, it writes the page's own choices
into the address as a second stop for the back button. What it says where scripts are off is
English too. `Page` corrects these five and nothing else.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oneninex.core.i18n import text
from oneninex.core.settings import LANGUAGE_TAGS
from oneninex.core.static_assets import early

TITLE = "OneNineX"
_NO_SCRIPT = "You need to enable JavaScript to run this app."
# Streamlit's browser side reads this object; without it, it guesses where its server is.
_SERVER = "<head><script>window.__streamlit={BACKEND_BASE_URL:location.origin+%s}</script>"
# A page that was just reached completes its address; that is the same stop, not another one.
_ONE_STOP = """<script>(() => {
const push = history.pushState.bind(history);
let fresh = true;
for (const act of ["pointerdown", "keydown"]) addEventListener(act, () => { fresh = false; }, true);
history.pushState = (state, title, url) => {
  const same = new URL(url ?? "", location.href).pathname === location.pathname;
  if (same && fresh) return history.replaceState(state, title, url);
  fresh = !same;
  return push(state, title, url);
};
})()</script>"""
_STALE_HEADERS = {b"content-length", b"etag", b"last-modified"}


class Page:
    """ASGI middleware that edits the HTML page; every other answer passes as it is.

    `lang` is the language where the address names none with ?lang=; `base` is Streamlit's
    server.baseUrlPath.
    """

    def __init__(self, app: ASGIApp, lang: str, base: str = "") -> None:
        self.app = app
        self.lang = lang
        self.base = "/" + base.strip("/") if base.strip("/") else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if not _asks_for_html(scope):
            await self.app(scope, receive, send)
            return
        held: list[Message] = []

        async def edited(message: Message) -> None:
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                for part in self._edit(held, scope):
                    await send(part)

        await self.app(_uncompressed(scope), receive, edited)

    def _edit(self, messages: list[Message], scope: Scope) -> list[Message]:
        start, *parts = messages
        if not dict(start["headers"]).get(b"content-type", b"").startswith(b"text/html"):
            return messages
        html = b"".join(part.get("body", b"") for part in parts).decode("utf-8")
        html = self._put_right(html, _language(scope, self.lang))
        page = str(scope.get("path", "")).removeprefix(self.base).strip("/")
        body = html.replace("</head>", f"{early(page)}</head>", 1).encode("utf-8")
        kept = [(name, value) for name, value in start["headers"] if name not in _STALE_HEADERS]
        headers = [*kept, (b"content-length", str(len(body)).encode())]
        return [{**start, "headers": headers}, {"type": "http.response.body", "body": body}]

    def _put_right(self, html: str, lang: str) -> str:
        html = html.replace('<html lang="en">', f'<html lang="{LANGUAGE_TAGS[lang]}">', 1)
        html = html.replace(_NO_SCRIPT, text("common.no_script", lang), 1)
        html = html.replace("<title>Streamlit</title>", f"<title>{TITLE}</title>", 1)
        return html.replace("<head>", _SERVER % json.dumps(self.base) + _ONE_STOP, 1)


def _asks_for_html(scope: Scope) -> bool:
    return scope["type"] == "http" and b"text/html" in _headers(scope).get(b"accept", b"")


def _uncompressed(scope: Scope) -> Scope:
    """The request as of a browser that reads plain text only: a compressed page has no words."""
    kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": kept}


def _language(scope: Scope, otherwise: str) -> str:
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[0]
    return asked if asked in LANGUAGE_TAGS else otherwise


def _headers(scope: Scope) -> dict[bytes, Any]:
    return dict(scope["headers"])
