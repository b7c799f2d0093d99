"""What the first reader after a start would wait for: loading code, words, the snapshot."""

from __future__ import annotations

import gc
import importlib
import logging
import threading

# Every page asks these first.
_FIRST = ("snapshot_info", "months", "units", "indicators")


def beside() -> None:
    """Warm up beside the server's start, so that it serves at once."""
    threading.Thread(target=_warm_and_keep, name="warm", daemon=True).start()


def _warm_and_keep() -> None:
    """What is loaded by then stays: the collector need not look at it again and again."""
    warm()
    gc.collect()
    gc.freeze()


def warm() -> None:
    """Load what pages are made of and open the snapshot; an empty or damaged store is no matter."""
    importlib.import_module("oneninex.ui")  # slow to load, hence not at the top
    from oneninex import store
    from oneninex.core import i18n, settings

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
