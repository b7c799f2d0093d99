"""Sign-ins that this process has seen: which are new, and which have been idle too long.

A sign-in is a person and the moment at which it was made, so that another tab of the same
browser counts as the same sign-in, and signing in again does not.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Literal

_MOST = 5_000  # the one that was quiet longest goes first, and counts as new when it comes back

State = Literal["new", "known", "idle"]


class SignIns:
    """Moment of the last request of each sign-in."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._guard = clock, threading.Lock()
        self._last: OrderedDict[str, float] = OrderedDict()

    def note(self, key: str, idle_seconds: float) -> State:
        """Note a request; an idle sign-in stays idle, whatever it asks."""
        with self._guard:
            now = self._clock()
            last = self._last.get(key)
            if last is not None and now - last > idle_seconds:
                return "idle"
            self._last[key] = now
            self._last.move_to_end(key)
            while len(self._last) > _MOST:
                self._last.popitem(last=False)
            return "known" if last is not None else "new"


sign_ins = SignIns()
