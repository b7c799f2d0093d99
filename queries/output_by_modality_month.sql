-- One row per month and modality with any labeling.
-- $from_month, $to_month: first and last month; $unit_id: unit.
-- items_share: of all items of the month. units_reported: units with that modality.
with sums as (
    select
        month,
        modality,
        sum(items)::bigint as items,
        sum(objects)::bigint as objects,
        sum(hours::decimal(38, 9))::double as hours,
        sum(reviewed)::bigint as reviewed,
        sum(accepted)::bigint as accepted,
        sum(volume_gb::decimal(38, 9))::double as volume_gb,
        sum(reviewed_with_accepted)::double as with_accepted,
        count(distinct unit_id)::bigint as units_reported
    from output_monthly
    where
        ($from_month::date is null or month >= $from_month::date)
        and ($to_month::date is null or month <= $to_month::date)
        and ($unit_id::varchar is null or unit_id = $unit_id::varchar)
    group by month, modality
)

select
    month,
    modality,
    items,
    objects,
    hours,
    reviewed,
    accepted,
    volume_gb,
    (accepted / nullif(with_accepted, 0))::double as acceptance_rate,
    (items / nullif(sum(items) over (partition by month), 0)::double)::double
        as items_share,
    units_reported
from sums
order by month, modality
