-- One row per month of the data and unit, whether or not the unit reported.
-- $from_month, $to_month: first and last month; $unit_id: unit; $modality: modality.
-- Not reported is NULL with status M; a reporting unit without that modality has 0.
-- hours_basis: mixed when hours that were measured differently are added.
with output as (
    select
        month,
        unit_id,
        sum(items)::bigint as items,
        sum(objects)::bigint as objects,
        sum(hours::decimal(38, 9))::double as hours,
        case
            when count(distinct hours_basis) > 1 then 'mixed'
            else min(hours_basis)
        end as hours_basis,
        sum(reviewed)::bigint as reviewed,
        sum(accepted)::bigint as accepted,
        sum(accepted_first_pass)::bigint as accepted_first_pass,
        sum(rejected)::bigint as rejected,
        sum(gold_items)::bigint as gold_items,
        sum(gold_correct)::bigint as gold_correct,
        sum(prelabeled_items)::bigint as prelabeled_items,
        sum(volume_gb::decimal(38, 9))::double as volume_gb
    from output_monthly
    where $modality::varchar is null or modality = $modality::varchar
    group by month, unit_id
),

days as (
    select
        date_trunc('month', date)::date as month,
        unit_id,
        count(distinct date)::bigint as reported_days
    from output_daily
    where $modality::varchar is null or modality = $modality::varchar
    group by date_trunc('month', date), unit_id
),

joined as (
    select
        unit_months.month,
        unit_months.unit_id,
        output.* exclude (month, unit_id),
        days.reported_days,
        unit_months.status,
        unit_months.version,
        unit_months.received_on,
        case when unit_months.reported and output.unit_id is null then 0 end as nothing
    from unit_months
    left join output
        on
            unit_months.month = output.month
            and unit_months.unit_id = output.unit_id
    left join days
        on
            unit_months.month = days.month
            and unit_months.unit_id = days.unit_id
    where
        ($from_month::date is null or unit_months.month >= $from_month::date)
        and ($to_month::date is null or unit_months.month <= $to_month::date)
        and ($unit_id::varchar is null or unit_months.unit_id = $unit_id::varchar)
)

select
    month,
    unit_id,
    coalesce(items, nothing)::bigint as items,
    coalesce(objects, nothing)::bigint as objects,
    coalesce(hours, nothing)::double as hours,
    hours_basis,
    coalesce(reviewed, nothing)::bigint as reviewed,
    coalesce(accepted, nothing)::bigint as accepted,
    coalesce(accepted_first_pass, nothing)::bigint as accepted_first_pass,
    coalesce(rejected, nothing)::bigint as rejected,
    coalesce(gold_items, nothing)::bigint as gold_items,
    coalesce(gold_correct, nothing)::bigint as gold_correct,
    coalesce(prelabeled_items, nothing)::bigint as prelabeled_items,
    coalesce(volume_gb, nothing)::double as volume_gb,
    coalesce(reported_days, nothing)::bigint as reported_days,
    status,
    version,
    received_on
from joined
order by month, unit_id
