"""Agreement of several people on the same items: Krippendorff's alpha for nominal answers.

After K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): answers that share an
item with at least one other are paired, each pair of an item with m answers weighs 1/(m - 1),
and alpha is 1 minus observed over expected disagreement. Missing answers need no treatment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Agreement:
    """`alpha` in (-inf, 1], None where all answers are the same and it is undefined.

    `items` are those that at least two people answered, `answers` the answers on these.
    """

    alpha: float | None
    items: int
    answers: int


def alpha(items: ArrayLike, answers: ArrayLike) -> Agreement:
    """Krippendorff's nominal alpha of answers given side by side with the items they are on.

    One entry for each person and item (an answer that is missing has no entry); both sequences
    have the same length, any values that can be compared for equality by numpy.
    """
    units, unit = np.unique(np.asarray(items), return_inverse=True)
    values, value = np.unique(np.asarray(answers), return_inverse=True)
    given = np.bincount(unit, minlength=len(units))
    paired = given[unit] > 1
    unit, value = unit[paired], value[paired]
    several = int((given > 1).sum())
    total = len(unit)
    if not total:
        return Agreement(None, 0, 0)
    # how often each item got each answer, only where it did
    cells, times = np.unique(unit.astype(np.int64) * len(values) + value, return_counts=True)
    agreeing = (times * (times - 1) / (given[cells // len(values)] - 1)).sum()
    frequency = np.bincount(value).astype(float)
    by_chance = (frequency * (frequency - 1)).sum() / (total - 1)
    if np.isclose(by_chance, total):
        return Agreement(None, several, total)
    return Agreement(float(1 - (total - agreeing) / (total - by_chance)), several, total)
