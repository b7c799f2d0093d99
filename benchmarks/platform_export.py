"""How much memory the import of a large Label Studio export takes.

`python -m benchmarks.platform_export --megabytes 500`. The export is made up: texts of different
lengths, one to three annotations each with spans and a choice. The import runs in a process of its
own; printed are its peak memory, the goal, and its time over that of parsing the file alone.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from oneninex.core.settings import ROOT
from oneninex.ingestion.platform.stream import Elements

GOAL_BYTES = 1_000_000_000
_START = datetime(2026, 1, 5, 1, tzinfo=UTC)


def main() -> None:
    """Measure, and print peak memory and the ratio to parsing alone."""
    options = _options()
    if options.child:
        print(json.dumps(_import(options.file, options.out)))
        return
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "build") as folder:
        file = options.file or Path(folder) / "export.json"
        if options.file is None:
            write(file, options.megabytes * 1_000_000)
        start = time.perf_counter()
        _parse(file)
        alone = time.perf_counter() - start
        found = _measure(file, Path(folder))
    print(
        f"{found['mb']:,.0f} MB, {found['rows']:,} annotations; told of progress "
        f"{found['told']:,} times; time {found['seconds'] / alone:.1f} x parsing alone; "
        f"peak memory {found['bytes'] / 1e6:,.0f} MB, goal {GOAL_BYTES / 1e6:,.0f} MB"
    )


def write(path: Path, size: int, seed: int = 1) -> None:
    """Write an export of about `size` bytes."""
    dice = random.Random(seed)
    written = number = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        while written < size:
            number += 1
            text = json.dumps(_task(number, dice), ensure_ascii=False)
            file.write(("," if number > 1 else "") + text)
            written += len(text.encode())
        file.write("]")


def _task(number: int, dice: random.Random) -> dict[str, Any]:
    people = dice.sample(range(1, 40), dice.randint(1, 3))
    text = "一二三四五六七八九十 " * dice.randint(5, 120)
    done = [_annotation(10 * number + n, who, dice) for n, who in enumerate(people)]
    return {"id": number, "annotations": done, "drafts": [], "data": {"text": text}}


def _annotation(number: int, who: int, dice: random.Random) -> dict[str, Any]:
    at = _START + timedelta(seconds=number * 20)
    spans = [
        {
            "id": f"r{number}{n}",
            "type": "labels",
            "value": {"start": n, "end": n + 3, "text": "二三四", "labels": ["词"]},
            "origin": "manual",
            "from_name": "label",
            "to_name": "text",
        }
        for n in range(dice.randint(0, 6))
    ]
    chosen = {"choices": [dice.choice("甲乙丙")]}
    choice = {"id": f"c{number}", "type": "choices", "from_name": "kind", "value": chosen}
    return {
        "id": number,
        "completed_by": {"id": who, "email": f"person{who}@example.com"},
        "result": [*spans, choice],
        "was_cancelled": dice.random() < 0.03,
        "created_at": at.isoformat(),
        "updated_at": at.isoformat(),
        "lead_time": round(dice.lognormvariate(4, 1), 3),
        "reviews": [],
    }


def _parse(path: Path) -> None:
    """What nothing can beat: only parse the tasks, one at a time."""
    for _ in Elements(path):
        pass


def _import(file: Path, out: Path) -> dict[str, Any]:
    from oneninex.domain.plan import Plan
    from oneninex.ingestion import Options
    from oneninex.services.import_service import Incoming, import_files
    from oneninex.store import Store

    plan = Plan.load(ROOT / "data" / "plan")
    options = Options(
        unit_id="U1", enterprise_id="91320800DEM000101L", project_id="P-1", modality="text"
    )
    told: list[int] = []
    start = time.perf_counter()
    result = import_files(
        Store(out / "store"),
        plan,
        [Incoming(file, options, date(2026, 12, 1))],
        progress=lambda name, done, total: told.append(done),
    )
    (_, batch) = result.files[0]
    return {
        "seconds": time.perf_counter() - start,
        "rows": batch.rows_accepted,
        "mb": batch.bytes / 1e6,
        "told": len(set(told)),
        "snapshot": result.snapshot,
    }


def _measure(file: Path, out: Path) -> dict[str, Any]:
    """Run the import in a process of its own, with its peak memory."""
    arguments = ["--child", "--file", str(file), "--out", str(out)]
    command = [sys.executable, "-m", "benchmarks.platform_export", *arguments]
    environment = {"ONENINEX_KEY": "a key for the benchmark", **os.environ}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the import ended with {process.returncode}")
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {**json.loads(said), "bytes": peak}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
