-- One row per month and unit with a due return: first versions on time over returns due.
select
    return_ledger.month,
    return_ledger.unit_id,
    'on_time_return_rate' as indicator_id,
    'ratio' as method,
    count(*) filter (
        where return_ledger.first_received_on <= return_ledger.due_on
    )::double as numerator,
    count(*)::double as denominator
from return_ledger
cross join snapshot_info
where return_ledger.due_on <= snapshot_info.today
group by return_ledger.month, return_ledger.unit_id
order by return_ledger.month, return_ledger.unit_id
