"""A real Chromium, and dashboards with demo data and without any."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import chromium, dashboard
from tests.once import once

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: quick ones speak first, and Playwright keeps an event loop open."""
    in_browser = [item for item in items if HERE in item.path.parents]
    for item in in_browser:
        item.add_marker(pytest.mark.browser)
    items[:] = [item for item in items if item not in in_browser] + in_browser


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser; without one a test is skipped with the reason, on CI it fails."""
    if found := chromium.find():
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(chromium.ABSENT)
    pytest.skip(chromium.ABSENT)


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], chromium_path: Path
) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": str(chromium_path),
        "args": chromium.ARGUMENTS,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1440, "height": 900},
    }


@pytest.fixture(scope="session")
def demo_store(chromium_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the demo returns, made as a user makes it, once for all workers of a run."""
    folder = once(
        tmp_path_factory,
        "demo",
        lambda folder: dashboard.fill_store(folder / "store", folder / "returns"),
    )
    return folder / "store"


@pytest.fixture(scope="session")
def app(demo_store: Path) -> Iterator[str]:
    """The address of a dashboard that shows the demo data."""
    with dashboard.serve(demo_store, demo_store.parent / f"server{os.getpid()}.log") as address:
        yield address


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds nothing."""
    return tmp_path_factory.mktemp("empty") / "store"


@pytest.fixture(scope="session")
def empty_app(chromium_path: Path, empty_store: Path) -> Iterator[str]:
    """The address of a dashboard whose store holds nothing."""
    with dashboard.serve(empty_store, empty_store.parent / "server.log") as address:
        yield address


@pytest.fixture(autouse=True)
def watch(page: Page) -> Iterator[dashboard.Watch]:
    """Every browser test fails on a console error or a request that leaves this machine."""
    watching = dashboard.Watch().over(page.context)
    yield watching
    watching.assert_quiet()
