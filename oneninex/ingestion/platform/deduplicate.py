"""What can only be seen once a whole export is read: repeated ids, imported times, whole files."""

from __future__ import annotations

from datetime import UTC, date, datetime

import duckdb

from oneninex.domain.plan.config import Exports
from oneninex.ingestion.platform.model import Capability, Export, HoursBasis, Problem

_DAYS_NAMED = 5
# A duration that runs while somebody else's does: of these the sum may exceed the clock.
_ON_ITS_OWN = (HoursBasis.OPEN_TIME, HoursBasis.ACTIVE_TIME)


# The version that counts: the one updated last; of equal ones that which tells more.
NEWEST = (
    "coalesce(updated_at, submitted_at) desc nulls last, "
    "((objects is not null)::int + (verdicts is not null)::int + (prelabeled is not null)::int) "
    "desc"
)


def known_origins(relation: str, identity: str) -> str:
    """Return SQL of a relation with `known_origin`, which tells works of equal identity apart.

    A form of export without origins (CSV) agrees with any.
    """
    return (
        f"select *, coalesce(origin, min(origin) over (partition by {identity}), '') "
        f"as known_origin "
        f"from {relation}"
    )


def mark_repeated(con: duckdb.DuckDBPyConnection, table: str) -> list[Problem]:
    """Set aside what one person submitted for an item before: the newest submission counts."""
    con.execute(
        f"update {table} set state = 'repeated' where serial in (select serial from {table} "
        f"where state = 'submitted' and annotator is not null "
        f"qualify row_number() over (partition by item, annotator "
        f"order by submitted_at desc nulls last, serial desc) > 1)"
    )
    count = _count(con, f"select count(*) from {table} where state = 'repeated'")
    values = {"count": count}
    return [Problem("rule", "export.repeated", rule="repeated", values=values)] if count else []


def drop_duplicates(con: duckdb.DuckDBPyConnection, table: str, answers: str) -> list[Problem]:
    """Of one id that stands in the file several times the newest version counts, then the first."""
    con.execute(
        f"create or replace temp table platform_twice as "
        f"select serial, source_row, submitted_at, state <> 'draft' as counted, "
        f"items = 0 as report from ({known_origins(table, 'work_id')}) "
        f"qualify row_number() over (partition by work_id, known_origin "
        f"order by {NEWEST}, serial) > 1"
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
    """Take the day from imported works and the duration from copied ones; name days and hours.

    Imported: the export says so, or one person submits many works at the same instant; the moment
    is the import's. Copied: the export shows it, or a run of works took a small part of their
    typical duration. Only works are left out, never the others of their day. Without durations
    (CVAT gives every image the time of its task) an instant shows nothing. What was edited
    afterwards has a duration that no run can be compared with.
    """
    total = _count(con, f"select count(*) from {table} where state = 'submitted'")
    con.execute(f"create or replace temp table platform_left_out as {_imported(table)}")
    if basis is not None:
        con.execute(f"insert into platform_left_out {_instants(table, rules)}")
    found = _left_out(con, table, "imported", total)
    con.execute(
        f"update {table} set time_usable = false, date = null "
        f"where serial in (from platform_left_out)"
    )
    con.execute(
        f"create or replace temp table platform_left_out as "
        f"select serial from {table} where not time_usable and date is not null"
    )
    if basis in _ON_ITS_OWN:
        con.execute(f"insert into platform_left_out {_runs(table, rules)}")
    found += _left_out(con, table, "copied", total)
    con.execute(f"update {table} set time_usable = false where serial in (from platform_left_out)")
    con.execute("drop table platform_left_out")
    return found


def state_month(con: duckdb.DuckDBPyConnection, table: str, month: date | None) -> list[Problem]:
    """Say of works without a day that they count in no month, or in the month that is stated."""
    undated = "state = 'submitted' and date is null and items > 0"
    count = _count(con, f"select sum(items) from {table} where {undated}")
    if not count:
        return []
    if month is None:
        total = _count(con, f"select sum(items) from {table} where state = 'submitted'")
        values = {"count": count, "total": total}
        return [Problem("missing_capability", "export.no_month", field="date", values=values)]
    con.execute(f"update {table} set date = ?, date_basis = 'stated' where {undated}", [month])
    values = {"count": count, "month": month.strftime("%Y-%m")}
    return [Problem("rule", "export.stated_month", rule="stated_month", values=values)]


def _imported(table: str) -> str:
    return f"select serial from {table} where imported and state in ('submitted', 'skipped')"


def _left_out(con: duckdb.DuckDBPyConnection, table: str, why: str, total: int) -> list[Problem]:
    """Say how many works are left out, on which days, and how many hours they had."""
    days = con.execute(
        f"select date, count(*), sum(coalesce(seconds, 0)) / 3600 from {table} "
        f"where serial in (from platform_left_out) and state = 'submitted' and date is not null "
        f"group by date order by date"
    ).fetchall()
    if not days:
        return []
    named = [day.isoformat() for day, _, _ in days]
    listed = ", ".join(named[:_DAYS_NAMED]) + (" …" if len(named) > _DAYS_NAMED else "")
    values = {
        "count": sum(count for _, count, _ in days),
        "total": total,
        "days": listed,
        "hours": f"{sum(hours for _, _, hours in days):.1f}",
    }
    return [Problem("rule", f"export.{why}", rule=f"{why}_times", values=values)]


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
    """SQL: works of a run that took one person far less than its typical durations.

    The median decides: one forgotten tab, or two of five, moves it little.
    """
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
        f"median(seconds) {window} * {last} as spent, count(*) {window} as length "
        f"from fresh) select distinct unnest(flatten(pages)) from runs "
        f"where length > {last} and fresh and spent > {rules.run_factor} * greatest(span, 1)"
    )


def _us(seconds: float) -> int:
    return int(seconds * 1_000_000)


def _count(con: duckdb.DuckDBPyConnection, select: str) -> int:
    found = con.execute(select).fetchone()
    return int(found[0] or 0) if found else 0


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=UTC)
