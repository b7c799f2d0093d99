"""What is long in the making is made once for all processes of a test run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

PATIENCE = 300.0  # seconds


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name` that `make` has filled: by this process, or by the one that came first."""
    base = factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / name
    done = folder / "done"
    try:
        folder.mkdir()
    except FileExistsError:
        _wait_for(done)
    else:
        make(folder)
        done.touch()
    return folder


def _wait_for(done: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not done.exists():
        if time.monotonic() > end:
            pytest.fail(f"no {done.parent.name} from the process that came first")
        time.sleep(0.1)
