"""What tests of every area share."""

import os
from pathlib import Path

import pytest

from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan

# Annotators of test exports are hashed with a key of the tests', never with the machine's.
os.environ.setdefault("ONENINEX_KEY", "the key of the tests, of no other use")

# What takes longest begins first, so that no process is left alone with it at the end.
LONGEST = ("store/test_faults", "engine/test_spark", "recompute/", "store/test_publication", "cli/")
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        name = item.path.relative_to(HERE).as_posix()
        found = (place for place, begin in enumerate(LONGEST) if name.startswith(begin))
        return next(found, len(LONGEST))

    items.sort(key=rank)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real exports and source texts beside the checkout; never absent under CI."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        word = f"the shared material is not here: {folder.name}/ beside the checkout"
        if os.environ.get("CI"):
            pytest.fail(word)
        pytest.skip(word)
    return folder


@pytest.fixture(scope="session")
def plan() -> Plan:
    """The plan as it is kept in the repository."""
    return Plan.load(ROOT / "data" / "plan")
