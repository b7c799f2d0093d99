"""What the first reader after a start would wait for: loading code, words, the snapshot."""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

# Every page asks these first.
_FIRST = ("snapshot_info", "months", "units", "indicators")


@asynccontextmanager
async def while_serving(_: Any) -> AsyncIterator[None]:
    """For the server's start: warm up beside it, so that it serves at once."""
    threading.Thread(target=warm, name="warm", daemon=True).start()
    yield


def warm() -> None:
    """Load what pages are made of and open the snapshot; an empty or damaged store is no matter."""
    importlib.import_module("oneninex.ui")  # slow to load, hence not at the top
    from oneninex import i18n, settings, store

    given = settings.load()
    for lang in given.langs:
        i18n.keys(lang)
    try:
        snapshot = store.Store(given.store).current()
        if snapshot is not None:
            for name in _FIRST:
                store.query(name, snapshot=snapshot)
    except store.StoreError as error:
        logging.getLogger(__name__).warning("not warmed up: %s", error)
