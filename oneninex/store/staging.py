"""Rows of the uploads of one publication, by kind; a later upload replaces the same return's."""

from __future__ import annotations

import duckdb

from oneninex.domain import contracts
from oneninex.domain.contracts import Contract
from oneninex.ingestion.duplicate_returns import Overlap
from oneninex.store import facts


class IncomingRows:
    """Takes a relation of accepted rows for each upload and gives one relation for each kind.

    The rows of a kind's only upload are read where they lie; those of several are put together.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._first: dict[str, tuple[str, int]] = {}
        self._together: set[str] = set()
        self._unsettled: set[str] = set()
        self._returns: dict[str, str] = {}  # those of a kind's only upload

    @property
    def kinds(self) -> list[str]:
        """The kinds that there are rows of."""
        return sorted(self._first)

    def take(self, kind: str, table: str, number: int) -> str:
        """Take the rows of upload `number`: the contract's fields, then source_row.

        Returns the relation of their returns (facts.returns_sql).
        """
        returns = f"returns_{kind}_{number}"
        found = facts.returns_sql(contracts.load(kind), table)
        self._connection.execute(f"create temp table {returns} as {found}")
        self._take(kind, table, number)
        self._returns[kind] = returns
        return returns

    def returns(self, kind: str) -> str:
        """A relation with the returns of a kind: of few rows where it came in one upload."""
        return self._returns[kind] if self._of_one_upload(kind) else self.relation(kind)

    def _of_one_upload(self, kind: str) -> bool:
        return kind in self._returns and kind not in self._together

    def _take(self, kind: str, table: str, number: int) -> None:
        if kind not in self._first:
            self._first[kind] = table, number
            self._view(kind, table, number)
            return
        if kind not in self._together:
            self._put_together(kind)
        self._connection.execute(f"insert into incoming_{kind} {self._select(kind, table, number)}")
        self._unsettled.add(kind)

    def put(self, kind: str, table: str) -> None:
        """Take rows that say themselves which upload (upload_no) each is from; once for a kind."""
        if kind not in self._first:
            self._first[kind] = table, 0
            names = self._names(kind)
            self._connection.execute(
                f"create temp view incoming_{kind} as "
                f"select {names}, source_row, upload_no::integer as upload_no from {table}"
            )
            return
        if kind not in self._together:
            self._put_together(kind)
        self._connection.execute(
            f"insert into incoming_{kind} select {self._names(kind)}, source_row, upload_no "
            f"from {table}"
        )
        self._unsettled.add(kind)

    def relation(self, kind: str) -> str:
        """The contract's fields, source_row and upload_no of the rows that count."""
        if kind in self._unsettled:
            self._settle(kind)
            self._unsettled.discard(kind)
        return f"incoming_{kind}"

    def overlaps(self) -> list[Overlap]:
        """What uploads replace of each other; to be asked before the rows are read."""
        return [overlap for kind in sorted(self._unsettled) for overlap in self._overlaps(kind)]

    def _overlaps(self, kind: str) -> list[Overlap]:
        contract = contracts.load(kind)
        keys = ", ".join(f"{sql} as key_{i}" for i, sql in enumerate(facts.identity_sql(contract)))
        same = ", ".join(f"key_{i}" for i, _ in enumerate(contract.replaces))
        found = self._connection.execute(
            f"select upload_no, newest, unit, period, sum(found)::bigint, count(*), min(example) "
            f"from (select *, max(upload_no) over (partition by {same}) as newest from ("
            f"select {keys}, {facts.unit_sql(contract)} as unit, {facts.period_sql(contract)} as "
            f"period, {_example(contract)} as example, upload_no, count(*) as found "
            f"from incoming_{kind} group by all)) where upload_no < newest "
            f"group by all order by all"
        ).fetchall()
        return [
            Overlap(kind, older, newer, unit, period, rows, returns, example)
            for older, newer, unit, period, rows, returns, example in found
        ]

    def _put_together(self, kind: str) -> None:
        self._connection.execute(f"drop view incoming_{kind}")
        first = self._select(kind, *self._first[kind])
        self._connection.execute(f"create temp table incoming_{kind} as {first}")
        self._together.add(kind)

    def _view(self, kind: str, table: str, number: int) -> None:
        select = self._select(kind, table, number)
        self._connection.execute(f"create temp view incoming_{kind} as {select}")

    def _select(self, kind: str, table: str, number: int) -> str:
        return (
            f"select {self._names(kind)}, source_row, {number}::integer as upload_no from {table}"
        )

    @staticmethod
    def _names(kind: str) -> str:
        return ", ".join(f'"{field.name}"' for field in contracts.load(kind).fields)

    def _settle(self, kind: str) -> None:
        """Of rows that belong to the same return only those of its last upload count."""
        identity = facts.identity_sql(contracts.load(kind))
        keys = ", ".join(f"{sql} as key_{i}" for i, sql in enumerate(identity))
        same = " and ".join(f"{sql} = last.key_{i}" for i, sql in enumerate(identity))
        self._connection.execute(
            f"delete from incoming_{kind} using (select {keys}, max(upload_no) as newest "
            f"from incoming_{kind} group by all) as last where {same} and upload_no < newest"
        )


def _example(contract: Contract) -> str:
    """SQL that names the return of a row: U1 · 9132… · P1 · 2026-10."""
    parts = []
    for key in contract.replaces:
        text = contract.has(key) and contract.field(key).duckdb_type != "DATE"
        parts.append(f'"{key}"' if text else f"strftime({facts.period_sql(contract)}, '%Y-%m')")
    return f"concat_ws(' · ', {', '.join(parts)})"
