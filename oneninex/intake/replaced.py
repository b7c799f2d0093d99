"""Two files of one import that hold the same return: what is said of each."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from oneninex import contracts
from oneninex.intake.findings import Finding

RULE = "one_file_per_return"


class Same(Protocol):
    """What two files have in common, of one unit and period: some returns, of which one is named."""

    @property
    def kind(self) -> str: ...
    @property
    def unit_id(self) -> str | None: ...
    @property
    def period(self) -> date | None: ...
    @property
    def rows(self) -> int: ...
    @property
    def returns(self) -> int: ...
    @property
    def example(self) -> str: ...


def rows(same: Same, other: str) -> Finding:
    """Of the file whose rows do not count, since `other` comes later."""
    return _finding("rule.replaced_by_file", same, other)


def by_this(same: Same, other: str) -> Finding:
    """Of the file that counts, though it may be but a part like `other`."""
    return _finding("rule.replaces_file", same, other)


def _finding(message: str, same: Same, other: str) -> Finding:
    contract = contracts.load(same.kind)
    values: dict[str, object] = {
        "other": other,
        "kind": (contract.title, contract.title_en),
        "rows": f"{same.rows:,}",
        "returns": f"{same.returns:,}",
        "example": same.example,
    }
    place = {"unit_id": same.unit_id, "period": same.period}
    return Finding("rule", message, rule=RULE, values=values, **place)
