-- One row per month and hours basis with any hours: hours measured differently stay apart.
-- $from_month, $to_month: first and last month; $unit_id: unit; $modality: modality.
-- items: those of the records that have hours; units_reported: units that measure so.
select
    month,
    hours_basis,
    sum(hours::decimal(38, 9))::double as hours,
    sum(items_with_hours)::bigint as items,
    count(distinct unit_id)::bigint as units_reported
from output_monthly
where
    hours is not null
    and hours_basis is not null
    and ($from_month::date is null or month >= $from_month::date)
    and ($to_month::date is null or month <= $to_month::date)
    and ($unit_id::varchar is null or unit_id = $unit_id::varchar)
    and ($modality::varchar is null or modality = $modality::varchar)
group by month, hours_basis
order by month, hours_basis
