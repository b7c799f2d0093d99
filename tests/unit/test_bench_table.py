"""`make bench`: what each benchmark tells of its ratios comes into one table."""

from __future__ import annotations

import importlib.util

from benchmarks import __main__ as bench
from benchmarks import told


def test_a_ratio_is_read_back_with_range_and_goal(capsys):
    told.ratio("a page", "another", [3.0, 1.0, 2.0], most=1.5)
    told.ratio("a rate", "one reader", [3.0], least=2)
    told.ratio("no goal", "a baseline", [1.0])
    lines = capsys.readouterr().out.splitlines()

    assert [told.cells(line) for line in lines] == [
        ["a page", "another", "2.00", "1.00 - 3.00", "1.5 or less", "not met"],
        ["a rate", "one reader", "3.00", "3.00 - 3.00", "2 or more", "met"],
        ["no goal", "a baseline", "1.00", "1.00 - 1.00", "", ""],
    ]
    assert told.cells("import / bare COPY: 3.1") is None


def test_every_planned_benchmark_is_there():
    names = bench.plans(1)

    assert "screen" in names
    assert all(importlib.util.find_spec(f"benchmarks.{name}") for name in names)
