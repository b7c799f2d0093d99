"""Fixtures of the query tests."""

import pytest

from tests.queries.given import Given


@pytest.fixture
def given() -> Given:
    """An empty snapshot to add rows to."""
    return Given()
