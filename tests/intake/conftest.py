import pytest

from tests.intake.helpers import Reader


@pytest.fixture
def read() -> Reader:
    return Reader()
