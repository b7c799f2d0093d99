-- One row per unit: months it should have reported in the period and months it did.
-- $from_month, $to_month: first and last month; $unit_id: unit.
select
    unit_id,
    count(*)::bigint as months_due,
    count(*) filter (where reported)::bigint as months_reported
from unit_months
where
    ($from_month::date is null or month >= $from_month::date)
    and ($to_month::date is null or month <= $to_month::date)
    and ($unit_id::varchar is null or unit_id = $unit_id::varchar)
group by unit_id
order by unit_id
