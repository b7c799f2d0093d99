-- One row per month, unit, enterprise, project, modality, task type and hours basis of the
-- month in fact_labeling_daily. Measures as in output_daily; reported_days counts the
-- distinct dates of the row, so it must not be added up over rows.
select
    date_trunc('month', date)::date as month,
    unit_id,
    enterprise_id,
    project_id,
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
    sum(items) filter (where hours is not null)::bigint as items_with_hours,
    sum(reviewed) filter (where accepted is not null)::bigint
        as reviewed_with_accepted,
    sum(reviewed) filter (where accepted_first_pass is not null)::bigint
        as reviewed_with_first_pass,
    sum(gold_items) filter (where gold_correct is not null)::bigint
        as gold_items_with_correct,
    sum(items) filter (where prelabeled_items is not null)::bigint
        as items_with_prelabeled,
    count(distinct date)::bigint as reported_days
from fact_labeling_daily
group by
    date_trunc('month', date),
    unit_id,
    enterprise_id,
    project_id,
    modality,
    task_type,
    hours_basis
order by
    month,
    unit_id,
    enterprise_id,
    project_id nulls last,
    modality,
    task_type nulls last,
    hours_basis nulls last
