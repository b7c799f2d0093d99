"""The audit trail: only added to, whole after anything, and showing when somebody changed it."""

from __future__ import annotations

import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oneninex.core import audit_log
from oneninex.core.audit_log import Actor

ANNA = Actor("unit:U1", "anna@example.org")


@pytest.fixture
def trail(tmp_path: Path) -> Path:
    return tmp_path / "audit"


def events(trail: Path) -> list[str]:
    return [entry["event"] for entry in audit_log.read(trail).entries]


def test_an_entry_says_who_what_and_when(trail: Path) -> None:
    begin = datetime.now(UTC) - timedelta(seconds=1)
    assert audit_log.record(trail, "publish", ANNA, snapshot=3, reason="更正")
    (entry,) = audit_log.read(trail).entries
    assert datetime.fromisoformat(entry.pop("at")) >= begin
    assert entry == {
        "event": "publish",
        "audience": "unit:U1",
        "name": "anna@example.org",
        "snapshot": 3,
        "reason": "更正",
    }


def test_many_write_at_once_and_every_line_is_whole(trail: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: audit_log.record(trail, "download", ANNA, snapshot=n), range(40)))
    found = audit_log.read(trail)
    assert {entry["snapshot"] for entry in found.entries} == set(range(40))
    assert found.broken == []


@pytest.mark.parametrize("spoil", ["change", "take out", "add"])
def test_a_line_that_was_tampered_with_is_named(trail: Path, spoil: str) -> None:
    for number in range(4):
        audit_log.record(trail, "publish", ANNA, snapshot=number)
    (path,) = audit_log.files(trail)
    lines = path.read_text("utf-8").splitlines()
    if spoil == "change":
        lines[1] = lines[1].replace("anna", "otto")
    elif spoil == "take out":
        del lines[1]
    else:
        lines.insert(2, json.dumps({**json.loads(lines[1]), "snapshot": 9}))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert audit_log.read(trail).broken[0] == {"add": "000001.jsonl:3"}.get(spoil, "000001.jsonl:2")


def test_a_torn_line_costs_nothing_else(trail: Path) -> None:
    audit_log.record(trail, "publish", ANNA, snapshot=1)
    (path,) = audit_log.files(trail)
    with path.open("ab") as file:
        file.write(b'{"at": "2026-0')
    audit_log.record(trail, "publish", ANNA, snapshot=2)
    found = audit_log.read(trail)
    assert [entry["snapshot"] for entry in found.entries] == [1, 2]
    assert found.broken == ["000001.jsonl:2"]


def test_a_full_file_is_followed_by_the_next_and_old_ones_go(
    trail: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_log, "MOST_BYTES", 300)
    monkeypatch.setattr(audit_log, "_TAIL", 50)  # less than a line
    for number in range(7):
        audit_log.record(trail, "publish", ANNA, snapshot=number)
    assert len(audit_log.files(trail)) > 2
    assert audit_log.read(trail).broken == []
    assert audit_log.prune(trail, datetime.now(UTC) - timedelta(days=1)) == []
    last = audit_log.files(trail)[-1]
    assert audit_log.prune(trail, datetime.now(UTC) + timedelta(days=1))
    assert audit_log.files(trail) == [last]
    assert audit_log.read(trail).broken == []


def test_a_full_disk_is_warned_of_and_stops_nothing(
    trail: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    audit_log.record(trail, "publish", ANNA, snapshot=1)
    (path,) = audit_log.files(trail)
    before, real = path.read_bytes(), os.write

    def full(descriptor: int, content: bytes) -> int:
        real(descriptor, content[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(audit_log.os, "write", full)
        assert not audit_log.record(trail, "publish", ANNA, snapshot=2)
    assert "audit trail could not be written" in caplog.text
    assert path.read_bytes() == before


def test_nobody_else_may_read_it_and_no_store_means_no_trail(trail: Path, tmp_path: Path) -> None:
    audit_log.record(trail, "publish", ANNA)
    assert trail.stat().st_mode & 0o077 == 0
    assert audit_log.files(trail)[0].stat().st_mode & 0o077 == 0
    assert not audit_log.record(tmp_path / "no store" / "audit", "dry_run", ANNA)
    assert not (tmp_path / "no store").exists()
