"""Two files of one import that hold the same return: what is said of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from oneninex.domain import contracts
from oneninex.ingestion.findings import Finding

RULE = "one_file_per_return"


@dataclass(frozen=True)
class Overlap:
    """Rows of one upload that a later one of the same publication replaces, of a unit and period.

    `older` and `newer` are numbers of uploads; `returns` counts the returns that both hold, of
    which `example` names the first.
    """

    kind: str
    older: int
    newer: int
    unit_id: str | None
    period: date | None
    rows: int
    returns: int
    example: str


def rows(same: Overlap, other: str) -> Finding:
    """Of the file whose rows do not count, since `other` comes later."""
    return _finding("rule.replaced_by_file", same, other)


def by_this(same: Overlap, other: str) -> Finding:
    """Of the file that counts, though it may be but a part like `other`."""
    return _finding("rule.replaces_file", same, other)


def _finding(message: str, same: Overlap, other: str) -> Finding:
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
