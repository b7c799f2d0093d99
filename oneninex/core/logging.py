"""What the server writes about itself: plain lines, or one JSON object a line for a collector.

A log outlives what it tells of and is read by others than the reports: a JSON line holds no
value of a return, no name, no address and no secret. So of a failure it has the kind of the
exception and the places in the code, never its message, which may quote a cell.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

VARIABLE = "ONENINEX_LOG"  # text (default) or json
_PLACES = 12  # of a traceback, the innermost
# Loggers of the server bring handlers of their own, which would write lines of another form.
_SERVER = ("streamlit", "uvicorn", "websockets")
# A line for each file that a browser asks for, all of it values: nothing would be left of it.
_REQUESTS = "uvicorn.access"
_EVENT = logging.getLogger("oneninex.event")


def configure() -> None:
    """Write as ONENINEX_LOG says.

    Called when the server's modules are there and again when it runs: each that is loaded
    brings a handler of its own.
    """
    if os.environ.get(VARIABLE, "text") != "json":
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] in _SERVER:
            logger = logging.getLogger(name)
            logger.handlers.clear()
            logger.propagate = True
    logging.getLogger(_REQUESTS).setLevel(logging.WARNING)


def event(name: str, **facts: object) -> None:
    """Note something that happened: facts are codes, counts and seconds, never what was sent."""
    _EVENT.info(name, extra={"facts": facts})


class JsonLines(logging.Formatter):
    """A record as one JSON object: time (UTC), level, logger, event, and what belongs to it."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "event": _event(record),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["places"] = [
                f"{place.filename}:{place.lineno} {place.name}"
                for place in traceback.extract_tb(record.exc_info[2])[-_PLACES:]
            ]
        return json.dumps(line, ensure_ascii=False, default=str)


def _event(record: logging.LogRecord) -> str:
    """The message: of our own code with its values, of a library only its constant part.

    A library puts into its values whatever it got, an address of a reader for one.
    """
    return record.getMessage() if record.name.startswith("oneninex") else str(record.msg)
