"""Start, shutdown and the scheduled sweep through the lifespan of serve.py; order of fsync."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from oneninex import store
from oneninex.server import graceful_shutdown, warmup
from oneninex.store import atomic_io
from tests.pages.conftest import small_store as small_store


def test_the_sweep_survives_an_exception(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(graceful_shutdown, "_SWEEP", 0.01)
    calls: list[str] = []

    def sweep() -> None:
        calls.append("sweep")
        if len(calls) == 2:
            raise RuntimeError("one session is odd")

    async def serve() -> None:
        async with graceful_shutdown.lifespan(lambda: calls.append("begin"), sweep)(None):
            for _ in range(200):
                await asyncio.sleep(0.01)
                if len(calls) > 3:
                    return

    asyncio.run(serve())
    assert calls[:4] == ["begin", "sweep", "sweep", "sweep"]


def test_warm_up_asks_the_first_queries(small_store: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ONENINEX_STORE", str(small_store))
    asked: list[str] = []
    monkeypatch.setattr(store, "query", lambda name, **_: asked.append(name))
    warmup.warm()
    assert asked == list(warmup._FIRST)
    assert asked


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is asked of the disk, in order."""
    asked: list[tuple[str, str]] = []
    replace = os.replace

    def record_replace(old: Path, new: Path) -> None:
        asked.append(("rename", Path(new).name))
        replace(old, new)

    monkeypatch.setattr(atomic_io, "fsync", lambda path: asked.append(("fsync", path.name)))
    monkeypatch.setattr(atomic_io.os, "replace", record_replace)
    return asked


def test_a_file_is_on_the_disk_before_its_name_and_the_name_after(tmp_path: Path, disk):
    part = tmp_path / "part.tmp"
    part.write_bytes(b"x")
    atomic_io.settle(part, tmp_path / "months" / "a")
    assert disk == [("fsync", "part.tmp"), ("rename", "a"), ("fsync", "months")]


def test_many_files_wait_for_the_disk_before_the_first_name(tmp_path: Path, disk):
    pairs = []
    for name in "abc":
        part = tmp_path / f"{name}.tmp"
        part.write_bytes(b"x")
        pairs.append((part, tmp_path / name / "file"))
    atomic_io.settle_all(pairs)
    kinds = [kind for kind, _ in disk]
    assert kinds == ["fsync"] * 3 + ["rename"] * 3 + ["fsync"] * 3
    assert {name for _, name in disk[:3]} == {"a.tmp", "b.tmp", "c.tmp"}
    assert {name for _, name in disk[6:]} == {"a", "b", "c"}
