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
),

confirmed as (
    select
        unit_id,
        month,
        max(value) filter (where measure = 'items') as items,
        max(value) filter (where measure = 'hours') as hours
    from case_explanations
    where kind = 'labeling_daily' and rule = 'jump' and answer = 'stands'
    group by unit_id, month
)

-- explained: the sender confirmed an unusual figure, and it has the value that was confirmed.
select
    joined.month,
    joined.unit_id,
    coalesce(joined.items, joined.nothing)::bigint as items,
    coalesce(joined.objects, joined.nothing)::bigint as objects,
    coalesce(joined.hours, joined.nothing)::double as hours,
    joined.hours_basis,
    coalesce(joined.reviewed, joined.nothing)::bigint as reviewed,
    coalesce(joined.accepted, joined.nothing)::bigint as accepted,
    coalesce(joined.accepted_first_pass, joined.nothing)::bigint as accepted_first_pass,
    coalesce(joined.rejected, joined.nothing)::bigint as rejected,
    coalesce(joined.gold_items, joined.nothing)::bigint as gold_items,
    coalesce(joined.gold_correct, joined.nothing)::bigint as gold_correct,
    coalesce(joined.prelabeled_items, joined.nothing)::bigint as prelabeled_items,
    coalesce(joined.volume_gb, joined.nothing)::double as volume_gb,
    coalesce(joined.reported_days, joined.nothing)::bigint as reported_days,
    joined.status,
    joined.version,
    joined.received_on,
    coalesce(confirmed.items = joined.items or confirmed.hours = joined.hours, false) as explained
from joined
left join confirmed on joined.unit_id = confirmed.unit_id and joined.month = confirmed.month
order by joined.month, joined.unit_id
