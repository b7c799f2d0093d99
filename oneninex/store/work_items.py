"""Units of work of all exports of a project, merged: what they add up to is counted again.

Several exports of one project add up, and one that comes again adds nothing: a unit of work is
known by its id, and of two versions the one updated last counts, else the one sent last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from oneninex.domain import contracts
from oneninex.domain.plan import Plan
from oneninex.ingestion.batch import Batch
from oneninex.ingestion.platform import daily_aggregate, deduplicate
from oneninex.ingestion.platform.work_items import KIND
from oneninex.store import agreement, facts
from oneninex.store.manifest import FactFile
from oneninex.store.snapshot import Store

DERIVED = (KIND, daily_aggregate.LABELING, daily_aggregate.ASIDE, agreement.KIND)
PLACE = "unit_id, enterprise_id, project_id"
CLEARED = "works_cleared"
_ID = f"{PLACE}, platform, work_id, known_origin"


@dataclass
class Merged:
    """Relations of the derived kinds (contract, source_row, upload_no) for the months touched.

    CLEARED holds these months as the identity that returns replace; `earlier` are the uploads
    that have negative numbers, from -1 downwards.
    """

    tables: dict[str, str] = field(default_factory=dict)
    earlier: list[str] = field(default_factory=list)


class Works:
    """The exports of a publication."""

    def __init__(self, store: Store, plan: Plan, connection: duckdb.DuckDBPyConnection) -> None:
        self._store, self._plan, self._connection = store, plan, connection
        self._exports: dict[int, Batch] = {}

    def add(self, batch: Batch, number: int) -> None:
        """Take an export's works; `number` is that of its upload."""
        self._exports[number] = batch

    def merge(self, parent: Mapping[tuple[str, str], FactFile]) -> Merged:
        """The works with those of earlier exports of the same projects, and what they make."""
        if not self._exports:
            return Merged()
        con = self._connection
        con.execute(f"create or replace temp view works_new as {self._new()}")
        earlier = self._earlier([file for (kind, _), file in parent.items() if kind == KIND])
        con.execute(_RENAMED)
        con.execute(_ALL)
        con.execute(_WINNERS)
        con.execute(self._touched())
        tables = {KIND: "works_published", **self._tallied()}
        con.execute(f"create or replace temp view works_published as {_of_touched_months()}")
        tables[agreement.KIND] = agreement.derive(
            con, self._store, self._exports, parent, {name: n for n, name in _numbers(earlier)}
        )
        return Merged(tables, earlier)

    def _new(self) -> str:
        columns = _columns(KIND)
        return " union all ".join(
            f"select {columns}, source_row, serial, {number}::integer as upload_no, former_id "
            f"from {batch.tables[KIND]}"
            for number, batch in self._exports.items()
        )

    def _earlier(self, files: list[FactFile]) -> list[str]:
        """Fetch earlier works of the same projects; gives their uploads, newest first."""
        con, columns = self._connection, _columns(KIND)
        if not files:
            con.execute(
                "create or replace temp table works_earlier as "
                "select * exclude (former_id) from works_new limit 0"
            )
            return []
        rows = facts.read_sql(self._store, files)
        same = f"semi join (select distinct {PLACE} from works_new) using ({PLACE})"
        con.execute(
            f"create or replace temp table works_found as select {columns}, source_row, upload_id "
            f"from {rows} {same}"
        )
        ids = con.execute(
            "select distinct upload_id from works_found order by upload_id desc"
        ).fetchall()
        con.execute(
            f"create or replace temp table works_earlier as select {columns}, source_row, "
            f"null::bigint as serial, (-dense_rank() over (order by upload_id desc))::integer "
            f"as upload_no from works_found"
        )
        return [row[0] for row in ids]

    def _touched(self) -> str:
        """SQL: projects and months in which works came, changed or went."""
        zone = self._plan.config.zone
        starts = daily_aggregate.month_starts(self._connection, "works_all", zone)
        # an interval may begin in the month before its submission
        return (
            f"create or replace temp table {CLEARED} as with moved as ("
            f"from works_new union all by name select lost.* from works_all as lost "
            f"anti join works_winners using ({_ID}, upload_no)) "
            f"select distinct {PLACE}, date_trunc('month', date)::date as month from moved "
            f"union select distinct {PLACE}, starts.month from moved asof join {starts} as starts "
            f"on moved.started_at >= starts.since where hours_basis = 'clock_union' "
            f"and date is not null"
        )

    def _tallied(self) -> dict[str, str]:
        """labeling_daily and work_set_aside of the months touched, as of the newest upload."""
        con, config = self._connection, self._plan.config
        con.execute(_COUNTED)
        cap = config.label_studio.lead_time_cap_seconds
        made = {
            daily_aggregate.LABELING: daily_aggregate.daily(con, "works_counted", config.zone, cap),
            daily_aggregate.ASIDE: daily_aggregate.set_aside(con, "works_counted"),
        }
        for kind, table in made.items():
            con.execute(
                f"create or replace temp table works_{kind} as select {_columns(kind)}, "
                f"source_row, upload_no from {table} as made "
                f"join (select {PLACE}, max(upload_no) as upload_no from works_new group by all) "
                f"using ({PLACE}) semi join {CLEARED} as months on {_in_month()}"
            )
            con.execute(f"drop table {table}")
        return {kind: f"works_{kind}" for kind in made}


def _numbers(earlier: list[str]) -> list[tuple[int, str]]:
    return [(-place, name) for place, name in enumerate(earlier, 1)]


def _columns(kind: str) -> str:
    return ", ".join(f'"{item.name}"' for item in contracts.load(kind).fields)


def _in_month() -> str:
    same = " and ".join(f"made.{name} = months.{name}" for name in PLACE.split(", "))
    return f"{same} and date_trunc('month', made.date)::date is not distinct from months.month"


def _of_touched_months() -> str:
    columns = _columns(KIND)
    return (
        f"select {columns}, source_row, upload_no from works_winners as made "
        f"semi join {CLEARED} as months on {_in_month()}"
    )


# Works that an earlier release kept under another identity take the one of today.
_RENAMED = (
    f"update works_earlier as old set work_id = new.work_id from (select distinct {PLACE}, "
    f"platform, work_id, former_id, submitted_at from works_new where former_id is not null) "
    f"as new where (old.unit_id, old.enterprise_id, old.project_id, old.platform) = "
    f"(new.unit_id, new.enterprise_id, new.project_id, new.platform) "
    f"and old.work_id = new.former_id and old.submitted_at = new.submitted_at"
)
_EVERY = "(from works_new union all by name from works_earlier)"
_ALL = (
    f"create or replace temp table works_all as "
    f"{deduplicate.known_origins(_EVERY, f'{PLACE}, platform, work_id')}"
)
_WINNERS = (
    f"create or replace temp table works_winners as from works_all qualify row_number() over "
    f"(partition by {_ID} order by {deduplicate.NEWEST}, upload_no desc) = 1"
)
# The day's first record is told only of the upload that the day is attributed to.
_COUNTED = (
    f"create or replace temp view works_counted as select works_winners.* "
    f"replace (case when upload_no = newest.last then source_row end as source_row) "
    f"from works_winners join (select {PLACE}, max(upload_no) as last from works_new "
    f"group by all) as newest using ({PLACE})"
)
