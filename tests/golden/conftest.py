"""A store with fifteen months of demo returns, published at a fixed moment."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import oneninex
from oneninex import demo
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Options
from oneninex.services import import_request
from oneninex.services.import_service import import_files
from oneninex.store import Store
from tests.golden import clock
from tests.once import once

MONTHS = 15


@pytest.fixture(scope="module", autouse=True)
def fixed_clock() -> Iterator[None]:
    """Stop the clock for these tests alone."""
    with stopped():
        yield


@contextmanager
def stopped() -> Iterator[None]:
    """Stop the clock of every module, also of those that are imported late."""
    for module in pkgutil.walk_packages(oneninex.__path__, "oneninex."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    with pytest.MonkeyPatch.context() as patch:
        clock.stop(patch)
        yield


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> Path:
    """The folder with `returns` and the `store` made of them; shared by all processes."""

    def make(folder: Path) -> None:
        returns = folder / "returns"
        demo.write(returns, 1, MONTHS, 1, demo.folder_of(plan))
        incoming = import_request.expand([returns], Options(), plan)
        import_files(Store(folder / "store"), plan, incoming, reason="golden", imported_by="tests")

    with stopped():
        return once(tmp_path_factory, "golden", make)
