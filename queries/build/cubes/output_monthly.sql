-- One row per month, unit, enterprise, modality, task type and hours basis of the
-- month in fact_labeling_daily. Measures as in output_daily; reported_days counts the
-- distinct dates of the row (as bits of its month, much cheaper than a distinct count), so it
-- must not be added up over rows.
select
    date_trunc('month', date)::date as month,
    unit_id,
    enterprise_id,
    modality,
    task_type,
    hours_basis,
    sum(items)::bigint as items,
    sum(objects)::bigint as objects,
    sum(hours::decimal(38, 9))::double as hours,
    sum(reviewed)::bigint as reviewed,
    sum(accepted)::bigint as accepted,
    sum(accepted_first_pass)::bigint as accepted_first_pass,
    sum(rejected)::bigint as rejected,
    sum(gold_items)::bigint as gold_items,
    sum(gold_correct)::bigint as gold_correct,
    sum(prelabeled_items)::bigint as prelabeled_items,
    sum(volume_gb::decimal(38, 9))::double as volume_gb,
    sum(case when hours is not null then items end)::bigint
        as items_with_hours,
    sum(case when accepted is not null then reviewed end)::bigint
        as reviewed_with_accepted,
    sum(case when accepted_first_pass is not null then reviewed end)::bigint
        as reviewed_with_first_pass,
    sum(case when gold_correct is not null then gold_items end)::bigint
        as gold_items_with_correct,
    sum(case when prelabeled_items is not null then items end)::bigint
        as items_with_prelabeled,
    bit_count(bit_or(1::bigint << day(date)::integer))::bigint as reported_days
from fact_labeling_daily
group by
    date_trunc('month', date),
    unit_id,
    enterprise_id,
    modality,
    task_type,
    hours_basis
order by
    month,
    unit_id,
    enterprise_id,
    modality,
    task_type nulls last,
    hours_basis nulls last
