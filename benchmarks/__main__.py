"""Every benchmark, small, and one table of what came of it: `make bench`, SCALE=10 for more.

Each ratio has its baseline in the same run, so that machines may differ; seconds are in the lines
of each benchmark. The sizes that the goals are about are those of the single targets.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from unicodedata import east_asian_width

from benchmarks import told
from oneninex.core.settings import ROOT

_HEAD = ["what", "against", "ratio", "range", "goal", ""]


def plans(scale: int) -> dict[str, list[str]]:
    """The benchmarks and what each is asked for."""
    rows, few = str(500_000 * scale), str(100_000 * scale)
    return {
        "import_labeling": ["--rows", rows, "--pairs", "2"],
        "rollup": ["--rows", rows, "--no-spark"],
        "forecast": ["--each", "3"],
        "flat": ["--rows", few, str(2_000_000 * scale), "--rounds", "6"],
        "queries": ["--seconds", "3", "--threads", "1"],
        "readers": ["--readers", "10", "--changes", str(160 * scale), "--publications", "2"],
        "screen": ["--rows", str(2_000_000 * scale), "--changes", "3"],
    }


def main() -> None:
    """Run what was named, or all; ends with 1 where one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("names", nargs="*", help="benchmarks to run; all of them by default")
    given = parser.parse_args()
    table, failed = [], []
    for name, options in plans(given.scale).items():
        if given.names and name not in given.names:
            continue
        print(f"\n{name} {' '.join(options)}", flush=True)
        lines, code = _run(name, options)
        table += [cells for line in lines if (cells := told.cells(line))]
        failed += [name] if code else []
    _print(table)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def _run(name: str, options: list[str]) -> tuple[list[str], int]:
    command = [sys.executable, "-m", f"benchmarks.{name}", *options]
    lines = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            lines.append(line)
            print(f"  {line}", end="", flush=True)
    return lines, process.returncode


def _print(table: list[list[str]]) -> None:
    rows = [_HEAD, *table]
    widths = [max(_width(row[place]) for row in rows) for place in range(len(_HEAD))]
    print()
    for row in rows:
        padded = (cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True))
        print("  ".join(padded).rstrip())


def _width(text: str) -> int:
    return sum(1 + (east_asian_width(sign) in "WF") for sign in text)


if __name__ == "__main__":
    main()
