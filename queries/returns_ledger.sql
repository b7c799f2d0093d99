-- One row per month, unit and return kind that is due or has come.
-- $from_month, $to_month: first and last month; $unit_id: unit; $kind: return kind.
-- days_late: of the first version, for a missing return so far. status: missing, revised
-- (more than one version), late, on_time. received_at: the newest version.
select
    month,
    unit_id,
    kind,
    due_on,
    received_at,
    first_received_on,
    version,
    days_late,
    status
from return_ledger
where
    ($from_month::date is null or month >= $from_month::date)
    and ($to_month::date is null or month <= $to_month::date)
    and ($unit_id::varchar is null or unit_id = $unit_id::varchar)
    and ($kind::varchar is null or kind = $kind::varchar)
order by month, unit_id, kind
