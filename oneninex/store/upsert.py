"""The files of a publication: what stays of a month's earlier rows, and the rows that are new."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from oneninex.domain import contracts
from oneninex.store import build, facts, revisions, work_items
from oneninex.store.manifest import FactFile
from oneninex.store.revisions import Rows
from oneninex.store.snapshot import Store
from oneninex.store.staging import IncomingRows


class Merging:
    """Merges incoming rows of a kind with those that the store has of the same month."""

    def __init__(
        self, store: Store, connection: duckdb.DuckDBPyConnection, incoming: IncomingRows
    ) -> None:
        self._store = store
        self._connection = connection
        self._incoming = incoming
        self._again: set[str] = set()
        self._ids: dict[int, str] = {}
        self._alone: set[str] = set()  # kinds all of whose rows are of one month
        self._held: dict[str, str] = {}  # SQL of what stays of it
        self._tables = 0

    def begin(self, names: pa.Table, again: set[str]) -> None:
        """Start anew; `names` are upload_no and upload_id, `again` the kinds counted again."""
        self._connection.register("upload_names", names)
        self._ids = dict(zip(*names.to_pydict().values(), strict=True))
        self._again = again
        self._alone.clear()
        self._held.clear()

    def hold(self, kind: str, partition: str, old: list[FactFile]) -> None:
        """Find out once what stays of the only month of a kind; where nothing does, spare its file.

        A long one is left on the disk.
        """
        self._alone.add(kind)
        if not old or old[0].rows > build.ROWS_AT_ONCE:
            return
        identity = self._identity(kind)
        gone = self._table(self._gone(kind, partition))
        stays = f"from {facts.read_sql(self._store, old)} anti join {gone} on {_same(identity)}"
        if self._connection.execute(f"select 1 {stays} limit 1").fetchone():
            kept = f"select {_names(kind)}, upload_id, source_row {stays}"
            held = f"from {self._table(kept)}"
        else:
            held = _nothing(kind)
        self._held[kind] = held

    def rows(self, kind: str, partition: str | None, old: list[FactFile]) -> str:
        """SQL of the rows of the new file of a month (None: of all)."""
        return " union all ".join(self._parts(kind, partition, old))

    def write(self, kind: str, partitions: list[str], old: list[FactFile]) -> list[FactFile]:
        """Write the files of some months anew, many of them in one pass."""
        if len(partitions) == 1:
            select = self.rows(kind, partitions[0], old)
            file = facts.write(self._connection, select, self._store, kind, partitions[0])
            return [file] if file else []
        period = facts.period_sql(contracts.load(kind))
        select = f"select *, {period} as file_period from ({self.rows(kind, None, old)})"
        return facts.write_partitions(self._connection, select, self._store, kind)

    def changes(self, kind: str, partition: str, old: FactFile | None) -> pa.Table:
        """What the merge of a month does to its figures, as revisions.CHANGES."""
        kept, added = (Rows(f"({sql})") for sql in self._parts(kind, partition, _listed(old)))
        before = Rows(facts.read_sql(self._store, [old])) if old else kept
        return revisions.changes(self._connection, kind, before, kept, added)

    def changes_by_cubes(self, old: list[FactFile], new: list[FactFile]) -> pa.Table | None:
        """The same for a month of labeling from its earlier and its new cubes, on a cursor apart.

        None where cubes do not tell: where earlier rows stay, the new ones alone have none.
        """
        before, after = self._by_cubes(old), self._by_cubes(new)
        nothing = _nothing(build.LABELING)
        if before is None or after is None or self._held.get(build.LABELING) != nothing:
            return None
        with self._connection.cursor() as cursor:
            return revisions.changes(cursor, build.LABELING, before, Rows(f"({nothing})"), after)

    def _by_cubes(self, files: list[FactFile]) -> Rows | None:
        named = {file.kind: facts.read_sql(self._store, [file]) for file in files}
        daily, returned = (
            named.get(f"{build.CUBE}/{n}") for n in ("output_daily", "returned_rows")
        )
        return revisions.of_cubes(daily, returned) if daily and returned else None

    def _parts(self, kind: str, partition: str | None, old: list[FactFile]) -> tuple[str, str]:
        """SQL of the file of a month (None: of all): earlier rows of other returns, new rows."""
        incoming, mine = self._incoming.relation(kind), self._mine(kind, partition)
        added = (
            f"select {_names(kind)}, n.upload_id, source_row from {incoming} "
            f"join upload_names as n using (upload_no) where {mine}"
        )
        if len(self._ids) == 1 and kind not in self._again:  # a join of every row for one word
            upload_id = next(iter(self._ids.values()))
            added = (
                f"select {_names(kind)}, '{upload_id}' as upload_id, source_row "
                f"from {incoming} where {mine}"
            )
        if not old:
            return _nothing(kind), added
        if kind in self._held:
            return self._held[kind], added
        identity = self._identity(kind)
        kept = (
            f"select {_names(kind)}, upload_id, source_row from "
            f"{facts.read_sql(self._store, old)} anti join ({self._gone(kind, partition)}) "
            f"on {_same(identity)}"
        )
        return kept, added

    def _gone(self, kind: str, partition: str | None) -> str:
        """SQL of the returns that are replaced."""
        identity = self._identity(kind)
        keys = ", ".join(f"{sql} as key_{i}" for i, sql in enumerate(identity))
        returns = self._incoming.returns(kind)
        gone = f"select distinct {keys} from {returns} where {self._mine(kind, partition)}"
        return f"{gone} union from {work_items.CLEARED}" if kind in self._again else gone

    def _identity(self, kind: str) -> list[str]:
        """SQL of what says which return a row belongs to; not its month where there is one."""
        contract = contracts.load(kind)
        identity, month = facts.identity_sql(contract), facts.period_sql(contract)
        if kind not in self._alone or kind in self._again:
            return identity
        return [sql for sql in identity if sql != month] or identity

    def _mine(self, kind: str, partition: str | None) -> str:
        """SQL that holds for incoming rows of a month."""
        if partition is None or kind in self._alone:
            return "true"
        return facts.in_partition_sql(contracts.load(kind), partition)

    def _table(self, select: str) -> str:
        self._tables += 1
        name = f"merging_{self._tables}"
        self._connection.execute(f"create temp table {name} as {select}")
        return name


def _listed(file: FactFile | None) -> list[FactFile]:
    return [file] if file else []


def _nothing(kind: str) -> str:
    return f"select {facts.typed_columns(contracts.load(kind))} where false"


def _names(kind: str) -> str:
    return ", ".join(f'"{name}"' for name in facts.columns(contracts.load(kind))[:-2])


def _same(values: list[str]) -> str:
    return " and ".join(f"{sql} is not distinct from key_{i}" for i, sql in enumerate(values))
