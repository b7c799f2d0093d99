-- One row per unit of the plan for one month, whether or not it reported.
-- $to_month: the month (the opening month without it); $modality: modality of the output.
-- Output is NULL with status M where it was not reported; previous_*: the month before,
-- NULL where one of the two is there in part.
-- enterprises, datasets and hq_datasets are counted at the end of the month and NULL without
-- a registry; rates are fractions. suppressed: the reader may not see the number of workers.
with chosen as (
    select coalesce(date_trunc('month', $to_month::date)::date, month) as month
    from opening_month
),

as_at as (
    select
        month as this_month,
        (month - interval 1 month)::date as month_before
    from chosen
),

output as (
    select
        month,
        unit_id,
        sum(items) as items,
        sum(accepted) as accepted,
        sum(hours::decimal(38, 9)) as hours,
        sum(volume_gb::decimal(38, 9)) as volume_gb,
        sum(accepted) / nullif(sum(reviewed_with_accepted), 0)::double as acceptance_rate,
        sum(accepted_first_pass)
        / nullif(sum(reviewed_with_first_pass), 0)::double as first_pass_rate,
        sum(gold_correct) / nullif(sum(gold_items_with_correct), 0)::double as gold_accuracy
    from output_monthly
    where $modality::varchar is null or modality = $modality::varchar
    group by month, unit_id
),

unit_output as (
    select
        unit_months.month,
        unit_months.unit_id,
        unit_months.status,
        unit_months.reported_days,
        unit_months.whole,
        unit_months.first_day,
        unit_months.last_day,
        output.* exclude (month, unit_id),
        case when unit_months.reported and output.unit_id is null then 0 end as nothing
    from unit_months
    left join output
        on
            unit_months.month = output.month
            and unit_months.unit_id = output.unit_id
),

registries as (
    select
        parts.unit_id,
        max(parts.numerator) filter (where parts.indicator_id = 'labeling_enterprises')
            as enterprises,
        max(parts.numerator) filter (where parts.indicator_id = 'workers') as workers,
        bool_or(parts.hidden) filter (where parts.indicator_id = 'workers') as suppressed,
        max(parts.numerator) filter (where parts.indicator_id = 'workstations')
            as workstations,
        max(parts.numerator) filter (where parts.indicator_id = 'datasets_built')
            as datasets,
        max(parts.numerator) filter (where parts.indicator_id = 'hq_datasets')
            as hq_datasets
    from (
        select * from parts_enterprises
        union all by name
        select * from parts_workforce
        union all by name
        select * from parts_datasets
    ) as parts
    inner join as_at on parts.month = as_at.this_month
    group by parts.unit_id
)

select
    units.unit_id,
    as_at.this_month as month,
    units.name_zh,
    units.name_en,
    units.kind,
    units.roles,
    units.division,
    units.lon,
    units.lat,
    units.location_basis,
    units.named_in,
    coalesce(now.items, now.nothing)::bigint as items,
    coalesce(now.accepted, now.nothing)::bigint as accepted,
    coalesce(now.hours, now.nothing)::double as hours,
    coalesce(now.volume_gb, now.nothing)::double as volume_gb,
    now.acceptance_rate::double as acceptance_rate,
    now.first_pass_rate::double as first_pass_rate,
    now.gold_accuracy::double as gold_accuracy,
    now.reported_days,
    coalesce(now.whole, false) as whole,
    now.first_day,
    now.last_day,
    registries.enterprises::bigint as enterprises,
    registries.workers::bigint as workers,
    registries.workstations::bigint as workstations,
    registries.datasets::bigint as datasets,
    registries.hq_datasets::bigint as hq_datasets,
    coalesce(registries.suppressed, false) as suppressed,
    coalesce(now.status, 'M') as status,
    coalesce(before.items, before.nothing)::bigint as previous_items,
    coalesce(before.accepted, before.nothing)::bigint as previous_accepted,
    before.acceptance_rate::double as previous_acceptance_rate
from units
cross join as_at
left join unit_output as now
    on units.unit_id = now.unit_id and as_at.this_month = now.month
left join unit_output as before
    on
        units.unit_id = before.unit_id
        and as_at.month_before = before.month
        and before.whole
        and (now.whole or now.status = 'M')
left join registries on units.unit_id = registries.unit_id
order by units.unit_id
