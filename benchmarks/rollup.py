"""How fast task-level events are added up: against a bare COPY of the file, and by Spark here.

`python -m benchmarks.rollup --rows 5000000`. Each measurement is a process of its own. With
`--spark` a master and two workers of one core are started on this machine, so that both engines
have the same cores.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from stdnum.cn import uscc

from benchmarks import told
from oneninex.core.settings import ROOT
from tests.engine import cluster

_BODIES = [f"91320800DEM{number:06d}" for number in range(36)]
ENTERPRISES = [body + uscc.calc_check_digit(body) for body in _BODIES]


def main() -> None:
    """Write the events once, then print seconds, ratio and peak memory of each engine."""
    options = _options()
    file = options.folder / f"events_{options.rows}.{options.form}"
    options.folder.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        write(file, options.rows)
    print(f"{options.rows:,} events, {file.stat().st_size / 1e6:,.0f} MB", flush=True)
    bare = _bare(file, options.folder / "bare.parquet")
    print(f"bare COPY: {bare:.1f} s")
    with tempfile.TemporaryDirectory(dir=options.folder) as scratch:
        _told("duckdb", _roll_up(file, Path(scratch) / "here", []), bare, options.rows)
        if options.spark:
            work = Path(scratch) / "cluster"
            work.mkdir()
            with cluster.cluster(work, memory="3g", executor="2g") as master:
                os.environ.update(cluster.surroundings(work))
                spark = ["--engine", "spark", "--master", master]
                out = Path(scratch) / "there"
                _told("spark", _roll_up(file, out, spark), bare, options.rows)
            same = _same(Path(scratch) / "here", out)
            print("files equal byte for byte" if same else "FILES DIFFER")


def write(file: Path, rows: int) -> None:
    """Events of ten months: half submissions, half reviews, a thousandth of them wrong."""
    listed = ", ".join(f"'{code}'" for code in ENTERPRISES)
    form = "csv, header" if file.suffix == ".csv" else "parquet, compression zstd"
    with duckdb.connect(config={"memory_limit": "1GB"}) as connection:
        connection.execute(
            f"""
            copy (
                with drawn as (select i, hash(i) as h, hash(i, 7) as g from range({rows}) t (i))
                select 'E' || i as event_id, 'W' || (i // 2) as item_id,
                    case when i % 2 = 0 then 'submitted' when h % 10 = 0 then 'rejected'
                        else 'accepted' end as event,
                    strftime(timestamp '2026-01-01 08:00:00' + to_seconds((h % 26000000)::bigint),
                        '%Y-%m-%d %H:%M:%S') as ended_at,
                    case when g % 1000 = 0 then 'U99' else 'U' || (1 + g % 9) end as unit_id,
                    ([{listed}])[(1 + g % 36)::int] as enterprise_id,
                    'P' || (h % 50) as project_id,
                    ['image', 'text', 'audio'][(1 + h % 3)::int] as modality,
                    case when i % 2 = 0 then 'a' || (h % 5000) end as annotator,
                    case when i % 2 = 0 then (h % 300000) / 1000 end as seconds,
                    case when i % 2 = 0 then 'active_time' end as hours_basis,
                    case when i % 2 = 1 then g % 5 > 0 end as first_review,
                    case when i % 2 = 0 then h % 12 end as objects
                from drawn
            ) to '{file}' (format {form})
            """
        )


def _bare(file: Path, out: Path) -> float:
    read = "read_csv" if file.suffix == ".csv" else "read_parquet"
    text = ", all_varchar = true" if file.suffix == ".csv" else ""
    start = time.perf_counter()
    with duckdb.connect() as connection:
        connection.execute(f"copy (from {read}('{file}'{text})) to '{out}' (format parquet)")
    out.unlink()
    return time.perf_counter() - start


def _roll_up(file: Path, out: Path, more: list[str]) -> tuple[float, int]:
    """Seconds and peak memory in bytes of a process that rolls the events up."""
    command = [sys.executable, "-m", "oneninex", "rollup", str(file), "--out", str(out), *more]
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode > 1:
        raise SystemExit(f"rollup ended with {process.returncode}")
    return time.perf_counter() - start, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _told(name: str, found: tuple[float, int], bare: float, rows: int) -> None:
    seconds, peak = found
    print(
        f"{name}: {seconds:.1f} s, {seconds / bare:.1f} × the bare COPY, "
        f"{rows / seconds / 1e6:.2f} million events a second, peak {peak / 1e6:,.0f} MB",
        flush=True,
    )
    told.ratio(f"rollup of events, {name}", "bare COPY", [seconds / bare])


def _same(here: Path, there: Path) -> bool:
    names = sorted(path.name for path in here.glob("*.parquet"))
    return names == sorted(path.name for path in there.glob("*.parquet")) and all(
        (here / name).read_bytes() == (there / name).read_bytes() for name in names
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--form", choices=("csv", "parquet"), default="csv")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "rollup")
    parser.add_argument("--spark", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
