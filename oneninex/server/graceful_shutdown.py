"""How a process ends: it says that it is not ready, lets open tabs finish, and is gone with 0.

Between SIGTERM and the end no new tab is taken, so that a proxy sends it elsewhere. A tab that
is open when the time is up is cut; its browser connects anew by itself, to another process, and
finds its choices in its address. A second SIGTERM ends at once, as Ctrl+C does.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from types import FrameType
from typing import Any

from oneninex.core import logging as logs
from oneninex.server.process_state import patience, state

_SWEEP = 15.0  # seconds
_TICK = 0.1
_LOG = logging.getLogger(__name__)


def lifespan(
    begin: Callable[[], None], sweep: Callable[[], None]
) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """From the first request to the last: `begin` once before it, `sweep` now and then."""

    @asynccontextmanager
    async def running(app: Any) -> AsyncIterator[None]:
        begin()
        sweeping = asyncio.create_task(_now_and_then(sweep))
        restore = _await_end()
        logs.event("started")
        try:
            yield
        finally:
            restore()
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping
            logs.event("ended")

    return running


async def _now_and_then(sweep: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(_SWEEP)
        try:
            sweep()
        except Exception:
            _LOG.exception("closed sessions could not be swept")


def _await_end() -> Callable[[], None]:
    """Stand between SIGTERM and the server's own way of ending; returns the way back."""
    loop = asyncio.get_running_loop()
    servers_own = signal.getsignal(signal.SIGTERM)
    leaving: list[asyncio.Task[None]] = []

    def told(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(begin_to_leave)

    def begin_to_leave() -> None:
        if state.leaving:
            _end(servers_own)
        else:
            leaving.append(asyncio.create_task(_leave(servers_own)))

    try:
        signal.signal(signal.SIGTERM, told)
    except ValueError:  # not the main thread: a server under test
        return lambda: None

    def restore() -> None:
        signal.signal(signal.SIGTERM, servers_own)

    return restore


async def _leave(servers_own: Any) -> None:
    """Wait for the last tab, but no longer than allowed."""
    state.leaving = True
    logs.event("leaving", tabs=state.tabs)
    end = asyncio.get_running_loop().time() + patience()
    while state.tabs and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(_TICK)
    _end(servers_own)


def _end(servers_own: Any) -> None:
    """Let the server stop as if nobody had killed it, so that the exit code is 0."""
    server: Any = getattr(servers_own, "__self__", None)
    if hasattr(server, "should_exit"):
        server.should_exit = True
    elif callable(servers_own):
        servers_own(signal.SIGTERM, None)
