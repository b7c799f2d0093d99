from pathlib import Path

import pytest

from oneninex.store import Store
from tests.pages.conftest import publish, small_returns


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with three months of eight units (U4 has sent nothing), one enterprise, a quarter."""
    folder: Path = tmp_path_factory.mktemp("questions") / "store"
    return Store(publish(folder, small_returns()))
