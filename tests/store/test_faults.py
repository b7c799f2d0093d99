"""Imports that are killed, meet each other, or find no room: the store is the old or the new."""

from __future__ import annotations

import errno
import functools
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

import duckdb
import pytest

from oneninex.cli import main
from oneninex.core import progress
from oneninex.core.settings import ROOT
from oneninex.ingestion import Options
from oneninex.ingestion.source import no_room
from oneninex.services.import_service import expand, import_files
from oneninex.store import Store, atomic_io, maintenance, publication, query
from oneninex.store.atomic_io import exclusive
from tests.store import killing
from tests.store.conftest import ENTERPRISE
from tests.store.killing import ended

KILLS = 12
HEADER = (
    "date,unit_id,enterprise_id,project_id,modality,items,reviewed,accepted,"
    "accepted_first_pass,rejected,annotators"
)
IMPORT = """
import sys
from oneninex.core import progress
from oneninex.cli import main
from oneninex.services.import_service import expand, import_files
from oneninex.ingestion import Options
print("ready", flush=True)
sys.exit(main(["--store", sys.argv[1], "import", *sys.argv[2:]]))
"""


def returns(path: Path, items: int, unit: str = "U1", days: int = 20) -> Path:
    """A return of two months in which every row has the same number of items."""
    lines = [
        f"2026-0{month}-{day:02},{unit},{ENTERPRISE},P{day % 3},text,{items},4,3,2,1,1"
        for month in (3, 4)
        for day in range(1, days + 1)
    ]
    path.write_text("\n".join([HEADER, *lines, ""]))
    return path


def start(store: Store, *files: Path, **options) -> subprocess.Popen:
    """An import in a process of its own, about to begin."""
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(store.root), *map(str, files)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )
    assert process.stdout.readline() == "ready\n", process.communicate()[1]
    return process


def start_import(store: Store, file: Path) -> BaseProcess:
    """An import in a process of its own that has loaded what it needs."""
    return killing.start(killing.command, "--store", str(store.root), "import", str(file))


def items(store: Store, unit: str = "U1") -> set[int]:
    """The items of each month that a unit reported."""
    snapshot = store.current()
    assert snapshot
    rows = query("output_by_unit_month", snapshot=snapshot, unit_id=unit).to_pylist()
    return {row["items"] for row in rows}


def sound(store: Store) -> bool:
    return store.damage() == [] and maintenance.failed_checks(store) == []


def run(store: Store, *arguments: str | Path) -> int:
    return main(["--store", str(store.root), "--lang", "en", *map(str, arguments)])


@pytest.fixture
def filled(store: Store, tmp_path: Path) -> Store:
    """A store with one published return of 20 items a day: 400 in a month."""
    assert run(store, "import", returns(tmp_path / "first.csv", 20)) == 0
    return store


def test_killed_at_a_random_moment_the_store_is_the_old_or_the_new(filled, tmp_path):
    process = start_import(filled, returns(tmp_path / "timed.csv", 21))
    begun = time.monotonic()
    assert ended(process) == 0
    longest = time.monotonic() - begun
    dice = random.Random(99)
    killed = 0
    before = 21
    for number in range(KILLS):
        after = 22 + number
        process = start_import(filled, returns(tmp_path / f"{number}.csv", after))
        time.sleep(dice.random() * longest)
        process.kill()
        code = ended(process)
        found = items(filled)
        assert found in ({20 * before}, {20 * after})
        assert sound(filled)
        killed += code == -signal.SIGKILL
        before = found.pop() // 20
    assert killed >= KILLS // 4
    assert run(filled, "import", returns(tmp_path / "last.csv", 99)) == 0
    assert items(filled) == {20 * 99}
    assert run(filled, "check") == 0


