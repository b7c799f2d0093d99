"""Rows that a query gave against rows that were worked out by hand."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from tests.recompute.exact import Row

# A double holds 15 to 17 digits, and a quotient of two of them is right to about the 16th. Twelve
# digits are more than any page prints, and leave room for some roundings one after another. The
# difference of two rates (each between 0 and 1) is right to the last digit of the rates, not of
# the difference: hence also a few units in the last place of 1.
RELATIVE, ABSOLUTE = 1e-12, 2e-15


def differences(expected: list[Row], got: list[Row]) -> list[str]:
    """What is not the same, in words; nothing when both agree to the digit."""
    found = [] if len(expected) == len(got) else [f"{len(expected)} rows expected, not {len(got)}"]
    for number, (wanted, row) in enumerate(zip(expected, got, strict=False)):
        if wanted.keys() != row.keys():
            return [*found, f"other columns: {sorted(wanted.keys() ^ row.keys())}"]
        found += [
            f"row {number} {_key(row)}: {name} should be {wanted[name]!r}, is {row[name]!r}"
            for name in row
            if not same(wanted[name], row[name])
        ]
    return found


def same(wanted: Any, got: Any) -> bool:
    """Whole numbers, texts and days exactly; fractions to twelve digits; missing is not 0."""
    if wanted is None or got is None:
        return wanted is None and got is None
    if isinstance(got, float):
        close = isinstance(wanted, int | float | Decimal) and not isinstance(wanted, bool)
        return close and math.isclose(float(wanted), got, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return type(wanted) is type(got) and wanted == got


def _key(row: Row) -> str:
    """The first columns tell which row it is."""
    return " ".join(str(value) for value in list(row.values())[:3])
