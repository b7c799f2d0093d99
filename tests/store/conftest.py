"""A store in a temporary folder and returns made of plain rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from oneninex.domain import contracts
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Batch
from oneninex.ingestion.findings import FINDINGS
from oneninex.store import Snapshot, Store
from oneninex.store.publication import Publication, Receipt

DAY = date(2026, 4, 1)  # of receipt
ENTERPRISE = "91320800DEM000019Q"
LABELING = {
    "date": date(2026, 3, 2),
    "unit_id": "U1",
    "enterprise_id": ENTERPRISE,
    "project_id": "P1",
    "modality": "text",
    "items": 10,
    "reviewed": 10,
    "accepted": 9,
    "accepted_first_pass": 8,
    "rejected": 1,
    "annotators": 1,
}


def labeling(**changes: Any) -> dict[str, Any]:
    """One row of labeling_daily."""
    return {**LABELING, **changes}


def batch_of(connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]], name: str) -> Batch:
    """A batch of accepted labeling rows, as intake hands it over."""
    contract = contracts.load("labeling_daily")
    table = f"accepted_{abs(hash(name))}"
    typed = ", ".join(f'"{field.name}" {field.duckdb_type}' for field in contract.fields)
    connection.execute(f"create or replace temp table {table} ({typed}, source_row bigint)")
    marks = ", ".join("?" for _ in range(len(contract.fields) + 1))
    for number, row in enumerate(rows, 2):
        values = [row.get(field.name) for field in contract.fields]
        connection.execute(f"insert into {table} values ({marks})", [*values, number])
    content = repr((name, rows)).encode()
    return Batch(
        name=name,
        sha256=f"{abs(hash(content)):064x}"[:64],
        bytes=len(content),
        kind="labeling_daily",
        encoding="utf-8",
        status="accepted",
        rows_read=len(rows),
        rows_accepted=len(rows),
        rows_quarantined=0,
        tables={"labeling_daily": table},
        findings=FINDINGS.empty_table(),
        counts={},
        raw=content,
    )


@pytest.fixture(scope="session")
def plan() -> Plan:
    """The plan of the repository."""
    return Plan.load(Path(__file__).parents[2] / "data" / "plan")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "store")


@pytest.fixture
def publish(store: Store, plan: Plan) -> Callable[..., Snapshot]:
    """Publish rows as one return; keyword `reason` and `name` are optional."""

    def run(rows: list[dict[str, Any]], *, name: str = "a.csv", reason: str = "") -> Snapshot:
        with duckdb.connect() as connection:
            publication = Publication(store, plan, connection, imported_by="tester")
            receipt = Receipt(date(2026, 4, 1), reason, {})
            publication.add(batch_of(connection, rows, name), receipt)
            return publication.commit(reason)

    return run
