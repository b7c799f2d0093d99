"""A store with one published return, and a plan."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from oneninex.core.audit_log import Actor
from oneninex.domain.plan import Plan
from oneninex.services import tasks
from oneninex.store import Snapshot, Store
from oneninex.store.publication import Publication, Receipt
from tests.store.conftest import DAY, batch_of, labeling, plan, publish, store

__all__ = ["plan", "publish", "store"]

PLANNER = Actor("planner", "planner")
OPENED = date(2026, 11, 2)  # a Monday


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> Path:
    """A store with labeling of U1 in March 2026, published once for all tests."""
    root = tmp_path_factory.mktemp("template") / "store"
    with duckdb.connect() as connection:
        publication = Publication(Store(root), plan, connection, imported_by="tester")
        publication.add(batch_of(connection, [labeling()], "a.csv"), Receipt(DAY, "", {}))
        publication.commit("")
    return root


@pytest.fixture
def published(store: Store, template: Path) -> Snapshot:
    """The first snapshot."""
    shutil.copytree(template, store.root)
    return store.get(1)


def current(store: Store) -> Snapshot:
    """The newest snapshot."""
    return store.resolve(None, "Asia/Shanghai")


@pytest.fixture
def open_task(store: Store, plan: Plan, published: Snapshot) -> Callable[..., str]:
    """Open a task of U3 as the planner; keywords change what is given."""

    def run(**changes: Any) -> str:
        given = {"subject": "补报3月产量", "owner": "U3", "today": OPENED, **changes}
        return tasks.open_task(store, plan, PLANNER, **given)

    return run
