"""What the briefing asks of one snapshot, and where in an answer each figure stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from oneninex import store
from oneninex.briefing.model import Cell, Row
from oneninex.store import Snapshot


@dataclass(frozen=True)
class Answer:
    """The rows of one query, found by the values of their key columns."""

    query: str
    parameters: tuple[tuple[str, Any], ...]
    keys: tuple[str, ...]
    rows: list[Row]

    def row(self, *key: Any) -> Row | None:
        """The row whose key columns have these values, None where there is none."""
        return next((row for row in self.rows if self._key(row) == key), None)

    def cell(self, row: Row, column: str) -> Cell:
        """One value of a row, with the way back to it."""
        key = tuple(zip(self.keys, self._key(row), strict=True))
        return Cell(self.query, self.parameters, key, column, row[column])

    def _key(self, row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in self.keys)


@dataclass
class Asked:
    """Asks the queries of one snapshot for one audience, each only once."""

    snapshot: Snapshot
    audience: str
    lang: str
    month: date
    # Units already named as missing in this section; saying them again would drown the figures.
    named: set[str] = field(default_factory=set)
    _answers: dict[tuple[Any, ...], Answer] = field(default_factory=dict)

    def __call__(self, query: str, *keys: str, **parameters: Any) -> Answer:
        """The answer of a query with names in this language; `keys` tell its rows apart."""
        given = tuple(sorted(parameters.items()))
        asked = (query, keys, given)
        if asked not in self._answers:
            table = store.query(query, snapshot=self.snapshot, audience=self.audience, **parameters)
            rows = [self._localised(row) for row in table.to_pylist()]
            self._answers[asked] = Answer(query, given, keys, rows)
        return self._answers[asked]

    def at_month(self, query: str, *keys: str, **parameters: Any) -> Answer:
        """The answer as at the briefing's month."""
        return self(query, *keys, to_month=self.month, **parameters)

    def unit_name(self, unit_id: str) -> str:
        """The name of a unit in this language, its id where the plan does not have it."""
        row = self("units", "unit_id").row(unit_id)
        return row["name"] if row else unit_id

    def awaits_review(self, unit_id: str, kind: str, month: date) -> bool:
        """Return whether a unit's return of a kind and month has come and awaits review."""
        period = {"from_month": month, "to_month": month}
        row = self("returns_ledger", "unit_id", kind=kind, **period).row(unit_id)
        return row is not None and row["status"] == "awaiting_review"

    def _localised(self, row: Row) -> Row:
        """The row with x (x_name beside a code x) for each pair x_zh, x_en; the pair stays."""
        stems = [column.removesuffix("_zh") for column in row if column.endswith("_zh")]
        named = {
            f"{stem}_name" if stem in row else stem: row[f"{stem}_{self.lang}"] for stem in stems
        }
        return {**row, **named}
