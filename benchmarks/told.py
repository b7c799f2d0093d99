"""One line for each ratio, alike in every benchmark, so that `make bench` can put them together."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

MARK = "ratio: "
_BETWEEN = " | "


def ratio(
    what: str,
    against: str,
    found: Sequence[float],
    *,
    most: float | None = None,
    least: float | None = None,
) -> None:
    """Print the median of what was measured against a baseline of the same run, with its range."""
    middle = median(found)
    goal, met = "", ""
    if most is not None:
        goal, met = f"{most:g} or less", _word(middle <= most)
    elif least is not None:
        goal, met = f"{least:g} or more", _word(middle >= least)
    told = [what, against, f"{middle:.2f}", f"{min(found):.2f} - {max(found):.2f}", goal, met]
    print(MARK + _BETWEEN.join(told), flush=True)


def cells(line: str) -> list[str] | None:
    """What such a line tells; None for any other."""
    return line[len(MARK) :].rstrip("\n").split(_BETWEEN) if line.startswith(MARK) else None


def _word(met: bool) -> str:
    return "met" if met else "not met"
