-- One row per month and return kind that is due or has come: how many units reported.
-- $from_month, $to_month: first and last month; $kind: return kind.
-- on_time, late, revised, missing: units in each state (a revised return counts as revised
-- only); missing_units: ids of those that have not reported, joined by |; days_late: of the
-- missing return that is overdue longest; is_due: whether the due day had come at the snapshot.
with plan_units as (
    select count(*) as units_due
    from units
)

select
    return_ledger.month,
    return_ledger.kind,
    return_ledger.due_on,
    return_ledger.due_on <= snapshot_info.today as is_due,
    any_value(plan_units.units_due)::bigint as units_due,
    count(return_ledger.received_at)::bigint as units_reported,
    count(*) filter (where return_ledger.status = 'on_time')::bigint as on_time,
    count(*) filter (where return_ledger.status = 'late')::bigint as late,
    count(*) filter (where return_ledger.status = 'revised')::bigint as revised,
    count(*) filter (where return_ledger.status = 'missing')::bigint as missing,
    string_agg(return_ledger.unit_id, '|' order by return_ledger.unit_id) filter (
        where return_ledger.status = 'missing'
    ) as missing_units,
    max(return_ledger.days_late) filter (where return_ledger.status = 'missing')::bigint
        as days_late
from return_ledger
cross join snapshot_info
cross join plan_units
where
    ($from_month::date is null or return_ledger.month >= $from_month::date)
    and ($to_month::date is null or return_ledger.month <= $to_month::date)
    and ($kind::varchar is null or return_ledger.kind = $kind::varchar)
group by
    return_ledger.month,
    return_ledger.kind,
    return_ledger.due_on,
    snapshot_info.today
order by return_ledger.month, return_ledger.kind
