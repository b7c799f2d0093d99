"""What can only be seen once a whole export is read: repeated ids, imported times, whole files."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb

from oneninex.domain.plan.config import Exports
from oneninex.ingestion.platform.model import Capability, Export, HoursBasis, Problem

# A duration that runs while somebody else's does: of these the sum may exceed the clock.
_ON_ITS_OWN = (HoursBasis.OPEN_TIME, HoursBasis.ACTIVE_TIME)


def drop_duplicates(con: duckdb.DuckDBPyConnection, table: str, answers: str) -> list[Problem]:
    """Of one id that stands in the file several times the newest version counts, then the first."""
    newest = "coalesce(updated_at, submitted_at) desc nulls last, serial"
    con.execute(
        f"create or replace temp table platform_twice as "
        f"select serial, source_row, submitted_at, state <> 'draft' as counted, "
        f"items = 0 as report from {table} "
        f"qualify row_number() over (partition by work_id order by {newest}) > 1"
    )
    twice = con.execute("select * exclude (serial) from platform_twice order by serial").fetchall()
    if twice:
        for name in (table, answers):
            con.execute(f"delete from {name} where serial in (select serial from platform_twice)")
    con.execute("drop table platform_twice")
    return [
        Problem("duplicate_key", "export.duplicate", row, "id", at=_utc(at), loses=int(counted))
        for row, at, counted, report in twice
        if not report  # an older report is no mistake
    ]


def fill(con: duckdb.DuckDBPyConnection, table: str, export: Export) -> None:
    """Where one record tells of a review or a model, a record without has none."""
    columns = {Capability.REVIEW: ("verdicts", "0", "true"),
               Capability.ORIGIN: ("prelabeled", "false", "objects is not null")}  # fmt: skip
    for capability in sorted(export.whole_file):
        column, none, where = columns[capability]
        con.execute(
            f"update {table} set {column} = {none} where {column} is null and {where} "
            f"and exists (select 1 from {table} where {column} is not null)"
        )


def mark_imported(
    con: duckdb.DuckDBPyConnection, table: str, basis: HoursBasis | None, rules: Exports
) -> list[Problem]:
    """Mark works whose times are those of an import, and say how many there are.

    Many submissions of one person at the same instant, or a run of them in a small part of the
    time that they are said to have taken. Without durations (CVAT gives every image the time of its
    task) there is nothing to leave out. What was edited afterwards has a duration that no run
    can be compared with, and clocks that run side by side are no sign.
    """
    total = _count(con, f"select count(*) from {table} where state = 'submitted'")
    if basis is not None:
        con.execute(
            f"update {table} set time_usable = false where serial in ({_instants(table, rules)})"
        )
    if basis in _ON_ITS_OWN:
        con.execute(
            f"update {table} set time_usable = false where serial in ({_runs(table, rules)})"
        )
    found = _count(
        con, f"select count(*) from {table} where not time_usable and state = 'submitted'"
    )
    if not found:
        return []
    values = {"count": found, "total": total}
    return [Problem("rule", "export.imported", rule="bulk_import", values=values)]


def _instants(table: str, rules: Exports) -> str:
    """SQL: works of a moment in which one person submitted too many (a page counts once)."""
    return (
        f"with seen as (select annotator, coalesce(page, work_id) as page, "
        f"min(epoch_us(submitted_at)) as moment, list(serial) as serials from {table} "
        f"where state in ('submitted', 'skipped') and submitted_at is not null group by all), "
        f"near as (select serials, count(*) over (partition by annotator order by moment "
        f"range between {_us(rules.bulk_seconds)} preceding "
        f"and {_us(rules.bulk_seconds)} following) as together from seen) "
        f"select unnest(serials) from near where together >= {rules.bulk_records}"
    )


def _runs(table: str, rules: Exports) -> str:
    """SQL: works of a run that took one person far less than the sum of its durations."""
    last = rules.run_records - 1
    window = f"over (partition by annotator order by submitted_at, serial rows {last} preceding)"
    return (
        f"with fresh as (select annotator, min(serial) as serial, list(serial) as page, "
        f"max(submitted_at) as submitted_at, coalesce(max(seconds), 0) as seconds, "
        f"bool_and(epoch(coalesce(updated_at, submitted_at)) - epoch(submitted_at) "
        f"< {rules.run_edited_seconds}) as unedited from {table} "
        f"where state = 'submitted' and submitted_at is not null "
        f"group by annotator, coalesce(page, work_id)), "
        f"runs as (select list(page) {window} as pages, bool_and(unedited) {window} as fresh, "
        f"epoch(submitted_at) - epoch(min(submitted_at) {window}) as span, "
        # the first one's work lies before the run
        f"sum(seconds) {window} - first(seconds) {window} as spent, count(*) {window} as length "
        f"from fresh) select distinct unnest(flatten(pages)) from runs "
        f"where length > {last} and fresh and spent > {rules.run_factor} * greatest(span, 1)"
    )


def _us(seconds: float) -> int:
    return int(seconds * 1_000_000)


def _count(con: duckdb.DuckDBPyConnection, select: str) -> int:
    found = con.execute(select).fetchone()
    return int(found[0]) if found else 0


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=UTC)
