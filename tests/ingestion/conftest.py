from pathlib import Path

import pytest

from oneninex.store import Store
from tests.ingestion.helpers import Reader


@pytest.fixture
def read() -> Reader:
    return Reader()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "store")
