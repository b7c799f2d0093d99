"""When a target is reached, and how likely it is reached in time, from paths of its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from oneninex.domain.analytics.models import Floats

Operator = Literal["reach", "exceed", "at_most"]
SHARES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Arrival:
    """Steps ahead (1 = the first) by which a tenth, half, nine tenths of the paths have arrived.

    None where they have not within the steps that were forecast. `probability` is the share of
    paths that meet the target when it is due: a value that may fall again has to hold.
    """

    early: int | None
    middle: int | None
    late: int | None
    probability: float


def met(values: Floats, target: float, operator: Operator) -> np.ndarray:
    """Whether values meet the target: `exceed 35` at 36, `reach 50` at 50."""
    # A path added up from fractions misses a round number by less than anyone means.
    slack = 1e-9 * max(abs(target), 1.0)
    if operator == "exceed":
        return values > target + slack
    return values <= target + slack if operator == "at_most" else values >= target - slack


def arrival(paths: Floats, target: float, operator: Operator, due: int) -> Arrival:
    """Arrival of paths (paths, steps) at a target that is due after `due` steps, 1 at least."""
    there = met(paths, target, operator)
    first = np.where(there.any(axis=1), there.argmax(axis=1) + 1, np.inf)
    early, middle, late = (_step(first, share) for share in SHARES)
    return Arrival(early, middle, late, float(there[:, due - 1].mean()))


def _step(first: Floats, share: float) -> int | None:
    """The first step by which at least that share of the paths has arrived."""
    step = np.sort(first)[int(np.ceil(share * first.size)) - 1]
    return None if np.isinf(step) else int(step)
