-- One row per unit: months it should have reported in the period, months it did, and
-- months that it has whole; days covered of working days due (period_coverage).
-- $from_month, $to_month: first and last month; $unit_id: unit.
select
    unit_id,
    count(*)::bigint as months_due,
    count(*) filter (where reported)::bigint as months_reported,
    count(*) filter (where whole)::bigint as months_whole,
    sum(days_due)::bigint as days_due,
    sum(days_covered)::bigint as days_covered
from unit_months
where
    ($from_month::date is null or month >= $from_month::date)
    and ($to_month::date is null or month <= $to_month::date)
    and ($unit_id::varchar is null or unit_id = $unit_id::varchar)
group by unit_id
order by unit_id
