"""The cases that were found by trying the product say on every surface what they should."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from oneninex.cli import main
from oneninex.store import Store
from tests.statements import surfaces

CHANGE = re.compile(r"环比(增长|下降)\d")


def said(shared: Path, folder: Path, name: str, month: date) -> str:
    assert main(["--store", str(folder), "import", str(shared / "cases" / name / "in")]) in (0, 1)
    found = surfaces.everything(Store(folder), month, "zh")
    return "\n".join(line for lines in found.values() for line in lines)


def test_a_month_to_the_tenth_is_never_called_whole(shared: Path, tmp_path: Path):
    words = said(shared, tmp_path, "73-partial-month", date(2026, 11, 1))

    assert "2026年11月1—10日" in words
    assert "报送完整" not in words
    assert "截至2026年11月末" not in words
    lines = [line for line in words.splitlines() if CHANGE.search(line)]
    assert all("2026年10月" in line for line in lines)  # side by side: the two whole months


def test_one_partial_unit_is_named_and_ranks_with_nobody(shared: Path, tmp_path: Path):
    words = said(shared, tmp_path, "73b-one-unit-partial", date(2026, 10, 1))

    assert "其中8个报送完整" in words
    assert "仅报送部分日期" in words
    assert "最少" not in words
    assert "最低的是" not in words
    assert "（占166" not in words  # case 79: no share of a net change


def test_of_equal_units_nobody_is_named(shared: Path, tmp_path: Path):
    words = said(shared, tmp_path, "74-tie", date(2026, 9, 1))

    assert "最多的是" not in words
    assert "最多的有" not in words
    assert "最高的是" not in words
