"""What `make run` serves: app.py behind the middleware of oneninex.server."""

import asyncio
import math
import time
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit import runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import app_session
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from oneninex import server
from oneninex.core import logging as logs
from oneninex.core import settings
from oneninex.core.rate_limit import Budget
from oneninex.domain.plan import Plan, PlanError
from oneninex.domain.plan.config import Uploads
from oneninex.ingestion.fork_server import fork_server
from oneninex.server import warmup
from oneninex.server.middleware import html_rewrite
from oneninex.server.middleware.gzip_cache import Compressed
from oneninex.server.middleware.request_guard import Bounds, Gate, Rules
from oneninex.server.middleware.security_headers import Headers
from oneninex.server.streamlit_patches import media_addresses

HOLD = 0.15  # seconds
AT_ONCE = {"new_session", "script_finished"}


class Bundles(ForwardMsgQueue):
    """What a session has for its browser, given out in few bundles.

    Streamlit sends what a script has made every 5 milliseconds, and the browser draws the page
    anew for each bundle. Here a run's beginning goes at once, and all that it makes with its end,
    or after HOLD where that takes longer (docs/decisions/0030).
    """

    def __init__(self) -> None:
        super().__init__()
        self._due = math.inf
        self._alarm: asyncio.TimerHandle | None = None

    def enqueue(self, msg: ForwardMsg) -> None:
        """Take a message of the session."""
        super().enqueue(msg)
        wait = 0 if msg.WhichOneof("type") in AT_ONCE else HOLD
        self._due = min(self._due, time.monotonic() + wait)

    def flush(self) -> list[ForwardMsg]:
        """All messages, or none while they wait for others; on the event loop only."""
        wait = self._due - time.monotonic()
        if self.is_empty() or wait <= 0:
            self._due = math.inf
            return super().flush()
        if self._alarm is None:
            self._alarm = asyncio.get_running_loop().call_later(wait, self._ask_again)
        return []

    def _ask_again(self) -> None:
        self._alarm = None
        runtime.get_instance()._enqueued_some_message()


def bounds() -> Bounds:
    """How many uploads the plan lets in; a plan that is being edited does not open the gate."""
    try:
        rules = Plan.load(settings.load().plan).config.uploads
    except (OSError, PlanError):
        rules = Uploads()
    seconds = rules.minutes * 60.0
    return Bounds(
        Budget(rules.files_per_reader, seconds),
        Budget(rules.files_in_all, seconds),
        Budget(rules.megabytes_per_reader * 1e6, seconds),
        Budget(rules.megabytes_in_all * 1e6, seconds),
        rules.megabytes_held * 1e6,
    )


def held_bytes() -> float:
    """Bytes of the uploaded files that Streamlit holds in memory."""
    kept: Any = runtime.get_instance()._uploaded_file_mgr
    return sum(len(file.data) for files in list(kept.file_storage.values())
               for file in list(files.values()))  # fmt: skip


def begin() -> None:
    """Load what every page needs; Streamlit has set up its own log by now."""
    logs.configure()
    fork_server.start()
    media_addresses.apply()
    send_in_few_bundles()
    warmup.beside()


def send_in_few_bundles() -> None:
    """Let each session that begins from now on have Bundles for its browser."""
    app_session.ForwardMsgQueue = Bundles  # pyright: ignore[reportPrivateImportUsage]


def forget_closed_tabs() -> None:
    """Free the memory of tabs whose readers are gone."""
    from oneninex.server import session_cleanup

    session_cleanup.forget()


logs.configure()
base = st.get_option("server.baseUrlPath")
rules = Rules(
    st.get_option("server.allowedHosts"),
    st.get_option("server.corsAllowedOrigins"),
    bounds(),
    base,
    held=held_bytes,
)
app = st.App(
    "app.py",
    middleware=[
        Middleware(Headers, base),
        Middleware(Gate, rules),
        Middleware(server.Door),
        Middleware(Compressed, base),
        Middleware(html_rewrite.Page, settings.load().lang, base),
    ],
    routes=server.routes(),
    lifespan=server.lifespan(begin, forget_closed_tabs),
)
