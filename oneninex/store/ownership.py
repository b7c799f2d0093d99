"""Whose rows a file carries: a unit may send its own only, and replace nobody else's."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from oneninex.domain import contracts
from oneninex.store import database, facts
from oneninex.store.snapshot import Snapshot

# Register of the snapshot to the id that a row could take over from another unit.
_REGISTERS = {"enterprises": "enterprise_id", "datasets": "dataset_id"}


def foreign_rows(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, str],
    unit_id: str,
    snapshot: Snapshot | None,
) -> int:
    """How many accepted rows are about another unit, or about what is another unit's already."""
    others = _of_others(snapshot, unit_id)
    found = 0
    for kind, table in tables.items():
        contract = contracts.load(kind)
        wrong = [f"{facts.unit_sql(contract)} is distinct from ?"]
        values: list[object] = [unit_id]
        for name in {field.name for field in contract.fields} & others.keys():
            wrong.append(f'list_contains(?::varchar[], lower(trim("{name}")))')
            values.append([code.strip().lower() for code in others[name]])
        counted = connection.execute(
            f"select count(*) from {table} where {' or '.join(wrong)}", values
        ).fetchone()
        found += counted[0] if counted else 0
    return found


def _of_others(snapshot: Snapshot | None, unit_id: str) -> dict[str, list[str]]:
    if snapshot is None:
        return {}
    with database.connection(snapshot).cursor() as cursor:
        return {
            name: [
                code
                for (code,) in cursor.execute(
                    f"select {name} from main.{register} where unit_id <> ?", [unit_id]
                ).fetchall()
            ]
            for register, name in _REGISTERS.items()
        }
