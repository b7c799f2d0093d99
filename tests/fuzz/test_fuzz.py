"""The fuzzer can fail: what it must notice is put before it here."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from oneninex.intake.findings import refuse
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
    monkeypatch.setattr("oneninex.intake._note", None)  # put back after the test
    return Readers(tmp_path)


SEED = Seed("a.csv", b"date,unit_id\n2026-03-05,U1\n")


def test_a_refusal_is_good_and_a_fault_in_the_last_net_is_not(readers, monkeypatch) -> None:
    assert _fault(readers, SEED) == ""

    def refused(*_: object) -> None:
        raise refuse("not_a_table", "not_a_table.empty")

    monkeypatch.setattr("oneninex.intake.tables.read", refused)
    assert _fault(readers, SEED) == ""

    def broken(*_: object) -> None:
        raise KeyError("column")

    monkeypatch.setattr("oneninex.intake.tables.read", broken)
    assert Net.__name__ in _fault(readers, SEED)


def test_a_plan_that_raises_what_is_no_word_for_the_office_is_a_fault(readers, monkeypatch) -> None:
    spoiled = Seed("plan.toml", b"name_zh = 3", PLAN)
    assert _fault(readers, spoiled) == ""
    monkeypatch.setattr("oneninex.plan.Plan.load", lambda _: {}["missing"])
    assert "KeyError" in _fault(readers, spoiled)


def hang(answers, *_: object) -> None:
    answers.send("ready")
    time.sleep(60)


def die(answers, *_: object) -> None:
    answers.send("ready")
    answers.send("")
    os._exit(9)


@pytest.mark.parametrize(("work", "words"), [(hang, "takes more than"), (die, "process ended")])
def test_a_hang_and_a_crash_are_found_and_kept(work, words, monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setattr(run, "_work", work)
    monkeypatch.setattr(run, "HANGS", 0.3)
    outcome = run.run(2.5, 1, [SEED, SEED])
    (fault,) = outcome.failed
    assert words in fault
    (path,) = keep(outcome, tmp_path)
    assert path.name.startswith("return-")
    assert path.read_bytes() == outcome.failed[fault][0].content
    assert "FAILED" in capsys.readouterr().out


def test_the_same_failure_is_noted_once() -> None:
    outcome = Outcome()
    outcome.note(SEED, "Traceback\nKeyError: 1")
    outcome.note(SEED, "Another way\nKeyError: 1")
    assert len(outcome.failed) == 1
