-- One row per month, unit and return kind that is due or has come.
-- $from_month, $to_month: first and last month; $unit_id: unit; $kind: return kind.
-- days_late: of the first version, for a missing return so far. status: missing,
-- awaiting_review (has come, not yet accepted and in no figure), revised (more than one version),
-- late, on_time. received_at: the newest version.
select
    ledger.month,
    ledger.unit_id,
    ledger.kind,
    ledger.due_on,
    coalesce(ledger.received_at, waiting.received_on) as received_at,
    coalesce(ledger.first_received_on, waiting.received_on) as first_received_on,
    ledger.version,
    case
        when ledger.status = 'missing' and waiting.received_on is not null
            then greatest(waiting.received_on - ledger.due_on, 0)::bigint
        else ledger.days_late
    end as days_late,
    case
        when ledger.status = 'missing' and waiting.received_on is not null then 'awaiting_review'
        else ledger.status
    end as status
from return_ledger as ledger
left join case_awaiting as waiting
    on
        ledger.unit_id = waiting.unit_id
        and ledger.kind = waiting.kind
        and ledger.month = waiting.month
where
    ($from_month::date is null or ledger.month >= $from_month::date)
    and ($to_month::date is null or ledger.month <= $to_month::date)
    and ($unit_id::varchar is null or ledger.unit_id = $unit_id::varchar)
    and ($kind::varchar is null or ledger.kind = $kind::varchar)
order by ledger.month, ledger.unit_id, ledger.kind
