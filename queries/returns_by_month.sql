-- One row per month and return kind that is due or has come: how many units reported.
-- $from_month, $to_month: first and last month; $kind: return kind.
-- on_time, late, revised, missing: units in each state (a revised return counts as revised
-- only); awaiting_review: has come and is in no figure yet; missing_units: ids of those that have
-- not reported, joined by |; days_late: of the missing return that is overdue longest; is_due:
-- whether the due day had come at the snapshot.
with plan_units as (
    select count(*) as units_due
    from units
),

ledger as (
    select
        entries.*
        replace (
            case
                when entries.status = 'missing' and waiting.received_on is not null
                    then 'awaiting_review'
                else entries.status
            end as status
        )
    from return_ledger as entries
    left join case_awaiting as waiting
        on
            entries.kind = waiting.kind
            and entries.unit_id = waiting.unit_id
            and entries.month = waiting.month
)

select
    ledger.month,
    ledger.kind,
    ledger.due_on,
    ledger.due_on <= snapshot_info.today as is_due,
    any_value(plan_units.units_due)::bigint as units_due,
    count(ledger.received_at)::bigint as units_reported,
    count(*) filter (where ledger.status = 'on_time')::bigint as on_time,
    count(*) filter (where ledger.status = 'late')::bigint as late,
    count(*) filter (where ledger.status = 'revised')::bigint as revised,
    count(*) filter (where ledger.status = 'awaiting_review')::bigint as awaiting_review,
    count(*) filter (where ledger.status = 'missing')::bigint as missing,
    string_agg(ledger.unit_id, '|' order by ledger.unit_id) filter (
        where ledger.status = 'missing'
    ) as missing_units,
    max(ledger.days_late) filter (where ledger.status = 'missing')::bigint
        as days_late
from ledger
cross join snapshot_info
cross join plan_units
where
    ($from_month::date is null or ledger.month >= $from_month::date)
    and ($to_month::date is null or ledger.month <= $to_month::date)
    and ($kind::varchar is null or ledger.kind = $kind::varchar)
group by
    ledger.month,
    ledger.kind,
    ledger.due_on,
    snapshot_info.today
order by ledger.month, ledger.kind
