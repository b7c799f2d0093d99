"""Whatever a file holds, what was read is what was accepted and what is in quarantine."""

from __future__ import annotations

from tests.fuzz.faulty import read_all


def test_two_hundred_faulty_files_are_read_or_refused() -> None:
    became = read_all(200, number=2026)
    assert became["broken"] == 0
    assert sum(became.values()) >= 200
    assert became["refused"]
    assert became["partly"] + became["accepted"]
