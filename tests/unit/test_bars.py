"""The bar of a long command: when it comes, what it says is left, who sees it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from rich.console import Console

from oneninex.cli import main, progress_bar
from oneninex.core.progress import Watch, attend, nothing, part_of


class Clock:
    """A clock that goes when it is told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("elapsed", "share", "expected"),
    [
        (1.9, 0.5, None),  # nobody needs to be told yet
        (10.0, 0.02, None),  # too little is done to tell a pace
        (4.0, 0.4, 6),
        (10.0, 0.5, 10),
        (30.0, 0.5, 30),
        (61.0, 0.5, 70),  # rounded up, by tens
        (300.0, 0.25, 900),
        (5.0, 1.0, 0),
    ],
)
def test_what_is_left_follows_from_the_pace(
    elapsed: float, share: float, expected: float | None
) -> None:
    assert progress_bar.left(elapsed, share) == expected


@pytest.mark.parametrize(("lang", "words"), [("zh", "还需约 6 秒"), ("en", "about 6 s left")])
def test_a_bar_comes_after_two_seconds_and_goes(lang: str, words: str) -> None:
    clock, screen = Clock(), io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    show, phase = progress_bar.bar(lang, clock, console)
    phase("reading")
    show("a.csv", 1, 10)
    clock.now += 1.9
    show("a.csv", 3, 10)
    assert screen.getvalue() == ""
    clock.now += 2.1
    show("a.csv", 4, 10)
    show("", 10, 10)
    assert words in screen.getvalue()


def test_a_script_and_a_pipe_see_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert progress_bar.waiting("zh", quiet=True) == (nothing, nothing)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    assert progress_bar.waiting("zh", quiet=False) == (nothing, nothing)


def test_statements_of_a_part_that_tells_its_own_share_do_not_move_the_bar() -> None:
    class Done:
        def query_progress(self) -> float:
            return 100.0

        def interrupt(self) -> None: ...

    seen: list[int] = []
    watch = Watch(1000)

    def work() -> None:
        watch.part("publishing", 0, 1000, own=True)
        watch.within(0.25)
        while not seen:
            pass

    attend(work, watch, Done(), lambda name, done, total: seen.append(done), nothing)
    assert seen[0] <= 250


def test_a_piece_of_a_part_is_told_in_its_place() -> None:
    told: list[float] = []
    part_of(told.append, 0.5, 1.0)(0.5)
    assert told == [0.75]


def test_long_commands_tell_how_far_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []

    def show(name: str, done: int, total: int) -> None:
        told.append((done, total))

    returns, store = str(tmp_path / "returns"), ["--store", str(tmp_path / "store")]
    monkeypatch.setattr(progress_bar, "waiting", lambda lang, quiet: (show, nothing))
    for command in (
        ["demo", "--out", returns, "--months", "1"],
        [*store, "import", returns],
        [*store, "check"],
        [*store, "rebuild"],
    ):
        told.clear()
        assert main(command) in (0, 1)
        done = [step for step, _ in told]
        assert done == sorted(done)
        assert len(set(done)) > 3, f"{command} moves"
        assert told[-1][0] == told[-1][1]
        if "check" in command:  # so that there is something to rebuild
            monkeypatch.setattr("oneninex.store.sql_catalog.build_sha256", lambda: "other")
