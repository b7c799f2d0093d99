import pytest

from tests.ingestion.helpers import Reader


@pytest.fixture
def read() -> Reader:
    return Reader()
