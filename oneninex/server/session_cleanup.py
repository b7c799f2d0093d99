"""Memory of tabs that were closed: Streamlit keeps a tab for a while, in case it comes back.

When that while (server.disconnectedSessionTTL) is over, it forgets the tab only when the next
one is closed; so the last readers of a day would stay in memory until the next morning.
"""

from __future__ import annotations

import ctypes
import gc
from typing import Any

import pyarrow as pa
from streamlit.runtime import Runtime


def forget() -> int:
    """Free closed tabs whose time is over and give memory back; returns how many.

    Called on the server's event loop, where Streamlit itself touches these.
    """
    manager: Any = Runtime.instance()._session_mgr
    kept: Any = manager._session_storage._cache
    gone = len(kept.expire() or ())
    if gone:
        give_back()
    return gone


def give_back() -> None:
    """Collect what is unreachable and return free memory to the system."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError):  # only glibc has it
        return
