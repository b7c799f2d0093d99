"""For a process that is to die in the middle of a publication."""

from __future__ import annotations

import os
import signal
from datetime import date
from pathlib import Path

import duckdb

from oneninex.plan import Plan
from oneninex.store import Store
from oneninex.store.publication import Publication, Receipt
from tests.store.conftest import batch_of, labeling


def die_at(step: int) -> None:
    """Have the process killed before its `step`-th fsync or rename."""
    left = [step]

    def counted(real):
        def call(*arguments, **options):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **options)

        return call

    os.fsync = counted(os.fsync)
    os.replace = counted(os.replace)


def publish_once(root: Path) -> None:
    """Publish a corrected return into the store at `root`."""
    plan = Plan.load(Path(__file__).parents[2] / "data" / "plan")
    with duckdb.connect() as connection:
        publication = Publication(Store(root), plan, connection, imported_by="tester")
        batch = batch_of(connection, [labeling(items=77)], "corrected.csv")
        publication.add(batch, Receipt(date(2026, 4, 2), "", {}))
        publication.commit("corrected")