def test_of_two_imports_at_once_neither_is_lost(filled, tmp_path):
    both = [
        start_import(filled, returns(tmp_path / f"{unit}.csv", 30, unit)) for unit in ("U2", "U3")
    ]
    assert [ended(process) for process in both] == [0, 0]
    assert items(filled, "U1") == {400}
    assert items(filled, "U2") == items(filled, "U3") == {600}
    assert filled.current().id == 3
    assert sound(filled)


def test_an_import_that_waited_too_long_says_locked(filled, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(publication, "exclusive", functools.partial(exclusive, wait_seconds=0.2))
    with exclusive(filled.lock):
        assert run(filled, "import", returns(tmp_path / "second.csv", 30)) == 3
    assert "another" in capsys.readouterr().err.lower()
    assert items(filled) == {400}


@pytest.mark.parametrize(
    ("call", "step", "error"),
    [
        *[("fsync", step, errno.ENOSPC) for step in (1, 2, 5, 13, 21, 99)],
        *[("replace", step, errno.EDQUOT) for step in (1, 2, 5, 8, 13)],
    ],
)
def test_a_full_disk_is_said(filled, tmp_path, monkeypatch, capsys, call, step, error):
    real, left = getattr(os, call), [step]

    def full(*arguments, **options):
        left[0] -= 1
        if left[0] == 0:
            raise OSError(error, os.strerror(error))
        return real(*arguments, **options)

    monkeypatch.setattr(atomic_io.os, call, full)
    code = run(filled, "import", returns(tmp_path / "second.csv", 30))
    monkeypatch.undo()

    assert code == (3 if left[0] <= 0 else 0)
    if code:
        assert "disk is full" in capsys.readouterr().err
        assert items(filled) == {400}
    assert sound(filled)
    assert run(filled, "import", returns(tmp_path / "third.csv", 40)) == 0
    assert items(filled) == {800}


@pytest.mark.parametrize("kilobytes", [1, 64, 512])
def test_no_room_for_a_file_of_any_size(filled, tmp_path, kilobytes):
    """The kernel refuses what goes beyond a size: first the raw file, then DuckDB's database."""
    limit = kilobytes << 10
    process = start(
        filled,
        returns(tmp_path / "second.csv", 30),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    _, errors = process.communicate(timeout=120)

    assert process.returncode == 3, errors
    assert "Traceback" not in errors
    assert len(errors.splitlines()) == 1
    assert items(filled) == {400}
    assert sound(filled)


@pytest.mark.parametrize(
    "words",
    [
        "Could not write all bytes to file: wanted=8 wrote=0: No space left on device",
        "failed to offload data block, see the 'max_temp_directory_size' setting",
    ],
)
def test_duckdb_says_in_its_own_words_that_there_is_no_room(words):
    assert no_room(duckdb.IOException(words))
    assert no_room(duckdb.OutOfMemoryException(words))
    assert not no_room(duckdb.IOException("No files found that match the pattern"))


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_store_that_cannot_be_written_to_serves_and_says_so(
    filled, tmp_path, monkeypatch, capsys, number
):
    def refuse(*arguments, **options):
        raise OSError(number, os.strerror(number), str(filled.root))

    real = Path.open
    monkeypatch.setattr(
        Path, "open", lambda path, mode="r", *rest, **options: refuse()
        if filled.root in path.parents and set(mode) & set("wax+")
        else real(path, mode, *rest, **options),
    )  # fmt: skip
    monkeypatch.setattr(atomic_io.os, "replace", refuse)

    assert run(filled, "import", returns(tmp_path / "second.csv", 30)) == 3
    assert "cannot write" in capsys.readouterr().err.lower()
    assert items(filled) == {400}
    assert run(filled, "query", "output_by_unit_month", "--format", "json") == 0


def damaged(path: Path) -> None:
    """Turn over one byte in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("kind", ["labeling_daily", "cube/output_monthly", "_uploads"])
def test_a_damaged_file_is_named(filled, capsys, kind):
    file = filled.current().manifest.of(kind)[0]
    damaged(filled.root / file.path)

    assert run(filled, "check") == 3
    assert file.path in capsys.readouterr().err


def test_a_damaged_database_is_named(filled, capsys):
    damaged(filled.current().path)

    assert run(filled, "check") == 3
    assert filled.current().path.name in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"{", b'{"snapshot": 1}', b"\xff\xfe"])
def test_a_damaged_manifest_is_named(filled, capsys, content):
    filled.current().manifest_path.write_bytes(content)

    assert run(filled, "check") == 3
    assert "00000001.json" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "twelve", "7"])
def test_a_damaged_pointer_is_named(filled, capsys, content):
    (filled.root / "CURRENT").write_text(content)

    assert run(filled, "check") == 3
    assert capsys.readouterr().err.count("\n") == 1


def aged(path: Path, days: float) -> Path:
    then = time.time() - days * 86400
    os.utime(path, (then, then))
    return path


def test_leftovers_go_once_they_are_a_day_old_and_nothing_else(filled, tmp_path):
    facts = filled.facts / "labeling_daily" / "2026-03"
    raw = filled.raw / "ab"
    raw.mkdir(exist_ok=True)
    orphans = [facts / "0123456789abcdef01234567.parquet", facts / ".1234.tmp", raw / "kept"]
    for path in orphans:
        path.write_bytes(b"left behind")
    young = facts / "fedcba9876543210fedcba98.parquet"
    young.write_bytes(b"still being written")
    scratch = filled.root / ".scratch-killed"
    scratch.mkdir()
    for path in [*orphans, scratch]:
        aged(path, 2)
    old = [filled.root / file.path for file in filled.current().manifest.files]
    for path in old:
        aged(path, 400)

    assert run(filled, "import", returns(tmp_path / "second.csv", 30)) == 0

    assert [path.exists() for path in orphans] == [False, False, True]
    assert young.exists()
    assert not scratch.exists()
    assert all(path.exists() for path in old)
    assert query("output_by_unit_month", snapshot=filled.get(1)).num_rows


def test_a_manifest_that_cannot_be_read_keeps_every_file(filled, tmp_path):
    orphan = filled.facts / "labeling_daily" / "2026-03" / "0123456789abcdef01234567.parquet"
    orphan.write_bytes(b"left behind")
    aged(orphan, 2)
    assert run(filled, "import", returns(tmp_path / "second.csv", 30), "--dry-run") == 0
    filled.manifest_path(0).write_text("not a manifest")

    assert run(filled, "import", returns(tmp_path / "third.csv", 40)) == 0
    assert orphan.exists()


def test_a_raw_file_that_changes_while_it_is_read_is_not_published(
    filled, tmp_path, monkeypatch, capsys
):
    path = returns(tmp_path / "second.csv", 30)
    real = shutil.copyfile

    def late(source, target):
        source.write_text(json.dumps("another"))
        return real(source, target)

    monkeypatch.setattr(shutil, "copyfile", late)
    assert run(filled, "import", path) == 3
    assert "second.csv" in capsys.readouterr().err
    assert items(filled) == {400}


def test_an_import_shows_how_far_it_is_and_publishes_the_same(filled, tmp_path, plan):
    seen, phases = [], []
    files = [returns(tmp_path / f"{unit}.csv", 30, unit) for unit in ("U2", "U3")]
    incoming = expand(files, Options(), plan)
    result = import_files(
        filled, plan, incoming, progress=lambda *step: seen.append(step), phases=phases.append
    )

    assert result.snapshot == 2
    done = [step for _, step, _ in seen]
    assert done == sorted(done)
    assert seen[-1][1] == seen[-1][2] > 0
    assert set(phases) <= {"reading", "checking", "publishing"}
    assert items(filled, "U3") == {600}


def test_an_import_that_is_left_publishes_nothing(filled, tmp_path, plan, monkeypatch):
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0.0)
    incoming = expand([returns(tmp_path / "second.csv", 30)], Options(), plan)

    def leave(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_files(filled, plan, incoming, progress=leave)
    assert items(filled) == {400}
    assert sound(filled)
