"""Put spoiled files to every reader for a bounded time: `python -m scripts.fuzz --seconds 600`.

Ends with 1 when one of them failed, hung or took too much memory. The inputs are those of
`--number`, so that a run can be repeated; leave it out for other inputs each time.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.fuzz.faulty import read_all
from tests.fuzz.run import keep, run


def main() -> int:
    """Fuzz, tell, keep what failed."""
    parser = argparse.ArgumentParser(description="Put spoiled files to every reader.")
    parser.add_argument("--seconds", type=float, default=25)
    parser.add_argument("--number", type=int, default=None, help="Which inputs; the same again.")
    parser.add_argument("--files", type=int, default=0, help="So many through the sandbox.")
    given = parser.parse_args()
    number = int(time.time()) if given.number is None else given.number
    if given.files:
        became = read_all(given.files, number)
        print(f"Faulty files (number {number}): {dict(became)}")
        return int(became["broken"] > 0)
    outcome = run(given.seconds, number)
    for seed, fault in outcome.failed.values():
        print(f"\n{seed.reader} {seed.name} ({len(seed.content)} bytes):\n{fault}")
    for path in keep(outcome) if outcome.failed else []:
        print(f"kept: {path}")
    print(f"Fuzzed {outcome.inputs} inputs (number {number}): {len(outcome.failed)} failed.")
    return int(bool(outcome.failed) or outcome.inputs == 0)


if __name__ == "__main__":
    sys.exit(main())
