"""Units of work counted by local day, in the columns of labeling_daily and work_set_aside.

What some works of a day do not tell is missing for the day: half a sum would look like a whole.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from oneninex.domain import contracts

LABELING, ASIDE = "labeling_daily", "work_set_aside"
_PLACE = "unit_id, enterprise_id, project_id, modality"
# Only Label Studio's clock runs on in a tab that nobody looks at.
_CAPPED = "case when platform = 'label_studio' then least(seconds, {cap}) else seconds end"
_serial = itertools.count(1)


def daily(con: duckdb.DuckDBPyConnection, works: str, zone: ZoneInfo, cap: int) -> str:
    """A relation of labeling_daily rows, then source_row, of a relation of work_items."""
    days, name = _days(con, works, zone), f"platform_daily_{next(_serial)}"
    columns = ", ".join(
        _COLUMNS.get(field.name, f"null::{field.duckdb_type}") + f' as "{field.name}"'
        for field in contracts.load(LABELING).fields
    )
    con.execute(
        f"create temp table {name} as with done as (select * from {works} "
        f"where state = 'submitted' and date is not null), "
        f"counted as ({_COUNTED}), lengths as ({_lengths(cap)}), clock as ({_clock(works, days)}), "
        f"known as (select * exclude (people, basis), {_PEOPLE} as people, {_BASIS} as basis "
        f"from counted full join lengths using ({_PLACE}, date) "
        f"full join clock using ({_PLACE}, date)) "
        f"select {columns}, source_row from known order by {_PLACE}, date"
    )
    con.execute(f"drop table {days}")
    return name


def set_aside(con: duckdb.DuckDBPyConnection, works: str) -> str:
    """A relation of work_set_aside rows, then source_row (the day's first record)."""
    name = f"platform_aside_{next(_serial)}"
    con.execute(
        f"create temp table {name} as select date, {_PLACE}, state as reason, "
        f"sum(items)::bigint as items, min(source_row)::bigint as source_row from {works} "
        f"where state <> 'submitted' and date is not null group by all order by all"
    )
    return name


# Records of no item of their own: reports on the control items of other work (CVAT).
_REPORTS = "bool_or(items = 0 and gold_items is not null)"
# Reports on the hours of a day, where the platform counts items elsewhere (CVAT's events).
_HOURS_REPORTS = "bool_or(items = 0 and gold_items is null and hours_basis is not null)"


def _if_all(measure: str, tells: str, otherwise: str = "false") -> str:
    """A measure where every work that has items tells it, or another condition holds."""
    return f"case when bool_and({tells}) filter (where items > 0) or {otherwise} then {measure} end"


_TOLD = {
    "items": "sum(items)",
    "objects": _if_all("sum(objects)", "objects is not null"),
    "reviewed": _if_all(
        "sum(case when verdicts > 0 then items else 0 end)", "verdicts is not null"
    ),
    "accepted": _if_all("sum(case when accepted then items else 0 end)", "verdicts is not null"),
    "accepted_first_pass": _if_all(
        "sum(case when accepted and first_pass then items else 0 end)", "verdicts is not null"
    ),
    "gold_items": _if_all("sum(gold_items)", "gold_items is not null", _REPORTS),
    "gold_correct": _if_all("sum(gold_correct)", "gold_correct is not null", _REPORTS),
    "prelabeled_items": _if_all(
        "sum(case when prelabeled then items else 0 end)", "prelabeled is not null"
    ),
    "people": _if_all("count(distinct annotator)", "annotator is not null"),
    "bases": "count(distinct hours_basis) filter (where time_usable)",
    "basis": "min(hours_basis) filter (where time_usable)",
    # works whose duration is no use are left out; one that tells none leaves the sum unknown
    "timed": f"({_HOURS_REPORTS}) or "
    "bool_and(hours_basis is not null or not time_usable) filter (where items > 0) "
    "and bool_or(hours_basis is not null and time_usable) filter (where items > 0)",
    "source_row": "min(source_row)",
}
_COUNTED = (
    f"select {_PLACE}, date, "
    + ", ".join(f"{sql} as {name}" for name, sql in _TOLD.items())
    + f" from done group by {_PLACE}, date"
)
# A day may hold nothing but the beginning of work that was submitted on the next one.
_PEOPLE = "case when items is null then clock_people else people end"
_BASIS = "case when items is null then 'clock_union' when timed and bases = 1 then basis end"
_SECONDS = "case basis when 'clock_union' then coalesce(union_seconds, 0) else seconds end"
_COLUMNS = {
    **{name: name for name in ("date", "unit_id", "enterprise_id", "project_id", "modality")},
    **{
        name: f"{name}::bigint"
        for name in ("objects", "reviewed", "accepted", "accepted_first_pass", "gold_items",
                     "gold_correct", "prelabeled_items")
    },
    "items": "coalesce(items, 0)::bigint",
    # no day holds more than 24 hours of a person
    "hours": f"case when basis is not null then least({_SECONDS} / 3600, 24.0 * people) end",
    "hours_basis": "basis",
    "rejected": "(reviewed - accepted)::bigint",
    "annotators": "people::bigint",
}  # fmt: skip


def _lengths(cap: int) -> str:
    """Seconds on the platforms' clocks; those of a page count once."""
    capped = _CAPPED.format(cap=int(cap))
    return (
        f"select {_PLACE}, date, sum(seconds::decimal(24, 6))::double as seconds from ("
        f"select {_PLACE}, date, annotator, coalesce(page, work_id), max({capped}) as seconds "
        f"from done where hours_basis <> 'clock_union' and time_usable group by all) "
        f"group by {_PLACE}, date"
    )


def _clock(works: str, days: str) -> str:
    """Seconds of the union of each person's intervals, cut at midnight, and the people."""
    return (
        f"select {_PLACE}, date, count(distinct annotator) as clock_people, "
        f"sum(epoch_us(till) - epoch_us(since))::double / 1e6 as union_seconds from ("
        f"select {_PLACE}, date, annotator, min(since) as since, max(till) as till from ("
        f"select *, sum(begins::int) over (partition by {_PLACE}, date, annotator "
        f"order by since, till) as island from ("
        f"select *, coalesce(since > max(till) over (partition by {_PLACE}, date, annotator "
        f"order by since, till rows between unbounded preceding and 1 preceding), true) as begins "
        f"from ({_pieces(works, days)}))) group by {_PLACE}, date, annotator, island) "
        f"group by {_PLACE}, date"
    )


def _pieces(works: str, days: str) -> str:
    return (
        f"select {_PLACE.replace('unit_id', 'w.unit_id')}, days.date, annotator, "
        f"greatest(started_at, day_start) as since, least(submitted_at, day_end) as till "
        f"from {works} as w join {days} as days on started_at < day_end "
        f"and submitted_at >= day_start and (submitted_at > day_start or started_at = day_start) "
        f"where state = 'submitted' and hours_basis = 'clock_union' and time_usable "
        f"and annotator is not null"
    )


def month_starts(con: duckdb.DuckDBPyConnection, works: str, zone: ZoneInfo) -> str:
    """A relation of the local months (month, since in UTC) in which an interval may begin."""
    days, name = _days(con, works, zone), f"platform_months_{next(_serial)}"
    con.execute(
        f"create temp table {name} as select date_trunc('month', date)::date as month, "
        f"min(day_start) as since from {days} group by all order by all"
    )
    con.execute(f"drop table {days}")
    return name


def _days(con: duckdb.DuckDBPyConnection, works: str, zone: ZoneInfo) -> str:
    """The local days on which somebody's interval may lie, with their bounds in UTC."""
    found = con.execute(
        f"select min(started_at), max(submitted_at) from {works} where hours_basis = 'clock_union'"
    ).fetchone()
    name = f"platform_days_{next(_serial)}"
    first, last = found or (None, None)
    listed = list(_bounds(first, last, zone)) if first and last else []
    columns = {"date": pa.date32(), "day_start": pa.timestamp("us"), "day_end": pa.timestamp("us")}
    rows = [dict(zip(columns, row, strict=True)) for row in listed]
    con.register("platform_rows", pa.Table.from_pylist(rows, pa.schema(list(columns.items()))))
    con.execute(f"create temp table {name} as select * from platform_rows")
    con.unregister("platform_rows")
    return name


def _bounds(
    first: datetime, last: datetime, zone: ZoneInfo
) -> Iterator[tuple[date, datetime, datetime]]:
    day = first.replace(tzinfo=UTC).astimezone(zone).date()
    end = last.replace(tzinfo=UTC).astimezone(zone).date()
    while day <= end:
        yield day, _midnight(day, zone), _midnight(day + timedelta(1), zone)
        day += timedelta(1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)
