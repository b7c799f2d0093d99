"""A snapshot made from given rows: the build files run as the store runs them, in memory."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from oneninex.core.settings import ROOT
from oneninex.domain import contracts
from oneninex.domain.audience import Audience
from oneninex.domain.plan import Plan
from oneninex.domain.releases import Ledger
from oneninex.ingestion.findings import FINDINGS
from oneninex.store import audience_views, build, case_tables, facts, revisions, sql_catalog
from oneninex.store.errors import NotForAudience

PLAN = build.plan_tables(Plan.load(ROOT / "data" / "plan"))
SYSTEM = {
    "fact_uploads": facts.UPLOADS,
    "fact_returns": facts.RETURNS,
    "fact_revisions": revisions.REVISIONS,
    "fact_findings": pa.schema(
        [pa.field("upload_id", pa.string()), pa.field("kind", pa.string()), *FINDINGS]
    ),
    "build_info": pa.schema(
        [
            ("snapshot", pa.int64()),
            ("created_at", pa.timestamp("us")),
            ("reason", pa.string()),
            ("imported_by", pa.string()),
        ]
    ),
    **{name: table.schema for name, table in PLAN.items()},
}
UNITS = [f"U{number}" for number in range(1, 10)]
SECTORS = ["manufacturing", "transport_logistics", "culture_tourism", "urban_governance", "other"]
LINKS = ["circulation", "aggregation", "governance", "labeling", "application"]
CALENDAR = {"labeling_daily": 5, "workforce_monthly": 5, "enterprise_quarterly": 15}
CRITERIA = {"min_revenue_10k_cny": 100, "min_growth": 0.2, "min_employees": 10}
CRITERIA |= {"min_rd_share": 0.05, "min_certified_share": 0.3}
SIZES = {"size_small": 10, "size_medium": 100, "size_large": 300}
DEFAULTS: dict[str, dict[str, Any]] = {
    "labeling_daily": {
        "unit_id": "U1", "enterprise_id": "E1", "project_id": "P1", "modality": "text",
        "items": 10, "reviewed": 0, "accepted": 0, "accepted_first_pass": 0, "rejected": 0,
        "annotators": 1,
    },
    "enterprises": {
        "unit_id": "U1", "name_zh": "企业", "joined_on": "2025-01-01", "origin": "grown",
        "links": "labeling",
    },
    "enterprise_quarterly": {"unit_id": "U1", "enterprise_id": "E1"},
    "datasets": {"unit_id": "U1", "sector": "manufacturing", "title_zh": "数据集"},
    "workforce_monthly": {"unit_id": "U1"},
    "indicator_values": {"scope": "city", "status": "A", "source": "来源"},
    "work_set_aside": {},
    "agreement": {
        "unit_id": "U1", "enterprise_id": "E1", "project_id": "P1", "modality": "text",
        "platform": "mturk", "label_set": "a" * 12, "source": "b" * 12, "items": 10,
        "answers": 20, "annotators": 2,
    },
    "targets": {
        "scope": "city", "operator": "reach", "start": "2026-01-01", "due": "2027-12-31",
        "plan": "working",
    },
}  # fmt: skip


class Given:
    """Collects rows, builds once on the first question, answers with rows as dictionaries."""

    def __init__(
        self,
        created_at: str = "2026-11-20T02:00:00",
        shuffle: int | None = None,
        ledger: Ledger | None = None,
        snapshot: int = 1,
    ):
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.shuffle = shuffle
        self.ledger = ledger  # of what earlier snapshots released; this one's is added to it
        self.snapshot = snapshot
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._plan(created_at)

    def add(self, kind: str, /, **values: Any) -> Given:
        """One row of a return kind, or of the plan's targets or indicators."""
        relation = f"fact_{kind}" if kind in contracts.kinds() else f"plan_{kind}"
        self._row(relation, {**DEFAULTS.get(kind, {}), **values})
        return self

    def returned(self, kind: str, unit_id: str, period: str, upload: str, **values: Any) -> Given:
        """An upload's entry in the ledger of returns."""
        row = {"kind": kind, "unit_id": unit_id, "period": period, "upload_id": upload, "rows": 1}
        self._row("fact_returns", {**row, "received_on": "2026-11-01", "snapshot": 1, **values})
        return self

    def uploaded(self, upload: str, kind: str, **values: Any) -> Given:
        """An upload."""
        row = {"upload_id": upload, "sha256": upload, "kind": kind, "name": f"{upload}.csv"}
        self._row(
            "fact_uploads", {**row, "status": "accepted", "received_on": "2026-11-01", **values}
        )
        return self

    def revised(self, snapshot: int, period: str, before: Any, after: Any, **values: Any) -> Given:
        """A figure that a snapshot changed; labeling items of U1 that were corrected."""
        row = {"kind": "labeling_daily", "unit_id": "U1", "measure": "items", "corrected": True}
        moved = {"snapshot": snapshot, "period": period, "before": before, "after": after}
        self._row("fact_revisions", {**row, **moved, **values})
        return self

    def case(self, table: str, **values: Any) -> Given:
        """A row of a table of the case log."""
        self._row(table, values)
        return self

    def found(self, upload: str, kind: str, **values: Any) -> Given:
        """A finding."""
        self._row("fact_findings", {"upload_id": upload, "kind": kind, "code": "type", **values})
        return self

    def replace(self, relation: str, rows: list[dict[str, Any]]) -> Given:
        """Other rows for a plan relation."""
        self.rows[relation] = rows
        return self

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The built snapshot."""
        if self._connection is None:
            self._connection = self._build()
        return self._connection

    def table(self, name: str, **parameters: Any) -> pa.Table:
        """What queries/`name`.sql returns; a parameter left out is NULL."""
        known = sql_catalog.parameters(name)
        assert set(parameters) <= known, f"{name} has no parameter {set(parameters) - known}"
        bound = {key: parameters.get(key) for key in known}
        with self.connection.cursor() as cursor:
            self._cases(cursor)
            found = cursor.sql(sql_catalog.text(name), params=bound or None)
            return found.to_arrow_table()

    def _cases(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """The case log's tables, as a query gets them: beside the snapshot, not in it."""
        info = [{"position": 0, "today": date(2026, 11, 20)}]
        for name, (_, schema) in case_tables.MAKERS.items():
            rows = self.rows.get(name, info if name == "case_info" else [])
            cursor.register(name, pa.Table.from_pylist(rows, schema))

    def seen(self, name: str, audience: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a query as an audience sees them."""
        reader = Audience.parse(audience)
        bound = {key: parameters.get(key) for key in sql_catalog.parameters(name)}
        with self.connection.cursor() as cursor:
            if audience_views.forbidden(cursor, name, reader):
                raise NotForAudience("store.not_for_audience", name=name, audience=audience)
            audience_views.enter(cursor, reader)
            self._cases(cursor)
            found = cursor.sql(sql_catalog.text(name), params=bound or None)
            return found.to_arrow_table().to_pylist()

    def run(self, name: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a query."""
        return self.table(name, **parameters).to_pylist()

    def sql(self, statement: str) -> list[dict[str, Any]]:
        """The rows of any statement on the snapshot."""
        return self.connection.sql(statement).to_arrow_table().to_pylist()

    def failed(self) -> set[str]:
        """Names of the checks that return a row."""
        return {name for name, _ in build.check(self.connection)}

    def _row(self, relation: str, values: dict[str, Any]) -> None:
        assert self._connection is None, "rows must be given before the first question"
        self.rows.setdefault(relation, []).append(values)

    def _plan(self, created_at: str) -> None:
        for unit in UNITS:
            roles = "data_factory|unit" if unit == "U1" else "unit"
            kind = "comprehensive" if unit < "U3" else "characteristic"
            self._row("plan_units", {"unit_id": unit, "kind": kind, "roles": roles})
        for sort, sector in enumerate(SECTORS):
            values = {"sector": sector, "in_plan": sector != "other", "sort": sort}
            self._row("plan_sectors", values)
        for sort, link in enumerate(LINKS):
            self._row("plan_links", {"link": link, "sort": sort})
        for kind, day in CALENDAR.items():
            frequency = "quarterly" if kind == "enterprise_quarterly" else "monthly"
            self._row("plan_calendar", {"kind": kind, "frequency": frequency, "due_day": day})
        for name in ("plan_indicators", "plan_days", "plan_benchmarks", "plan_divisions"):
            self.rows[name] = PLAN[name].to_pylist()
        info = {"plan_start": "2026-01-01", "plan_end": "2027-12-31", "timezone": "Asia/Shanghai"}
        info |= {"city_zh": "淮安", "city_en": "Huai'an"}
        lights = {"light_green": -10, "light_yellow": -30, "provisional_months": 1}
        asked = {"jump_factor": 5, "volume_factor": 100, "dataset_gb_low": 0.01}
        questions = {**asked, "dataset_gb_high": 1_000_000}
        lights |= {"min_contributors": 4, "dominance_contributors": 2, "dominance_share": 0.85}
        named = {f"question_{name}": value for name, value in questions.items()}
        named |= {f"benchmark_{name}": value for name, value in CRITERIA.items()}
        self._row("plan_info", {**info, **lights, **named, **SIZES})
        self._row(
            "build_info", {"snapshot": self.snapshot, "created_at": created_at, "reason": "test"}
        )

    def _build(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(config={"threads": "2"})
        for kind in contracts.kinds():
            shape = f"select {facts.typed_columns(contracts.load(kind))} where false"
            self._load(connection, f"fact_{kind}", shape)
        for relation, schema in SYSTEM.items():
            connection.register(f"shape_{relation}", schema.empty_table())
            self._load(connection, relation, f"select * from shape_{relation}")
        for name in sql_catalog.names(build.CUBES):
            _per_month(connection, name)
        build.make_tables(connection)
        audience_views.write(connection, self.ledger)
        return connection

    def _load(self, connection: duckdb.DuckDBPyConnection, relation: str, shape: str) -> None:
        connection.execute(f"create temp table {relation} as {shape}")
        rows = list(self.rows.get(relation, []))
        if self.shuffle is not None:
            random.Random(self.shuffle).shuffle(rows)
        names = sorted({name for row in rows for name in row})
        if rows:
            # As text, so that "2026-03-01" and date(2026, 3, 1) both find their way.
            texts = {name: [_text(row.get(name)) for row in rows] for name in names}
            connection.register("given_rows", pa.table(texts))
            columns = ", ".join(f'"{name}"' for name in names)
            connection.execute(f"insert into {relation} ({columns}) from given_rows")
            connection.unregister("given_rows")


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _per_month(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Run a cube file for each labeling month apart, as an import does."""
    select = sql_catalog.text(name, build.CUBES)
    connection.execute("create temp table every_day as from fact_labeling_daily")
    months = connection.execute(
        "select distinct date_trunc('month', date)::date from every_day order by 1"
    ).fetchall()
    connection.execute("delete from fact_labeling_daily")
    connection.execute(f"create temp table cube_{name} as {select}")
    for (month,) in months:
        connection.execute("delete from fact_labeling_daily")
        connection.execute(
            "insert into fact_labeling_daily from every_day where date_trunc('month', date) = ?",
            [month],
        )
        connection.execute(f"insert into cube_{name} {select}")
    connection.execute("delete from fact_labeling_daily")
    connection.execute("insert into fact_labeling_daily from every_day")
    connection.execute("drop table every_day")


def month(text: str) -> date:
    """First day of a month written YYYY-MM."""
    return date.fromisoformat(f"{text}-01")
