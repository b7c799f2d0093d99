"""How fast a large return is imported, against a bare COPY of the same file to Parquet.

`python -m benchmarks.import_labeling --rows 5000000 --pairs 3`. Each measurement is a process of
its own, the two alternate, and what counts is their ratio: the seconds belong to the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from benchmarks import labeling_file, told
from oneninex.core.settings import ROOT

GOAL_RATIO = 3.0
GOAL_ROWS = 5_000_000  # a short file is mostly what every publication costs
GOAL_BYTES = 2_000_000_000
_TYPES = {
    "date": "DATE",
    "hours": "DOUBLE",
    "volume_gb": "DOUBLE",
    **dict.fromkeys(("unit_id", "enterprise_id", "project_id", "dataset_id"), "VARCHAR"),
    **dict.fromkeys(("modality", "task_type", "hours_basis"), "VARCHAR"),
}


def main() -> None:
    """Measure, and print ratios, peak memory and what was set aside."""
    options = _options()
    if options.child:
        print(json.dumps(CHILDREN[options.child](options.file, options.out)))
        return
    file = options.file or ROOT / "build" / f"labeling_{options.rows}_{options.seed}.csv"
    if not file.exists():
        print(f"writing {file.name} ...", flush=True)
        labeling_file.write(file, options.rows, options.seed)
    bad = labeling_file.bad_rows(options.rows, options.seed)
    print(f"{options.rows:,} rows, {bad:,} of them bad, {file.stat().st_size / 1e6:,.0f} MB")
    _report([{name: _measure(name, file) for name in CHILDREN} for _ in range(options.pairs)])


def bare(file: Path, out: Path) -> dict[str, Any]:
    """What nothing can beat: typed reading and one Parquet file, no check, bad rows dropped."""
    types = ", ".join(f"'{name}': '{_TYPES.get(name, 'BIGINT')}'" for name in labeling_file.COLUMNS)
    return _copied(
        f"read_csv('{file}', header = true, auto_detect = false, delim = ',', quote = '\"', "
        f"columns = {{{types}}}, ignore_errors = true)",
        out,
    )


def text(file: Path, out: Path) -> dict[str, Any]:
    """The bare copy that loses no row of a file with bad cells: every cell as text."""
    return _copied(f"read_csv('{file}', all_varchar = true)", out)


def _copied(source: str, out: Path) -> dict[str, Any]:
    start = time.perf_counter()
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"copy (select * from {source}) "
            f"to '{out / 'bare.parquet'}' (format parquet, compression zstd)"
        ).fetchone()
    return {"seconds": time.perf_counter() - start, "rows": rows[0] if rows else 0}


def full(file: Path, out: Path) -> dict[str, Any]:
    """The import: raw file kept, every cell checked, stored and published into an empty store."""
    from oneninex.domain.plan import Plan
    from oneninex.ingestion import Options
    from oneninex.services.import_service import Incoming, import_files
    from oneninex.store import Store

    plan = Plan.load(ROOT / "data" / "plan")
    incoming = [Incoming(file, Options(max_bytes=1 << 40), date(2026, 12, 1))]
    start = time.perf_counter()
    result = import_files(Store(out / "store"), plan, incoming)
    seconds = time.perf_counter() - start
    (_, batch) = result.files[0]
    return {
        "seconds": seconds,
        "rows": batch.rows_read,
        "quarantined": batch.rows_quarantined,
        "snapshot": result.snapshot,
    }


def _measure(child: str, file: Path) -> dict[str, Any]:
    """Run one measurement in a process of its own, with its peak memory and CPU time."""
    out = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "build"))
    arguments = ["--child", child, "--file", str(file), "--out", str(out)]
    command = [sys.executable, "-m", "benchmarks.import_labeling", *arguments]
    try:
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            said = process.stdout.read()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        shutil.rmtree(out)
    if process.returncode:
        raise SystemExit(f"{child} ended with {process.returncode}")
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    found = {**json.loads(said), "bytes": peak, "cpu": used.ru_utime + used.ru_stime}
    print(
        f"  {child}: {found['seconds']:.2f} s, CPU {found['cpu']:.1f} s, "
        f"peak {peak / 1e6:,.0f} MB, {found.get('quarantined', 0):,} in quarantine",
        flush=True,
    )
    return found


def _report(rounds: list[dict[str, dict[str, Any]]]) -> None:
    for other in ("bare", "text"):
        ratios = sorted(each["full"]["seconds"] / each[other]["seconds"] for each in rounds)
        cpu = median(each["full"]["cpu"] / each[other]["cpu"] for each in rounds)
        print(
            f"import / {other} COPY: {median(ratios):.2f} [{ratios[0]:.2f}-{ratios[-1]:.2f}] in "
            f"time, {cpu:.2f} in CPU; {1 / median(ratios):.0%} of its rows per second"
        )
        long = rounds[-1]["full"]["rows"] >= GOAL_ROWS
        goal = GOAL_RATIO if other == "bare" and long else None
        told.ratio("import, time", f"{other} COPY", ratios, most=goal)
    peak = max(each["full"]["bytes"] for each in rounds)
    last = rounds[-1]["full"]
    print(
        f"goals: ratio to bare {GOAL_RATIO}, memory under {GOAL_BYTES / 1e6:,.0f} MB; peak memory "
        f"{peak / 1e6:,.0f} MB; {last['quarantined']:,} of {last['rows']:,} rows in quarantine"
    )


CHILDREN = {"bare": bare, "text": text, "full": full}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--child", choices=tuple(CHILDREN), help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
