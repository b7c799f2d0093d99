"""What this process is called, how many tabs it serves, and whether it is on its way out."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass
class State:
    """Of the whole process; changed on its event loop only."""

    tabs: int = 0
    leaving: bool = False


state = State()


def process_name() -> str | None:
    """The name by which the proxy knows this process, from ONENINEX_PROCESS."""
    name = os.environ.get("ONENINEX_PROCESS", "")
    return name if _NAME.fullmatch(name) else None


def patience() -> float:
    """Seconds that open tabs are given when the process is told to end, from ONENINEX_DRAIN."""
    try:
        return max(0.0, float(os.environ.get("ONENINEX_DRAIN", "0")))
    except ValueError:
        return 0.0
