"""The fuzzer can fail: what it must notice is put before it here."""

from __future__ import annotations

import multiprocessing
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from oneninex.core.settings import ROOT
from oneninex.ingestion.findings import refuse
from tests.fuzz import run
from tests.fuzz.mutate import mutated
from tests.fuzz.run import Outcome, _fault, _input, keep
from tests.fuzz.seeds import LIST, PLAN, RETURN, Seed, seeds
from tests.fuzz.target import Net, Readers


def test_every_reader_has_seeds() -> None:
    names = {seed.name for seed in seeds()}
    assert {seed.reader for seed in seeds()} == {RETURN, LIST, PLAN}
    assert len({Path(name).suffix for name in names}) >= 9
    assert {"mturk.csv", "toloka.tsv", "cvat.xml", "plan.toml", "access.csv", "several.zip"} < names


def test_the_same_number_gives_the_same_inputs_and_others_differ() -> None:
    start = seeds()
    at = len(start) + 7
    assert _input(1, at, start) == _input(1, at, start)
    contents = {_input(n, at, start).content for n in range(30)}
    assert len(contents) > 25


def test_spoiled_files_stay_small() -> None:
    start = seeds()
    dice = random.Random(1)
    sizes = [len(mutated(dice, dice.choice(start), [b"x" * 99])) for _ in range(200)]
    assert max(sizes) < 1_000_000


@pytest.fixture
def readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Readers:
    monkeypatch.setattr("oneninex.ingestion._note", None)  # put back after the test
    return Readers(tmp_path)


SEED = Seed("a.csv", b"date,unit_id\n2026-03-05,U1\n")


def test_a_refusal_is_good_and_a_fault_in_the_last_net_is_not(readers, monkeypatch) -> None:
    assert _fault(readers, SEED) == ""

    def refused(*_: object) -> None:
        raise refuse("not_a_table", "not_a_table.empty")

    monkeypatch.setattr("oneninex.ingestion.tables.read", refused)
    assert _fault(readers, SEED) == ""

    def broken(*_: object) -> None:
        raise KeyError("column")

    monkeypatch.setattr("oneninex.ingestion.tables.read", broken)
    assert Net.__name__ in _fault(readers, SEED)


def test_a_plan_that_raises_what_is_no_word_for_the_office_is_a_fault(readers, monkeypatch) -> None:
    spoiled = Seed("plan.toml", b"name_zh = 3", PLAN)
    assert _fault(readers, spoiled) == ""
    monkeypatch.setattr("oneninex.domain.plan.Plan.load", lambda _: {}["missing"])
    assert "KeyError" in _fault(readers, spoiled)


def test_a_hang_and_a_crash_are_found_and_kept(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setattr(run, "HANGS", 0.3)
    outcome, other = Outcome(), Seed("b.csv", b"b")
    silent, _kept_open = multiprocessing.Pipe(duplex=False)
    far = time.monotonic() + 60
    assert run._watch(silent, 1, 0, [SEED, other], far, outcome) == 1
    dead, end = multiprocessing.Pipe(duplex=False)
    end.send("")  # the first is read, then the process is gone
    end.close()
    assert run._watch(dead, 1, 0, [SEED, other], far, outcome) == 2
    assert [seed for seed, _ in outcome.failed.values()] == [SEED, other]
    assert [fault[:10] for fault in outcome.failed] == ["hangs for ", "ended the "]
    paths = keep(outcome, tmp_path)
    assert [path.read_bytes() for path in paths] == [SEED.content, b"b"]
    assert capsys.readouterr().out.count("FAILED") == 2


def test_who_takes_too_long_is_ended_by_the_system() -> None:
    code = (
        "from tests.fuzz import run\nfrom tests.fuzz.seeds import Seed\nrun.BUSY = 0.2\n"
        "class Slow:\n    def take(self, seed):\n        sum(range(10**12))\n"
        "run._fault(Slow(), Seed('a', b''))"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, timeout=120)
    assert ended.returncode == -signal.SIGPROF


def test_time_that_is_up_ends_it() -> None:
    silent, _kept_open = multiprocessing.Pipe(duplex=False)
    assert run._watch(silent, 1, 0, [SEED], time.monotonic(), Outcome()) is None


def test_the_same_failure_is_noted_once() -> None:
    outcome = Outcome()
    outcome.note(SEED, "Traceback\nKeyError: 1")
    outcome.note(SEED, "Another way\nKeyError: 1")
    assert len(outcome.failed) == 1
