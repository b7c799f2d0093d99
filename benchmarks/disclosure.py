"""How much disclosure control hides, and that nothing follows: `python -m benchmarks.disclosure`.

Random cities with late units and enterprises, zeros, corrections, entries, exits and moves are
published twelve times each. The attack of tests/disclosure then tries what any two units can tell
of all releases together. The rule before the ledger decides on the same returns, for comparison;
the same attack is tried on it, too.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from benchmarks import disclosure_before as before
from oneninex.domain.releases import CITY, REST
from tests.disclosure.histories import HARSH, MEASURES, MILD, History, invent
from tests.disclosure.releases_attack import RULE, Shown, leaks, play, returns

Outcome = Counter[str]


def main() -> None:
    """Try the cities; ends with 1 where anything follows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cities", type=int, default=500)
    parser.add_argument("--first", type=int, default=0, help="seed of the first city")
    parser.add_argument("--pairs", type=int, default=6, help="pairs of units for each quarter")
    parser.add_argument("--mild", action="store_true", help="three tenths of the lateness")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    asked = [
        (seed, given.pairs, given.mild) for seed in range(given.first, given.first + given.cities)
    ]
    total: Outcome = Counter()
    started = time.monotonic()
    with ProcessPoolExecutor(given.processes) as pool:
        for number, outcome in enumerate(pool.map(attempt, asked, chunksize=4), start=1):
            total += outcome
            if number % 50 == 0:
                print(f"{number} cities, {time.monotonic() - started:.0f} s", flush=True)
    print(f"cities tried: {given.cities} ({'mild' if given.mild else 'harsh'})")
    for name in ("now", "before"):
        shown, cells = total[f"{name} shown"], total["cells"]
        whole, city = total[f"{name} city"], total["city cells"]
        print(
            f"{name}: leaks in {total[f'{name} leaking']} cities; "
            f"hidden {1 - shown / cells:.1%} of {cells} unit cells "
            f"and {1 - whole / city:.1%} of {city} city cells"
        )
    if total["cities deciding"]:
        per = total["microseconds"] / total["publications"] / 1000
        print(f"decision: {per:.1f} ms a publication on average")
    sys.exit(1 if total["now leaking"] else 0)


def attempt(asked: tuple[int, int, bool]) -> Outcome:
    """One city under both rules."""
    seed, pairs, mild = asked
    history = invent(seed, MILD if mild else HARSH)
    started = time.process_time()
    ledger, shown = play(history)
    taken = time.process_time() - started
    found: Outcome = Counter({"cities deciding": 1, "publications": len(history.publications)})
    found["microseconds"] = round(taken * 1e6)
    # A cell: a unit or the city in a quarter that anybody reported.
    _, world = history.publications[-1]
    for quarter in {quarter for quarter, _ in world}:
        units = {unit for (at, _), (unit, _) in world.items() if at == quarter}
        found["cells"] += len(units)
        found["city cells"] += 1
    for cell, parts in ledger.releases.items():
        found["now shown"] += len(parts.keys() - {REST})
        found["now city"] += ledger.city(cell) is not None
    if leak := next(leaks(history, shown, pairs=pairs, seed=seed), None):
        found["now leaking"] = 1
        print(f"seed {seed}: {leak}", flush=True)
    earlier, last = _before(history)
    found["before shown"] = sum(scope != CITY for _, _, scope in last.shown)
    found["before city"] = sum(scope == CITY for _, _, scope in last.shown)
    found["before leaking"] = int(any(leaks(history, earlier, pairs=1, seed=seed)))
    return found


def _before(history: History) -> tuple[list[Shown], before.Decision]:
    """All that the earlier rule showed, and its decision in the last publication."""
    rule = before.Rule(RULE.min_contributors, RULE.dominance_contributors, RULE.dominance_share)
    released: dict[before.Cell, set[frozenset[str]]] = {}
    shown: list[Shown] = []
    decision = before.Decision()
    for day, world in history.publications:
        parts, sent = [], {}
        for one in returns(history, day, world):
            sent[one.period] = one.senders(one.units)
            for name, sender in sent[one.period].items():
                amounts = [(measure, sender.amounts[measure]) for measure in MEASURES]
                parts += [
                    before.Part(one.family, one.period, measure, sender.unit, name, amount)
                    for measure, amount in amounts
                ]
        decision = before.decide(parts, rule, released)
        for cell, names in decision.shown.items():
            released.setdefault(cell, set()).add(names)
            _, period, scope = cell
            senders = {name: sent[period][name] for name in names}
            shown.append(Shown(period, scope, senders))
    return shown, decision


if __name__ == "__main__":
    main()
